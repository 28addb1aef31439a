"""Who looks again at where to live this month."""

from __future__ import annotations

from typing import Any

import numpy as np

from urbsim.codes import Event, Zone
from urbsim.kernels import inlined, people_kernel
from urbsim.population import People
from urbsim.randomness import uniform
from urbsim.world import Floats, World

ADULT_AGE, OLDEST = 16, 100
_ZONE_NEAR = int(Zone.NEAR)
_EVENTS = tuple(Event)


def hazard_by_age(world: World) -> Floats:
    """Return the monthly chance of reconsidering by single year of age, shape (101,)."""
    v = world.values
    age = np.arange(OLDEST + 1.0)
    x = age - v["reconsider.peak_age"]
    labour = v["reconsider.peak"] * np.exp(-v["reconsider.descent"] * x - np.exp(-v["reconsider.ascent"] * x))
    return np.minimum((v["reconsider.floor"] + labour) / 12.0, 1.0)


def event_chances(world: World) -> Floats:
    """Return the chance that each kind of life event makes people look, shape (7,)."""
    return np.array([world.values[f"reconsider.{event.name.lower()}"] for event in _EVENTS])


def network_multiplier(world: World) -> Floats:
    """Return exp(phi n) by county of registration, n the share of village adults away; shape (C,)."""
    away = world.tally.village_adults_away / np.maximum(world.tally.village_adults, 1)
    if not world.feedback("network"):
        away = world.first_away
    return np.asarray(np.exp(world.values["reconsider.network"] * away))


@people_kernel
def find_deciders(
    people: People, hazard: Any, by_event: Any, network: Any, found: Any, stream: np.uint64, month: int
) -> int:
    """Fill ``found`` with those who decide this month, for themselves or for a couple; return how many."""
    count = 0
    for i in range(people.key.size):
        if people.alive[i] == 0 or people.stage[i] > 0:
            continue
        age = (month - people.birth[i]) // 12
        if age < ADULT_AGE or not _decides(people, i):
            continue
        chance = hazard[min(age, OLDEST)]
        registration = people.registration[i]
        if people.zone[i] == 0 and registration == people.county[i]:
            chance *= network[registration]
        events = people.events[i]
        if people.spouse[i] >= 0:
            events |= people.events[people.spouse[i]]
        if events:
            stays = 1.0 - chance
            for bit in range(by_event.size):
                if events & (1 << bit):
                    stays *= 1.0 - by_event[bit]
            chance = 1.0 - stays
        if uniform(stream, people.key[i]) < chance:
            found[count] = i
            count += 1
    return count


@inlined
def together(people: People, one: int, other: int) -> bool:
    """Tell whether two people live in the same zone of the same county."""
    return bool(people.zone[one] == people.zone[other] and people.county[one] == people.county[other])


@inlined
def _decides(people: People, i: int) -> bool:
    """Tell whether a person decides: the single, one of each couple together, and the one away of a couple apart."""
    spouse = people.spouse[i]
    if spouse < 0:
        return True
    if together(people, i, spouse) or (people.zone[i] >= _ZONE_NEAR) == (people.zone[spouse] >= _ZONE_NEAR):
        return bool(i < spouse)
    return bool(people.zone[i] >= _ZONE_NEAR)
