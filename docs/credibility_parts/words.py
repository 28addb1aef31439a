"""What the parts of the credibility page have in common: stored tables, tables in Markdown, words in both languages."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd

from urbsim.evidence.rows import UNITS as OUTCOME_UNITS
from urbsim.labels import Label, bilingual, spoken
from urbsim.observation.indicators import INDICATORS
from urbsim.region.places import all_places
from urbsim.units import UNITS

DOCS = Path(__file__).resolve().parents[1]


STORED = DOCS.parent / "calibration"


IMAGES = DOCS / "images" / "credibility"


SETS = {
    "held_out": Label("held-out provinces", "留出的省"),
    "second_test": Label("second test: provinces whose 2020 came last", "第二次检验：2020年数据最后得到的省"),
    "cross_validated": Label("other provinces, each left out in turn", "其他省，轮流留出"),
}


#: What stands in the stored tables, in both languages.
STORED_WORDS = {
    label.en: label
    for label in (
        Label("no change", "不变"),
        Label("mean shift", "平均变化"),
        Label("quadratic in the starting level", "起始水平的二次式"),
        Label("regression on 2010 columns", "对2010年各项指标的回归"),
        Label("pace of 2015-20 kept", "保持2015—2020年的速度"),
        Label("logistic trend of 2015-20", "2015—2020年的逻辑斯蒂趋势"),
        Label("mean change, as it came", "实际的平均变化"),
        Label("county", "县和县级市"),
        Label("district", "市辖区"),
        Label("fit", "拟合"),
        Label("test", "检验"),
        Label("expectation", "预期"),
        Label("pass", "通过"),
        Label("FAIL", "**未通过**"),
        Label("unclear", "不明确"),
        Label("not modelled", "未纳入模型"),
        Label("240 training counties", "240个训练县"),
        Label("Jieshou", "界首"),
        Label("Zhangzi", "长子"),
        Label("100 x log ratio", "100×对数比"),
        Label("per 100 residents", "每百名常住人口"),
        Label("per 100 households", "每百户"),
        Label("per 100 of urban growth", "占城镇增长的百分比"),
        Label("per 100 outgoing", "每百名外出农民工"),
    )
}


TO = Label("to", "至")


def stored_table(*names: str, index: str | None = None) -> pd.DataFrame:
    """Return a stored table, codes as text."""
    return pd.read_csv(STORED.joinpath(*names), dtype={"code": str, "province": str}, index_col=index)


def table_of(headings: list[str], rows: list[list[str]]) -> str:
    """Return a table in Markdown."""
    right = ["---", *["---:"] * (len(headings) - 1)]
    return "\n".join("| " + " | ".join(row) + " |" for row in (headings, right, *rows))


def place_name(code: str) -> str:
    """Return what a place is called."""
    place = next(place for place in all_places() if place.code == code)
    return bilingual(f"{place.short_pinyin.capitalize()} {place.short_name}", place.short_name)


def lines_of(english: list[str], chinese: list[str]) -> list[str]:
    """Return the lines of a paragraph in the language of the page."""
    return chinese if spoken() == "zh" else english


def word_of(text: str) -> str:
    """Return what a stored table says, in the language of the page; figures and what is not known as they are."""
    words = _words()
    return str(words[text]) if text in words else text


@cache
def _words() -> dict[str, Label]:
    from urbsim.validation.run import STUDIES

    found = [study.title for study in STUDIES]
    found += [label for study in STUDIES for outcome in study.outcomes for label in (outcome.label, outcome.published)]
    return STORED_WORDS | {label.en: label for label in (*found, *OUTCOME_UNITS.values())}


def outcome_name(name: str) -> str:
    """Return what an outcome is called."""
    return bilingual(name.replace("_", " "), INDICATORS[name].label.zh)


def unit_of(unit: str) -> str:
    """Return a unit in the language of the page.

    Raises
    ------
    KeyError
        If it has no Chinese name.
    """
    return bilingual(unit, (UNITS[unit] if unit in UNITS else _words()[unit]).zh)
