"""The comparisons of studies, on numbers whose answer is known by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from urbsim.validation.estimators import adjusted_slope, difference_in_differences, growth_difference


def test_difference_in_differences_is_the_change_of_the_treated_less_that_of_the_others():
    before, after = np.array([1.0, 3.0, 10.0, 20.0]), np.array([4.0, 8.0, 11.0, 22.0])
    treated = np.array([True, True, False, False])
    assert difference_in_differences(before, after, treated) == pytest.approx(4.0 - 1.5)


def test_who_is_not_found_again_is_left_out():
    before, after = np.array([0.0, 0.0, 0.0, np.nan]), np.array([1.0, np.nan, 0.5, 9.0])
    assert difference_in_differences(before, after, np.array([True, True, False, False])) == pytest.approx(0.5)


def test_a_common_trend_is_no_effect():
    rng = np.random.default_rng(0)
    before, treated = rng.normal(size=50), rng.random(50) < 0.4
    assert difference_in_differences(before, before + 7.0, treated) == pytest.approx(0.0)
    assert growth_difference(before + 9, 1.3 * (before + 9), treated) == pytest.approx(0.0)


def test_growth_compares_means_so_that_people_without_income_count():
    before, after = np.array([100.0, 0.0, 50.0, 50.0]), np.array([100.0, 20.0, 55.0, 55.0])
    found = growth_difference(before, after, np.array([True, True, False, False]))
    assert found == pytest.approx(100 * (1.2 / 1.1 - 1))


def test_the_slope_is_free_of_what_the_controls_explain():
    rng = np.random.default_rng(1)
    exposure, female = rng.random(200), rng.integers(0, 2, 200)
    exposure = exposure + female  # confounded
    outcome = 0.3 * exposure + 2.0 * female
    assert adjusted_slope(outcome, exposure, pd.DataFrame({"female": female})) == pytest.approx(0.3)
