"""The monthly count: one pass over all people and one over all households.

Processes of the next month and the indicators read these counts; nothing else counts people.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from urbsim.codes import Group, Schooling, Stage, Tenure, Work, Zone
from urbsim.kernels import inlined, people_kernel
from urbsim.population import Households, People, Population

Counts = NDArray[np.int64]
ADULT_AGE, OLD_AGE = 16, 65
MARRIAGE_BANDS = 8  # five-year bands of women from age 10 to 49


class Tally(NamedTuple):
    """Counts in persons or households of the sample; C counties."""

    stocks: Counts  # (C, 5) by zone; near and far by the county of the home
    groups: Counts  # (C, 3, 3) residents by zone and registration group
    registered: Counts  # (C,) registered in the county, wherever they live
    urban_registered: Counts  # (C,)
    registered_away: Counts  # (C,) registered in the county, living in another county or outside the world
    registered_from: Counts  # (C, 3) residents registered elsewhere than their township, by origin
    work: Counts  # (C, 3, 5) residents aged 16 and over by zone and codes.Work
    children: Counts  # (C, 3) residents aged 0-15
    left_behind: Counts  # (C,) residents aged 0-15 whose mother lives elsewhere
    old: Counts  # (C, 3) residents aged 65 and over
    pupils: Counts  # (C, 3, 4) by school stage
    placed: Counts  # (C, 3, 4) pupils with a place in the zone where they live
    placed_strangers: Counts  # (C, 3, 4) of these, registered in another county
    village_adults: Counts  # (C,) adults registered in the villages, wherever they live
    village_adults_away: Counts  # (C,) of these, living outside the county
    women: Counts  # (C, 8) alive, by five-year band from 10
    married: Counts  # (C, 8)
    households: Counts  # (C, 3, 4) with a resident member, by zone and tenure
    tenants: Counts  # (C, 3, 3) renting households by zone and registration group of the first member


def empty_tally(counties: int) -> Tally:
    """Return a tally of zeros."""
    shapes: dict[str, tuple[int, ...]] = {
        "stocks": (5,),
        "groups": (3, 3),
        "registered_from": (3,),
        "work": (3, 5),
        "pupils": (3, 4),
        "placed": (3, 4),
        "placed_strangers": (3, 4),
        "women": (MARRIAGE_BANDS,),
        "married": (MARRIAGE_BANDS,),
        "households": (3, 4),
        "tenants": (3, 3),
    }
    by_zone = {"children", "old"}
    return Tally(
        *(np.zeros((counties, *((3,) if f in by_zone else shapes.get(f, ()))), dtype=np.int64) for f in Tally._fields)
    )


@inlined
def group_of(people: People, person: int) -> int:
    """Return the registration group (codes.Group) of a resident of a county."""
    if people.registration[person] != people.county[person]:
        return 2
    return 0 if people.urban_registered[person] else 1


@people_kernel
def _count_people(people: People, tally: Any, representative: Any, month: int) -> None:
    for i in range(people.key.size):
        if people.alive[i] == 0:
            continue
        county, zone = people.county[i], people.zone[i]
        age = (month - people.birth[i]) // 12
        registration = people.registration[i]
        tally.stocks[county, zone] += 1
        if registration >= 0:
            tally.registered[registration] += 1
            tally.urban_registered[registration] += people.urban_registered[i]
            away = zone >= 3 or county != registration
            tally.registered_away[registration] += away
            if age >= ADULT_AGE and people.registered_zone[i] == 0:
                tally.village_adults[registration] += 1
                tally.village_adults_away[registration] += away
        if people.female[i] and 10 <= age < 50:
            tally.women[county, age // 5 - 2] += 1
            tally.married[county, age // 5 - 2] += people.spouse[i] >= 0
        if zone >= 3:
            continue
        _count_resident(people, tally, representative, i, county, zone, age)


@inlined
def _count_resident(people: People, tally: Any, representative: Any, i: int, county: int, zone: int, age: int) -> None:
    group = group_of(people, i)
    tally.groups[county, zone, group] += 1
    registration = people.registration[i]
    if registration != county:
        tally.registered_from[county, 2 if registration == -2 else 1] += 1
    elif people.registered_zone[i] != zone:
        tally.registered_from[county, 0] += 1
    if age < ADULT_AGE:
        tally.children[county, zone] += 1
        mother = people.mother[i]
        if mother >= 0 and people.alive[mother] and (people.zone[mother] != zone or people.county[mother] != county):
            tally.left_behind[county] += 1
    else:
        work = people.work[i]
        tally.work[county, zone, work] += 1
        tally.old[county, zone] += age >= OLD_AGE
    stage = people.stage[i]
    if 1 <= stage <= 4:
        tally.pupils[county, zone, stage - 1] += 1
        tally.placed[county, zone, stage - 1] += people.has_place[i]
        tally.placed_strangers[county, zone, stage - 1] += people.has_place[i] and group == 2
    household = people.household[i]
    if representative[household] < 0:
        representative[household] = group


@people_kernel
def _count_households(households: Households, tally: Any, representative: Any) -> None:
    for h in range(households.key.size):
        group = representative[h]
        if group < 0:
            continue
        county, zone, tenure = households.county[h], households.zone[h], households.tenure[h]
        tally.households[county, zone, tenure] += 1
        if tenure == 1:
            tally.tenants[county, zone, group] += 1


def count(population: Population, counties: int, month: int) -> tuple[Tally, NDArray[np.int8]]:
    """Count everybody and every household at the end of a month.

    Returns the tally and, per household, the registration group of its first resident member, -1 for an empty one.
    """
    tally = empty_tally(counties)
    representative = np.full(population.households.size, -1, dtype=np.int8)
    _count_people(population.people.view(), tally, representative, month)
    _count_households(population.households.view(), tally, representative)
    return tally, representative


# The kernels use plain numbers where Numba would otherwise carry enumerations through its inner loops.
assert (int(Group.ELSEWHERE), int(Schooling.COLLEGE), int(Stage.SENIOR), int(Tenure.RENTS)) == (2, 4, 4, 1)
assert (int(Zone.NEAR), int(Work.INACTIVE)) == (3, 0)
