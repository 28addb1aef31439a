"""``urbsim experiments`` shows studies that fit and studies that test apart, and says what ``--only`` may name."""

from __future__ import annotations

import json

import pandas as pd
import pytest
import typer

from urbsim.validation.evaluations import HukouOpened
from urbsim.validation.study import Estimate, summarise


@pytest.fixture
def hukou(monkeypatch):
    """Stand in for the simulations: registration opened, with the rural share met and wages missed."""
    asked = {}

    def results(setting, studies, runner, only):
        asked["only"] = only
        found = {"rural_work": -3.0, "migrant_wages": 0.5, "native_wages": 0.5}
        return summarise(HukouOpened(), [{key: Estimate(value, value) for key, value in found.items()}])

    monkeypatch.setattr("urbsim.validation.run.run_experiments", results)
    return asked


def run(*words):
    from urbsim.cli import app

    app(["experiments", "-q", *words], standalone_mode=False)


def test_fit_and_test_are_shown_apart_and_written_down(hukou, tmp_path, capsys):
    run("--only", "hukou", "-o", str(tmp_path))
    shown = capsys.readouterr().out
    fit, test = shown.split("Studies that test them, to which nothing is fitted")
    assert "Studies that fit the responses" in fit
    assert "1 of 1 results inside the band" in fit
    assert "1 of 2 results inside the band" in test
    assert "wages of incumbent migrants" in test
    assert "wages of incumbent migrants" not in fit
    table = pd.read_csv(tmp_path / "results.csv")
    assert table["role"].tolist() == ["fit", "test", "test"]
    assert table["evidence"].tolist() == ["hukou_rural_labour", "hukou_wages", "hukou_wages"]
    assert hukou["only"] == ["hukou"]


def test_json_has_roles_whatever_the_language(hukou, tmp_path, capsys):
    run("--json", "--lang", "zh", "-o", str(tmp_path))
    assert [row["role"] for row in json.loads(capsys.readouterr().out)] == ["fit", "test", "test"]


def test_a_name_that_only_does_not_know_is_refused_with_a_suggestion(hukou, tmp_path):
    with pytest.raises(typer.BadParameter, match=r"no role, experiment or study is called 'tets'.*did you mean 'test'"):
        run("--only", "tets", "-o", str(tmp_path))
    assert not hukou
