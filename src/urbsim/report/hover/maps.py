"""Maps of the counties of one world: levels, changes and differences, with what may be chance in grey."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from urbsim.experiment.ensemble import Ensemble
from urbsim.labels import Language
from urbsim.report import text
from urbsim.report.charts.maps import MANY, NOISE, NOISE_KEY, is_noise, map_title
from urbsim.report.geography import centroids, outlines
from urbsim.report.hover.figure import Coordinates, Hover, LegendKey, Spec, hovered
from urbsim.report.numbers import Format, format_of

#: The name of the outlines that all maps of a report share.
GEOGRAPHY = "geography"
_LEVELS = ("#ffffd9", "#4db3c5")
_CHANGES = ("#5a9fd4", "#f7f7f7", "#ee8a62")
_PLACES = 3  # decimals of a degree
_WIDE, _NARROW = 420, 300  # pixels of height


def map_figures(ensemble: Ensemble, table: pd.DataFrame, language: Language) -> Iterator[Hover]:
    """Yield the map of levels in the baseline, of change by scenario, and of differences from the baseline."""
    yield _figure(ensemble, table, "value", ensemble.names[:1], language)
    yield _figure(ensemble, table, "change", ensemble.names, language)
    if len(ensemble.names) > 1:
        yield _figure(ensemble, table, "difference", ensemble.names[1:], language)


def geography(codes: Sequence[str]) -> list[dict[str, Any]]:
    """Return the outlines of counties as features of GeoJSON in a flat plane, for a projection that adds nothing."""
    stretch = _stretch(codes)
    found = []
    for code, rings in outlines(codes).items():
        flat = [np.round(ring * (1.0, stretch), _PLACES).tolist() for ring in rings]
        shape = {"type": "MultiPolygon", "coordinates": [[ring] for ring in flat]}
        found.append({"type": "Feature", "id": code, "geometry": shape})
    return found


def _stretch(codes: Sequence[str]) -> float:
    """Return the length of a degree of latitude relative to one of longitude in the middle of the counties."""
    latitude = float(np.nanmean(centroids(codes)[:, 1]))
    return 1.0 / math.cos(math.radians(latitude))


def _figure(
    ensemble: Ensemble, table: pd.DataFrame, column: str, scenarios: Sequence[str], language: Language
) -> Hover:
    indicator = str(table["indicator"].iloc[0])
    form = format_of(indicator, float(table["value"].abs().max()), language)
    titles = ensemble.titles(language)
    amounts = table[column].abs().dropna() * form.factor
    largest = float(amounts.max()) if len(amounts) else 1.0
    levels = table.loc[table["scenario"] == ensemble.baseline, "value"].dropna() * form.factor
    bounds = (float(levels.min()), float(levels.max())) if column == "value" and len(levels) else (-largest, largest)
    panels = []
    for scenario in scenarios:
        rows = table[table["scenario"] == scenario]
        values = [_value(row, column, form, language) for row in rows.to_dict("records")]
        wide = len(scenarios) == 1
        spec = _spec(ensemble.plan.baseline.counties, values, bounds, column, form, language)
        panels.append(
            Coordinates("" if wide else titles[scenario], {**spec, "height": _WIDE if wide else _NARROW}, wide)
        )
    name = "county_map" if column == "value" else f"county_{column}_map"
    keys = () if column == "value" else (LegendKey(NOISE_KEY.in_language(language), "area", NOISE),)
    title, note = map_title(ensemble, indicator, column, language), text.source_note(ensemble, language)
    return Hover(name, title, keys, tuple(panels), note, looks_up=False)


def _value(row: Mapping[Any, Any], column: str, form: Format, language: Language) -> dict[str, Any]:
    """Return what is drawn of one county, in the unit shown."""
    number = float(row[column])
    signed = column != "value"
    show = form.difference if signed else form.value
    written = show(number)
    low, high = (float(row[f"{column}_{end}"]) for end in ("low", "high"))
    return {
        "place": str(row["place"]),
        "name": text.place_label(str(row["place"])).in_language(language),
        "number": number * form.factor if math.isfinite(number) else None,
        "written": written,
        "interval": form.interval(low, high, difference=signed) or "–",
        "noise": signed and is_noise(low, high),
    }


def _spec(
    codes: Sequence[str],
    values: list[dict[str, Any]],
    bounds: tuple[float, float],
    column: str,
    form: Format,
    language: Language,
) -> Spec:
    signed = column != "value"
    unit = (form.difference_unit if signed else form.unit).in_language(language)
    middles, stretch = centroids(codes), _stretch(codes)
    where = dict(zip(codes, middles.tolist(), strict=True))
    shaped = {feature["id"] for feature in geography(codes)}
    for value in values:
        longitude, latitude = where[value["place"]]
        value |= {"x": round(longitude, _PLACES), "y": round(latitude * stretch, _PLACES)}
        value["label"] = [value["name"], value["written"]]
        value["shaped"] = value["place"] in shaped
    # Names are written on the colours, so none is dark.
    low, high = bounds
    scale: Spec = {"domain": [low, high], "range": list(_LEVELS)}
    if signed:
        scale = {"domain": [low, 0.0, high], "range": list(_CHANGES)}
    grey = {"test": "datum.noise || !isValid(datum.number)", "value": NOISE}
    legend = {"title": unit, "orient": "bottom", "direction": "horizontal", "gradientLength": 160}
    colour = {"field": "number", "type": "quantitative", "scale": scale, "legend": legend}
    tooltip = [hovered(" ", "name"), hovered(unit, "written"), hovered("[ ]", "interval")]
    shown = {"color": {"condition": grey, **colour}, "tooltip": tooltip}
    position = {"longitude": {"field": "x"}, "latitude": {"field": "y"}}
    layers: list[Spec] = []
    if shaped:
        outline = {"lookup": "place", "from": {"data": {"name": GEOGRAPHY}, "key": "id"}, "as": "outline"}
        layers.append(
            {
                "transform": [{"filter": "datum.shaped"}, outline],
                "mark": {"type": "geoshape", "stroke": "white", "strokeWidth": 0.6},
                "encoding": {"shape": {"field": "outline", "type": "geojson"}, **shown},
            }
        )
    if len(shaped) < len(values):
        dot: Spec = {"mark": {"type": "circle", "size": 70, "opacity": 1, "stroke": "#595959", "strokeWidth": 0.6}}
        layers.append({"transform": [{"filter": "!datum.shaped"}], **dot, "encoding": {**position, **shown}})
    if len(values) < MANY:
        layers += _labels(position)
    return {"data": {"values": values}, "projection": {"type": "identity", "reflectY": True}, "layer": layers}


def _labels(position: Spec) -> list[Spec]:
    """Return the names and values, dark on a light edge, so that they read on any colour."""
    edge: Spec = {"type": "text", "fontSize": 10, "stroke": "white", "strokeWidth": 2.5, "strokeOpacity": 0.85}
    plain: Spec = {"type": "text", "fontSize": 10, "fill": "#202020"}
    encoding = {**position, "text": {"field": "label", "type": "nominal"}}
    return [{"mark": mark, "encoding": encoding} for mark in (edge, plain)]
