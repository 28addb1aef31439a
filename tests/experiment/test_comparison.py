from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from urbsim.arrays import tails
from urbsim.experiment.comparison import compare, horizons, interval, latest_month, paired_differences, summarise
from urbsim.months import parse_month


def series_of(values: dict[str, list[float]], month: str = "2025-12") -> pd.DataFrame:
    rows = [
        (name, 0, replicate, month, "341282", "residents", value)
        for name, numbers in values.items()
        for replicate, value in enumerate(numbers)
    ]
    return pd.DataFrame(rows, columns=["scenario", "draw", "replicate", "month", "place", "indicator", "value"])


def test_interval_is_the_range_below_nine_replicates():
    row = summarise(series_of({"a": [3.0, 1.0, 2.0, 9.0]})).iloc[0]
    assert (row["median"], row["low"], row["high"], row["replicates"]) == (2.5, 1.0, 9.0, 4)


def test_interval_ends_where_a_tenth_of_further_runs_lies_beyond():
    row = summarise(series_of({"a": list(range(19))})).iloc[0]
    assert [row["median"], row["low"], row["high"]] == pytest.approx(
        [9.0, 1.0, 17.0]
    )  # the 2nd and the 18th of 19: 2 / 20, 18 / 20


@pytest.mark.parametrize("count", [9, 10, 24])
def test_interval_holds_a_further_run_four_times_in_five(count):
    seen = np.random.default_rng(0).random((4000, count))
    low, high = np.quantile(seen, tails(count), axis=1)
    assert (high - low).mean() == pytest.approx(0.8, abs=0.005)  # a further uniform number falls in with this chance


def test_groups_of_different_size_have_tails_of_their_own():
    values = pd.DataFrame({"group": [0] * 19 + [1] * 9, "value": [*range(19), *range(9)]})
    assert interval(values.groupby("group")["value"]).to_numpy() == pytest.approx(np.array([[1.0, 17.0], [0.0, 8.0]]))


def test_one_replicate_has_no_interval():
    row = summarise(series_of({"a": [5.0]})).iloc[0]
    assert row["median"] == 5.0
    assert np.isnan(row["low"])
    assert np.isnan(row["high"])


def test_differences_are_paired_so_that_luck_shared_by_scenarios_cancels():
    luck = [10.0, 500.0, 90.0]
    table = compare(series_of({"a": luck, "b": [value + 2 for value in luck]}), "a", ["2025-12"])
    row = table[table["scenario"] == "b"].iloc[0]
    assert (row["difference"], row["difference_low"], row["difference_high"]) == (2.0, 2.0, 2.0)
    assert table.loc[table["scenario"] == "a", "difference"].isna().all()


def test_a_replicate_that_failed_in_the_baseline_has_no_difference():
    gaps = paired_differences(series_of({"a": [1.0], "b": [2.0, 50.0]}), "a")
    assert gaps.loc[gaps["scenario"] == "b", "difference"].tolist() == [1.0]


def test_only_the_months_asked_for_are_compared():
    series = pd.concat([series_of({"a": [1.0], "b": [2.0]}, month) for month in ("2025-12", "2026-12")])
    assert set(compare(series, "a", ["2026-12"])["month"]) == {"2026-12"}


@pytest.mark.parametrize(
    ("start", "until", "expected"),
    [
        ("2020-01", "2035-12", ("2020-01", "2025-12", "2030-12", "2035-12")),
        ("2020-01", "2029-12", ("2020-01", "2025-12", "2029-12")),
        ("2020-11", "2031-06", ("2020-11", "2025-12", "2030-12", "2031-06")),
        ("2010-01", "2020-12", ("2010-01", "2020-12")),
        ("2025-12", "2030-12", ("2025-12", "2030-12")),
        ("2020-01", "2020-01", ("2020-01",)),
    ],
)
def test_the_first_month_the_milestones_and_always_the_last_are_compared(start, until, expected):
    assert horizons(parse_month(start), parse_month(until)) == expected


def test_a_value_that_is_missing_is_left_out_of_the_median():
    row = summarise(series_of({"a": [1.0, np.nan, 3.0]})).iloc[0]
    assert (row["median"], row["low"], row["high"], row["replicates"]) == (2.0, 1.0, 3.0, 2)


def test_where_every_value_is_missing_so_is_the_median():
    row = summarise(series_of({"a": [np.nan, np.nan]})).iloc[0]
    assert np.isnan(row[["median", "low", "high"]].to_numpy(dtype=float)).all()
    assert row["replicates"] == 0


@pytest.mark.parametrize(
    ("latest", "expected"),
    [
        ("2026-10", ("2020-11", "2025-12", "2026-10", "2030-12", "2035-12")),
        ("2025-12", ("2020-11", "2025-12", "2030-12", "2035-12")),
        ("2036-01", ("2020-11", "2025-12", "2030-12", "2035-12")),
        ("2019-01", ("2020-11", "2025-12", "2030-12", "2035-12")),
    ],
)
def test_the_latest_month_is_compared_where_it_lies_inside_the_run(latest, expected):
    assert horizons(parse_month("2020-11"), parse_month("2035-12"), parse_month(latest)) == expected


def test_the_latest_month_is_that_of_the_tables_and_not_of_the_calendar():
    assert latest_month() == parse_month("2025-12")
