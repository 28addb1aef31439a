"""Runs of one scenario at many points of parameters: each is kept as soon as it is done, and never done twice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from urbsim.calibration.parallel import run_all
from urbsim.experiment.tables import replacing
from urbsim.labels import Label
from urbsim.parameters import overlay
from urbsim.scenario.model import Scenario

if TYPE_CHECKING:
    from urbsim.model import UrbanizationModel
    from urbsim.region.synthesis import BasePopulation

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Outcome:
    """A result at the scenario's last month; the value of the indicator is multiplied by ``factor``."""

    indicator: str
    label: Label
    unit: Label
    factor: float = 1.0


_PERCENT = Label("points", "百分点")
OUTCOMES = (
    Outcome("urbanization_rate", Label("resident urbanization rate", "常住人口城镇化率"), _PERCENT, 100.0),
    Outcome("seat_residents", Label("residents of the county seat", "县城常住人口"), Label("thousand", "千人"), 1e-3),
    Outcome("registered_urbanization_rate", Label("registered urbanization rate", "户籍人口城镇化率"), _PERCENT, 100.0),
)


@dataclass(frozen=True)
class Task:
    """One run of a scenario with some parameters set, at one luck."""

    scenario: Scenario
    parameters: tuple[tuple[str, float], ...]
    seed: int

    @property
    def identity(self) -> str:
        """A name that two runs share only if they simulate the same."""
        known = (self.scenario.counties, self.scenario.start, self.scenario.until, self.scenario.scale)
        written = sorted((name, repr(value)) for name, value in self.scenario.parameters.items())
        policies = {name: policy.describe() for name, policy in self.scenario.policies.items()}
        frozen = sorted(self.scenario.feedbacks.items())
        text = json.dumps([known, written, policies, frozen, self.parameters, self.seed], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:20]


def run_points(
    scenario: Scenario, points: pd.DataFrame, folder: Path, seed: int, jobs: int, label: str, *, quiet: bool = False
) -> pd.DataFrame:
    """Return the outcomes at points (one row each, columns named by parameter), one column per outcome.

    Runs that ``folder`` holds are read, the others are simulated and kept there. All runs have the same base population
    and the same luck, so that a difference comes from the parameters.
    """
    folder.mkdir(parents=True, exist_ok=True)
    names = [str(name) for name in points.columns]
    tasks = [
        Task(scenario, tuple(zip(names, map(float, row), strict=True)), seed) for row in points.to_numpy(dtype=float)
    ]
    missing = list({task.identity: task for task in tasks if not _file(folder, task).exists()}.values())
    for position, outcomes in run_all(simulate, missing, jobs, label, quiet=quiet):
        with replacing(_file(folder, missing[position])) as temporary:
            temporary.write_text(json.dumps(outcomes), encoding="utf-8")
    rows = [json.loads(_file(folder, task).read_text(encoding="utf-8")) for task in tasks]
    return pd.DataFrame(rows, columns=[outcome.indicator for outcome in OUTCOMES])


def _file(folder: Path, task: Task) -> Path:
    return folder / f"{task.identity}.json"


def simulate(task: Task) -> dict[str, float]:
    """Return the outcomes of one run at the scenario's last month."""
    from urbsim.model import UrbanizationModel
    from urbsim.observation.indicators import INDICATORS
    from urbsim.posterior.draws import draw

    scenario = replace(task.scenario, parameters=overlay(task.scenario.parameters, dict(task.parameters)))
    constants = draw(0, scenario.counties, scenario.base_year).constants
    base = _base(scenario.counties, scenario.start, scenario.scale, task.seed)
    model: UrbanizationModel = UrbanizationModel(scenario, task.seed, 0, base=base, constants=constants, observed=False)
    while model.month < scenario.until:
        model.step()
    found = {each.indicator: each.factor * INDICATORS[each.indicator].of_world(model) for each in OUTCOMES}
    model.close()
    return found


@lru_cache(maxsize=1)
def _base(counties: tuple[str, ...], start: int, scale: float, seed: int) -> BasePopulation:
    from urbsim.region.base import base_population

    # Parameters of the synthesis are not varied, so one base population serves all runs.
    return base_population(Scenario("base", counties[0], counties, start, start, scale), seed, 0)


def problem(names: Sequence[str], bounds: Sequence[tuple[float, float]]) -> Mapping[str, object]:
    """Return the description of factors as SALib takes it."""
    return {"num_vars": len(names), "names": list(names), "bounds": [list(pair) for pair in bounds]}
