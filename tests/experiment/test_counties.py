from __future__ import annotations

import itertools

import pandas as pd
import pytest

from urbsim.experiment.counties import county_table

COUNTIES = ("140403", "140404")


def table_of(*, growth: float = 0.0, effect: float = 0.0, place_matters: bool = False) -> pd.DataFrame:
    """Return the county table of residents that have luck by run, grow, and gain from scenario b."""
    runs = itertools.product(("a", "b"), (0, 1), (0, 1), ("2020-01", "2025-12"), COUNTIES)
    rows = []
    for scenario, draw, replicate, month, place in runs:
        ends = month == "2025-12"
        value = luck(draw, replicate) + ends * (growth + effect * (scenario == "b"))
        value = float(place) if place_matters else value
        rows.append((scenario, draw, replicate, month, place, "residents", value))
    columns = ["scenario", "draw", "replicate", "month", "place", "indicator", "value"]
    return county_table(pd.DataFrame(rows, columns=columns), COUNTIES, "a", "2020-01", "2025-12")


def luck(draw: int, replicate: int) -> float:
    return 100.0 * draw + 7.0 * replicate


def test_differences_pair_the_same_draw_and_replicate_so_that_their_luck_cancels():
    table = table_of(effect=3.0)
    rows = table[table["scenario"] == "b"]
    assert (rows[["difference", "difference_low", "difference_high"]] == 3.0).all(axis=None)
    assert table.loc[table["scenario"] == "a", "difference"].isna().all()


def test_changes_are_counted_within_each_run():
    table = table_of(growth=5.0)
    assert (table[["change", "change_low", "change_high"]] == 5.0).all(axis=None)
    assert (table["runs"] == 4).all()


def test_each_county_has_its_own_row_with_its_name():
    table = table_of(place_matters=True)
    assert table["place"].astype(str).tolist() == ["140403", "140403", "140404", "140404"]
    assert table["name"].tolist()[::2] == ["潞州区", "上党区"]
    assert table["value"].tolist() == pytest.approx([140403.0, 140403.0, 140404.0, 140404.0])
