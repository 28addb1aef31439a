"""Residents, urban share and vital rates of provinces by year, in plain units."""

from __future__ import annotations

from pathlib import Path

import pandas as pd


def provinces_by_year(source: Path) -> pd.DataFrame:
    """Return one row per province (two digits) and year.

    ``residents`` (persons) and ``urban_share`` (0 to 1) at the end of the year; ``birth_rate`` and ``death_rate`` (per
    person-year), not-a-number in years without them.
    """
    table = pd.read_csv(source / "statistics" / "provinces.csv", dtype={"code": str})
    vital = pd.read_csv(source / "statistics" / "provinces_vital_2021.csv", dtype={"code": str}).assign(year=2021)
    table = table.merge(vital.drop(columns="place"), on=["code", "year"], how="left", validate="one_to_one")
    frame = pd.DataFrame(
        {
            "code": table["code"].str[:2],
            "name": table["place"],
            "year": table["year"],
            "residents": (table["residents_10k"] * 10_000).round().astype(int),
            "urban_share": (table["urban_share_percent"] / 100).round(6),
            "birth_rate": (table["births_per_1000"] / 1000).round(6),
            "death_rate": (table["deaths_per_1000"] / 1000).round(6),
        }
    )
    return frame.sort_values(["code", "year"], ignore_index=True)
