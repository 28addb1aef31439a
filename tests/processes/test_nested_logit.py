"""Choices follow the nested logit, and a change for one option moves people only to or from it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit
from scipy.stats import chisquare

from urbsim.processes.residence.destinations import Options
from urbsim.processes.residence.nested_logit import choose, probabilities
from urbsim.randomness import mix

# Two ways to go to the same destination outside, as for couples.
DESTINATIONS = np.array([0, 1, 2, 3, 4, 4, 5])
WAYS = np.array([0, 0, 0, 0, 0, 2, 0])
UTILITIES = np.array([0.5, 0.0, 1.0, -0.8, 0.9, 0.2, 0.4])
PEOPLE = 60_000
STREAM = np.uint64(7)


@njit
def choices(options, nest, people, stream):  # type: ignore[no-untyped-def]
    chosen = np.empty(people, dtype=np.int64)
    for person in range(people):
        key = mix(np.uint64(person))
        chosen[person] = choose(options, options.utilities.size, nest, stream, key)
    return chosen


def options_of(destinations: np.ndarray, ways: np.ndarray, utilities: np.ndarray) -> Options:
    return Options(destinations, ways, np.empty((0, 0)), utilities, np.empty(utilities.size))


def draw(utilities: np.ndarray, nest: float, stream: np.uint64 = STREAM) -> np.ndarray:
    return choices(options_of(DESTINATIONS, WAYS, utilities), nest, PEOPLE, stream)


def test_probabilities_by_hand() -> None:
    """Two places in the county and one outside, at a dissimilarity of one half: exponentials of 2 V."""
    utilities = np.array([0.5, 0.0, 0.25])
    inside, outside = np.exp(1.0) + 1.0, np.exp(0.5)  # sums within the nests, whose square roots compete
    county = np.sqrt(inside) / (np.sqrt(inside) + np.sqrt(outside))
    expected = [county * np.exp(1.0) / inside, county / inside, 1.0 - county]
    assert probabilities(np.array([0, 2, 4]), utilities, 0.5) == pytest.approx(expected)
    assert probabilities(np.array([0, 2, 4]), utilities - 900.0, 0.5) == pytest.approx(expected)


@pytest.mark.parametrize("nest", [0.25, 0.5, 0.7, 0.9])
def test_shares_of_choices_are_those_of_the_nested_logit(nest: float) -> None:
    counts = np.bincount(draw(UTILITIES, nest), minlength=UTILITIES.size)
    assert chisquare(counts, PEOPLE * probabilities(DESTINATIONS, UTILITIES, nest)).pvalue > 1e-4


def test_a_nest_of_one_is_the_multinomial_logit() -> None:
    multinomial = np.exp(UTILITIES) / np.exp(UTILITIES).sum()
    counts = np.bincount(draw(UTILITIES, 1.0), minlength=UTILITIES.size)
    assert chisquare(counts, PEOPLE * multinomial).pvalue > 1e-4
    assert chisquare(counts, PEOPLE * probabilities(DESTINATIONS, UTILITIES, 0.5)).pvalue < 1e-10


def test_shares_are_independent_between_months_and_people_have_fresh_luck() -> None:
    first, second = draw(UTILITIES, 0.7), draw(UTILITIES, 0.7, np.uint64(8))
    together = np.histogram2d(first, second, bins=(7, 7))[0]
    expected = np.outer(*(np.bincount(chosen, minlength=7) for chosen in (first, second))) / PEOPLE
    assert chisquare(together.ravel(), expected.ravel()).pvalue > 1e-4


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 6), st.floats(0.05, 3.0), st.floats(0.2, 1.0))
def test_raising_one_option_moves_people_to_it_and_nobody_between_others(option: int, gain: float, nest: float) -> None:
    better = UTILITIES.copy()
    better[option] += gain
    before, after = draw(UTILITIES, nest), draw(better, nest)
    moved = before != after
    assert moved.any()
    assert (after[moved] == option).all()


@settings(max_examples=15, deadline=None)
@given(st.floats(-50.0, 50.0), st.floats(0.2, 1.0))
def test_only_differences_of_utility_matter(shift: float, nest: float) -> None:
    same = draw(UTILITIES, nest) == draw(UTILITIES + shift, nest)
    assert same.mean() > 0.9999  # apart from rounding


def test_an_option_that_is_not_there_changes_nobody_who_would_not_take_it() -> None:
    there = np.arange(UTILITIES.size) != 4
    whole = draw(UTILITIES, 0.7)
    fewer = choices(options_of(DESTINATIONS[there], WAYS[there], UTILITIES[there]), 0.7, PEOPLE, STREAM)
    others = whole != 4
    np.testing.assert_array_equal(np.flatnonzero(there)[fewer[others]], whole[others])


def test_a_single_option_is_taken() -> None:
    assert (choices(options_of(DESTINATIONS[:1], WAYS[:1], UTILITIES[:1]), 0.7, 100, STREAM) == 0).all()
