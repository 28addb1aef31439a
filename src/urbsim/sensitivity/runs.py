"""Runs of one scenario at many points of parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from urbsim.experiment.plan import given
from urbsim.experiment.runner import Runner
from urbsim.experiment.simulate import Probe, Task
from urbsim.experiment.tables import Tables
from urbsim.labels import Label
from urbsim.parameters import overlay
from urbsim.scenario.model import Scenario

if TYPE_CHECKING:
    from urbsim.model import UrbanizationModel


@dataclass(frozen=True)
class WatchedIndicator:
    """A result at the scenario's last month; the value of the indicator is multiplied by ``factor``."""

    indicator: str
    label: Label
    unit: Label
    factor: float = 1.0


_PERCENT = Label("points", "百分点")
OUTCOMES = (
    WatchedIndicator("urbanization_rate", Label("resident urbanization rate", "常住人口城镇化率"), _PERCENT, 100.0),
    WatchedIndicator(
        "seat_residents", Label("residents of the county seat", "县城常住人口"), Label("thousand", "千人"), 1e-3
    ),
    WatchedIndicator(
        "registered_urbanization_rate", Label("registered urbanization rate", "户籍人口城镇化率"), _PERCENT, 100.0
    ),
)


@dataclass(frozen=True)
class LastMonth(Probe):
    """The outcomes at the scenario's last month: one table ``outcomes`` of one row."""

    def observe(self, model: UrbanizationModel, months: Iterator[int]) -> Tables:
        """Simulate to the end and return the outcomes."""
        from urbsim.observation.indicators import INDICATORS

        for _ in months:
            pass
        found = {each.indicator: [each.factor * INDICATORS[each.indicator].of_world(model.world)] for each in OUTCOMES}
        return {"outcomes": pd.DataFrame(found)}


def run_points(scenario: Scenario, points: pd.DataFrame, runner: Runner, seed: int, label: str) -> pd.DataFrame:
    """Return the outcomes at points (one row each, columns named by parameter), one column per outcome.

    All runs have the same base population and the same luck, so that a difference comes from the parameters. Other
    parameters are those of the scenario in the middle of the posterior.
    """
    tasks = tasks_at(scenario, points, seed)
    found = dict(runner.tables(tasks, label))
    rows = [found[position]["outcomes"] for position in range(len(tasks))]
    return pd.concat(rows, ignore_index=True)[[outcome.indicator for outcome in OUTCOMES]]


def tasks_at(scenario: Scenario, points: pd.DataFrame, seed: int) -> list[Task]:
    """Return the run of every point."""
    its = given(scenario, 0)
    found = []
    for row in points.to_dict("records"):
        point = {str(name): float(value) for name, value in row.items()}
        final = replace(scenario, parameters=overlay(its.parameters, point))
        found.append(Task(final, its.constants, seed, 0, probe=LastMonth()))
    return found


def problem(names: Sequence[str], bounds: Sequence[tuple[float, float]]) -> Mapping[str, object]:
    """Return the description of factors as SALib takes it."""
    return {"num_vars": len(names), "names": list(names), "bounds": [list(pair) for pair in bounds]}
