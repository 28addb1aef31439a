"""What households hold: contracted land and its certificate, homestead, dwelling in town or seat, savings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from urbsim.arrays import Floats, Mask
from urbsim.codes import Tenure, Zone
from urbsim.region.margins import Margins
from urbsim.region.sampling import RandomNumbers, pick


@dataclass
class Holdings:
    """Columns of households: mu of land, flags, tenure code, yuan of savings."""

    land: Floats
    certified: Mask
    homestead: Mask
    tenure: NDArray[np.uint8]
    savings: Floats


class Homes(NamedTuple):
    """What the holdings of households depend on; all by household."""

    zone: NDArray[np.uint8]
    rural: Mask  # registered in a village of the county
    elsewhere: Mask  # not registered where they live
    occupied: Mask  # with resident members
    earners: NDArray[np.int64]  # resident members who work outside farming


def endow(homes: Homes, margins: Margins, parameters: Mapping[str, float], random: RandomNumbers) -> Holdings:
    """Return the holdings of households.

    Rural households hold land and a
    homestead wherever they live. The rented share of the county's households is placed among those who live in town
    or seat, migrants first and those with two earners last, most of whom have been able to buy; the others there own.
    """
    zone, rural = homes.zone, homes.rural
    spread = _bell(random, zone.size)
    deviation = parameters["synthesis.land_deviation"]
    land = parameters["synthesis.land_per_household"] * np.exp(deviation * spread - deviation**2 / 2)
    certified = random.uniform(zone.size) < parameters[f"synthesis.certified_share_{margins.census}"]
    urban = zone != Zone.VILLAGE
    median = np.where(urban, parameters["synthesis.savings_urban"], parameters["synthesis.savings_village"])
    savings = median * np.exp(parameters["synthesis.savings_deviation"] * _bell(random, zone.size))
    if margins.census == 2010:
        savings *= parameters["synthesis.savings_2010_ratio"]
    odds = np.where(homes.elsewhere, parameters["synthesis.migrant_renting_odds"], 1.0)
    odds *= np.where(homes.earners > 1, parameters["synthesis.earners_renting_odds"], 1.0)
    renting = pick(random, urban * homes.occupied * odds, margins.rented_share * margins.households)
    tenure = np.where(renting, Tenure.RENTS, np.where(urban, Tenure.OWNS, Tenure.NONE)).astype(np.uint8)
    return Holdings(land * rural, certified & rural, rural, tenure, savings)


def _bell(random: RandomNumbers, count: int) -> Floats:
    """Return standard normal numbers."""
    from scipy.special import ndtri  # takes long to load

    draws_in_unit = random.uniform(count)
    return np.asarray(ndtri(np.clip(draws_in_unit, 1e-12, 1.0 - 1e-12)), dtype=float)
