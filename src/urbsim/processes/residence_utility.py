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
from urbsim.population import Households, People
from urbsim.processes.employment import outside_wages, skill_factors
from urbsim.tally import group_of
from urbsim.world import Floats, World

#: Destinations of a choice: the three zones of the county, the seat of another county, near and far.
VILLAGE, TOWN, SEAT, OTHER_SEAT, NEAR, FAR = range(6)
DESTINATIONS = 6
EARNING_AGE_END = 55
_OWNS, _ZONE_NEAR = int(Tenure.OWNS), int(Zone.NEAR)


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
    zeta_other_seat: float
    nest: float  # dissimilarity of alternatives within a nest, in (0, 1]


class Tables(NamedTuple):
    """What destinations offer this month; C counties, 6 destinations."""

    earnings: Floats  # (C, 6, 5) expected monthly earnings by schooling, yuan
    log_earnings: Floats  # (C, 6, 5)
    rent: Floats  # (C, 6, 3 groups) yuan a month for those who do not own there
    school: Floats  # (C, 6, 4 stages, 3 groups) chance times quality
    access: Floats  # (C, 6, 3 groups) registration access in [0, 1]
    insurance: Floats  # (6,) share of cost reimbursed less the local share, for people registered in the county
    constant: Floats  # (C, 6) amenity + zeta; minus infinity where there is no such destination
    log_distance: Floats  # (C, 6) ln(1 + km) from a village


def weights(world: World) -> Weights:
    """Return the utility's parameters this month."""
    return Weights(**{name: world.values[f"residence.{name}"] for name in Weights._fields})


def tables(world: World, month: int, other_seats: Floats) -> Tables:
    """Return what every destination offers; ``other_seats`` weights the seats of other counties, (C, C)."""
    mean = other_seats / np.maximum(other_seats.sum(axis=1, keepdims=True), 1e-300)
    earnings = _earnings(world, month, mean)
    return Tables(
        earnings=earnings,
        log_earnings=np.log(earnings),
        rent=_rents(world, month, mean),
        school=_schools(world, mean),
        access=_access(world, mean),
        insurance=_insurance(world),
        constant=_constants(world, other_seats),
        log_distance=np.log1p(world.places.distance),
    )


def _earnings(world: World, month: int, mean: Floats) -> Floats:
    work = world.tally.work * world.weight
    places, values = world.places, world.values
    supply = np.maximum(work[:, :, 2:].sum(axis=2), 1.0)
    posts = places.posts[:, :, 1:]
    chance = np.minimum(posts.sum(axis=2) / supply, 1.0)
    wage = (posts * places.wage[:, :, 1:]).sum(axis=2) / np.maximum(posts.sum(axis=2), 1e-9)
    expected = chance * wage
    # In a village a share of workers farms; the rest hold or seek other posts there.
    labour = np.maximum(work[:, Zone.VILLAGE, 1:].sum(axis=1), 1.0)
    farming = work[:, Zone.VILLAGE, 1] / labour
    skilled = skill_factors(world)
    earnings = np.empty((len(work), DESTINATIONS, len(skilled)))
    earnings[:, :OTHER_SEAT] = expected[:, :, None] * skilled
    farm = (farming * places.wage[:, Zone.VILLAGE, 0])[:, None]
    earnings[:, VILLAGE] = farm + (1.0 - farming)[:, None] * earnings[:, VILLAGE]
    earnings[:, OTHER_SEAT] = mean @ earnings[:, SEAT]
    near, far = outside_wages(world, month) * values["outside.employment"]
    earnings[:, NEAR], earnings[:, FAR] = near * skilled, far * skilled
    return np.maximum(earnings, 50.0)  # a destination without any post is bad, not infinitely bad


def _rents(world: World, month: int, mean: Floats) -> Floats:
    rent = np.zeros((len(world.codes), DESTINATIONS, 3))
    paid = world.places.rent[:, :, None] - world.environment.rent_subsidy.values / 12.0
    rent[:, :OTHER_SEAT] = np.maximum(paid, 0.0)
    rent[:, OTHER_SEAT] = mean @ rent[:, SEAT]
    near, far = outside_wages(world, month)
    rent[:, NEAR] = world.values["outside.near.rent_share"] * near
    rent[:, FAR] = world.values["outside.far.rent_share"] * far
    return rent


def _schools(world: World, mean: Floats) -> Floats:
    quality = world.environment.school_quality.values
    school = np.empty((len(quality), DESTINATIONS, quality.shape[2], 3))
    school[:, :OTHER_SEAT] = world.places.school_chance * quality[:, :, :, None]
    # Far from the place of registration the exam rule devalues the senior stage, and by less each earlier one.
    exam = world.environment.exam_years.values
    lost = np.minimum(exam / world.values["schooling.exam_years_full"], 1.0) * world.values["schooling.exam_penalty"]
    for stage in range(quality.shape[2]):
        share = (stage + 1) / quality.shape[2]
        school[:, :OTHER_SEAT, stage] *= 1.0 - share * lost[:, None, :]
    school[:, OTHER_SEAT] = np.einsum("ij,jsg->isg", mean, school[:, SEAT])
    school[:, OTHER_SEAT] = school[:, OTHER_SEAT, :, 2:]  # a newcomer there is registered elsewhere
    school[:, NEAR:] = world.values["schooling.outside_value"]
    return school


def registration_access(world: World) -> Floats:
    """Return access to registration in [0, 1] by zone and group, shape (C, 3, 3).

    Access is 1 / (1 + years of residence required), lowered for those who own no dwelling where ownership is required
    and tenants do not qualify. People registered in the zone already have full access.
    """
    environment = world.environment
    open_to_tenants = np.maximum(
        1.0 - environment.registration_needs_home.values, environment.registration_tenants.values
    )
    owners = world.values["registration.expected_owner_share"]
    access = (owners + (1.0 - owners) * open_to_tenants) / (1.0 + environment.registration_years.values)
    access[:, :, 0] = 1.0
    return np.asarray(access)


def _access(world: World, mean: Floats) -> Floats:
    access = np.zeros((len(world.codes), DESTINATIONS, 3))
    access[:, :OTHER_SEAT] = registration_access(world)
    access[:, VILLAGE, 1] = 1.0
    access[:, OTHER_SEAT] = (mean @ access[:, SEAT])[:, 2:]
    return access


def _insurance(world: World) -> Floats:
    gap_near, gap_far = world.values["insurance.gap_near"], world.values["insurance.gap_far"]
    return np.array([0.0, 0.0, 0.0, gap_near, gap_near, gap_far])


def _constants(world: World, other_seats: Floats) -> Floats:
    values, counties = world.values, len(world.codes)
    constant = np.zeros((counties, DESTINATIONS))
    constant[:, :OTHER_SEAT] = world.environment.amenity.values
    for zone, name in ((TOWN, "town"), (SEAT, "seat"), (OTHER_SEAT, "other_seat"), (NEAR, "near"), (FAR, "far")):
        constant[:, zone] += values[f"residence.zeta_{name}"]
    reachable = other_seats.sum(axis=1)
    with np.errstate(divide="ignore"):
        constant[:, OTHER_SEAT] += np.log(reachable)
        constant[:, NEAR] += np.log(world.near_open)
    # Crowding of hospitals lowers what a county offers to its residents against the outside.
    beds = world.places.beds / np.maximum(world.tally.stocks[:, :3].sum(axis=1) * world.weight, 1.0)
    constant[:, :OTHER_SEAT] += (values["health.crowding"] * np.log(beds / world.first_beds))[:, None]
    return constant


@inlined
def destination_of(people: People, person: int) -> int:
    """Return the destination code of where a person lives now."""
    zone = people.zone[person]
    return int(zone if zone < _ZONE_NEAR else zone + 1)


@inlined
def expects_to_earn(people: People, person: int, age: int) -> bool:
    """Tell whether somebody counts on earnings: who works or seeks work, and everybody under 55.

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
        if destination == VILLAGE:
            value += w.home  # stands for the village of registration, in another county of the world
        elif destination <= SEAT:
            value += w.zeta_other_seat - w.gamma * tables.log_distance[county, OTHER_SEAT]
        else:
            value -= w.gamma * tables.log_distance[county, destination]
    if destination < NEAR:
        value += w.hukou * tables.access[county, destination, _group_at(people, person, destination)]
    if destination != destination_of(people, person):
        value -= w.move
    return float(value)


@inlined
def _log_distance_from_home(people: People, tables: Tables, person: int, destination: int) -> float:
    """Return ln(1 + km) between the zone of registration and a destination, for people registered in the county."""
    home = people.registered_zone[person]
    if destination == home:
        return 0.0
    farther = max(destination, home) if destination <= SEAT else destination
    return float(tables.log_distance[people.county[person], farther])


@inlined
def _ties(people: People, w: Weights, tables: Tables, person: int, destination: int, age: int) -> float:
    """Return what binds somebody to the county of registration: home, parents, and medical insurance."""
    if destination > SEAT:
        return float(w.insurance * tables.insurance[destination] * (1.0 + max(age - 45, 0) / 20.0))
    value = w.home + w.home_age * max(age - 45, 0) / 10.0
    if destination == VILLAGE and people.registered_zone[person] == VILLAGE:
        value += w.village_age * max(age - 45, 0) / 10.0
    mother = people.mother[person]
    if age >= 35 and mother >= 0 and people.alive[mother] and people.zone[mother] < _ZONE_NEAR:
        value += w.care
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
def housing_utility(
    people: People, households: Households, w: Weights, tables: Tables, person: int, destination: int, income: float
) -> float:
    """Return the burden of housing at a destination (not positive): rent against expected income, 0 for owners."""
    h = people.household[person]
    if destination == VILLAGE and households.homestead[h]:
        return 0.0
    if destination < OTHER_SEAT and households.tenure[h] == _OWNS and destination > VILLAGE:
        return 0.0
    rent = tables.rent[people.county[person], destination, _group_at(people, person, destination)]
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
        age = (month - people.birth[child]) // 12
        if people.alive[child] and 3 <= age < 18:
            stage = 0 if age < 6 else (1 if age < 12 else (2 if age < 15 else 3))
            group = _group_at(people, child, destination)
            value += tables.school[people.county[person], destination, stage, group]
            counted += 1
        child = people.next_sibling[child]
    return float(w.sigma * value)
