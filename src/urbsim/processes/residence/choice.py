"""The choice of one person or couple: options, their utilities, the pick, and the move."""

from __future__ import annotations

from typing import Any

import numpy as np

from urbsim.codes import Zone
from urbsim.kernels import inlined, people_kernel
from urbsim.population import Households, People, months_old, years_old
from urbsim.processes.residence.attention import ADULT_AGE, together
from urbsim.processes.residence.nested_logit import draw_nested
from urbsim.processes.residence.offers import FAR, NEAR, OTHER_SEAT, SEAT, VILLAGE, Tables
from urbsim.processes.residence.relocation import MOST_MOVERS, Movement, gather, move_inside, move_outside
from urbsim.processes.residence.services import adult_services, childcare_utility
from urbsim.processes.residence.utility import (
    Weights,
    adult_utility,
    destination_of,
    expected_income,
    group_at,
    housing_utility,
    land_utility,
    marriage_utility,
    school_utility,
)
from urbsim.randomness import uniform

_ZONE_NEAR = int(Zone.NEAR)
NOBODY = -1
# Ways to go: together with the children, the couple without them, one of the couple alone.
TOGETHER, WITHOUT_CHILDREN, ALONE = range(3)
MOST_OPTIONS = 12


def workspace() -> tuple[Any, Any, Any, Any]:
    """Return arrays for the options of one decision: destinations, ways to go, utilities, and those who move."""
    options = np.empty((2, MOST_OPTIONS), dtype=np.int64)
    return options[0], options[1], np.empty(MOST_OPTIONS), np.empty(MOST_MOVERS, dtype=np.int64)


@people_kernel
def decide_all(
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
    """Let everybody in ``chosen`` choose where to live, and move them."""
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
        staying = destination == destination_of(people, i) and (partner < 0 or together(people, i, partner))
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
    apart = spouse >= 0 and not together(people, i, spouse)
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
    adults = 2 if spouse >= 0 else 1
    value, income, at = 0.0, 0.0, destination
    for n in range(adults):
        adult = i if n == 0 else spouse
        if n == 1 and mode == ALONE:
            at = destination_of(people, spouse)
            value -= w.separation
        age = years_old(people.birth[adult], month)
        value += adult_utility(people, w, offers, adult, at, age)
        value += land_utility(people, households, w, adult, at)
        value += marriage_utility(people, households, w, adult, at, age)
        earned = expected_income(people, offers, adult, at, age)
        income += earned
        value += adult_services(people, households, offers.services, w.alpha, w.land, adult, at, age, earned)
    children_at = at  # children of a couple living apart stay with the one who stays
    mother = i if people.female[i] else spouse
    if mode == WITHOUT_CHILDREN and mother >= 0:
        children_at = households.zone[people.household[mother]]
        value -= w.child_left * _young_children(people, mother, month)
    elif mode == TOGETHER and destination >= NEAR and mother >= 0:
        value -= w.child_away * _young_children(people, mother, month)
    if mother >= 0:
        value += school_utility(people, w, offers, mother, children_at, month)
        value += childcare_utility(people, offers.services, mother, children_at)
    group = group_at(people, households, i, spouse if mode != ALONE else NOBODY, destination)
    value += adults * housing_utility(people, households, w, offers, i, group, destination, income)
    return float(value / adults)


@inlined
def _young_children(people: People, mother: int, month: int) -> int:
    count = 0
    child = people.first_child[mother]
    while child >= 0 and count < 2:
        count += people.alive[child] and months_old(people.birth[child], month) < ADULT_AGE * 12
        child = people.next_sibling[child]
    return count


@inlined
def _children_at_home(people: People, mother: int, month: int) -> int:
    count = 0
    child = people.first_child[mother]
    while child >= 0:
        young = people.alive[child] and months_old(people.birth[child], month) < ADULT_AGE * 12
        count += young and people.zone[child] < _ZONE_NEAR
        child = people.next_sibling[child]
    return count
