"""Numbers in the middle of a sentence: people, money and shares as each language says them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from urbsim.labels import Language, decimal
from urbsim.observation.indicators import INDICATORS
from urbsim.report.numbers import Format, figures, format_of, money

#: Of how many plans the sentences speak.
MOST_PLANS = 3
_WAN = 1e4
_PEOPLE = "persons"


def level(indicator: str, number: float, language: Language) -> str:
    """Return a value of an indicator with its unit."""
    return _said(indicator, number, language, signed=False)


def change(indicator: str, number: float, language: Language) -> str:
    """Return a difference of an indicator with its sign and unit."""
    return _said(indicator, number, language, signed=True)


def interval(indicator: str, low: float, high: float, language: Language, *, signed: bool) -> str:
    """Return an interval with a space before it, empty where there is none; ends in 万 or millions name their unit."""
    if math.isnan(low) or math.isnan(high):
        return ""
    largest, unit = max(abs(low), abs(high)), INDICATORS[indicator].unit
    if largest >= _WAN and (unit.startswith("yuan") or (unit == _PEOPLE and language == "zh")):
        ends = (_said(indicator, end, language, signed=signed) for end in (low, high))
        return f" [{', '.join(ends)}]"
    return f" {_form(indicator, largest, language).interval(low, high, difference=signed)}"


def _form(indicator: str, largest: float, language: Language) -> Format:
    """Return the format of a number in a sentence: people are whole, and other counts have three figures or so."""
    form = format_of(indicator, largest, language)
    if form.decimals == 1 and form.factor == 1.0:
        return replace(form, decimals=0)
    return replace(form, decimals=2) if form.decimals == 3 and largest >= 1.0 else form


def _said(indicator: str, number: float, language: Language, *, signed: bool) -> str:
    unit = INDICATORS[indicator].unit
    plus = "+" if signed and number > 0 else ""
    if unit.startswith("yuan") and abs(number) >= _WAN:
        return f"{plus}{money(number, language)}"
    form = format_of(indicator, abs(number), language)
    percent = form.difference(number) if signed else form.value(number)
    text = percent if INDICATORS[indicator].percent else f"{plus}{figures(number)}"
    if unit == _PEOPLE:
        whole = f"{plus}{decimal(number, 0)}"
        if language == "zh":
            return f"{plus}{figures(number / _WAN)}万人" if abs(number) >= _WAN else f"{whole}人"
        return f"{whole} people"
    named = (form.difference_unit if signed else form.unit).in_language(language)
    if named in {"", "1"} or form.unit.en == "ratio":
        return text
    return f"{text}{named}" if language == "zh" or named == "%" else f"{text} {named}"


def quoted(name: str, language: Language) -> str:
    """Return the name of a scenario in quotes."""
    return f"“{name}”" if language == "zh" else f"'{name}'"


def listed(parts: list[str], language: Language) -> str:
    """Return parts of a sentence with commas between them and 'and' before the last."""
    if language == "zh":
        return "、".join(parts)
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def following(said: Sequence[str], language: Language) -> str:
    """Return sentences one after the other."""
    return ("" if language == "zh" else " ").join(said)
