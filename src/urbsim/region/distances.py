"""How far counties lie from where their people go: towns, the seat, the rest of the province, other provinces.

Rule. Within a county, the seat is a mean distance away that follows from the county's area, a disc with the seat in
its middle; towns are a stated share of it. Outside, destinations are the counties and districts of the start's census,
each with the number of residents who came from elsewhere in the province (for ``near``) or from other provinces
(``far``) as its mass m. At a distance weight gamma the many destinations count as one at the effective distance D,

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

from urbsim.arrays import Floats
from urbsim.region.places import all_places
from urbsim.region.tables import all_county_rows

EARTH_RADIUS = 6371.0  # km
MEAN_TO_MIDDLE = 2.0 / 3.0 / np.sqrt(np.pi)  # mean distance to the middle of a disc per square root of its area


class Distances(NamedTuple):
    """Effective distances of C counties, and where among all counties the world's own stand.

    ``km`` has shape (C, 7): village, town, seat, seats of the world in the province, in other provinces, near, far.
    ``inside`` and ``far_inside`` (C,) are the shares of the mass in the province, beyond the county itself, and in
    other provinces that lie in the world. ``pull`` and ``far_pull`` (C, C) are the masses of the other counties of the
    world in the province and in other provinces less their distance, m (1 + d)^-gamma.
    """

    km: Floats
    inside: Floats
    pull: Floats
    far_inside: Floats
    far_pull: Floats


class _Targets(NamedTuple):
    codes: tuple[str, ...]
    province: NDArray[np.str_]
    position: Floats  # (T, 2) radians
    mass_near: Floats
    mass_far: Floats


class _Reach(NamedTuple):
    """One kind of destinations, seen from C counties: how much of them the world holds."""

    inside: Floats  # (C,) share of the mass
    km: Floats  # (C, 2) effective distance of what lies in the world, and of the rest
    pull: Floats  # (C, C)


def distances(rows: pd.DataFrame, values: Mapping[str, float]) -> Distances:
    """Return the distances of the counties in ``rows``; ``values`` are parameters by name.

    Parameters read: ``distance.*`` (km and shares) and ``residence.gamma``, the weight of distance.
    """
    gamma = values["residence.gamma"]
    codes = tuple(str(code) for code in rows["code"])
    targets = _targets(int(rows["year"].iloc[0]))
    between = great_circle(positions(codes), targets.position)
    same_province = np.array([code[:2] for code in codes])[:, None] == targets.province[None, :]
    own = np.array(codes)[:, None] == np.array(targets.codes)[None, :]
    members = _members(codes, targets)
    near = _reach(np.where(same_province & ~own, targets.mass_near, 0.0), between, members, gamma)
    far = _reach(np.where(same_province, 0.0, targets.mass_far), between, members, gamma)
    to_the_seat = _to_the_seat(codes, values)
    within = np.stack([np.zeros(len(codes)), values["distance.town_share"] * to_the_seat, to_the_seat], axis=1)
    km = np.concatenate([within, np.stack([near.km[:, 0], far.km[:, 0], near.km[:, 1], far.km[:, 1]], axis=1)], axis=1)
    return Distances(km, near.inside, near.pull, far.inside, far.pull)


def _reach(mass: Floats, between: Floats, members: NDArray[np.int64], gamma: float) -> _Reach:
    """Return what the world holds of destinations of some ``mass`` (C, T), ``members`` (T,) being those in it."""
    held = mass * (members >= 0)
    rest = mass - held
    # Where the world holds all, people can still be outside who were there before: as far away as all of it is.
    rest = np.where(rest.any(axis=1, keepdims=True), rest, mass)
    inside = held.sum(axis=1) / np.maximum(mass.sum(axis=1), 1e-9)
    km = np.stack([effective(held, between, gamma), effective(rest, between, gamma)], axis=1)
    pull = np.zeros((len(mass), len(mass)))
    for target in np.flatnonzero(members >= 0):
        pull[:, members[target]] = held[:, target] * (1.0 + between[:, target]) ** -gamma
    return _Reach(np.clip(inside, 0.0, 1.0), km, pull)


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
def _targets(year: int) -> _Targets:
    rows = all_county_rows(year)
    codes = tuple(str(code) for code in rows["code"])
    near, far = (rows[f"migrants_{origin}_province"].to_numpy(dtype=float) for origin in ("same", "other"))
    return _Targets(codes, np.array([code[:2] for code in codes]), positions(codes), near, far)


def _members(codes: tuple[str, ...], targets: _Targets) -> NDArray[np.int64]:
    """Return, for every destination, the index of the world's county it is, -1 where it lies outside; shape (T,)."""
    number = {code: county for county, code in enumerate(codes)}
    return np.array([number.get(code, -1) for code in targets.codes])
