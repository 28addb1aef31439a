"""How far counties lie from where their people go: towns, the seat, the rest of the province, other provinces.

Rule. Within a county, the seat is a mean distance away that follows from the county's area, a disc with the seat in
its middle; towns are a stated share of it. Outside, destinations are the counties and districts of 2010, each with the
number of residents who came from elsewhere in the province (for ``near``) or from other provinces (``far``) as its mass
m. At a distance weight gamma the many destinations count as one at the effective distance D,

  ln(1 + D) = -ln( sum of m (1 + d)^-gamma / sum of m ) / gamma,

the distance at which one place would attract as much. Distances are between centroids, along the great circle.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from urbsim.arrays import Floats, Mask
from urbsim.region.places import all_places
from urbsim.region.tables import all_county_rows

EARTH_RADIUS = 6371.0  # km
MEAN_TO_MIDDLE = 2.0 / 3.0 / np.sqrt(np.pi)  # mean distance to the middle of a disc per square root of its area


class Distances(NamedTuple):
    """Effective distances of C counties, and where in their province the world's counties stand.

    ``km`` has shape (C, 6): village, town, seat, other seats of the world in the province, near, far. ``inside`` (C,)
    is the share of the province's mass, beyond the county itself, that lies in the world. ``pull`` (C, C) is the mass
    of each other county of the world and province less its distance, m (1 + d)^-gamma.
    """

    km: Floats
    inside: Floats
    pull: Floats


class _Targets(NamedTuple):
    codes: tuple[str, ...]
    province: NDArray[np.str_]
    position: Floats  # (T, 2) radians
    mass_near: Floats
    mass_far: Floats


def distances(rows: pd.DataFrame, values: Mapping[str, float]) -> Distances:
    """Return the distances of the counties in ``rows``; ``values`` are parameters by name.

    Parameters read: ``distance.*`` (km and shares) and ``residence.gamma``, the weight of distance.
    """
    gamma = values["residence.gamma"]
    targets, codes = _targets(), [str(code) for code in rows["code"]]
    between = great_circle(positions(tuple(codes)), targets.position)
    own = _own(rows, targets)
    same_province = np.array([code[:2] for code in codes])[:, None] == targets.province[None, :]
    in_world = _members(rows, targets)
    near = np.where(same_province & ~own, targets.mass_near, 0.0)
    near_inside = near * (in_world >= 0)
    total = np.maximum(near.sum(axis=1), 1e-9)
    inside = near_inside.sum(axis=1) / total
    km = np.zeros((len(codes), 6))
    km[:, 2] = _to_the_seat(tuple(codes), values)
    km[:, 1] = values["distance.town_share"] * km[:, 2]
    km[:, 3] = effective(near_inside, between, gamma)
    km[:, 4] = effective(near - near_inside, between, gamma)
    km[:, 5] = effective(np.where(same_province, 0.0, targets.mass_far), between, gamma)
    pull = np.zeros((len(codes), len(codes)))
    attraction = near_inside * (1.0 + between) ** -gamma
    for target in np.flatnonzero(in_world >= 0):
        pull[:, in_world[target]] += attraction[:, target]
    return Distances(km, np.clip(inside, 0.0, 1.0), pull)


def effective(mass: Floats, km: Floats, gamma: float) -> Floats:
    """Return the distance at which one place would attract as much as all of them, shape (C,); 0 without mass."""
    total = mass.sum(axis=1)
    share = mass / np.where(total > 0, total, 1.0)[:, None]
    if gamma < 1e-6:  # the limit
        return np.asarray(np.expm1((share * np.log1p(km)).sum(axis=1)))
    attraction = (share * (1.0 + km) ** -gamma).sum(axis=1)
    return np.asarray(np.expm1(-np.log(np.where(total > 0, attraction, 1.0)) / gamma))


def great_circle(one: Floats, other: Floats) -> Floats:
    """Return distances in km between two sets of (longitude, latitude) in radians, shape (n, m)."""
    longitude = one[:, None, 0] - other[None, :, 0]
    latitude, latitude_2 = one[:, None, 1], other[None, :, 1]
    cosine = np.sin(latitude) * np.sin(latitude_2) + np.cos(latitude) * np.cos(latitude_2) * np.cos(longitude)
    return np.asarray(EARTH_RADIUS * np.arccos(np.clip(cosine, -1.0, 1.0)))


def positions(codes: tuple[str, ...]) -> Floats:
    """Return (longitude, latitude) of places in radians, shape (n, 2)."""
    known = {place.code: (place.longitude, place.latitude) for place in all_places()}
    degrees = np.array([known[code] for code in codes], dtype=float)
    return degrees * (np.pi / 180.0)


def areas(codes: tuple[str, ...]) -> Floats:
    """Return areas in square kilometres, shape (n,); the median of all counties where the outline is unknown."""
    known = {place.code: place.area for place in all_places() if place.level == "county"}
    middle = float(np.nanmedian(list(known.values())))
    return np.array([known[code] if known[code] > 0 else middle for code in codes])


def _to_the_seat(codes: tuple[str, ...], values: Mapping[str, float]) -> Floats:
    # Few live in the far corners of a very large county: its people are nearer to the seat than its area says.
    km = MEAN_TO_MIDDLE * np.sqrt(areas(codes))
    return np.asarray(np.minimum(km, values["distance.seat_limit"]))


@cache
def _targets() -> _Targets:
    rows = all_county_rows(2010)
    codes = tuple(str(code) for code in rows["code"])
    near, far = (rows[f"migrants_{origin}_province"].to_numpy(dtype=float) for origin in ("same", "other"))
    return _Targets(codes, np.array([code[:2] for code in codes]), positions(codes), near, far)


def _own(rows: pd.DataFrame, targets: _Targets) -> Mask:
    """Return which destinations are the county itself, under its code of 2010, shape (C, T)."""
    place = {code: number for number, code in enumerate(targets.codes)}
    own = np.zeros((len(rows), len(targets.codes)), dtype=bool)
    for county, former in enumerate(_former_codes(rows)):
        own[county, [place[code] for code in former if code in place]] = True
    return own


def _members(rows: pd.DataFrame, targets: _Targets) -> NDArray[np.int64]:
    """Return, for every destination, the index of the world's county it is, -1 where it lies outside; shape (T,)."""
    county_of = {code: county for county, former in enumerate(_former_codes(rows)) for code in former}
    return np.array([county_of.get(code, -1) for code in targets.codes])


def _former_codes(rows: pd.DataFrame) -> list[list[str]]:
    """Return the codes of 2010 of each row's territory."""
    return [
        [str(code)] if year == 2010 or not former else str(former).split("+")
        for code, year, former in zip(rows["code"], rows["year"], rows["code_other_year"], strict=True)
    ]
