"""Keyed random numbers: each is a function of (seed, decision, month, person key).

The same person therefore meets the same chance in every scenario, results do not depend on the order in which
people are visited or on the number of workers, and a policy that changes nothing changes nothing.

The mixing function is the finaliser of SplitMix64 (Steele, Lea & Flood 2014, OOPSLA), applied to the stream (seed,
decision, month) and then to stream and key together.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from urbsim.kernels import inlined, kernel

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_GOLDEN_INT, _MIX_1_INT, _MIX_2_INT, _ALL_BITS = int(_GOLDEN), int(_MIX_1), int(_MIX_2), (1 << 64) - 1
_TO_UNIT = 1.0 / (1 << 53)


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
    """Return whether the yearly renewal of a keyed thing falls in a month: each has a month of the year of its own."""
    return bool(key % np.uint64(12) == np.uint64(month % 12))


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
    _fill(stream, keys, numbers)
    return numbers


@inlined
def child_key(parent: np.uint64, number: int) -> np.uint64:
    """Return the stable key of something that comes from a keyed thing, such as a birth in a month."""
    return mix(parent ^ mix(np.uint64(number)))


class Randomness:
    """The random streams of one replicate."""

    def __init__(self, seed: int, replicate: int = 0) -> None:
        self.seed, self.replicate = seed, replicate
        self._numbers: NDArray[np.float64] = np.empty(0)
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
