"""Who is registered (hukou) where and how: households as wholes, because families move and register together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from urbsim.arrays import Ints
from urbsim.codes import REGISTERED_OTHER_PROVINCE, REGISTERED_SAME_PROVINCE, Origin, Zone
from urbsim.region import patterns
from urbsim.region.individuals import Persons
from urbsim.region.margins import Margins
from urbsim.region.sampling import RandomNumbers, pick

_NATIVE = -1


@dataclass
class Registration:
    """Registration of each person: ``elsewhere`` is 0 for the county itself or a ``codes.REGISTERED_*``.

    ``zone`` is the zone of registration, ``urban`` its type, ``in_migrant`` tells who is registered in another township
    or county, ``months`` how long the person has lived where they live.
    """

    elsewhere: NDArray[np.int32]
    zone: NDArray[np.uint8]
    urban: NDArray[np.bool_]
    in_migrant: NDArray[np.bool_]
    months: Ints


def register(
    people: Persons, household: Ints, margins: Margins, parameters: Mapping[str, float], random: RandomNumbers
) -> Registration:
    """Choose the households of in-migrants by origin, their registered zones, and the urban-registered households."""
    count = int(household.max(initial=-1)) + 1
    zone = np.zeros(count, dtype=np.int64)
    zone[household] = people.home
    origin = _origins(people, household, zone, margins, random)
    residents = np.bincount(household[people.resident], minlength=count)
    registered_zone = _registered_zones(household, origin, zone, residents > 0, margins, random)
    urban = _urban(household, origin, registered_zone, margins, parameters, random)
    away = origin > Origin.SAME_COUNTY
    registered_zone[away] = np.where(urban[away], Zone.SEAT, Zone.VILLAGE)
    where = np.array([0, 0, REGISTERED_SAME_PROVINCE, REGISTERED_OTHER_PROVINCE], dtype=np.int32)[origin + 1]
    migrant = origin[household] != _NATIVE
    months = _months_here(people, migrant, parameters, random)
    zones = registered_zone[household].astype(np.uint8)
    return Registration(where[household], zones, urban[household], migrant, months)


def _origins(people: Persons, household: Ints, zone: Ints, margins: Margins, random: RandomNumbers) -> Ints:
    """Return each household's origin, -1 for natives; households with absent members are native."""
    count = zone.size
    residents = np.bincount(household[people.resident], minlength=count)
    all_here = residents == np.bincount(household, minlength=count)
    adult = people.age >= 18 * 12
    adults = np.bincount(household[adult], minlength=count)
    years = np.bincount(household[adult], weights=people.age[adult] / 12, minlength=count) / np.maximum(adults, 1)
    decade = np.clip((years - 15) // 10, 0, len(patterns.MIGRANT_ODDS_BY_AGE) - 1).astype(np.int64)
    origin = np.full(count, _NATIVE)
    for code in (Origin.OTHER_PROVINCE, Origin.SAME_PROVINCE, Origin.SAME_COUNTY):
        by_zone = patterns.MIGRANT_ODDS_BY_ZONE[0 if code == Origin.SAME_COUNTY else 1]
        odds = patterns.MIGRANT_ODDS_BY_AGE[decade] * by_zone[zone] * (all_here & (origin == _NATIVE))
        origin[pick(random, odds, float(margins.migrants[code]), residents.astype(float))] = code
    return origin


def _registered_zones(
    household: Ints,
    origin: Ints,
    zone: Ints,
    inhabited: NDArray[np.bool_],
    margins: Margins,
    random: RandomNumbers,
) -> Ints:
    """Return each household's zone of registration in the county, of which the margin's share are town and seat.

    Natives are registered where they live: the census counts as in-migrants all who are registered in another
    township. The rest of the share are in-migrants from within the county, who are then registered in another zone
    than they live in, and households with nobody at home.
    """
    members = np.bincount(household, minlength=origin.size).astype(float)
    at_home = (origin == _NATIVE) & inhabited
    moved = (origin == Origin.SAME_COUNTY) & inhabited
    empty = (origin == _NATIVE) & ~inhabited
    of_moved, of_empty = patterns.URBAN_PLACE_ODDS
    odds = of_moved[zone] * moved + of_empty[zone] * empty
    settled = float(members[at_home & (zone > Zone.VILLAGE)].sum())
    target = margins.urban_place_share * float(members[at_home | moved | empty].sum()) - settled
    urban = pick(random, odds, max(target, 0.0), members)
    other = np.array([Zone.TOWN, Zone.SEAT, Zone.TOWN])  # than where somebody lives
    own = np.maximum(zone, Zone.TOWN)
    return np.where(at_home, zone, np.where(urban, np.where(moved, other[zone], own), Zone.VILLAGE))


def _urban(
    household: Ints,
    origin: Ints,
    registered_zone: Ints,
    margins: Margins,
    parameters: Mapping[str, float],
    random: RandomNumbers,
) -> NDArray[np.bool_]:
    """Return which households are of urban status: of the county's registered people the margin's share.

    Where the census did not ask for it, since registration was made one for all (2014-16), status follows the place.
    """
    ours = origin <= Origin.SAME_COUNTY
    urban = ours & (registered_zone > Zone.VILLAGE)
    if margins.nonagricultural_share is not None:
        members = np.bincount(household, minlength=origin.size).astype(float)
        target = margins.nonagricultural_share * float(members[ours].sum())
        urban = pick(random, patterns.URBAN_REGISTRATION_ODDS[registered_zone] * ours, target, members)
    share = parameters["synthesis.migrant_urban_registered_share"]
    return urban | (~ours & (random.uniform(origin.size) < share))


def _months_here(
    people: Persons, migrant: NDArray[np.bool_], parameters: Mapping[str, float], random: RandomNumbers
) -> Ints:
    """Return months lived in the present zone: since birth for natives, a few years for those who moved."""
    scale = np.where(
        people.resident, parameters["synthesis.migrant_stay_months"], parameters["synthesis.absence_months"]
    )
    moved = np.minimum(-scale * np.log1p(-random.uniform(people.size)), people.age).astype(np.int64)
    return np.where(migrant | ~people.resident, moved, people.age)


def origin_zone(registration: Registration) -> Ints:
    """Return the zone of registration, -1 for people registered in another county, shape (people,)."""
    return np.where(registration.elsewhere == 0, registration.zone.astype(np.int64), -1)
