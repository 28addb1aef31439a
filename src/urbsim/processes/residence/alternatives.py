"""The alternatives of a residence choice this month: pay, rent, school places, registration, insurance, constants."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from urbsim.arrays import Floats, Mask
from urbsim.kernels import inlined, people_kernel
from urbsim.processes.residence.constants import constants, in_other_seats
from urbsim.processes.residence.destinations import (
    DESTINATIONS,
    FAR,
    NEAR,
    OTHER_PROVINCE,
    OTHER_SEAT,
    SEAT,
    VILLAGE,
)
from urbsim.processes.residence.services import ServiceTables, service_tables
from urbsim.records import record
from urbsim.region.places import VERY_MANY
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


@record
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


@record
class Zones(NamedTuple):
    """What the zones of counties offer this month; C counties."""

    pay: Floats  # (C, 3) yuan a month outside farming, junior secondary schooling
    skill: Floats  # (C, 5) relative to that
    group: Floats  # (C, 3, 3 groups) relative to that
    village: Floats  # (C, 5) yuan a month in the villages
    rent: Floats  # (C, 3) yuan a month
    subsidy: Floats  # (C, 3, 3) of rents, yuan a year
    school: Floats  # (C, 3, 4, 3) chance times quality
    access: Floats  # (C, 3, 3)
    portability: Floats  # (C,) share of the gap in insurance that is closed


@record
class Outside(NamedTuple):
    """What is near and far outside the world."""

    earnings: Floats  # (2, 5) yuan a month by schooling
    near_rent: float  # yuan a month
    far_rent: float
    school: float
    near_gap: float  # share of medical cost that is not reimbursed
    far_gap: float


@record
class Tables(NamedTuple):
    """Some of ``Alternatives``, while they are filled in; ``earnings`` are not limited from below yet."""

    earnings: Floats
    rent: Floats
    market_rent: Floats
    school: Floats
    access: Floats
    insurance: Floats


def alternatives(world: World, month: int) -> Alternatives:
    """Return what every destination is this month."""
    mean, cumulated = other_seats(world)
    tables = _own_tables(world)
    if len(world.codes) > 1:
        _fill_other_seats(tables, mean)
    earnings = np.maximum(tables.earnings, 50.0)  # a destination without any post is bad, not infinitely bad
    return Alternatives(
        month=month,
        earnings=earnings,
        log_earnings=np.log(earnings),
        rent=tables.rent,
        market_rent=tables.market_rent,
        public_rent=world.values["residence.public_rent"],
        school=tables.school,
        access=tables.access,
        land_rent=rent_per_mu(world),
        uncertified_renting=world.values["land.uncertified_renting"],
        insurance=tables.insurance,
        constant=constants(world, month, mean),
        exists=_exist(world),
        log_distance=_log_distances(world) if time_is_saved(world) else world.known(_usual_log_distances),
        provinces=world.provinces,
        seats=cumulated,
        services=service_tables(world, month, mean),
    )


def _log_distances(world: World) -> Floats:
    return np.asarray(np.log1p(effective_distances(world)))


def _usual_log_distances(world: World, _: int) -> Floats:
    return _log_distances(world)


def _exist(world: World) -> Mask:
    exist = np.ones((len(world.codes), DESTINATIONS), dtype=bool)
    near, far = (room.held for room in world.room) if world.room is not None else (False, False)
    exist[:, OTHER_SEAT], exist[:, OTHER_PROVINCE] = near, far
    exist[:, NEAR], exist[:, FAR] = world.near_open > 0.0, world.far_open > 0.0
    return exist


def _own_tables(world: World) -> Tables:
    """Return the tables with what counties' own zones and the places outside the world are."""
    values, (near, far) = world.values, outside_wages(world)
    outside = Outside(
        outside_earnings(world) * values["outside.employment"],
        values["outside.near.rent_share"] * near,
        values["outside.far.rent_share"] * far,
        values["schooling.outside_value"],
        values["insurance.gap_near"],
        values["insurance.gap_far"],
    )
    zones = Zones(
        expected_wages(world),
        skill_factors(world),
        group_factors(world),
        village_earnings(world),
        world.places.housing.rent,
        world.environment.rent_subsidy.values,
        school_worth(world),
        registration_access(world),
        world.environment.insurance_portability.values,
    )
    counties, groups = len(world.codes), zones.group.shape[2]
    shapes = ((zones.skill.shape[1], groups), (groups,), (), (zones.school.shape[2], groups), (groups,), ())
    tables = Tables(*(np.zeros((counties, DESTINATIONS, *shape)) for shape in shapes))
    _fill(tables, zones, outside)
    return tables


@people_kernel
def _fill(tables: Tables, zones: Zones, outside: Outside) -> None:
    for county in range(zones.pay.shape[0]):
        for zone in range(OTHER_SEAT):
            _fill_zone(tables, zones, county, zone)
        for schooling in range(zones.skill.shape[1]):
            tables.earnings[county, VILLAGE, schooling] = zones.village[county, schooling]
            tables.earnings[county, NEAR, schooling] = outside.earnings[0, schooling]
            tables.earnings[county, FAR, schooling] = outside.earnings[1, schooling]
        tables.access[county, VILLAGE, 1] = 1.0
        tables.school[county, NEAR:] = outside.school
        tables.market_rent[county, NEAR], tables.market_rent[county, FAR] = outside.near_rent, outside.far_rent
        tables.rent[county, NEAR], tables.rent[county, FAR] = max(outside.near_rent, 0.0), max(outside.far_rent, 0.0)
        open_gap = 1.0 - zones.portability[county]
        near, far = outside.near_gap * open_gap, outside.far_gap * open_gap
        tables.insurance[county, OTHER_SEAT] = tables.insurance[county, NEAR] = near
        tables.insurance[county, OTHER_PROVINCE] = tables.insurance[county, FAR] = far


@inlined
def _fill_zone(tables: Tables, zones: Zones, county: int, zone: int) -> None:
    market = zones.rent[county, zone]
    tables.market_rent[county, zone] = market
    for group in range(zones.group.shape[2]):
        paid = zones.subsidy[county, zone, group] / 12.0 if zone > VILLAGE else 0.0  # goes to towns and seats
        tables.rent[county, zone, group] = max(market - paid, 0.0)
        tables.access[county, zone, group] = zones.access[county, zone, group]
        for schooling in range(zones.skill.shape[1]):
            pay = zones.pay[county, zone] * zones.skill[county, schooling]
            tables.earnings[county, zone, schooling, group] = pay * zones.group[county, zone, group]
        for stage in range(zones.school.shape[2]):
            tables.school[county, zone, stage, group] = zones.school[county, zone, stage, group]


def _fill_other_seats(tables: Tables, mean: Attraction) -> None:
    """Fill in what the seats of other counties are on average; a newcomer there is registered elsewhere."""
    filled = (tables.market_rent[..., None], tables.earnings, tables.rent, tables.school, tables.access)
    if len(tables.market_rent) < VERY_MANY:
        for table in filled:
            in_other_seats(table, table[:, SEAT, ..., -1:], mean)
        return
    # One product in place of many: to read all pairs of counties takes longest. It adds up in another order.
    offers = [table[:, SEAT, ..., -1].reshape(len(table), -1) for table in filled]
    whole = np.zeros((len(offers[0]), DESTINATIONS, sum(offer.shape[1] for offer in offers)))
    in_other_seats(whole, np.concatenate(offers, axis=1), mean)
    first = 0
    for table, offer in zip(filled, offers, strict=True):
        others = whole[:, OTHER_SEAT : OTHER_PROVINCE + 1, first : first + offer.shape[1]]
        table[:, OTHER_SEAT : OTHER_PROVINCE + 1] = others.reshape(*table[:, :2, ..., :1].shape)
        first += offer.shape[1]
