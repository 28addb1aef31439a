"""What programmes of services and protection change about where people want to live; all of it 0 without a programme.

Terms added to the utility of a destination d:

  childcare.weight x G_d per child under three (at most two)          G_d, E_d: share who have a place thanks to
  + eldercare.weight x E_d [from 65]                                   programmes, see ``urbsim.state.services``
  + alpha ln(1 + grant_d / (12 years income_d)) [working age, outside, back to the county of registration]
  + land mu / 10 x min(1, payment / value of the land) [leaves the village, not certified]
  + health.staffing x staff_c + services.weight ln(quality_d / base)   for everybody, in the county

and the tie to a parent in the county shrinks: care x (1 - pension.relief x min(1, pension / living cost) [parent from
60]) x (1 - eldercare.relief x E [parent from 65]), with pension and E of the zone where the parent lives.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from urbsim.arrays import Floats
from urbsim.codes import Zone
from urbsim.kernels import inlined
from urbsim.months import year_of
from urbsim.population import Households, People
from urbsim.state.services import childcare_gain, eldercare_gain, staffing_gain
from urbsim.state.world import World

_SEAT, _OTHER_SEAT, _NEAR, _DESTINATIONS = 2, 3, 4, 6
_ZONE_NEAR = int(Zone.NEAR)
_INFANT_END, _ADULT_AGE, _PENSION_AGE, _OLD_AGE = 3, 16, 60, 65


class ServiceTables(NamedTuple):
    """What programmes change at each destination this month; C counties, 6 destinations."""

    active: bool  # false where none of the rest is at work
    month: int
    childcare: Floats  # (C, 6) utility per child under three
    eldercare: Floats  # (C, 6) utility of people of 65 and over
    pension_relief: Floats  # (C, 3) part of the tie to a parent of 60 and over, by the parent's zone
    eldercare_relief: Floats  # (C, 3) the same for a parent of 65 and over
    grant: Floats  # (C, 6) yuan a month over the horizon, for people who return
    exit_payment: Floats  # (C,) mu of land that the payment for giving up land is worth


def service_tables(world: World, month: int, mean: Floats) -> ServiceTables:
    """Return what programmes change; ``mean`` averages over the seats of other counties, (C, C)."""
    values, environment = world.values, world.environment
    childcare = _by_destination(values["childcare.weight"] * childcare_gain(world), mean)
    old_gain = eldercare_gain(world)
    eldercare = _by_destination(values["eldercare.weight"] * old_gain, mean)
    living_cost = values[f"start.parent_living_cost_{year_of(world.start)}"]
    relief = values["pension.relief"] * np.minimum(environment.pension.values / living_cost, 1.0)
    grant = np.zeros_like(childcare)
    grant[:, :_OTHER_SEAT] = environment.return_grant.values / (12.0 * values["returning.horizon_years"])
    exit_payment = environment.land_exit_payment.values * environment.land_exit_access.values
    exit_payment = exit_payment / values["land.value_per_mu"]
    tables = (childcare, eldercare, relief, values["eldercare.relief"] * old_gain, grant, exit_payment)
    return ServiceTables(any(bool(table.any()) for table in tables), month, *tables)


def _by_destination(zones: Floats, mean: Floats) -> Floats:
    """Return values of the zones, shape (C, 3), by destination: 0 outside, the mean of their seats for others."""
    table = np.zeros((len(zones), _DESTINATIONS))
    table[:, :_OTHER_SEAT] = zones
    table[:, _OTHER_SEAT] = mean @ zones[:, _SEAT]
    return table


def places_constant(world: World) -> Floats:
    """Return what services are worth to everybody in a zone, relative to no programme, shape (C, 3)."""
    quality = world.environment.service_quality
    better = np.log(np.maximum(quality.values, 1e-3) / np.maximum(quality.base, 1e-3))
    staff = world.values["health.staffing"] * staffing_gain(world)
    return np.asarray(world.values["services.weight"] * better + staff[:, None])


def with_entitlement(world: World, access: Floats) -> Floats:
    """Return access to what registration gives, (C, 3, 3), raised for residents entitled to services without it."""
    opened = world.values["registration.services_share"] * world.environment.service_entitlement.values
    return np.asarray(access + opened * (1.0 - access))


@inlined
def care_need(people: People, s: ServiceTables, parent: int) -> float:
    """Return the part of a tie to a parent living in the county that programmes leave, from 1 down to 0."""
    if not s.active:
        return 1.0
    age = (s.month - people.birth[parent]) // 12
    county, zone = people.county[parent], people.zone[parent]
    need = 1.0
    if age >= _PENSION_AGE:
        need -= s.pension_relief[county, zone]
    if age >= _OLD_AGE:
        need *= 1.0 - s.eldercare_relief[county, zone]
    return float(need)


@inlined
def adult_services(
    people: People,
    households: Households,
    s: ServiceTables,
    alpha: float,
    land: float,
    person: int,
    destination: int,
    age: int,
    income: float,
) -> float:
    """Return what programmes add to one adult's utility of a destination."""
    if not s.active:
        return 0.0
    county = people.county[person]
    value = 0.0
    if age >= _OLD_AGE:
        value += s.eldercare[county, destination]
    grant = s.grant[county, destination]
    returns = people.zone[person] >= _ZONE_NEAR and people.registration[person] == county
    if grant > 0.0 and returns and _ADULT_AGE <= age < _PENSION_AGE:
        value += alpha * np.log(1.0 + grant / max(income, 500.0))
    h = people.household[person]
    if s.exit_payment[county] > 0.0 and destination > 0 and not people.urban_registered[person]:
        mu = households.land[h]
        if not households.certified[h] and mu > 0.0:
            value += land * mu / 10.0 * min(s.exit_payment[county] / mu, 1.0)
    return float(value)


@inlined
def childcare_utility(people: People, s: ServiceTables, mother: int, destination: int) -> float:
    """Return what programmes of childcare are worth at a destination to a mother of (at most two) children under 3."""
    if not s.active:
        return 0.0
    children = 0
    child = people.first_child[mother]
    while child >= 0 and children < 2:
        children += people.alive[child] and s.month - people.birth[child] < _INFANT_END * 12
        child = people.next_sibling[child]
    return float(children * s.childcare[people.county[mother], destination])
