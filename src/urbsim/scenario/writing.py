"""A resolved scenario written out as YAML, with the files of the levers it names."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from pydantic import ValidationError

from urbsim.months import format_month
from urbsim.parameters import DatedValue
from urbsim.policies.base import LeverOrigin, Policy
from urbsim.reading.located import NUMBER
from urbsim.reading.problems import Problem, ScenarioError
from urbsim.reading.wording import quoted
from urbsim.scenario.descriptions import LEVERS, describe
from urbsim.scenario.model import Scenario, Target
from urbsim.scenario.observed import plain_observations
from urbsim.scenario.own_posterior import keep_posterior

if TYPE_CHECKING:
    from urbsim.observation.observe import Observation


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
    return yaml.dump(document(scenario, stored_name), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=120)


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
        stored_name(policy.origin): describe(type(policy)).model_dump(mode="json")
        for policy in scenario.policies.values()
        if policy.origin is not None
    }
    if described:
        others = path.parent / LEVERS
        known = json.loads(others.read_text(encoding="utf-8")) if others.exists() else {}
        text = json.dumps({**known, **described}, indent=1, ensure_ascii=False)
        others.write_text(text + "\n", encoding="utf-8")
    keep_posterior(scenario, path.parent)
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


def stored_name(origin: LeverOrigin) -> str:
    """Return what a written scenario says after ``lever:`` for a lever of the user's own."""
    return f"{_folder(origin)}/{origin.spec}"


def document(scenario: Scenario, lever_name: Callable[[LeverOrigin], str]) -> dict[str, Any]:
    """Return all that a scenario says as plain data; ``lever_name`` gives the name of a lever of the user's own."""
    regions = scenario.region.split(", ")
    found: dict[str, Any] = {
        "name": _both(scenario.name, scenario.name_zh),
        "description": _both(scenario.description, scenario.description_zh),
        "region": regions if len(regions) > 1 else scenario.region,
        "start": format_month(scenario.start),
        "until": format_month(scenario.until),
        "scale": scenario.scale,
        "parameters": {name: _by_month(value) for name, value in scenario.parameters.items()},
        "county_types": {name: list(counties) for name, counties in scenario.county_types.items()},
        "policies": {name: _policy(policy, lever_name) for name, policy in scenario.policies.items()},
        "targets": _targets(scenario.targets),
        **({"observe": _observations(scenario.observe)} if scenario.observe else {}),
        "feedbacks": dict(scenario.feedbacks),
        **_county_data(scenario),
        **({"observed": plain_observations(scenario.observed)} if scenario.observed else {}),
        **({"posterior": scenario.posterior.name} if scenario.posterior else {}),
        **({} if scenario.calibrated else {"calibrated": False}),
    }
    return found


def _both(english: str, chinese: str) -> str | dict[str, str]:
    return {"en": english, "zh": chinese} if chinese else english


def _county_data(scenario: Scenario) -> dict[str, Any]:
    data = {code: dict(own) for code, own in scenario.county_data.items()}
    return {"county_data": data} if data else {}


def _observations(observe: Mapping[str, Observation]) -> dict[str, dict[str, Any]]:
    from urbsim.observation.dimensions import written_ages

    found: dict[str, dict[str, Any]] = {}
    for name, observation in observe.items():
        ages = {} if observation.ages is None else {"age": written_ages(observation.ages)}
        of = {**ages, **{dimension: list(members) for dimension, members in observation.of.items()}}
        by = {"by": list(observation.by)} if observation.by else {}
        found[name] = {"indicator": observation.indicator, **by, **({"of": of} if of else {})}
    return found


def _by_month(value: DatedValue) -> float | dict[str, float]:
    return {format_month(month): each for month, each in value.items()} if isinstance(value, Mapping) else value


def policy_document(policy: Policy) -> dict[str, Any]:
    """Return what a file would say of one policy; a lever of the user's own is named as it was written."""
    return _policy(policy, lambda origin: origin.spec)


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
