"""Indicators over time: one line per scenario with its interval, and the targets."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from urbsim.experiment.ensemble import Ensemble
from urbsim.experiment.targets import distinct_targets
from urbsim.labels import Language
from urbsim.report import text
from urbsim.report.charts.style import GREY, Chart, frame, label_axes, line_with_band, panels, styled
from urbsim.report.numbers import format_of


def trajectory(
    ensemble: Ensemble, indicator: str, *, place: str | None = None, language: Language = "en", name: str | None = None
) -> Chart:
    """Return the chart of one indicator.

    Raises
    ------
    KeyError
        If the indicator was not observed at that place.
    """
    title = text.indicator_label(indicator, language) if indicator in _observed(ensemble) else indicator
    return trajectories(ensemble, (indicator,), name or indicator, title, place=place, language=language)


def trajectories(
    ensemble: Ensemble,
    indicators: Sequence[str],
    name: str,
    title: str,
    *,
    place: str | None = None,
    language: Language = "en",
) -> Chart:
    """Return a chart with one panel per indicator, all scenarios in each.

    Raises
    ------
    KeyError
        If an indicator was not observed at that place.
    """
    place = place or ensemble.place
    summary = ensemble.over_time(indicators, place)
    single = len(indicators) == 1
    with styled():
        figure, axes = panels(len(indicators), 2, width=7.6 if single else 4.6, height=3.6 if single else 3.1)
        handles: list[Line2D] = []
        targets: list[Line2D] = []
        for axis, indicator in zip(axes, indicators, strict=True):
            heading = "" if single else text.indicator_label(indicator, language)
            of_indicator = summary[summary["indicator"] == indicator]
            handles = _panel(axis, ensemble.names, of_indicator, indicator, heading, language)
            if place == ensemble.place:
                targets += _mark_targets(axis, ensemble, indicator)
        names = [*ensemble.names, *([text.TARGET.in_language(language)] if targets else [])]
        frame(figure, title, text.source_note(ensemble, language), [*handles, *targets[:1]], names)
    return Chart(name, figure, summary)


def _panel(
    axis: Axes, names: Sequence[str], summary: pd.DataFrame, indicator: str, heading: str, language: Language
) -> list[Line2D]:
    form = format_of(indicator, float(summary["median"].abs().max()))
    lines = [
        line_with_band(axis, summary[summary["scenario"] == scenario], position, form.factor)
        for position, scenario in enumerate(names)
    ]
    label_axes(axis, heading, form.unit.in_language(language))
    return lines


def _mark_targets(axis: Axes, ensemble: Ensemble, indicator: str) -> list[Line2D]:
    """Mark the distinct levels that targets set for an indicator inside the run; changes have no place on the axis."""
    first, last = ensemble.plan.baseline.start, ensemble.plan.baseline.until
    wanted = {
        (target.month, target.level): None
        for target in distinct_targets(ensemble.plan.scenarios)
        if target.indicator == indicator and target.since is None and first <= target.month <= last
    }
    found: list[Line2D] = []
    for month, value in wanted:
        height = value * format_of(indicator, value).factor
        found += axis.plot(month / 12, height, "D", color=GREY, markersize=7, markerfacecolor="none")
    return found


def _observed(ensemble: Ensemble) -> list[str]:
    return sorted(ensemble.series["indicator"].astype(str).unique())
