"""Who looks again at where to live this month."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from urbsim.arrays import Floats
from urbsim.codes import Event, Group, Zone
from urbsim.kernels import inlined, people_kernel, whole
from urbsim.population import People, years_old
from urbsim.processes.residence.destinations import SEAT, destination_of, together
from urbsim.randomness import Decision, Drawn, Randomness, uniform
from urbsim.records import record
from urbsim.state.rules import rates_of_looking
from urbsim.state.tally import ADULT_AGE
from urbsim.state.world import World

OLDEST, LONGEST_STAY = 100, 360
_NEAR = int(Zone.NEAR)
_ELSEWHERE, _OUTSIDE = int(Group.ELSEWHERE), len(Group)
_EVENTS = tuple(Event)


@record
class Hazards(NamedTuple):
    """Chances of reconsidering where to live this month."""

    by_age: Floats  # (101,) by single year of age
    by_event: Floats  # (7,) by kind of event
    network: Floats  # (C,) factor for villagers at home, by county of registration
    away: Floats  # (361,) factor for people away from the county of registration, by months since they came
    rules: Floats  # (C, 4) rate at which news of rules makes people look, as state.rules has it
    highest: float  # no chance without an event is higher


def hazards(world: World) -> Hazards:
    """Return this month's chances of reconsidering."""
    by_age, by_event, away, most_by_age, most_away = world.known(_usual)
    network, rules = network_multiplier(world), rates_of_looking(world)
    highest = min(most_by_age * max(network.max(), most_away, 1.0), 1.0)
    highest = 1.0 - (1.0 - highest) * np.exp(-rules.max(axis=0).sum())
    return Hazards(by_age, by_event, network, away, rules, float(highest))


def _usual(world: World, _: int) -> tuple[Floats, Floats, Floats, float, float]:
    """Return what parameters alone say: chances by age and by event, the factor of the away, the highest of these."""
    by_age, away = hazard_by_age(world), world.first_stay * fall_with_stay(world.values)
    return by_age, event_chances(world), away, by_age.max(), away.max()


def hazard_by_age(world: World) -> Floats:
    """Return the monthly chance of reconsidering by single year of age, shape (101,)."""
    v = world.values
    age = np.arange(OLDEST + 1.0)
    x = age - v["reconsider.peak_age"]
    labour = v["reconsider.peak"] * np.exp(-v["reconsider.descent"] * x - np.exp(-v["reconsider.ascent"] * x))
    return np.minimum((v["reconsider.floor"] + labour) / 12.0, 1.0)


def fall_with_stay(values: Mapping[str, float]) -> Floats:
    """Return (1 + years)^-duration by months since people came to where they are, shape (361,)."""
    return np.asarray((1.0 + np.arange(LONGEST_STAY + 1) / 12.0) ** -values["reconsider.duration"])


def stay_at_start(world: World) -> float:
    """Return by what the fall with years away is multiplied so that at the start the away look as often as others.

    Who has just come looks more often, who has been away for long less. The mean over them, weighted by what their age
    makes them look, is one.
    """
    people, month = world.population.people, world.start
    age = np.minimum(years_old(people.birth, month), OLDEST)
    away = (people.alive == 1) & (people.stage == 0) & (age >= ADULT_AGE)
    away &= (people.zone >= int(Zone.NEAR)) | (people.county != people.registration)
    weights = hazard_by_age(world)[age[away]]
    months = np.clip(month - people.arrival[away], 0, LONGEST_STAY)
    looking = (weights * fall_with_stay(world.values)[months]).sum()
    return float(weights.sum() / looking) if looking > 0.0 else 1.0


def event_chances(world: World) -> Floats:
    """Return the chance that each kind of event makes people look, shape (7,)."""
    return np.array([world.values[f"reconsider.{event.name.lower()}"] for event in _EVENTS])


def network_multiplier(world: World) -> Floats:
    """Return exp(phi n) by county of registration, n the share of village adults away; shape (C,)."""
    away = world.tally.village_adults_away / np.maximum(world.tally.village_adults, 1)
    if not world.feedback("network"):
        away = world.first_away
    return np.asarray(np.exp(world.values["reconsider.network"] * away))


def find_deciders(people: People, hazards: Hazards, randomness: Randomness, month: int) -> NDArray[np.int32]:
    """Return the rows of those who decide this month, for themselves or for a couple, in order."""
    known = alerts(people)
    # Without an event nobody looks at a number that is not below the highest chance, whatever the age.
    return randomness.find_below(
        Decision.RECONSIDER,
        month,
        people.key,
        hazards.highest,
        known != 0,
        lambda drawn: _find(people, known, hazards, drawn, month),
    ).rows.copy()


def alerts(people: People) -> NDArray[np.uint8]:
    """Return the life events of the month that each person knows of, bits of codes.Event: own and the spouse's."""
    known = people.events.copy()
    _share_alerts(people, np.flatnonzero(known != 0), known)
    return known


@people_kernel
def _share_alerts(people: People, rows: Any, alerts: Any) -> None:
    """Add the events of the month of some people to those that their spouses know of."""
    for i in rows:
        if people.spouse[i] >= 0:
            alerts[people.spouse[i]] |= people.events[i]


@people_kernel
def _find(people: People, alerts: Any, hazards: Hazards, drawn: Drawn, month: int) -> int:
    """Leave of the rows drawn those who decide this month, at the front, and return how many they are."""
    count = 0
    for row in drawn.rows:
        i = whole(row)
        if not may_decide(people, i, month):
            continue
        if uniform(drawn.stream, people.key[i]) < chance_of_looking(people, i, alerts[i], hazards, month):
            drawn.rows[count] = i
            count += 1
    return count


@inlined
def chance_of_looking(people: People, i: int, events: int, hazards: Hazards, month: int) -> float:
    """Return the chance that somebody who may decide reconsiders this month."""
    chance = hazards.by_age[min(years_old(people.birth[i], month), OLDEST)]
    registration = people.registration[i]
    if is_away(people, i):
        chance = min(chance * hazards.away[months_there(people, i, month)], 1.0)
    elif people.zone[i] == 0:
        chance *= hazards.network[registration]
    news = rate_of_couple(people, i, hazards.rules)
    if events or news > 0.0:
        stays = (1.0 - chance) * np.exp(-news)
        for bit in range(hazards.by_event.size):
            if events & (1 << bit):
                stays *= 1.0 - hazards.by_event[bit]
        chance = 1.0 - stays
    return float(chance)


@inlined
def rate_of_couple(people: People, i: int, rules: Floats) -> float:
    """Return the rate at which news of rules makes somebody look this month, or the spouse's if that is larger."""
    rate, spouse = rate_from_news(people, i, rules), people.spouse[i]
    return max(rate, rate_from_news(people, spouse, rules)) if spouse >= 0 else rate


@inlined
def rate_from_news(people: People, i: int, rules: Floats) -> float:
    """Return the rate at which news of rules makes somebody look this month."""
    county, registration, rate = people.county[i], people.registration[i], 0.0
    if people.zone[i] < _NEAR and registration != county:
        rate += rules[county, _ELSEWHERE]
    if registration >= 0:
        rate += rules[registration, 0 if people.urban_registered[i] else 1] + rules[registration, _OUTSIDE]
    return float(rate)


@inlined
def is_away(people: People, i: int) -> bool:
    """Return whether somebody lives outside the county of registration."""
    return bool(people.zone[i] >= _NEAR or people.registration[i] != people.county[i])


@inlined
def months_there(people: People, i: int, month: int) -> int:
    """Return for how many months somebody has lived in the present zone, at most ``LONGEST_STAY``."""
    return int(min(max(month - people.arrival[i], 0), LONGEST_STAY))


@inlined
def may_decide(people: People, i: int, month: int) -> bool:
    """Return whether somebody can decide where to live: the single, and one of each couple.

    Of a couple together it is the one who comes first, of a couple with one away from the county of registration the
    one who is away.
    """
    if people.alive[i] == 0 or people.stage[i] > 0 or years_old(people.birth[i], month) < ADULT_AGE:
        return False
    spouse = people.spouse[i]
    if spouse < 0:
        return True
    away = destination_of(people, i) > SEAT
    if together(people, i, spouse) or away == (destination_of(people, spouse) > SEAT):
        return bool(i < spouse)
    return bool(away)


assert (int(Group.LOCAL_URBAN), int(Group.LOCAL_RURAL)) == (0, 1)
