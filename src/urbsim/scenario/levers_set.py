"""Which levers the scenarios of a folder set."""

from __future__ import annotations

from pathlib import Path

from urbsim.reading.problems import ScenarioError
from urbsim.scenario.inheritance import read_with_parents


def levers_set_in(folder: Path) -> dict[str, frozenset[str]]:
    """Return the levers that each scenario under a folder sets, itself or through the file it extends.

    A scenario that cannot be read sets none.
    """
    return {path.relative_to(folder).as_posix(): _levers_of(path) for path in sorted(folder.rglob("*.yaml"))}


def _levers_of(path: Path) -> frozenset[str]:
    try:
        policies = read_with_parents(path).root.entries.get("policies")
    except ScenarioError:
        return frozenset()
    levers = [policy.entries.get("lever") for policy in policies.entries.values()] if policies else []
    return frozenset(str(lever.value) for lever in levers if lever)
