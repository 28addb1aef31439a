"""Registered people and pupils of counties at the end of 2023, from the China County Statistical Yearbook."""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd

from derivation.checks import Report
from derivation.matching import stem

HALF_OF_ROUNDING = 5_000  # registered people are printed in ten thousands
YEARS_SINCE_CENSUS = 3 + 2 / 12  # November 2020 to the end of 2023
FIRST_YEAR, LAST_YEAR = 2021, 2023


def county_yearbook(source: Path, units: pd.DataFrame, report: Report) -> pd.DataFrame:
    """Return one row per county of the yearbook that is a unit of 2020.

    ``code`` is that of the census of 2020, ``code_2023`` as printed; ``registered`` persons (not-a-number where not
    printed), ``primary_pupils``, ``secondary_pupils``. A row belongs to the unit of its province with the same name but
    for its last character (a county that became a city or district); its code decides only between several.
    """
    raw = pd.read_csv(
        source / "statistics" / "county_2023.csv", dtype={"code": str, "place": str}, encoding="utf-8-sig"
    )
    by_name: dict[tuple[str, str], list[str]] = {}
    for code, province, name in zip(units["code"], units["province"], units["name"], strict=True):
        by_name.setdefault((province, stem(name)), []).append(code)
    provinces = sorted(set(units["province"]), key=len, reverse=True)
    rows = []
    for row in raw.itertuples(index=False):
        province = next((each for each in provinces if row.place.startswith(each)), "")
        found = by_name.get((province, stem(row.place.removeprefix(province))), [])
        code = found[0] if len(found) == 1 else row.code if row.code in found else ""
        if not code:
            report.add(LAST_YEAR, row.code, row.place, "yearbook", "no unit of 2020 of this name", "left out")
            continue
        if code != row.code and row.code in set(units["code"]):
            report.add(
                LAST_YEAR,
                row.code,
                row.place,
                "yearbook",
                f"printed with the code of another unit, not {code}",
                "joined by name",
            )
        rows.append((code, row.code, row.place.removeprefix(province), row.registered_10k, *row[3:]))
    columns = ["code", "code_2023", "name", "registered", "primary_pupils", "secondary_pupils"]
    table = pd.DataFrame(rows, columns=columns).sort_values("code", ignore_index=True)
    table["registered"] = (table["registered"] * 10_000).round().astype("Int64")
    return table


def registered_at_census(yearbook: pd.DataFrame, source: Path) -> pd.DataFrame:
    """Return the bounds ``low`` and ``high`` of registered people in November 2020, by code.

    All numbers that are rounded to the printed one, carried back by natural growth: the country's of 2021 to 2023, and
    the province's distance from it in 2021 in all years. Transfers of registration in these years are ignored.
    """
    known = yearbook[yearbook["registered"].notna()]
    growth = _growth_since_census(source)
    back = known["code"].str[:2].map(growth).fillna(growth.mean()).map(lambda rate: math.exp(-rate))
    printed = known["registered"].astype(float)
    return pd.DataFrame(
        {
            "low": (printed - HALF_OF_ROUNDING).to_numpy() * back.to_numpy(),
            "high": (printed + HALF_OF_ROUNDING).to_numpy() * back.to_numpy(),
        },
        index=known["code"],
    )


def _growth_since_census(source: Path) -> pd.Series:
    """Return natural growth from the census to the end of 2023 in logs, by two-digit province."""
    national = pd.read_csv(source / "statistics" / "national.csv", dtype=str)
    rates = {
        name: national[national["indicator"] == f"crude {name} rate"].set_index("year") for name in ("birth", "death")
    }
    yearly = {
        year: (float(rates["birth"].loc[str(year), "value"]) - float(rates["death"].loc[str(year), "value"])) / 1000
        for year in range(FIRST_YEAR, LAST_YEAR + 1)
    }
    provinces = pd.read_csv(source / "statistics" / "provinces_vital_2021.csv", dtype={"code": str})
    own = (provinces["births_per_1000"] - provinces["deaths_per_1000"]) / 1000 - yearly[FIRST_YEAR]
    own.index = pd.Index(provinces["code"].str[:2])
    return sum(yearly.values()) + own * YEARS_SINCE_CENSUS
