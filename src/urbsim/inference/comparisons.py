"""What the studies that fit would have found at points of the parameters: each study's own comparison, simulated.

A point has random numbers and a lot of treated places of its own. Much of what a comparison finds in a small world is
luck that the same comparison finds without any policy, where its true result is zero: that is taken off (a control
variate), which leaves the expectation as it is. Where nobody is treated without the policy, or the only
comparison is that with the same people in a world without it, there is nothing to take off.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from urbsim.calibration.design import parameters_at
from urbsim.evidence.reading import studies
from urbsim.evidence.rows import EvidenceStudy, Role, StudyOutcome
from urbsim.experiment.runner import Runner
from urbsim.posterior.draws import Draw, equation_in, national_folder
from urbsim.state.constants import CountyConstants
from urbsim.validation.run import STUDIES, Grounds, estimate, grounds_of, worlds_of
from urbsim.validation.study import Estimate, Study
from urbsim.validation.worlds import ExperimentSize, Observed, observed_in, world_task


@dataclass(frozen=True)
class Finding:
    """One number that is fitted: of which study, which outcome, and by which experiment it is simulated."""

    study: EvidenceStudy
    outcome: StudyOutcome
    experiment: Study

    @property
    def name(self) -> str:
        """Its name in tables: study and outcome."""
        return f"{self.study.id}.{self.outcome.key}"

    @property
    def estimate(self) -> float:
        """What the study found."""
        assert self.outcome.estimate is not None
        return self.outcome.estimate

    @property
    def error(self) -> float:
        """Its standard error."""
        assert self.outcome.error is not None
        return self.outcome.error


def findings(role: Role = Role.FIT) -> tuple[Finding, ...]:
    """Return the numbers of a role that an experiment can simulate, in the order of the list."""
    experiments = {study.key: study for study in STUDIES}
    return tuple(
        Finding(row, outcome, experiments[row.experiment])
        for row in studies()
        if row.role is role and row.experiment in experiments
        for outcome in row.outcomes
        if outcome.modelled and outcome.estimate is not None
    )


def simulate_findings(
    points: pd.DataFrame, wanted: Sequence[Finding], size: ExperimentSize, runner: Runner
) -> pd.DataFrame:
    """Return what the comparisons find at points of parameters.

    Parameters
    ----------
    points
        One row per point; columns are parameters, constants of destinations net of distance. The index is the number of
        the point, which fixes its luck.
    wanted
        The numbers to simulate.
    size
        Places and people; a point is one replicate.
    runner
        Where simulations are carried out and kept.

    Returns
    -------
    DataFrame
        One row per point, one column per number, by name.
    """
    chosen = list(dict.fromkeys(finding.experiment for finding in wanted))
    grounds = {number: _grounds(row, number, size, chosen) for number, row in _rows(points).items()}
    worlds = {number: worlds_of(each, chosen) for number, each in grounds.items()}
    order = [(number, name) for number, names in worlds.items() for name in names]
    tasks = [world_task(*worlds[number][name]) for number, name in order]
    surveys: dict[int, dict[str, Observed]] = {number: {} for number in grounds}
    found: dict[int, dict[str, float]] = {}
    for position, tables in runner.tables(tasks, "worlds of studies"):
        number, name = order[position]
        surveys[number][name] = observed_in(tables, worlds[number][name].months)
        if len(surveys[number]) == len(worlds[number]):
            found[number] = _found(grounds[number], chosen, surveys.pop(number), wanted)
    return pd.DataFrame.from_dict(found, orient="index").loc[list(grounds)].rename_axis("point")


def _rows(points: pd.DataFrame) -> dict[int, dict[str, float]]:
    return {
        int(number): {str(name): float(value) for name, value in row.items()}
        for number, row in zip(points.index, points.to_dict("records"), strict=True)
    }


def _grounds(point: Mapping[str, float], number: int, size: ExperimentSize, experiments: Sequence[Study]) -> Grounds:
    """Return the places of a point, with the constants that are expected of them at this stage of the calibration.

    The county equation says which: zero for districts, of which nothing is known before their own are fitted.
    """
    equation = equation_in(national_folder())

    def drawn_for(codes: tuple[str, ...]) -> Draw:
        middle = np.zeros((len(codes), 2)) if equation is None else np.round(equation.constants(codes), 6)
        return Draw(parameters_at(point), CountyConstants.of(np.tile(middle, 2)))

    return grounds_of(size, number, experiments, drawn_for)


def _found(
    grounds: Grounds, experiments: Sequence[Study], worlds: Mapping[str, Observed], wanted: Sequence[Finding]
) -> dict[str, float]:
    by_key = estimate(grounds, experiments, worlds)
    return {each.name: _number(each, by_key[each.experiment.key]) for each in wanted}


def _number(finding: Finding, found: Mapping[str, Estimate]) -> float:
    """Return what was found of a number, not-a-number where the comparison cannot be made."""
    if finding.outcome.key not in found:
        return float("nan")
    its = found[finding.outcome.key]
    return its.twin if finding.outcome.key in finding.experiment.twins else its.study
