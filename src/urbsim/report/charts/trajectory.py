"""Indicators over time: one line per scenario with its interval, and the targets."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from urbsim.experiment.comparison import summarise
from urbsim.experiment.ensemble import Ensemble
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
    series = ensemble.series
    chosen = series[(series["place"] == place) & series["indicator"].isin(list(indicators))]
    present = set(chosen["indicator"].astype(str))
    for indicator in indicators:
        if indicator not in present:
            raise KeyError(f"'{indicator}' was not observed in {place}; there are {', '.join(_observed(ensemble))}")
    summary = summarise(chosen)
    with styled():
        single = len(indicators) == 1
        figure, axes = panels(len(indicators), 2, width=7.6 if single else 4.6, height=3.6 if single else 3.1)
        for axis, indicator in zip(axes, indicators, strict=True):
            lines = _panel(axis, ensemble, summary[summary["indicator"] == indicator], indicator, language)
            marked = _mark_targets(axis, ensemble, indicator) if place == ensemble.place else []
        handles, names = [*lines], [*ensemble.names]
        if marked or _has_target(ensemble, indicators):
            handles.append(Line2D([], [], color=GREY, marker="D", linestyle="", markerfacecolor="none"))
            names.append(text.TARGET.in_language(language))
        frame(figure, title, text.source_note(ensemble, language), handles, names)
    return Chart(name, figure, summary)


def _panel(axis: Axes, ensemble: Ensemble, summary: pd.DataFrame, indicator: str, language: Language) -> list[Line2D]:
    form = format_of(indicator, float(summary["median"].abs().max()))
    lines = [
        line_with_band(axis, summary[summary["scenario"] == scenario], position, form.factor)
        for position, scenario in enumerate(ensemble.names)
    ]
    label_axes(axis, text.indicator_label(indicator, language), form.unit.in_language(language))
    return lines


def _targets(ensemble: Ensemble, indicator: str) -> dict[tuple[int, float], None]:
    """Return the distinct (month, value) targets for an indicator inside the run."""
    until = ensemble.plan.baseline.until
    return {
        (target.month, target.value): None
        for scenario in ensemble.plan.scenarios
        for target in scenario.targets
        if target.indicator == indicator and target.month <= until
    }


def _has_target(ensemble: Ensemble, indicators: Sequence[str]) -> bool:
    return any(_targets(ensemble, indicator) for indicator in indicators)


def _mark_targets(axis: Axes, ensemble: Ensemble, indicator: str) -> list[Line2D]:
    found = []
    for month, value in _targets(ensemble, indicator):
        factor = format_of(indicator, value).factor
        found += axis.plot(
            month / 12, value * factor, color=GREY, marker="D", linestyle="", markersize=7, markerfacecolor="none"
        )
    return found


def _observed(ensemble: Ensemble) -> list[str]:
    return sorted(ensemble.series["indicator"].astype(str).unique())
