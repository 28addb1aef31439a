"""Priors on one scale: scores and values of responses."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from urbsim.calibration.design import priors
from urbsim.evidence.reading import responses
from urbsim.inference.scores import FARTHEST, fitted_responses, score_of, spread_scores, value_at, values_of
from urbsim.parameters import registry

BY_ID = {response.id: response for response in responses()}


def test_a_truncated_normal_by_hand():
    alpha = BY_ID["residence.alpha"]  # normal, 1.5 with 0.3, cut at 1 and 2
    below = norm.cdf((1.0 - 1.5) / 0.3)
    share = below + 0.95 * (1.0 - 2.0 * below)
    found = value_at(alpha, norm.ppf([0.5, 0.95]))
    assert found == pytest.approx([1.5, 1.5 + 0.3 * norm.ppf(share)], abs=1e-9)


def test_a_lognormal_has_its_centre_at_the_middle_and_its_width_in_logarithms():
    hukou = BY_ID["residence.hukou"]  # 0.5 with 0.8, cut at 0 and 2: 4.2 % of the prior lies above
    cut = norm.cdf(np.log(2.0 / 0.5) / 0.8)
    assert value_at(hukou, norm.ppf(np.array([0.5 / cut]))) == pytest.approx([0.5])


def test_a_uniform_prior_is_even():
    relief = BY_ID["pension.relief"]
    assert value_at(relief, norm.ppf(np.array([0.1, 0.5, 0.9]))) == pytest.approx([0.1, 0.5, 0.9])


@pytest.mark.parametrize("response", fitted_responses(), ids=lambda response: response.id)
def test_values_lie_in_their_range_and_scores_come_back(response):
    scores = np.linspace(-3.0, 3.0, 13)
    values = value_at(response, scores)
    assert (np.diff(values) > 0).all()
    assert response.range[0] <= values.min() <= values.max() <= response.range[1]
    assert score_of(response, values) == pytest.approx(scores, abs=1e-6)
    assert np.abs(score_of(response, np.array(response.range))) == pytest.approx([FARTHEST] * 2)


def test_what_is_fitted_is_known_to_the_model_and_not_fitted_by_the_censuses():
    names = [response.id for response in fitted_responses()]
    assert len(names) >= 15
    assert set(names) <= set(registry())
    assert not set(names) & set(priors())


def test_points_fill_the_prior_and_other_columns_stay():
    scores = spread_scores(64, 1)
    assert np.abs(scores.mean().to_numpy()).max() < 0.15
    assert np.abs(scores.std().to_numpy() - 1.0).max() < 0.2
    with_census = scores.assign(**{"residence.move": 2.5})
    assert (values_of(with_census)["residence.move"] == 2.5).all()
