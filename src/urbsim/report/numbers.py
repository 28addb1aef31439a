"""Numbers as people read them: percent and points, thousands, millions of yuan; in Chinese 万人 and 亿元."""

from __future__ import annotations

import math
from dataclasses import dataclass

from urbsim.labels import MISSING, Label, Language, decimal
from urbsim.observation.indicators import INDICATORS
from urbsim.observation.measures import GroupMeasure
from urbsim.units import unit_label

_MILLION = Label("million", "百万")
_MILLION_YUAN, _WAN_YUAN, _YI_YUAN = (Label("million yuan", chinese) for chinese in ("百万元", "万元", "亿元"))
_WAN, _YI = 1e4, 1e8


@dataclass(frozen=True, slots=True)
class Format:
    """How the values of one indicator are shown: multiplied, rounded, and named with a unit."""

    factor: float
    decimals: int
    unit: Label
    difference_unit: Label

    def value(self, number: float) -> str:
        """Return a value as text, with thousands separated."""
        return decimal(number * self.factor, self.decimals)

    def difference(self, number: float) -> str:
        """Return a difference as text, with a sign and one decimal more than a value that has any."""
        if math.isnan(number):
            return MISSING
        decimals = min(self.decimals + 1, 3) if self.decimals else 0
        text = f"{number * self.factor:+,.{decimals}f}".replace("-", "−")
        return text if text.strip("+−0.,") else "0"

    def interval(self, low: float, high: float, *, difference: bool = False) -> str:
        """Return an interval as ``[low, high]``, or nothing where there is none."""
        if math.isnan(low) or math.isnan(high):
            return ""
        show = self.difference if difference else self.value
        return f"[{show(low)}, {show(high)}]"


def format_of(indicator: str, largest: float, language: Language) -> Format:
    """Return the format of an indicator; ``largest`` is the largest magnitude shown beside it.

    In Chinese many people are counted in 万 and much money in 万 and 亿.

    Raises
    ------
    KeyError
        If there is no such indicator.
    """
    known = INDICATORS[indicator]
    unit = unit_label(known.unit)
    if known.percent:
        return Format(100.0, 1, Label("%", "%"), unit_label("percentage points"))
    if language == "zh" and (form := _in_wan(unit, largest)):
        return form
    if "yuan" in known.unit and largest >= 1e6:
        millions = Label(f"{_MILLION.en} {unit.en}", f"{_MILLION.zh}{unit.zh}")
        return Format(1e-6, 1, millions, millions)
    return Format(1.0, _decimals(largest), unit, unit)


def _in_wan(unit: Label, largest: float) -> Format | None:
    """Return the format of many people or much money in Chinese: 65.09 万人, 48.80 亿元, 1,234 万元."""
    counted = unit.zh.split("/")[0]
    for least, factor, decimals, mark, of in (
        (1e8, 1e-8, 2, "亿", "元"),
        (1e6, 1e-4, 0, "万", "元"),
        (1e5, 1e-4, 2, "万", "人"),
    ):
        if counted == of and largest >= least:
            shown = Label(unit.en, f"{mark}{unit.zh}")
            return Format(factor, decimals, shown, shown)
    return None


def money_format(largest: float, language: Language) -> Format:
    """Return the format of yuan that a table or chart shows: million yuan, in Chinese 万元 or, from one on, 亿元."""
    if language == "en":
        return Format(1e-6, 1, _MILLION_YUAN, _MILLION_YUAN)
    if abs(largest) >= _YI:
        return Format(1 / _YI, 2, _YI_YUAN, _YI_YUAN)
    return Format(1 / _WAN, 1, _WAN_YUAN, _WAN_YUAN)


def money(yuan: float, language: Language) -> str:
    """Return an amount within a sentence: million and billion yuan, 万元 and 亿元."""
    steps = ((_YI, "亿元"), (_WAN, "万元"), (1.0, "元"))
    if language == "en":
        steps = ((1e9, " billion yuan"), (1e6, " million yuan"), (1.0, " yuan"))
    size, unit = next((step for step in steps if abs(yuan) >= step[0]), steps[-1])
    return f"{figures(yuan / size) if yuan else 0}{unit}"


def figures(number: float) -> str:
    """Return a number with three significant figures, thousands separated."""
    if not math.isfinite(number):
        return MISSING
    whole = math.floor(math.log10(abs(number))) if number else 0
    return decimal(round(number, 2 - whole), max(0, min(2 - whole, 4)))


def share_text(share: float) -> str:
    """Return a share in per cent, which is 0 or 100 only where it is nothing or all."""
    for decimals in (0, 1):
        said = f"{share:.{decimals}%}"
        if share in (0.0, 1.0) or float(said.removesuffix("%")) not in (0.0, 100.0):
            return said
    return "<0.1%" if share < 0.5 else ">99.9%"


def people_format(largest: float, language: Language) -> Format:
    """Return the format of an axis of people: persons, in Chinese 万人 from ten thousand on."""
    unit = unit_label("persons")
    if language == "zh" and largest >= _WAN:
        unit = Label(unit.en, f"万{unit.zh}")
        return Format(1 / _WAN, 2, unit, unit)
    return Format(1.0, 0, unit, unit)


def measure_format(measure: GroupMeasure, largest: float, language: Language) -> Format:
    """Return the format of what is said of groups; ``largest`` is the largest magnitude shown beside it."""
    if measure.percent:
        return Format(100.0, 1, Label("%", "%"), unit_label("percentage points"))
    unit = unit_label(measure.unit)
    if language == "zh" and (form := _in_wan(unit, largest)):
        return form
    return Format(1.0, _decimals(largest), unit, unit)


def _decimals(largest: float) -> int:
    if largest >= 1000:
        return 0
    return 1 if largest >= 100 else 3
