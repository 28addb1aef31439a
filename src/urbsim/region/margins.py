"""The margins of one county that its synthetic population is fitted to, scaled and made whole.

At scale ``s`` every margin is multiplied by ``s`` before it is made whole, so that whole households, not fractions of
them, carry the sample.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from urbsim.arrays import Floats, Ints
from urbsim.labels import bilingual
from urbsim.region import patterns
from urbsim.region.sampling import largest_remainder

_LEVELS = ("primary", "junior", "senior", "college")
_GENERATIONS = ("one_generation", "two_generations", "three_generations", "four_generations")
#: At most this share of those old enough for a level have it or a higher one; census counties reach 0.992.
_MOST_OF_AN_AGE = 0.995
_MIGRANTS = ("migrants_same_county", "migrants_same_province", "migrants_other_province")


@dataclass(frozen=True)
class Margins:
    """Control totals of one county in synthetic people and households.

    ``age_sex`` (19, 2) and ``zones`` (3,) are whole and add up to ``residents``; ``levels`` (2, 5) is attended or
    attained education by sex, ``married`` (2,) people by sex; both are real numbers that agree with ``age_sex``.
    """

    code: str
    census: int  # census year
    scale: float
    residents: int
    age_sex: Ints
    zones: Ints
    levels: Floats
    married: Floats
    absent_near: int  # registered here, living elsewhere in the province
    absent_far: int  # in other provinces
    migrants: Ints  # same county, same province, other province
    household_residents: int
    households: int
    one_person: int
    generations: Ints  # one to four
    urban_place_share: float  # of registered people, those registered in town or seat
    nonagricultural_share: float | None  # of residents; None where the census did not ask
    employed_share: float
    working_age: int  # age from which the employed share counts people
    sectors: Floats
    rented_share: float

    @property
    def absent(self) -> int:
        """Registered people who live outside the county."""
        return self.absent_near + self.absent_far


def read_margins(row: pd.Series[Any], scale: float, urban_place_ratio: Mapping[int, float]) -> Margins:
    """Return the margins of one county row (columns of the county tables) at a scale.

    A figure that is missing is replaced by the national share; ``urban_place_ratio`` is the share registered in town or
    seat per resident urban share, by census year.

    Raises
    ------
    ValueError
        If the row has no residents.
    """
    year = min(patterns.CENSUS_YEARS, key=lambda census: abs(census - int(row["year"])))
    if not _number(row, "residents") > 0:
        raise ValueError(
            bilingual(
                f"county {row['code']} ({row.get('name', '')}) has no residents in {year}",
                f"{row['code']} 县（{row.get('name', '')}）在 {year} 年没有常住人口",
            )
        )
    residents = max(1, round(_number(row, "residents") * scale))
    age_sex = largest_remainder(_age_sex(row, year), residents)
    urban = _number(row, "urban", 0.5 * _number(row, "residents")) / _number(row, "residents")
    seat = _number(row, "seat_share", 0.65)
    nonagricultural = _number(row, "nonagricultural_share")
    return Margins(
        code=str(row["code"]),
        census=year,
        scale=scale,
        residents=residents,
        age_sex=age_sex,
        zones=largest_remainder([1 - urban, urban * (1 - seat), urban * seat], residents),
        levels=_levels(row, year, age_sex),
        married=_married(row, year, age_sex),
        absent_near=round(_number(row, "absent_near", 0.0) * scale),
        absent_far=round(_number(row, "absent_far", 0.0) * scale),
        migrants=np.array([round(_number(row, name, 0.0) * scale) for name in _MIGRANTS]),
        **_households(row, year, residents, scale),
        urban_place_share=min(urban * urban_place_ratio[year], 0.98),
        nonagricultural_share=None if np.isnan(nonagricultural) else float(np.clip(nonagricultural, 0.0, 0.98)),
        employed_share=_number(row, "employed_share", patterns.NATIONAL_EMPLOYED[year]),
        working_age=16 if year == 2010 else 15,
        sectors=_shares(
            row, [f"{name}_share" for name in ("farm", "industry", "services")], patterns.NATIONAL_SECTORS[year]
        ),
        rented_share=_number(row, "tenure_rented", 0.1),
    )


def _number(row: pd.Series[Any], name: str, fallback: float = float("nan")) -> float:
    value = row.get(name)
    return fallback if value is None or pd.isna(value) else float(value)


def _shares(row: pd.Series[Any], names: Sequence[str], fallback: Floats) -> Floats:
    values = np.array([_number(row, name) for name in names])
    known = values if np.isfinite(values).all() and values.sum() > 0 else fallback
    return np.asarray(known / known.sum())


def _age_sex(row: pd.Series[Any], year: int) -> Floats:
    counts = np.array([[_number(row, f"{sex}_{age}") for sex in patterns.SEXES] for age in patterns.AGE_GROUPS])
    if np.isfinite(counts).all() and counts.sum() > 0:
        return counts
    pyramid = patterns.PYRAMID[year]
    return np.where(np.isfinite(counts), counts, pyramid * (np.nansum(counts) or 1.0) / pyramid.sum())


def _levels(row: pd.Series[Any], year: int, age_sex: Ints) -> Floats:
    """Education attended or attained by sex (2, 5); the first level holds everybody else, young children included."""
    shares = np.empty((2, 5))
    for index, sex in enumerate(patterns.SEXES):
        counts = [_number(row, f"{sex}_education_{level}") for level in _LEVELS]
        counts[3] += _number(row, f"{sex}_education_university", 0.0)
        known = np.array(counts) / _number(row, sex)
        shares[index, 1:] = known if np.isfinite(known).all() else patterns.NATIONAL_LEVELS[year][index]
    shares[:, 1:] *= np.minimum(1.0, 0.98 / shares[:, 1:].sum(axis=1, keepdims=True))
    by_sex = age_sex.sum(axis=0)
    _keep_to_ages(shares, year, age_sex / np.maximum(by_sex, 1))
    shares[:, 0] = 1.0 - shares[:, 1:].sum(axis=1)
    return np.asarray(shares * by_sex[:, None])


def _keep_to_ages(shares: Floats, year: int, ages: Floats) -> None:
    """Lower levels that more people hold than are old enough, as in tiny samples; ``ages`` are shares of each sex."""
    for level in range(shares.shape[1] - 1, 0, -1):
        old_enough = (patterns.LEVEL_BY_AGE[year][:, level:] > 0).any(axis=1)
        room = _MOST_OF_AN_AGE * ages[old_enough].sum(axis=0)
        holders = shares[:, level:].sum(axis=1)
        over = holders > room
        shares[over, level:] *= (room[over] / holders[over])[:, None]


def _married(row: pd.Series[Any], year: int, age_sex: Ints) -> Floats:
    national = patterns.NATIONAL_MARRIED[year]
    shares = [_number(row, f"{sex}_married_share", national[index]) for index, sex in enumerate(patterns.SEXES)]
    return np.asarray(np.clip(shares, 0.0, 1.0) * age_sex[4:].sum(axis=0))


def _households(row: pd.Series[Any], year: int, residents: int, scale: float) -> dict[str, Any]:
    inside, size, one_person, *generations = patterns.NATIONAL_HOUSEHOLDS[year]
    members = min(residents, round(_number(row, "household_residents", residents / scale * inside) * scale))
    households = round(_number(row, "households", members / scale / size) * scale)
    names = [f"households_{name}" for name in _GENERATIONS]
    by_generation = _shares(row, names, np.array(generations))
    alone = round(_number(row, "households_one_person", households / scale * one_person) * scale)
    return {
        "household_residents": members,
        "households": households,
        "one_person": alone,
        "generations": largest_remainder(by_generation, households) if households else np.zeros(4, dtype=np.int64),
    }
