"""Bare columns: six trivial rules in one compiled loop, which is about as fast as people can be simulated at all.

Nothing of the model is in it: people die, are born, go to school, find or lose work, move and are registered with fixed
chances, one number per person and rule. Speeds are given as multiples of this one, measured in the same run, so that
they mean the same on every machine.
"""

from __future__ import annotations

import time
from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

DEATH, BIRTH, WORK, LOSS, MOVE, REGISTER = 0.0006, 0.0008, 0.2, 0.01, 0.004, 0.002
ZONES = 5


class Columns(NamedTuple):
    """One entry per person."""

    key: NDArray[np.uint64]
    birth: NDArray[np.int32]
    alive: NDArray[np.uint8]
    zone: NDArray[np.uint8]
    stage: NDArray[np.uint8]
    work: NDArray[np.uint8]
    registered: NDArray[np.uint8]


@njit(error_model="numpy")  # type: ignore[untyped-decorator]
def _uniform(state: Any) -> Any:
    """Return a number in [0, 1) that a key alone decides: the finaliser of SplitMix64."""
    mixed = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return float((mixed ^ (mixed >> np.uint64(31))) >> np.uint64(11)) * 2.0**-53


@njit(error_model="numpy")  # type: ignore[untyped-decorator]
def _advance(columns: Any, people: int, month: int, counts: Any) -> Any:
    """Carry out the rules of a month; return how many people there are."""
    counts[:] = 0
    stream = np.uint64(month) * np.uint64(0x9E3779B97F4A7C15)
    for i in range(people):
        if not columns.alive[i]:
            continue
        key = columns.key[i] + stream
        if _uniform(key) < DEATH:
            columns.alive[i] = 0
            continue
        age = (month - columns.birth[i]) // 12
        columns.stage[i] = age // 3 if 3 <= age < 18 else 0
        if age >= 16:
            if columns.work[i] == 0:
                columns.work[i] = 1 if _uniform(key + np.uint64(1)) < WORK else 0
            elif _uniform(key + np.uint64(2)) < LOSS:
                columns.work[i] = 0
        if _uniform(key + np.uint64(3)) < MOVE:
            columns.zone[i] = (columns.zone[i] + 1) % ZONES
        if columns.registered[i] != columns.zone[i] and _uniform(key + np.uint64(4)) < REGISTER:
            columns.registered[i] = columns.zone[i]
        counts[columns.zone[i]] += 1
        if 20 <= age < 40 and _uniform(key + np.uint64(5)) < BIRTH and people < columns.key.size:
            columns.key[people] = key * np.uint64(6364136223846793005)
            columns.birth[people], columns.alive[people] = month, 1
            columns.zone[people] = columns.registered[people] = columns.zone[i]
            people += 1
    return people


def measure_bare(persons: int, months: int) -> dict[str, float]:
    """Return persons, person-months and CPU seconds of a run; compiling is not counted."""
    columns, counts = _fresh(persons), np.zeros(ZONES, dtype=np.int64)
    _advance(_fresh(10), 10, 0, counts)
    people, person_months, start = persons, 0, time.process_time()
    for month in range(months):
        people = int(_advance(columns, people, month, counts))
        person_months += int(counts.sum())
    spent = time.process_time() - start
    return {"persons": persons, "months": months, "person_months": person_months, "run_cpu": spent}


def _fresh(persons: int) -> Columns:
    room = persons + persons // 4 + 16
    rng = np.random.default_rng(0)
    columns = Columns(
        rng.integers(0, 2**63, room, dtype=np.uint64),
        rng.integers(-80 * 12, 0, room, dtype=np.int32),
        np.zeros(room, dtype=np.uint8),
        rng.integers(0, ZONES, room, dtype=np.uint8),
        *(np.zeros(room, dtype=np.uint8) for _ in range(3)),
    )
    columns.alive[:persons] = 1
    return columns
