"""What a place is to everybody who could live there: the constants of the alternatives, part by part.

  constant_d = amenity_d + coverage, renewal and services that policies brought + zeta_d + period + the county's own
               + nest ln(share of the destination's mass) + crowding ln(hospital beds per resident / at the start)

Everything that policies bring is 0 without one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from urbsim.arrays import Floats
from urbsim.codes import Network, Zone
from urbsim.processes.residence.destinations import DESTINATIONS, FAR, NEAR, OTHER_SEAT, SEAT, TOWN
from urbsim.state.services import staffing_gain
from urbsim.state.world import World


class Part(NamedTuple):
    """One part of the constants: a coefficient times what it multiplies at each destination, shape (C, 6).

    ``name`` is the parameter that is the coefficient, or what is measured in points of utility already.
    """

    name: str
    coefficient: float
    quantity: Floats


def constant_parts(world: World, month: int, mean: Floats) -> Iterator[Part]:
    """Yield the parts of the constants of a month; ``mean`` averages over the seats of other counties, (C, C)."""
    yield from _of_policies(world, mean)
    values, counties = world.values, len(world.codes)
    for name, destinations in (("town", [TOWN]), ("seat", [SEAT]), ("near", [OTHER_SEAT, NEAR]), ("far", [FAR])):
        yield Part(f"residence.zeta_{name}", values[f"residence.zeta_{name}"], _at(destinations, np.ones(counties)))
    yield Part("residence.period", values["residence.period"], _at([TOWN, SEAT], np.ones(counties)))
    urban, outside = world.constants.at((month - world.start) / 12.0, values["residence.own_half_life"])
    yield Part("county constant, urban", 1.0, _at([TOWN, SEAT], urban))
    yield Part("county constant, outside", 1.0, _at([OTHER_SEAT, NEAR, FAR], outside))
    # Seats of the world and the rest of the province are parts of one destination: how much of it a world happens to
    # hold must not change how many go there, so each has its share of the mass, within the nest.
    inside = np.where(mean.any(axis=1), world.distances.inside, 0.0)
    with np.errstate(divide="ignore"):
        share = _at([OTHER_SEAT], np.log(inside)) + _at([NEAR], np.log(world.near_open))
    yield Part("residence.nest", values["residence.nest"], share)
    # Crowding of hospitals lowers what a county offers to its residents against the outside.
    beds = world.places.hospitals.beds / np.maximum(world.tally.residents * world.weight, 1.0)
    yield Part("health.crowding", values["health.crowding"], _at(range(OTHER_SEAT), np.log(beds / world.first_beds)))


def _of_policies(world: World, mean: Floats) -> Iterator[Part]:
    """Yield what policies make of a place for everybody; quantities are 0 without a policy."""
    values, places, environment = world.values, world.places, world.environment
    yield Part("amenity", 1.0, by_destination(environment.amenity.values, mean))
    for network in Network:
        name = f"amenity.{network.name.lower()}"
        yield Part(name, values[name], by_destination(places.infrastructure.network_coverage[:, :, network], mean))
    renewed = np.minimum(places.infrastructure.renewed / np.maximum(places.housing.dwellings, 1.0), 1.0)
    yield Part("amenity.renewal", values["amenity.renewal"], by_destination(renewed, mean))
    quality = environment.service_quality
    better = np.log(np.maximum(quality.values, 1e-3) / np.maximum(quality.base, 1e-3))
    yield Part("services.weight", values["services.weight"], by_destination(better, mean))
    staff = np.repeat(staffing_gain(world)[:, None], 3, axis=1)
    yield Part("health.staffing", values["health.staffing"], by_destination(staff, mean))


def by_destination(zones: Floats, mean: Floats) -> Floats:
    """Return values of the zones, shape (C, 3), by destination: the mean of their seats for others, 0 outside."""
    table = np.zeros((len(zones), DESTINATIONS))
    table[:, :OTHER_SEAT] = zones
    table[:, OTHER_SEAT] = mean @ zones[:, Zone.SEAT]
    return table


def _at(destinations: Iterable[int], by_county: Floats) -> Floats:
    """Return values of the counties, shape (C,), at some destinations, 0 at the others; (C, 6)."""
    table = np.zeros((len(by_county), DESTINATIONS))
    table[:, list(destinations)] = by_county[:, None]
    return table
