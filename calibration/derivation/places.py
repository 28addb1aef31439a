"""The list of places that can be simulated: counties, and the prefectures and provinces they add up to."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd

from derivation.locations import add_locations
from derivation.romanization import romanized, short_name

COLUMNS = (
    "code",
    "name",
    "short_name",
    "pinyin",
    "short_pinyin",
    "level",
    "parent",
    "years",
    "residents_2010",
    "residents_2020",
    "code_other_year",
    "longitude",
    "latitude",
    "area_km2",
    "located_by",
)
_COUNTED = COLUMNS[:11]


def places_table(counties: pd.DataFrame) -> pd.DataFrame:
    """Return one row per county, prefecture and province, in order of code; residents are sums of counties.

    ``code_other_year`` is of counties of one census only: the code(s) of their territory in the other, joined by +.
    Where they lie is added by ``locations.add_locations``.
    """
    latest = counties.sort_values("year").drop_duplicates("code", keep="last")
    names = {
        code[:4]: prefecture
        for code, prefecture, province in zip(latest["code"], latest["prefecture"], latest["province"], strict=True)
        if prefecture != province
    }
    frame = counties[["code", "year", "name", "residents"]].copy()
    frame["prefecture"] = frame["code"].str[:4].where(frame["code"].str[:4].isin(names))
    frame["province"] = frame["code"].str[:2]
    rows = [
        *_rows(frame, "code", "county", dict(zip(latest["code"], latest["name"], strict=True)), names),
        *_rows(frame[frame["prefecture"].notna()], "prefecture", "prefecture", names, names),
        *_rows(
            frame, "province", "province", dict(zip(latest["code"].str[:2], latest["province"], strict=True)), names
        ),
    ]
    table = pd.DataFrame(rows, columns=list(_COUNTED)).sort_values("code").reset_index(drop=True)
    once = counties[~counties["code"].duplicated(keep=False)]
    table["code_other_year"] = (
        table["code"].map(dict(zip(once["code"], once["code_other_year"], strict=True))).fillna("")
    )
    return add_locations(table, counties)


def _rows(
    frame: pd.DataFrame, key: str, level: str, names: dict[str, str], prefectures: dict[str, str]
) -> list[dict[str, object]]:
    residents = frame.pivot_table(index=key, columns="year", values="residents", aggfunc="sum")
    rows: list[dict[str, object]] = []
    for code, *by_year in residents.itertuples():
        present = {year: count for year, count in zip(residents.columns, by_year, strict=True) if count > 0}
        parent = "" if level == "province" else code[:2]
        if level == "county" and code[:4] in prefectures:
            parent = code[:4]
        name = names[code]
        rows.append(
            {
                "code": code,
                "name": name,
                "short_name": short_name(name),
                "pinyin": romanized(name),
                "short_pinyin": romanized(short_name(name)),
                "level": level,
                "parent": parent,
                "years": ";".join(str(year) for year in present),
                **{f"residents_{year}": f"{count:.0f}" for year, count in present.items()},
            }
        )
    return rows


def write_places(table: pd.DataFrame, path: Path) -> None:
    """Write the list as plain CSV; a year without figures stays blank."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(table.astype(object).fillna("").to_dict("records"))
