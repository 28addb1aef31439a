import numpy as np
import pytest

from urbsim.randomness import uniforms
from urbsim.region.proportional_fitting import fit_shares
from urbsim.region.sampling import (
    RandomNumbers,
    capped,
    choose,
    largest_remainder,
    match_nearest,
    pick,
    random_order,
)


@pytest.fixture
def random() -> RandomNumbers:
    return RandomNumbers(np.uint64(7), "341282")


def test_largest_remainder_keeps_the_total_and_stays_within_one() -> None:
    expected = np.array([0.4, 10.6, 3.5, 5.5])
    whole = largest_remainder(expected, 20)
    assert whole.sum() == 20
    assert np.abs(whole - expected).max() < 1


def test_whole_totals_are_met_exactly_by_a_two_way_choice(random: RandomNumbers) -> None:
    rows = np.repeat(np.arange(40), 25)
    odds = np.stack([np.linspace(0.1, 4, 40), np.ones(40)], axis=1)
    people = np.bincount(rows).astype(float)
    chosen = choose(random, rows, fit_shares(odds, people, np.array([333.0, 667.0])))
    assert np.bincount(chosen).tolist() == [333, 667]


def test_choice_follows_the_weights_of_each_row_within_two(random: RandomNumbers) -> None:
    rows = np.repeat(np.arange(3), 1000)
    weights = np.array([[1.0, 1, 2], [0, 1, 0], [3, 0, 1]])
    counts = np.array([np.bincount(choose(random, rows, weights)[rows == row], minlength=3) for row in range(3)])
    np.testing.assert_allclose(counts, 1000 * weights / weights.sum(axis=1, keepdims=True), atol=2)


def test_pick_meets_the_target_and_prefers_higher_odds(random: RandomNumbers) -> None:
    odds = np.where(np.arange(1000) < 500, 3.0, 1.0)
    sizes = 1.0 + np.arange(1000) % 4
    picked = pick(random, odds, 600.0, sizes)
    assert sizes[picked].sum() == pytest.approx(600, abs=10)
    assert picked[:500].sum() == pytest.approx(180, abs=20)  # 600 of size, mean 2.5, three quarters


def test_capped_chances_reach_the_target_when_some_are_certain() -> None:
    chance = capped(np.array([100.0, 1, 1, 1]), 2.0, np.ones(4))
    assert chance[0] == 1.0
    assert chance.sum() == pytest.approx(2.0)


def test_random_order_sorts_rows_and_is_a_permutation(random: RandomNumbers) -> None:
    rows = np.arange(500) % 7
    order = random_order(rows, 7, random.uniform(500))
    assert np.all(np.diff(rows[order]) >= 0)
    np.testing.assert_array_equal(np.sort(order), np.arange(500))
    assert np.any(np.diff(order[rows[order] == 0]) < 0)


def test_nearest_matches_are_free_near_and_used_once() -> None:
    found = match_nearest(np.array([5.0, 5.0, 5.0, 90.0]), np.array([1.0, 4.0, 6.5, 50.0]), 10.0)
    assert found.tolist() == [1, 2, 0, -1]


def test_numbers_are_those_of_the_keys(random: RandomNumbers) -> None:
    numbers = random.uniform(10)
    assert np.unique(random.keys(10)).size == 10
    np.testing.assert_array_equal(numbers, uniforms(random._substream(), random.keys(10)))


def test_each_call_draws_afresh_and_counties_differ(random: RandomNumbers) -> None:
    same = RandomNumbers(np.uint64(7), "341282")
    first = random.uniform(10)
    np.testing.assert_array_equal(first, same.uniform(10))
    assert not np.array_equal(first, random.uniform(10))
    assert not np.array_equal(first, RandomNumbers(np.uint64(7), "140428").uniform(10))
