"""A folder that cannot be written is found before anything is simulated, by every command that simulates."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from urbsim.experiment.errors import ExperimentError
from urbsim.experiment.runner import Runner
from urbsim.sensitivity.outcomes import OUTCOMES

ROOT = Path(__file__).parents[2]
BASELINE = str(ROOT / "scenarios" / "jieshou" / "baseline.yaml")
COMMANDS = {
    "calibrate a region": ["calibrate", "341282", "--members", "8"],
    "calibrate national": ["calibrate", "national"],
    "hindcast": ["hindcast", "--provinces", "34", "--sample", "1"],
    "experiments": ["experiments", "--quick"],
    "sensitivity": ["sensitivity", BASELINE],
    "run": ["run", BASELINE],
    "compare": ["compare", BASELINE, str(ROOT / "scenarios" / "jieshou" / "hukou-relaxation.yaml")],
}


@pytest.mark.parametrize("command", COMMANDS.values(), ids=list(COMMANDS))
def test_an_unusable_output_folder_is_refused_before_the_work(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from urbsim.cli import app

    def simulated(*_: object, **__: object) -> None:
        raise AssertionError("something was simulated")

    monkeypatch.setattr(Runner, "outcomes", simulated)
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ExperimentError, match=r"cannot write to the output folder .*file/inside"):
        app([*command, "-o", str(tmp_path / "file" / "inside")], standalone_mode=False)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def same_in_all_runs(_: object, points: pd.DataFrame, *__: object, **___: object) -> pd.DataFrame:
    """Stand in for runs whose outcomes do not vary."""
    return pd.DataFrame({outcome.indicator: [1.0] * len(points) for outcome in OUTCOMES})


def test_sensitivity_writes_the_screening_before_it_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from urbsim.cli import app
    from urbsim.sensitivity import screening, variance

    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("the rest failed")

    monkeypatch.setattr(screening, "run_points", same_in_all_runs)
    monkeypatch.setattr(variance, "run_points", fails)
    with pytest.raises(RuntimeError, match="the rest failed"):
        app(["sensitivity", BASELINE, "--trajectories", "2", "-q", "-o", str(tmp_path / "o")], standalone_mode=False)
    assert sorted(path.name for path in (tmp_path / "o").iterdir()) == ["screening.csv", "screening.png"]


def test_sensitivity_says_what_does_not_vary(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from urbsim.cli import app
    from urbsim.sensitivity import screening, variance

    for module in (screening, variance):
        monkeypatch.setattr(module, "run_points", same_in_all_runs)
    command = ["sensitivity", BASELINE, "--trajectories", "2", "--top", "2", "--runs", "8", "-q"]
    app([*command, "-o", str(tmp_path / "o")], standalone_mode=False)
    assert "residents of the county seat: the same in all runs" in capsys.readouterr().out
    assert (tmp_path / "o" / "sobol.csv").exists()


def test_a_sample_of_counties_is_refused_where_provinces_are_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    import typer

    from urbsim.cli import app

    monkeypatch.setattr(Runner, "outcomes", lambda *_: pytest.fail("something was simulated"))
    with pytest.raises(typer.BadParameter, match="provinces are simulated whole"):
        app(["hindcast", "--from", "2020", "--sample", "5"], standalone_mode=False)
