"""Calendar months as integers: year * 12 + month - 1, so that a difference is a number of months."""

from __future__ import annotations

import re

from urbsim.labels import bilingual

#: Years of the censuses that base populations are made from.
CENSUS_YEARS = (2010, 2020)
_CENSUS_MONTH = 11
#: Months of a year.
MONTHS = 12
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
        raise ValueError(
            bilingual(
                f"{text!r} is not a month; write YYYY-MM, for example 2025-12",
                f"“{text}”不是月份；请写 YYYY-MM，例如 2025-12",
            )
        )
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


def census_month(year: int) -> int:
    """Return the month whose first day stands for the census of a year, taken on 1 November."""
    return month_number(year, _CENSUS_MONTH)


def census_year(month: int) -> int:
    """Return the year of the census that a run whose output starts in a month is made from."""
    return max((year for year in CENSUS_YEARS if year <= year_of(month)), default=CENSUS_YEARS[0])


def census_of(start: int) -> int:
    """Return the census month in which a run begins whose output starts in the month ``start``: the last one before.

    Raises
    ------
    ValueError
        If ``start`` lies before the first census, or in the year of a census before its month: whether such a start
        means the census of the year or the one ten years earlier cannot be told.
    """
    census = census_month(census_year(start))
    if start < census:
        which = (
            bilingual("the first census", "第一次普查")
            if start < census_month(CENSUS_YEARS[0])
            else bilingual("the census of its year", "当年的普查")
        )
        raise ValueError(
            bilingual(
                f"{format_month(start)} is before {which}, {format_month(census)}",
                f"{format_month(start)} 早于{which}（{format_month(census)}）",
            )
        )
    return census


def months_of_years(first: int, last: int) -> dict[int, int]:
    """Return by calendar year how many of its months lie between two months, both included."""
    return {
        year: min(last, month_number(year, 12)) - max(first, month_number(year)) + 1
        for year in range(year_of(first), year_of(last) + 1)
    }
