"""Fertility and mortality of China, from World Population Prospects 2024, in the units the model uses."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

FIRST_YEAR, LAST_YEAR = 2005, 2050


def fertility(source: Path) -> pd.DataFrame:
    """Return births per woman-year by year, variant and five-year age band.

    Rates are total fertility times the band's share of it, spread over the band's five years.
    """
    totals = pd.read_csv(source / "demography" / "tfr.csv")
    pattern = pd.read_csv(source / "demography" / "asfr_pattern.csv")
    pattern["share"] = pattern["percent_asfr"] / pattern.groupby("year")["percent_asfr"].transform("sum")
    table = totals.merge(pattern, on="year")
    table = table[table["year"].between(FIRST_YEAR, LAST_YEAR)]
    table = table.rename(columns={"age": "age_band"})
    table["age"] = table["age_band"].str.split("-").str[0].astype(int)
    table["asfr"] = (table["tfr"] * table["share"] / 5).round(8)
    table["share"] = table["share"].round(8)
    columns = ["year", "variant", "age", "age_band", "tfr", "share", "asfr"]
    return table.sort_values(["year", "variant", "age"])[columns].reset_index(drop=True)


def mortality(source: Path) -> pd.DataFrame:
    """Return deaths per person-year by first year of a five-year period, sex and first age of the interval."""
    table = pd.read_csv(source / "demography" / "mx.csv", dtype={"age": str})
    table["period_start"] = table["period"].str[:4].astype(int)
    table["age"] = table["age"].str.rstrip("+").astype(int)
    table = table[table["period_start"].between(FIRST_YEAR, LAST_YEAR)]
    return table.sort_values(["period_start", "sex", "age"])[["period_start", "sex", "age", "mx"]]
