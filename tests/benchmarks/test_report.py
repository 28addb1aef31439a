"""What the benchmarks write of what they measured."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))
import run
from report import write_report

COSTS = {"bare columns": 20.0, "plain Mesa": 4000.0, "LASER": 50.0, "urbsim": 100.0}


def packages() -> list[run.Row]:
    """Return two rounds of which the second is on a machine half as fast."""
    return [
        dict.fromkeys(run.KEPT, 1.0)
        | {"asked": 2_000, "persons": 1_998, "months": 24, "round": number, "version": "", "model": model}
        | {"nanoseconds": cost * (1 + number), "moved": 0.1 if model in ("plain Mesa", "LASER") else None}
        for number in (0, 1)
        for model, cost in COSTS.items()
    ]


def test_speeds_stand_side_by_side_as_multiples_within_a_round(tmp_path: Path):
    run.write(tmp_path / "packages.csv", packages(), quick=False)
    write_report(tmp_path, "python benchmarks/run.py")
    text = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert "| LASER | 75 |" in text
    assert "| LASER | 0.5 | 2.5 |" in text
    assert "| plain Mesa | 40 | 200 |" in text
    assert "speed against plain Mesa with 1,998 people | ≥ 30 | 40 | yes" in text
    assert f"Measured {pd.read_csv(tmp_path / 'packages.csv')['measured'].iloc[0]} by" in text
    assert "could not be installed: Starsim, ambr." in text
    assert (tmp_path / "packages.png").exists()


def test_a_benchmark_that_fails_does_not_stop_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def broken(quick: bool) -> dict[str, list[run.Row]]:
        raise SystemExit("no such county")

    monkeypatch.setattr(run, "BENCHMARKS", {"people": broken, "packages": lambda _: {"packages": packages()}})
    monkeypatch.setattr(sys, "argv", ["run.py", "--output", str(tmp_path)])
    with pytest.raises(SystemExit, match="not measured, see above: people"):
        run.main()
    assert "no such county" in capsys.readouterr().err
    assert (tmp_path / "packages.csv").exists()
