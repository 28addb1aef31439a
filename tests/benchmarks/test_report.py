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
    assert f"Measured {pd.read_csv(tmp_path / 'packages.csv')['date'].iloc[0]} by" in text
    assert "could not be installed: Starsim, ambr." in text
    assert (tmp_path / "packages.png").exists()


def test_what_was_measured_of_the_page_and_of_threads_is_told_beside_the_day(tmp_path: Path):
    page = {"what": "one request", "unit": "ms", "measured": 1.25, "cpu": 1.0, "bound": 5.0, "least": 0, "load": 0.5}
    per_month = {"wall_nanoseconds": 60.0, "cpu_nanoseconds": 55.0, "bare_nanoseconds": 12.0, "load_before": 0.2}
    threads = [{"round": number, "threads": 1, "persons": 1000, "months": 24} | per_month for number in (0, 1)]
    run.write(tmp_path / "page.csv", [page], quick=False)
    run.write(tmp_path / "threads.csv", threads, quick=False)
    write_report(tmp_path, "python benchmarks/run.py")
    text = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert "1.25 ms" in text
    assert "| 1 | 60 | 55 | 12 | 5.0 | 0.2 |" in text


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
