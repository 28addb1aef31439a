"""What people live on: the income of households, and what the residents of a zone have to spend.

Beside wages there are own produce, transfers, pensions of policies, what members away send home, and the rent of
contracted land that a household without a farm worker rents out. Rent is paid by the county's farm workers, all alike,
so that nothing comes from nowhere. Amounts of the registry are yuan at the local wage of a year and grow with the wages
of the tables and their trend: they keep their part in a villager's income.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from urbsim.arrays import Floats, Ints, Mask
from urbsim.codes import Group, Sector, Work, Zone
from urbsim.kernels import people_kernel, whole
from urbsim.months import CENSUS_YEARS, year_of
from urbsim.population import Households, People, months_old
from urbsim.randomness import Decision, uniform
from urbsim.records import record
from urbsim.state.pay import outside_wages
from urbsim.state.tally import PENSION_AGE
from urbsim.state.world import World
from urbsim.threads import part_of, put_together, side_by_side

_JOBS = slice(int(Work.FARM), int(Work.SERVICES) + 1)
_FARM, _NEAR = int(Work.FARM), int(Zone.NEAR)
_MOST_RENT = 0.5  # of what farm work pays


@record
class Sources(NamedTuple):
    """Income that is not earned at work, yuan a month; C counties."""

    own_produce: float  # a head, at home in a village household with land
    transfers: float  # a head, at home and registered there as rural
    pension: Floats  # (C, 3) a head, from 60 and registered in the county
    remitted_share: float  # of the earnings of members away
    rent: Floats  # (C,) a mu that is rented out
    rent_paid: Floats  # (C,) a farm worker


@record
class HouseholdsFound(NamedTuple):
    """What is found of every household."""

    income: Floats  # yuan a month
    members: NDArray[np.uint8]  # somebody is left, at home or away
    farmers: NDArray[np.uint8]  # a farm worker is at home


@record
class Tenancy(NamedTuple):
    """How households let land this month, and what comes of it."""

    certified: float  # chance of a household without a farm worker
    uncertified: float  # the same, of land that is not certified
    stream: np.uint64
    change: Floats  # (C,) mu let more than before, of the sample


def amount_of(world: World, name: str, year: int) -> float:
    """Return this month's value of an amount that the registry gives at the local wage of ``year``."""
    grown = world.values[f"start.wage_{year_of(world.start)}"] / world.values[f"start.wage_{year}"]
    return float(world.values[name] * grown * world.trends.pay[0])


def rent_per_mu(world: World) -> float:
    """Return what a mu of contracted land is let for, yuan a month."""
    return amount_of(world, "land.rent_per_mu", CENSUS_YEARS[1]) / 12.0


def sources(world: World) -> Sources:
    """Return this month's income beside wages."""
    farmers = world.tally.work[:, :, Work.FARM].sum(axis=1) * world.weight
    rented = world.places.land.rented
    most = _MOST_RENT * world.places.employers.wage[:, Zone.VILLAGE, Sector.FARM] * farmers
    paid = np.minimum(rent_per_mu(world) * rented, most)
    return Sources(
        amount_of(world, "income.own_produce", CENSUS_YEARS[0]),
        amount_of(world, "income.transfers", CENSUS_YEARS[0]),
        world.environment.pension.values,
        world.values["housing.remitted_share"],
        np.divide(paid, rented, out=np.zeros_like(paid), where=rented > 0.0),
        np.divide(paid, farmers, out=np.zeros_like(paid), where=farmers > 0.0),
    )


def zone_income(world: World) -> Floats:
    """Return what the residents of the zones have to spend, yuan a month at the wages of the start, shape (C, 3).

    Work counts at the trend of its pay: what more labour loses of it goes to those who own the capital, and is spent as
    well. All is held against that trend, so that pay that grows as ever makes no posts.
    """
    tally, environment = world.tally, world.environment
    income = (tally.work[:, :, _JOBS] * world.places.employers.first_wage * world.trends.wages).sum(axis=2)
    income += tally.groups[:, :, Group.LOCAL_RURAL] * amount_of(world, "income.transfers", CENSUS_YEARS[0])
    produce = amount_of(world, "income.own_produce", CENSUS_YEARS[0])
    income[:, Zone.VILLAGE] += tally.stocks[:, Zone.VILLAGE] * produce
    income += tally.pensioners * environment.pension.values
    income += (tally.tenants * environment.rent_subsidy.values).sum(axis=2) / 12.0
    away = np.maximum(tally.away.sum(axis=1), 1)
    sent = (tally.away @ outside_wages(world)) / away * world.values["outside.employment"]
    income[:, Zone.VILLAGE] += tally.village_adults_away * sent * world.values["housing.remitted_share"]
    return np.asarray(income * world.weight / world.trends.pay)


def household_income(world: World, month: int) -> Floats:
    """Return what every household lives on this month, yuan, shape (households,); 0 where nobody is left."""
    everybody = np.ones(world.population.households.size, dtype=bool)
    return _find(world, np.flatnonzero(everybody), _members_of(world, everybody), month).income


def _members_of(world: World, due: Mask) -> NDArray[np.int32]:
    people = world.population.people.view()
    rows = np.empty(people.key.size, dtype=np.int32)
    found = side_by_side(
        lambda first, last: _find_members(part_of(people, first, last), due, rows[first:last], first), rows.size
    )
    return rows[: put_together(rows, found)]


@people_kernel
def _find_members(people: People, due: Any, rows: Any, first: int) -> int:
    count = 0
    for i in range(people.key.size):
        rows[count] = first + i
        count += due[people.household[i]] & people.alive[i]
    return count


def renew_income(world: World, due: Mask, month: int) -> NDArray[np.int32]:
    """Let the households that are ``due`` rent their land out or farm it, and bring their income up to date.

    Return the rows of their living people, at home and away, in order, shape (found,).
    """
    households = world.population.households.view()
    homes, members = np.flatnonzero(due), _members_of(world, due)
    found = _find(world, homes, members, month)
    yearly = world.values["land.renting"]
    chances = np.array([yearly, yearly * world.values["land.uncertified_renting"]])
    if month == world.start:  # as many as have come to rent out over some years
        chances = 1.0 - (1.0 - chances) ** world.values["land.years_of_renting"]
    stream = world.randomness.stream(Decision.LAND_RENT, month)
    tenancy = Tenancy(float(chances[0]), float(chances[1]), stream, np.zeros(len(world.codes)))
    _let_land(households, homes, found, tenancy)
    world.places.land.rented += tenancy.change * world.weight
    households.income[homes] = found.income[homes]
    return members


def _find(world: World, homes: Ints, members: NDArray[np.int32], month: int) -> HouseholdsFound:
    """Return what is found of the households ``homes``, whose people are ``members``."""
    people, households, beside = world.population.people.view(), world.population.households.view(), sources(world)
    left, farmers = np.zeros((2, households.key.size), dtype=np.uint8)
    found = HouseholdsFound(np.zeros(households.key.size), left, farmers)
    _add_members(people, households, members, beside, found, month)
    rent = households.rented[homes] * beside.rent[households.county[homes]]
    found.income[homes] += np.where(left[homes] > 0, rent, 0.0)
    return found


@people_kernel
def _add_members(
    people: People, households: Households, rows: Any, beside: Sources, found: HouseholdsFound, month: int
) -> None:
    for row in rows:
        i = whole(row)
        h = whole(people.household[i])
        found.members[h] = 1
        zone, county = people.zone[i], people.county[i]
        if zone >= _NEAR:
            found.income[h] += beside.remitted_share * people.earnings[i]
            continue
        gained = float(people.earnings[i])
        if zone == 0 and households.land[h] > 0.0:
            gained += beside.own_produce
        if people.registration[i] == county:
            if people.urban_registered[i] == 0:
                gained += beside.transfers
            if months_old(people.birth[i], month) >= PENSION_AGE * 12:
                gained += beside.pension[county, zone]
        if people.work[i] == _FARM:
            found.farmers[h] = 1
            gained -= beside.rent_paid[county]
        found.income[h] += gained


@people_kernel
def _let_land(households: Households, homes: Any, found: HouseholdsFound, tenancy: Tenancy) -> None:
    """Settle for a year what each of the households rents out."""
    for h in homes:
        mu = households.land[h] if found.members[h] and not found.farmers[h] else 0.0
        if mu > 0.0 and households.rented[h] == 0.0:
            chance = tenancy.certified if households.certified[h] else tenancy.uncertified
            if uniform(tenancy.stream, households.key[h]) >= chance:
                mu = 0.0
        tenancy.change[households.county[h]] += mu - households.rented[h]
        households.rented[h] = mu
