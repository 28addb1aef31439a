"""The choice of one person or couple: options, their utilities, the pick, and the move."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

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
    WAYS,
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
from urbsim.processes.residence.relocation import Changed, Movement, gather, move_inside, move_outside
from urbsim.processes.residence.terms import TERMS, utility
from urbsim.processes.residence.utility import measure
from urbsim.randomness import uniform
from urbsim.records import record
from urbsim.state.attraction import pick_county
from urbsim.state.tally import ADULT_AGE
from urbsim.threads import parts_of, side_by_side

_ZONE_NEAR = int(Zone.NEAR)
_LAST = HERE_SEAT
MOST_OPTIONS = SEAT + 1 + 3 * (_LAST - SEAT)
_AT_ONCE = 32  # choices whose entries are read together
_FEWEST = 200  # choices that are worth a thread: each takes as long as a hundred people of other loops
_WAYS, _OPEN = len(WAYS), -1


@record
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


@record
class Decisions(NamedTuple):
    """Who decides, in order, and on what: number of ways x destination + way, ``_OPEN`` where it is not known yet."""

    rows: NDArray[np.int32]
    picks: NDArray[np.int8]
    carried_out: bool  # or only filled in


def decide_all(
    people: People,
    households: Households,
    move: Movement,
    choice: Choice,
    options: Options,
    deciders: NDArray[np.int32],
) -> None:
    """Let everybody in ``deciders`` choose where to live, and move them, one after the other.

    With several threads all choose at once, before anybody has moved. Whoever depends on somebody who has moved by the
    time it is his turn chooses again then, so that it comes to the same.
    """
    picks = np.full(deciders.size, _OPEN, dtype=np.int8)

    def choose_ahead(first: int, last: int) -> None:
        some = Decisions(deciders[first:last], picks[first:last], carried_out=False)
        _decide(people, households, move, choice, workspace(), some)

    if len(parts_of(deciders.size, _FEWEST)) > 1:
        side_by_side(choose_ahead, deciders.size, _FEWEST)
    _decide(people, households, move, choice, options, Decisions(deciders, picks, carried_out=True))


@people_kernel
def _decide(
    people: People, households: Households, move: Movement, choice: Choice, options: Options, decisions: Decisions
) -> None:
    """Fill in what is chosen; or carry it out, and choose where it is open or what it depended on has changed."""
    for first in range(0, decisions.rows.size, _AT_ONCE):
        some, picks = decisions.rows[first : first + _AT_ONCE], decisions.picks[first : first + _AT_ONCE]
        if picks[0] == _OPEN:
            options.ways[0] = _read(people, households, some)  # a result that is kept, or nothing would be read
        for n in range(some.size):
            i = whole(some[n])
            if people.alive[i] == 0:
                continue  # left the world this month with the spouse
            if picks[n] == _OPEN or _depends_on_changed(people, move.changed, i):
                count = find_options(people, households, choice, i, options)
                pick = choose(options, count, choice.nest, choice.stream, people.key[i])
                picks[n] = _WAYS * options.destinations[pick] + options.ways[pick]
            if decisions.carried_out:
                _go(people, households, move, choice, i, (whole(picks[n] // _WAYS), whole(picks[n] % _WAYS)))


@inlined
def _depends_on_changed(people: People, changed: Changed, i: int) -> bool:
    """Return whether a move has changed anything that the choice of somebody depends on.

    That is where the two of a couple, their mothers and her children live, and what their households have.
    """
    spouse = people.spouse[i]
    found = _adult_changed(people, changed, i)
    if spouse >= 0:
        found |= _adult_changed(people, changed, spouse)
    mother = i if people.female[i] else spouse
    child = people.first_child[mother] if mother >= 0 else NOBODY
    while child >= 0:
        found |= changed.people[child]
        child = people.next_sibling[child]
    return bool(found)


@inlined
def _adult_changed(people: People, changed: Changed, adult: int) -> int:
    mother = people.mother[adult]
    found = changed.people[adult] | changed.households[people.household[adult]]
    return int(found | changed.people[mother]) if mother >= 0 else int(found)


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
    staying = destination == destination_of(people, i) and (partner < 0 or together(people, i, partner))
    if staying and not (way == TOGETHER and destination > SEAT):
        return  # nobody moves; a family already outside may still fetch its children
    movers = move.movers[: gather(people, move, i, partner, way == TOGETHER)]
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
