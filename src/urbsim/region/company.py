"""Counties of one world beside each other: who is absent from one and lives in another is there once, as a resident.

Residents keep their home, age, work and household whatever company their county is in. What the company decides is the
county they are registered in, and which absent people exist. Of those who do not, family ties at home go to somebody
who stands for them: a resident elsewhere of the same county of registration, sex and about the same age.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from urbsim.arrays import Ints, Mask
from urbsim.codes import Zone
from urbsim.population import NOBODY, Columns, People, Population, months_old
from urbsim.region.mothers import ADULT_MONTHS, OLDEST_MOTHER, YOUNGEST_MOTHER, list_children
from urbsim.region.sampling import match_nearest

_LINKS = ("spouse", "mother")
_NEAREST = 60  # months of age between somebody absent and the resident elsewhere who stands for them
_CELL = 4096.0  # more months than any two people are apart in age


def represent_once(population: Population, elsewhere: Mask, provinces: NDArray[np.int64]) -> Population:
    """Return the population, of which the absent people who live in a county of the world are removed.

    ``provinces`` numbers the province of every county, shape (C,). Children are listed under their mothers here.
    """
    people = population.people
    if elsewhere.any():
        _hand_over_ties(people, elsewhere, provinces)
        _remove(people, elsewhere)
    list_children(people.mother, people.birth, people.first_child, people.next_sibling)
    return population


def _hand_over_ties(people: Columns[People], leaving: Mask, provinces: NDArray[np.int64]) -> None:
    """Let residents elsewhere take over spouses, children and mothers of the absent people whom they stand for.

    Single people take over whole families; others, children left at home and mothers. Who is still left by a partner
    is paired with another of the same zone, as those who are gone then are with each other.
    """
    spouse, mother = people.spouse, people.mother
    stays = np.append(~leaving, False)  # the last entry answers for -1
    parted = leaving & stays[spouse]
    parents, left = np.zeros((2, people.size + 1), dtype=bool)
    parents[mother], left[mother[~leaving]] = True, True
    away = ~leaving & (people.zone <= Zone.SEAT) & (people.registration >= 0) & (people.registration != people.county)
    away &= (months_old(people.birth, int(people.birth.max())) >= ADULT_MONTHS) & (people.stage == 0)
    single = away & (spouse == NOBODY) & ~parents[:-1]
    cells = _cells(people, provinces)
    gone, here = _match(people, cells, parted | (leaving & left[:-1]), single)
    _take_over(people, gone, here, stays)
    partners = spouse[gone[parted[gone]]]
    spouse[here[parted[gone]]], spouse[partners] = partners, here[parted[gone]]
    done = np.zeros(people.size, dtype=bool)
    done[gone], done[here] = True, True
    _take_over(people, *_match(people, cells, leaving & (left[:-1] | stays[mother]) & ~done, away & ~done), stays)
    _pair_left(people, ~leaving & (spouse != NOBODY) & ~stays[spouse])


def _cells(people: Columns[People], provinces: NDArray[np.int64]) -> Ints:
    """Return a number for county of registration, near or far, and sex; meaningless for strangers."""
    at_home = people.zone > Zone.SEAT
    far = np.where(at_home, people.zone == Zone.FAR, provinces[people.registration] != provinces[people.county])
    return np.asarray((people.registration.astype(np.int64) * 2 + far) * 2 + people.female)


def _match(people: Columns[People], cells: Ints, wanted: Mask, able: Mask) -> tuple[Ints, Ints]:
    """Pair absent people with residents elsewhere of the same cell, nearest in age; return the rows of both."""
    place = cells * _CELL + people.birth
    seekers, offered = np.flatnonzero(wanted), np.flatnonzero(able)
    offered = offered[np.argsort(place[offered], kind="stable")]
    found = match_nearest(place[seekers], place[offered], float(_NEAREST))
    return seekers[found >= 0], offered[found[found >= 0]]


def _take_over(people: Columns[People], gone: Ints, here: Ints, stays: Mask) -> None:
    """Give the children and mothers of the absent people ``gone`` to the residents ``here``, shape (pairs,) both.

    ``stays`` tells who remains; its last entry answers for -1.
    """
    mother = people.mother
    free = (mother[here] == NOBODY) & stays[mother[gone]]
    stands_for = np.arange(people.size + 1)
    stands_for[gone], stands_for[-1] = here, NOBODY
    changed = stands_for[mother] != mother
    mother[:] = stands_for[mother]
    mother[here[free]], changed[here[free]] = mother[gone[free]], True
    gap = people.birth - people.birth[mother]
    mother[changed & ((gap <= YOUNGEST_MOTHER) | (gap >= OLDEST_MOTHER))] = NOBODY


def _pair_left(people: Columns[People], left: Mask) -> None:
    """Pair wives and husbands whose partners are gone, of the same county and zone, nearest in age."""
    zones = len(Zone)
    cells = people.county.astype(np.int64) * zones + people.zone
    wives, husbands = _match(people, cells, left & (people.female == 1), left & (people.female == 0))
    people.spouse[wives], people.spouse[husbands] = husbands, wives


def _remove(people: Columns[People], leaving: Mask) -> None:
    """Remove the rows of some people. Links to them end."""
    kept = np.flatnonzero(~leaving)
    place = np.full(leaving.size + 1, NOBODY, dtype=np.int32)
    place[kept] = np.arange(kept.size)
    people.keep(kept)
    for name in _LINKS:
        people[name][:] = place[people[name]]
