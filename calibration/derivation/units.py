"""Reading the two census files: which rows are county-level units, and their values in English columns."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pandas as pd

from derivation.checks import Report
from derivation.values import unit_values
from derivation.zones import with_codes

CODE_HEADING = "区划代码"
NAME_HEADING = {2010: "地区", 2020: "区县"}
CHINESE = r"[\u4e00-\u9fff]+"  # the 2010 file ends with a line of text that is no place
SUBTOTALS = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划", "全国"}
MUNICIPALITIES = {"11", "12", "31", "50"}
# Set once by eye: the second digit pair of units directly under a province, and of zones without a GB/T code.
DIRECT_PREFECTURE_DIGITS = "90"
ZONE_SUFFIXES = range(71, 81)

UNUSUAL_UNITS = {
    "development_zone": "development zone with a statistical code, not a GB/T 2260 division",
    "prefecture_without_counties": "prefecture-level city without counties or districts, taken as one unit",
}

# Spelt wrongly in the source: 巿 (fu, a knee cloth) for 市 (city), and 狮河 for 浉河.
SPELLING = {"巿": "市", "狮河区": "浉河区", "班嘎县": "班戈县", "芒崖行委": "茫崖行委"}


# 2010: the figures of Yining city (伊宁市) stand in the row of Kuytun (奎屯市), and the other way round.
SWAPPED_ROWS = {2010: (("654002", "654003"),)}


def read_census(source: Path, year: int) -> pd.DataFrame:
    """Return the raw file of one census as text, headings and names tidied, one row per printed row."""
    raw = pd.read_csv(source / "census" / f"county_{year}.csv", dtype=str, encoding="utf-8-sig")
    raw.columns = pd.Index([unicodedata.normalize("NFKC", heading).strip() for heading in raw.columns])
    raw["code"] = raw[CODE_HEADING].fillna("").str.strip()
    raw["name"] = raw[NAME_HEADING[year]].fillna("").map(tidy_name)
    for pair in SWAPPED_ROWS.get(year, ()):
        first, second = (raw.index[raw["code"] == code] for code in pair)
        if len(first) == len(second) == 1:
            raw.loc[[first[0], second[0]], ["code", "name"]] = raw.loc[
                [second[0], first[0]], ["code", "name"]
            ].to_numpy()
    return raw


def tidy_name(name: str) -> str:
    """Return a place name without blanks and with known misspellings corrected."""
    name = re.sub(r"\s", "", name)
    for wrong, right in SPELLING.items():
        name = name.replace(wrong, right)
    return name


def kind_of(code: str, name: str) -> str:
    """Return `city`, `district` or `county` for a county-level unit, following its printed name."""
    if name.endswith("市"):
        return "city"
    if name.endswith(("特区", "林区")) and code[2:4] in {"02", "90"}:
        return "county"  # 六枝特区 and 神农架林区 rank as counties
    return "district" if name.endswith(("区", "管委会")) else "county"


def prefecture_names(raw: pd.DataFrame) -> dict[str, str]:
    """Return the names of provinces (2-digit code) and prefectures (4-digit code) printed in one census."""
    coded = raw[raw["code"].str.fullmatch(r"\d{4}00")]
    names: dict[str, str] = {}
    for code, name in zip(coded["code"], coded["name"], strict=True):
        if code.endswith("0000"):
            names[code[:2]] = name
        elif name not in SUBTOTALS:
            names[code[:4]] = name
    return names


def is_unit(raw: pd.DataFrame) -> pd.Series:
    """Tell which rows are county-level units.

    Prefecture-level cities without counties or districts (东莞, 中山, 儋州, ...) count as one unit, because
    nothing below them exists.
    """
    code = raw["code"]
    plain = code.str.fullmatch(r"\d{6}") & ~code.str.endswith("00")
    parents = set(code[plain].str[:4])
    childless = (
        code.str.fullmatch(r"\d{4}00")
        & ~code.str.endswith("0000")
        & ~code.str[:4].isin(parents)
        & ~raw["name"].isin(SUBTOTALS)
    )
    return plain | childless


def county_units(raw: pd.DataFrame, year: int, report: Report) -> pd.DataFrame:
    """Return one row per county-level unit with the columns that come straight from the census."""
    names = prefecture_names(raw)
    raw = with_codes(raw, year, report)
    keep = is_unit(raw) & raw["code"].str[:2].isin(names.keys())
    for code, name in raw.loc[~keep & ~raw["code"].str.endswith("00"), ["code", "name"]].itertuples(index=False):
        if re.fullmatch(CHINESE, name) and name not in SUBTOTALS:
            problem = "code names no province of the census" if code else "row without a division code"
            report.add(year, code, name, "not_a_unit", problem, "left out")
    units = raw[keep].reset_index(drop=True)
    identity = pd.DataFrame(
        {
            "code": units["code"],
            "year": year,
            "province": units["code"].str[:2].map(names),
            "prefecture": [prefecture_of(code, names) for code in units["code"]],
            "name": units["name"],
            "kind": [kind_of(c, n) for c, n in zip(units["code"], units["name"], strict=True)],
            "quality": "",
        }
    )
    zones = identity["code"].str[-2:].astype(int).isin(ZONE_SUFFIXES)
    identity.loc[zones, "quality"] = "development_zone"
    identity.loc[identity["code"].str.endswith("00"), "quality"] = "prefecture_without_counties"
    for flag, meaning in UNUSUAL_UNITS.items():
        for row in identity[identity["quality"] == flag].itertuples(index=False):
            report.add(year, row.code, row.name, flag, meaning, "kept, flagged")
    return without_long_form(unit_values(identity, units, year, report), report)


def without_long_form(units: pd.DataFrame, report: Report) -> pd.DataFrame:
    """Return the units that have a long form; the model cannot start without jobs and dwellings."""
    missing = units["employed_share"].isna() | units["children_ever_born"].isna()
    for row in units[missing].itertuples(index=False):
        report.add(row.year, row.code, row.name, "long_form", "no long-form figures", "left out")
    return units[~missing].reset_index(drop=True)


def prefecture_of(code: str, names: dict[str, str]) -> str:
    """Return the prefecture's name; the province's for units directly under a province."""
    if code[:2] in MUNICIPALITIES or code[2:4] == DIRECT_PREFECTURE_DIGITS:
        return names[code[:2]]
    return names.get(code[:4], names[code[:2]])
