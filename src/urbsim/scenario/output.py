"""A resolved scenario written out: as YAML, as rows with their origin, and as differences from another one."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from urbsim.labels import Language
from urbsim.months import format_month
from urbsim.observation.indicators import INDICATORS
from urbsim.parameters import ALWAYS, DatedValue, registry, value_at
from urbsim.policies.base import LeverOrigin, Policy
from urbsim.reading.located import NUMBER
from urbsim.reading.problems import Problem, ScenarioError
from urbsim.reading.wording import quoted
from urbsim.scenario.descriptions import LEVERS, describe
from urbsim.scenario.lever_schema import unit_of
from urbsim.scenario.model import Scenario, Target
from urbsim.units import unit_label

DEFAULT = "default"
#: Where a value in force before the first date of a parameter comes from.
REGISTRY, POSTERIOR = "registry", "posterior (its median is shown)"


class _Dumper(yaml.SafeDumper):
    """Quotes what the reader of scenario files would take for a number, and repeats instead of using aliases."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True

    def represent_text(self, data: str) -> yaml.ScalarNode:
        """Return text as a node; line breaks other than the usual survive in double quotes only."""
        style = '"' if any(mark in data for mark in "\x85\u2028\u2029") else None
        return self.represent_scalar("tag:yaml.org,2002:str", data, style=style)


_Dumper.add_representer(str, _Dumper.represent_text)
_Dumper.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(f"(?:{NUMBER.pattern})$"), list("-+.0123456789"))


def resolved_yaml(scenario: Scenario) -> str:
    """Return a scenario as YAML with every value written out, which loads to an equal scenario.

    Levers of the user's own are named as files below the folder of the YAML, by names that hold a hash of all files
    they read: the same text is the same scenario. ``write_scenario`` puts the files there.
    """
    return yaml.dump(_document(scenario, _stored), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=120)


def lever_files(scenario: Scenario) -> dict[str, Path]:
    """Return every file that levers of the user's own were read from, by where ``write_scenario`` puts it.

    These are the lever files, the modules of their folders that they import, and the data there that they read when
    they are run.
    """
    found = [policy.origin for policy in scenario.policies.values() if policy.origin is not None]
    return {f"{_folder(each)}/{name}": Path(each.path).parent / name for each in found for name, _ in each.files}


def write_scenario(scenario: Scenario, path: Path) -> None:
    """Write a resolved scenario to a file, and below its folder what it needs: files of levers, and what they are.

    Raises
    ------
    ScenarioError
        If a file of a lever changed after the scenario was read.
    """
    for policy in scenario.policies.values():
        if policy.origin is not None:
            _write_lever(policy.origin, path.parent / _folder(policy.origin))
    described = {
        _stored(policy.origin): describe(type(policy)).model_dump(mode="json")
        for policy in scenario.policies.values()
        if policy.origin is not None
    }
    if described:
        others = path.parent / LEVERS
        known = json.loads(others.read_text(encoding="utf-8")) if others.exists() else {}
        text = json.dumps({**known, **described}, indent=1, ensure_ascii=False)
        others.write_text(text + "\n", encoding="utf-8")
    path.write_text(resolved_yaml(scenario), encoding="utf-8")


def _write_lever(origin: LeverOrigin, folder: Path) -> None:
    for name, digest in origin.files:
        data = (Path(origin.path).parent / name).read_bytes()
        if hashlib.sha256(data).hexdigest() != digest:
            found = f"changed after the scenario was read, whose lever {quoted(origin.spec)} reads it"
            raise ScenarioError([Problem(str(Path(origin.path).parent / name), 0, 0, found)])
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def _folder(origin: LeverOrigin) -> str:
    return f"lever-{origin.digest}"


def _stored(origin: LeverOrigin) -> str:
    return f"{_folder(origin)}/{origin.spec}"


def _document(scenario: Scenario, lever_name: Callable[[LeverOrigin], str]) -> dict[str, Any]:
    regions = scenario.region.split(", ")
    document: dict[str, Any] = {
        "name": scenario.name,
        "description": scenario.description,
        "region": regions if len(regions) > 1 else scenario.region,
        "start": format_month(scenario.start),
        "until": format_month(scenario.until),
        "scale": scenario.scale,
        "parameters": {name: _by_month(value) for name, value in scenario.parameters.items()},
        "county_types": {name: list(counties) for name, counties in scenario.county_types.items()},
        "policies": {name: _policy(policy, lever_name) for name, policy in scenario.policies.items()},
        "targets": _targets(scenario.targets),
        "feedbacks": dict(scenario.feedbacks),
        **({} if scenario.calibrated else {"calibrated": False}),
    }
    return document


def _by_month(value: DatedValue) -> float | dict[str, float]:
    return {format_month(month): each for month, each in value.items()} if isinstance(value, Mapping) else value


def _policy(policy: Policy, lever_name: Callable[[LeverOrigin], str]) -> dict[str, Any]:
    written = policy.model_dump(mode="json", exclude_none=True)
    if not _is_accepted(policy, written):
        # Some levers refuse a field where it does not count, even at its default.
        fields = policy.model_dump(mode="json", exclude_none=True, exclude_unset=True)
        for name in [name for name in written if name not in fields]:
            if _is_accepted(policy, {**fields, name: written[name]}):
                fields[name] = written[name]
        written = {name: value for name, value in written.items() if name in fields}
    return {"lever": lever_name(policy.origin) if policy.origin else policy.lever, **written}


def _is_accepted(policy: Policy, fields: Mapping[str, Any]) -> bool:
    try:
        type(policy).model_validate_json(json.dumps(fields), strict=True)
    except ValidationError:
        return False
    return True


def _targets(targets: tuple[Target, ...]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for target in targets:
        entry = found.setdefault(target.indicator, {})
        entry[format_month(target.month)] = target.value
        entry["comparator"] = str(target.comparator)
        if target.tolerance is not None:
            entry["tolerance"] = target.tolerance
        if target.relative_to is not None:
            entry["relative_to"] = target.relative_to
        if target.reference is not None:
            entry.setdefault("reference", {})[format_month(target.month)] = target.reference
        if target.source is not None:
            entry["source"] = target.source.model_dump(mode="json")
    return found


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

    A parameter whose dates begin after the start is listed from the start on.
    """
    return _settings(scenario, language, lambda origin: origin.spec)


def _settings(scenario: Scenario, language: Language, lever_name: Callable[[LeverOrigin], str]) -> list[Setting]:
    found: list[Setting] = []
    seen: set[str] = set()
    for path, value in _leaves(_document(scenario, lever_name), ()):
        if path[0] == "parameters" and path[1] not in seen:
            seen.add(path[1])
            found += _before_first_date(scenario, path[1], language)
        found.append(Setting(".".join(path), value, _unit(scenario, path, language), _origin(scenario, path)))
    return found


def _before_first_date(scenario: Scenario, name: str, language: Language) -> Iterator[Setting]:
    """Yield what holds from the start to the first date that the scenario writes for a parameter."""
    value, parameter = scenario.parameters[name], registry()[name]
    if not isinstance(value, Mapping):
        return
    drawn = scenario.calibrated and parameter.status == "calibrated"
    dates = {scenario.start, *(parameter.value if isinstance(parameter.value, Mapping) else ())}
    for month in sorted(date for date in dates if scenario.start <= date < min(value)):
        key = f"parameters.{name}.{format_month(month)}"
        unit = unit_label(parameter.unit).in_language(language)
        yield Setting(key, value_at(parameter.value, month), unit, POSTERIOR if drawn else REGISTRY)


def _leaves(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves(inner, (*path, key))
    elif isinstance(value, list):
        yield path, ", ".join(map(str, value))
    else:
        yield path, value


def _unit(scenario: Scenario, path: tuple[str, ...], language: Language) -> str:
    if path[0] == "parameters":
        return unit_label(registry()[path[1]].unit).in_language(language)
    if path[0] == "policies":
        return unit_of(type(scenario.policies[path[1]]), path[2:], chinese=language == "zh")
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
    settings = [{setting.key: setting for setting in _settings(scenario, language, _stored)} for scenario in pair]
    for each in settings:
        for key in [key for key, setting in each.items() if setting.origin in {REGISTRY, POSTERIOR}]:
            del each[key]
    found = []
    for key in dict.fromkeys([*settings[0], *settings[1]]):
        here, there = (each.get(key) for each in settings)
        values = [setting.value if setting else None for setting in (here, there)]
        if values[0] != values[1] or type(values[0]) is not type(values[1]):
            unit = next(setting.unit for setting in (here, there) if setting)
            found.append(Difference(key, values[0], values[1], unit))
    return found


def _with_the_same_dates(*scenarios: Scenario) -> list[Scenario]:
    """Return scenarios with the parameters that any of them dates written out at the dates of all."""
    dates: dict[str, set[int]] = {}
    for scenario in scenarios:
        for name, value in scenario.parameters.items():
            if isinstance(value, Mapping):
                dates.setdefault(name, {each.start for each in scenarios}).update(value)
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
