"""Calendar months as integers: year * 12 + month - 1, so that a difference is a number of months."""

from __future__ import annotations

import re

_MONTH = re.compile(r"(\d{4})-(\d{2})")


def month_number(year: int, month: int = 1) -> int:
    """Return the number of a calendar month; ``month`` runs from 1 to 12."""
    return year * 12 + month - 1


def parse_month(text: str) -> int:
    """Return the number of the month written ``YYYY-MM``.

    Raises
    ------
    ValueError
        If the text is not a month between 1900-01 and 2199-12.
    """
    found = _MONTH.fullmatch(text.strip())
    if not found or not 1 <= int(found[2]) <= 12 or not 1900 <= int(found[1]) <= 2199:
        raise ValueError(f"{text!r} is not a month; write YYYY-MM, for example 2025-12")
    return month_number(int(found[1]), int(found[2]))


def format_month(month: int) -> str:
    """Return the month as ``YYYY-MM``."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def year_of(month: int) -> int:
    """Return the calendar year of a month number."""
    return month // 12


def is_month_of_year(month: int, month_of_year: int) -> bool:
    """Return whether a month number falls in the given month of the year (1 to 12)."""
    return month % 12 == month_of_year - 1
