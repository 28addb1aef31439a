"""Dwellings, prices, rents, purchases and the queue for public rental.

Rule. Developers add dwellings as households have come to grow, and more or fewer where prices are above or below their
path: land gives way in part, less in the east and in cities; policies add theirs. Price and rent follow income growth
and move with occupancy relative to the start at a stated elasticity; affordable rentals lower the mean rent, cheap
rentals lost to renewal raise it. A land quota limits what is built (``land``). A renting
household buys with a monthly hazard once its savings cover the down-payment (less the family's help and any subsidy)
and the mortgage stays below a share of its income. Vacant public rental dwellings go by lot to eligible tenants who
apply.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from urbsim.arrays import Floats, anything
from urbsim.codes import Dwelling, Event, Tenure, Zone
from urbsim.kernels import people_kernel, whole
from urbsim.population import Households, People
from urbsim.randomness import Decision, find_turns, uniform
from urbsim.records import record
from urbsim.state.income import renew_income
from urbsim.state.land import land_gives_way, limit_developers
from urbsim.state.tally import household_group
from urbsim.state.world import World
from urbsim.threads import added_up, part_of, side_by_side

_RENTS, _OWNS, _PUBLIC = int(Tenure.RENTS), int(Tenure.OWNS), int(Tenure.PUBLIC_RENTAL)
_SEAT = int(Zone.SEAT)
_CAN_AFFORD = int(Event.CAN_AFFORD_SEAT)
_RENTAL_KINDS = (Dwelling.AFFORDABLE_RENTAL, Dwelling.DORMITORY)


@record
class Purchase(NamedTuple):
    """What buying a dwelling takes this month; C counties, 3 zones."""

    price: Floats  # (C, 3) yuan a dwelling
    down_payment: Floats  # (C, 3) share of the price required
    usual_down_payment: Floats  # (C, 3) the same without a policy
    subsidy: Floats  # (C, 3, 3 groups) yuan
    rate: float  # monthly chance of considering a purchase
    mortgage: float  # monthly payment per yuan of the loan
    burden_limit: float  # largest share of income that goes into the mortgage
    family_help: float  # share of the down-payment that the family gives
    month: int


def advance(world: World, month: int) -> None:
    """Renew incomes and savings, build, set prices, let tenants buy or move up the queue."""
    if month == world.start:
        renew_income(world, np.ones(world.population.households.size, dtype=bool), month)
    else:
        _save(world, month)
    _build(world)
    set_prices(world)
    _buy(world, month)
    _allocate_public_rental(world, month)
    world.activity.renting_households[...] = world.tally.tenants * world.weight


def occupied(world: World) -> Floats:
    """Return occupied dwellings by zone, shape (C, 3), real dwellings."""
    return np.asarray(world.tally.households.sum(axis=2) * world.weight, dtype=float)


def _build(world: World) -> None:
    places = world.places
    places.housing.built[...] = world.environment.dwellings.values / 12.0
    places.housing.expected *= world.known(_growth)[1]
    developers = limit_developers(world, developers_want(world))
    places.housing.built[:, :, Dwelling.FOR_SALE] += developers
    places.housing.dwellings += places.housing.built.sum(axis=2)
    places.housing.public_rental += places.housing.built[:, :, Dwelling.PUBLIC_RENTAL]
    places.housing.affordable_rental += places.housing.built[:, :, list(_RENTAL_KINDS)].sum(axis=2)


def _growth(world: World, _: int) -> tuple[Floats, Floats]:
    """Return the growth of dwellings a year that developers build for by zone, none in villages; the month's factor."""
    yearly = np.array([0.0, *(world.values[f"housing.household_growth_{zone}"] for zone in ("town", "seat"))])
    return yearly, np.exp(yearly / 12.0)


def developers_want(world: World) -> Floats:
    """Return dwellings that developers want to build this month, shape (C, 3); none in villages.

    They build as households have come to grow, and close a part of the gap between the stock there is and the one that
    prices call for: expected x (price / its path)^elasticity.
    """
    housing, values, growth = world.places.housing, world.values, world.known(_growth)[0]
    called_for = (values["housing.new_land_elasticity"] * land_gives_way(world))[:, None] * _price_response(world)
    gap = called_for - np.log(np.maximum(housing.dwellings, 1.0) / np.maximum(housing.expected, 1.0))
    rate = np.maximum(growth + values["housing.construction_response"] * gap, 0.0)
    rate[:, Zone.VILLAGE] = 0.0
    return np.asarray(rate / 12.0 * housing.dwellings)


def _price_response(world: World) -> Floats:
    """Return ln of price and rent relative to their path, by occupancy relative to the start, shape (C, 3)."""
    housing = world.places.housing
    if not world.feedback("prices"):
        return np.zeros_like(housing.dwellings)
    pressure = np.log(occupied(world) + 1.0) - np.log(housing.dwellings + 1.0) - housing.first_pressure
    return np.asarray(world.values["housing.price_elasticity"] * pressure)


def set_prices(world: World) -> None:
    """Set price and rent from income growth and occupancy relative to the start."""
    places, values = world.places, world.values
    response = np.exp(_price_response(world))
    cheap = (
        places.housing.affordable_rental - places.infrastructure.cheap_rentals_lost
    )  # below zero where renewal took more than was built
    discounted = np.minimum(cheap / np.maximum(places.housing.dwellings, 1.0), 1.0)
    places.housing.price = places.housing.first_price * world.trends.prices * response
    places.housing.rent = (
        places.housing.first_rent
        * world.trends.prices
        * response
        * (1.0 - values["housing.affordable_discount"] * discounted)
    )


def _save(world: World, month: int) -> None:
    """Renew incomes and savings of the households whose turn it is, and let them see what they can afford."""
    values = world.values
    people, households = world.population.people.view(), world.population.households.view()
    due = find_turns(households.key, month)
    members, homes = renew_income(world, due, month), np.flatnonzero(due)
    households.savings[homes] += households.income[homes] * np.float32(12.0 * values["housing.saving_rate"])
    price, area = world.places.housing.price[:, _SEAT], values["housing.dwelling_area"]
    down_payment = (
        world.environment.down_payment.values[:, _SEAT] * price * area * (1.0 - values["housing.family_help"])
    )
    subsidy = world.environment.purchase_subsidy.values[:, _SEAT]
    needed = down_payment[:, None] - subsidy
    side_by_side(lambda first, last: _notice_affordable(people, households, members[first:last], needed), members.size)


@people_kernel
def _notice_affordable(people: People, households: Households, members: Any, needed: Any) -> None:
    """Alert those of the ``members`` in couples whose household owns no dwelling and can pay what its group needs."""
    for row in members:
        i = whole(row)
        if people.spouse[i] < 0:
            continue
        h = whole(people.household[i])
        group = household_group(people, households, i)
        if households.tenure[h] != _OWNS and households.savings[h] >= needed[households.county[h], group]:
            people.events[i] |= _CAN_AFFORD


def _buy(world: World, month: int) -> None:
    environment, places, values = world.environment, world.places, world.values
    area = values["housing.dwelling_area"]
    purchase = Purchase(
        places.housing.price * area,
        environment.down_payment.values,
        environment.down_payment.base,
        environment.purchase_subsidy.values,
        values["housing.purchase_rate"] / 12.0,
        values["housing.mortgage_rate"] / 12.0,
        values["housing.burden_limit"],
        values["housing.family_help"],
        month,
    )
    stream, households = world.randomness.stream(Decision.PURCHASE, month), world.population.households.view()

    def buy(first: int, last: int) -> Floats:
        bought = np.zeros_like(environment.purchase_subsidy.values)
        _purchases(part_of(households, first, last), purchase, bought, stream)
        return bought

    bought = added_up(side_by_side(buy, households.key.size))
    world.activity.purchases[...] = bought * world.weight


@people_kernel
def _purchases(households: Households, purchase: Purchase, bought: Any, stream: np.uint64) -> None:
    for h in range(households.key.size):
        group, zone = households.group[h], households.zone[h]
        if group < 0 or zone == 0 or households.tenure[h] == _OWNS:
            continue
        if uniform(stream, households.key[h]) >= purchase.rate:
            continue
        county = households.county[h]
        price, required = purchase.price[county, zone], purchase.down_payment[county, zone]
        own_share = 1.0 - purchase.family_help
        # Whoever can pay the usual share does so where less is required: the loan is smaller.
        for share in (max(required, purchase.usual_down_payment[county, zone]), required):
            first = max(own_share * share * price - purchase.subsidy[county, zone, group], 0.0)
            monthly = price * (1.0 - share) * purchase.mortgage
            if households.savings[h] >= first and monthly <= purchase.burden_limit * households.income[h]:
                households.tenure[h], households.bought[h] = _OWNS, purchase.month
                households.savings[h] -= first
                bought[county, zone, group] += 1.0
                break


def _allocate_public_rental(world: World, month: int) -> None:
    places = world.places
    vacant = np.maximum(places.housing.public_rental - world.tally.households[:, :, _PUBLIC] * world.weight, 0.0)
    access = world.environment.public_rental_access.values
    applicants = (world.tally.tenants * world.weight * access).sum(axis=2)
    chance = np.minimum(1.0, vacant / np.maximum(applicants, 1.0)) * world.values["housing.queue_rate"]
    if anything(chance):
        stream = world.randomness.stream(Decision.QUEUE, month)
        households = world.population.households.view()
        _house_from_queue(households, access * chance[:, :, None], stream)


@people_kernel
def _house_from_queue(households: Households, chance: Any, stream: np.uint64) -> None:
    for h in range(households.key.size):
        if households.group[h] < 0 or households.tenure[h] != _RENTS:
            continue
        if uniform(stream, households.key[h]) < chance[households.county[h], households.zone[h], households.group[h]]:
            households.tenure[h] = _PUBLIC
