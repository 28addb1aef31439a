"""The monthly count: one pass over all people and one over all households.

Processes of the next month and the indicators read these counts; nothing else counts people. The pass fills four joint
tables, which takes no decision per person, and the counts by name are their margins.
"""

from __future__ import annotations

from math import prod
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from urbsim.codes import Group, Schooling, Stage, Tenure, Work, Zone
from urbsim.kernels import inlined, people_kernel, whole
from urbsim.population import NOBODY, Households, People, Population, months_old
from urbsim.records import record
from urbsim.threads import added_up, part_of, side_by_side

Counts = NDArray[np.int64]
INFANT_END, ADULT_AGE, PENSION_AGE, OLD_AGE = 3, 16, 60, 65
MARRIAGE_BANDS = 8  # five-year bands of women from age 10 to 49


@record
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

    @classmethod
    def nothing(cls, counties: int) -> Tally:
        """Return counts of nobody."""
        return cls(*[np.zeros((counties, *shape), dtype=np.int64) for shape in _SHAPES])

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


#: Shape of each of them beside the counties.
_SHAPES = (
    (5,), (3, 3), (), (), (2,), (3,), (3, 5), (2,), (3,), (), (3,), (3,), (3,), (3, 4), (3, 4), (3, 4), (), (),
    (MARRIAGE_BANDS,), (MARRIAGE_BANDS,), (3, 4), (3, 3),
)  # fmt: skip


@record
class _Joint(NamedTuple):
    """Joint tables that the pass over people fills, each as one row of numbers: so an entry is found soonest."""

    living: Counts  # (C, 5 zones, 4 origins, 5 ages, 5 work)
    enrolled: Counts  # (C, 5 zones, 4 origins, 6 stages, 2 with a place)
    registered: Counts  # (C + 1 places of registration, 3 zones, 2 urban, 4 whereabouts, 2 adult)
    bands: Counts  # (C, 10 bands of age, 2 sexes, 2 married)
    left_behind: Counts  # (C,)


# Origins: local urban, local rural, same province, other province. Ages: infant, child, adult, from 60, from 65.
# Whereabouts: in the zone of registration, elsewhere in the county, in the province, in another province.
_ZONES, _ORIGINS, _AGES, _WORK, _STAGES, _WHEREABOUTS = len(Zone), 4, 5, len(Work), len(Stage), 4
_BANDS = MARRIAGE_BANDS + 2  # a band below and one above those of the women
_BAND = np.uint64(60)  # months; dividing numbers without a sign takes fewer steps
_OF_CHILD = len(Group)
_ADULT = 2  # the first of the ages that is one of adults
_INDUSTRY, _SERVICES = int(Work.INDUSTRY), int(Work.SERVICES)
_NEAR = int(Zone.NEAR)


def _joint_shapes(counties: int) -> tuple[tuple[int, ...], ...]:
    return (
        (counties, _ZONES, _ORIGINS, _AGES, _WORK),
        (counties, _ZONES, _ORIGINS, _STAGES, 2),
        (counties + 1, 3, 2, _WHEREABOUTS, 2),
        (counties, _BANDS, 2, 2),
        (counties,),
    )


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


@record
class _Part(NamedTuple):
    """What a part of the people, from a first row to the one before a last, is counted into."""

    joint: _Joint
    groups: NDArray[np.int8]  # (households,) registration group, as far as these people tell
    first: int
    last: int


@people_kernel
def _count_people(people: People, part: _Part, provinces: Any, month: int) -> None:
    joint = part.joint
    for i in range(part.first, part.last):
        if people.alive[i] == 0:
            continue
        county, zone, registration = whole(people.county[i]), whole(people.zone[i]), whole(people.registration[i])
        months = months_old(people.birth[i], month)
        adult = int(months >= ADULT_AGE * 12)
        origin = origin_of(people, i, provinces)
        age = int(months >= INFANT_END * 12) + adult + int(months >= PENSION_AGE * 12) + int(months >= OLD_AGE * 12)
        place = (county * _ZONES + zone) * _ORIGINS + origin
        joint.living[(place * _AGES + age) * _WORK + people.work[i]] += 1
        joint.enrolled[(place * _STAGES + people.stage[i]) * 2 + people.has_place[i]] += 1
        # Whoever is registered outside the world is counted in the row behind those of the counties.
        register = ((registration if registration >= 0 else provinces.size) * 3 + people.registered_zone[i]) * 2
        whereabouts = (register + people.urban_registered[i]) * _WHEREABOUTS + _whereabouts(people, i, provinces)
        joint.registered[whereabouts * 2 + adult] += 1
        band = min(max(int(np.uint64(months) // _BAND) - 1, 0), _BANDS - 1)
        joint.bands[((county * _BANDS + band) * 2 + people.female[i]) * 2 + int(people.spouse[i] >= 0)] += 1
        if zone < _NEAR:
            if not adult:
                joint.left_behind[county] += _mother_elsewhere(people, i)
            _represent(part.groups, people.household[i], min(origin, 2), adult)


@inlined
def _represent(groups: Any, h: int, group: int, adult: int) -> None:
    """Give a household the group of a resident if it is the first adult, or the first of all so far.

    Groups of children are marked until an adult is found.
    """
    known = groups[h]
    unknown = (known < 0) | ((adult > 0) & (known >= _OF_CHILD))
    groups[h] = (group if adult else group + _OF_CHILD) if unknown else known


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
    tally = Tally.nothing(counties)
    people, households = population.people.view(), population.households.view()
    households.group[...] = NOBODY

    def count_part(first: int, last: int) -> _Part:
        groups = households.group if first == 0 else np.full(households.key.size, NOBODY, dtype=np.int8)
        flat = _Joint(*(np.zeros(prod(shape), dtype=np.int64) for shape in _joint_shapes(counties)))
        part = _Part(flat, groups, first, last)
        _count_people(people, part, provinces, month)
        return part

    def count_homes(first: int, last: int) -> tuple[Counts, Counts]:
        found = np.zeros_like(tally.households), np.zeros_like(tally.tenants)
        _count_households(part_of(households, first, last), *found)
        return found

    parts = side_by_side(count_part, people.key.size)
    for part in parts[1:]:
        _represent_by(households.group, part.groups)
    for by_tenure, tenants in side_by_side(count_homes, households.key.size):
        tally.households[...] += by_tenure
        tally.tenants[...] += tenants
    joint = (added_up(each) for each in zip(*(part.joint for part in parts), strict=True))
    shaped = zip(joint, _joint_shapes(counties), strict=True)
    _add_up(_Joint(*(numbers.reshape(shape) for numbers, shape in shaped)), tally)
    return tally


def _represent_by(groups: NDArray[np.int8], later: NDArray[np.int8]) -> None:
    """Give households the group that people who come later tell, where those before told none or that of a child."""
    unknown = (groups < 0) | ((later < _OF_CHILD) & (groups >= _OF_CHILD))
    np.copyto(groups, later, where=unknown & (later >= 0))


@people_kernel
def _add_up(joint: _Joint, tally: Tally) -> None:
    """Fill in the counts of people by name, which are margins of the joint tables."""
    for county in range(tally.registered.size):
        for zone in range(_ZONES):
            for origin in range(_ORIGINS):
                _add_living(joint.living[county, zone, origin], tally, county, zone, origin)
                if zone < _NEAR:
                    _add_enrolled(joint.enrolled[county, zone, origin], tally, county, zone, origin)
        _add_registered(joint.registered[county], tally, county)
        for band in range(MARRIAGE_BANDS):
            single, married = joint.bands[county, band + 1, 1, 0], joint.bands[county, band + 1, 1, 1]
            tally.women[county, band], tally.married[county, band] = single + married, married
        tally.left_behind[county] = joint.left_behind[county]


@inlined
def _add_living(living: Any, tally: Tally, county: int, zone: int, origin: int) -> None:
    for age in range(_AGES):
        for work in range(_WORK):
            people = living[age, work]
            tally.stocks[county, zone] += people
            if zone >= _NEAR or people == 0:
                continue
            tally.groups[county, zone, min(origin, 2)] += people
            if origin >= 2:
                tally.registered_from[county, origin - 1] += people
            if age < _ADULT:
                tally.children[county, zone] += people
            else:
                tally.work[county, zone, work] += people
                if zone > 0 and _INDUSTRY <= work <= _SERVICES:
                    tally.at_work[county, min(origin, 1)] += people
            tally.infants[county, zone] += people if age == 0 else 0
            tally.pensioners[county, zone] += people if age > _ADULT and origin < 2 else 0
            tally.old[county, zone] += people if age == _AGES - 1 else 0


@inlined
def _add_enrolled(enrolled: Any, tally: Tally, county: int, zone: int, origin: int) -> None:
    for stage in range(tally.pupils.shape[2]):
        commuting, placed = enrolled[stage + 1, 0], enrolled[stage + 1, 1]
        tally.pupils[county, zone, stage] += commuting + placed
        tally.placed[county, zone, stage] += placed
        if origin >= 2:
            tally.placed_strangers[county, zone, stage] += placed


@inlined
def _add_registered(registered: Any, tally: Tally, county: int) -> None:
    for zone in range(_NEAR):
        for urban in range(2):
            for whereabouts in range(_WHEREABOUTS):
                children, adults = registered[zone, urban, whereabouts, 0], registered[zone, urban, whereabouts, 1]
                people = children + adults
                tally.registered[county] += people
                tally.registered_urban[county] += people if zone > 0 else 0
                tally.village_adults[county] += adults if zone == 0 else 0
                if whereabouts == 1:
                    tally.registered_from[county, 0] += people
                if whereabouts >= 2:
                    tally.away[county, whereabouts - 2] += people
                    tally.village_adults_away[county] += adults if zone == 0 else 0


# The kernels use plain numbers where Numba would otherwise carry enumerations through its inner loops.
assert (int(Group.ELSEWHERE), int(Schooling.COLLEGE), int(Stage.SENIOR), int(Tenure.RENTS)) == (2, 4, 4, 1)
assert (int(Zone.NEAR), int(Work.INACTIVE)) == (3, 0)
