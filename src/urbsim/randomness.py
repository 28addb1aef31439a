"""Keyed random numbers: each is a function of (seed, decision, month, person key).

The same person therefore meets the same chance in every scenario, results do not depend on the order in which
people are visited or on the number of workers, and a policy that changes nothing changes nothing.

The mixing function is the finaliser of SplitMix64 (Steele, Lea & Flood 2014, OOPSLA), applied to the stream (seed,
decision, month) and then to stream and key together.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from urbsim.arrays import Mask
from urbsim.kernels import inlined, kernel, people_kernel
from urbsim.records import record
from urbsim.threads import put_together, side_by_side

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_GOLDEN_INT, _MIX_1_INT, _MIX_2_INT, _ALL_BITS = int(_GOLDEN), int(_MIX_1), int(_MIX_2), (1 << 64) - 1
_STEPS = 1 << 53  # numbers are whole multiples of its inverse
_TO_UNIT = 1.0 / _STEPS
_BLOCK = 2048  # people whose numbers are looked at together, so that what is noted of them stays close by
_THIRD, _TWELFTHS = np.uint64(0xAAAAAAAAAAAAAAAB), np.uint64(((1 << 64) - 1) // 12)
_TWO, _REST = np.uint64(2), np.uint64(62)


_NONE = np.empty(0, dtype=bool)


class Decision(IntEnum):
    """What a random number is for; each has its own stream. Numbers are fixed: they are part of reproducibility."""

    SYNTHESIS = 1
    DEATH = 2
    BIRTH = 3
    SEX = 4
    MARRIAGE = 5
    RECONSIDER = 6
    DESTINATION = 7
    JOB_SEARCH = 9
    ADMISSION = 11
    STUDY = 12
    PURCHASE = 13
    QUEUE = 14
    REGISTRATION = 15
    RECLASSIFICATION = 16
    ARRIVAL = 17
    TRAINING = 18
    OTHER_COUNTY = 20
    LABOUR_FORCE = 21
    PARTNER = 22
    ARRIVAL_TRAITS = 24
    ADMISSION_SHARE = 26
    INSURANCE = 31
    LAND_VALUE = 32
    LAND_EXIT = 33
    RESETTLEMENT = 34
    RESETTLEMENT_WORK = 35
    ELIGIBLE_VILLAGE = 36
    VILLAGE = 37
    STUDENT_REGISTRATION = 38
    NEWBORN_REGISTRATION = 39
    LAND_RENT = 40


@inlined
def mix(value: np.uint64) -> np.uint64:
    """Return a well-mixed 64-bit number from any 64-bit number."""
    z = value + _GOLDEN
    z = (z ^ (z >> np.uint64(30))) * _MIX_1
    z = (z ^ (z >> np.uint64(27))) * _MIX_2
    return z ^ (z >> np.uint64(31))


def _mixed(value: int) -> int:
    """Return what ``mix`` makes of a number, in Python: for one number that is faster than a call of compiled code."""
    z = (value + _GOLDEN_INT) & _ALL_BITS
    z = ((z ^ (z >> 30)) * _MIX_1_INT) & _ALL_BITS
    z = ((z ^ (z >> 27)) * _MIX_2_INT) & _ALL_BITS
    return z ^ (z >> 31)


@inlined
def lot(mixed: np.uint64) -> float:
    """Return the number in [0, 1) that well-mixed bits stand for, such as a household's fixed place in a queue."""
    return (mixed >> np.uint64(11)) * _TO_UNIT


@inlined
def has_turn(key: np.uint64, month: int) -> bool:
    """Return whether the yearly renewal of a keyed thing falls in a month: each has a month of the year of its own.

    The turn is the rest of the key divided by twelve. Multiplied by the inverse of three and turned by the two bits of
    four, only multiples of twelve come to at most a twelfth of all numbers; unlike a rest, a processor finds that of
    several keys at once.
    """
    turn = np.uint64(month % 12)
    thirds = (key - turn) * _THIRD
    return bool((((thirds >> _TWO) | (thirds << _REST)) <= _TWELFTHS) & (key >= turn))


@inlined
def uniform(stream: np.uint64, key: np.uint64) -> float:
    """Return a number in [0, 1) for one key of one stream."""
    return lot(mix(stream ^ key))


@kernel
def _fill(stream: np.uint64, keys: NDArray[np.uint64], numbers: NDArray[np.float64]) -> None:
    for i in range(keys.size):
        numbers[i] = uniform(stream, keys[i])


def uniforms(stream: np.uint64, keys: NDArray[np.uint64]) -> NDArray[np.float64]:
    """Return one number in [0, 1) per key, shape (n,)."""
    numbers = np.empty(keys.size)
    side_by_side(lambda first, last: _fill(stream, keys[first:last], numbers[first:last]), keys.size)
    return numbers


@people_kernel
def _find_turns(keys: NDArray[np.uint64], month: int, turns: Mask) -> None:
    for i in range(keys.size):
        turns[i] = has_turn(keys[i], month)


def find_turns(keys: NDArray[np.uint64], month: int) -> Mask:
    """Return whose yearly renewal falls in a month, shape (n,)."""
    turns = np.empty(keys.size, dtype=bool)
    side_by_side(lambda first, last: _find_turns(keys[first:last], month, turns[first:last]), keys.size)
    return turns


@record
class _Found(NamedTuple):
    """Where the rows that are looked for are written."""

    rows: NDArray[np.int32]  # as many as there are keys
    noted: NDArray[np.uint8]  # room for what is noted of a block
    first: int  # row of the first key


@people_kernel
def _find_below(
    stream: np.uint64,
    keys: NDArray[np.uint64],
    bound: np.uint64,
    certain: Mask,
    found: _Found,
) -> int:
    """Fill in the rows whose number is below a bound, and those that are certain; return how many they are.

    Numbers are made and compared several at a time, block by block, and rows are written without a decision: an entry
    that does not count is overwritten by the next.
    """
    count, rows, noted = 0, found.rows, found.noted
    for start in range(0, keys.size, noted.size):
        block = keys[start : start + noted.size]
        for n in range(block.size):
            noted[n] = (mix(stream ^ block[n]) >> np.uint64(11)) < bound
        if certain.size:
            also = certain[start : start + noted.size]
            for n in range(block.size):
                noted[n] |= also[n]
        for n in range(block.size):
            rows[count] = found.first + start + n
            count += noted[n]
    return count


def substream(stream: np.uint64, number: int) -> np.uint64:
    """Return what ``child_key`` makes of a stream and a number, in Python."""
    return np.uint64(_mixed(int(stream) ^ _mixed(number)))


@inlined
def child_key(parent: np.uint64, number: int) -> np.uint64:
    """Return the stable key of something that comes from a keyed thing, such as a birth in a month."""
    return mix(parent ^ mix(np.uint64(number)))


@record
class Drawn(NamedTuple):
    """To whom something can happen in a month, and the stream of the numbers that say whether it does."""

    rows: NDArray[np.int32]  # in order
    stream: np.uint64

    def part(self, first: int, last: int) -> Drawn:
        """Return a part of the rows."""
        return Drawn(self.rows[first:last], self.stream)


class Randomness:
    """The random streams of one replicate."""

    def __init__(self, seed: int, replicate: int = 0) -> None:
        self.seed, self.replicate = seed, replicate
        self._numbers: NDArray[np.float64] = np.empty(0)
        self._rows: NDArray[np.int32] = np.empty(0, dtype=np.int32)
        self._root = _mixed(seed) ^ _mixed(replicate + 0x5EED)

    def stream(self, decision: Decision, month: int) -> np.uint64:
        """Return the stream of one decision in one month."""
        return np.uint64(_mixed(self._root ^ _mixed(int(decision) << 32 | month)))

    def numbers(self, decision: Decision, month: int, keys: NDArray[np.uint64]) -> NDArray[np.float64]:
        """Return one number in [0, 1) per key for one decision in one month, shape (n,).

        Made for everybody in one go, several at a time; a loop over people then looks first for numbers at which
        something can happen at all. The next call overwrites the array.
        """
        if self._numbers.size < keys.size:
            self._numbers = np.empty(keys.size + keys.size // 4)
        numbers = self._numbers[: keys.size]
        _fill(self.stream(decision, month), keys, numbers)
        return numbers

    def find_below(
        self,
        decision: Decision,
        month: int,
        keys: NDArray[np.uint64],
        limit: float,
        certain: Mask = _NONE,
        keep: Callable[[Drawn], int] | None = None,
    ) -> Drawn:
        """Return the rows whose number for one decision in one month is below a limit.

        No number is kept: a loop over people makes it again for those to whom something can happen at all. The next
        call overwrites the rows.

        Parameters
        ----------
        decision, month
            What the numbers are for.
        keys
            One key per row, shape (n,).
        limit
            Nothing happens to whoever has a number that is not below it.
        certain
            Rows to return whatever their number, shape (n,).
        keep
            Leaves of some rows drawn, at the front, those to return, and says how many they are; all without it. It is
            called for parts of the rows side by side, and may write nothing else.
        """
        if self._rows.size < keys.size:
            self._rows = np.empty(keys.size + keys.size // 4, dtype=np.int32)
        bound = np.uint64(math.ceil(min(max(limit, 0.0), 1.0) * _STEPS))
        stream, rows = self.stream(decision, month), self._rows[: keys.size]

        def find(first: int, last: int) -> int:
            mine = rows[first:last]
            found = _Found(mine, np.empty(_BLOCK, dtype=np.uint8), first)
            count = _find_below(stream, keys[first:last], bound, certain[first:last], found)
            return keep(Drawn(mine[:count], stream)) if keep is not None else count

        return Drawn(rows[: put_together(rows, side_by_side(find, keys.size))], stream)
