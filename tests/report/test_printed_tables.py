from __future__ import annotations

import html
import io
import json
import re
from dataclasses import replace

import pandas as pd
import pytest
from made_up import made_up
from rich.console import Console

from urbsim.commands.terminal import in_lines
from urbsim.experiment.ensemble import Ensemble
from urbsim.labels import columns_of
from urbsim.months import parse_month
from urbsim.report import cuts
from urbsim.report.body import Shown
from urbsim.report.charts import all_charts
from urbsim.report.charts.growth import growth_chart
from urbsim.report.counties import counties_table
from urbsim.report.cuts import cut_tables, debt_lines
from urbsim.report.hover.bars import growth_figure
from urbsim.report.numbers import format_of
from urbsim.report.page import report_page
from urbsim.report.tables import as_data, comparison_table

MADE_UP = made_up(until="2021-12")


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
    assert "常住人口城镇化率（%）" in printed(comparison_table(tiny, "zh"))


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
        ("residents", -0.2, 716550.0, "0", "0"),
        ("urbanization_rate", -0.0002, 0.5, "0.0", "−0.02"),
    ],
)
def test_numbers_are_shown_in_the_unit_of_their_indicator(indicator, number, largest, value, difference):
    form = format_of(indicator, largest, "en")
    assert form.value(number) == value
    assert form.difference(number) == difference


def test_missing_numbers_are_dashes():
    form = format_of("residents", 0.0, "en")
    assert form.value(float("nan")) == "–"
    assert form.interval(float("nan"), 1.0) == ""


@pytest.fixture(scope="module")
def cut() -> Ensemble:
    """Two counties of Changzhi, two runs: money and land short, debt beyond its limit in one of them."""
    ensemble = made_up(("base", "plan"), region="1404", until="2020-12")
    rows = [
        ("plan", 0, 0, 2023, "140423", "money", "parks", "industrial_parks", "yuan", 6e6, 3e6),
        ("plan", 0, 1, 2024, "140425", "money", "parks", "industrial_parks", "yuan", 2e6, 1e6),
        ("plan", 0, 0, 2023, "140423", "money", "homes", "affordable_housing", "yuan", 5e6, 5e6),
        ("plan", 0, 0, 2023, "140423", "land", "", "", "mu", 300.0, 75.0),
        ("plan", 0, 0, 2024, "140425", "debt", "", "", "yuan", 3e6, 2e6),
        ("plan", 0, 1, 2023, "140425", "debt", "", "", "yuan", 1e6, 2e6),
        ("plan", 0, 0, 2025, "140425", "debt", "", "", "yuan", 2.4e6, 2e6),
        ("plan", 0, 1, 2025, "140425", "debt", "", "", "yuan", 2e6, 2e6),
        ("plan", 0, 0, 2024, "140423", "debt", "", "", "yuan", 1e6, 2e6),
    ]
    return Ensemble(ensemble.plan, {**ensemble.tables, "limits": pd.DataFrame(rows, columns=ensemble.limits.columns)})


def test_what_lack_of_money_and_land_cut_is_shown_with_wanted_funded_and_share(cut):
    money, land, debt = (printed(table) for table in cut_tables(cut, "en"))
    assert "Cut for lack of money" in money
    assert money.splitlines()[-1].split() == ["plan", "parks", "2023", "4.0", "2.0", "50%"], "mean of two runs"
    assert "homes" not in money
    assert "Held back for lack of land" in land
    assert land.splitlines()[-1].split() == ["plan", "developers'", "dwellings", "2023", "150.0", "37.5", "25%"]
    assert "'plan', 1 of 12 counties, first in 2024" in debt
    assert "Pingshun 150% (in 1 of 2 runs)" in debt, "the mean of the two runs is within the limit"


def test_the_terminal_the_page_and_json_say_the_same_of_cuts_and_debt(cut):
    """One computation: every figure of one place is in the other two."""
    terminal = " ".join(" ".join(printed(table) for table in cut_tables(cut, "en")).split())
    page = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", report_page(cut, {}, "en"))).split())
    (line,) = debt_lines(cut, "en")
    assert line in terminal
    assert line in page
    data = as_data(cut, "en")
    (debt,) = data["debts_beyond_limit"]
    assert (debt["place"], debt["first_year"], debt["worst"], debt["runs"]) == ("140425", 2024, 1.5, 1)
    assert (debt["debt"], debt["limit"]) == (3e6, 2e6)
    for record in data["cuts"]:
        scale = 1e6 if record["limit"] == "money" else 1.0
        shown = f"{record['wanted'] / scale:,.1f} {record['possible'] / scale:,.1f} {record['share']:.0%}"
        assert f"{record['first_year']} {shown}" in terminal
        assert f"{record['first_year']} {shown}" in page


def test_tables_of_cuts_are_chinese_where_asked(cut, monkeypatch):
    text = "".join(printed(table) for table in cut_tables(cut, "zh"))
    first = cuts.cut_rows(cut, "zh")[0]
    monkeypatch.setattr(cuts, "cut_rows", lambda *_: [replace(first, name="parks", title="产业园区建设")])
    assert "产业园区建设（parks）" in printed(cut_tables(cut, "zh")[0])
    for words in (
        "因资金不足而削减",
        "到位（万元）",
        "因用地指标不足未能实施",
        "开发商住房",
        "超出债务限额",
        "平顺 150%",
    ):
        assert words in text


def test_scenarios_are_called_in_the_language_of_the_table(cut):
    named = tuple(
        replace(each, name_zh=chinese) for each, chinese in zip(cut.plan.scenarios, ("现状", "规划"), strict=True)
    )
    ensemble = Ensemble(replace(cut.plan, scenarios=named), cut.tables)
    tables = [comparison_table(ensemble, "zh"), counties_table(ensemble, "zh"), *cut_tables(ensemble, "zh")]
    for table in tables:
        text = printed(table)
        assert "规划" in text
        assert not re.search(r"\b(plan|base)\b", text)
    assert "与“现状”之差" in printed(tables[0])
    data = as_data(ensemble, "zh")
    assert (data["baseline"], data["scenarios"]) == ("base", ["base", "plan"]), "names in JSON are the same in both"


def test_charts_of_one_axis_count_all_their_people_in_one_unit():
    ensemble = made_up(until="2021-12", value=lambda name, *_: 2e5 if name == "seat_residents" else 2e4)
    chart = next(each for each in all_charts(ensemble, "zh") if each.name == "residents_by_zone")
    titles = [axis.get_title(loc="left") for axis in chart.figure.axes]
    heights = {round(float(line.get_ydata()[0]), 6) for axis in chart.figure.axes for line in axis.lines}
    assert all(title.endswith("（万人）") for title in titles)
    assert heights == {2.0, 20.0}


def test_where_nothing_is_cut_there_is_no_table():
    assert cut_tables(made_up(until="2020-12"), "en") == []


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


def test_indicators_asked_for_come_first_in_the_table_the_data_the_page_and_the_charts():
    asked = ("seat_rent", "births")
    lines = printed(comparison_table(MADE_UP, "en", asked)).splitlines()
    blocks = [line for line in lines if line.startswith(("Rent in the seat", "Births in 12 months", "Residents ("))]
    assert [line.split(" (")[0] for line in blocks] == ["Rent in the seat", "Births in 12 months", "Residents"]
    shown = list(dict.fromkeys(str(row["indicator"]) for row in as_data(MADE_UP, "en", asked)["comparison"]))
    assert shown[:3] == ["seat_rent", "births", "residents"]
    assert len(shown) == 9
    page = report_page(MADE_UP, {}, "en", Shown(asked))
    assert page.index("Births in 12 months") < page.index("Resident urbanization rate (%)")
    charts = [chart.name for chart in all_charts(MADE_UP, "en", asked)]
    assert charts[:3] == ["seat_rent", "births", "urbanization"]


def test_only_the_indicators_asked_for_are_shown():
    text = printed(comparison_table(MADE_UP, "en", ("births",), only=True))
    assert "Births in 12 months" in text
    assert "Residents (" not in text
    assert {row["indicator"] for row in as_data(MADE_UP, "en", ("births",), only=True)["comparison"]} == {"births"}
    drawn = [chart.name for chart in all_charts(MADE_UP, "en", ("births",), only=True)]
    assert drawn == ["births", "difference_from_baseline"]


def test_the_headline_says_which_month_is_the_start_the_latest_and_the_end(monkeypatch):
    monkeypatch.setattr("urbsim.experiment.comparison.latest_month", lambda: parse_month("2021-05"))
    assert MADE_UP.horizons == ("2020-11", "2021-05", "2021-12")
    text = printed(comparison_table(MADE_UP, "en"))
    for heading in ("2020-11 (start)", "2021-05 (latest)", "2021-12 (end)"):
        assert heading in text
        assert f">{heading}</th>" in report_page(MADE_UP, {}, "en")
    assert "2021-05（最新）" in printed(comparison_table(MADE_UP, "zh"))
    assert as_data(MADE_UP, "en")["months"] == {"start": "2020-11", "latest": "2021-05", "last": "2021-12"}


@pytest.mark.parametrize(
    ("persons", "unit", "height"), [(25_000.0, "万人", 2.5), (9_000.0, "人", 9_000.0), (0.0, "人", 0.0)]
)
def test_a_chart_of_growth_counts_people_as_the_others_do(persons, unit, height, monkeypatch):
    rows = [{"scenario": "Baseline", "year": 2021, "months": 12, "component": "births", "persons": persons}]
    monkeypatch.setattr(Ensemble, "urban_growth", lambda _: pd.DataFrame(rows))
    ensemble = made_up(["Baseline"], until="2021-12")
    drawn, hovered = growth_chart(ensemble, "zh"), growth_figure(ensemble, ensemble.urban_growth(), "zh")
    (axis,) = drawn.figure.axes
    assert axis.get_title(loc="left").endswith(f"（{unit}）")
    assert max(bar.get_height() for bar in axis.patches) == pytest.approx(height)
    (panel,) = hovered.panels
    assert unit in json.dumps(panel.spec, ensure_ascii=False)
    assert growth_chart(ensemble, "en").figure.axes[0].get_title(loc="left").endswith("(persons)")


def test_headings_are_hardly_wider_than_their_cells():
    english = "Industry clusters: posts per year (posts a year)"
    assert in_lines(english, 16).splitlines() == ["Industry", "clusters", "posts per year", "(posts a year)"]
    chinese = "特色产业集群培育：在原有趋势之外新增的岗位（个岗位/年）"
    assert max(map(columns_of, in_lines(chinese, 16).splitlines())) <= 16
    assert in_lines(chinese, 16).splitlines()[-1] == "（个岗位/年）"
    assert in_lines("a (b)", 16) == "a (b)"
