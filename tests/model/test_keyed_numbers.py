"""Who has a number below a limit is found in blocks, and is who would be found one by one."""

from __future__ import annotations

import numpy as np
import pytest

from urbsim.randomness import Decision, Randomness

MONTH = 24_251


@pytest.mark.parametrize("people", [0, 1, 2047, 2048, 5000])
@pytest.mark.parametrize("limit", [-0.1, 0.0, 0.03, 0.5, 1.0, 1.7])
def test_rows_below_a_limit_are_those_whose_number_is(people: int, limit: float) -> None:
    randomness, keys = Randomness(seed=3), np.random.default_rng(people).integers(0, 2**64, people, dtype=np.uint64)
    expected = np.flatnonzero(randomness.numbers(Decision.BIRTH, MONTH, keys) < limit)
    np.testing.assert_array_equal(randomness.find_below(Decision.BIRTH, MONTH, keys, limit).rows, expected)


def test_a_number_at_the_limit_is_not_below_it() -> None:
    randomness, keys = Randomness(seed=3), np.arange(4000, dtype=np.uint64)
    numbers = randomness.numbers(Decision.DEATH, MONTH, keys).copy()
    limit = float(np.sort(numbers)[100])
    assert randomness.find_below(Decision.DEATH, MONTH, keys, limit).rows.size == 100
    assert randomness.find_below(Decision.DEATH, MONTH, keys, np.nextafter(limit, 1.0)).rows.size == 101


def test_certain_rows_are_found_whatever_their_number() -> None:
    randomness, keys = Randomness(seed=3), np.arange(5000, dtype=np.uint64)
    certain = keys % 7 == 0
    expected = np.flatnonzero(certain | (randomness.numbers(Decision.DEATH, MONTH, keys) < 0.1))
    found = randomness.find_below(Decision.DEATH, MONTH, keys, 0.1, certain).rows
    np.testing.assert_array_equal(found, expected)
    assert randomness.find_below(Decision.DEATH, MONTH, keys, 0.0, certain).rows.tolist() == list(range(0, 5000, 7))
