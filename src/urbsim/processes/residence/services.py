"""What policies on services and protection change about where people want to live; all of it 0 without a policy.

Terms added to the utility of a destination d:

  childcare.weight x G_d per child under three (at most two)          G_d, E_d: share who have a place thanks to
  + eldercare.weight x E_d [from 65]                                   policies, see ``urbsim.state.services``
  + alpha ln(1 + grant_d / (12 years income_d)) [from 16, outside, back to the county of registration]
  + land mu / 10 x min(1, payment / value of the land) [leaves the village, not certified]

and the tie to a parent in the county shrinks: care x (1 - pension.relief x min(1, pension / living cost) [parent from
60, registered there]) x (1 - eldercare.relief x E [parent from 65]), with pension and E of the zone where the parent
lives. What is the same for everybody, staff in health care and the quality of everyday services, is in ``constants``.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from urbsim.arrays import Floats, anything
from urbsim.codes import COUNTY_ZONES, Zone
from urbsim.kernels import inlined
from urbsim.months import year_of
from urbsim.population import Households, People, months_old, years_old
from urbsim.processes.residence.constants import by_destination
from urbsim.processes.residence.destinations import DESTINATIONS, OTHER_SEAT, VILLAGE, home_county
from urbsim.records import record
from urbsim.state.attraction import Attraction
from urbsim.state.services import childcare_gain, eldercare_gain
from urbsim.state.tally import ADULT_AGE, INFANT_END, OLD_AGE, PENSION_AGE
from urbsim.state.world import World

_ZONE_NEAR = int(Zone.NEAR)
_MOST_CHILDREN = 2
_LOWEST_INCOME = 500.0  # yuan a month that a grant is held against at least


@record
class ServiceTables(NamedTuple):
    """What policies change at each destination this month; C counties, 7 destinations."""

    active: bool  # false where none of the rest is at work
    month: int
    childcare: Floats  # (C, 7) share of children under three with a place thanks to policies
    eldercare: Floats  # (C, 7) the same of people of 65 and over
    pension_relief: Floats  # (C, 3) part of the tie to a parent of 60 and over, by the parent's zone
    eldercare_relief: Floats  # (C, 3) the same for a parent of 65 and over
    grant: Floats  # (C, 7) yuan a month over the horizon, for people who return
    exit_payment: Floats  # (C,) mu of land that the payment for giving up land is worth


def service_tables(world: World, month: int, mean: Attraction) -> ServiceTables:
    """Return what policies change; ``mean`` averages over the seats of other counties."""
    provision, environment = world.places.provision, world.environment
    bringers = (provision.childcare_added, provision.eldercare_added, provision.eldercare_space_added)
    offers = (environment.pension, environment.return_grant, environment.land_exit_payment)
    if not any(anything(added) for added in bringers) and not any(anything(offer.values) for offer in offers):
        return world.known(_nothing)._replace(month=month)
    values = world.values
    childcare = by_destination(childcare_gain(world), mean)
    old_gain = eldercare_gain(world)
    living_cost = values[f"start.parent_living_cost_{year_of(world.start)}"]
    relief = values["pension.relief"] * np.minimum(environment.pension.values / living_cost, 1.0)
    grant = np.zeros_like(childcare)
    grant[:, :OTHER_SEAT] = environment.return_grant.values / (12.0 * values["returning.horizon_years"])
    exit_payment = environment.land_exit_payment.values * environment.land_exit_access.values
    exit_payment = exit_payment / values["land.value_per_mu"]
    eldercare_relief = values["eldercare.relief"] * old_gain
    tables = (childcare, by_destination(old_gain, mean), relief, eldercare_relief, grant, exit_payment)
    return ServiceTables(any(anything(table) for table in tables), month, *tables)


def _nothing(world: World, _: int) -> ServiceTables:
    counties = len(world.codes)
    table, zones = np.zeros((counties, DESTINATIONS)), np.zeros((counties, len(COUNTY_ZONES)))
    return ServiceTables(False, 0, table, table, zones, zones, table, np.zeros(counties))


@inlined
def care_need(people: People, services: ServiceTables, parent: int) -> float:
    """Return the part of a tie to a parent living in the county that policies leave, from 1 down to 0."""
    if not services.active:
        return 1.0
    age = years_old(people.birth[parent], services.month)
    county, zone = people.county[parent], people.zone[parent]
    need = 1.0
    if age >= PENSION_AGE and people.registration[parent] == county:  # pensions go to the registered
        need -= services.pension_relief[county, zone]
    if age >= OLD_AGE:
        need *= 1.0 - services.eldercare_relief[county, zone]
    return float(need)


@inlined
def eldercare(services: ServiceTables, spot: tuple[int, int], age: int) -> float:
    """Return the chance of a place in elder care thanks to policies, for people of 65 and over."""
    return float(services.eldercare[spot[0], spot[1]]) if age >= OLD_AGE else 0.0


@inlined
def log_grant(
    people: People, services: ServiceTables, person: int, spot: tuple[int, int], age: int, income: float
) -> float:
    """Return by how much a grant for coming back raises expected income, in logarithms."""
    place, at = spot
    grant = services.grant[place, at]
    away = people.zone[person] >= _ZONE_NEAR or people.county[person] != place
    if grant > 0.0 and away and people.registration[person] == place and age >= ADULT_AGE:
        return float(np.log(1.0 + grant / max(income, _LOWEST_INCOME)))
    return 0.0


@inlined
def land_made_up_for(
    people: People, households: Households, services: ServiceTables, person: int, spot: tuple[int, int]
) -> float:
    """Return the land at risk on leaving the village that a payment for giving it up makes up for, in 10 mu."""
    h, home = people.household[person], home_county(people, person)
    payment = services.exit_payment[home]
    if payment <= 0.0 or (spot[1] == VILLAGE and spot[0] == home) or people.urban_registered[person]:
        return 0.0
    mu = households.land[h]
    if households.certified[h] or mu <= 0.0:
        return 0.0
    return float(mu / 10.0 * min(payment / mu, 1.0))


@inlined
def infants_placed(people: People, services: ServiceTables, mother: int, spot: tuple[int, int]) -> float:
    """Return how many of (at most two) children under three get a place at a destination thanks to policies."""
    if not services.active:
        return 0.0
    children = 0
    child = people.first_child[mother]
    while child >= 0 and children < _MOST_CHILDREN:
        children += people.alive[child] and months_old(people.birth[child], services.month) < INFANT_END * 12
        child = people.next_sibling[child]
    return float(children * services.childcare[spot[0], spot[1]])
