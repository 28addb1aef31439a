"""The choice of one person or couple: options, their utilities, the pick, and the move."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from urbsim.arrays import Floats
from urbsim.codes import REGISTERED_OTHER_PROVINCE, Zone
from urbsim.kernels import inlined, people_kernel, whole
from urbsim.population import NOBODY, Households, People, months_old
from urbsim.processes.residence.alternatives import Alternatives
from urbsim.processes.residence.destinations import (
    ALONE,
    FAR,
    HERE_SEAT,
    HERE_VILLAGE,
    NEAR,
    OTHER_PROVINCE,
    OTHER_SEAT,
    SEAT,
    TOGETHER,
    WITHOUT_CHILDREN,
    Options,
    destination_of,
    home_county,
    leaves_world,
    lives_elsewhere,
    spot_of,
    together,
)
from urbsim.processes.residence.nested_logit import choose
from urbsim.processes.residence.relocation import Movement, gather, move_inside, move_outside
from urbsim.processes.residence.terms import TERMS, utility
from urbsim.processes.residence.utility import measure
from urbsim.randomness import uniform
from urbsim.state.attraction import pick_county
from urbsim.state.tally import ADULT_AGE

_ZONE_NEAR = int(Zone.NEAR)
_LAST = HERE_SEAT
MOST_OPTIONS = SEAT + 1 + 3 * (_LAST - SEAT)
_AT_ONCE = 32  # choices whose entries are read together


class Choice(NamedTuple):
    """All that the choices of a month depend on beside the people: what there is, how it is valued, and chance."""

    alternatives: Alternatives
    coefficients: Floats  # (terms,) of the utility
    nest: float  # dissimilarity of alternatives within a nest, in (0, 1]
    stream: np.uint64  # random stream of the destination
    county_stream: np.uint64  # random stream of the other county, for those who go to the seat of one


def workspace() -> Options:
    """Return room for the options of one decision."""
    destinations, ways = np.empty((2, MOST_OPTIONS), dtype=np.int64)
    utilities, shocks = np.empty((2, MOST_OPTIONS))
    return Options(destinations, ways, np.empty((MOST_OPTIONS, len(TERMS))), utilities, shocks)


@people_kernel
def decide_all(
    people: People, households: Households, move: Movement, choice: Choice, options: Options, chosen: Any
) -> None:
    """Let everybody in ``chosen`` choose where to live, and move them."""
    for first in range(0, chosen.size, _AT_ONCE):
        some = chosen[first : first + _AT_ONCE]
        options.ways[0] = _read(people, households, some)  # a result that is kept, or nothing would be read
        for i in some:
            if people.alive[i] == 0:
                continue  # left the world this month with the spouse
            count = find_options(people, households, choice, i, options)
            pick = choose(options, count, choice.nest, choice.stream, people.key[i])
            _go(people, households, move, choice, i, (options.destinations[pick], options.ways[pick]))


@inlined
def _read(people: People, households: Households, some: Any) -> int:
    """Read what some choices depend on.

    Who decides in a month are few and lie far apart in every column: the memory is waited for at each entry. One
    choice does not ask for the next entry before it knows the last; here the entries of many are asked for at once.
    """
    total = whole(0)
    for i in some:
        total += _read_person(people, i) + _read_household(households, people.household[i])
        for other in (people.spouse[i], people.mother[i], people.first_child[i]):
            if other >= 0:
                total += _read_person(people, other)
    return int(total)


@inlined
def _read_person(people: People, i: int) -> int:
    of_place = people.county[i] + people.zone[i] + people.registration[i] + people.registered_zone[i] + people.alive[i]
    of_family = people.household[i] + people.spouse[i] + people.first_child[i] + people.next_sibling[i]
    of_work = people.schooling[i] + people.work[i] + people.insurance[i] + int(people.trained[i])
    return int(of_place + of_family + of_work + people.birth[i] + people.female[i] + people.urban_registered[i])


@inlined
def _read_household(households: Households, h: int) -> int:
    of_place = households.county[h] + households.zone[h] + households.homestead[h] + households.tenure[h]
    return int(of_place + households.group[h] + households.certified[h] + int(households.land[h]))


@inlined
def _go(
    people: People, households: Households, move: Movement, choice: Choice, i: int, option: tuple[int, int]
) -> None:
    """Carry out what was chosen: the destination, and the way to go there."""
    destination, way = option
    partner = people.spouse[i] if way != ALONE else NOBODY
    n = gather(people, move, i, partner, way == TOGETHER)
    movers = move.movers[:n]
    staying = destination == destination_of(people, i) and (partner < 0 or together(people, i, partner))
    if staying and not (way == TOGETHER and destination > SEAT):
        return  # nobody moves; a family already outside may still fetch its children
    if leaves_world(destination):
        move_outside(people, households, move, movers, destination - NEAR + _ZONE_NEAR)
    elif OTHER_SEAT <= destination <= OTHER_PROVINCE:
        seats = choice.alternatives.seats.near if destination == OTHER_SEAT else choice.alternatives.seats.far
        number = uniform(choice.county_stream, people.key[i])
        host = pick_county(seats[home_county(people, i)], number)
        move_inside(people, households, move, movers, (whole(host), whole(SEAT)))
    else:
        move_inside(people, households, move, movers, spot_of(people, i, destination))


@inlined
def find_options(people: People, households: Households, choice: Choice, i: int, options: Options) -> int:
    """Fill the options of a person or couple, what they measure and their utilities; return how many there are."""
    count = whole(0)
    for destination in range(_LAST + 1):
        if not _exists(people, choice.alternatives, i, destination):
            continue
        ways = 1 if destination <= SEAT else (3 if people.spouse[i] >= 0 else 2)
        for way in range(ways):
            if destination > SEAT and not _sensible(people, i, way, choice.alternatives.month):
                continue
            options.destinations[count], options.ways[count] = destination, way
            measure(people, households, choice.alternatives, i, options, count)
            options.utilities[count] = utility(options.quantities[count], choice.coefficients)
            count += 1
    return int(count)


@inlined
def _exists(people: People, alternatives: Alternatives, i: int, destination: int) -> bool:
    registration = people.registration[i]
    if registration < 0:  # strangers to the world go on within the county or back to where they came from
        home = FAR if registration == REGISTERED_OTHER_PROVINCE else NEAR
        return destination <= SEAT or destination == home
    if destination >= HERE_VILLAGE:
        return lives_elsewhere(people, i)
    # Who is where nobody can go any more may stay.
    return bool(alternatives.exists[registration, destination] or destination == destination_of(people, i))


@inlined
def _sensible(people: People, i: int, way: int, month: int) -> bool:
    """Leave out ways of going outside that make no difference or cannot be."""
    spouse = people.spouse[i]
    if people.registration[i] < 0:
        return way == TOGETHER
    if way == WITHOUT_CHILDREN:
        mother = i if people.female[i] else spouse
        return mother >= 0 and _children_at_home(people, mother, people.registration[i], month) > 0
    if way == ALONE:
        return destination_of(people, i) <= SEAT or (spouse >= 0 and not together(people, i, spouse))
    return True


@inlined
def _children_at_home(people: People, mother: int, county: int, month: int) -> int:
    count = 0
    child = people.first_child[mother]
    while child >= 0:
        young = people.alive[child] and months_old(people.birth[child], month) < ADULT_AGE * 12
        count += young and people.zone[child] < _ZONE_NEAR and people.county[child] == county
        child = people.next_sibling[child]
    return count
