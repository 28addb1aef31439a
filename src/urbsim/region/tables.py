"""The derived tables that urbsim starts from: counties, fertility, mortality, published series.

They are written by `calibration/derive_tables.py` and described in `calibration/SOURCES.md`. Every function
returns a copy of its own, so a caller may change what it got.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import pandas as pd

from urbsim.labels import bilingual
from urbsim.region.places import (
    UnknownPlaceError,
    YearNotAvailableError,
    all_places,
    tables_folder,
    unknown_place,
    year_not_available,
)

__all__ = [
    "UnknownPlaceError",
    "YearNotAvailableError",
    "county_rows",
    "fertility_table",
    "mortality_table",
    "provinces_table",
    "series_table",
    "tables_folder",
    "yearbook_table",
]


def county_rows(codes: Sequence[str], year: int) -> pd.DataFrame:
    """Return the rows of some counties in one census.

    Parameters
    ----------
    codes
        Six-digit county codes; repeats count once.
    year
        2010 or 2020.

    Returns
    -------
    pandas.DataFrame
        One row per county in order of code, indexed from 0; columns as in `calibration/SOURCES.md`
        (persons, households, shares in [0, 1], rates per person-year).

    Raises
    ------
    UnknownPlaceError
        If a code is not a county; it carries likely intentions.
    YearNotAvailableError
        If the tables lack that year, or a county existed only in the other census.
    """
    counties = _counties()
    years = sorted({int(known) for known in counties["year"].unique()})
    if year not in years:
        raise YearNotAvailableError(
            bilingual(
                f"no county table for {year}; available: {', '.join(map(str, years))}",
                f"没有 {year} 年的县级数据表；可用年份：{'、'.join(map(str, years))}",
            )
        )
    wanted = sorted(set(codes))
    rows = counties[(counties["year"] == year) & counties["code"].isin(wanted)].sort_values("code")
    missing = [code for code in wanted if code not in set(rows["code"])]
    if missing:
        raise _why_missing(missing[0], year)
    return rows.reset_index(drop=True)


def all_county_rows(year: int) -> pd.DataFrame:
    """Return the rows of every county of one census year, ordered by code."""
    rows = _counties()
    return rows[rows["year"] == year].sort_values("code").reset_index(drop=True)


def fertility_table() -> pd.DataFrame:
    """Return births per woman-year (`asfr`) by year 2005-2050, variant and first age of a five-year band.

    Variants: `estimate` to 2023; `low`, `medium`, `high` from 2024. `tfr` is children per woman. Source: United
    Nations, World Population Prospects 2024.
    """
    return _csv("fertility.csv").copy()


def mortality_table() -> pd.DataFrame:
    """Return deaths per person-year (`mx`) by five-year period, sex and first age of the interval.

    An interval ends at the next listed age; 100 is open. Source: United Nations, World Population Prospects 2024.
    """
    return _csv("mortality.csv").copy()


def series_table() -> pd.DataFrame:
    """Return the published series: place code (`CN` is China), year, indicator, value, unit, source, confidence."""
    return _csv("series.csv").copy()


def provinces_table() -> pd.DataFrame:
    """Return residents and urban share of every province at the end of 2015 to 2022, and vital rates of 2021.

    Columns ``code`` (two digits), ``name``, ``year``, ``residents`` (persons), ``urban_share`` (0 to 1), ``birth_rate``
    and ``death_rate`` (per person-year; not-a-number but in 2021). One vintage, revised after the census of 2020, whose
    counts at the end of 2020 stand up to 0.5 % off the census of November. Source: China Statistical Yearbook.
    """
    return _csv("provinces.csv").copy()


def yearbook_table() -> pd.DataFrame:
    """Return registered people and pupils of about 2,040 counties and some districts at the end of 2023.

    Columns ``code`` (of the unit of 2020), ``code_2023`` and ``name`` as printed, ``registered`` (persons, rounded to
    ten thousands; not-a-number where not printed), ``primary_pupils``, ``secondary_pupils`` (junior and senior, without
    vocational). A county that became a district or lost towns has another scope than in 2020. Source: China County
    Statistical Yearbook.
    """
    return _csv("counties_2023.csv").copy()


@cache
def _counties() -> pd.DataFrame:
    return pd.read_parquet(tables_folder() / "counties.parquet")


@cache
def _csv(name: str) -> pd.DataFrame:
    return pd.read_csv(tables_folder() / name, dtype={"place": str, "code": str, "code_2023": str})


def _why_missing(code: str, year: int) -> UnknownPlaceError | YearNotAvailableError:
    place = next((place for place in all_places() if place.code == code), None)
    if place is None:
        return unknown_place(code)
    if place.level != "county":
        return UnknownPlaceError(
            bilingual(
                f"{code} {place.name} is a {place.level}, not a county; resolve it to counties first",
                f"{code} {place.name} 不是县级；请先展开为各县",
            )
        )
    return year_not_available(place, year)
