"""The registry of parameters: every number with a meaning, with unit, range, source, status and labels.

The registry itself is data, ``parameters.yaml`` beside this module. Other values are laid over it: those of a draw of
the posterior, and over these the ones that a scenario writes, one value or values dated by month. Dates hold from the
first of them on; before it the value is that of the layer below.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

from urbsim.labels import Label
from urbsim.months import format_month, parse_month

Status = Literal["fixed", "calibrated", "policy", "assumption"]
#: A constant, or values by the month number from which they hold.
DatedValue = float | Mapping[int, float]
#: The month number from which a value holds that has no first month.
ALWAYS = 0


@dataclass(frozen=True, slots=True)
class Parameter:
    """One registered parameter."""

    name: str
    value: DatedValue
    unit: str
    low: float
    high: float
    source: str
    status: Status
    label: Label


class UnknownParameterError(KeyError):
    """A parameter that the registry does not hold."""


@cache
def registry() -> dict[str, Parameter]:
    """Return all parameters by dotted name, in the order of the file."""
    text = Path(__file__).with_name("parameters.yaml").read_text(encoding="utf-8")
    entries: dict[str, dict[str, Any]] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return {name: _parameter(name, entry) for name, entry in entries.items()}


def _parameter(name: str, entry: Mapping[str, Any]) -> Parameter:
    low, high = entry["range"]
    fields = {key: entry[key] for key in ("unit", "source", "status")}
    value = entry["value"]
    if isinstance(value, Mapping):
        value = {parse_month(month): float(number) for month, number in value.items()}
    return Parameter(name, value, low=low, high=high, label=Label(*entry["label"]), **fields)


class Parameters:
    """The values in force: the registry's, unless a scenario or a posterior draw says otherwise."""

    def __init__(self, overrides: Mapping[str, DatedValue] | None = None) -> None:
        known = registry()
        for name in overrides or {}:
            if name not in known:
                raise UnknownParameterError(name)
        self._values = overlay({name: parameter.value for name, parameter in known.items()}, overrides or {})
        dated = (value for value in self._values.values() if isinstance(value, Mapping))
        self._changes = frozenset(month for value in dated for month in value)

    def at(self, month: int) -> dict[str, float]:
        """Return every parameter's value in one month."""
        return {name: value_at(value, month) for name, value in self._values.items()}

    def changes_in(self, month: int) -> bool:
        """Return whether another value of any parameter comes into force in a month."""
        return month in self._changes


def overlay(base: Mapping[str, DatedValue], written: Mapping[str, DatedValue]) -> dict[str, DatedValue]:
    """Return the values of two layers of parameters: those written, over those of the layer below.

    A constant replaces what is below it; dated values do so from the first of their dates on.
    """
    joined = {name: _from_first_date(base[name], value) for name, value in written.items() if name in base}
    return {**base, **written, **joined}


def _from_first_date(base: DatedValue, written: DatedValue) -> DatedValue:
    if not isinstance(written, Mapping):
        return written
    before = base if isinstance(base, Mapping) else {ALWAYS: base}
    return {**{month: value for month, value in before.items() if month < min(written)}, **written}


def moved_by(value: DatedValue, moves: Mapping[int, float]) -> DatedValue:
    """Return a value moved by so much from each of some months on; before the first of them it is as it was."""
    months = sorted({*(value if isinstance(value, Mapping) else (ALWAYS,)), *moves})
    dated = {month: value_at(value, month) + value_at({ALWAYS: 0.0, **moves}, month) for month in months}
    return dated if len(dated) > 1 else dated[ALWAYS]


def value_at(value: DatedValue, month: int) -> float:
    """Return the value in force in a month.

    Raises
    ------
    ValueError
        If the dates of the value begin later.
    """
    if not isinstance(value, Mapping):
        return value
    months = sorted(value)
    position = bisect_right(months, month)
    if position == 0:
        raise ValueError(f"no value is in force before {format_month(months[0])}")
    return value[months[position - 1]]
