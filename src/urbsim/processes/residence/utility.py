"""The utility of living somewhere: the terms of the residence choice.

For a deciding adult or couple, utility is averaged over the adults and compares destinations d:

  V_d = alpha ln(p_d w_d) - gamma ln(1 + km_d) - delta ln(1 + rent_d / income_d) [not owning at d]
      + sigma S_d [child 3-17] + h H_d + i R_d - lambda [leaves land] (1 - certified) land
      + kappa [mother in the county, from 35] + mu [single, 20-34] [owns a seat dwelling]
      - spouses apart - children left - children taken outside - cost of moving + home + amenity_d + zeta_d

with p_d w_d expected earnings, S_d the chance of a school place times its quality, H_d access to registration and
R_d the share of medical cost reimbursed less the local share. Distances are from the village of registration.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from urbsim.codes import Tenure, Zone
from urbsim.kernels import inlined
from urbsim.population import Households, People, years_old
from urbsim.processes.residence.offers import NEAR, OTHER_SEAT, SEAT, VILLAGE, Tables
from urbsim.processes.residence.services import care_need
from urbsim.state.tally import group_of, household_group
from urbsim.state.world import World

EARNING_AGE_END = 55
_OWNS, _PUBLIC, _ZONE_NEAR = int(Tenure.OWNS), int(Tenure.PUBLIC_RENTAL), int(Zone.NEAR)


class Weights(NamedTuple):
    """Parameters of the utility, all in utility points per unit of their term."""

    alpha: float
    gamma: float
    delta: float
    sigma: float
    hukou: float
    insurance: float
    land: float
    care: float
    marriage: float
    separation: float
    child_left: float
    child_away: float
    move: float
    home: float  # of the county of registration, for people away
    home_age: float  # added per ten years above 45
    village_age: float  # of the village of registration, per ten years above 45
    public_rent: float  # of public rental tenants who stay, as a share of the market rent
    nest: float  # dissimilarity of alternatives within a nest, in (0, 1]


def weights(world: World) -> Weights:
    """Return the utility's parameters this month."""
    return Weights(**{name: world.values[f"residence.{name}"] for name in Weights._fields})


@inlined
def destination_of(people: People, person: int) -> int:
    """Return the destination code of where a person lives now."""
    zone = people.zone[person]
    return int(zone if zone < _ZONE_NEAR else zone + 1)


@inlined
def expects_to_earn(people: People, person: int, age: int) -> bool:
    """Return whether somebody counts on earnings: who works or seeks work, and everybody under 55.

    Adults outside the labour force before that age take up work where there is some; the 2020 census counts many farm
    wives among them.
    """
    return bool(people.work[person] > 0 or age < EARNING_AGE_END)


@inlined
def expected_income(people: People, tables: Tables, person: int, destination: int, age: int) -> float:
    """Return what a person expects to earn at a destination, yuan a month; 0 for those past working."""
    if not expects_to_earn(people, person, age):
        return 0.0
    base = tables.earnings[people.county[person], destination, people.schooling[person]]
    return float(base * np.exp(people.trained[person])) if people.trained[person] > 0.0 else float(base)


@inlined
def _log_income(people: People, tables: Tables, person: int, destination: int, age: int) -> float:
    """Return the logarithm of expected income; 0 at every destination for those past working."""
    if not expects_to_earn(people, person, age):
        return 0.0
    skill = people.schooling[person]
    return float(tables.log_earnings[people.county[person], destination, skill] + people.trained[person])


@inlined
def adult_utility(people: People, w: Weights, tables: Tables, person: int, destination: int, age: int) -> float:
    """Return the terms of utility that belong to one adult at one destination."""
    county, registration = people.county[person], people.registration[person]
    if registration < 0 and destination > SEAT:
        return _stranger_at_home(people, w, tables, person, age)
    value = tables.constant[county, destination]
    value += w.alpha * _log_income(people, tables, person, destination, age)
    if registration == county:
        value -= w.gamma * _log_distance_from_home(people, tables, person, destination)
        value += _ties(people, w, tables, person, destination, age)
    elif registration >= 0:
        value += _away_in_the_world(w, tables, county, registration, destination)
    if destination < NEAR:
        value += w.hukou * tables.access[county, destination, _group_at(people, person, destination)]
    if destination != destination_of(people, person):
        value -= w.move
    return float(value)


@inlined
def _away_in_the_world(w: Weights, tables: Tables, county: int, registration: int, destination: int) -> float:
    """Return what staying or going on is worth beyond pay for somebody registered in another county of the world.

    Where such a person lives is a destination "other seats" of the county of registration, and is valued as that.
    """
    if destination == VILLAGE:
        return w.home  # stands for the village of registration
    seen = OTHER_SEAT if destination <= SEAT else destination
    value = tables.constant[registration, seen] - w.gamma * tables.log_distance[registration, VILLAGE, seen]
    return float(value - tables.constant[county, SEAT if destination <= SEAT else destination])


@inlined
def _log_distance_from_home(people: People, tables: Tables, person: int, destination: int) -> float:
    """Return ln(1 + km) between the zone of registration and a destination, for people registered in the county."""
    home = people.registered_zone[person]
    if destination == home:
        return 0.0
    if destination > SEAT:
        return float(tables.log_distance[people.county[person], home, destination])
    return float(tables.log_distance[people.county[person], min(destination, home), max(destination, home)])


@inlined
def _ties(people: People, w: Weights, tables: Tables, person: int, destination: int, age: int) -> float:
    """Return what binds somebody to the county of registration: home, parents, and medical insurance."""
    if destination > SEAT:
        # The uninsured have no reimbursement to lose; illness weighs more with age.
        insured = people.insurance[person] > 0
        return float(
            insured
            * w.insurance
            * tables.insurance[people.county[person], destination]
            * (1.0 + max(age - 45, 0) / 20.0)
        )
    value = w.home + w.home_age * max(age - 45, 0) / 10.0
    if destination == VILLAGE and people.registered_zone[person] == VILLAGE:
        value += w.village_age * max(age - 45, 0) / 10.0
    mother = people.mother[person]
    if age >= 35 and mother >= 0 and people.alive[mother] and people.zone[mother] < _ZONE_NEAR:
        value += w.care * care_need(people, tables.services, mother)
    return float(value)


@inlined
def _stranger_at_home(people: People, w: Weights, tables: Tables, person: int, age: int) -> float:
    """Return the value of going back for somebody registered outside the world: pay there is that of a village."""
    value = w.home + w.home_age * max(age - 45, 0) / 10.0 - w.move
    return float(value + w.alpha * _log_income(people, tables, person, VILLAGE, age))


@inlined
def _group_at(people: People, person: int, destination: int) -> int:
    """Return the registration group somebody would have at a destination."""
    return 2 if destination == OTHER_SEAT else group_of(people, person)


@inlined
def group_at(people: People, households: Households, person: int, partner: int, destination: int) -> int:
    """Return the registration group of the household somebody would live in at a destination.

    At home it is the household's; where people go it will be that of the first adult among them, which is how
    households are counted. ``partner`` is the spouse who goes along, -1 for none.
    """
    if destination == OTHER_SEAT:
        return 2
    if destination == households.zone[people.household[person]]:
        return household_group(people, households, person)
    return group_of(people, person if partner < 0 else min(person, partner))


@inlined
def housing_utility(
    people: People,
    households: Households,
    w: Weights,
    tables: Tables,
    person: int,
    group: int,
    destination: int,
    income: float,
) -> float:
    """Return the burden of housing at a destination (not positive): rent against expected income, 0 for owners.

    ``group`` is the registration group of the household at the destination.
    """
    h = people.household[person]
    if destination == VILLAGE and households.homestead[h]:
        return 0.0
    if destination < OTHER_SEAT and households.tenure[h] == _OWNS and destination > VILLAGE:
        return 0.0
    rent = tables.rent[people.county[person], destination, group]
    if households.tenure[h] == _PUBLIC and destination == households.zone[h]:
        rent = w.public_rent * tables.market_rent[people.county[person], destination]
    return float(-w.delta * np.log(1.0 + rent / max(income, 500.0)))


@inlined
def land_utility(people: People, households: Households, w: Weights, person: int, destination: int) -> float:
    """Return the expected loss of contracted land on leaving the village (not positive)."""
    h = people.household[person]
    if destination == VILLAGE or households.certified[h] or people.urban_registered[person]:
        return 0.0
    return float(-w.land * households.land[h] / 10.0)


@inlined
def marriage_utility(
    people: People, households: Households, w: Weights, person: int, destination: int, age: int
) -> float:
    """Return what owning a seat dwelling is worth to somebody single of marriage age who lives in it."""
    owns = households.tenure[people.household[person]] == _OWNS
    if destination == SEAT and owns and people.spouse[person] < 0 and 20 <= age < 35:
        return w.marriage
    return 0.0


@inlined
def school_utility(people: People, w: Weights, tables: Tables, person: int, destination: int, month: int) -> float:
    """Return the value of schooling at a destination for the (at most two) school-age children of a mother."""
    value = 0.0
    counted = 0
    child = people.first_child[person]
    while child >= 0 and counted < 2:
        age = years_old(people.birth[child], month)
        if people.alive[child] and 3 <= age < 18:
            stage = 0 if age < 6 else (1 if age < 12 else (2 if age < 15 else 3))
            group = _group_at(people, child, destination)
            value += tables.school[people.county[person], destination, stage, group]
            counted += 1
        child = people.next_sibling[child]
    return float(w.sigma * value)
