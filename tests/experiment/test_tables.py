"""Tables as files: spreadsheets read no formula from them, and urbsim reads back what it wrote."""

from __future__ import annotations

import csv
import hashlib

import numpy as np
import pandas as pd
import pytest

from urbsim.experiment.tables import content_hash, read_csv, write_csv

FORMULAS = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "＝1+1", "'=1", "''=1"]
HARMLESS = ["plan", "2025=6", "'quoted'", "a-b", "NA", "nan", "None", "-5", "+3.5e2", "1e5", "", "计划，二"]


@pytest.mark.parametrize("kind", ["object", "category"])
def test_a_spreadsheet_finds_no_formula_in_text(tmp_path, kind):
    table = pd.DataFrame({"scenario": pd.Series([*FORMULAS, *HARMLESS], dtype=kind), "value": -1.5})
    write_csv(table, tmp_path / "table.csv")
    assert (tmp_path / "table.csv").read_bytes().startswith(b"\xef\xbb\xbfscenario"), "Excel asks for the mark"
    with (tmp_path / "table.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    cells = [row["scenario"] for row in rows]
    assert cells[: len(FORMULAS)] == [f"'{name}" for name in FORMULAS]
    assert cells[len(FORMULAS) :] == HARMLESS
    assert {row["value"] for row in rows} == {"-1.5"}


def test_what_was_written_is_read_back(tmp_path):
    names = [*FORMULAS, *HARMLESS]
    numbers = np.random.default_rng(1).normal(size=len(names))
    table = pd.DataFrame({"scenario": names, "value": numbers, "county": "010203"})
    table.loc[2, "value"] = np.nan
    write_csv(table, tmp_path / "table.csv")
    pd.testing.assert_frame_equal(read_csv(tmp_path / "table.csv", ("scenario", "county")), table, check_exact=True)


def test_the_hash_of_a_table_is_that_of_its_values_as_text():
    table = pd.DataFrame(
        {
            "kind": pd.Categorical(["b", "a", "b"], categories=["a", "b", "unused"]),
            "text": ["x", "x", ""],
            "whole": [2, -1, 2],
            "truth": [True, False, True],
            "mixed": pd.Series([1, True, "1"], dtype=object),
            "number": [0.5, -0.0, float("nan")],
        }
    )
    texts = {"kind": "bab", "text": ["x", "x", ""], "whole": ["2", "-1", "2"], "truth": ["True", "False", "True"]}
    whole = hashlib.sha256()
    for name, each in {**texts, "mixed": ["1", "True", "1"]}.items():
        whole.update(f"\x1e{name}\x1f".encode() + "\x1f".join(each).encode())
    whole.update(b"\x1enumber\x1f" + table["number"].to_numpy("<f8").tobytes())
    assert content_hash(table) == whole.hexdigest()
