"""Where a residence choice can lead: the three zones of the county, the seat of another county, near and far."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from urbsim.arrays import Floats
from urbsim.codes import Zone
from urbsim.kernels import inlined
from urbsim.population import People

VILLAGE, TOWN, SEAT, OTHER_SEAT, NEAR, FAR = range(6)
DESTINATIONS = 6
# Ways to go: together with the children, the couple without them, one of the couple alone.
WAYS = TOGETHER, WITHOUT_CHILDREN, ALONE = range(3)
_ZONE_NEAR = int(Zone.NEAR)


class Options(NamedTuple):
    """The options of one decision, row by row: destination and way to go, and what they come to."""

    destinations: NDArray[np.int64]  # (options,)
    ways: NDArray[np.int64]
    quantities: Floats  # (options, terms)
    utilities: Floats
    shocks: Floats  # what only the person and the month decide


@inlined
def destination_of(people: People, person: int) -> int:
    """Return the destination code of where a person lives now."""
    zone = people.zone[person]
    return int(zone if zone < _ZONE_NEAR else zone + 1)


@inlined
def together(people: People, one: int, other: int) -> bool:
    """Return whether two people live in the same zone of the same county."""
    return bool(people.zone[one] == people.zone[other] and people.county[one] == people.county[other])
