"""The changes of ``changing.py``: what is new is read as if it stood in a file, the rest of the scenario stays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from urbsim.labels import Label, bilingual
from urbsim.months import format_month
from urbsim.policies.base import Policy
from urbsim.reading.problems import Problem, ScenarioError
from urbsim.reading.suggestions import similar
from urbsim.reading.wording import listed, quoted
from urbsim.scenario.loading import scenario_from_mapping
from urbsim.scenario.model import Scenario
from urbsim.scenario.writing import policy_document


def with_policy(scenario: Scenario, name: str, lever: str | Policy | None, fields: Mapping[str, Any]) -> Scenario:
    """Return a scenario with a policy more, or another in place of the one of that name."""
    if isinstance(lever, Policy):
        policy = lever.model_copy(update=dict(fields)) if fields else lever
    else:
        written = {"lever": lever} if lever is not None else _written(scenario, name)
        policy = _read(scenario, {"policies": {name: {**written, **_plain(fields)}}}).policies[name]
    note = ("changed", "已修改") if name in scenario.policies else ()
    return _noted(replace(scenario, policies={**scenario.policies, name: policy}), f"+ {name}", *note)


def without_policy(scenario: Scenario, name: str) -> Scenario:
    """Return a scenario without a policy."""
    _check_policy(scenario, name)
    policies = {each: policy for each, policy in scenario.policies.items() if each != name}
    return _noted(replace(scenario, policies=policies), f"− {name}")


def with_parameter(scenario: Scenario, name: str, value: float | Mapping[str, float]) -> Scenario:
    """Return a scenario with another value of a parameter."""
    given = dict(value) if isinstance(value, Mapping) else value
    found = _read(scenario, {"parameters": {name: given}}).parameters
    note = ("changed", "已修改") if isinstance(value, Mapping) else (f"{value:g}", f"{value:g}")
    return _noted(replace(scenario, parameters={**scenario.parameters, **found}), f"+ {name}", *note)


def with_until(scenario: Scenario, month: str) -> Scenario:
    """Return a scenario with another last month."""
    return replace(scenario, until=_read(scenario, {"until": month}).until)


def with_name(scenario: Scenario, name: str) -> Scenario:
    """Return a scenario under another name."""
    return replace(scenario, name=_read(scenario, {"name": name}).name, name_zh="")


def _read(scenario: Scenario, changes: Mapping[str, Any]) -> Scenario:
    """Return a scenario of the same region and period that holds nothing but the changes."""
    head = {
        "name": "x",
        "region": list(scenario.counties),
        "start": format_month(scenario.start),
        "until": format_month(scenario.until),
        "county_types": {name: list(counties) for name, counties in scenario.county_types.items()},
    }
    return scenario_from_mapping({**head, **changes}, scenario.path.parent if scenario.path else ".")


def _written(scenario: Scenario, name: str) -> dict[str, Any]:
    """Return what the policy of that name says, to change some of it."""
    _check_policy(scenario, name)
    return policy_document(scenario.policies[name])


def _check_policy(scenario: Scenario, name: str) -> None:
    if name not in scenario.policies:
        found = bilingual(
            f"{quoted(scenario.name)} has no policy {quoted(name)}",
            f"{quoted(scenario.name)}中没有政策{quoted(name)}",
        )
        allowed = listed(scenario.policies) or bilingual("none, because it has no policies", "没有，因为该情景没有政策")
        raise ScenarioError([Problem("policies", 0, 0, found, allowed, similar(name, scenario.policies))])


def _plain(value: Any) -> Any:
    """Return fields as a file holds them: tuples are lists."""
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value


def _noted(scenario: Scenario, what: str, english: str = "", chinese: str = "") -> Scenario:
    """Return a scenario whose name says what was changed."""
    title = scenario.title
    said = Label(" ".join((title.en, what, english)).rstrip(), " ".join((title.zh, what, chinese)).rstrip())
    return scenario.renamed(said)
