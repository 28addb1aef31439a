"""Hold a run of all of China against what was published since: the nation and the provinces, year by year.

    urbsim run scenarios/china/baseline.yaml --draws 0 -o RUN_DIR
    python scenarios/china/published.py RUN_DIR             # prints the tables, writes RUN_DIR/published.csv
    python scenarios/china/published.py RUN_DIR --readme    # and renews the tables of README.md and README.zh.md

``published.csv`` has a row per place (``CN`` or a province), year and indicator: published, simulated at the end of the
same December (median over runs, and their 10 to 90 % range where there are several), and the difference of the median.
Published counts of the nation include about two million soldiers, who are in no province and in no county table; what
compares is the change since the end of 2020. Provinces' figures of 2021 fitted what is expected of provinces, the
nation's urban share of 2021, 2022 and 2025 the period effect, its births and deaths of 2021 to 2024 their factors;
provinces' figures of 2022 and the nation's residents from 2022 on fitted nothing.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from urbsim.experiment.comparison import interval
from urbsim.region.places import COUNTRY, places_by_code
from urbsim.region.tables import provinces_table, series_table

FOLDER = Path(__file__).parent
FIRST, TESTED, LAST = 2020, 2022, 2035
#: Per 1,000 residents and year; the others are persons and shares.
_RATES = {"birth_rate": "births", "death_rate": "deaths"}
_NATIONAL = ("residents", "urbanization_rate", "registered_urbanization_rate", *_RATES)
_KEYS = ["place", "year", "indicator"]
_BEGIN, _END = "<!-- written by published.py -->", "<!-- end -->"

HEADINGS = {
    "nation": {
        "en": "year | residents, million | since 2020, million | urban share, % | registered, % | births per 1,000 | "
        "deaths per 1,000",
        "zh": "年份 | 常住人口（百万） | 较2020年（百万） | 城镇化率（%） | 户籍人口城镇化率（%） | 出生率（‰） | "
        "死亡率（‰）",
    },
    "provinces": {
        "en": "province | urban share {year}, % | residents {first} to {year}, % | urban share {last}, % | residents "
        "{year} to {last}, %",
        "zh": "省份 | {year}年城镇化率（%） | {first}至{year}年常住人口（%） | {last}年城镇化率（%） | "
        "{year}至{last}年常住人口（%）",
    },
}
SENTENCES = {
    "run": {
        "en": "Run of {day}, scale {scale:g}, {runs} {draws}. Each cell: published / simulated at the year's end.",
        "zh": "{day}的模拟，抽样比例{scale:g}，{runs}次（{draws}）。各格：公布值／年末模拟值。",
    },
    "errors": {
        "en": "Mean absolute error over provinces, {year}: urban share {share:.2f} points (no change since 2020: "
        "{share_kept:.2f}), change of residents since {first} {residents:.2f} % (no change: {residents_kept:.2f}).",
        "zh": "{year}年各省平均绝对误差：城镇化率{share:.2f}个百分点（若2020年后不变：{share_kept:.2f}），"
        "{first}年以来常住人口变化{residents:.2f}%（若不变：{residents_kept:.2f}）。",
    },
}
DRAWS = {
    "en": ("at the middle of the posterior", "draws of the posterior, medians"),
    "zh": ("后验中间值", "后验抽样，中位数"),
}


def published() -> pd.DataFrame:
    """Return what was published of the nation and the provinces from 2020 on: place, year, indicator, published."""
    nation = series_table().rename(columns={"value": "published"})
    nation = nation[(nation["place"] == COUNTRY) & nation["indicator"].isin(list(_NATIONAL))]
    wide = provinces_table().rename(columns={"code": "place", "urban_share": "urbanization_rate"})
    names = ["residents", "urbanization_rate", *_RATES]
    provinces = wide.melt(["place", "year"], names, "indicator", "published")
    everything = pd.concat([nation[[*_KEYS, "published"]], provinces[[*_KEYS, "published"]]], ignore_index=True)
    return everything[everything["year"] >= FIRST].dropna()


def simulated(series: pd.DataFrame) -> pd.DataFrame:
    """Return the year-ends of the nation and the provinces: place, year, indicator, median, low, high."""
    provinces = {code for code, place in places_by_code().items() if place.level == "province"}
    text = series.astype({"place": str, "month": str, "indicator": str})
    whole = next(place for place in text["place"].unique() if not place.isdecimal())
    chosen = text[text["place"].isin([*provinces, whole]) & text["month"].str.endswith("-12")]
    chosen = chosen.assign(place=chosen["place"].replace(whole, COUNTRY), year=chosen["month"].str[:4].astype(int))
    runs = chosen.pivot_table(index=["place", "year", "draw", "replicate"], columns="indicator", values="value")
    for rate, count in _RATES.items():
        runs[rate] = runs[count] / runs["residents"]
    values = pd.Series(runs[list(_NATIONAL)].stack(), name="median")
    by_year = values.groupby(level=["place", "year", "indicator"])
    return pd.concat([by_year.median(), interval(by_year)], axis=1).reset_index()


def compared(series: pd.DataFrame) -> pd.DataFrame:
    """Return published figures beside simulated ones; years of which nothing is published have no ``published``."""
    table = simulated(series).merge(published(), on=_KEYS, how="left")
    table["difference"] = table["median"] - table["published"]
    known = places_by_code()
    table.insert(1, "name", [known[code].name for code in table["place"]])
    return table[["place", "name", "year", "indicator", "published", "median", "low", "high", "difference"]]


def errors(table: pd.DataFrame, year: int) -> dict[str, float]:
    """Return mean absolute errors over provinces of a year: urban share in points, change of residents in per cent.

    Beside them those of no change since the end of 2020.
    """
    one = table[table["place"] != COUNTRY].set_index(_KEYS)
    then, now = (one.xs(each, level="year") for each in (FIRST, year))
    share, first_share = (each.xs("urbanization_rate", level="indicator") for each in (now, then))
    people, first_people = (each.xs("residents", level="indicator") for each in (now, then))
    growth = people["published"] / first_people["published"] - 1.0
    return {
        "share": 100.0 * (share["median"] - share["published"]).abs().mean(),
        "share_kept": 100.0 * (first_share["published"] - share["published"]).abs().mean(),
        "residents": 100.0 * (people["median"] / first_people["median"] - 1.0 - growth).abs().mean(),
        "residents_kept": 100.0 * growth.abs().mean(),
    }


def nation_rows(table: pd.DataFrame) -> Iterator[list[str]]:
    """Yield the cells of every year with anything published, and of the last."""
    nation = table[table["place"] == COUNTRY].set_index(["year", "indicator"])[["published", "median"]]
    first = nation.loc[FIRST, "residents"]
    for year in sorted({*nation["published"].dropna().index.get_level_values("year"), LAST}):
        if year not in nation.index.get_level_values("year"):
            continue
        people = nation.loc[year, "residents"]
        yield [
            str(year),
            _pair(people / 1e6, 1),
            _pair((people - first) / 1e6, 2, sign="+"),
            *(_pair(nation.loc[year, name] * 100.0, 2) for name in _NATIONAL[1:3]),
            *(_pair(nation.loc[year, name] * 1000.0, 2) for name in _RATES),
        ]


def province_rows(table: pd.DataFrame, language: str) -> Iterator[list[str]]:
    """Yield the cells of every province."""
    one = (
        table[table["place"] != COUNTRY].set_index(["place", "indicator", "year"])[["published", "median"]].sort_index()
    )
    last = max(one.index.get_level_values("year"))
    for code in dict.fromkeys(one.index.get_level_values("place")):
        share, people = one.loc[code, "urbanization_rate"], one.loc[code, "residents"]
        place = places_by_code()[code]
        yield [
            place.short_name if language == "zh" else place.short_pinyin.capitalize(),
            _pair(share.loc[TESTED] * 100.0, 1),
            _pair((people.loc[TESTED] / people.loc[FIRST] - 1.0) * 100.0, 2, sign="+"),
            _number(share.loc[last, "median"] * 100.0, 1),
            _number((people.loc[last, "median"] / people.loc[TESTED, "median"] - 1.0) * 100.0, 1, sign="+"),
        ]


def _pair(values: pd.Series, decimals: int, sign: str = "") -> str:
    return " / ".join(_number(float(values[name]), decimals, sign) for name in ("published", "median"))


def _number(value: float, decimals: int, sign: str = "") -> str:
    return "–" if pd.isna(value) else f"{value:{sign}.{decimals}f}"


def markdown(table: pd.DataFrame, record: dict[str, Any], language: str) -> str:
    """Return both tables in a language, with what run they are of and the mean errors."""
    settings = record["settings"]
    draws = int(settings["draws"])
    said = SENTENCES["run"][language].format(
        day=record["finished"][:10],
        scale=settings["scale"],
        runs=max(draws, 1) * int(settings["replicates"]),
        draws=DRAWS[language][draws > 0],
    )
    years = [year for year in (TESTED - 1, TESTED) if year in set(table["year"])]
    found = [SENTENCES["errors"][language].format(year=year, first=FIRST, **errors(table, year)) for year in years]
    last = int(table["year"].max())
    heading = HEADINGS["provinces"][language].format(year=TESTED, first=FIRST, last=last)
    nation = _table(HEADINGS["nation"][language], nation_rows(table))
    return "\n\n".join([said, nation, _table(heading, province_rows(table, language)), *found])


def _table(heading: str, rows: Iterator[Sequence[str]]) -> str:
    lines = [f"| {heading} |", "|" + "---|" * (heading.count(" | ") + 1)]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def renew(readme: Path, text: str) -> None:
    """Put the tables between the marks of a file."""
    before, rest = readme.read_text(encoding="utf-8").split(_BEGIN)
    after = rest.split(_END)[1]
    readme.write_text(f"{before}{_BEGIN}\n\n{text}\n\n{_END}{after}", encoding="utf-8")


def main() -> None:
    """Print the tables of a run folder, write ``published.csv`` there and, if asked to, renew the readme."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path, metavar="RUN_DIR")
    parser.add_argument("--readme", action="store_true", help="renew the tables of README.md and README.zh.md")
    options = parser.parse_args()
    record = json.loads((options.run / "manifest.json").read_text(encoding="utf-8"))
    table = compared(pd.read_parquet(options.run / "series.parquet"))
    table.to_csv(options.run / "published.csv", index=False, lineterminator="\n")
    print(markdown(table, record, "en"))
    for language, name in (("en", "README.md"), ("zh", "README.zh.md")) if options.readme else ():
        renew(FOLDER / name, markdown(table, record, language))


if __name__ == "__main__":
    main()
