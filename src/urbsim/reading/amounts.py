"""Amounts as people write them in tables: 1,234, １２３, 1.2万, 3.4亿元, 55.3 %, with their units.

What could mean two things is refused, and says so.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import NamedTuple

from urbsim.labels import bilingual
from urbsim.reading.marks import plain
from urbsim.reading.wording import quoted

#: Words of each kind of unit, and what one of them is in the unit itself.
_WORDS: Mapping[str, Mapping[str, float]] = {
    "persons": dict.fromkeys(("人", "名", "口", "person", "persons", "people"), 1.0),
    "persons/year": dict.fromkeys(("人", "人/年", "persons", "persons/year"), 1.0),
    "beds": dict.fromkeys(("张", "床", "个", "张床位", "bed", "beds"), 1.0),
    "places": dict.fromkeys(("个", "座", "学位", "个学位", "人", "place", "places"), 1.0),
    "posts": dict.fromkeys(("个", "人", "岗", "个岗位", "post", "posts", "persons"), 1.0),
    "dwellings": dict.fromkeys(("套", "户", "所", "dwelling", "dwellings", "households"), 1.0),
    "yuan": dict.fromkeys(("元", "人民币元", "yuan"), 1.0),
    "yuan/year": dict.fromkeys(("元", "元/年", "yuan", "yuan/year"), 1.0),
    "yuan/month": {
        **dict.fromkeys(("元/月", "元/人月", "元/人·月", "yuan/month"), 1.0),
        **dict.fromkeys(("元/年", "元/人年", "yuan/year"), 1.0 / 12.0),
    },
    "yuan/m2": dict.fromkeys(("元/平方米", "元/㎡", "元/m2", "yuan/m2"), 1.0),
    "share": {"%": 0.01, "百分比": 0.01, "percent": 0.01, "percentage": 0.01, "‰": 0.001, "share": 1.0, "比例": 1.0},
}
_LARGE: Mapping[str, float] = {
    "万亿": 1e12,
    "千亿": 1e11,
    "百亿": 1e10,
    "十亿": 1e9,
    "亿": 1e8,
    "千万": 1e7,
    "百万": 1e6,
    "十万": 1e5,
    "万": 1e4,
    "千": 1e3,
    "百": 1e2,
    "10,000": 1e4,
    "10000": 1e4,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "": 1.0,
}
_NUMBER = re.compile(r"(?P<number>[-+]?[0-9][0-9,'_ ]*(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?|[-+]?\.[0-9]+)\s*(?P<unit>.*)")
_GROUPED = re.compile(r"[-+]?[0-9]{1,3}([,'_ ])[0-9]{3}(?:\1[0-9]{3})*(?:\.[0-9]*)?")
_ABOUT = re.compile(r"^(?:约|大约|近|超|逾|~|≈|about |approx\.? )\s*|\s*(?:左右|上下|余|多)$")
#: What stands in a cell for a figure that is not there.
NOTHING = {"", "-", "--", "---", "/", "...", "…", "……", "无", "缺", "暂无", "不详", "na", "n/a", "nan", "null", "none"}


class AmountError(ValueError):
    """A text that is no amount, or could mean two; the text says why."""


class AmountRead(NamedTuple):
    """A number in the unit asked for; whether a unit was ``stated`` with it, and whether it is ``rough``."""

    value: float
    stated: bool
    rough: bool = False


def unit_factor(text: str, kind: str) -> float | None:
    """Return by what a number in a unit as written is multiplied to be in the unit ``kind``; None if it is another.

    ``万`` alone is ten thousand of it.
    """
    unit = re.sub(r"\s+", "", plain(text)).lower()
    words = {"": 1.0, kind.lower(): 1.0, **_WORDS.get(kind, {})}
    for large, times in _LARGE.items():
        if unit.startswith(large) and unit[len(large) :] in words:
            return times * words[unit[len(large) :]]
    return None


def amount_of(text: str, kind: str, heading: float | None = None) -> AmountRead:
    """Return the amount a text means in the unit ``kind``.

    Parameters
    ----------
    heading
        By what numbers of the column are multiplied, where its heading states a unit.

    Raises
    ------
    AmountError
        If it means none, or could mean several.
    """
    written = plain(text).strip()
    bare = _ABOUT.sub("", written)
    found = _NUMBER.fullmatch(bare.lstrip("¥￥$").strip())
    if found is None:
        raise AmountError(bilingual(f"{quoted(text)} is no number", f"{quoted(text)}不是数字"))
    number, unit = _plain_number(found["number"].strip(), text), found["unit"].strip()
    if re.match(r"[-~—至到]\s*[0-9]", unit):
        raise AmountError(bilingual(f"{quoted(text)} is a range", f"{quoted(text)}是一个区间"))
    factor = unit_factor(unit, kind) if unit else None
    if unit and factor is None:
        raise AmountError(
            bilingual(
                f"{quoted(text)} has the unit {quoted(unit)}, which is not of this figure",
                f"{quoted(text)}的单位是{quoted(unit)}，与该项数据不符",
            )
        )
    if factor is not None and factor != 1.0 and heading not in (None, 1.0) and not (unit == "%" and factor == heading):
        raise AmountError(
            bilingual(
                f"{quoted(text)} states a unit, and the heading of its column another one",
                f"{quoted(text)}写了单位，而列标题是另一个单位",
            )
        )
    times = factor if factor is not None and factor != 1.0 else (heading if heading is not None else 1.0)
    return AmountRead(number * times, bool(unit) or heading is not None, bare != written)


def _plain_number(number: str, text: str) -> float:
    if re.search(r"[,'_ ]", number):
        if not _GROUPED.fullmatch(number):
            raise AmountError(
                bilingual(
                    f"{quoted(text)} has marks of thousands in other places than every three digits",
                    f"{quoted(text)}的千分位符号没有隔三位一个",
                )
            )
        number = re.sub(r"[,'_ ]", "", number)
    value = float(number)
    if not math.isfinite(value):
        raise AmountError(bilingual(f"{quoted(text)} is no number that can be held", f"{quoted(text)}不是可以表示的数"))
    return value
