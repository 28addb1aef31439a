"""Screening and shares of variance on functions whose answer is known, and on a tiny world."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from urbsim.experiment.runner import Runner
from urbsim.labels import Label
from urbsim.parameters import registry
from urbsim.posterior.draws import common_draws
from urbsim.report.charts.sensitivity import screening_chart, variance_chart
from urbsim.sensitivity import runs, screening, variance
from urbsim.sensitivity.factors import SHARE, Factor, factors
from urbsim.sensitivity.outcomes import OUTCOMES
from urbsim.sensitivity.runs import run_points
from urbsim.state.constants import NO_CONSTANTS
from worlds import small_scenario

pytest.importorskip("SALib")
ISHIGAMI = [
    Factor(name, -math.pi, math.pi, False) for name in ("residence.alpha", "residence.gamma", "residence.delta")
]


def of_function(function):
    """Return a stand-in for the runs of the model that gives every outcome the value of a function."""

    def run(scenario, points, *_, **__):
        value = function(*points.to_numpy().T)
        return pd.DataFrame({outcome.indicator: value for outcome in OUTCOMES})

    return run


def test_every_parameter_varies_within_its_range_except_synthesis_dates_and_other_years():
    found = {factor.name: factor for factor in factors(2020, {})}
    known = registry()
    assert len(found) > 100
    for name, factor in found.items():
        assert not name.startswith("synthesis.")
        assert not name.endswith("_2010")
        if not factor.fitted:
            parameter = known[name]
            assert parameter.low <= factor.low < factor.high <= parameter.high
            assert factor.high - factor.low <= 2.0001 * SHARE * (parameter.high - parameter.low)
    assert "start.wage_2020" in found
    assert "land.national_certified_share" not in found


def test_fitted_parameters_vary_within_their_posterior():
    draws = pd.read_csv(common_draws(), index_col="draw")
    found = {factor.name: factor for factor in factors(2020, {})}
    for name in draws.columns:
        assert found[name].fitted
        inside = draws[name].between(found[name].low, found[name].high).mean()
        assert 0.8 < inside < 0.95


def test_a_value_written_in_the_scenario_is_the_middle():
    written = {factor.name: factor for factor in factors(2020, {"residence.alpha": 1.3})}["residence.alpha"]
    assert (written.low + written.high) / 2 == pytest.approx(1.3)


def test_screening_orders_a_linear_function_by_its_slopes(monkeypatch, tmp_path):
    monkeypatch.setattr(screening, "run_points", of_function(lambda a, b, c: 3 * a - b + 0 * c))
    table = screening.screen(small_scenario(), ISHIGAMI, 4, Runner())
    part = table[table["outcome"] == "urbanization_rate"]
    assert part["parameter"].tolist() == ["residence.alpha", "residence.gamma", "residence.delta"]
    # Effects are per interval of length 2 pi; a linear function has no interactions.
    assert part["mu_star"].to_numpy() == pytest.approx([6 * math.pi, 2 * math.pi, 0.0])
    assert part["sigma"].to_numpy() == pytest.approx(0.0, abs=1e-9)
    assert part["mu"].iloc[1] < 0
    assert screening.most_important(table, 2) == ("residence.alpha", "residence.gamma")


def test_indices_of_the_ishigami_function_are_the_known_ones(monkeypatch, tmp_path):
    def ishigami(a, b, c):
        return np.sin(a) + 7 * np.sin(b) ** 2 + 0.1 * c**4 * np.sin(a)

    monkeypatch.setattr(variance, "run_points", of_function(ishigami))
    table = variance.decompose(small_scenario(), ISHIGAMI, 200, Runner())
    part = table[table["outcome"] == "urbanization_rate"].set_index("parameter")
    assert part["emulator_explained"].iloc[0] > 0.95
    assert part["first"].reindex([f.name for f in ISHIGAMI]).to_numpy() == pytest.approx([0.314, 0.442, 0.0], abs=0.06)
    assert part["total"].reindex([f.name for f in ISHIGAMI]).to_numpy() == pytest.approx(
        [0.558, 0.442, 0.244], abs=0.06
    )


def test_noise_is_not_credited_to_a_parameter(monkeypatch, tmp_path):
    rng = np.random.default_rng(0)
    monkeypatch.setattr(
        variance, "run_points", of_function(lambda a, b, c: a + 0 * (b + c) + 2 * rng.normal(size=len(a)))
    )
    table = variance.decompose(small_scenario(), ISHIGAMI, 100, Runner())
    first = table[table["outcome"] == "urbanization_rate"].set_index("parameter")
    assert first.loc["residence.alpha", "total"] > 0.8
    assert first["emulator_explained"].iloc[0] < 0.7
    assert first["emulator_error"].iloc[0] == pytest.approx(2.0, rel=0.3)


def test_parameters_move_the_outcomes_of_runs():
    scenario = small_scenario(scale=0.002, until="2021-04")
    points = pd.DataFrame({"residence.zeta_seat": [-2.0, 2.0], "housing.vacancy_rate": [0.1, 0.1]})
    found = run_points(scenario, points, Runner(), 0, "")
    assert found["urbanization_rate"].between(0, 100).all()
    assert found["urbanization_rate"].is_monotonic_increasing
    assert found["urbanization_rate"].nunique() == 2


def test_a_scenario_that_is_not_calibrated_runs_without_constants():
    scenario = small_scenario(scale=0.002, until="2021-04")
    point = pd.DataFrame({"residence.alpha": [1.5]})
    assert runs.tasks_at(scenario, point, 0)[0].constants != (NO_CONSTANTS,)
    assert runs.tasks_at(replace(scenario, calibrated=False), point, 0)[0].constants == (NO_CONSTANTS,)


def test_charts_name_parameters_by_their_labels_in_both_languages(monkeypatch, tmp_path):
    monkeypatch.setattr(screening, "run_points", of_function(lambda a, b, c: 3 * a - b + 0 * c))
    monkeypatch.setattr(variance, "run_points", of_function(lambda a, b, c: 3 * a - b + 0 * c))
    table = screening.screen(small_scenario(), ISHIGAMI, 4, Runner())
    indices = variance.decompose(small_scenario(), ISHIGAMI, 40, Runner())
    for language, word in (("en", "expected earnings"), ("zh", "预期收入")):
        for chart in (
            screening_chart(table, Label("a", "b"), language),
            variance_chart(indices, Label("a", "b"), language),
        ):
            shown = [text.get_text() for axis in chart.figure.axes for text in axis.get_yticklabels()]
            assert word in shown
            chart.write(tmp_path / language)
    assert (tmp_path / "zh" / "screening.png").stat().st_size > 10_000


def outcomes_of_which_one_varies(scenario, points, *_, **__):
    """Urbanization follows the first parameter, the seat never changes, and one run lacks a registered rate."""
    first = points.iloc[:, 0].to_numpy()
    registered = np.where(np.arange(len(points)) == 3, np.nan, first)
    values = (first, np.full(len(points), 7.0), registered)
    return pd.DataFrame(dict(zip((outcome.indicator for outcome in OUTCOMES), values, strict=True)))


def test_an_outcome_that_does_not_vary_is_said_to_and_leaves_the_others_alone(monkeypatch):
    for module in (screening, variance):
        monkeypatch.setattr(module, "run_points", outcomes_of_which_one_varies)
    screened = screening.screen(small_scenario(), ISHIGAMI, 3, Runner()).set_index(["outcome", "parameter"])
    assert screened.loc[("urbanization_rate", "residence.alpha"), "mu_star"] == pytest.approx(2 * math.pi)
    assert (screened.loc["seat_residents", ["mu_star", "sigma", "mu_star_error"]] == 0.0).all(axis=None)
    assert screened.loc["registered_urbanization_rate", "mu_star"].isna().all()
    assert screening.most_important(screened.reset_index(), 1) == ("residence.alpha",)

    shares = variance.decompose(small_scenario(), ISHIGAMI, 32, Runner()).set_index(["outcome", "parameter"])
    assert shares.loc[("urbanization_rate", "residence.alpha"), "first"] == pytest.approx(1.0, abs=0.02)
    assert (shares.loc["seat_residents", "spread"] == 0.0).all()
    assert shares.loc["seat_residents", ["first", "total", "emulator_explained"]].isna().all(axis=None)
    assert shares.loc["registered_urbanization_rate", "spread"].isna().all()
    words = Label("note", "注")
    assert "does not vary" in screening_chart(screened.reset_index(), words, "en").figure.axes[1].texts[0].get_text()
    assert "没有变化" in variance_chart(shares.reset_index(), words, "zh").figure.axes[2].texts[0].get_text()


def test_nothing_varies_at_all(monkeypatch):
    monkeypatch.setattr(variance, "run_points", of_function(lambda *parameters: np.ones_like(parameters[0])))
    table = variance.decompose(small_scenario(), ISHIGAMI, 8, Runner())
    assert len(table) == len(OUTCOMES) * 3
    assert table["total"].isna().all()
