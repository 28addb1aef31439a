"""What makes two runs the same: everything that shapes the result, by content, and nothing else.

Names of scenarios and of parts of a plan, targets, comments and paths of the model are not in it, nor is the posterior:
the parameters and constants that a run uses are.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from urbsim.experiment.model_files import model_hash, software, tables_hash, text_hash
from urbsim.experiment.simulate import Probe, Task
from urbsim.parameters import DatedValue
from urbsim.policies.base import Policy
from urbsim.policies.registry import all_levers
from urbsim.scenario.model import Scenario


def key_of(identity: Mapping[str, Any]) -> str:
    """Return the name of an identity: its SHA-256."""
    return hashlib.sha256(json.dumps(identity, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def identity_of(task: Task, libraries: Mapping[str, str] | None = None) -> dict[str, Any] | None:
    """Return what shapes the result of a task, as plain data.

    ``libraries`` are those it is simulated with, where they are not those here. None where it cannot be known: a lever
    or a probe of the user's own that is in no file.
    """
    policies = [_policy(name, policy) for name, policy in task.scenario.policies.items()]  # their order counts
    probe = _probe(task.probe)
    if probe is None or None in policies:
        return None
    return {
        "scenario": _scenario(task.scenario) | {"policies": policies},
        "parameters": {name: _value(value) for name, value in sorted(task.scenario.parameters.items())},
        "constants": [list(own) for own in task.constants],
        "stream": [task.seed, task.stream, task.stream if task.population is None else task.population],
        "probe": probe,
        "model": model_hash(),
        "tables": tables_hash(),
        "software": dict(libraries or software()),
    }


def _scenario(scenario: Scenario) -> dict[str, Any]:
    return {
        "region": scenario.region,
        "counties": list(scenario.counties),
        "months": [scenario.start, scenario.until],
        "scale": scenario.scale,
        "county_data": {code: dict(sorted(own.items())) for code, own in sorted(scenario.county_data.items())},
        "frozen": sorted(name for name, on in scenario.feedbacks.items() if not on),
    }


def _value(value: DatedValue) -> float | dict[str, float]:
    return {str(month): value[month] for month in sorted(value)} if isinstance(value, Mapping) else value


def _policy(name: str, policy: Policy) -> dict[str, Any] | None:
    if policy.origin is not None:
        lever: Any = list(policy.origin)
    elif all_levers().get(policy.lever) is type(policy):
        lever = policy.lever
    else:
        return None
    return {"name": name, "lever": lever, **policy.model_dump(mode="json", exclude={"source", "part"})}


def _probe(probe: Probe) -> dict[str, Any] | None:
    kind = type(probe)
    sources = [source_hash(name) for name in (kind.__module__, *kind.relies_on)]
    if None in sources or kind.__module__ in ("__main__", "__mp_main__"):
        return None
    return {"kind": f"{kind.__module__}.{kind.__qualname__}", "sources": sources, **asdict(probe)}


@cache
def source_hash(module: str) -> str | None:
    """Return the SHA-256 of a module's source; None where it has none."""
    file = getattr(sys.modules.get(module), "__file__", None)
    return None if file is None or not file.endswith(".py") else text_hash(Path(file))
