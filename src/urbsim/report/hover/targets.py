"""Targets: a panel each, with every scenario's median and interval against the target."""

from __future__ import annotations

import math
from typing import Any

from urbsim.experiment.ensemble import Ensemble
from urbsim.labels import Label, Language
from urbsim.report import text
from urbsim.report.charts.style import GREY
from urbsim.report.charts.targets import MET, MET_NOTE, TARGETS_TITLE, edges_of, heading
from urbsim.report.hover.figure import (
    SHAPES,
    Coordinates,
    Hover,
    LegendKey,
    Spec,
    hovered,
    number_format,
    scenario_keys,
    scenario_scales,
)
from urbsim.report.targets import HEADINGS, TargetRow, is_change, target_rows

_ROW_HEIGHT, _ROOM = 24, 14
_INTERVAL = Label("interval", "区间")


def targets_figure(ensemble: Ensemble, language: Language) -> Hover:
    """Return the figure of the targets inside the run."""
    rows = [row for row in target_rows(ensemble, language) if row.record["runs"]]
    size = len(ensemble.names)
    groups = [rows[start : start + size] for start in range(0, len(rows), size)]
    panels = tuple(_panel(ensemble, group, language) for group in groups)
    keys = [*scenario_keys(ensemble.titles(language), "dot"), LegendKey(MET_NOTE.in_language(language), "area", MET)]
    title, note = TARGETS_TITLE.in_language(language), text.source_note(ensemble, language)
    return Hover("targets", title, tuple(keys), panels, note, looks_up=False)


def _panel(ensemble: Ensemble, group: list[TargetRow], language: Language) -> Coordinates:
    form, record = group[0].form, group[0].record
    titles = ensemble.titles(language)
    values = [_value(row, titles[row.record["scenario"]]) for row in group]
    left, right, *met = edges_of(group)
    colours, _ = scenario_scales(ensemble.names)
    # As wide as what is shown: the axis neither begins at zero nor goes on beyond.
    x: Spec = {"field": "median", "type": "quantitative", "scale": {"domain": [left, right], "nice": False}}
    x["axis"] = {"title": None, "tickCount": 4, "labelExpr": "replace(format(datum.value, ',~g'), '-', '−')"}
    y: Spec = {"field": "scenario", "type": "nominal", "axis": None, "scale": {"domain": list(ensemble.names)}}
    shapes = {"domain": list(ensemble.names), "range": [SHAPES[n % len(SHAPES)] for n in range(len(ensemble.names))]}
    numbers = number_format(form.decimals, signed=is_change(record))
    tooltip = [
        hovered(text.SCENARIO.in_language(language), "shown"),
        hovered(HEADINGS[5].in_language(language).split(" ")[0], "median", numbers),
        hovered(_INTERVAL.in_language(language), "interval"),
        hovered(HEADINGS[6].in_language(language), "chance"),
    ]
    shade = {"mark": {"type": "rect", "color": MET}, "data": {"values": [{"from": met[0], "to": met[1]}]}}
    shade["encoding"] = {"x": {**x, "field": "from"}, "x2": {"field": "to"}}
    line = {"mark": {"type": "rule", "strokeDash": [4, 3], "color": GREY}, "encoding": {"x": {"datum": met[2]}}}
    spread: Spec = {"mark": {"type": "rule", "strokeWidth": 2.5, "opacity": 0.55}}
    spread["transform"] = [{"filter": "isValid(datum.low)"}]
    spread["encoding"] = {"x": {**x, "field": "low"}, "x2": {"field": "high"}, "y": y, "color": colours}
    dots: Spec = {"mark": {"type": "point", "filled": True, "size": 80, "opacity": 1}}
    dots["encoding"] = {"x": x, "y": y, "color": colours, "tooltip": tooltip}
    dots["encoding"]["shape"] = {"field": "scenario", "type": "nominal", "scale": shapes, "legend": None}
    chance: Spec = {"mark": {"type": "text", "align": "left", "dx": 6, "fontSize": 11}}
    chance["encoding"] = {"x": {"value": {"expr": "width"}}, "y": y, "color": colours, "text": {"field": "percent"}}
    height = _ROW_HEIGHT * len(group) + _ROOM
    spec: Spec = {"data": {"values": values}, "height": height, "layer": [shade, line, spread, dots, chance]}
    return Coordinates(heading(group[0], language), spec)


def _value(row: TargetRow, title: str) -> dict[str, Any]:
    """Return what is drawn of one scenario, in the unit shown."""
    record, factor = row.record, row.form.factor
    numbers = {name: float(record[name]) * factor for name in ("median", "low", "high")}
    show = row.form.interval(record["low"], record["high"], difference=is_change(record))
    return {
        "scenario": record["scenario"],
        "shown": title,
        **{name: number if math.isfinite(number) else None for name, number in numbers.items()},
        "interval": show or "–",
        "chance": row.texts[6],
        "percent": f"{row.probability:.0%}",
    }
