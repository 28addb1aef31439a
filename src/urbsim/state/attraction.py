"""What draws people to other counties of the world: their seats, by mass, distance and pay."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from urbsim.arrays import Floats
from urbsim.codes import Zone
from urbsim.kernels import inlined
from urbsim.state.world import World


class Attraction(NamedTuple):
    """Something by pairs of the world's counties, from the row's to the column's seat, shape (C, C) each."""

    near: Floats  # within a province
    far: Floats  # between provinces


def pull_of_seats(world: World) -> Attraction:
    """Return the pull of other counties' seats: mass less distance, times what they pay."""
    if len(world.codes) == 1:
        return Attraction(np.zeros((1, 1)), np.zeros((1, 1)))
    pay = np.maximum(world.places.employers.wage[:, Zone.SEAT, 1], 1.0)
    paid = (pay / pay.mean())[None, :] ** world.values["residence.alpha"]
    return Attraction(world.distances.pull * paid, world.distances.far_pull * paid)


def weights_of_seats(pull: Attraction) -> Attraction:
    """Return the weights of the other counties in what their seats are on average; 0 where there are none."""
    return pull if pull.near.size == 1 else Attraction(*(_shares(one) for one in pull))


def cumulated(pull: Attraction) -> Attraction:
    """Return the pull summed up along each row, as ``pick_county`` wants it."""
    return pull if pull.near.size == 1 else Attraction(*(np.cumsum(one, axis=1) for one in pull))


def _shares(pull: Floats) -> Floats:
    return np.asarray(pull / np.maximum(pull.sum(axis=1, keepdims=True), 1e-300))


@inlined
def pick_county(cumulative: Any, number: float) -> int:
    """Return the county that a number in [0, 1) falls to, of a row of cumulated pull."""
    threshold = number * cumulative[-1]
    county = 0
    while county < cumulative.size - 1 and cumulative[county] <= threshold:
        county += 1
    return county
