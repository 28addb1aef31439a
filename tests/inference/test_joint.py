"""The joint posterior: known linear responses are found, their intervals hold, and the censuses stay met."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from linear import BOUNDS, RESPONSES, census, studies

from urbsim.inference.census import regress_shifts
from urbsim.inference.joint import Likelihood, pairs_of, sample_joint
from urbsim.inference.recovery import LEVELS, coverage

SHIFTS = np.array([[0.3, -0.2, 0.0], [0.0, 0.25, 0.0]])
HELD = (0.6, -0.8, 0.3)


def bank_and_scores(known, count=3000, seed=1):
    """Draws of the posterior of the censuses alone, by the normal formula, and scores of the prior."""
    rng = np.random.default_rng(seed)
    precision = known.emulator.matrix.T @ (known.emulator.matrix / known.variance[:, None])
    mean = known.emulator.middle + np.linalg.solve(known.emulator.matrix, known.wanted)
    drawn = rng.multivariate_normal(mean, np.linalg.inv(precision), count)
    return pd.DataFrame(drawn, columns=list(BOUNDS)), pd.DataFrame(
        rng.standard_normal((count, 3)), columns=list(RESPONSES)
    )


def exact(known, found, seen):
    """Return mean and covariance of the joint posterior, which is normal where everything is linear."""
    rows = np.vstack([np.hstack([known.emulator.matrix, known.shifts]), *[one.matrix for one in found.emulators]])
    variance = np.concatenate([known.variance, found.variance])
    middle = np.array([2.4, 0.7, 0.0, 0.0, 0.0])
    prior = np.diag([0.0, 0.0, 1.0, 1.0, 1.0])
    covariance = np.linalg.inv(rows.T @ (rows / variance[:, None]) + prior)
    wanted = np.concatenate([known.wanted + known.shifts @ known.held, seen])
    return middle + covariance @ rows.T @ (wanted / variance), covariance


@pytest.fixture(scope="module")
def fitted():
    known, found = census(SHIFTS, HELD), studies()
    pairs = pairs_of(*bank_and_scores(known), known)
    return known, found, pairs, sample_joint(pairs, Likelihood(known, found), 4000, 3, 1500)


def test_the_posterior_is_the_normal_one_that_the_formula_gives(fitted):
    known, found, _, posterior = fitted
    mean, covariance = exact(known, found, found.estimates)
    drawn = posterior.draws.to_numpy()
    sd = np.sqrt(np.diag(covariance))
    assert drawn.mean(axis=0) == pytest.approx(mean, abs=0.12 * sd.max())
    assert drawn.std(axis=0) == pytest.approx(sd, rel=0.12)
    assert np.corrcoef(drawn.T)[0, 2] == pytest.approx(covariance[0, 2] / sd[0] / sd[2], abs=0.1)


def test_a_response_that_no_study_informs_keeps_its_prior(fitted):
    care = fitted[3].draws["residence.care"]
    assert care.mean() == pytest.approx(0.0, abs=0.12)
    assert care.std() == pytest.approx(1.0, rel=0.1)


def test_parameters_follow_the_responses_so_that_the_censuses_stay_met(fitted):
    known, _, pairs, _ = fitted
    points = pairs.points.to_numpy()
    after = known.misfit(points[:, :2], points[:, 2:])
    unmoved = known.misfit(bank_and_scores(known)[0].to_numpy(), points[:, 2:])
    assert np.median(after) < 1.1 * np.median(pairs.before)
    assert np.median(unmoved) > 2.0 * np.median(pairs.before)


def test_responses_are_recovered_from_synthetic_evaluations_as_often_as_intervals_say():
    known, found = census(SHIFTS, HELD), studies()
    pairs = pairs_of(*bank_and_scores(known, 1500), known)
    rows = []
    for number in range(30):
        rng = np.random.default_rng([5, number])
        truth = pairs.points.iloc[number].to_numpy()
        seen = found.predict(truth[None, :])[0] + np.sqrt(found.variance) * rng.standard_normal(3)
        drawn = sample_joint(pairs, Likelihood(known, found, seen), 300, number, 250).draws
        for place, name in enumerate(RESPONSES):
            values, its = drawn[name], truth[2 + place]
            rows.append((number, name, its, values.median(), values.std(), (values < its).mean()))
    table = coverage(pd.DataFrame(rows, columns=["point", "response", "truth", "median", "sd", "rank"]))
    assert table.loc["all", "pairs"] == 90
    assert table.loc["informed", "pairs"] == 60  # two of the three
    for level in LEVELS:
        assert table.loc["all", f"{100 * level:.0f}"] == pytest.approx(100 * level, abs=8)


def test_the_posterior_is_reproducible(fitted):
    known, found, pairs, _ = fitted
    one, two = (sample_joint(pairs, Likelihood(known, found), 50, 4, 60).draws for _ in range(2))
    pd.testing.assert_frame_equal(one, two)


def test_shifts_are_found_where_they_are_and_are_small_where_there_are_none():
    rng = np.random.default_rng(2)
    scores = rng.standard_normal((64, 3))
    missed = scores @ np.array([[1.0, 0.0, -0.5], [0.0, 0.0, 0.0]]).T + 4.0 + 0.3 * rng.standard_normal((64, 2))
    found, constants = regress_shifts(scores, missed)
    assert constants == pytest.approx([4.0, 4.0], abs=0.12)
    assert found[0] == pytest.approx([1.0, 0.0, -0.5], abs=0.12)
    assert np.abs(found[1]).max() < 0.12
