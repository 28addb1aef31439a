from __future__ import annotations

import io
import json

import pytest
from rich.console import Console

from urbsim.report.numbers import format_of
from urbsim.report.tables import as_data, comparison_table


def printed(table) -> str:
    console = Console(file=io.StringIO(), width=200)
    console.print(table)
    return console.file.getvalue()


def test_the_table_names_every_headline_indicator_and_scenario(tiny):
    text = printed(comparison_table(tiny, "en"))
    for words in ("Residents (persons)", "Resident urbanization rate (%)", "Public spending (million yuan/year)"):
        assert words in text
    assert text.count(f"  {tiny.names[1]}") == 7


def test_only_other_scenarios_show_a_difference(tiny):
    lines = printed(comparison_table(tiny, "en")).splitlines()
    baseline_rows = [number for number, line in enumerate(lines) if line.startswith(f"  {tiny.baseline} ")]
    plan_rows = [number for number, line in enumerate(lines) if line.startswith(f"  {tiny.names[1]} ")]
    assert len(baseline_rows) == len(plan_rows) == 7
    assert all(lines[number + 1].startswith(f"  {tiny.names[1]}") for number in baseline_rows)
    assert all(not lines[number + 1][:10].strip() for number in plan_rows)


def test_the_table_says_how_few_replicates_the_interval_stands_on(tiny):
    assert "median and range of 2 replicates" in " ".join(printed(comparison_table(tiny, "en")).split())
    assert "2次重复模拟的中位数与极差" in printed(comparison_table(tiny, "zh"))


def test_chinese_table_has_chinese_labels(tiny):
    assert "常住人口城镇化率 (%)" in printed(comparison_table(tiny, "zh"))


def test_data_for_machines_are_strict_json(tiny):
    data = json.loads(json.dumps(as_data(tiny, "en"), allow_nan=False))
    assert data["baseline"] == tiny.baseline
    first, *_ = data["comparison"]
    assert first["difference"] is None
    assert len(data["comparison"]) == 7 * 2
    assert data["targets"][0]["runs"] == 2


@pytest.mark.parametrize(
    ("indicator", "number", "largest", "value", "difference"),
    [
        ("urbanization_rate", 0.4567, 0.5, "45.7", "+45.67"),
        ("residents", 716550.0, 716550.0, "716,550", "+716,550"),
        ("public_spending", 2.4728e9, 2.5e9, "2,472.8", "+2,472.80"),
        ("school_places_per_pupil", -0.0426, 1.0, "−0.043", "−0.043"),
        ("residents", 0.2, 716550.0, "0", "0"),
    ],
)
def test_numbers_are_shown_in_the_unit_of_their_indicator(indicator, number, largest, value, difference):
    form = format_of(indicator, largest)
    assert form.value(number) == value
    assert form.difference(number) == difference


def test_missing_numbers_are_dashes():
    form = format_of("residents")
    assert form.value(float("nan")) == "–"
    assert form.interval(float("nan"), 1.0) == ""
