"""The registry of parameters: every number with a meaning, with unit, range, source, status and labels.

The registry itself is data, ``parameters.yaml`` beside this module. A scenario may override a registered
parameter, with one value or with values dated by month.
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
from urbsim.months import parse_month

Status = Literal["fixed", "calibrated", "policy", "assumption"]
#: A constant, or values by the month number from which they hold.
DatedValue = float | Mapping[int, float]


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
        self._values: dict[str, DatedValue] = {name: parameter.value for name, parameter in known.items()}
        for name, value in (overrides or {}).items():
            if name not in known:
                raise UnknownParameterError(name)
            self._values[name] = value

    def at(self, month: int) -> dict[str, float]:
        """Return every parameter's value in one month."""
        return {name: _value_at(value, month) for name, value in self._values.items()}

    @property
    def dated(self) -> bool:
        """Tell whether any value changes over time."""
        return any(isinstance(value, Mapping) for value in self._values.values())


def _value_at(value: DatedValue, month: int) -> float:
    if not isinstance(value, Mapping):
        return value
    months = sorted(value)
    return value[months[max(bisect_right(months, month) - 1, 0)]]
