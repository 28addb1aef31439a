"""Where registered people who are away live: elsewhere in their province, or in another."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from derivation.locations import EARTH_RADIUS
from derivation.registered import rounded_to_total

# Migrants fall with the inverse of distance, and below the shortest distance places are equally near: assumptions.
DISTANCE_EXPONENT = 1.0
SHORTEST_DISTANCE = 30.0  # km

Floats = NDArray[np.float64]


def add_destinations(units: pd.DataFrame, places: pd.DataFrame) -> None:
    """Write in place ``absent_near`` and ``absent_far`` (persons) of one census; they add up to ``absent_registered``.

    Each province's people away near are its migrants from elsewhere in the province. Who is likelier to be far follows
    from a gravity model: how near a county is to other provinces' migrants, against those of its own province.
    """
    lying = places.set_index("code").loc[units["code"], ["longitude", "latitude"]].to_numpy(dtype=float)
    reach = 1.0 / np.maximum(distances(lying), SHORTEST_DISTANCE) ** DISTANCE_EXPONENT
    province = units["code"].str[:2].to_numpy()
    absent = units["absent_registered"].to_numpy(dtype=float)
    near = np.zeros(len(units), dtype=np.int64)
    for code in np.unique(province):
        here = province == code
        within = reach[np.ix_(here, here)]
        np.fill_diagonal(within, 0.0)
        inside = within @ units.loc[here, "migrants_same_province"].to_numpy(dtype=float)
        outside = reach[np.ix_(here, ~here)] @ units.loc[~here, "migrants_other_province"].to_numpy(dtype=float)
        total = int(units.loc[here, "migrants_same_province"].sum())
        odds = inside / np.maximum(outside, 1e-9) if inside.any() and outside.any() else np.ones(here.sum())
        near[here] = rounded_to_total(shared(absent[here], odds, float(total)), total)
    units["absent_near"] = near
    units["absent_far"] = units["absent_registered"] - near


def shared(people: Floats, odds: Floats, total: float) -> Floats:
    """Return the part of each number of people that goes one of two ways, such that the parts add up to a total.

    ``odds`` of this way against the other; they are multiplied by the one factor that meets the total, which is what
    iterative proportional fitting of the two columns converges to.
    """
    low, high = -50.0, 50.0
    logs = np.log(np.maximum(odds, 1e-12))
    logs -= np.median(logs)
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if (people / (1 + np.exp(-logs - middle))).sum() < total else (low, middle)
    return np.asarray(people / (1 + np.exp(-logs - high)))


def distances(degrees: Floats) -> Floats:
    """Return great-circle distances in km between points of longitude and latitude in degrees, shape (n, n)."""
    longitude, latitude = np.radians(degrees).T
    across = np.sin((latitude[:, None] - latitude) / 2) ** 2
    along = np.cos(latitude[:, None]) * np.cos(latitude) * np.sin((longitude[:, None] - longitude) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS * np.arcsin(np.sqrt(np.clip(across + along, 0.0, 1.0))))
