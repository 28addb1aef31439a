"""What a notebook, or a session of Python, shows of a scenario and of results: a table, and a small chart."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Sequence
from html import escape

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from rich.console import Console

from urbsim.experiment.ensemble import Ensemble
from urbsim.labels import Label, Language, bracketed, printable, shortened, spoken
from urbsim.months import format_month
from urbsim.observation.indicators import INDICATORS
from urbsim.report import text
from urbsim.report.charts.style import Chart, colour, styled
from urbsim.report.charts.trajectory import trajectories
from urbsim.report.headline import headline, month_heading
from urbsim.report.measures import measure_of
from urbsim.report.tables import comparison_table
from urbsim.scenario.model import Scenario

_CHART = ("urbanization_rate", "seat_residents")
_REGION, _PERIOD, _SCALE = Label("region", "地区"), Label("period", "期间"), Label("scale", "抽样比例")
_PARAMETERS, _TARGETS = Label("parameters", "参数"), Label("targets", "目标")
_FEEDBACKS_OFF = Label("feedbacks off", "关闭的反馈")
_POLICY = (Label("policy", "政策"), Label("lever", "政策工具"), Label("in force", "实施期"), Label("amounts", "数量"))
_RESULT = (Label("indicator", "指标"), Label("scenario", "情景"))
_FAILED = Label("; {} runs failed", "；{} 次模拟失败")
_ROW_INCHES, _FRAME_INCHES = 0.2, 0.5
_MOST_DRAWN, _LONGEST_NAME = 40, 40
_TEXT_WIDTH = 200  # so that no table folds


def scenario_html(scenario: Scenario, language: Language | None = None) -> str:
    """Return a scenario as HTML: what it is, its policies, and when they are in force."""
    language = language or spoken()
    place = text.place_label(scenario.region).in_language(language)
    facts = [
        (
            _REGION.in_language(language),
            place if place == scenario.region else bracketed(place, scenario.region, language),
        ),
        (_PERIOD.in_language(language), f"{format_month(scenario.start)} – {format_month(scenario.until)}"),
        (_SCALE.in_language(language), f"{scenario.scale:g}"),
    ]
    facts += [(_PARAMETERS.in_language(language), ", ".join(scenario.parameters))] if scenario.parameters else []
    targets = ", ".join(dict.fromkeys(target.indicator for target in scenario.targets))
    facts += [(_TARGETS.in_language(language), targets)] if targets else []
    off = [name for name, on in scenario.feedbacks.items() if not on]
    facts += [(_FEEDBACKS_OFF.in_language(language), ", ".join(off))] if off else []
    said = [_safe(each.in_language(language)) for each in (scenario.title, scenario.about)]
    head = f"<h4>{said[0]}</h4><p>{said[1]}</p>"
    words = [measure_of(scenario.name, name, policy, 0.0, language) for name, policy in scenario.policies.items()]
    policies = [(each.name, each.title, each.period, "\n".join(each.amounts)) for each in words]
    shown = _table(("", ""), facts)
    if policies:
        shown += _picture(_timeline(scenario)) + _table([each.in_language(language) for each in _POLICY], policies)
    return f"<div>{head}{shown}</div>"


def ensemble_html(ensemble: Ensemble, language: Language | None = None) -> str:
    """Return results as HTML: the headline numbers of every scenario, and how two of them went."""
    language = language or spoken()
    months, titles = ensemble.horizons, ensemble.titles(language)
    rows: list[tuple[str, ...]] = []
    for block in headline(ensemble, language):
        for scenario in ensemble.names:
            cells = (block.cells.get((scenario, month)) for month in months)
            values = ("" if cell is None else "\n".join(line for line in cell.lines if line) for cell in cells)
            rows.append((block.heading, titles[scenario], *values))
    headings = (
        *(each.in_language(language) for each in _RESULT),
        *(month_heading(ensemble, month, language) for month in months),
    )
    place = text.place_label(ensemble.place).in_language(language)
    note = text.interval_note(ensemble.replicates, language, ensemble.plan.draws)
    observed = [name for name in _CHART if name in INDICATORS]
    chart = trajectories(ensemble, observed, "notebook", place, language=language)
    failed = _FAILED.in_language(language).format(len(ensemble.failures)) if ensemble.failures else ""
    return f"<div><h4>{_safe(place)}</h4>{_table(headings, rows)}<p>{_safe(note + failed)}</p>{_picture(chart)}</div>"


def ensemble_text(ensemble: Ensemble, language: Language | None = None) -> str:
    """Return results as text for a terminal: the headline numbers of every scenario."""
    language = language or spoken()
    place = printable(text.place_label(ensemble.place).in_language(language))
    console = Console(file=io.StringIO(), width=_TEXT_WIDTH, highlight=False, color_system=None)
    with console.capture() as shown:
        console.print(comparison_table(ensemble, language))
    lines = (line.rstrip() for line in shown.get().splitlines())
    return "\n".join([place, *lines])


def _timeline(scenario: Scenario) -> Chart:
    """Return when each policy is in force: a bar each."""
    drawn = list(scenario.policies.items())[:_MOST_DRAWN]
    first, last = scenario.start / 12, (scenario.until + 1) / 12
    ends = [last if policy.end is None else min((policy.end + 1) / 12, last) for _, policy in drawn]
    starts = [max(policy.start / 12, first) for _, policy in drawn]
    bars = [(name, start, end) for (name, _), start, end in zip(drawn, starts, ends, strict=True)]
    with styled():
        figure = Figure(figsize=(7.2, _ROW_INCHES * len(bars) + _FRAME_INCHES), layout="constrained")
        axis = figure.subplots()
        for row, (_, start, end) in enumerate(bars):
            axis.barh(row, max(end - start, 0.0), left=start, height=0.6, color=colour(1))
        axis.set_yticks(range(len(bars)), [shortened(name, _LONGEST_NAME) for name, *_ in bars], fontsize=7)
        axis.set_ylim(len(bars) - 0.4, -0.6)
        axis.set_xlim(first, last)
        axis.grid(axis="x")
        axis.grid(axis="y", visible=False)
        axis.xaxis.set_major_locator(MaxNLocator(8, integer=True))
    return Chart("timeline", figure, pd.DataFrame(bars, columns=["policy", "start", "end"]))


def _picture(chart: Chart) -> str:
    code = base64.b64encode(chart.svg.encode("utf-8")).decode("ascii")
    return f'<img alt="{escape(chart.name)}" style="max-width: 100%" src="data:image/svg+xml;base64,{code}">'


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; texts are shown as they are, numbers in lines below each other."""
    head = "".join(f"<th>{_safe(heading)}</th>" for heading in headings) if any(headings) else ""
    body = "".join(
        "<tr>" + "".join(f"<td>{_safe(value).replace(chr(10), '<br>')}</td>" for value in row) + "</tr>" for row in rows
    )
    return f"<table>{f'<thead><tr>{head}</tr></thead>' if head else ''}<tbody>{body}</tbody></table>"


def _safe(value: str) -> str:
    return escape(printable(value))
