"""Runs of one scenario at many points of parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from urbsim.experiment.plan import given
from urbsim.experiment.runner import Runner
from urbsim.experiment.simulate import Probe, Task
from urbsim.experiment.tables import Tables
from urbsim.parameters import overlay
from urbsim.scenario.model import Scenario
from urbsim.sensitivity.outcomes import OUTCOMES

if TYPE_CHECKING:
    from urbsim.model import UrbanizationModel


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

    All runs have the same base population and the same random numbers, so that a difference comes from the parameters.
    Other parameters are those of the scenario in the middle of the posterior.
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


def varying(outcomes: pd.DataFrame) -> tuple[str, ...]:
    """Return the outcomes that every run has and that differ between runs; the others have nothing to explain."""
    values = outcomes.to_numpy(dtype=float)
    known = np.isfinite(values).all(axis=0)
    return tuple(
        str(name)
        for name, column, is_known in zip(outcomes.columns, values.T, known, strict=True)
        if is_known and np.ptp(column) > 1e-12 * max(float(np.abs(column).max()), 1.0)
    )


def problem(names: Sequence[str], bounds: Sequence[tuple[float, float]]) -> Mapping[str, object]:
    """Return the description of factors as SALib takes it."""
    return {"num_vars": len(names), "names": list(names), "bounds": [list(pair) for pair in bounds]}
