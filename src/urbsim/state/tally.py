"""The monthly count: one pass over all people and one over all households.

Processes of the next month and the indicators read these counts; nothing else counts people. The pass fills four joint
tables, which takes no decision per person, and the counts by name are their margins.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from urbsim.codes import Group, Schooling, Stage, Tenure, Work, Zone
from urbsim.kernels import inlined, people_kernel
from urbsim.population import NOBODY, Households, People, Population, months_old

Counts = NDArray[np.int64]
INFANT_END, ADULT_AGE, PENSION_AGE, OLD_AGE = 3, 16, 60, 65
MARRIAGE_BANDS = 8  # five-year bands of women from age 10 to 49


class Tally(NamedTuple):
    """Counts in persons or households of the sample; C counties."""

    stocks: Counts  # (C, 5) by zone; near and far by the county of the home
    groups: Counts  # (C, 3, 3) residents by zone and registration group
    registered: Counts  # (C,) registered in the county, wherever they live
    registered_urban: Counts  # (C,) of these, registered in town or seat
    away: Counts  # (C, 2) registered in the county, living elsewhere in the province, or in another one
    registered_from: Counts  # (C, 3) residents registered elsewhere than their township, by origin
    work: Counts  # (C, 3, 5) residents aged 16 and over by zone and codes.Work
    at_work: Counts  # (C, 2) at work outside farming in towns and seat: registered here as urban, and others
    children: Counts  # (C, 3) residents aged 0-15
    left_behind: Counts  # (C,) residents aged 0-15 whose mother lives elsewhere
    old: Counts  # (C, 3) residents aged 65 and over
    infants: Counts  # (C, 3) residents under three
    pensioners: Counts  # (C, 3) residents aged 60 and over who are registered in the county
    pupils: Counts  # (C, 3, 4) by school stage
    placed: Counts  # (C, 3, 4) pupils with a place in the zone where they live
    placed_strangers: Counts  # (C, 3, 4) of these, registered in another county
    village_adults: Counts  # (C,) adults registered in the villages, wherever they live
    village_adults_away: Counts  # (C,) of these, living outside the county
    women: Counts  # (C, 8) alive, by five-year band from 10
    married: Counts  # (C, 8)
    households: Counts  # (C, 3, 4) with a resident member, by zone and tenure
    tenants: Counts  # (C, 3, 3) renting households by zone and registration group of the household

    @property
    def residents(self) -> Counts:
        """People who live in the county, shape (C,)."""
        return np.asarray(self.stocks[:, : Zone.NEAR].sum(axis=1))

    @property
    def registered_away(self) -> Counts:
        """People registered in the county who live in another county or outside the world, shape (C,)."""
        return np.asarray(self.away.sum(axis=1))

    @property
    def urban(self) -> Counts:
        """Those of them who live in towns and the seat, shape (C,)."""
        return np.asarray(self.stocks[:, Zone.TOWN : Zone.NEAR].sum(axis=1))


class _Joint(NamedTuple):
    """Joint tables that the pass over people fills."""

    living: Counts  # (C, 5 zones, 4 origins, 5 ages, 5 work)
    enrolled: Counts  # (C, 5 zones, 4 origins, 6 stages, 2 with a place)
    registered: Counts  # (C + 2 places of registration, 3 zones, 2 urban, 4 whereabouts, 2 adult)
    women: Counts  # (C, 8 bands, 2 married)
    left_behind: Counts  # (C,)


# Origins: local urban, local rural, same province, other province. Ages: infant, child, adult, from 60, from 65.
# Whereabouts: in the zone of registration, elsewhere in the county, in the province, in another province.
_ORIGINS, _AGES, _WHEREABOUTS = 4, 5, 4
_OF_CHILD = len(Group)
_NEAR = int(Zone.NEAR)


def _empty_joint(counties: int) -> _Joint:
    shapes = (
        (counties, len(Zone), _ORIGINS, _AGES, len(Work)),
        (counties, len(Zone), _ORIGINS, len(Stage), 2),
        (counties + 2, 3, 2, _WHEREABOUTS, 2),
        (counties, MARRIAGE_BANDS, 2),
        (counties,),
    )
    return _Joint(*(np.zeros(shape, dtype=np.int64) for shape in shapes))


@inlined
def group_of(people: People, person: int) -> int:
    """Return the registration group (codes.Group) of a resident of a county."""
    if people.registration[person] != people.county[person]:
        return 2
    return 0 if people.urban_registered[person] else 1


@inlined
def household_group(people: People, households: Households, person: int) -> int:
    """Return the registration group (codes.Group) of somebody's household, as last counted.

    It decides what a household is paid and what it reckons with. Of a household with nobody at home it is the person's.
    """
    group = households.group[people.household[person]]
    return int(group) if group >= 0 else int(group_of(people, person))


@inlined
def origin_of(people: People, person: int, provinces: Any) -> int:
    """Return where a resident is registered: 0 or 1 here, urban or rural; 2 in the same, 3 in another province."""
    county, registration = people.county[person], people.registration[person]
    if registration == county:
        return 0 if people.urban_registered[person] else 1
    if registration < 0:
        return 2 if registration == -1 else 3
    return 2 if provinces[registration] == provinces[county] else 3


@inlined
def _whereabouts(people: People, person: int, provinces: Any) -> int:
    """Return where somebody lives, seen from the place of registration; anything for people registered outside."""
    county, zone, registration = people.county[person], people.zone[person], people.registration[person]
    if zone >= _NEAR:
        return int(2 + zone - _NEAR)
    if registration == county:
        return int(people.registered_zone[person] != zone)
    return int(2 + (provinces[registration] != provinces[county])) if registration >= 0 else 2


@people_kernel
def _count_people(people: People, households: Households, joint: _Joint, provinces: Any, month: int) -> None:
    for i in range(people.key.size):
        if people.alive[i] == 0:
            continue
        county, zone, registration = people.county[i], people.zone[i], people.registration[i]
        months = months_old(people.birth[i], month)
        adult = int(months >= ADULT_AGE * 12)
        origin = origin_of(people, i, provinces)
        age = int(months >= INFANT_END * 12) + adult + int(months >= PENSION_AGE * 12) + int(months >= OLD_AGE * 12)
        joint.living[county, zone, origin, age, people.work[i]] += 1
        joint.enrolled[county, zone, origin, people.stage[i], people.has_place[i]] += 1
        whereabouts = _whereabouts(people, i, provinces)
        joint.registered[registration, people.registered_zone[i], people.urban_registered[i], whereabouts, adult] += 1
        if people.female[i] and 120 <= months < 600:
            joint.women[county, months // 60 - 2, int(people.spouse[i] >= 0)] += 1
        if zone < 3:
            if not adult:
                joint.left_behind[county] += _mother_elsewhere(people, i)
            _represent(households, people.household[i], min(origin, 2), adult)


@inlined
def _represent(households: Households, h: int, group: int, adult: int) -> None:
    """Give a household the group of a resident if it is the first adult, or the first of all so far.

    Groups of children are marked until an adult is found.
    """
    known = households.group[h]
    if adult and (known < 0 or known >= _OF_CHILD):
        households.group[h] = group
    elif known < 0:
        households.group[h] = group + _OF_CHILD


@inlined
def _mother_elsewhere(people: People, child: int) -> bool:
    mother = people.mother[child]
    if mother < 0 or people.alive[mother] == 0:
        return False
    return bool(people.zone[mother] != people.zone[child] or people.county[mother] != people.county[child])


@people_kernel
def _count_households(households: Households, by_tenure: Any, tenants: Any) -> None:
    for h in range(households.key.size):
        group = households.group[h]
        if group < 0:
            continue
        if group >= _OF_CHILD:
            group -= _OF_CHILD
            households.group[h] = group
        county, zone, tenure = households.county[h], households.zone[h], households.tenure[h]
        by_tenure[county, zone, tenure] += 1
        tenants[county, zone, group] += tenure == 1


def count(population: Population, provinces: NDArray[np.int64], month: int) -> Tally:
    """Count everybody and every household at the end of a month, and note the registration group of each household.

    ``provinces`` numbers the province of every county, shape (C,).
    """
    counties = len(provinces)
    joint = _empty_joint(counties)
    people, households = population.people.view(), population.households.view()
    households.group[...] = NOBODY
    _count_people(people, households, joint, provinces, month)
    by_tenure = np.zeros((counties, 3, len(Tenure)), dtype=np.int64)
    tenants = np.zeros((counties, 3, len(Group)), dtype=np.int64)
    _count_households(households, by_tenure, tenants)
    return _margins(joint, counties, by_tenure, tenants)


def _margins(joint: _Joint, counties: int, by_tenure: Counts, tenants: Counts) -> Tally:
    # Negative places of registration, outside the world, are the last two rows.
    registered = joint.registered[:counties]
    living = joint.living[:, :3]
    origins = living.sum(axis=(3, 4))
    pupils = joint.enrolled[:, :3, :, 1:5]
    village_adults = registered[:, 0, :, :, 1].sum(axis=1)
    at_work = living[:, 1:, :, 2:, Work.INDUSTRY : Work.SERVICES + 1].sum(axis=(1, 3, 4))
    return Tally(
        stocks=joint.living.sum(axis=(2, 3, 4)),
        groups=np.concatenate([origins[:, :, :2], origins[:, :, 2:].sum(axis=2, keepdims=True)], axis=2),
        registered=registered.sum(axis=(1, 2, 3, 4)),
        registered_urban=registered[:, 1:].sum(axis=(1, 2, 3, 4)),
        away=registered[:, :, :, 2:].sum(axis=(1, 2, 4)),
        registered_from=np.stack(
            [registered[:, :, :, 1].sum(axis=(1, 2, 3)), origins[:, :, 2].sum(axis=1), origins[:, :, 3].sum(axis=1)],
            axis=1,
        ),
        work=living[:, :, :, 2:].sum(axis=(2, 3)),
        at_work=np.stack([at_work[:, 0], at_work[:, 1:].sum(axis=1)], axis=1),
        children=living[:, :, :, :2].sum(axis=(2, 3, 4)),
        left_behind=joint.left_behind,
        old=living[:, :, :, 4].sum(axis=(2, 3)),
        infants=living[:, :, :, 0].sum(axis=(2, 3)),
        pensioners=living[:, :, :2, 3:].sum(axis=(2, 3, 4)),
        pupils=pupils.sum(axis=(2, 4)),
        placed=pupils[..., 1].sum(axis=2),
        placed_strangers=pupils[:, :, 2:, :, 1].sum(axis=2),
        village_adults=village_adults.sum(axis=1),
        village_adults_away=village_adults[:, 2:].sum(axis=1),
        women=joint.women.sum(axis=2),
        married=joint.women[:, :, 1],
        households=by_tenure,
        tenants=tenants,
    )


# The kernels use plain numbers where Numba would otherwise carry enumerations through its inner loops.
assert (int(Group.ELSEWHERE), int(Schooling.COLLEGE), int(Stage.SENIOR), int(Tenure.RENTS)) == (2, 4, 4, 1)
assert (int(Zone.NEAR), int(Work.INACTIVE)) == (3, 0)
