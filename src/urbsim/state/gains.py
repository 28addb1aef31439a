"""What policies make of a place for everybody who lives there, in utility; all of it 0 without a policy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from urbsim.arrays import Floats
from urbsim.codes import Network
from urbsim.state.services import staffing_gain
from urbsim.state.world import World


class Gain(NamedTuple):
    """A coefficient times what it multiplies in each zone, shape (C, 3); points of utility are named by themselves."""

    name: str
    coefficient: float
    quantity: Floats


def policy_gains(world: World) -> Iterator[Gain]:
    """Yield amenities, networks, renewal, and the quality and staff of services beyond ordinary ones."""
    values, places, environment = world.values, world.places, world.environment
    yield Gain("amenity", 1.0, environment.amenity.values)
    for network in Network:
        name = f"amenity.{network.name.lower()}"
        yield Gain(name, values[name], places.infrastructure.network_coverage[:, :, network])
    renewed = np.minimum(places.infrastructure.renewed / np.maximum(places.housing.dwellings, 1.0), 1.0)
    yield Gain("amenity.renewal", values["amenity.renewal"], renewed)
    quality = environment.service_quality
    better = np.log(np.maximum(quality.values, 1e-3) / np.maximum(quality.base, 1e-3))
    yield Gain("services.weight", values["services.weight"], better)
    staff = np.repeat(staffing_gain(world)[:, None], 3, axis=1)
    yield Gain("health.staffing", values["health.staffing"], staff)
