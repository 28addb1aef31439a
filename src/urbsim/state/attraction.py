"""What draws people to other counties of the world: their seats, by mass, distance and pay."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from urbsim.arrays import Floats, Ints, Mask
from urbsim.codes import Zone
from urbsim.kernels import inlined, people_kernel
from urbsim.records import record
from urbsim.state.world import World

#: Rows of counties that are worked on together, so that they stay close by until all is done with them.
_ROWS = 32


@record
class Attraction(NamedTuple):
    """Something by pairs of the world's counties, from the row's to the column's seat, shape (C, C) each."""

    near: Floats  # within a province
    far: Floats  # between provinces


class OtherSeats(NamedTuple):
    """The seats of other counties this month: mass less distance, times what they pay; written anew every month."""

    weights: Attraction  # of each in what other seats are on average, 0 where there are none
    cumulated: Attraction  # pull summed up along each row, as ``pick_county`` wants it


class _Room:
    """Room for one kind of other seats, and where in each row there are any."""

    def __init__(self, pull: Floats) -> None:
        some = pull > 0.0
        self.held: Mask = np.asarray(some.any(axis=1))
        self.first: Ints = np.where(self.held, some.argmax(axis=1), 0)
        self.end: Ints = np.where(self.held, some.shape[1] - some[:, ::-1].argmax(axis=1), 0)
        self.weights: Floats = np.zeros_like(pull)
        self.cumulated: Floats = np.zeros_like(pull)


def other_seats(world: World) -> OtherSeats:
    """Return what the seats of other counties are to each county this month.

    The arrays are those of the last call for this world: of thousands of counties they are large, and clearing new ones
    would take longer than filling them.
    """
    if len(world.codes) == 1:
        alone = Attraction(np.zeros((1, 1)), np.zeros((1, 1)))
        return OtherSeats(alone, alone)
    pulls = (world.distances.pull, world.distances.far_pull)
    if world.room is None:
        world.room = tuple(_Room(pull) for pull in pulls)
    pay = np.maximum(world.places.employers.wage[:, Zone.SEAT, 1], 1.0)
    paid = (pay / pay.mean()) ** world.values["residence.alpha"]
    for pull, room in zip(pulls, world.room, strict=True):
        for start in range(0, len(pull), _ROWS):
            some = slice(start, start + _ROWS)
            weights, first, end = room.weights[some], room.first[some], room.end[some]
            _cumulate(pull[some], paid, first, end, weights, room.cumulated[some])
            _divide(weights, np.maximum(weights.sum(axis=1), 1e-300), first, end)
    near, far = world.room
    return OtherSeats(Attraction(near.weights, far.weights), Attraction(near.cumulated, far.cumulated))


@people_kernel
def _cumulate(
    pull: Floats, paid: Floats, first: NDArray[np.int64], end: NDArray[np.int64], paid_pull: Floats, cumulated: Floats
) -> None:
    """Fill in the pull times what seats pay, and its sum along each row; none is before ``first`` and from ``end``."""
    for row in range(first.size):
        total = 0.0
        for column in range(first[row], end[row]):
            paid_pull[row, column] = pull[row, column] * paid[column]
            total += paid_pull[row, column]
            cumulated[row, column] = total
        cumulated[row, end[row] :] = total


@people_kernel
def _divide(table: Floats, totals: Floats, first: NDArray[np.int64], end: NDArray[np.int64]) -> None:
    for row in range(totals.size):
        for column in range(first[row], end[row]):
            table[row, column] /= totals[row]


@inlined
def pick_county(cumulative: Any, number: float) -> int:
    """Return the county that a number in [0, 1) falls to, of a row of cumulated pull: the first that exceeds it."""
    threshold = number * cumulative[-1]
    low, high = 0, cumulative.size - 1
    while low < high:
        middle = (low + high) // 2
        if cumulative[middle] <= threshold:
            low = middle + 1
        else:
            high = middle
    return low
