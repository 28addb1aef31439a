"""What work pays: wages as they are paid out, by schooling and registration, in the county and outside it."""

from __future__ import annotations

import numpy as np

from urbsim.arrays import Floats, Ints, remembered
from urbsim.codes import COUNTY_ZONES, Group, Schooling, Sector, Work, Zone
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
    return _paid_wages(world.places.employers.wage, arrears.values, arrears.base, loss)


@remembered
def _paid_wages(wage: Floats, arrears: Floats, usual: Floats, loss: float) -> Floats:
    kept = (1.0 - loss * arrears) / (1.0 - loss * usual)
    paid = wage.copy()
    paid[:, :, _NON_FARM] *= kept[:, :, None]
    return paid


def expected_wages(world: World) -> Floats:
    """Return what somebody of junior secondary schooling can expect outside farming, yuan a month, shape (C, 3).

    Posts per worker or job seeker, at most 1, times the mean wage.
    """
    return _expected_wages(world.places.employers.posts, paid_wages(world), world.tally.work, world.weight)


@remembered
def _expected_wages(posts: Floats, paid: Floats, work: Ints, weight: float) -> Floats:
    supply = np.maximum(work[:, :, Work.INDUSTRY :].sum(axis=2) * weight, 1.0)
    posts = posts[:, :, _NON_FARM]
    offered = posts.sum(axis=2)
    wage = (posts * paid[:, :, _NON_FARM]).sum(axis=2) / np.maximum(offered, 1e-9)
    return np.asarray(np.minimum(offered / supply, 1.0) * wage)


def migrants_to_locals(tally: Tally) -> Floats:
    """Return ln of the workers of towns and seat who are not registered there as urban to those who are, shape (C,)."""
    return _mix(tally.at_work)


def _mix(at_work: Ints) -> Floats:
    local, others = at_work.T + float(_FEW)
    return np.asarray(np.log(others / local))


def group_factors(world: World) -> Floats:
    """Return pay outside farming relative to the zone's wage by registration group, shape (C, 3 zones, 3 groups).

    In towns and seat those who are not registered there as urban do other work than those who are. The more they become
    relative to the start, the less they are paid beside them; the mean of all stays the zone's wage.
    """
    if not world.feedback("wages"):
        return np.ones((len(world.codes), len(COUNTY_ZONES), len(Group)))
    return _group_factors(world.tally.at_work, world.first_mix, world.values["employment.migrant_substitution"])


@remembered
def _group_factors(at_work: Ints, first_mix: Floats, substitution: float) -> Floats:
    factors = np.ones((len(at_work), len(COUNTY_ZONES), len(Group)))
    others = np.exp(-substitution * (_mix(at_work) - first_mix))
    share = at_work[:, 1] / np.maximum(at_work.sum(axis=1), 1)
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
    wage = world.places.employers.wage
    return _village_mix_of(world.tally.work, wage, expected_wages(world), skill_factors(world))


@remembered
def _village_mix_of(work: Ints, wage: Floats, expected: Floats, skill: Floats) -> Floats:
    work = work[:, Zone.VILLAGE]
    farming = work[:, Work.FARM] / np.maximum(work[:, Work.FARM :].sum(axis=1), 1)
    farm = farming * wage[:, Zone.VILLAGE, Sector.FARM]
    other = (1.0 - farming) * expected[:, Zone.VILLAGE]
    return np.asarray(farm[:, None] + other[:, None] * skill)


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
    return world.known(_first_outside_wages) * world.trends.outside_wages


def _first_outside_wages(world: World, _: int) -> Floats:
    base = year_of(world.start)
    return np.array([world.values[f"start.wage_{name}_{base}"] for name in ("near", "far")])


def outside_earnings(world: World) -> Floats:
    """Return the monthly earnings by schooling near and far this month, yuan, shape (2, 5)."""
    return np.asarray(outside_wages(world)[:, None] * world.known(_skill)[1])
