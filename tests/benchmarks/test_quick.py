"""What the quick benchmark says against what is kept."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))
import quick
from bare_columns import measure_bare


def test_only_what_is_more_than_a_tenth_slower_is_named():
    kept = {"a": 2.0, "b": 2.0, "c": 2.0}
    now = {"a": 2.19, "b": 2.21, "c": 1.0, "new": 9.0}
    assert quick.slower(now, kept) == ["b"]
    lines = quick.lines(now, kept)
    assert [line.split()[-2] for line in lines[1:4]] == ["+9.5", "+10.5", "-50.0"]
    assert lines[4].endswith("new")


def test_bare_columns_live_and_die():
    row = measure_bare(2_000, 12)
    assert 0.99 * 2_000 * 12 < row["person_months"] < 1.01 * 2_000 * 12
    assert row["run_cpu"] > 0.0
    assert np.isfinite(row["run_cpu"])
