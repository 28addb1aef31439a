"""Indicators over time: one line per scenario with its interval, and the targets."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from urbsim.experiment.ensemble import Ensemble
from urbsim.experiment.observed import observed_values
from urbsim.experiment.targets import distinct_targets
from urbsim.labels import Label, Language
from urbsim.months import parse_month
from urbsim.report import text
from urbsim.report.charts.style import GREY, Chart, frame, label_axes, line_with_band, panels, same_height, styled
from urbsim.report.numbers import Format, format_of

#: Charts of several indicators, by name.
CHART_OF_SEVERAL = {
    "urbanization": Label("Urbanization: by residence and by registration (hukou)", "常住人口与户籍人口城镇化率"),
    "residents_by_zone": Label("Where people live", "人口的居住分布"),
}
#: Those whose panels are compared with each other, on one scale.
SHARED = frozenset(CHART_OF_SEVERAL)


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


def county_trajectory(ensemble: Ensemble, indicator: str, place: str, language: Language) -> Chart:
    """Return the chart of one indicator in one county of several, named after both."""
    named = text.headed(
        text.place_label(place).in_language(language), text.indicator_label(indicator, language), language
    )
    name = f"{indicator}-{place}"
    return trajectories(ensemble, (indicator,), name, named, place=place, language=language)


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
        marks: dict[Label, Line2D] = {}
        scenarios = list(ensemble.titles(language).values())
        forms = forms_of(summary, language, together=name in SHARED)
        for axis, indicator in zip(axes, indicators, strict=True):
            heading = "" if single else text.indicator_label(indicator, language)
            of_indicator = summary[summary["indicator"] == indicator]
            form = forms[indicator]
            handles = _panel(axis, ensemble.names, of_indicator, form, heading, language)
            if place == ensemble.place:
                targets += _mark_targets(axis, ensemble, indicator, form.factor)
            marks |= _mark_observed(axis, ensemble, indicator, place, form.factor)
        if name in SHARED:
            same_height(axes)
        names = [*scenarios, *([text.TARGET.in_language(language)] if targets else [])]
        seen = [name for name in (text.OBSERVED, text.FITTED) if name in marks]
        names += [name.in_language(language) for name in seen]
        shown = [*handles, *targets[:1], *(marks[name] for name in seen)]
        frame(figure, title, text.source_note(ensemble, language), shown, names)
    return Chart(name, figure, summary)


def forms_of(summary: pd.DataFrame, language: Language, *, together: bool) -> dict[str, Format]:
    """Return the format of every indicator at the largest of its medians, or of those of all that share an axis."""
    largest = summary["median"].abs().groupby(summary["indicator"].astype(str)).max()
    return {
        str(name): format_of(str(name), float(largest.max() if together else own), language)
        for name, own in largest.items()
    }


def _panel(
    axis: Axes, names: Sequence[str], summary: pd.DataFrame, form: Format, heading: str, language: Language
) -> list[Line2D]:
    lines = [
        line_with_band(axis, summary[summary["scenario"] == scenario], position, form.factor)
        for position, scenario in enumerate(names)
    ]
    label_axes(axis, heading, form.unit.in_language(language), language)
    return lines


def _mark_targets(axis: Axes, ensemble: Ensemble, indicator: str, factor: float) -> list[Line2D]:
    """Mark the distinct levels that targets set for an indicator inside the run; changes have no place on the axis."""
    first, last = ensemble.plan.baseline.start, ensemble.plan.baseline.until
    wanted = {
        (target.month, target.level): None
        for target in distinct_targets(ensemble.plan.scenarios)
        if target.indicator == indicator and target.since is None and first <= target.month <= last
    }
    found: list[Line2D] = []
    for month, value in wanted:
        found += axis.plot(month / 12, value * factor, "D", color=GREY, markersize=7, markerfacecolor="none")
    return found


def _mark_observed(axis: Axes, ensemble: Ensemble, indicator: str, place: str, factor: float) -> dict[Label, Line2D]:
    """Mark what was observed inside the run, with its standard error: filled where it was used to fit, else hollow."""
    found: dict[Label, Line2D] = {}
    table = observed_values(ensemble.plan)
    chosen = table[(table["indicator"] == indicator) & (table["place"] == place) & ~table["target"]]
    for row in chosen.to_dict("records"):
        filled = "black" if row["fitted"] else "white"
        (line, *_) = axis.errorbar(
            parse_month(row["month"]) / 12,
            row["observed"] * factor,
            row["tolerance"] * factor or None,
            fmt="s",
            color="black",
            markersize=5,
            markerfacecolor=filled,
            elinewidth=1.0,
            zorder=5,
        )
        found[text.FITTED if row["fitted"] else text.OBSERVED] = line
    return found


def _observed(ensemble: Ensemble) -> list[str]:
    return sorted(ensemble.series["indicator"].astype(str).unique())
