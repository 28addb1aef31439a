"""The target table and chart as people see them."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from rich.console import Console

from urbsim.experiment.ensemble import Ensemble
from urbsim.months import parse_month
from urbsim.observation.indicators import INDICATORS
from urbsim.policies.base import Source
from urbsim.report.charts.style import MARKERS
from urbsim.report.charts.targets import targets_chart
from urbsim.report.tables import as_data
from urbsim.report.targets import target_rows, targets_table
from urbsim.scenario.model import Comparator, Target

DECEMBER = parse_month("2020-12")
SOURCE = Source(programme="changzhi-2024", clause="二(一)", given=False)
TARGETS = (
    Target("urbanization_rate", DECEMBER, 0.5, SOURCE, Comparator.ABOUT, tolerance=0.2),
    Target("unemployment_rate", DECEMBER, 0.9, comparator=Comparator.AT_MOST),
    Target("registered_urbanization_rate", DECEMBER, 0.05, relative_to="province", reference=0.9),
    Target("residents", parse_month("2021-02"), 5e6, relative_to="2020-12"),
    Target("seat_residents", parse_month("2035-12"), 250_000),
)


def with_targets(ensemble: Ensemble, targets: tuple[Target, ...]) -> Ensemble:
    baseline, plan = ensemble.plan.scenarios
    return Ensemble(replace(ensemble.plan, scenarios=(baseline, replace(plan, targets=targets))), ensemble.tables)


@pytest.fixture(scope="module")
def aimed(tiny: Ensemble) -> Ensemble:
    return with_targets(tiny, TARGETS)


def rows_of(ensemble: Ensemble, indicator: str, language="en") -> list[tuple[str, ...]]:
    return [row.texts for row in target_rows(ensemble, language) if row.record["indicator"] == indicator]


def test_a_row_says_target_clause_value_probability_and_year(aimed):
    first, second = rows_of(aimed, "urbanization_rate")
    assert first[:5] == (
        "Resident urbanization rate (%)",
        "changzhi-2024 二(一) (assumption)",
        "2020-12",
        "≈ 50 ± 20",
        aimed.baseline,
    )
    assert first[6:] == ("100% (2/2)", "2020")
    assert second[4] == aimed.names[1]


def test_a_change_since_a_month_before_the_output_is_unknown(tiny):
    before = with_targets(tiny, (Target("residents", parse_month("2021-02"), -1e9, relative_to="2020-10"),))
    assert [row[5:] for row in rows_of(before, "residents")] == [("–", "–", "–")] * 2


def test_bounds_changes_and_averages_are_told_apart(aimed):
    assert rows_of(aimed, "unemployment_rate")[0][3] == "≤ 90"
    assert rows_of(aimed, "registered_urbanization_rate")[0][3] == "≥ 95 (provincial average +5)"
    change = rows_of(aimed, "residents")[0]
    assert change[0] == "Residents (persons), change since 2020-12"
    assert change[3] == "≥ +5,000,000"
    assert change[6:] == ("0% (0/2)", "not by 2021")


def test_a_target_after_the_run_has_no_probability(aimed):
    assert rows_of(aimed, "seat_residents")[0][5:7] == ("–", "–")


def test_the_printed_table_names_a_target_once_and_every_scenario(aimed):
    console = Console(file=io.StringIO(), width=240)
    console.print(targets_table(aimed, "zh"))
    text = console.file.getvalue()
    assert text.count("户籍人口城镇化率") == 1
    assert "≥ 95（全省平均 +5）" in text
    assert "至2021年未达标" in text
    assert text.count(aimed.plan.scenarios[1].title.zh) == len(TARGETS)


def test_without_targets_there_is_neither_table_nor_chart(tiny):
    aimless = with_targets(tiny, ())
    assert targets_table(aimless, "en") is None
    assert targets_chart(aimless, "en") is None


def test_machines_get_clause_comparator_and_year_as_plain_values(aimed):
    first = as_data(aimed, "en")["targets"][0]
    assert first["indicator"] == "residents"
    assert first["year_met"] is None
    by_name = {row["indicator"]: row for row in as_data(aimed, "en")["targets"]}
    assert by_name["urbanization_rate"]["comparator"] == "about"
    assert by_name["urbanization_rate"]["clause"] == "二(一)"
    assert by_name["urbanization_rate"]["year_met"] == 2020


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_chart_of_a_dozen_targets_has_a_readable_panel_for_each(tiny, language):
    names = sorted(name for name in INDICATORS if INDICATORS[name].percent)
    months = [parse_month("2020-12"), parse_month("2021-02")]
    many = with_targets(tiny, tuple(Target(name, month, 0.4, SOURCE) for name in names[:6] for month in months))
    chart = targets_chart(many, language)
    assert chart is not None
    FigureCanvasAgg(chart.figure).draw()
    shown = [axis for axis in chart.figure.axes if axis.axison]
    assert len(shown) == 12
    boxes = [axis.get_tightbbox() for axis in shown] + [text.get_window_extent() for text in chart.figure.texts]
    boxes.append(chart.figure.legends[0].get_window_extent())
    for number, box in enumerate(boxes):
        assert not [other for other in boxes[number + 1 :] if box.overlaps(other)]
        assert box.x1 <= chart.figure.bbox.width


def test_a_panel_shows_the_medians_and_the_target_line_of_its_row(aimed):
    chart = targets_chart(aimed, "en")
    panel = next(axis for axis in chart.figure.axes if axis.get_title(loc="left").startswith("Urban unemployment"))
    rows = chart.data[chart.data["indicator"] == "unemployment_rate"]
    dots = [line.get_xdata()[0] for line in panel.lines if line.get_marker() in MARKERS and len(line.get_xdata()) == 1]
    assert dots == pytest.approx((rows["median"] * 100).tolist())
    (level,) = [line.get_xdata()[0] for line in panel.lines if line.get_linestyle() == "--"]
    assert level == pytest.approx(90.0)
