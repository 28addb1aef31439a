"""What a value that is not understood was meant to be: a hint that is itself valid and likely, or none."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable

from urbsim.labels import ANSWERS, bilingual
from urbsim.months import census_month, census_year, format_month, month_number, parse_month
from urbsim.policies.choices import choice_label
from urbsim.reading.located import NUMBER
from urbsim.reading.marks import plain
from urbsim.reading.suggestions import similar
from urbsim.scenario.model import FIRST_MONTH, LAST_MONTH

_LARGEST_WRITTEN = 1e15
_THOUSANDS = re.compile(r"[-+]?[0-9]{1,3}([,_ ])[0-9]{3}(\1[0-9]{3})*(\.[0-9]+)?")
_CHINESE_UNITS = {"千": 10**3, "万": 10**4, "亿": 10**8}


def number_hint(value: object, bounds: tuple[float, float] | None, *, whole: bool = False) -> str | None:
    """Return the number within bounds that a text such as ``1,000``, ``３``, ``3 %`` or ``1.2万`` was meant to be.

    A per cent is taken for a share only where the number is at most 1. ``1,5`` could mean several things, and means
    none.
    """
    number, is_share = _amount(value, whole=whole)
    if number is None or (is_share and (bounds is None or bounds[1] > 1.0)):
        return None
    if bounds and not bounds[0] <= number <= bounds[1]:
        return None
    if number == int(number) and abs(number) < _LARGEST_WRITTEN:
        return f"{int(number)}"
    return None if whole else f"{number:.12g}"


def _amount(value: object, *, whole: bool) -> tuple[float | None, bool]:
    """Return the number that a value stands for, and whether it is a per cent."""
    if isinstance(value, float) and whole and value.is_integer():
        return value, False
    if not isinstance(value, str):
        return None, False
    text, factor = plain(value).strip(), 1.0
    is_share = text.endswith("%")
    if is_share or text[-1:] in _CHINESE_UNITS:
        factor = 0.01 if is_share else _CHINESE_UNITS[text[-1]]
        text = text[:-1].rstrip()
    if _THOUSANDS.fullmatch(text):
        text = re.sub("[,_ ]", "", text)
    number = round(float(text) * factor, 12) if NUMBER.fullmatch(text) else math.inf
    return (number if math.isfinite(number) else None), is_share


_DATE = re.compile(
    r"(?P<year>[0-9]{4})"
    r"(?:年|(?:[-/. ]|年 ?)(?P<month>[0-9]{1,2})(?:月|(?:[-/. ]|月 ?)[0-9]{1,2}日?)?|(?P<joined>[0-9]{2}))?"
)


def month_hint(text: str, *, last: bool = False) -> str | None:
    """Return the month of a run that another way of writing a date was meant to be: ``2025/12``, ``2025年12月``.

    A year alone means its first month, or with ``last`` its last one.
    """
    number = _month(text, last=last)
    return None if number is None or number < FIRST_MONTH else format_month(number)


def end_hint(text: str) -> str | None:
    """Return the month that another way of writing the end of something was meant to be: of a year its last."""
    return month_hint(text, last=True)


def month_asked(text: str) -> int:
    """Return the number of a month that somebody asks about, written ``YYYY-MM``.

    Raises
    ------
    ValueError
        If it is not one; the message says which was probably meant, of a year its last.
    """
    try:
        return parse_month(text)
    except ValueError as error:
        meant = end_hint(text)
        raise ValueError(
            f"{error}{bilingual(f'; did you mean {meant}?', f'；是否想写 {meant}？') if meant else ''}"
        ) from None


def start_hint(text: str) -> str | None:
    """Return the first month of a run that was probably meant: a start before a census means that census."""
    number = _month(text)
    return None if number is None else format_month(max(number, census_month(census_year(number))))


def _month(text: str, *, last: bool = False) -> int | None:
    found = _DATE.fullmatch(plain(text).strip())
    if found is None:
        return None
    month = int(found["month"] or found["joined"] or (12 if last else 1))
    if not 1 <= month <= 12:
        return None
    number = month_number(int(found["year"]), month)
    return number if number <= LAST_MONTH else None


def choice_hint(written: str, choices: Iterable[str]) -> str | None:
    """Return the choice that a text was meant to be: misspelt, or in Chinese, as 县城 for ``seat``."""
    labels = {choice: choice_label(choice) for choice in choices}
    return similar(written, labels, labels)


def list_hint(written: str, choices: Collection[str]) -> str | None:
    """Return the list of choices that a single text was meant to be."""
    items = [item.strip().lower() for item in re.split("[, 、]+", plain(written).strip("[](){} "))]
    meant = [choice_hint(item, choices) for item in items]
    return f"[{', '.join(item for item in meant if item)}]" if all(meant) else None


def answer_hint(written: str) -> str | None:
    """Return ``true`` or ``false`` where a text says yes or no."""
    meant = {word: str(answer).lower() for answer, said in ANSWERS.items() for word in (said.en, said.zh)}
    return meant.get(plain(written).strip().lower())
