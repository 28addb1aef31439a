"""Which woman is whose mother: minors first, by the ages at which women bear; later the adults whose mother lives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from urbsim.arrays import Ints
from urbsim.codes import Zone
from urbsim.kernels import kernel
from urbsim.population import NOBODY, birth_month
from urbsim.records import record
from urbsim.region import patterns
from urbsim.region.individuals import Persons
from urbsim.region.sampling import RandomNumbers

Links = NDArray[np.int32]

ADULT_MONTHS = 18 * 12
YOUNGEST_MOTHER, OLDEST_MOTHER = 15 * 12 + 9, 49 * 12  # months older than the child, strict inside 15-50 years
_SPACING = 10  # months between siblings
_YEARS = 106  # single years of age
_TRIES = 12  # women asked per year of age before the next year is tried
_REACH = 6  # years of age tried to either side of the one wanted


@record
class Wanted(NamedTuple):
    """Children whose mothers are looked for."""

    children: Ints  # rows
    years: Ints  # age wanted of the mother, in years
    groups: Ints  # where a mother is looked for


@record
class Women(NamedTuple):
    """Women who can be mothers, listed by group and single year of age, as often as they take a turn."""

    rows: Ints
    starts: Ints  # (groups x years + 1) first place of each group and year in the list


@record
class Kin(NamedTuple):
    """Who is whose child so far; all by row."""

    age: NDArray[np.int32]  # months
    mother: Links
    first: Links  # eldest child
    sibling: Links  # next younger child of the same mother


@kernel
def _assign(wanted: Wanted, women: Women, kin: Kin) -> None:
    """Give each child in turn the next woman on the list of her age who may be its mother."""
    starts = women.starts
    turn = np.zeros(starts.size, np.int64)
    for i in range(wanted.children.size):
        child = wanted.children[i]
        for step in range(2 * _REACH + 1):
            shift = (step + 1) // 2 if step % 2 else -(step // 2)
            year = wanted.years[i] + shift
            if year < 0 or year >= _YEARS:
                continue
            bucket = wanted.groups[i] * _YEARS + year
            room = starts[bucket + 1] - starts[bucket]
            woman = -1
            for _ in range(min(room, _TRIES)):
                candidate = women.rows[starts[bucket] + turn[bucket] % room]
                turn[bucket] += 1
                if _fits(child, candidate, kin):
                    woman = candidate
                    break
            if woman >= 0:
                kin.mother[child] = woman
                kin.sibling[child], kin.first[woman] = kin.first[woman], child
                break


@kernel
def _fits(child: int, woman: int, kin: Kin) -> bool:
    gap = kin.age[woman] - kin.age[child]
    if gap < YOUNGEST_MOTHER or gap > OLDEST_MOTHER:
        return False
    other = kin.first[woman]
    while other >= 0:
        if abs(kin.age[other] - kin.age[child]) < _SPACING:
            return False
        other = kin.sibling[other]
    return True


def _find_mothers(people: Persons, wanted: Wanted, women: Ints, groups: Ints, random: RandomNumbers) -> None:
    """Look for mothers among ``women``, rows listed as often as they take a turn, of the same group, ``groups``."""
    bucket = groups * _YEARS + np.minimum(people.age[women] // 12, _YEARS - 1)
    order = random.order(bucket)
    number = int(max(groups.max(initial=0), wanted.groups.max(initial=0))) + 1
    starts = np.concatenate([[0], np.cumsum(np.bincount(bucket, minlength=number * _YEARS))])
    turns = random.shuffled(np.arange(wanted.children.size))
    first, sibling = np.empty((2, people.size), dtype=np.int32)
    list_children(people.mother, birth_month(people.age, 0).astype(np.int16), first, sibling)
    kin = Kin(people.age, people.mother, first, sibling)
    _assign(Wanted(*(column[turns] for column in wanted)), Women(women[order], starts), kin)


@kernel
def list_children(mother: Links, birth: NDArray[np.int16], first: Links, sibling: Links) -> None:
    """Fill in ``first_child`` and ``next_sibling``, the eldest child first; those born in one month in order of rows.

    ``mother`` (people,) are the rows of mothers; ``birth`` (people,) may count from any month.
    """
    first[:] = NOBODY
    sibling[:] = NOBODY
    for child in range(mother.size):
        woman = mother[child]
        if woman == NOBODY:
            continue
        elder, younger = NOBODY, first[woman]
        while younger != NOBODY and birth[younger] <= birth[child]:
            elder, younger = younger, sibling[younger]
        sibling[child] = younger
        if elder == NOBODY:
            first[woman] = child
        else:
            sibling[elder] = child


def _wanted_years(people: Persons, children: Ints, parameters: Mapping[str, float], random: RandomNumbers) -> Ints:
    """Draw the age in years that each child's mother should have now."""
    bell = 2.0 * (sum(random.uniform(children.size) for _ in range(3)) - 1.5)  # mean 0, variance 1
    gap = parameters["synthesis.mother_age"] + parameters["synthesis.mother_age_deviation"] * bell
    return np.asarray(people.age[children] / 12 + np.clip(gap, 17, 45)).astype(np.int64)


def mother_of_minors(people: Persons, parameters: Mapping[str, float], random: RandomNumbers) -> None:
    """Give every minor a mother of the same home: absent ones a mother in the same place, residents any at home.

    A share ``synthesis.left_behind_share`` of absent mothers may have left children at home.
    """
    minors = np.flatnonzero(people.age < ADULT_MONTHS)
    able = (people.female == 1) & (people.age >= 20 * 12)
    lone = random.uniform(people.size) < parameters["synthesis.lone_mother_share"]
    women = np.flatnonzero(able & (people.married | (lone & (people.age >= 25 * 12) & (people.age < 50 * 12))))
    wanted = np.searchsorted(np.cumsum(patterns.CHILDREN_WANTED), random.uniform(women.size), side="right")
    women = np.repeat(women, np.minimum(wanted, len(patterns.CHILDREN_WANTED) - 1))
    place = people.home.astype(np.int64) * 5 + people.zone
    away = minors[people.zone[minors] > Zone.SEAT]
    years = _wanted_years(people, away, parameters, random)
    _find_mothers(people, Wanted(away, years, place[away]), women, place[women], random)
    stays = people.resident[women] | (random.uniform(women.size) < parameters["synthesis.left_behind_share"])
    home_women, here = women[stays], minors[people.zone[minors] <= Zone.SEAT]
    years = _wanted_years(people, here, parameters, random)
    home = people.home.astype(np.int64)
    _find_mothers(people, Wanted(here, years, home[here]), home_women, home[home_women], random)


def mother_of_adults(
    people: Persons, origin_zone: Ints, parameters: Mapping[str, float], random: RandomNumbers
) -> None:
    """Link adults whose mother is alive and lives in another household to a woman of the zone they come from.

    ``origin_zone`` (people,) is the zone of registration, -1 for people registered in another county, who have their
    mothers there.
    """
    orphan = (people.mother == NOBODY) & (people.age >= ADULT_MONTHS) & (origin_zone >= 0)
    steps = np.arange(len(patterns.MOTHER_ALIVE)) * 120
    alive = random.uniform(people.size) < np.interp(people.age, steps, patterns.MOTHER_ALIVE)
    children = np.flatnonzero(orphan & alive)
    women = np.flatnonzero((people.female == 1) & (people.age >= 35 * 12) & (origin_zone >= 0))
    years = _wanted_years(people, children, parameters, random)
    _find_mothers(people, Wanted(children, years, origin_zone[children]), women, origin_zone[women], random)
