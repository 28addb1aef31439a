"""Targets held against runs: each comparator, changes, probabilities over draws and replicates, and the year met."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from urbsim.experiment.targets import distinct_targets, targets_met
from urbsim.months import parse_month
from urbsim.policies.base import Source
from urbsim.scenario.model import Comparator, Scenario, Target

PLACE = "341282"
START, UNTIL = parse_month("2020-11"), parse_month("2025-12")
BASE = Scenario("a", PLACE, (PLACE,), START, UNTIL)


def series_of(values: dict[str, dict[str, list[float]]], indicator: str = "residents", draws: int = 1) -> pd.DataFrame:
    """Values by scenario and month, one a run; runs are numbered draw by draw."""
    rows = [
        (name, run % draws, run // draws, month, PLACE, indicator, value)
        for name, months in values.items()
        for month, numbers in months.items()
        for run, value in enumerate(numbers)
    ]
    return pd.DataFrame(rows, columns=["scenario", "draw", "replicate", "month", "place", "indicator", "value"])


def row_of(target: Target, months: dict[str, list[float]], draws: int = 1) -> pd.Series:
    scenario = replace(BASE, targets=(target,))
    return targets_met(series_of({"a": months}, target.indicator, draws), [scenario], PLACE).iloc[0]


def target(value: float, month: str = "2025-12", **told) -> Target:
    return Target("residents", parse_month(month), value, **told)


@pytest.mark.parametrize(
    ("comparator", "tolerance", "met"),
    [("at_least", None, 3), ("at_most", None, 2), ("about", 1.0, 3), ("about", 0.0, 1), ("about", None, 1)],
)
def test_each_comparator_counts_the_runs_that_meet_it(comparator, tolerance, met):
    wanted = target(10.0, comparator=Comparator(comparator), tolerance=tolerance)
    row = row_of(wanted, {"2025-12": [9.0, 10.0, 11.0, 12.0]})
    assert row["met"] == met
    assert row["probability"] == met / 4


def test_about_without_tolerance_follows_the_registered_parameter_of_the_scenario():
    wanted = target(100.0, comparator=Comparator.ABOUT)
    months = {"2025-12": [97.0, 98.5]}
    assert row_of(wanted, months)["met"] == 1
    wide = replace(BASE, targets=(wanted,), parameters={"targets.about_tolerance": 0.03})
    row = targets_met(series_of({"a": months}), [wide], PLACE).iloc[0]
    assert (row["tolerance"], row["met"]) == (pytest.approx(3.0), 2)


def test_every_scenario_is_held_against_every_target_once():
    wanted = target(10.0)
    scenarios = [BASE, replace(BASE, name="b", targets=(wanted,)), replace(BASE, name="c", targets=(wanted,))]
    months = {name: {"2025-12": [9.0, 11.0]} for name in "abc"}
    table = targets_met(series_of(months), scenarios, PLACE)
    assert table["scenario"].tolist() == ["a", "b", "c"]
    assert table["probability"].tolist() == [0.5, 0.5, 0.5]


def test_runs_are_pairs_of_draw_and_replicate():
    row = row_of(target(10.0), {"2025-12": [9.0, 10.0, 11.0, 12.0, 13.0, 14.0]}, draws=3)
    assert (row["runs"], row["met"], row["median"]) == (6, 5, 11.5)


@pytest.mark.parametrize("comparator", Comparator)
@pytest.mark.parametrize("error", [-4e-15, 0.0, 4e-15])
def test_a_value_at_the_level_meets_it_whatever_its_last_digit(comparator, error):
    wanted = target(7.5, comparator=comparator, tolerance=0.0 if comparator is Comparator.ABOUT else None)
    row = row_of(wanted, {"2025-12": [7.5 + error] * 2})
    assert row["probability"] == 1.0


def test_a_change_is_counted_within_each_run_and_not_between_medians():
    wanted = target(5.0, relative_to="2022-12")
    months = {"2022-12": [0.0, 100.0, 50.0], "2025-12": [4.0, 200.0, 55.0]}
    row = row_of(wanted, months)
    assert (row["median"], row["low"], row["high"], row["met"]) == (5.0, 4.0, 100.0, 2)
    assert row["since"] == "2022-12"


def test_a_change_since_a_month_that_was_not_simulated_has_no_runs():
    row = row_of(target(5.0, relative_to="2019-12"), {"2025-12": [1.0, 2.0]})
    assert row["runs"] == 0
    assert np.isnan(row["probability"])


def test_a_target_relative_to_an_average_stands_at_the_average_and_its_distance():
    row = row_of(target(2.0, relative_to="province", reference=50.0), {"2025-12": [51.0, 52.0, 53.0]})
    assert (row["target"], row["reference"], row["met"]) == (52.0, 50.0, 2)


def test_the_year_is_the_first_whose_end_has_a_median_that_meets_the_target():
    months = {"2022-12": [9.0, 9.0, 99.0], "2023-06": [99.0] * 3, "2023-12": [9.0, 10.0, 11.0], "2024-12": [12.0] * 3}
    row = row_of(target(10.0, month="2024-12"), months)
    assert row["year_met"] == 2023
    assert row["met_until"] is pd.NA


def test_a_target_that_is_met_and_lost_again_says_until_when():
    months = {f"{year}-12": [value] for year, value in zip(range(2020, 2026), (9, 11, 12, 9, 12, 12), strict=True)}
    row = row_of(target(10.0), months)
    assert (row["year_met"], row["met_until"]) == (2021, 2022)


def test_a_target_never_met_has_no_year():
    assert row_of(target(10.0), {"2025-12": [9.0, 9.0]})["year_met"] is pd.NA


def test_a_target_after_the_end_of_the_run_has_no_probability_but_may_have_a_year():
    row = row_of(target(10.0, month="2035-12"), {"2025-12": [9.0, 11.0, 12.0]})
    assert row["runs"] == 0
    assert np.isnan(row["probability"])
    assert row["year_met"] == 2025


def test_the_clause_travels_with_the_target():
    source = Source(programme="jieshou-2022", clause="二(一)", given=True)
    row = row_of(target(10.0, source=source), {"2025-12": [9.0, 11.0]})
    assert (row["programme"], row["clause"], row["given"]) == ("jieshou-2022", "二(一)", True)


def test_targets_stand_in_the_order_of_the_indicators_and_then_by_month():
    later = Target("residents", parse_month("2030-12"), 1.0)
    earlier = Target("residents", parse_month("2025-12"), 1.0)
    beds = Target("beds_per_thousand", parse_month("2020-12"), 1.0)
    assert distinct_targets([replace(BASE, targets=(beds, later, earlier))]) == [earlier, later, beds]
