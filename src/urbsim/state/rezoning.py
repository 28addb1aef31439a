"""What goes along when villages become urban where they lie: posts, capital, land, school places and dwellings.

People who are reclassified do not move, so nor does what they work in, learn in and live in. Every stock of the
village zone gives the part that belongs to those who change their zone: as many posts, places and dwellings a head as
the village has.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from urbsim.arrays import Floats
from urbsim.codes import SCHOOL_STAGES, Sector, Work, Zone
from urbsim.state.world import World

_VILLAGE = int(Zone.VILLAGE)
_URBAN = (int(Zone.TOWN), int(Zone.SEAT))


class Zoning(NamedTuple):
    """The zones of people and households at a moment."""

    people: NDArray[np.uint8]
    households: NDArray[np.uint8]


def zoning(world: World) -> Zoning:
    """Return copies of the zones of all people and households."""
    return Zoning(world.population.people.zone.copy(), world.population.households.zone.copy())


def carry_stocks(world: World, before: Zoning) -> None:
    """Move stocks of the village zones along with those who lived in one ``before`` and are urban now."""
    population, weight = world.population, world.weight
    people, households, places = population.people, population.households, world.places
    alive = people.alive == 1
    was = alive & (before.people == _VILLAGE)
    went = np.flatnonzero(was & np.isin(people.zone, _URBAN))
    if went.size == 0:
        return
    there = np.flatnonzero(was)
    sectors, stages = len(Sector), len(SCHOOL_STAGES)
    work = people.work.astype(np.int64)
    work[work > sectors] = 0  # seekers hold no post
    stage = people.stage.astype(np.int64)
    stage[stage > stages] = 0
    posts = _with(world, there, went, work, sectors, places.employers.posts)
    # Farm land does not follow labour as posts elsewhere do: what is given is given for good.
    farms = np.zeros_like(posts)
    farms[:, :, Sector.FARM] = posts[:, :, Sector.FARM]
    places.employers.found_posts(farms)
    places.employers.posts += posts - farms
    outside_farming = (people.work > int(Work.FARM)).astype(np.int64)
    capital = places.employers.capital[:, :, None]
    places.employers.capital += _with(world, there, went, outside_farming, 1, capital)[:, :, 0]
    places.schools.places += _with(world, there, went, stage, stages, places.schools.places)
    lived = np.flatnonzero((before.households == _VILLAGE) & (households.group >= 0))
    moved = lived[np.isin(households.zone[lived], _URBAN)]
    homes = np.zeros((len(world.codes), 3))
    np.add.at(homes, (households.county[moved], households.zone[moved]), weight)
    occupied = np.bincount(households.county[lived], minlength=len(world.codes)) * weight
    a_home = places.housing.dwellings[:, _VILLAGE] / np.maximum(occupied, weight)
    carried = _exchange(homes * a_home[:, None])
    places.housing.dwellings += carried
    places.housing.expected += carried


def _with(
    world: World, there: NDArray[np.int64], went: NDArray[np.int64], kind: NDArray[np.int64], kinds: int, stock: Floats
) -> Floats:
    """Return the change of a stock by county, zone and kind (1 to ``kinds``; 0 has none), where ``went`` leave."""
    people, weight, counties = world.population.people, world.weight, len(world.codes)
    held = np.zeros((counties, kinds + 1))
    np.add.at(held, (people.county[there], kind[there]), weight)
    gone = np.zeros((counties, 3, kinds + 1))
    np.add.at(gone, (people.county[went], people.zone[went], kind[went]), weight)
    a_head = stock[:, _VILLAGE] / np.maximum(held[:, 1:], weight)
    return _exchange(gone[:, :, 1:] * a_head[:, None])


def _exchange(gained: Floats) -> Floats:
    """Return what the urban zones gain, less the same in the village; axis 1 is the zone."""
    change = gained.copy()
    change[:, _VILLAGE] = -gained[:, list(_URBAN)].sum(axis=1)
    return change
