"""Residence choice: who reconsiders this month, and where they go.

Rule. An adult who is not at school looks again with a hazard by age of the form of Rogers and Castro (1981); life
events of the month (leaving school, marriage, a child changing school, losing a post, no school place, a parent who
needs care, a seat dwelling within reach) add their own chance. For villagers at home the hazard is multiplied by
exp(phi n), n the share of the village's adults already away. A couple living together decides as one; of a couple
living apart the one away decides. The choice among destinations is a nested logit with nests "in the county" and
"outside"; couples going outside choose between the whole family, both without children, and one alone.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from urbsim.codes import Event, Zone
from urbsim.kernels import inlined, people_kernel
from urbsim.population import Households, People
from urbsim.processes.nested_logit import draw_nested
from urbsim.processes.relocation import MOST_MOVERS, Movement, count_members, gather, move_inside, move_outside
from urbsim.processes.residence_utility import (
    FAR,
    NEAR,
    OTHER_SEAT,
    SEAT,
    VILLAGE,
    Tables,
    Weights,
    adult_utility,
    destination_of,
    expected_income,
    housing_utility,
    land_utility,
    marriage_utility,
    school_utility,
    tables,
    weights,
)
from urbsim.randomness import Decision, uniform
from urbsim.world import Floats, World

ADULT_AGE, OLDEST = 16, 100
_ZONE_NEAR = int(Zone.NEAR)
_EVENTS = tuple(Event)
NOBODY = -1
# Ways to go: together with the children, the couple without them, one of the couple alone.
TOGETHER, WITHOUT_CHILDREN, ALONE = range(3)
MOST_OPTIONS = 12


def advance(world: World, month: int) -> None:
    """Let people whose turn it is choose where to live, and move them."""
    people, households = world.population.people, world.population.households
    view = people.view()
    found = np.empty(view.key.size, dtype=np.int64)
    count = _deciders(
        view,
        hazard_by_age(world),
        event_chances(world),
        network_multiplier(world),
        found,
        world.randomness.stream(Decision.RECONSIDER, month),
        month,
    )
    chosen = found[:count]
    seats = other_seat_weights(world)
    rows = households.append(2 * chosen.size)
    houses = households.view()
    members = np.zeros(households.size, dtype=np.int32)
    count_members(view, members)
    movement = Movement(world.accounts.flows, members, np.array([rows.start], dtype=np.int64))
    _decide_all(
        view,
        houses,
        movement,
        weights(world),
        tables(world, month, seats),
        np.cumsum(seats, axis=1),
        chosen,
        _workspace(),
        world.randomness.stream(Decision.DESTINATION, month),
        world.randomness.stream(Decision.OTHER_COUNTY, month),
        month,
    )
    households.drop_last(households.size - int(movement.next_household[0]))
    view.events[...] = 0


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


def other_seat_weights(world: World) -> Floats:
    """Return the pull of other counties' seats, shape (C, C): size times expected pay, less for another prefecture."""
    size = world.tally.stocks[:, Zone.SEAT] * world.weight
    pull = world.values["residence.alpha"] * np.log(np.maximum(world.places.wage[:, Zone.SEAT, 1], 1.0))
    pull = np.exp(pull - pull.max()) * size / max(float(size.max()), 1.0)
    return np.asarray(world.proximity * pull[None, :])


def _workspace() -> tuple[Any, Any, Any, Any]:
    """Return arrays for the options of one decision: destinations, ways to go, utilities, and those who move."""
    options = np.empty((2, MOST_OPTIONS), dtype=np.int64)
    return options[0], options[1], np.empty(MOST_OPTIONS), np.empty(MOST_MOVERS, dtype=np.int64)


@people_kernel
def _deciders(
    people: People, hazard: Any, by_event: Any, network: Any, found: Any, stream: np.uint64, month: int
) -> int:
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
def _together(people: People, one: int, other: int) -> bool:
    return bool(people.zone[one] == people.zone[other] and people.county[one] == people.county[other])


@inlined
def _decides(people: People, i: int) -> bool:
    """Tell whether a person decides: the single, one of each couple together, and the one away of a couple apart."""
    spouse = people.spouse[i]
    if spouse < 0:
        return True
    if _together(people, i, spouse) or (people.zone[i] >= _ZONE_NEAR) == (people.zone[spouse] >= _ZONE_NEAR):
        return bool(i < spouse)
    return bool(people.zone[i] >= _ZONE_NEAR)


@people_kernel
def _decide_all(
    people: People,
    households: Households,
    move: Movement,
    w: Weights,
    offers: Tables,
    seats: Any,
    chosen: Any,
    space: Any,
    stream: np.uint64,
    county_stream: np.uint64,
    month: int,
) -> None:
    destinations, modes, values, movers = space
    for i in chosen:
        if people.alive[i] == 0:
            continue  # left the world this month with the spouse
        count = _options(people, households, w, offers, i, destinations, modes, values, month)
        pick = draw_nested(destinations, modes, values, count, w.nest, stream, people.key[i])
        destination, mode = destinations[pick], modes[pick]
        spouse = people.spouse[i]
        partner = spouse if mode != ALONE else NOBODY
        n = gather(people, i, partner, mode == TOGETHER, movers, month)
        staying = destination == destination_of(people, i) and (partner < 0 or _together(people, i, partner))
        if staying and not (mode == TOGETHER and destination >= NEAR):
            continue  # nobody moves; a family already outside may still fetch its children
        if destination >= NEAR:
            move_outside(people, households, move, movers[:n], destination - 1, month)
        elif destination == OTHER_SEAT:
            county = _draw_county(seats[people.county[i]], uniform(county_stream, people.key[i]))
            move_inside(people, households, move, movers[:n], county, SEAT, month)
        else:
            county = people.county[i]
            if destination == VILLAGE and people.registration[i] >= 0:
                county = people.registration[i]  # the village one goes back to is the one of registration
            move_inside(people, households, move, movers[:n], county, destination, month)


@inlined
def _draw_county(cumulative: Any, luck: float) -> int:
    threshold = luck * cumulative[-1]
    county = 0
    while county < cumulative.size - 1 and cumulative[county] <= threshold:
        county += 1
    return county


@inlined
def _options(
    people: People,
    households: Households,
    w: Weights,
    offers: Tables,
    i: int,
    destinations: Any,
    modes: Any,
    values: Any,
    month: int,
) -> int:
    """Fill the options of a person or couple and their utilities; return how many there are."""
    spouse = people.spouse[i]
    here, count = destination_of(people, i), 0
    apart = spouse >= 0 and not _together(people, i, spouse)
    for destination in range(FAR + 1):
        if not _exists(people, offers, i, destination):
            continue
        ways = 1 if destination < NEAR else (3 if spouse >= 0 else 2)
        for mode in range(ways):
            if destination >= NEAR and not _sensible(people, i, spouse, mode, apart, here, month):
                continue
            destinations[count], modes[count] = destination, mode
            values[count] = _value(people, households, w, offers, i, spouse, destination, mode, month)
            count += 1
    return count


@inlined
def _exists(people: People, offers: Tables, i: int, destination: int) -> bool:
    if not np.isfinite(offers.constant[people.county[i], destination]):
        return False
    registration = people.registration[i]
    if registration < 0:  # strangers to the world go on within the county or back to where they came from
        home = FAR if registration == -2 else NEAR
        return destination <= SEAT or destination == home
    return True


@inlined
def _sensible(people: People, i: int, spouse: int, mode: int, apart: bool, here: int, month: int) -> bool:
    """Leave out ways of going outside that make no difference or cannot be."""
    if people.registration[i] < 0:
        return mode == TOGETHER
    if mode == WITHOUT_CHILDREN:
        mother = i if people.female[i] else spouse
        return mother >= 0 and _children_at_home(people, mother, month) > 0
    if mode == ALONE:
        return apart or here <= SEAT
    return True


@inlined
def _value(
    people: People,
    households: Households,
    w: Weights,
    offers: Tables,
    i: int,
    spouse: int,
    destination: int,
    mode: int,
    month: int,
) -> float:
    """Return the utility of one option, averaged over the adults who decide."""
    age = (month - people.birth[i]) // 12
    value = adult_utility(people, w, offers, i, destination, age)
    value += land_utility(people, households, w, i, destination)
    value += marriage_utility(people, households, w, i, destination, age)
    income = expected_income(people, offers, i, destination, age)
    adults = 1.0
    mother = i if people.female[i] else spouse
    children_at = destination
    if spouse >= 0:
        at = destination
        if mode == ALONE:
            at = destination_of(people, spouse)
            value -= w.separation
            children_at = at
        partner_age = (month - people.birth[spouse]) // 12
        value += adult_utility(people, w, offers, spouse, at, partner_age)
        value += land_utility(people, households, w, spouse, at)
        income += expected_income(people, offers, spouse, at, partner_age)
        adults = 2.0
    if mode == WITHOUT_CHILDREN and mother >= 0:
        children_at = VILLAGE if households.zone[people.household[mother]] == 0 else SEAT
        value -= w.child_left * _young_children(people, mother, month)
    elif mode == TOGETHER and destination >= NEAR and mother >= 0:
        value -= w.child_away * _young_children(people, mother, month)
    if mother >= 0:
        value += school_utility(people, w, offers, mother, children_at, month)
    value += adults * housing_utility(people, households, w, offers, i, destination, income)
    return value / adults


@inlined
def _young_children(people: People, mother: int, month: int) -> int:
    count = 0
    child = people.first_child[mother]
    while child >= 0 and count < 2:
        count += people.alive[child] and month - people.birth[child] < ADULT_AGE * 12
        child = people.next_sibling[child]
    return count


@inlined
def _children_at_home(people: People, mother: int, month: int) -> int:
    count = 0
    child = people.first_child[mother]
    while child >= 0:
        young = people.alive[child] and month - people.birth[child] < ADULT_AGE * 12
        count += young and people.zone[child] < _ZONE_NEAR
        child = people.next_sibling[child]
    return count


__all__ = ["Tables", "advance", "hazard_by_age", "network_multiplier"]
