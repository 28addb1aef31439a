"""What makes two runs the same: everything that shapes the result, by content, and nothing else.

Names of scenarios and of parts of a plan, targets, comments and paths of the model are not in it, nor is the posterior:
the parameters and constants that a run uses are.
"""

from __future__ import annotations

import hashlib
import json
import platform
import sys
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import urbsim
from urbsim.experiment.simulate import Probe, Task
from urbsim.parameters import DatedValue
from urbsim.policies.base import Policy
from urbsim.policies.registry import all_levers
from urbsim.region.tables import tables_folder
from urbsim.scenario.model import Scenario

#: Rooms and modules that no result of a run depends on, or only through the task; all others are the model.
NOT_MODEL = (
    *("report", "page", "commands", "scenario", "scenarios", "reading", "programmes", "posterior", "experiment"),
    *("evidence", "calibration", "sensitivity", "validation", "tracing", "decision", "distribution"),
    "inference",
    *("tables", "national", "posteriors"),
    *("api.py", "questions.py", "listing.py", "cli.py", "levers.py", "__main__.py"),
)
#: What the model needs of those rooms all the same.
STILL_MODEL = ("scenario/model.py", "experiment/simulate.py")
_SOURCES = (".py", ".yaml", ".json")
_TABLES = (".csv", ".gz", ".parquet")
_LIBRARIES = ("numpy", "scipy", "pandas", "numba", "mesa")


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
    return None if file is None or not file.endswith(".py") else _text_hash(Path(file))


@cache
def model_hash() -> str:
    """Return one SHA-256 over the sources of the model; it does not depend on how urbsim is installed."""
    digest = hashlib.sha256()
    for name in model_sources():
        digest.update(f"{name}\0{_text_hash(Path(urbsim.__file__).parent / name)}\n".encode())
    return digest.hexdigest()


def model_sources() -> list[str]:
    """Return the files of the package that shape results, relative to it, in order."""
    package = Path(urbsim.__file__).parent
    found = (path.relative_to(package) for path in package.rglob("*") if path.suffix in _SOURCES and path.is_file())
    return sorted(name.as_posix() for name in found if name.parts[0] not in NOT_MODEL or name.as_posix() in STILL_MODEL)


@cache
def tables_hash() -> str:
    """Return one SHA-256 over the county tables."""
    digest = hashlib.sha256()
    for path in sorted(tables_folder().iterdir()):
        if path.suffix in _TABLES and path.is_file():
            digest.update(f"{path.name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def _text_hash(path: Path) -> str:
    """Return the SHA-256 of a text file, whatever its line ends."""
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


@cache
def software() -> dict[str, str]:
    """Return what the last bits of a result may depend on beside the model."""
    libraries = {name: version(name) for name in _LIBRARIES}
    return {"python": platform.python_version(), "machine": platform.machine(), **libraries}
