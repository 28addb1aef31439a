"""Who looks again at where to live this month."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from urbsim.arrays import Floats
from urbsim.codes import Event, Zone
from urbsim.kernels import inlined, people_kernel
from urbsim.population import People
from urbsim.state.world import World

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


def find_deciders(
    people: People, hazard: Floats, by_event: Floats, network: Floats, draws: Floats, month: int
) -> NDArray[np.int64]:
    """Return the rows of those who decide this month, for themselves or for a couple; ``draws`` has one per person."""
    found = np.empty(people.key.size, dtype=np.int64)
    alerts = people.events.copy()
    _share_alerts(people, alerts)
    highest = float(hazard.max() * max(network.max(), 1.0))
    return found[: _find(people, alerts, hazard, highest, by_event, network, draws, found, month)]


@people_kernel
def _share_alerts(people: People, alerts: Any) -> None:
    """Add to each person's events of the month those of the spouse."""
    for i in range(people.key.size):
        if people.events[i] and people.spouse[i] >= 0:
            alerts[people.spouse[i]] |= people.events[i]


@people_kernel
def _find(
    people: People,
    alerts: Any,
    hazard: Any,
    highest: float,
    by_event: Any,
    network: Any,
    draws: Any,
    found: Any,
    month: int,
) -> int:
    count = 0
    for i in range(people.key.size):
        luck, events = draws[i], alerts[i]
        if luck >= highest and events == 0:
            continue  # without an event nobody looks at such a draw, whatever the age
        if people.alive[i] == 0 or people.stage[i] > 0:
            continue
        age = (month - people.birth[i]) // 12
        if age < ADULT_AGE or not _decides(people, i):
            continue
        chance = hazard[min(age, OLDEST)]
        registration = people.registration[i]
        if people.zone[i] == 0 and registration == people.county[i]:
            chance *= network[registration]
        if events:
            stays = 1.0 - chance
            for bit in range(by_event.size):
                if events & (1 << bit):
                    stays *= 1.0 - by_event[bit]
            chance = 1.0 - stays
        if luck < chance:
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
