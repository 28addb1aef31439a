"""``urbsim demo`` compares scenarios that ship with the package, of which there is one copy."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

import urbsim
from urbsim.cli import app
from urbsim.commands import demo
from urbsim.region import places

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """A tiny demo in an empty folder, run as from an installed package: nothing of the checkout but the sources."""
    folder = tmp_path_factory.mktemp("empty")
    command = [sys.executable, "-m", "urbsim", "demo", "--scale", "0.001", "--draws", "0", "--jobs", "1"]
    environment = {**os.environ, "PYTHONPATH": str(Path(urbsim.__file__).parents[1])}
    return folder, subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment, check=False)


@pytest.mark.slow
def test_the_demo_shows_a_table_and_says_where_everything_is(shown):
    folder, result = shown
    assert result.returncode == 0, result.stderr
    for name in ("Baseline", "Hukou relaxation", "Housing subsidy", "Plan to 2025"):
        assert name in result.stdout
    run_folder = next((folder / "outputs").iterdir())
    assert f"outputs/{run_folder.name}: report.html" in result.stderr
    assert "finished 4 of 4" in result.stderr
    assert (run_folder / "report.html").is_file()
    assert (run_folder / "charts" / "urbanization.png").is_file()
    assert str(ROOT / "scenarios" / "jieshou") in result.stderr


@pytest.mark.slow
def test_the_demo_runs_to_2035_with_the_options_given(shown):
    manifest = json.loads(next((shown[0] / "outputs").glob("*/manifest.json")).read_text(encoding="utf-8"))
    text = json.dumps(manifest["settings"])
    assert '"2035-12"' in text
    assert "0.001" in text


def test_every_option_reaches_the_comparison(monkeypatch):
    given: dict[str, object] = {}
    monkeypatch.setattr(demo.run, "compare", lambda paths, **options: given.update(options, paths=paths))
    options = ["--scale", "0.5", "--draws", "3", "--jobs", "2", "-o", "here", "--lang", "zh"]
    assert CliRunner().invoke(app, ["demo", *options]).exit_code == 0
    paths = given.pop("paths")
    assert given == {"scale": 0.5, "draws": 3, "jobs": 2, "output": Path("here"), "lang": "zh"}
    assert [path.name for path in paths] == [
        "baseline.yaml",
        "hukou-relaxation.yaml",
        "housing-subsidy.yaml",
        "plan-2025.yaml",
    ]


def test_the_wheel_takes_its_scenarios_and_tables_from_the_folders_of_the_checkout():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    shipped = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert shipped["scenarios/jieshou"] == "urbsim/scenarios/jieshou"
    assert all((ROOT / source).is_dir() for source in shipped)


def test_a_part_that_is_missing_is_named_with_the_places_looked_in():
    with pytest.raises(FileNotFoundError, match=r"no baseline\.yaml in .*urbsim/nowhere or .*nothing/here; install"):
        places.shipped_folder("nowhere", "nothing/here", "baseline.yaml")
