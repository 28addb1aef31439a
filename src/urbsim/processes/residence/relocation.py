"""Carrying out a move: who goes along, which household they form, and what happens to land, savings and tenure.

A household whose resident members all move within the county moves as it is. Otherwise the movers form a new household
that takes their share of land and savings (the household divides, 分户). People who go outside the county keep their
household at home. People registered outside the world who go back there depart from the world.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from urbsim.codes import Cause, Tenure, Work, Zone
from urbsim.kernels import inlined, people_kernel, whole
from urbsim.population import Households, People, months_old, years_old
from urbsim.randomness import child_key
from urbsim.records import record
from urbsim.state.accounts import relocate, remove
from urbsim.threads import added_up, part_of, side_by_side

_MOVE, _DEPARTURE = int(Cause.MOVE), int(Cause.DEPARTURE)
_NONE, _RENTS, _OWNS = int(Tenure.NONE), int(Tenure.RENTS), int(Tenure.OWNS)
_NEAR, _SEEKING = int(Zone.NEAR), int(Work.SEEKING)
CHILD_END = 16
MOST_MOVERS = 12


@record
class Changed(NamedTuple):
    """Whom the moves of the month have changed so far: 1 for them, 0 for all others."""

    people: NDArray[np.uint8]
    households: NDArray[np.uint8]


@record
class Movement(NamedTuple):
    """What a move reads and writes beside the people; one per month."""

    flows: NDArray[np.int64]
    members: NDArray[np.int32]  # resident members of each household, kept up to date
    changed: Changed
    next_household: NDArray[np.int64]  # (1,) first unused row of the households appended for the month
    returned: NDArray[np.int64]  # (C, 3) adults back from outside in their county of registration
    movers: NDArray[np.int64]  # room for the rows of those who move together
    month: int


def resident_members(people: People, households: int) -> NDArray[np.int32]:
    """Return how many members live at the home of each household, shape (households,)."""

    def count(first: int, last: int) -> NDArray[np.int32]:
        members = np.zeros(households, dtype=np.int32)
        _count_members(part_of(people, first, last), members)
        return members

    return added_up(side_by_side(count, people.key.size))


@people_kernel
def _count_members(people: People, members: Any) -> None:
    for i in range(people.key.size):
        if people.alive[i] and people.zone[i] < _NEAR:
            members[people.household[i]] += 1


@inlined
def gather(people: People, move: Movement, adult: int, partner: int, with_children: bool) -> int:
    """Note as movers the adult, the partner (-1 for none) and the mother's children under 16; return how many."""
    movers = move.movers
    movers[0], count = adult, 1
    if partner >= 0:
        movers[1], count = partner, 2
    if not with_children:
        return count
    mother = adult if people.female[adult] else partner
    child = people.first_child[mother] if mother >= 0 else -1
    while child >= 0 and count < MOST_MOVERS:
        if people.alive[child] and months_old(people.birth[child], move.month) < CHILD_END * 12:
            movers[count] = child
            count += 1
        child = people.next_sibling[child]
    return count


@inlined
def move_inside(people: People, households: Households, move: Movement, movers: Any, to: tuple[int, int]) -> None:
    """Move people to a county of the world and a zone of it."""
    county, zone = to
    old = people.household[movers[0]]
    residents = 0
    for i in movers:
        at_home = people.zone[i] < _NEAR
        residents += at_home and people.household[i] == old
    if households.county[old] == county and households.zone[old] == zone:
        home = old
    elif move.members[old] == residents and households.county[old] == county:
        home = old
        move.changed.households[old] = 1
        households.zone[old] = zone
        if households.tenure[old] != _OWNS:
            households.tenure[old] = _RENTS if zone > 0 else _NONE
    else:
        home = _divide(people, households, move, movers, move.members[old] - residents, to)
    for i in movers:
        away = people.zone[i] >= _NEAR or people.county[i] != county
        if people.zone[i] < _NEAR:
            move.members[people.household[i]] -= 1
        if away and people.registration[i] == county and years_old(people.birth[i], move.month) >= CHILD_END:
            move.returned[county, zone] += 1
        people.household[i] = home
        move.changed.people[i] = 1
        move.members[home] += 1
        _arrive(people, move, i, to)


@inlined
def move_outside(people: People, households: Households, move: Movement, movers: Any, zone: int) -> None:
    """Move people out of the county, to near or far; those registered outside the world depart from it."""
    first = movers[0]
    registration, county = people.registration[first], people.county[first]
    home = people.household[first]
    if registration >= 0 and registration != county:
        remaining = max(move.members[home] - movers.size, 0)
        home = _divide(
            people, households, move, movers, remaining, (whole(registration), whole(people.registered_zone[first]))
        )
    for i in movers:
        if people.zone[i] < _NEAR:
            move.members[people.household[i]] -= 1
        move.changed.people[i] = 1
        if registration < 0:
            remove(people, move.flows, i, _DEPARTURE)
            continue
        people.household[i] = home
        _arrive(people, move, i, (households.county[home], zone))


@inlined
def _arrive(people: People, move: Movement, i: int, to: tuple[int, int]) -> None:
    moved = people.county[i] != to[0] or people.zone[i] != to[1]
    relocate(people, move.flows, i, to, move.month, _MOVE)
    if moved:
        people.has_place[i] = 0
        if people.work[i] > 0:
            people.work[i] = _SEEKING
            people.earnings[i] = 0.0


@inlined
def _divide(
    people: People, households: Households, move: Movement, movers: Any, remaining: int, to: tuple[int, int]
) -> int:
    """Form the movers' own household with their share of land and savings; return its row.

    ``remaining`` is the number of resident members who stay in the old household.
    """
    old, new = people.household[movers[0]], move.next_household[0]
    county, zone = to
    move.next_household[0] += 1
    move.changed.households[old] = 1
    share = movers.size / (movers.size + remaining)
    households.key[new] = child_key(people.key[movers[0]], move.month)
    households.county[new], households.zone[new] = county, zone
    households.certified[new], households.homestead[new] = households.certified[old], households.homestead[old]
    households.land[new] = share * households.land[old]
    households.savings[new] = share * households.savings[old]
    households.income[new] = share * households.income[old]
    households.land[old] -= households.land[new]
    households.savings[old] -= households.savings[new]
    households.income[old] -= households.income[new]
    households.tenure[new] = _RENTS if zone > 0 else _NONE
    return int(new)
