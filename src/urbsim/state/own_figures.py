"""Where figures that are given for a county enter the start of a run, in place of the model's estimates.

Rule. A figure of the whole county is divided between zones as the estimate is. What the model measures relative to the
start (crowding in hospitals, posts per worker) is then relative to the figure given; school places, vacant posts,
dwellings, pay and money count as they are. Budget and debt enter with the county governments, the registered
population with the people.
"""

from __future__ import annotations

import numpy as np

from urbsim.arrays import Floats
from urbsim.codes import COUNTY_ZONES, SCHOOL_STAGES, Sector, Zone
from urbsim.quantities.environment import Environment
from urbsim.region.figures import CountyFigures
from urbsim.state.places import EmployerStocks, Places
from urbsim.state.tally import Tally

_HEALTH = ("beds", "doctors", "nurses")


def own_pay(employers: EmployerStocks, own: CountyFigures) -> None:
    """Set the wages of sectors that are given; zones keep their proportions."""
    for sector in Sector:
        seat = employers.wage[:, Zone.SEAT, sector]
        factor = own.over(f"{sector.name.lower()}_wage", seat) / seat
        employers.wage[:, :, sector] *= factor[:, None]


def own_stocks(
    places: Places, environment: Environment, tally: Tally, weight: float, own: CountyFigures, old_share: float
) -> None:
    """Set posts, school places, dwellings, beds and staff that are given.

    Parameters
    ----------
    places, environment
        Stocks as estimated, and quantities before any policy; both are changed.
    tally, weight
        Who is there at the start, and persons per person counted.
    own
        The figures given.
    old_share
        Share of dwellings that is old.
    """
    for sector in Sector:
        posts = places.employers.posts[:, :, sector]
        home = Zone.VILLAGE if sector is Sector.FARM else Zone.SEAT
        places.employers.posts[:, :, sector] = _shared(posts, own[f"{sector.name.lower()}_posts"], home)
    for number, stage in enumerate(SCHOOL_STAGES):
        _own_school_places(places, number, tally, weight, own[f"{stage.name.lower()}_places"])
    _own_dwellings(places, own, old_share)
    residents = np.maximum(tally.residents * weight, 1.0)
    for name in _HEALTH:
        stock: Floats = getattr(places.hospitals, name)
        stock[...] = own.over(name, stock)
        per_thousand = environment.quantities[f"{name}_per_thousand"]
        given = own[name] * 1000.0 / residents
        per_thousand.set_base(np.where(np.isnan(given), per_thousand.base, given))
    environment.reset()


def _shared(estimate: Floats, total: Floats, home: int) -> Floats:
    """Return a total, shape (C,), divided between zones (C, 3) as the estimate is; all at ``home`` where that is 0."""
    whole = estimate.sum(axis=1)
    alone = np.zeros_like(estimate)
    alone[:, home] = 1.0
    shares = np.where(whole[:, None] > 0.0, estimate / np.maximum(whole, 1e-9)[:, None], alone)
    return np.where(np.isnan(total)[:, None], estimate, shares * total[:, None])


def _own_school_places(places: Places, stage: int, tally: Tally, weight: float, total: Floats) -> None:
    """Set the places of a stage; where pupils are more than places, families see the chance that is left."""
    places.schools.places[:, :, stage] = _shared(places.schools.places[:, :, stage], total, Zone.SEAT)
    pupils = tally.pupils[:, :, stage] * weight
    chance = np.minimum(places.schools.places[:, :, stage] / np.maximum(pupils, 1.0), 1.0)
    given = ~np.isnan(total)
    places.schools.chance[given, :, stage] = np.where(pupils > 0.0, chance, 1.0)[given][:, :, None]


def _own_dwellings(places: Places, own: CountyFigures, old_share: float) -> None:
    """Set the dwellings of zones that are given, and divide what is left of a county's total between the others.

    Pressure on prices stays relative to the usual vacancies: where more stand empty, prices are lower, nobody builds.
    """
    estimate = places.housing.dwellings
    by_zone = np.stack([own[f"{Zone(zone).name.lower()}_dwellings"] for zone in COUNTY_ZONES], axis=1)
    total, known = own["dwellings"], ~np.isnan(by_zone)
    rest = np.maximum(total - np.nansum(by_zone, axis=1), 0.0)
    others = np.where(known, 0.0, estimate)
    divided = others * (rest / np.maximum(others.sum(axis=1), 1e-9))[:, None]
    places.housing.dwellings = np.where(known, by_zone, np.where(np.isnan(total)[:, None], estimate, divided))
    places.infrastructure.old_dwellings = old_share * places.housing.dwellings
