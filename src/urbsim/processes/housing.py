"""Dwellings, prices, rents, purchases and the queue for public rental.

Rule. Developers add dwellings where more are occupied than at the start; policies add theirs. Price and rent follow
income growth and move with occupancy relative to the start at a stated elasticity; affordable rentals lower the mean
rent, cheap rentals lost to renewal raise it. A land quota limits what is built (``land``). A renting
household buys with a monthly hazard once its savings cover the down-payment (less the family's help and any subsidy)
and the mortgage stays below a share of its income. Vacant public rental dwellings go by lot to eligible tenants who
apply.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from urbsim.arrays import Floats
from urbsim.codes import Dwelling, Event, Tenure, Zone
from urbsim.kernels import people_kernel
from urbsim.months import is_month_of_year
from urbsim.population import Households, People
from urbsim.randomness import Decision, uniform
from urbsim.state.land import limit_developers
from urbsim.state.world import World

_RENTS, _OWNS, _PUBLIC = int(Tenure.RENTS), int(Tenure.OWNS), int(Tenure.PUBLIC_RENTAL)
_NEAR, _SEAT = int(Zone.NEAR), int(Zone.SEAT)
_CAN_AFFORD = int(Event.CAN_AFFORD_SEAT)
_RENTAL_KINDS = (Dwelling.AFFORDABLE_RENTAL, Dwelling.DORMITORY)


def advance(world: World, month: int) -> None:
    """Build, set prices, let tenants buy or move up the queue; in January, renew incomes and savings."""
    if is_month_of_year(month, 1):
        _save(world)
    _build(world)
    set_prices(world, month)
    _buy(world, month)
    _allocate_public_rental(world, month)
    world.activity.renting_households[...] = world.tally.tenants * world.weight


def occupied(world: World) -> Floats:
    """Return occupied dwellings by zone, shape (C, 3), real dwellings."""
    return np.asarray(world.tally.households.sum(axis=2) * world.weight, dtype=float)


def _build(world: World) -> None:
    places, values = world.places, world.values
    places.built[...] = world.environment.dwellings.values / 12.0
    pressure = np.log(occupied(world) + 1.0) - np.log(places.dwellings + 1.0) - places.first_pressure
    developers = values["housing.construction_response"] / 12.0 * np.maximum(pressure, 0.0) * places.dwellings
    developers[:, Zone.VILLAGE] = 0.0
    places.built[:, :, Dwelling.FOR_SALE] += limit_developers(world, developers)
    places.dwellings += places.built.sum(axis=2)
    places.public_rental += places.built[:, :, Dwelling.PUBLIC_RENTAL]
    places.affordable_rental += places.built[:, :, list(_RENTAL_KINDS)].sum(axis=2)


def set_prices(world: World, month: int) -> None:
    """Set price and rent from income growth and occupancy relative to the start."""
    places, values = world.places, world.values
    years = (month - world.start) / 12.0
    trend = (1.0 + values["housing.price_growth"]) ** years
    pressure = np.log(occupied(world) + 1.0) - np.log(places.dwellings + 1.0) - places.first_pressure
    if not world.feedback("prices"):
        pressure = np.zeros_like(pressure)
    response = np.exp(values["housing.price_elasticity"] * pressure)
    cheap = places.affordable_rental - places.cheap_rentals_lost  # below zero where renewal took more than was built
    discounted = np.minimum(cheap / np.maximum(places.dwellings, 1.0), 1.0)
    places.price = places.first_price * trend * response
    places.rent = places.first_rent * trend * response * (1.0 - values["housing.affordable_discount"] * discounted)


def _save(world: World) -> None:
    values = world.values
    people, households = world.population.people.view(), world.population.households.view()
    _collect_income(people, households, values["housing.remitted_share"])
    households.savings[...] += households.income * np.float32(12.0 * values["housing.saving_rate"])
    price, area = world.places.price[:, _SEAT], values["housing.dwelling_area"]
    down_payment = (
        world.environment.down_payment.values[:, _SEAT] * price * area * (1.0 - values["housing.family_help"])
    )
    subsidy = world.environment.purchase_subsidy.values[:, _SEAT].min(axis=1)
    _notice_affordable(people, households, down_payment - subsidy)


@people_kernel
def _collect_income(people: People, households: Households, remitted_share: float) -> None:
    households.income[:] = 0.0
    for i in range(people.key.size):
        if people.alive[i]:
            share = remitted_share if people.zone[i] >= _NEAR else 1.0
            households.income[people.household[i]] += share * people.earnings[i]


@people_kernel
def _notice_affordable(people: People, households: Households, needed: Any) -> None:
    """Alert adults of village and town households whose savings cover a seat dwelling they do not own."""
    for i in range(people.key.size):
        if people.alive[i] == 0 or people.spouse[i] < 0:
            continue
        h = people.household[i]
        if households.tenure[h] != _OWNS and households.savings[h] >= needed[households.county[h]]:
            people.events[i] |= _CAN_AFFORD


def _buy(world: World, month: int) -> None:
    environment, places, values = world.environment, world.places, world.values
    area = values["housing.dwelling_area"]
    bought = np.zeros_like(environment.purchase_subsidy.values)
    _purchases(
        world.population.households.view(),
        world.household_groups,
        places.price * area,
        environment.down_payment.values,
        environment.down_payment.base,
        environment.purchase_subsidy.values,
        np.array(
            [
                values["housing.purchase_rate"] / 12.0,
                values["housing.mortgage_rate"] / 12.0,
                values["housing.burden_limit"],
                values["housing.family_help"],
            ]
        ),
        bought,
        world.randomness.stream(Decision.PURCHASE, month),
    )
    world.activity.purchases[...] = bought * world.weight


@people_kernel
def _purchases(
    households: Households,
    groups: Any,
    price: Any,
    down: Any,
    usual: Any,
    subsidy: Any,
    limits: Any,
    bought: Any,
    stream: np.uint64,
) -> None:
    for h in range(groups.size):
        group, zone = groups[h], households.zone[h]
        if group < 0 or zone == 0 or households.tenure[h] == _OWNS:
            continue
        if uniform(stream, households.key[h]) >= limits[0]:
            continue
        county = households.county[h]
        own_share, required = 1.0 - limits[3], down[county, zone]
        # Whoever can pay the usual share does so where less is required: the loan is smaller.
        for share in (max(required, usual[county, zone]), required):
            first = max(own_share * share * price[county, zone] - subsidy[county, zone, group], 0.0)
            loan = price[county, zone] * (1.0 - share)
            if households.savings[h] >= first and loan * limits[1] <= limits[2] * households.income[h]:
                households.tenure[h] = _OWNS
                households.savings[h] -= first
                bought[county, zone, group] += 1.0
                break


def _allocate_public_rental(world: World, month: int) -> None:
    places = world.places
    vacant = np.maximum(places.public_rental - world.tally.households[:, :, _PUBLIC] * world.weight, 0.0)
    access = world.environment.public_rental_access.values
    applicants = (world.tally.tenants * world.weight * access).sum(axis=2)
    chance = np.minimum(1.0, vacant / np.maximum(applicants, 1.0)) * world.values["housing.queue_rate"]
    if chance.any():
        stream = world.randomness.stream(Decision.QUEUE, month)
        households = world.population.households.view()
        _house_from_queue(households, world.household_groups, access * chance[:, :, None], stream)


@people_kernel
def _house_from_queue(households: Households, groups: Any, chance: Any, stream: np.uint64) -> None:
    for h in range(groups.size):
        if groups[h] < 0 or households.tenure[h] != _RENTS:
            continue
        if uniform(stream, households.key[h]) < chance[households.county[h], households.zone[h], groups[h]]:
            households.tenure[h] = _PUBLIC
