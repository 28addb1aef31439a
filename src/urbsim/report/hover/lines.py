"""Indicators over time, and differences from the baseline: a line and a band for every scenario."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import pandas as pd

from urbsim.experiment.ensemble import Ensemble
from urbsim.experiment.observed import observed_values
from urbsim.experiment.targets import distinct_targets
from urbsim.labels import Label, Language
from urbsim.months import format_month
from urbsim.report import text
from urbsim.report.charts.style import GREY
from urbsim.report.charts.trajectory import CHART_OF_SEVERAL, SHARED, forms_of
from urbsim.report.hover.figure import (
    HEIGHT,
    TABLE,
    Coordinates,
    Hover,
    LegendKey,
    Spec,
    as_time,
    bounds_of,
    chosen,
    hovered,
    number_format,
    scaled,
    scenario_keys,
    scenario_scales,
    shown_names,
    time_axis,
    value_axis,
)
from urbsim.report.numbers import Format

MONTH, LOW, HIGH = Label("month", "月份"), Label("low", "下限"), Label("high", "上限")
_BAND_OPACITY = 0.15
#: What is marked beside the runs, and how it looks in the legend.
_SAID = {"target": text.TARGET, "observed": text.OBSERVED, "fitted": text.FITTED}
_LOOKS = {"target": "diamond", "observed": "hollow", "fitted": "square"}


def trajectory_figure(ensemble: Ensemble, name: str, table: pd.DataFrame, language: Language) -> Hover:
    """Return the figure of some indicators over time, of the whole world or of one county, with targets."""
    indicators = list(dict.fromkeys(table["indicator"].astype(str)))
    place = str(table["place"].iloc[0])
    titles = ensemble.titles(language)
    forms = forms_of(table, language, together=name in SHARED)
    marks = {each: _marks(ensemble, each, place) for each in indicators}
    shared = _shared(table, forms, marks) if name in SHARED else None
    drawn = _Drawn(ensemble, shared, language, single=len(indicators) == 1)
    panels = [_panel(drawn, each, forms[each], marks[each]) for each in indicators]
    title = CHART_OF_SEVERAL[name].in_language(language) if name in CHART_OF_SEVERAL else ""
    if not title:
        of_county = "" if place == ensemble.place else f"{text.place_label(place).in_language(language)}: "
        title = of_county + text.indicator_label(indicators[0], language)
    keys = scenario_keys(titles, "line")
    kinds = {mark["kind"] for each in marks.values() for mark in each}
    keys += [LegendKey(_SAID[kind].in_language(language), look, GREY) for kind, look in _LOOKS.items() if kind in kinds]
    return Hover(name, title, tuple(keys), tuple(panels), text.source_note(ensemble, language))


def _of(table: pd.DataFrame, indicator: str) -> pd.DataFrame:
    return table[table["indicator"] == indicator]


def _shared(
    table: pd.DataFrame, forms: Mapping[str, Format], marks: Mapping[str, list[dict[str, Any]]] | None = None
) -> tuple[float, float] | None:
    """Return the bounds of an axis that several indicators share, with what is marked beside the runs."""
    runs = [
        float(number) * form.factor
        for each, form in forms.items()
        for column in ("median", "low", "high")
        for number in _of(table, each)[column]
    ]
    known = [mark["value"] * forms[each].factor for each, its in (marks or {}).items() for mark in its]
    return bounds_of([*runs, *known])


class _Drawn(NamedTuple):
    """What panels of a figure have in common."""

    ensemble: Ensemble
    shared: tuple[float, float] | None
    language: Language
    single: bool


def _panel(drawn: _Drawn, indicator: str, form: Format, marks: list[dict[str, Any]]) -> Coordinates:
    unit = form.unit.in_language(drawn.language)
    layers = _lines(drawn, form, number_format(form.decimals), unit)
    if marks:
        layers += _mark_layers(marks, form, unit, drawn)
    heading = "" if drawn.single else text.indicator_label(indicator, drawn.language)
    return Coordinates(heading, _spec(chosen(indicator=indicator), layers, single=drawn.single), wide=drawn.single)


def _spec(filters: list[Spec], layers: list[Spec], *, single: bool) -> Spec:
    return {
        "data": {"name": TABLE},
        "transform": [*filters, as_time()],
        "height": HEIGHT + 50 if single else HEIGHT,
        "layer": layers,
    }


def _lines(drawn: _Drawn, form: Format, numbers: str, unit: str) -> list[Spec]:
    """Return bands, lines, and the dots that show their values when one points near them."""
    ensemble, shared, language, _ = drawn
    colours, dashes = scenario_scales(ensemble.names)
    x = time_axis(ensemble.first_month, ensemble.last_month)
    y = value_axis("middle", unit, shared)
    lines = [
        hovered(text.SCENARIO.in_language(language), "shown"),
        hovered(MONTH.in_language(language), "month"),
        hovered(unit or " ", "middle", numbers),
        hovered(LOW.in_language(language), "bottom", numbers),
        hovered(HIGH.in_language(language), "top", numbers),
    ]
    near = {"name": "near", "select": {"type": "point", "on": "pointerover", "nearest": True, "clear": "pointerout"}}
    lit = {"condition": {"param": "near", "empty": False, "value": 1}, "value": 0}
    columns = scaled(form, (("median", "middle"), ("low", "bottom"), ("high", "top")))
    band = {"type": "area", "opacity": _BAND_OPACITY, "clip": True}
    return [
        {
            "transform": [*columns, {"filter": "isValid(datum.bottom)"}],
            "mark": band,
            "encoding": {"x": x, "y": {**y, "field": "bottom"}, "y2": {"field": "top"}, "color": colours},
        },
        {
            "transform": columns,
            "mark": {"type": "line", "strokeWidth": 1.8, "clip": True},
            "encoding": {"x": x, "y": y, "color": colours, "strokeDash": dashes},
        },
        {
            "name": "pointed",  # what nobody sees on paper is not printed
            "transform": [*columns, shown_names(ensemble.titles(language))],
            "params": [near],
            "mark": {"type": "point", "filled": True, "size": 70, "clip": True},
            "encoding": {"x": x, "y": y, "color": colours, "opacity": lit, "tooltip": lines},
        },
    ]


def _marks(ensemble: Ensemble, indicator: str, place: str) -> list[dict[str, Any]]:
    """Return the targets and observations inside the run: month, value, error, kind."""
    first, last = ensemble.plan.baseline.start, ensemble.plan.baseline.until
    found = [
        {"month": format_month(target.month), "value": target.level, "error": 0.0, "kind": "target"}
        for target in distinct_targets(ensemble.plan.scenarios)
        if place == ensemble.place
        and target.indicator == indicator
        and target.since is None
        and first <= target.month <= last
    ]
    table = observed_values(ensemble.plan)
    of_place = table[(table["indicator"] == indicator) & (table["place"] == place) & ~table["target"]]
    found += [
        {
            "month": row["month"],
            "value": row["observed"],
            "error": row["tolerance"],
            "kind": "fitted" if row["fitted"] else "observed",
        }
        for row in of_place.to_dict("records")
    ]
    return found


def _mark_layers(marks: list[dict[str, Any]], form: Format, unit: str, drawn: _Drawn) -> list[Spec]:
    """Return what is known beside the runs: a diamond for a target, a square with its error for an observation."""
    shared, language = drawn.shared, drawn.language
    rows = [{**mark, "what": _SAID[mark["kind"]].in_language(language)} for mark in marks]
    kinds = {"field": "kind", "type": "nominal", "legend": None}
    shapes = {**kinds, "scale": {"domain": list(_SAID), "range": ["diamond", "square", "square"]}}
    fills = {**kinds, "scale": {"domain": list(_SAID), "range": ["transparent", "white", "#000"]}}
    ends = [{"calculate": f"datum.value {sign} datum.error", "as": end} for sign, end in (("-", "from"), ("+", "to"))]
    columns = [as_time(), *ends, *scaled(form, (("value", "middle"), ("from", "bottom"), ("to", "top")))]
    x, y = {"field": "time", "type": "temporal"}, value_axis("middle", unit, shared)
    shown = [hovered(" ", "what"), hovered(MONTH.in_language(language), "month")]
    shown.append(hovered(unit or " ", "middle", number_format(form.decimals)))
    error: Spec = {
        "transform": [{"filter": "datum.error > 0"}],
        "mark": {"type": "rule"},
        "encoding": {"x": x, "y": {**y, "field": "bottom"}, "y2": {"field": "top"}},
    }
    dot: Spec = {
        "mark": {"type": "point", "size": 75, "stroke": GREY, "opacity": 1, "strokeWidth": 1.6},
        "encoding": {"x": x, "y": y, "shape": shapes, "fill": fills, "tooltip": shown},
    }
    return [{"data": {"values": rows}, "transform": columns, "layer": [error, dot]}]


def difference_figure(ensemble: Ensemble, table: pd.DataFrame, language: Language) -> Hover:
    """Return the figure of differences from the baseline: a panel for each indicator; equal units, equal axes."""
    indicators = list(dict.fromkeys(table["indicator"].astype(str)))
    forms = forms_of(ensemble.over_time(indicators), language, together=False)
    units = {each: form.difference_unit.in_language(language) for each, form in forms.items()}
    panels = []
    for each in indicators:
        alike = {other: forms[other] for other in indicators if units[other] == units[each]}
        form = forms[each]
        decimals = min(form.decimals + 1, 3) if form.decimals else 0
        numbers = number_format(decimals, signed=True)
        zero = {"mark": {"type": "rule", "color": GREY}, "encoding": {"y": {"datum": 0}}}
        layers = _lines(_Drawn(ensemble, _shared(table, alike), language, single=False), form, numbers, units[each])
        heading = text.indicator_label(each, language)
        panels.append(Coordinates(heading, _spec(chosen(indicator=each), [zero, *layers], single=False)))
    base = ensemble.titles(language)[ensemble.baseline]
    title = Label(f"Difference from '{base}'", f"与“{base}”之差").in_language(language)
    keys = scenario_keys(ensemble.titles(language), "line", first=1)
    return Hover("difference_from_baseline", title, tuple(keys), tuple(panels), text.source_note(ensemble, language))
