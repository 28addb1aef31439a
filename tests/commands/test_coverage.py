"""`urbsim policies --coverage` as a user sees it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from urbsim.commands.policies import register
from urbsim.programmes import programmes

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _in_the_project(monkeypatch):
    monkeypatch.chdir(ROOT)


def run(*arguments: str) -> Result:
    app = typer.Typer()
    app.callback()(lambda: None)
    register(app)
    return CliRunner().invoke(app, ["policies", "--coverage", *arguments])


def test_the_table_has_a_line_for_every_programme_whose_numbers_are_those_of_the_json():
    table, found = run(), json.loads(run("--json").stdout)
    assert table.exit_code == 0
    assert [one["programme"] for one in found["programmes"]] == list(programmes())
    for one in found["programmes"]:
        line = next(line for line in table.stdout.splitlines() if line.startswith(one["programme"]))
        counts = [value for value in one.values() if isinstance(value, int)] + list(one["figures"].values())
        assert line.split()[1:] == [str(count) for count in counts]
        assert one["by_lever"] + one["by_indicator"] + one["not_modelled"] == one["measures"]
        assert one["open"] == len({row["row"] for row in found["open"] if row["programme"] == one["programme"]})


def test_open_rows_say_what_is_missing_in_the_language_asked_for(tmp_path):
    found = json.loads(run("--json", "--scenarios", str(tmp_path)).stdout)
    row = next(row for row in found["open"] if row["row"] == "三(三)15.1")
    assert row["missing"] == "there is no scenario jieshou/plan-2025.yaml"
    table = run("--lang", "zh", "--scenarios", str(tmp_path)).stdout
    assert "没有情景 jieshou/plan-2025.yaml" in table
    assert "数字：目标" in table


def test_a_scenario_closes_the_rows_whose_lever_it_uses():
    still_open = {(row["programme"], row["row"]) for row in json.loads(run("--json").stdout)["open"]}
    assert ("jieshou-2022", "三(三)15.1") not in still_open


def test_a_missing_folder_of_scenarios_ends_with_code_2(tmp_path):
    result = run("--scenarios", str(tmp_path / "none"))
    assert result.exit_code == 2
    assert result.stderr.startswith("no folder ")
    assert result.stdout == ""


def test_a_lever_beside_the_option_ends_with_code_2():
    result = run("housing_subsidy")
    assert result.exit_code == 2
    assert result.stderr.strip() == "--coverage is about programmes and takes no lever; found 'housing_subsidy'"
