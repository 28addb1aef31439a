"""Turning expected numbers into whole people: rounding, systematic choice and nearest matching, all keyed.

Systematic sampling (Madow 1949) walks through the people once and carries the remainder along, so that every run of
neighbours in the order walked receives its expected number to within one or two, and a total that is whole is met.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from urbsim.arrays import Floats, Ints
from urbsim.kernels import kernel
from urbsim.randomness import mix, substream, uniform, uniforms

_HOUSEHOLD_BIT = np.uint64(1 << 31)
_COUNTY_SHIFT = np.uint64(32)
_FAR_APART = 1e-9


class RandomNumbers:
    """The random numbers of one county: they depend on the seed, the county's code and the purpose only.

    ``stream`` is the stream of the synthesis; ``code`` the county's division code.
    """

    def __init__(self, stream: np.uint64, code: str) -> None:
        self._stream, self._county = stream, np.uint64(int(code)) << _COUNTY_SHIFT
        self._purposes = 0

    def keys(self, count: int, households: bool = False) -> NDArray[np.uint64]:
        """Return stable keys, unique over all counties, of people or households numbered from 0, shape (count,)."""
        keys = np.arange(count, dtype=np.uint64)
        _mix(self._county | (_HOUSEHOLD_BIT if households else np.uint64(0)), keys)
        return keys

    def uniform(self, count: int) -> Floats:
        """Return ``count`` fresh numbers in [0, 1); each call is a purpose of its own, in the order of calls."""
        self._purposes += 1
        numbers = np.empty(count)
        _fill(self._substream(), self._county, numbers)
        return numbers

    def one(self) -> float:
        """Return one fresh number in (0, 1), away from both ends."""
        self._purposes += 1
        return 0.01 + 0.98 * float(uniforms(self._substream(), np.array([self._county]))[0])

    def _substream(self) -> np.uint64:
        return substream(self._stream, self._purposes)

    def shuffled(self, values: Ints) -> Ints:
        """Return the values in random order."""
        return np.asarray(values[self.order(np.zeros(values.size, dtype=np.int64))])

    def order(self, rows: Ints) -> Ints:
        """Return the order that sorts people by ``rows`` (from 0), at random within a row."""
        return random_order(rows, int(rows.max(initial=0)) + 1, self.uniform(rows.size))


@kernel
def _mix(first: np.uint64, numbers: NDArray[np.uint64]) -> None:
    """Put the keys of things in the place of their numbers, which count from the first."""
    for i in range(numbers.size):
        numbers[i] = mix(first + numbers[i])


@kernel
def _fill(stream: np.uint64, first: np.uint64, numbers: Floats) -> None:
    """Fill in a random number for each key from the first on."""
    for i in range(numbers.size):
        numbers[i] = uniform(stream, mix(first + np.uint64(i)))


def largest_remainder(expected: ArrayLike, total: int) -> Ints:
    """Return whole numbers that add up to ``total``, proportional to ``expected`` (any shape; its sum above 0)."""
    wanted = np.asarray(expected, dtype=float)
    wanted = wanted * (total / wanted.sum())
    whole: Ints = np.floor(wanted + _FAR_APART).astype(np.int64)
    short = total - int(whole.sum())
    order = np.argsort(-(wanted - whole).ravel(), kind="stable")[:short]
    whole.reshape(-1)[order] += 1
    return whole


@kernel
def random_order(rows: Ints, count: int, random: Floats) -> Ints:
    """Sort by counting, then shuffle each row (Fisher & Yates); ``random`` holds one number per person."""
    starts = np.zeros(count + 1, np.int64)
    for i in range(rows.size):
        starts[rows[i] + 1] += 1
    for row in range(count):
        starts[row + 1] += starts[row]
    free = starts[:-1].copy()
    order = np.empty(rows.size, np.int64)
    for i in range(rows.size):
        order[free[rows[i]]] = i
        free[rows[i]] += 1
    for row in range(count):
        for last in range(starts[row + 1] - 1, starts[row], -1):
            other = starts[row] + int(random[last] * (last - starts[row] + 1))
            order[last], order[other] = order[other], order[last]
    return order


@kernel
def systematic_choice(rows: Ints, weights: Floats, offsets: Floats) -> NDArray[np.uint8]:
    """Choose a category for each person, in the order given, shape (people,).

    ``rows`` names each person's row of ``weights`` (rows, categories); a row need not add up to 1. ``offsets`` in
    [0, 1), one per category, start the walk.
    """
    chosen = np.empty(rows.size, np.uint8)
    last = weights.shape[1] - 1
    carry = offsets.copy()
    for i in range(rows.size):
        row = weights[rows[i]]
        rest = row.sum()
        choice = last
        for category in range(last):
            share = row[category] / rest if rest > 0.0 else 0.0
            carry[category] += share
            if carry[category] >= 1.0 or share > 1.0 - 1e-9:
                carry[category] -= 1.0
                choice = category
                break
            rest -= row[category]
        chosen[i] = choice
    return chosen


def choose(random: RandomNumbers, rows: Ints, weights: Floats) -> NDArray[np.uint8]:
    """Return a category for each person: systematically through the rows in their order, at random within a row."""
    order = random.order(rows)
    offsets = np.array([random.one() for _ in range(weights.shape[1])])
    chosen = np.empty(rows.size, np.uint8)
    chosen[order] = systematic_choice(rows[order], np.ascontiguousarray(weights), offsets)
    return chosen


def pick(random: RandomNumbers, odds: Floats, target: float, size: Floats | None = None) -> NDArray[np.bool_]:
    """Pick things with chances proportional to ``odds`` (at most 1) so that their sizes add up to about ``target``.

    Returns a mask, shape (things,). The total is met to within one thing of each size, or as far as the odds allow.
    """
    sizes = np.ones(odds.size) if size is None else size
    chance = capped(odds, target, sizes)
    order = np.lexsort((random.uniform(odds.size), sizes))  # by size: the sum of sizes then varies least
    reached = np.floor(np.cumsum(chance[order]) + random.one() + _FAR_APART)
    picked = np.zeros(odds.size, dtype=bool)
    picked[order] = np.diff(reached, prepend=0.0) > 0
    return picked


def capped(odds: Floats, target: float, size: Floats) -> Floats:
    """Return chances proportional to ``odds`` and at most 1 whose expected total size is ``target``, if it can be."""
    chance = np.zeros(odds.size)
    open_ = (odds > 0.0) & (size > 0.0)
    room = target
    for _ in range(30):
        total = float((odds * size)[open_].sum())
        if room <= 0.0 or total <= 0.0:
            break
        factor = room / total
        chance[open_] = odds[open_] * factor
        over = open_ & (chance >= 1.0)
        if not over.any():
            break
        chance[over] = 1.0
        room -= float(size[over].sum())
        open_ &= ~over
    return chance


@kernel
def _root(links: Ints, start: int) -> int:
    """Follow links to the end, shortening the path on the way."""
    root = start
    while links[root] != root:
        root = links[root]
    while links[start] != root:
        links[start], start = root, links[start]
    return root


@kernel
def match_nearest(wanted: Floats, offered: Floats, limit: float) -> Ints:
    """Give each wanted value, in the order given, the nearest offered value still free, shape (wanted,).

    ``offered`` is sorted upwards. Returns indices into it, -1 where nothing free lies within ``limit``.
    """
    count = offered.size
    above = np.arange(count + 1)  # next free at or above; count stands for none
    below = np.arange(count + 1)  # one more than the next free at or below; 0 stands for none
    found = np.full(wanted.size, -1)
    places = np.searchsorted(offered, wanted)
    for i in range(wanted.size):
        up, down = _root(above, places[i]), _root(below, places[i]) - 1
        up_gap = offered[up] - wanted[i] if up < count else np.inf
        down_gap = wanted[i] - offered[down] if down >= 0 else np.inf
        if min(up_gap, down_gap) <= limit:
            taken = up if up_gap < down_gap else down
            found[i] = taken
            above[taken] = taken + 1
            below[taken + 1] = taken
    return found


def pair_nearest(random: RandomNumbers, wanted: Floats, offered: Floats, limit: float) -> tuple[Ints, Ints]:
    """Pair wanted with offered values, each at most once, in random order; return the indices of both sides."""
    order = random.shuffled(np.arange(wanted.size))
    ranks = np.argsort(offered, kind="stable")
    found = match_nearest(wanted[order], offered[ranks], limit)
    return order[found >= 0], ranks[found[found >= 0]]
