"""Draws of the evidence stage as scenarios use them, and when they no longer belong to the national stage."""

from __future__ import annotations

import shutil

import numpy as np
import pandas as pd
import pytest

from urbsim.inference.joint import JointPosterior
from urbsim.inference.scores import fitted_responses
from urbsim.inference.stage import DRAWS, EvidenceSettings, design_points, store_draws
from urbsim.parameters import registry
from urbsim.posterior import draws


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Posteriors of their own: the shipped national draws, and an evidence stage made from known draws."""
    shipped = draws.national_folder()
    (tmp_path / "national").mkdir()
    for name in ("draws.csv", "points.csv"):
        shutil.copy(shipped / name, tmp_path / "national" / name)
    monkeypatch.setattr(draws, "posteriors_folder", lambda: tmp_path)
    draws.forget()
    (tmp_path / "evidence").mkdir()
    points = design_points(64).both
    store_draws(JointPosterior(pd.concat([points] * 2, ignore_index=True), 1.0, 0.3, 50.0), tmp_path / "evidence")
    yield tmp_path
    monkeypatch.undo()
    draws.forget()


def test_responses_vary_in_every_draw_and_the_middle_is_row_0(folder):
    assert draws.available_draws() == DRAWS
    names = {response.id for response in fitted_responses()}
    one, two = (draws._common_draws()[number] for number in (0, 1))
    assert names <= set(one)
    assert all(one[name] != two[name] for name in names)
    points = design_points(64).both
    assert draws.middle_values()["residence.move"] == pytest.approx(points["residence.move"].mean(), rel=1e-5)
    # The middle of a prior that is spread evenly is its median.
    assert draws.middle_values()["residence.alpha"] == pytest.approx(1.5, abs=0.02)


def test_draws_lie_within_the_registry(folder):
    for row in draws._common_draws():
        for name, value in row.items():
            assert registry()[name].low <= value <= registry()[name].high


def test_a_national_stage_fitted_again_is_not_mixed_with_older_responses(folder):
    path = folder / "national" / "draws.csv"
    table = pd.read_csv(path, index_col="draw")
    table["residence.move"] += 0.1
    table.to_csv(path)
    draws.forget()
    assert draws.common_draws() == path
    assert set(draws._common_draws()[0]) == set(table.columns)


def test_the_county_equation_is_of_the_draws_that_runs_take(folder):
    assert draws.equation_folder() == folder / "national"  # the stage is under way: there is no other yet
    (folder / "evidence" / "county_equation.csv").touch()
    assert draws.equation_folder() == folder / "evidence"
    (folder / "evidence" / draws.BELONGS_TO).write_text("of other national draws\n")
    assert draws.equation_folder() == folder / "national"


def test_design_points_vary_both():
    points = design_points(70)
    assert points.parameters["reconsider.peak"].nunique() == 60  # the draws of the national stage, in turn
    assert np.isfinite(points.both.to_numpy()).all()
    small = EvidenceSettings().at_scale(0.1)
    assert (small.points, small.people) == (16, EvidenceSettings().people // 10)


def test_the_national_stage_says_where_every_response_stood() -> None:
    held = pd.read_csv(draws.national_folder() / "held.csv", index_col="parameter")["value"]
    assert {response.id for response in fitted_responses()} <= set(held.index)
