"""Tables, numbers and texts as plain data that JSON carries."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd

from urbsim.labels import Language

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
