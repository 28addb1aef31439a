"""Predictions of 2020, their intervals, and the tables of how good they are."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from urbsim.calibration import equation, skill
from urbsim.calibration.decade import Prediction, simulate_counties
from urbsim.calibration.equation import blind_constants
from urbsim.calibration.hindcast import Misses, run_hindcast, simple_rules
from urbsim.calibration.hindcast import table as hindcast_table
from urbsim.experiment.runner import Runner
from urbsim.posterior import draws as stored
from urbsim.posterior.outcomes import county_codes, held_out_provinces, observed, second_test_provinces


def test_a_small_hindcast_has_every_column_and_ordered_intervals():
    tables = run_hindcast(("34", "44"), sample=6, draws=1, runner=Runner(), scale=0.2)
    found = tables["hindcast"]
    assert len(found) == 6
    for target in ("share", "residents"):
        columns = [f"{target}_{name}" for name in ("p05", "p10", "2020", "p90", "p95")]
        assert (np.diff(found[columns].to_numpy(), axis=1) >= 0).all()
    assert set(found.loc[found["province"] == "44", "set"]) == {"held_out"}
    assert set(found.loc[found["province"] == "34", "set"]) == {"cross_validated"}
    assert set(tables["rules"]["rule"]) == {
        "no change", "mean shift", "quadratic in the starting level", "regression on 2010 columns", "urbsim"
    }  # fmt: skip
    assert found["share_observed"].notna().all()


def test_results_do_not_depend_on_company_order():
    codes = ["341282", "140428", "620422"]
    constants = np.array([[0.1, 0.0], [0.0, 0.2], [-0.1, 0.1]])
    one = simulate_counties(codes, constants, 1, Runner(), scale=0.1).outcomes
    two = simulate_counties(codes[::-1], constants[::-1], 1, Runner(), scale=0.1).outcomes
    assert one == pytest.approx(two[:, ::-1])


def test_constants_answer_in_the_right_direction():
    codes = ["341282", "140428", "620422", "411525"]
    zero = np.zeros((4, 2))
    base = simulate_counties(codes, zero, 1, Runner(), scale=1.0).outcomes[0]
    urban = simulate_counties(codes, zero + np.array([0.8, 0.0]), 1, Runner(), scale=1.0).outcomes[0]
    outside = simulate_counties(codes, zero + np.array([0.0, 0.8]), 1, Runner(), scale=1.0).outcomes[0]
    assert (urban[:, 0] > base[:, 0] + 0.02).all()  # more urban
    assert (outside[:, 1] < base[:, 1] - 0.03).all()  # fewer residents


def test_a_county_is_predicted_by_an_equation_that_never_saw_its_province(monkeypatch):
    codes, fitted = ["341282", "440232"], stored.county_equation()
    assert fitted is not None
    before = blind_constants(codes, fitted)
    changed = observed()
    changed.loc[changed["province"] == "34", "share_2020"] += 0.3
    monkeypatch.setattr(equation, "observed", lambda: changed)
    after = blind_constants(codes, fitted)
    assert after[0] == pytest.approx(before[0])  # what happened in Anhui says nothing about Anhui
    assert after[1] == pytest.approx(before[1])  # and a held-out province uses the stored equation
    assert blind_constants(["320382"], fitted)[0] != pytest.approx(fitted.constants(["320382"])[0])


def test_a_refit_equation_expects_of_runs_what_happened(tmp_path, monkeypatch):
    before = stored.county_equation()
    assert before is not None
    codes = county_codes()[::90]
    monkeypatch.setattr(equation, "county_codes", lambda: codes)
    equation.fit_equation_of_counties(before.response, before, tmp_path, 0.2, Runner())
    found = stored.equation_in(tmp_path)
    assert found is not None
    assert list(found.unmoved.index) == list(codes)
    assert found.expected(codes) == pytest.approx(before.expected(codes), abs=1e-6)  # no run goes into it
    # What runs of few people bring with constants of zero is what the stored equation says, but for chance.
    apart = (found.unmoved - before.unmoved.loc[list(codes)]).to_numpy()
    assert np.abs(np.median(apart, axis=0)) == pytest.approx([0.0, 0.0], abs=0.03)


def test_intervals_widen_with_the_spread_between_draws():
    codes = tuple(observed().index[::48][:40])  # of every size
    left = np.random.default_rng(0).normal(0, [0.06, 0.1], (400, 2))
    misses = Misses.of(list(codes) * 10, left)
    steady = np.broadcast_to([0.4, 0.0], (4, 40, 2))
    moving = steady + np.linspace(-0.1, 0.1, 4)[:, None, None]
    narrow, wide = (misses.interval(Prediction(codes, np.array(outcomes))) for outcomes in (steady, moving))
    assert ((wide[-1] - wide[0]) > (narrow[-1] - narrow[0])).all()
    found = hindcast_table(Prediction(codes, np.array(steady)), misses)
    assert found["share_2020"].to_numpy() == pytest.approx(np.full(40, 40.0))


def test_simple_rules_never_see_the_province_they_predict():
    rules = simple_rules(["341282", "440232"])
    truth = observed()
    train = truth[truth["known"] & ~truth["province"].isin([*held_out_provinces(), *second_test_provinces(), "34"])]
    shift = 100 * (train["share_2020"] - train["share_2010"]).mean()
    row = rules["mean shift"].loc["341282"]
    assert row["share"] == pytest.approx(100 * truth.loc["341282", "share_2010"] + shift)
    assert rules["no change"].loc["440232", "residents"] == truth.loc["440232", "residents_2010"]


def known_hindcast() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "province": ["34", "34", "44"],
            "set": ["cross_validated", "cross_validated", "held_out"],
            "share_2010": [20.0, 30.0, 40.0],
            "share_2020": [34.0, 42.0, 60.0],
            "share_p05": [20.0, 30.0, 57.0],
            "share_p10": [25.0, 35.0, 58.0],
            "share_p90": [40.0, 50.0, 62.0],
            "share_p95": [45.0, 55.0, 63.0],
            "share_observed": [30.0, 44.0, 50.0],
            "residents_2020": [100.0, 100.0, 110.0],
            "residents_p05": [80.0] * 3,
            "residents_p10": [90.0] * 3,
            "residents_p90": [120.0] * 3,
            "residents_p95": [130.0] * 3,
            "residents_observed": [100.0, 125.0, 100.0],
        },
        index=["a", "b", "c"],
    )


def test_skill_by_hand():
    found = known_hindcast()
    table = skill.skill(skill.errors(found), found["set"])
    assert table.loc["cross_validated", "share_mae"] == pytest.approx(3.0)
    assert table.loc["cross_validated", "share_bias"] == pytest.approx(1.0)
    assert table.loc["cross_validated", "share_coverage_80"] == 100.0
    assert table.loc["held_out", "share_coverage_90"] == 0.0
    assert table.loc["cross_validated", "residents_mae"] == pytest.approx(100 * np.log(1.25) / 2)
    assert table.loc["cross_validated", "residents_coverage_80"] == 50.0
    assert table.loc["cross_validated", "residents_coverage_90"] == 100.0
    bands = skill.change_by_band(found)
    assert bands.loc["held_out, 35-45 %", "observed"] == pytest.approx(10.0)
    assert bands.loc["held_out, 35-45 %", "model"] == pytest.approx(20.0)
    # Anhui's mean error is +1, Guangdong's +10: without them 3 and 3 points are left of the first two counties.
    assert skill.with_province_constants(found) == pytest.approx(2.0)


def test_the_model_stands_beside_the_rules():
    found = known_hindcast()
    rules = {"no change": pd.DataFrame({"share": found["share_2010"], "residents": 100.0}, index=found.index)}
    table = skill.beside_simple_rules(found, rules).set_index(["rule", "set"])
    assert table.loc[("no change", "cross_validated"), "share_mae"] == pytest.approx(12.0)
    assert table.loc[("urbsim", "held_out"), "share_bias"] == pytest.approx(10.0)


@pytest.mark.parametrize("sample", [None, 1])
def test_counties_without_a_known_outcome_are_predicted_all_the_same(sample):
    assert not observed().query("province == '11'")["known"].any()
    tables = run_hindcast(("11",), sample=sample, draws=1, runner=Runner(), scale=0.05)
    found = tables["hindcast"]
    assert len(found) == (sample or len(observed().query("province == '11'")))
    assert found["share_2020"].notna().all()
    assert set(found["set"]) == {"unknown"}
    for name in ("rules", "skill_by_set", "skill_by_band", "skill_by_province", "change_by_band"):
        assert tables[name].empty
        assert len(tables[name].columns) > 1, name
