"""What work pays: wages as they are paid out, by schooling, in the county and outside it."""

from __future__ import annotations

import numpy as np

from urbsim.arrays import Floats
from urbsim.codes import Schooling, Sector
from urbsim.months import year_of
from urbsim.state.world import World

_NON_FARM = slice(int(Sector.INDUSTRY), None)


def paid_wages(world: World) -> Floats:
    """Return the monthly wage as it is paid out, shape (C, 3, 3): more where fewer wages are held back than usual.

    Wages of the tables are as paid at the usual chance of arrears, so the factor is 1 without a policy.
    """
    arrears, loss = world.environment.wage_arrears, world.values["employment.arrears_loss"]
    kept = (1.0 - loss * arrears.values) / (1.0 - loss * arrears.base)
    wage = world.places.employers.wage.copy()
    wage[:, :, _NON_FARM] *= kept[:, :, None]
    return wage


def skill_factors(world: World) -> Floats:
    """Return earnings by schooling relative to junior secondary, shape (C, 5): college pays more in cities."""
    county, city = _skill(world)
    return np.where((world.rows["kind"] == "district").to_numpy()[:, None], city, county)


def _skill(world: World) -> tuple[Floats, Floats]:
    """Return earnings by schooling relative to junior secondary in counties and in cities, each of shape (5,)."""
    years = np.array([-6.0, -3.0, 0.0, 3.0, 6.5])  # years of school relative to junior secondary
    county = np.exp(world.values["employment.return_to_schooling"] * years)
    city = county.copy()
    city[Schooling.COLLEGE] *= np.exp(world.values["employment.city_college_premium"])
    return county, city


def outside_wages(world: World) -> Floats:
    """Return the monthly wage (junior secondary) near and far this month, yuan, shape (2,)."""
    base = year_of(world.start)
    return (
        np.array([world.values[f"start.wage_{name}_{base}"] for name in ("near", "far")]) * world.trends.outside_wages
    )


def outside_earnings(world: World) -> Floats:
    """Return the monthly earnings by schooling near and far this month, yuan, shape (2, 5)."""
    return np.asarray(outside_wages(world)[:, None] * _skill(world)[1])
