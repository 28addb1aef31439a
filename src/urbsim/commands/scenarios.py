"""Reading the scenario files that a command is given."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from urbsim.reading.problems import Problem
    from urbsim.scenario.model import Scenario


def load_all(paths: Sequence[Path], *, allow_code: bool) -> list[Scenario]:
    """Return scenarios of files.

    Raises
    ------
    ScenarioError
        With the problems of all of them together.
    """
    from urbsim.reading.problems import ScenarioError
    from urbsim.scenario.loading import load_scenario

    found: list[Scenario] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            found.append(load_scenario(path, allow_code=allow_code))
        except ScenarioError as error:
            problems += error.problems
    if problems:
        raise ScenarioError(list(dict.fromkeys(problems)))
    return found
