"""The alternatives of a residence choice this month: pay, rent, school places, registration, insurance, constants."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from urbsim.arrays import Floats, Mask
from urbsim.processes.residence.constants import constants, in_other_seats
from urbsim.processes.residence.destinations import (
    DESTINATIONS,
    FAR,
    NEAR,
    OTHER_PROVINCE,
    OTHER_SEAT,
    SEAT,
    TOWN,
    VILLAGE,
)
from urbsim.processes.residence.services import ServiceTables, service_tables
from urbsim.state.access import registration_access, school_worth
from urbsim.state.attraction import Attraction, other_seats
from urbsim.state.income import rent_per_mu
from urbsim.state.pay import (
    expected_wages,
    group_factors,
    outside_earnings,
    outside_wages,
    skill_factors,
    village_earnings,
)
from urbsim.state.travel import effective_distances, time_is_saved
from urbsim.state.world import World


class Alternatives(NamedTuple):
    """What each destination is this month; C counties, 7 destinations."""

    month: int
    earnings: Floats  # (C, 7, 5, 3 groups) expected monthly earnings by schooling and registration there, yuan
    log_earnings: Floats  # (C, 7, 5, 3)
    rent: Floats  # (C, 7, 3 groups of households) yuan a month for those who do not own there, less what they are paid
    market_rent: Floats  # (C, 7) the same for those who are paid nothing
    public_rent: float  # rent of public rental tenants who stay, as a share of the market rent
    school: Floats  # (C, 7, 4 stages, 3 groups) chance times quality
    access: Floats  # (C, 7, 3 groups) registration access in [0, 1]
    land_rent: float  # yuan a month and mu of contracted land that is let
    uncertified_renting: float  # how readily land that is not certified is let, relative to certified land
    insurance: Floats  # (C, 7) share of cost reimbursed less the local share, for people registered in the county
    constant: Floats  # (C, 7) utility to everybody
    exists: Mask  # (C, 7) whether anybody can go there
    log_distance: Floats  # (C, 3, 7) ln(1 + km), from the zone of registration or the farther of two zones
    provinces: NDArray[np.int64]  # (C,)
    seats: Attraction  # pull of the seats of other counties, cumulated
    services: ServiceTables  # what policies on services change


def alternatives(world: World, month: int) -> Alternatives:
    """Return what every destination is this month."""
    mean, cumulated = other_seats(world)
    earnings, market_rent = _earnings(world, mean), _market_rents(world, mean)
    return Alternatives(
        month=month,
        earnings=earnings,
        log_earnings=np.log(earnings),
        rent=_rents(world, mean, market_rent),
        market_rent=market_rent,
        public_rent=world.values["residence.public_rent"],
        school=_schools(world, mean),
        access=_access(world, mean),
        land_rent=rent_per_mu(world),
        uncertified_renting=world.values["land.uncertified_renting"],
        insurance=_insurance(world),
        constant=constants(world, month, mean),
        exists=world.known(_exist),
        log_distance=_log_distances(world) if time_is_saved(world) else world.known(_usual_log_distances),
        provinces=world.provinces,
        seats=cumulated,
        services=service_tables(world, month, mean),
    )


def _log_distances(world: World) -> Floats:
    return np.asarray(np.log1p(effective_distances(world)))


def _usual_log_distances(world: World, _: int) -> Floats:
    return _log_distances(world)


def _exist(world: World, _: int) -> Mask:
    exist = np.ones((len(world.codes), DESTINATIONS), dtype=bool)
    pull, far_pull = world.distances.pull, world.distances.far_pull
    exist[:, OTHER_SEAT], exist[:, OTHER_PROVINCE] = (pull > 0.0).any(axis=1), (far_pull > 0.0).any(axis=1)
    exist[:, NEAR], exist[:, FAR] = world.near_open > 0.0, world.far_open > 0.0
    return exist


def _earnings(world: World, mean: Attraction) -> Floats:
    skilled, group = skill_factors(world), group_factors(world)
    earnings = np.empty((len(world.codes), DESTINATIONS, skilled.shape[1], group.shape[2]))
    earnings[:, :OTHER_SEAT] = (expected_wages(world)[:, :, None] * skilled[:, None, :])[..., None] * group[:, :, None]
    earnings[:, VILLAGE] = village_earnings(world)[:, :, None]
    in_other_seats(earnings, earnings[:, SEAT, :, 2:], mean)  # a newcomer there is registered elsewhere
    earnings[:, NEAR:] = (outside_earnings(world) * world.values["outside.employment"])[:, :, None]
    return np.maximum(earnings, 50.0)  # a destination without any post is bad, not infinitely bad


def _rents(world: World, mean: Attraction, market: Floats) -> Floats:
    """Return rent less the subsidy, which goes to tenants in towns and seats."""
    rent = np.repeat(market[:, :, None], 3, axis=2)
    rent[:, TOWN:OTHER_SEAT] -= world.environment.rent_subsidy.values[:, TOWN:] / 12.0
    rent = np.maximum(rent, 0.0)
    in_other_seats(rent, rent[:, SEAT, 2:], mean)  # a newcomer there is registered elsewhere
    return rent


def _market_rents(world: World, mean: Attraction) -> Floats:
    rent = np.zeros((len(world.codes), DESTINATIONS))
    rent[:, :OTHER_SEAT] = world.places.housing.rent
    in_other_seats(rent, rent[:, SEAT], mean)
    near, far = outside_wages(world)
    rent[:, NEAR] = world.values["outside.near.rent_share"] * near
    rent[:, FAR] = world.values["outside.far.rent_share"] * far
    return rent


def _schools(world: World, mean: Attraction) -> Floats:
    worth = school_worth(world)
    school = np.empty((len(worth), DESTINATIONS, *worth.shape[2:]))
    school[:, :OTHER_SEAT] = worth
    in_other_seats(school, school[:, SEAT, :, 2:], mean)  # a newcomer there is registered elsewhere
    school[:, NEAR:] = world.values["schooling.outside_value"]
    return school


def _access(world: World, mean: Attraction) -> Floats:
    access = np.zeros((len(world.codes), DESTINATIONS, 3))
    access[:, :OTHER_SEAT] = registration_access(world)
    access[:, VILLAGE, 1] = 1.0
    in_other_seats(access, access[:, SEAT, 2:], mean)
    return access


def _insurance(world: World) -> Floats:
    gap_near, gap_far = world.values["insurance.gap_near"], world.values["insurance.gap_far"]
    gaps = np.array([0.0, 0.0, 0.0, gap_near, gap_far, gap_near, gap_far])
    return np.asarray(gaps * (1.0 - world.environment.insurance_portability.values)[:, None])
