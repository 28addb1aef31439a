"""Tables, numbers and texts as plain data that JSON carries."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pandas as pd

from urbsim.labels import Label, Language

if TYPE_CHECKING:
    from rich.table import Table

_DIGITS = 6


def in_both(said: Callable[[Language], str]) -> dict[str, str]:
    """Return what is said in each language."""
    return {"en": said("en"), "zh": said("zh")}


def number(value: Any) -> float | None:
    """Return a number with the digits that a chart can show; None for one that is missing."""
    value = float(value)
    return float(f"{value:.{_DIGITS}g}") if math.isfinite(value) else None


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as plain data; what is missing is null."""
    return list(_records(table))


def _records(table: pd.DataFrame) -> Iterator[dict[str, Any]]:
    for record in table.astype(object).to_dict("records"):
        yield {str(name): _plain(value) for name, value in record.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, bool | str) or value is None:
        return value
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float):
        return number(value)
    return value


def grids(
    made: Callable[[Language], Iterable[Table | None]], called: Mapping[str, Label] = MappingProxyType({})
) -> list[dict[str, Any]]:
    """Return printed tables in both languages, with what keys are called in place of keys."""
    here, there = (
        [_grid(table, language, called) for table in made(language) if table is not None] for language in ("en", "zh")
    )
    return [
        {
            "title": {"en": one["title"], "zh": other["title"]},
            "headings": [{"en": a, "zh": b} for a, b in zip(one["headings"], other["headings"], strict=True)],
            "rows": {"en": one["rows"], "zh": other["rows"]},
        }
        for one, other in zip(here, there, strict=True)
    ]


def _grid(table: Table, language: Language, called: Mapping[str, Label]) -> dict[str, Any]:
    """Return a printed table as text."""

    def shown(cell: object) -> str:
        label = called.get(str(cell))
        return label.in_language(language) if label else str(cell)

    columns = [[shown(cell) for cell in column.cells] for column in table.columns]
    return {
        "title": str(table.title or ""),
        "headings": [shown(column.header) for column in table.columns],
        "rows": [list(row) for row in zip(*columns, strict=True)],
    }
