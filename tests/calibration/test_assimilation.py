"""Assimilation on a world that can be calculated by hand: outcomes linear in the constants, everything normal."""

from __future__ import annotations

import numpy as np
import pytest

from urbsim.calibration.assimilation import (
    FEWEST,
    Space,
    agreement,
    disagreeing,
    effective,
    moved,
    resampled,
    tempered,
    weighted_spread,
    weights_of,
)

MEMBERS = 4000
RNG = np.random.default_rng(5)
#: Constants of sd 0.5; one outcome = 0.3 + 0.2 c + chance of sd 0.05. Observed 0.5 with error 0.06.
CONSTANTS = 0.5 * RNG.standard_normal((MEMBERS, 2))
CHANCE = 0.05 * RNG.standard_normal(MEMBERS)
OBSERVED, ERROR = np.array([0.5]), np.array([0.06])


def outcomes_of(constants: np.ndarray) -> np.ndarray:
    return (0.3 + 0.2 * constants[:, 0] + CHANCE)[:, None]


@pytest.fixture(scope="module")
def smoothed() -> tuple[np.ndarray, np.ndarray, Space]:
    before = outcomes_of(CONSTANTS)
    constants, outcomes = CONSTANTS, before
    for number in range(2):
        space = Space.of(outcomes, OBSERVED, ERROR)
        constants = moved(constants, space.coordinates(outcomes), 2.0, number)
        outcomes = outcomes_of(constants)
    return constants, outcomes, Space.of(before, OBSERVED, ERROR)


def test_constants_move_to_where_bayes_puts_them(smoothed):
    """Precisions of c: 1 / 0.25 before; 0.2^2 / (0.06^2 + 0.05^2) = 6.557 of the data, which say (0.5 - 0.3) / 0.2.

    Each member is moved against its own chance too, which takes it a little farther.
    """
    constants, _, _ = smoothed
    precision = 4.0 + 0.04 / 0.0061
    assert constants[:, 0].mean() == pytest.approx(0.04 / 0.0061 / precision, abs=0.05)
    assert constants[:, 0].std() == pytest.approx(precision**-0.5, abs=0.05)
    assert constants[:, 1].mean() == pytest.approx(0.0, abs=0.03)  # which no outcome answers to


def test_weights_are_alike_where_the_linear_step_was_right(smoothed):
    _, outcomes, space = smoothed
    weights = weights_of(space, space.coordinates(outcomes))
    assert weights.power == 1.0
    assert weights.effective > 0.8 * MEMBERS
    # Outcomes: before 0.3 ± sqrt(0.1^2 + 0.05^2), so after 0.3 + 0.2 * 0.0125 / (0.0125 + 0.0036).
    mean, spread = weighted_spread(outcomes, weights.values)
    assert mean[0] == pytest.approx(0.3 + 0.2 * 0.0125 / 0.0161, abs=0.006)
    assert spread[0] == pytest.approx((1 / 0.0125 + 1 / 0.0036) ** -0.5, abs=0.006)


def test_weights_mend_a_step_that_went_too_far(smoothed):
    """Members moved onto the observation itself, as if it had no error, are weighted back towards the prior."""
    _, _, space = smoothed
    outcomes = 0.5 + 0.08 * np.random.default_rng(1).standard_normal((MEMBERS, 1))
    weights = weights_of(space, space.coordinates(outcomes))
    mean, _ = weighted_spread(outcomes, weights.values)
    assert outcomes.mean() == pytest.approx(0.5, abs=0.01)
    assert mean[0] == pytest.approx(0.3 + 0.2 * 0.0125 / 0.0161, abs=0.01)


def test_the_distance_is_in_standard_deviations_of_both(smoothed):
    _, _, space = smoothed
    assert space.distance == pytest.approx(0.2 / np.sqrt(0.0125 + 0.0036), rel=0.04)
    assert space.plausibility == pytest.approx(0.115, abs=0.02)  # of a normal, two-sided, at 1.576


def test_many_observations_of_one_thing_are_one_combination():
    before = np.repeat(outcomes_of(CONSTANTS), 12, axis=1)
    space = Space.of(before, np.full(12, 0.5), np.full(12, 0.06))
    assert space.axes.shape == (12, 1)
    # Twelve times the same with independent errors is once with an error of 0.06 / sqrt(12).
    assert space.distance == pytest.approx(0.2 / np.sqrt(0.0125 + 0.0036 / 12), rel=0.04)


def test_effective_draws_and_tempering():
    assert effective(np.full(50, 0.02)) == pytest.approx(50.0)
    assert effective(np.array([0.5, 0.5, 0.0])) == pytest.approx(2.0)
    weights = tempered(np.array([0.0] + [-500.0] * 49))
    assert 0.0 < weights.power < 0.1
    assert weights.effective == pytest.approx(FEWEST * 50, rel=0.01)
    near = agreement(np.array([[0.0], [1.0]]))
    assert near[0] / near[1] == pytest.approx(np.exp(0.5))


def test_resampling_repeats_members_by_their_weights():
    weights = np.array([0.1, 0.6, 0.0, 0.3])
    drawn = resampled(weights, 1000)
    assert np.bincount(drawn, minlength=4) == pytest.approx([100, 600, 0, 300], abs=1)
    assert (np.diff(drawn) >= 0).all()


def test_what_disagrees_beyond_both_errors_is_named():
    outcomes = np.array([[0.30, 0.5], [0.31, 0.5], [0.32, 0.51], [0.31, 0.49]])
    space = Space.of(outcomes, np.array([0.40, 0.5]), np.array([0.02, 0.02]))
    assert disagreeing(outcomes, space, np.full(4, 0.25)) == [0]
