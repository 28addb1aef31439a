"""Counties of one world, ranked: where each stood at the start and where it stands at the end."""

from __future__ import annotations

import pandas as pd

from urbsim.experiment.ensemble import Ensemble
from urbsim.labels import Language, bracketed
from urbsim.region.places import VERY_MANY
from urbsim.report import text
from urbsim.report.charts.counties import BY_PROVINCE, START
from urbsim.report.charts.style import GREY
from urbsim.report.hover.figure import (
    SHAPES,
    TABLE,
    Coordinates,
    Hover,
    LegendKey,
    Spec,
    hovered,
    number_format,
    scaled,
    scenario_keys,
    scenario_scales,
    shown_names,
)
from urbsim.report.numbers import format_of

_STEP = 17  # pixels of a county
#: Very many counties are shown by province: the medians of their counties.
_PROVINCES: tuple[Spec, ...] = (
    {"calculate": "slice(datum.place, 0, 2)", "as": "place"},
    {
        "aggregate": [{"op": "median", "field": name, "as": name} for name in ("began", "ended")],
        "groupby": ["place", "scenario"],
    },
)


def ranking_figure(ensemble: Ensemble, table: pd.DataFrame, language: Language) -> Hover:
    """Return the figure with a row for each county."""
    indicator = str(table["indicator"].iloc[0])
    form = format_of(indicator, float(table["value"].abs().max()), language)
    first, last = ensemble.first_month, ensemble.last_month
    names, titles = ensemble.names, ensemble.titles(language)
    by_province = table["place"].nunique() >= VERY_MANY
    base = table[table["scenario"] == ensemble.baseline].set_index("place")["value"]
    base = base.groupby(base.index.str[:2]).median() if by_province else base
    order = base.sort_values(ascending=False, na_position="last").index
    places = {str(code): text.place_label(str(code)).in_language(language) for code in order}
    unit = form.unit.in_language(language)
    numbers = number_format(form.decimals)
    x: Spec = {"type": "quantitative", "scale": {"zero": False}, "axis": {"title": unit, "orient": "top"}}
    known = "{" + ", ".join(f"'{code}': '{_plain(name)}'" for code, name in places.items()) + "}"
    y: Spec = {"field": "place", "type": "nominal", "scale": {"domain": list(places)}}
    y["axis"] = {"title": None, "labelExpr": f"{known}[datum.value]", "labelLimit": 160, "labelFontSize": 10}
    colours, _ = scenario_scales(names)
    shapes = {"domain": list(names), "range": [SHAPES[number % len(SHAPES)] for number in range(len(names))]}
    shape = {"field": "scenario", "type": "nominal", "scale": shapes, "legend": None}
    tooltip = [
        hovered(" ", "named"),
        hovered(text.SCENARIO.in_language(language), "shown"),
        hovered(bracketed(first, unit, language), "began", numbers),
        hovered(bracketed(last, unit, language), "ended", numbers),
    ]
    of_base = [{"filter": {"field": "scenario", "equal": ensemble.baseline}}]
    way: Spec = {"transform": of_base, "mark": {"type": "rule", "color": "#cfcfcf"}}
    way["encoding"] = {"x": {**x, "field": "began"}, "x2": {"field": "ended"}, "y": y}
    start: Spec = {"transform": of_base, "mark": {"type": "point", "stroke": GREY, "fill": "white", "size": 28}}
    start["encoding"] = {"x": {**x, "field": "began"}, "y": y, "tooltip": tooltip}
    dots: Spec = {"mark": {"type": "point", "filled": True, "size": 42, "opacity": 1}}
    dots["encoding"] = {"x": {**x, "field": "ended"}, "y": y, "color": colours, "shape": shape, "tooltip": tooltip}
    spec: Spec = {
        "data": {"name": TABLE},
        "transform": [
            *scaled(form, (("start", "began"), ("value", "ended"))),
            *(_PROVINCES if by_province else ()),
            shown_names(titles),
            {"calculate": f"{known}[datum.place]", "as": "named"},
        ],
        "height": {"step": _STEP},
        "layer": [way, start, dots],
    }
    keys = (
        LegendKey(bracketed(START.in_language(language), first, language), "ring", GREY),
        *scenario_keys(titles, "dot"),
    )
    title = text.behind_commas((text.indicator_label(indicator, language), f"{first} – {last}"), language)
    note = text.source_note(ensemble, language)
    if by_province:
        note = f"{BY_PROVINCE.in_language(language).format(baseline=titles[ensemble.baseline])}. {note}"
    return Hover("urbanization_by_county", title, keys, (Coordinates("", spec, wide=True),), note)


def _plain(text_: str) -> str:
    return text_.replace("\\", "\\\\").replace("'", "\\'")
