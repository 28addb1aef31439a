"""What a place is to everybody who could live there: the constants of the alternatives, part by part.

  constant_d = amenity_d + coverage, renewal and services that policies brought + zeta_d + period + the county's own
               + nest ln(share of the destination's mass) + alpha (premium of pay there)
               + crowding ln(hospital beds per resident / at the start)

Everything that policies bring is 0 without one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from urbsim.arrays import Floats, anything
from urbsim.codes import Zone
from urbsim.processes.residence.destinations import (
    DESTINATIONS,
    FAR,
    NEAR,
    OTHER_PROVINCE,
    OTHER_SEAT,
    SEAT,
    TOWN,
)
from urbsim.state.attraction import Attraction
from urbsim.state.gains import Gain, every_gain, policy_gains
from urbsim.state.world import World

_HOME, _URBAN, _OUTSIDE = slice(OTHER_SEAT), slice(TOWN, SEAT + 1), slice(OTHER_SEAT, DESTINATIONS)


class ConstantPart(NamedTuple):
    """One part of the constants: a coefficient times what it multiplies at each destination, shape (C, 7).

    ``name`` is the parameter that is the coefficient, or what is measured in points of utility already.
    """

    name: str
    coefficient: float
    quantity: Floats


def constants(world: World, month: int, mean: Attraction) -> Floats:
    """Return what each destination is to everybody this month, shape (C, 7)."""
    gains = [*policy_gains(world)]
    total = np.zeros((len(world.codes), DESTINATIONS)) if gains else world.known(_sum_of_zetas)
    for part in [*_of_policies(gains, mean), *(_zetas(world) if gains else ()), *_of_counties(world, month)]:
        total = total + part.coefficient * part.quantity
    return total


def constant_parts(world: World, month: int, mean: Attraction) -> Iterator[ConstantPart]:
    """Yield the parts of the constants of a month; ``mean`` averages over the seats of other counties."""
    yield from _of_policies(every_gain(world), mean)
    yield from _zetas(world)
    yield from _of_counties(world, month)


def _of_policies(gains: Iterable[Gain], mean: Attraction) -> Iterator[ConstantPart]:
    for gain in gains:
        yield ConstantPart(gain.name, gain.coefficient, by_destination(gain.quantity, mean))


def _of_counties(world: World, month: int) -> Iterator[ConstantPart]:
    values = world.values
    urban, outside = world.constants.at((month - world.start) / 12.0, values["residence.own_half_life"])
    yield ConstantPart("county constant, urban", 1.0, _at(_URBAN, urban))
    yield ConstantPart("county constant, outside", 1.0, _at(_OUTSIDE, outside))
    yield from world.known(_of_the_world)
    # Crowding of hospitals lowers what a county offers to its residents against the outside.
    beds = world.places.hospitals.beds / np.maximum(world.tally.residents * world.weight, 1.0)
    yield ConstantPart("health.crowding", values["health.crowding"], _at(_HOME, np.log(beds / world.first_beds)))


def _sum_of_zetas(world: World, _: int) -> Floats:
    return np.asarray(sum(part.coefficient * part.quantity for part in _zetas(world)))


def _of_the_world(world: World, _: int) -> tuple[ConstantPart, ...]:
    """Return the parts that stand for how much of the country the world holds."""
    return tuple(_shares(world))


def _zetas(world: World) -> Iterator[ConstantPart]:
    """Yield the parts that parameters alone say."""
    values, ones = world.values, np.ones(len(world.codes))
    yield ConstantPart("residence.zeta_town", values["residence.zeta_town"], _at([TOWN], ones))
    yield ConstantPart("residence.zeta_seat", values["residence.zeta_seat"], _at([SEAT], ones))
    yield ConstantPart("residence.zeta_near", values["residence.zeta_near"], _at([OTHER_SEAT, NEAR], ones))
    yield ConstantPart("residence.zeta_far", values["residence.zeta_far"], _at([OTHER_PROVINCE, FAR], ones))
    cities = _at(_URBAN, ones) + values["residence.period_outside"] * _at(_OUTSIDE, ones)
    yield ConstantPart("residence.period", values["residence.period"], cities)


def _shares(world: World) -> Iterator[ConstantPart]:
    values, counties = world.values, len(world.codes)
    # Seats of the world and the rest of the province are parts of one destination, as are other provinces inside the
    # world and outside: how much of it a world happens to hold must not change how many go, so each has its share of
    # the mass, within the nest, and pays what the whole pays. Who is in a part that nobody can go to stays at its full
    # worth.
    shares = np.ones((counties, DESTINATIONS))
    shares[:, OTHER_SEAT], shares[:, NEAR] = world.distances.inside, world.near_open
    shares[:, OTHER_PROVINCE], shares[:, FAR] = world.distances.far_inside, world.far_open
    yield ConstantPart("residence.nest", values["residence.nest"], np.log(np.where(shares > 0.0, shares, 1.0)))
    premium = _at([OTHER_SEAT], world.first_premium[:, 0]) + _at([OTHER_PROVINCE], world.first_premium[:, 1])
    yield ConstantPart("residence.alpha", values["residence.alpha"], premium)


def by_destination(zones: Floats, mean: Attraction) -> Floats:
    """Return values of the zones, shape (C, 3), by destination: the mean of their seats for others, 0 outside."""
    table = np.zeros((len(zones), DESTINATIONS))
    if not anything(zones):
        return table
    table[:, :OTHER_SEAT] = zones
    in_other_seats(table, zones[:, Zone.SEAT], mean)
    return table


def in_other_seats(table: Floats, seats: Floats, mean: Attraction) -> None:
    """Fill in for other seats the mean of what counties offer in their ``seats``; shapes (C, 7, ...) and (C, ...)."""
    if len(seats) == 1:
        table[:, OTHER_SEAT : OTHER_PROVINCE + 1] = 0.0  # a county alone has no others
        return
    flat = seats.reshape(len(seats), -1)
    for destination, weights in ((OTHER_SEAT, mean.near), (OTHER_PROVINCE, mean.far)):
        table[:, destination] = (weights @ flat).reshape(seats.shape)


def _at(destinations: slice | list[int], by_county: Floats) -> Floats:
    """Return values of the counties, shape (C,), at some destinations, 0 at the others; (C, 7)."""
    table = np.zeros((len(by_county), DESTINATIONS))
    table[:, destinations] = by_county[:, None]
    return table
