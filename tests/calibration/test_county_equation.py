"""The county equation: constants from what counties miss, and their prior."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from urbsim.posterior.county_equation import (
    PENALTIES,
    Response,
    fit_equation,
    fit_response,
    implied_constants,
    outcomes_of,
)
from urbsim.posterior.covariates import covariates, with_surroundings
from urbsim.posterior.draws import store_equation
from urbsim.posterior.outcomes import observed, training

# Urban share answers to both constants, residents to the second; the answer grows with the starting share.
RESPONSE = Response(np.array([[[0.5, 0.4, 0.0], [-0.1, 0.0, 0.0]], [[0.05, 0.0, 0.0], [-0.4, -0.2, 0.0]]]))


def known_counties() -> tuple[list[str], np.ndarray]:
    table = observed()
    codes = list(table.index[training(table)])
    return codes, np.array([code[:2] for code in codes])


def test_covariates_are_complete_and_vary():
    table = covariates(list(observed().index))
    assert np.isfinite(table.to_numpy()).all()
    assert (table.std() > 0).all()
    shanghai_side, far_west = covariates(["320582"]).iloc[0], covariates(["653121"]).iloc[0]
    assert shanghai_side["urban_within_100"] > far_west["urban_within_100"]
    assert shanghai_side["km_to_large_city"] < far_west["km_to_large_city"]


def test_implied_constants_undo_the_response():
    start = np.array([0.2, 0.4, 0.6])
    constants = np.array([[0.3, -0.2], [0.0, 0.5], [-0.4, 0.1]])
    missed = np.einsum("noc,nc->no", RESPONSE.at(start), constants)
    assert implied_constants(missed, RESPONSE.at(start)) == pytest.approx(constants)


def test_the_equation_finds_a_known_dependence_in_provinces_it_never_saw():
    codes, provinces = known_counties()
    table = with_surroundings(codes)
    standard = (table - table.mean()) / table.std()
    luck = np.random.default_rng(0).normal(0, [0.2, 0.08], (len(codes), 2))
    changed = np.stack([0.3 * standard["farm_share"], -0.1 * standard["around_log_density"]], axis=1) + luck
    equation, left = fit_equation(codes, changed, provinces, RESPONSE)
    assert left.std(axis=0) == pytest.approx([0.2, 0.08], rel=0.15)
    assert equation.covariance[0, 0] == pytest.approx(0.2**2, rel=0.3)
    assert equation.expected(codes) == pytest.approx(changed - luck, abs=0.25)


def test_each_outcome_has_the_penalty_that_suits_it():
    codes, provinces = known_counties()
    table = covariates(codes)
    standard = (table - table.mean()) / table.std()
    noise = np.random.default_rng(4).normal(0, 0.1, len(codes))
    equation, _ = fit_equation(codes, np.stack([standard["farm_share"], noise], axis=1), provinces, RESPONSE)
    assert equation.penalties == (PENALTIES[0], PENALTIES[-1])  # all signal; none


def test_constants_make_up_for_what_a_run_without_them_would_miss():
    codes, provinces = known_counties()
    changed = np.random.default_rng(5).normal(0, [0.05, 0.05], (len(codes), 2))
    equation, _ = fit_equation(codes, changed, provinces, RESPONSE)
    unmoved = pd.DataFrame({"share": 0.05, "growth": -0.1}, index=codes[:20])
    equation = replace(equation, unmoved=unmoved)
    constants = equation.constants(codes[:20])
    moved = np.einsum("noc,nc->no", RESPONSE.at(covariates(codes[:20])["urban_share"].to_numpy()), constants)
    assert unmoved.to_numpy() + moved == pytest.approx(equation.expected(codes[:20]), abs=1e-9)


def test_what_was_not_simulated_has_constants_of_zero():
    codes, provinces = known_counties()
    changed = np.random.default_rng(6).normal(0, 0.1, (len(codes), 2))
    equation, _ = fit_equation(codes, changed, provinces, RESPONSE)
    assert (equation.constants(["110101", codes[0]]) == 0.0).all()


def test_columns_of_the_surroundings_are_of_others_by_how_near_they_are():
    table = with_surroundings(["341282", "341202", "341221"])
    around = table["around_farm_share"]
    assert around["341282"] != table["farm_share"]["341282"]
    rows = covariates(list(observed().index))
    assert rows["farm_share"].min() < around.min() < around.max() < rows["farm_share"].max()
    assert "around_longitude" not in table


def test_a_prior_of_constants_has_the_spread_of_what_is_left():
    codes, provinces = known_counties()
    changed = np.random.default_rng(1).normal(0, [0.3, 0.1], (len(codes), 2))
    equation, _ = fit_equation(codes, changed, provinces, RESPONSE)
    response = RESPONSE.at(covariates(codes[:5])["urban_share"].to_numpy())
    through = response @ equation.prior_covariance(codes[:5]) @ response.transpose(0, 2, 1)
    assert through == pytest.approx(np.broadcast_to(equation.covariance, through.shape))


def test_the_response_is_found_among_runs_with_other_parameters():
    rng = np.random.default_rng(2)
    start = pd.Series(rng.uniform(0.1, 0.7, 40), index=[f"{n:06d}" for n in range(40)])
    points = pd.DataFrame(rng.uniform(-1, 1, (30, 3)), index=range(30), columns=["a", "b", "c"])
    rows = []
    for run in range(30):
        constants = rng.normal(0, 0.4, (40, 2))
        outcome = np.einsum("noc,nc->no", RESPONSE.at(start.to_numpy()), constants)
        outcome += points.loc[run].sum() * np.array([0.5, 0.1]) + rng.normal(0, 0.01, (40, 2))
        share = start.to_numpy() + outcome[:, 0]
        columns = {"urban_constant": constants[:, 0], "outside_constant": constants[:, 1], "share_2020": share}
        rows.append(pd.DataFrame({"code": start.index, "run": run, "growth": outcome[:, 1], **columns}))
    found = fit_response(pd.concat(rows, ignore_index=True), points, start)
    middle = np.array([0.2, 0.4, 0.6])
    assert found.at(middle) == pytest.approx(RESPONSE.at(middle), abs=0.05)


def test_outcomes_are_shares_and_log_growth():
    table = pd.DataFrame(
        {"share_2020": [0.5, 0.75], "residents_2010": [100.0, 200.0], "residents_2020": [100.0, 100.0]}
    )
    assert outcomes_of(table) == pytest.approx(np.array([[0.5, 0.0], [0.75, np.log(0.5)]]))


def test_a_stored_equation_is_read_as_it_was(tmp_path, monkeypatch):
    from urbsim.posterior import draws

    codes, provinces = known_counties()
    changed = np.random.default_rng(3).normal(0, [0.3, 0.1], (len(codes), 2))
    equation, _ = fit_equation(codes, changed, provinces, RESPONSE)
    equation = replace(equation, unmoved=pd.DataFrame({"share": 0.05, "growth": -0.1}, index=codes))
    (tmp_path / "national").mkdir()
    store_equation(equation, tmp_path / "national")
    monkeypatch.setattr(draws, "posteriors_folder", lambda: tmp_path)
    draws.forget()
    read = draws.county_equation()
    draws.forget()
    assert read is not None
    assert read.constants(codes[:9]) == pytest.approx(equation.constants(codes[:9]), rel=1e-5)
    assert read.prior_covariance(codes[:9]) == pytest.approx(equation.prior_covariance(codes[:9]), rel=1e-4)
