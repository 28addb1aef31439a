"""What work pays: wages as they are paid out, by schooling and registration, in the county and outside it."""

from __future__ import annotations

import numpy as np

from urbsim.arrays import Floats
from urbsim.codes import COUNTY_ZONES, Group, Schooling, Sector, Zone
from urbsim.months import year_of
from urbsim.state.tally import Tally
from urbsim.state.world import World

_NON_FARM = slice(int(Sector.INDUSTRY), None)
_FEW = 20  # workers of the sample added to each group: the proportion of a handful tells little


def paid_wages(world: World) -> Floats:
    """Return the monthly wage as it is paid out, shape (C, 3, 3): more where fewer wages are held back than usual.

    Wages of the tables are as paid at the usual chance of arrears, so the factor is 1 without a policy.
    """
    arrears, loss = world.environment.wage_arrears, world.values["employment.arrears_loss"]
    kept = (1.0 - loss * arrears.values) / (1.0 - loss * arrears.base)
    wage = world.places.employers.wage.copy()
    wage[:, :, _NON_FARM] *= kept[:, :, None]
    return wage


def expected_wages(world: World) -> Floats:
    """Return what somebody of junior secondary schooling can expect outside farming, yuan a month, shape (C, 3).

    Posts per worker or job seeker, at most 1, times the mean wage.
    """
    supply = np.maximum(world.tally.work[:, :, 2:].sum(axis=2) * world.weight, 1.0)
    posts = world.places.employers.posts[:, :, _NON_FARM]
    wage = (posts * paid_wages(world)[:, :, _NON_FARM]).sum(axis=2) / np.maximum(posts.sum(axis=2), 1e-9)
    return np.asarray(np.minimum(posts.sum(axis=2) / supply, 1.0) * wage)


def migrants_to_locals(tally: Tally) -> Floats:
    """Return ln of the workers of towns and seat who are not registered there as urban to those who are, shape (C,)."""
    local, others = tally.at_work.T + float(_FEW)
    return np.asarray(np.log(others / local))


def group_factors(world: World) -> Floats:
    """Return pay outside farming relative to the zone's wage by registration group, shape (C, 3 zones, 3 groups).

    In towns and seat those who are not registered there as urban do other work than those who are. The more they become
    relative to the start, the less they are paid beside them; the mean of all stays the zone's wage.
    """
    factors = np.ones((len(world.codes), len(COUNTY_ZONES), len(Group)))
    if world.feedback("wages"):
        change = migrants_to_locals(world.tally) - world.first_mix
        others = np.exp(-world.values["employment.migrant_substitution"] * change)
        share = world.tally.at_work[:, 1] / np.maximum(world.tally.at_work.sum(axis=1), 1)
        local = 1.0 / (share * others + 1.0 - share)
        factors[:, Zone.TOWN :, Group.LOCAL_URBAN] = local[:, None]
        factors[:, Zone.TOWN :, Group.LOCAL_RURAL :] = (local * others)[:, None, None]
    return factors


def village_earnings(world: World) -> Floats:
    """Return expected earnings in the village by schooling, yuan a month, shape (C, 5).

    The censuses do not tell their level: the question on farm work changed between them. The level of the start is
    that of the registry, the same in all counties (what a county differs by is in its own constants); from there
    earnings follow the county's mix of farm and other work, and villages' gain on towns over time.
    """
    return np.asarray(world.village_level[:, None] * world.trends.village * _village_mix(world))


def village_level(world: World) -> Floats:
    """Return by what the mix of the start is multiplied to give the registry's level of the start, shape (C,)."""
    wage = world.places.employers.wage[:, Zone.SEAT, Sector.INDUSTRY]
    mix = _village_mix(world)[:, Schooling.JUNIOR]
    # Where a small sample holds next to no villager at work, the mix tells nothing.
    return np.asarray(world.values[f"start.village_earnings_{year_of(world.start)}"] * wage / np.maximum(mix, wage / 4))


def _village_mix(world: World) -> Floats:
    """Return earnings by schooling as the census and the model count work: farmers earn alike, others by schooling."""
    work = world.tally.work[:, Zone.VILLAGE]
    farming = work[:, Sector.FARM + 1] / np.maximum(work[:, 1:].sum(axis=1), 1)
    farm = farming * world.places.employers.wage[:, Zone.VILLAGE, Sector.FARM]
    other = (1.0 - farming) * expected_wages(world)[:, Zone.VILLAGE]
    return np.asarray(farm[:, None] + other[:, None] * skill_factors(world))


def skill_factors(world: World) -> Floats:
    """Return earnings by schooling relative to junior secondary, shape (C, 5): college pays more in cities."""
    return world.known(_skill_factors)


def _skill_factors(world: World, _: int) -> Floats:
    county, city = world.known(_skill)
    return np.where(world.districts[:, None], city, county)


def _skill(world: World, _: int) -> tuple[Floats, Floats]:
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
    return np.asarray(outside_wages(world)[:, None] * world.known(_skill)[1])
