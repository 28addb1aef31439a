"""A resolved scenario as rows with their origin, and as differences from another one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from urbsim.labels import Language
from urbsim.months import format_month
from urbsim.observation.indicators import INDICATORS
from urbsim.parameters import ALWAYS, DatedValue, registry, value_at
from urbsim.policies.base import LeverOrigin
from urbsim.region.figures import FIGURES
from urbsim.scenario.lever_schema import unit_of
from urbsim.scenario.model import Scenario
from urbsim.scenario.writing import document, stored_name
from urbsim.units import unit_label

DEFAULT = "default"
#: Where a value in force before the first date of a parameter comes from.
REGISTRY, POSTERIOR = "registry", "posterior (its median is shown)"


@dataclass(frozen=True, slots=True)
class Setting:
    """One resolved value: its dotted key, its unit, and where it comes from.

    ``origin`` is the ``file:line`` it was written at, ``default``, or for what holds before the first date of a
    parameter ``registry`` or ``posterior (…)``.
    """

    key: str
    value: str | int | float | bool
    unit: str
    origin: str


def provenance(scenario: Scenario, language: Language = "en") -> list[Setting]:
    """Return every value of a scenario with its unit and where it came from, in the order of the file.

    A parameter whose dates begin after the census of the run is listed from the census on.
    """
    return _settings(scenario, language, lambda origin: origin.spec)


def _settings(scenario: Scenario, language: Language, lever_name: Callable[[LeverOrigin], str]) -> list[Setting]:
    found: list[Setting] = []
    seen: set[str] = set()
    for path, value in _leaves(document(scenario, lever_name), ()):
        if path[0] == "parameters" and path[1] not in seen:
            seen.add(path[1])
            found += _before_first_date(scenario, path[1], language)
        found.append(Setting(".".join(path), value, _unit(scenario, path, language), _origin(scenario, path)))
    return found


def _before_first_date(scenario: Scenario, name: str, language: Language) -> Iterator[Setting]:
    """Yield what holds from the census to the first date that the scenario writes for a parameter."""
    value, parameter = scenario.parameters[name], registry()[name]
    if not isinstance(value, Mapping):
        return
    drawn = scenario.calibrated and parameter.status == "calibrated"
    first = scenario.census
    dates = {first, *(parameter.value if isinstance(parameter.value, Mapping) else ())}
    for month in sorted(date for date in dates if first <= date < min(value)):
        key = f"parameters.{name}.{format_month(month)}"
        unit = unit_label(parameter.unit).in_language(language)
        yield Setting(key, value_at(parameter.value, month), unit, POSTERIOR if drawn else REGISTRY)


def _leaves(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves(inner, (*path, key))
    elif isinstance(value, list) and value and isinstance(value[0], Mapping):
        for number, inner in enumerate(value, 1):
            yield from _leaves(inner, (*path, str(number)))
    elif isinstance(value, list):
        yield path, ", ".join(map(str, value))
    else:
        yield path, value


def _unit(scenario: Scenario, path: tuple[str, ...], language: Language) -> str:
    if path[0] == "parameters":
        return unit_label(registry()[path[1]].unit).in_language(language)
    if path[0] == "policies":
        return unit_of(type(scenario.policies[path[1]]), path[2:], chinese=language == "zh")
    if path[0] == "observed" and path[2] in {"value", "tolerance"}:
        return unit_label(INDICATORS[scenario.observed[int(path[1]) - 1].indicator].unit).in_language(language)
    if path[0] == "county_data":
        return unit_label(FIGURES[path[2]].unit).in_language(language)
    if path[0] == "targets" and path[2] not in {"source", "comparator", "relative_to"}:
        return unit_label(INDICATORS[path[1]].unit).in_language(language)
    return unit_label("share of households").in_language(language) if path == ("scale",) else ""


def _origin(scenario: Scenario, path: tuple[str, ...]) -> str:
    """Return where a value, or the mapping it is part of, was written."""
    for length in range(len(path), 0, -1):
        if origin := scenario.origins.get(".".join(path[:length])):
            return origin
    return DEFAULT


@dataclass(frozen=True, slots=True)
class Difference:
    """A dotted key with its value in two scenarios; None where a scenario does not have it."""

    key: str
    left: str | int | float | bool | None
    right: str | int | float | bool | None
    unit: str


def differences(left: Scenario, right: Scenario, language: Language = "en") -> list[Difference]:
    """Return what differs between two scenarios, in the order of the first and then of the second.

    A parameter that one of them dates is compared as it is in force at every date of either.
    """
    pair = _with_the_same_dates(left, right)
    settings = [{setting.key: setting for setting in _settings(scenario, language, stored_name)} for scenario in pair]
    for each in settings:
        for key in [key for key, setting in each.items() if setting.origin in {REGISTRY, POSTERIOR}]:
            del each[key]
    found = []
    for key in dict.fromkeys([*settings[0], *settings[1]]):
        here, there = (each.get(key) for each in settings)
        values = [setting.value if setting else None for setting in (here, there)]
        if values[0] != values[1] or type(values[0]) is not type(values[1]):
            unit = next(setting.unit for setting in (here, there) if setting)
            found.append(Difference(key, *_as_written(values[0], values[1]), unit))
    return found


def _as_written(left: Any, right: Any) -> tuple[Any, Any]:
    """Return two values without the hash in the names of levers of the user's own, unless only that differs."""
    pair = [re.sub(r"^lever-[0-9a-f]{8}/", "", each) if isinstance(each, str) else each for each in (left, right)]
    return (pair[0], pair[1]) if pair[0] != pair[1] else (left, right)


def _with_the_same_dates(*scenarios: Scenario) -> list[Scenario]:
    """Return scenarios with the parameters that any of them dates written out at the dates of all."""
    dates: dict[str, set[int]] = {}
    for scenario in scenarios:
        for name, value in scenario.parameters.items():
            if isinstance(value, Mapping):
                dates.setdefault(name, {each.census for each in scenarios}).update(value)
    return [
        replace(
            scenario,
            parameters={
                name: _written_out(value, dates[name]) if name in dates else value
                for name, value in scenario.parameters.items()
            },
        )
        for scenario in scenarios
    ]


def _written_out(value: DatedValue, dates: Iterable[int]) -> dict[int, float]:
    first = min(value) if isinstance(value, Mapping) else ALWAYS
    return {month: value_at(value, month) for month in sorted(dates) if month >= first}
