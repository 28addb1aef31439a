"""Figures known from elsewhere that the derived tables must reproduce, and totals printed by the census."""

from __future__ import annotations

import pandas as pd

from derivation.checks import Report

# Code, year, column (a name ending in _share is urban / residents), value: published with the census.
KNOWN_VALUES = (
    ("341282", 2010, "residents", 561_956),
    ("341282", 2010, "registered_printed", 785_417),
    ("341282", 2020, "residents", 650_870),
    ("341282", 2020, "seat_built_up", 207_420),
)
KNOWN_URBAN_SHARES = (
    ("341282", 2010, 38.22),
    ("341282", 2020, 47.40),
    ("140403", 2020, 86.05),
    ("140404", 2020, 46.07),
    ("140405", 2020, 47.52),
    ("140406", 2020, 59.22),
    ("140423", 2020, 53.66),
    ("140425", 2020, 32.91),
    ("140426", 2020, 46.48),
    ("140427", 2020, 38.73),
    ("140428", 2020, 34.97),
    ("140429", 2020, 35.84),
    ("140430", 2020, 44.59),
    ("140431", 2020, 48.71),
)


def check_known(counties: pd.DataFrame, report: Report) -> None:
    """Report every county in the tables whose figures differ from those published elsewhere."""
    table = counties.set_index(["code", "year"])
    for code, year, column, value in KNOWN_VALUES:
        if (code, year) not in table.index:
            continue
        found = table.loc[(code, year), column]
        if found != value:
            report.add(year, code, table.loc[(code, year), "name"], "known", f"{column} {found} not {value}", "kept")
    for code, year, percent in KNOWN_URBAN_SHARES:
        if (code, year) not in table.index:
            continue
        row = table.loc[(code, year)]
        found = round(100 * row["urban"] / row["residents"], 2)
        if abs(found - percent) > 0.011:
            report.add(year, code, row["name"], "known", f"urban {found} % not {percent} %", "kept")


def check_totals(counties: pd.DataFrame, raw: pd.DataFrame, year: int, names: dict[str, str], report: Report) -> None:
    """Report prefectures and provinces whose printed residents differ from the sum of their units."""
    heading = "合计" if year == 2010 else "人口数_合计"
    printed = raw.loc[raw["code"].str.fullmatch(r"\d{4}00"), ["code", heading]]
    units = counties[counties["year"] == year]
    for code, total in zip(printed["code"], printed[heading].astype(float), strict=True):
        short = code[:2] if code.endswith("0000") else code[:4]
        found = units.loc[units["code"].str.startswith(short), "residents"].sum()
        if short in names and found and found != total:
            problem = f"units hold {found:.0f} of {total:.0f} printed residents"
            report.add(year, code, names[short], "area_total", problem, "kept: units without a code are left out")


def check_ranges(counties: pd.DataFrame, shares: tuple[str, ...], report: Report) -> None:
    """Report duplicate codes and shares outside [0, 1]."""
    for row in counties[counties.duplicated(["code", "year"])].itertuples(index=False):
        report.add(row.year, row.code, row.name, "duplicate_code", "code printed twice", "kept")
    for share in shares:
        for row in counties[(counties[share] < 0) | (counties[share] > 1)].itertuples(index=False):
            problem = f"{share} = {getattr(row, share):.3f}"
            report.add(row.year, row.code, row.name, "share_range", problem, "kept")
