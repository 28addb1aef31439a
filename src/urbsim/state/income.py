"""What people live on beside wages, and what the residents of a zone have to spend.

Amounts of the registry are yuan at the local wage of 2010 and grow with the local wages of the tables and their trend,
so that they keep their part in a villager's income.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from urbsim.arrays import Floats
from urbsim.codes import Group, Work, Zone
from urbsim.months import CENSUS_YEARS, year_of
from urbsim.state.pay import outside_wages
from urbsim.state.world import World

_JOBS = slice(int(Work.FARM), int(Work.SERVICES) + 1)


class BesideWages(NamedTuple):
    """Income that is not earned at work, yuan a person and month."""

    own_produce: float  # of those at home in villages
    transfers: float  # of those at home who are registered as rural


def beside_wages(world: World) -> BesideWages:
    """Return this month's amounts."""
    values = world.values
    grown = values[f"start.wage_{year_of(world.start)}"] / values[f"start.wage_{CENSUS_YEARS[0]}"]
    grown *= float(world.trends.pay[0])
    return BesideWages(values["income.own_produce"] * grown, values["income.transfers"] * grown)


def zone_income(world: World) -> Floats:
    """Return what the residents of the zones have to spend, yuan a month at the wages of the start, shape (C, 3).

    Wages, own produce, transfers, pensions and rent subsidies of policies, and what villagers away send home. It is
    held against the trend of wages, so that pay that grows as ever makes no posts.
    """
    tally, environment, amounts = world.tally, world.environment, beside_wages(world)
    income = (tally.work[:, :, _JOBS] * world.places.employers.wage).sum(axis=2)
    income += tally.groups[:, :, Group.LOCAL_RURAL] * amounts.transfers
    income[:, Zone.VILLAGE] += tally.stocks[:, Zone.VILLAGE] * amounts.own_produce
    income += tally.pensioners * environment.pension.values
    income += (tally.tenants * environment.rent_subsidy.values).sum(axis=2) / 12.0
    away = np.maximum(tally.away.sum(axis=1), 1)
    sent = (tally.away @ outside_wages(world)) / away * world.values["outside.employment"]
    income[:, Zone.VILLAGE] += tally.village_adults_away * sent * world.values["housing.remitted_share"]
    return np.asarray(income * world.weight / world.trends.pay)
