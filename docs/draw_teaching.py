"""Draw docs/images/teaching.png and teaching.zh.png, the main result of each lesson: python docs/draw_teaching.py."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes

import urbsim
from urbsim.experiment.comparison import paired_differences, summarise
from urbsim.labels import Label, Language
from urbsim.report.charts.style import GREY, label_axes, line_with_band, panels, styled
from urbsim.report.numbers import format_of
from urbsim.report.text import indicator_label

ROOT = Path(__file__).resolve().parents[1]
LESSONS = ROOT / "scenarios" / "teaching"
REPLICATES = 2


@dataclass(frozen=True)
class Panel:
    """One lesson: pairs of scenarios to subtract, or scenarios to show as they are (baseline "")."""

    title: Label
    folder: str
    indicator: str
    lines: tuple[tuple[str, str, Label], ...]  # scenario, its baseline or "", name of the line

    @property
    def differences(self) -> bool:
        """Return whether lines are differences from a baseline."""
        return all(baseline for _, baseline, _ in self.lines)


PANELS = (
    Panel(
        Label("1 An industrial park: effect on", "1 建产业园的影响"),
        "harris_todaro",
        "employment_rate",
        (
            ("park", "baseline", Label("people move", "可以迁移")),
            ("park-nobody-moves", "nobody-moves", Label("nobody moves", "无人迁移")),
        ),
    ),
    Panel(
        Label("2 The network at work: effect on", "2 迁移网络的影响"),
        "network",
        "village_residents",
        (
            ("boom", "boom-frozen", Label("boom elsewhere", "县外繁荣")),
            ("slump", "slump-frozen", Label("slump elsewhere", "县外衰退")),
        ),
    ),
    Panel(
        Label("3 Open registration: effect on", "3 放开落户的影响"),
        "hukou_wall",
        "urbanization_rate",
        (
            ("open", "wall", Label("registration is valued", "看重户籍")),
            ("open-nothing-behind", "wall-nothing-behind", Label("it is not", "不在乎户籍")),
        ),
    ),
    Panel(
        Label("4 A new district: effect on", "4 建新区的影响"),
        "empty_district",
        "seat_residents",
        (
            ("homes", "baseline", Label("20,000 homes", "两万套住房")),
            ("posts", "baseline", Label("20,000 posts", "两万个岗位")),
            ("both", "baseline", Label("both", "两者都建")),
        ),
    ),
    Panel(
        Label("5 The Lewis turning point", "5 刘易斯拐点"),
        "lewis",
        "seat_wage",
        (
            ("baseline", "", Label("farms shed labour", "农业用工减少")),
            ("farms-keep-labour", "", Label("farms keep labour", "农业用工不变")),
            ("outside-wages-rise", "", Label("outside wages rise", "外地工资上涨")),
            ("faster-growth", "", Label("faster growth", "岗位增长更快")),
        ),
    ),
    Panel(
        Label("6 Children left behind: effect on", "6 留守儿童：三种情景的影响"),
        "left_behind",
        "children_left_behind",
        (
            ("higher-wages", "baseline", Label("higher wages elsewhere", "外地工资上涨")),
            ("open-city-schools", "baseline", Label("open city schools", "外地学校开放")),
            ("better-village-schools", "baseline", Label("better village schools", "办好村校")),
        ),
    ),
)


def summaries(panel: Panel) -> list[pd.DataFrame]:
    """Return month, median, low and high of each line of a panel."""
    files = dict.fromkeys(name for scenario, baseline, _ in panel.lines for name in (baseline, scenario) if name)
    scenarios = {name: urbsim.load_scenario(LESSONS / panel.folder / f"{name}.yaml") for name in files}
    result = urbsim.compare(list(scenarios.values()), draws=0, replicates=REPLICATES)
    series = result.series
    chosen = series[(series["place"] == result.place) & (series["indicator"] == panel.indicator)]
    found = []
    for scenario, baseline, _ in panel.lines:
        table, value = chosen, "value"
        if baseline:
            table, value = paired_differences(chosen, scenarios[baseline].name), "difference"
        summary = summarise(table, value)
        found.append(summary[summary["scenario"] == scenarios[scenario].name])
    return found


def draw(axis: Axes, panel: Panel, lines: list[pd.DataFrame], language: Language) -> None:
    """Draw one lesson."""
    form = format_of(panel.indicator, max(float(line["median"].abs().max()) for line in lines), language)
    names = [name.in_language(language) for _, _, name in panel.lines]
    first = 1 if panel.differences else 0  # black is kept for baselines
    drawn = [line_with_band(axis, line, first + number, form.factor) for number, line in enumerate(lines)]
    unit = (form.difference_unit if panel.differences else form.unit).in_language(language)
    label_axes(axis, indicator_label(panel.indicator, language), unit, language)
    axis.set_title(f"{panel.title.in_language(language)}\n{axis.get_title(loc='left')}", fontsize=9)
    if panel.differences:
        axis.axhline(0, color=GREY, linewidth=1.0)
    axis.legend(drawn, names, fontsize=7.5, loc="best")


def main() -> None:
    """Run the lessons once and draw both pictures."""
    results = [summaries(panel) for panel in PANELS]
    names: dict[Language, str] = {"en": "teaching.png", "zh": "teaching.zh.png"}
    for language, name in names.items():
        with styled():
            figure, axes = panels(len(PANELS), 3, width=3.7, height=2.6)
            for axis, panel, lines in zip(axes, PANELS, results, strict=True):
                draw(axis, panel, lines, language)
            figure.savefig(ROOT / "docs" / "images" / name, dpi=95, metadata={"Software": "urbsim"})


if __name__ == "__main__":
    main()
