"""Where the people absent from each county live, and where its residents from elsewhere are registered.

Both are the same people, seen from two counties. Over all counties of a census they are one table of persons by county
of registration and of residence:

- within a province, its counties' people absent near by its counties' residents from the same province, fitted to
  these sums from m (1 + km)^-d, with the distance between the counties and d ``synthesis.exchange_distance``;
- between provinces, people absent far by residents from other provinces, fitted in the same way province by province,
  and within a province in proportion to each county's own.

The table does not depend on which counties a world holds. A world represents the part between its own counties once, as
residents; the rest stays people who are absent and strangers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from urbsim.arrays import Floats, Ints
from urbsim.region.distances import great_circle, positions
from urbsim.region.sampling import RandomNumbers
from urbsim.region.tables import all_county_rows

#: Sweeps of proportional fitting; the sums of a county that holds most of its province's people cannot be met exactly.
_SWEEPS = 200
OUTSIDE = -1


@dataclass(frozen=True)
class Whereabouts:
    """Persons by county of registration and of residence; T counties of one census in P provinces.

    ``far`` (P, P) is by province of registration and of residence; ``absent_far`` and ``from_far`` (T,) are what each
    county has of it. Tables within a province are fitted when they are asked for: most worlds lie in one.
    """

    codes: tuple[str, ...]
    province: Ints  # (T,) number of the province
    place: Floats  # (T, 2) longitude and latitude
    distance_weight: float
    absent_near: Floats  # (T,)
    from_near: Floats  # (T,)
    far: Floats
    absent_far: Floats
    from_far: Floats
    _near: dict[int, Floats] = field(init=False, default_factory=dict)

    def near(self, province: int) -> Floats:
        """Return the table within a province, by counties of registration and of residence in the order of ``codes``.

        Shape (counties, counties) of those in the province.
        """
        if province not in self._near:
            mine = np.flatnonzero(self.province == province)
            seed = _seed(self.place[mine], self.place[mine], self.distance_weight)
            self._near[province] = fit_sums(seed, self.absent_near[mine], self.from_near[mine])
        return self._near[province]

    def members(self, codes: tuple[str, ...]) -> NDArray[np.int16]:
        """Return the number in a world of each county, ``OUTSIDE`` for those it lacks, shape (T + 1,).

        The last entry answers for -1.
        """
        number = {code: index for index, code in enumerate(codes)}
        return np.array([*(number.get(code, OUTSIDE) for code in self.codes), OUTSIDE], dtype=np.int16)

    def hosts(self, code: str, far: bool) -> Floats:
        """Return where the people of a county who are absent near or far live, persons by county, shape (T,)."""
        return self._line(code, far, of_registration=True)

    def origins(self, code: str, far: bool) -> Floats:
        """Return where a county's residents from the same or other provinces are registered, shape (T,)."""
        return self._line(code, far, of_registration=False)

    def _line(self, code: str, far: bool, of_registration: bool) -> Floats:
        line = np.zeros(len(self.codes))
        if code not in self.codes:
            return line
        county = self.codes.index(code)
        own = self.province[county]
        if far:
            here, there = (self.absent_far, self.from_far) if of_registration else (self.from_far, self.absent_far)
            provinces = self.far[own] if of_registration else self.far[:, own]
            ours = _shares(here, self.province)[county]
            return np.asarray(ours * provinces[self.province] * _shares(there, self.province))
        mine = np.flatnonzero(self.province == own)
        table = self.near(int(own)) if of_registration else self.near(int(own)).T
        line[mine] = table[int(np.searchsorted(mine, county))]
        return line


def whereabouts(year: int, parameters: Mapping[str, float]) -> Whereabouts:
    """Return the table of a census; ``synthesis.exchange_distance`` is read."""
    return _of_census(year, parameters["synthesis.exchange_distance"])


@lru_cache(maxsize=4)  # megabytes each, and a screening of parameters asks for many
def _of_census(year: int, distance_weight: float) -> Whereabouts:
    return fit_whereabouts(all_county_rows(year), distance_weight)


def fit_whereabouts(rows: pd.DataFrame, distance_weight: float) -> Whereabouts:
    """Return the table of the counties in ``rows``, which have to be all of their provinces, in order of code."""
    codes = tuple(str(code) for code in rows["code"])
    province = np.unique([code[:2] for code in codes], return_inverse=True)[1]
    place = positions(codes)
    absent_near, absent_far, from_near, from_far = (
        rows[name].to_numpy(dtype=float)
        for name in ("absent_near", "absent_far", "migrants_same_province", "migrants_other_province")
    )
    seed = _seed(_middle(place, absent_far, province), _middle(place, from_far, province), distance_weight)
    far = fit_sums(seed, _by_province(absent_far, province), _by_province(from_far, province))
    return Whereabouts(codes, province, place, distance_weight, absent_near, from_near, far, absent_far, from_far)


def fit_sums(seed: Floats, rows: Floats, columns: Floats) -> Floats:
    """Return the table near ``seed`` whose columns add up to ``columns`` and whose rows to ``rows``, if it can be.

    Rows are scaled to the sum of the columns. Zeros of the seed can keep a row from its sum: a county with most of its
    province's absent people has too few others to send them to.
    """
    table = seed.astype(float)
    wanted = rows * (columns.sum() / max(rows.sum(), 1e-300))
    for _ in range(_SWEEPS):
        for axis, sums in ((1, wanted), (0, columns)):
            found = table.sum(axis=axis)
            ratio = np.divide(sums, found, out=np.zeros_like(found), where=found > 0.0)
            table *= np.expand_dims(ratio, axis)
    return table


def assign(random: RandomNumbers, persons: Floats, sizes: Ints) -> Ints:
    """Give each group of people a county, systematically by ``persons`` (T,); ``OUTSIDE`` where nobody is known.

    ``sizes`` (groups,) are the people of each group, who go together.
    """
    given = np.full(sizes.size, OUTSIDE, dtype=np.int64)
    order = random.order(np.zeros(sizes.size, dtype=np.int64))
    start = random.one()
    if not sizes.size or persons.sum() <= 0.0:
        return given
    middle = (np.cumsum(sizes[order]) - sizes[order] / 2) / sizes.sum()
    cumulative = np.cumsum(persons) / persons.sum()
    # A position a rounding error above the last county that has people belongs to that county.
    last = int(np.flatnonzero(persons)[-1])
    given[order] = np.minimum(np.searchsorted(cumulative, (middle + start) % 1.0, side="right"), last)
    return given


def _seed(here: Floats, there: Floats, distance_weight: float) -> Floats:
    seed = (1.0 + great_circle(here, there)) ** -distance_weight
    np.fill_diagonal(seed, 0.0)
    return np.asarray(seed)


def _middle(place: Floats, persons: Floats, province: Ints) -> Floats:
    """Return each province's mean longitude and latitude of some people, shape (P, 2)."""
    weight = persons + 1e-6
    total = _by_province(weight, province)
    return np.stack([_by_province(weight * axis, province) / total for axis in place.T], axis=1)


def _by_province(persons: Floats, province: Ints) -> Floats:
    return np.asarray(np.bincount(province, weights=persons), dtype=float)


def _shares(persons: Floats, province: Ints) -> Floats:
    """Return each county's share of its province's people, shape (T,)."""
    return np.asarray(persons / np.maximum(_by_province(persons, province), 1e-300)[province])
