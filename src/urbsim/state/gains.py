"""What policies make of a place for everybody who lives there, in utility; all of it 0 without a policy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from urbsim.arrays import Floats, anything
from urbsim.codes import COUNTY_ZONES, Network
from urbsim.state.services import staffing_gain
from urbsim.state.world import World


class Gain(NamedTuple):
    """A coefficient times what it multiplies in each zone, shape (C, 3); points of utility are named by themselves."""

    name: str
    coefficient: float
    quantity: Floats


def every_gain(world: World) -> list[Gain]:
    """Return all gains that policies can bring, those that are nothing now among them."""
    names = ["amenity", *map(_amenity, Network), "amenity.renewal", "services.weight", "health.staffing"]
    found, nothing = {gain.name: gain for gain in policy_gains(world)}, np.zeros((len(world.codes), len(COUNTY_ZONES)))
    return [found.get(name, Gain(name, world.values.get(name, 1.0), nothing)) for name in names]


def _amenity(network: Network) -> str:
    return f"amenity.{network.name.lower()}"


def policy_gains(world: World) -> Iterator[Gain]:
    """Yield amenities, networks, renewal, and the quality and staff of services beyond ordinary ones, if any."""
    values, places, environment = world.values, world.places, world.environment
    if anything(environment.amenity.values):
        yield Gain("amenity", 1.0, environment.amenity.values)
    if anything(places.infrastructure.network_coverage):
        for network in Network:
            name = _amenity(network)
            yield Gain(name, values[name], places.infrastructure.network_coverage[:, :, network])
    if anything(places.infrastructure.renewed):
        renewed = np.minimum(places.infrastructure.renewed / np.maximum(places.housing.dwellings, 1.0), 1.0)
        yield Gain("amenity.renewal", values["amenity.renewal"], renewed)
    quality = environment.service_quality
    if anything(quality.values != quality.base):
        better = np.log(np.maximum(quality.values, 1e-3) / np.maximum(quality.base, 1e-3))
        yield Gain("services.weight", values["services.weight"], better)
    staff = staffing_gain(world)
    if anything(staff):
        yield Gain("health.staffing", values["health.staffing"], np.repeat(staff[:, None], 3, axis=1))
