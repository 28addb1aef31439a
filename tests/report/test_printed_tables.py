from __future__ import annotations

import io
import json
from types import SimpleNamespace

import pandas as pd
import pytest
from rich.console import Console

from urbsim.experiment.cuts import cuts, debts_beyond_limit
from urbsim.report.cuts import cut_tables
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
    assert len(data["comparison"]) == 7 * 2 * 2, "indicators, scenarios, first and last month"
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


def cut_ensemble():
    """Return a stand-in with what tables of cuts read: two counties, money and land short, debt beyond its limit."""
    columns = [
        "scenario",
        "draw",
        "replicate",
        "year",
        "place",
        "limit",
        "policy",
        "lever",
        "unit",
        "wanted",
        "possible",
    ]
    rows = [
        ("plan", 0, 0, 2023, "140423", "money", "parks", "industrial_parks", "yuan", 6e6, 3e6),
        ("plan", 0, 1, 2024, "140425", "money", "parks", "industrial_parks", "yuan", 2e6, 1e6),
        ("plan", 0, 0, 2023, "140423", "money", "homes", "affordable_housing", "yuan", 5e6, 5e6),
        ("plan", 0, 0, 2023, "140423", "land", "", "", "mu", 300.0, 75.0),
        ("plan", 0, 0, 2024, "140425", "debt", "", "", "yuan", 3e6, 2e6),
        ("plan", 0, 1, 2024, "140425", "debt", "", "", "yuan", 3e6, 2e6),
        ("plan", 0, 0, 2024, "140423", "debt", "", "", "yuan", 1e6, 2e6),
    ]
    limits, runs = pd.DataFrame(rows, columns=columns), {"base": 2, "plan": 2}
    return SimpleNamespace(
        cuts=lambda: cuts(limits, runs),
        debts_beyond_limit=lambda: debts_beyond_limit(limits, runs),
        plan=SimpleNamespace(baseline=SimpleNamespace(counties=("140423", "140425"))),
    )


def test_what_lack_of_money_and_land_cut_is_shown_with_wanted_funded_and_share():
    money, land, debt = (printed(table) for table in cut_tables(cut_ensemble(), "en"))
    assert "Cut for lack of money" in money
    assert money.splitlines()[-1].split() == ["plan", "parks", "4.0", "2.0", "50%"], "mean of two replicates"
    assert "homes" not in money
    assert "Held back for lack of land" in land
    assert land.splitlines()[-1].split() == ["plan", "developers'", "dwellings", "150.0", "37.5", "25%"]
    assert "'plan', 1 of 2 counties, first in 2024" in debt
    assert "Pingshun 150%" in debt


def test_tables_of_cuts_are_chinese_where_asked():
    text = "".join(printed(table) for table in cut_tables(cut_ensemble(), "zh"))
    for words in (
        "因资金不足而削减",
        "到位（百万元）",
        "因用地指标不足未能实施",
        "开发商住房",
        "超出债务限额",
        "平顺 150%",
    ):
        assert words in text


def test_where_nothing_is_cut_there_is_no_table():
    whole = cut_ensemble()
    nothing = pd.DataFrame(columns=["scenario", "limit", "policy", "lever", "unit", "wanted", "possible", "share"])
    whole.cuts = lambda: nothing
    whole.debts_beyond_limit = lambda: pd.DataFrame(columns=["scenario", "place", "first_year", "worst"])
    assert cut_tables(whole, "en") == []


def test_what_was_cut_is_among_the_data_for_machines(tiny):
    data = as_data(tiny, "en")
    assert len(data["cuts"]) == len(tiny.cuts())
    assert len(data["debts_beyond_limit"]) == len(tiny.debts_beyond_limit())


def test_the_share_of_every_policy_that_was_funded_is_known_by_county_and_year(tiny):
    table = tiny.limits_by_year()
    money = table[table["limit"] == "money"]
    assert set(money["policy"]) <= set(tiny.plan.scenarios[1].policies)
    assert len(money)
    assert money["share"].between(0, 1 + 1e-12).all()
    paid = tiny.ledger["yuan"].sum() / tiny.replicates
    assert money["possible"].sum() == pytest.approx(paid)
