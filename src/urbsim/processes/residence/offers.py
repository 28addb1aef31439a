"""What destinations offer this month: pay, rent, school places, access to registration, insurance, constants."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from urbsim.arrays import Floats
from urbsim.codes import Zone
from urbsim.processes.employment import outside_earnings, outside_wages, paid_wages, skill_factors
from urbsim.processes.infrastructure import built_amenity, effective_distances
from urbsim.processes.residence.services import ServiceTables, places_constant, service_tables, with_entitlement
from urbsim.state.world import World

#: Destinations of a choice: the three zones of the county, the seat of another county, near and far.
VILLAGE, TOWN, SEAT, OTHER_SEAT, NEAR, FAR = range(6)
DESTINATIONS = 6


class Tables(NamedTuple):
    """What destinations offer this month; C counties, 6 destinations."""

    earnings: Floats  # (C, 6, 5) expected monthly earnings by schooling, yuan
    log_earnings: Floats  # (C, 6, 5)
    rent: Floats  # (C, 6, 3 groups) yuan a month for those who do not own there
    school: Floats  # (C, 6, 4 stages, 3 groups) chance times quality
    access: Floats  # (C, 6, 3 groups) registration access in [0, 1]
    insurance: Floats  # (C, 6) share of cost reimbursed less the local share, for people registered in the county
    constant: Floats  # (C, 6) amenity + zeta; minus infinity where there is no such destination
    log_distance: Floats  # (C, 3, 6) ln(1 + km), from the zone of registration or the farther of two zones
    services: ServiceTables  # what programmes of services change


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
        constant=_constants(world, mean),
        log_distance=np.log1p(effective_distances(world)),
        services=service_tables(world, month, mean),
    )


def _earnings(world: World, month: int, mean: Floats) -> Floats:
    work = world.tally.work * world.weight
    places, values = world.places, world.values
    supply = np.maximum(work[:, :, 2:].sum(axis=2), 1.0)
    posts = places.posts[:, :, 1:]
    chance = np.minimum(posts.sum(axis=2) / supply, 1.0)
    wage = (posts * paid_wages(world)[:, :, 1:]).sum(axis=2) / np.maximum(posts.sum(axis=2), 1e-9)
    expected = chance * wage
    # In a village a share of workers farms; the rest hold or seek other posts there.
    labour = np.maximum(work[:, Zone.VILLAGE, 1:].sum(axis=1), 1.0)
    farming = work[:, Zone.VILLAGE, 1] / labour
    skilled = skill_factors(world)
    earnings = np.empty((len(work), DESTINATIONS, skilled.shape[1]))
    earnings[:, :OTHER_SEAT] = expected[:, :, None] * skilled[:, None, :]
    farm = (farming * places.wage[:, Zone.VILLAGE, 0])[:, None]
    earnings[:, VILLAGE] = farm + (1.0 - farming)[:, None] * earnings[:, VILLAGE]
    earnings[:, OTHER_SEAT] = mean @ earnings[:, SEAT]
    earnings[:, NEAR:] = outside_earnings(world, month) * values["outside.employment"]
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
    access[:, :OTHER_SEAT] = with_entitlement(world, registration_access(world))
    access[:, VILLAGE, 1] = 1.0
    access[:, OTHER_SEAT] = (mean @ access[:, SEAT])[:, 2:]
    return access


def _insurance(world: World) -> Floats:
    gap_near, gap_far = world.values["insurance.gap_near"], world.values["insurance.gap_far"]
    gaps = np.array([0.0, 0.0, 0.0, gap_near, gap_near, gap_far])
    return np.asarray(gaps * (1.0 - world.environment.insurance_portability.values)[:, None])


def _constants(world: World, mean: Floats) -> Floats:
    values, counties = world.values, len(world.codes)
    constant = np.zeros((counties, DESTINATIONS))
    amenity = world.environment.amenity.values + built_amenity(world) + places_constant(world)
    constant[:, :OTHER_SEAT] = amenity
    constant[:, OTHER_SEAT] = mean @ amenity[:, Zone.SEAT]
    for zone, name in ((TOWN, "town"), (SEAT, "seat"), (OTHER_SEAT, "near"), (NEAR, "near"), (FAR, "far")):
        constant[:, zone] += values[f"residence.zeta_{name}"]
    constant[:, TOWN : SEAT + 1] += world.constants.urban[:, None]
    constant[:, OTHER_SEAT:] += world.constants.outside[:, None]
    # Seats of the world and the rest of the province are parts of one destination: how much of it a world happens to
    # hold must not change how many go there, so each has its share of the mass, within the nest.
    inside = np.where(mean.any(axis=1), world.distances.inside, 0.0)
    with np.errstate(divide="ignore"):
        constant[:, OTHER_SEAT] += values["residence.nest"] * np.log(inside)
        constant[:, NEAR] += values["residence.nest"] * np.log(world.near_open)
    # Crowding of hospitals lowers what a county offers to its residents against the outside.
    beds = world.places.beds / np.maximum(world.tally.stocks[:, :3].sum(axis=1) * world.weight, 1.0)
    constant[:, :OTHER_SEAT] += (values["health.crowding"] * np.log(beds / world.first_beds))[:, None]
    return constant


def other_seat_weights(world: World) -> Floats:
    """Return the pull of other counties' seats, shape (C, C): mass less distance, times what they pay."""
    pay = np.maximum(world.places.wage[:, Zone.SEAT, 1], 1.0)
    return np.asarray(world.distances.pull * (pay / pay.mean())[None, :] ** world.values["residence.alpha"])
