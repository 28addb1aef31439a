"""Where a residence choice can lead, seen from the county of registration.

Village, town and seat are those of the county of registration. Outside it people can be in the seat of another county
of the world, in the province or in another one, in the rest of the province (near) or of the country (far), or where
they live already: in the villages, towns or seat of another county of the world. For people registered outside the
world the county they live in takes the place of that of registration; near or far is their way back.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from urbsim.arrays import Floats
from urbsim.codes import Zone
from urbsim.kernels import inlined, whole
from urbsim.population import People
from urbsim.records import record

VILLAGE, TOWN, SEAT, OTHER_SEAT, OTHER_PROVINCE, NEAR, FAR, HERE_VILLAGE, HERE_TOWN, HERE_SEAT = range(10)
#: Destinations that have a column in the tables of alternatives; what is here is found in the columns of its county.
DESTINATIONS = FAR + 1
# Ways to go: together with the children, the couple without them, one of the couple alone.
WAYS = TOGETHER, WITHOUT_CHILDREN, ALONE = range(3)
_ZONE_NEAR = int(Zone.NEAR)


@record
class Options(NamedTuple):
    """The options of one decision, row by row: destination and way to go, and what they come to."""

    destinations: NDArray[np.int64]  # (options,)
    ways: NDArray[np.int64]
    quantities: Floats  # (options, terms)
    utilities: Floats
    shocks: Floats  # what only the person and the month decide


@inlined
def leaves_world(destination: int) -> bool:
    """Return whether a destination lies outside the world."""
    return NEAR <= destination <= FAR


@inlined
def lives_elsewhere(people: People, person: int) -> bool:
    """Return whether somebody registered in one county of the world is a resident of another."""
    return bool(
        people.registration[person] >= 0
        and people.registration[person] != people.county[person]
        and people.zone[person] < _ZONE_NEAR
    )


@inlined
def destination_of(people: People, person: int) -> int:
    """Return the destination code of where a person lives now."""
    zone = people.zone[person]
    if zone >= _ZONE_NEAR:
        return int(zone - _ZONE_NEAR + NEAR)
    return int(zone + HERE_VILLAGE if lives_elsewhere(people, person) else zone)


@inlined
def home_county(people: People, person: int) -> int:
    """Return the county of registration; of people registered outside the world the one they live in."""
    registration = people.registration[person]
    return int(whole(registration if registration >= 0 else people.county[person]))


@inlined
def spot_of(people: People, person: int, destination: int) -> tuple[int, int]:
    """Return the county and the column of the tables of alternatives where a destination of somebody is found."""
    if destination >= HERE_VILLAGE:
        return int(whole(people.county[person])), destination - HERE_VILLAGE
    return home_county(people, person), destination


@inlined
def together(people: People, one: int, other: int) -> bool:
    """Return whether two people live in the same zone of the same county."""
    return bool(people.zone[one] == people.zone[other] and people.county[one] == people.county[other])
