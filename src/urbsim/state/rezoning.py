"""What goes along when villages become urban where they lie: posts, capital, land, school places and dwellings.

People who are reclassified do not move, so nor does what they work in, learn in and live in. Every stock of the
village zone gives the part that belongs to those who change their zone: as many posts, places and dwellings a head as
the village has.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from urbsim.arrays import Floats
from urbsim.codes import COUNTY_ZONES, SCHOOL_STAGES, Sector, Work, Zone
from urbsim.kernels import people_kernel
from urbsim.population import Households, People
from urbsim.records import record
from urbsim.state.world import World

_VILLAGE = int(Zone.VILLAGE)
_URBAN = (int(Zone.TOWN), int(Zone.SEAT))
_FARM, _SECTORS, _STAGES = int(Work.FARM), len(Sector), len(SCHOOL_STAGES)


class Zoning(NamedTuple):
    """The zones of people and households at a moment."""

    people: NDArray[np.uint8]
    households: NDArray[np.uint8]


def zoning(world: World) -> Zoning:
    """Return copies of the zones of all people and households."""
    return Zoning(world.population.people.zone.copy(), world.population.households.zone.copy())


@record
class Kinds(NamedTuple):
    """Persons by what they hold in their zone; the first of every kind holds nothing. The last axis is the kind."""

    posts: Floats  # by sector
    outside_farming: Floats  # who works or seeks work there
    school_places: Floats  # by stage


def carry_stocks(world: World, before: Zoning) -> None:
    """Move stocks of the village zones along with those who lived in one ``before`` and are urban now."""
    places, weight, counties = world.places, world.weight, len(world.codes)
    held, gone = _none_of((counties,)), _none_of((counties, len(COUNTY_ZONES)))
    if not _count_villagers(world.population.people.view(), before.people, weight, held, gone):
        return
    posts = _carried(held.posts, gone.posts, places.employers.posts, weight)
    # Farm land does not follow labour as posts elsewhere do: what is given is given for good.
    farms = np.zeros_like(posts)
    farms[:, :, Sector.FARM] = posts[:, :, Sector.FARM]
    places.employers.found_posts(farms)
    places.employers.posts += posts - farms
    capital = places.employers.capital[:, :, None]
    places.employers.capital += _carried(held.outside_farming, gone.outside_farming, capital, weight)[:, :, 0]
    places.schools.places += _carried(held.school_places, gone.school_places, places.schools.places, weight)
    lived, moved = np.zeros(counties, dtype=np.int64), np.zeros((counties, len(COUNTY_ZONES)))
    _count_homes(world.population.households.view(), before.households, weight, lived, moved)
    a_home = places.housing.dwellings[:, _VILLAGE] / np.maximum(lived * weight, weight)
    carried = _exchange(moved * a_home[:, None])
    places.housing.dwellings += carried
    places.housing.expected += carried


def _none_of(shape: tuple[int, ...]) -> Kinds:
    return Kinds(*(np.zeros((*shape, kinds + 1)) for kinds in (_SECTORS, 1, _STAGES)))


@people_kernel
def _count_villagers(people: People, before: Any, weight: float, held: Kinds, gone: Kinds) -> int:
    """Count who lived in a village ``before``, and apart those whose zone is urban now; return how many these are.

    Real persons are added up one by one, which tells on their last digits.
    """
    count = 0
    for i in range(people.key.size):
        if before[i] != _VILLAGE or people.alive[i] == 0:
            continue
        county, zone, work, stage = people.county[i], people.zone[i], people.work[i], people.stage[i]
        post, outside = (work if work <= _SECTORS else 0), int(work > _FARM)  # seekers hold no post
        pupil = stage if stage <= _STAGES else 0
        held.posts[county, post] += weight
        held.outside_farming[county, outside] += weight
        held.school_places[county, pupil] += weight
        if zone in _URBAN:
            gone.posts[county, zone, post] += weight
            gone.outside_farming[county, zone, outside] += weight
            gone.school_places[county, zone, pupil] += weight
            count += 1
    return count


@people_kernel
def _count_homes(households: Households, before: Any, weight: float, lived: Any, moved: Any) -> None:
    """Count households that lived in a village ``before``, and apart those whose zone is urban now."""
    for h in range(households.key.size):
        if before[h] == _VILLAGE and households.group[h] >= 0:
            lived[households.county[h]] += 1
            if households.zone[h] in _URBAN:
                moved[households.county[h], households.zone[h]] += weight


def _carried(held: Floats, gone: Floats, stock: Floats, weight: float) -> Floats:
    """Return the change of a stock by county, zone and kind, where ``gone`` leave of those who ``held`` it."""
    a_head = stock[:, _VILLAGE] / np.maximum(held[:, 1:], weight)
    return _exchange(gone[:, :, 1:] * a_head[:, None])


def _exchange(gained: Floats) -> Floats:
    """Return what the urban zones gain, less the same in the village; axis 1 is the zone."""
    change = gained.copy()
    change[:, _VILLAGE] = -gained[:, list(_URBAN)].sum(axis=1)
    return change
