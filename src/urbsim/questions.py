"""The functions of the public API that answer an analyst's questions about a plan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

from urbsim.api import runner_of
from urbsim.decision.ask import Asked, ask_contributions
from urbsim.decision.discovery import Conditions, conditions_of_failure
from urbsim.decision.evaluation import Evaluator, RunSettings
from urbsim.decision.findings import Findings
from urbsim.decision.outcomes import COST
from urbsim.decision.quest import DEFAULT_CHANCE, DEFAULT_TRIALS, AskedSeek, Sought, ask_seek
from urbsim.decision.sweep import AskedSweep, SweepDesign, Swept, ask_sweep
from urbsim.decision.verification import FEWEST
from urbsim.experiment.plan import DEFAULT_DRAWS, DEFAULT_REPLICATES
from urbsim.labels import Language, spoken
from urbsim.scenario.model import Scenario

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Contributions(Findings):
    """What each group of a plan's policies adds, with what it takes to draw and to keep it."""

    def plot(self, language: Language | None = None) -> Figure:
        """Return the waterfall chart."""
        from urbsim.report.charts.waterfall import waterfall_chart
        from urbsim.report.contributions import waterfall_data

        return waterfall_chart(self, waterfall_data(self), language or spoken()).figure

    def save(self, folder: str | Path, language: Language | None = None) -> Path:
        """Write the tables and the waterfall chart to a folder; return its path.

        Raises
        ------
        ExperimentError
            If the folder cannot be written.
        """
        from urbsim.report.decisions import write_contributions

        return write_contributions(self, Path(folder), language or spoken())


def contributions(
    plan: Scenario,
    against: Scenario | None = None,
    *,
    by: str | None = None,
    indicator: str = "urbanization_rate",
    at: str | None = None,
    scale: float | None = None,
    seed: int = 0,
    draws: int = DEFAULT_DRAWS,
    replicates: int = DEFAULT_REPLICATES,
    jobs: int | None = None,
    executor: Executor | None = None,
    overwrite: bool = False,
    progress: bool | Callable[[int, int], None] = False,
) -> Contributions:
    """Say which policies of a plan did it: Shapley values, each alone and left out, costs, pairs.

    Parameters
    ----------
    plan
        The scenario to take apart.
    against
        What it is held against; the plan without its policies where nothing is given.
    by
        ``policy``, ``part`` or ``lever``: what policies are grouped by. Parts where the plan has some, else policies.
    indicator
        Name of the indicator.
    at
        The month asked about, YYYY-MM, up to which is simulated; the plan's last month without it.
    scale, seed, draws, replicates, jobs, executor, overwrite, progress
        As for ``urbsim.compare``.

    Raises
    ------
    ExperimentError
        If a setting is out of bounds, nothing differs, or the plan has no parts to group by.
    RunError
        If a run fails; those before it are kept.
    """
    settings = RunSettings(scale, seed, draws, replicates)
    runner = runner_of(jobs, executor, progress, overwrite=overwrite)
    found = ask_contributions(plan, against, Asked(by, indicator, at), settings, Evaluator(runner, seed))
    return Contributions(found.question, found.by, found.effects, found.seed)


class Sweep(Swept):
    """A plan at many points, with what it takes to draw and to keep it."""

    def conditions(self) -> Conditions:
        """Return under which amounts and drawn parameters the plan misses its goals."""
        return conditions_of_failure(self)

    def plot(self, language: Language | None = None) -> Figure:
        """Return the response curves."""
        from urbsim.report.charts.amounts import response_chart

        return response_chart(self, language or spoken()).figure

    def save(self, folder: str | Path, language: Language | None = None) -> Path:
        """Write tables, response curves, and the heat map of two amounts to a folder; return its path.

        Raises
        ------
        ExperimentError
            If the folder cannot be written.
        """
        from urbsim.report.decisions import write_sweep

        return write_sweep(self, self.conditions(), Path(folder), language or spoken())


def sweep(
    plan: Scenario,
    vary: Sequence[str],
    *,
    levels: int = 5,
    sobol: int | None = None,
    indicators: Sequence[str] = ("urbanization_rate",),
    reach: Sequence[str] = (),
    at: str | None = None,
    scale: float | None = None,
    seed: int = 0,
    draws: int = DEFAULT_DRAWS,
    replicates: int = DEFAULT_REPLICATES,
    jobs: int | None = None,
    executor: Executor | None = None,
    overwrite: bool = False,
    progress: bool | Callable[[int, int], None] = False,
) -> Sweep:
    """Say how a plan's results depend on amounts; ``rows()`` of the result is the tidy table.

    Parameters
    ----------
    plan
        The scenario whose amounts are varied.
    vary
        Amounts such as ``policies.parks.posts_per_year=0:5000`` or, with the values wanted, ``...=0,500,2000``.
    levels, sobol
        Values of each amount on a grid, or so many points of a Sobol sequence in its place.
    indicators
        Names of the indicators shown.
    reach
        Goals such as ``urbanization_rate >= 0.55 @ 2030-12`` that decide whether a run fails; the plan's targets
        without them.
    at
        The month asked about, YYYY-MM; the plan's last month without it.
    scale, seed, draws, replicates, jobs, executor, overwrite, progress
        As for ``urbsim.compare``.

    Raises
    ------
    ExperimentError
        If an amount, indicator, goal or setting cannot be.
    RunError
        If a run fails; those before it are kept.
    """
    runner = runner_of(jobs, executor, progress, overwrite=overwrite)
    asked = AskedSweep(vary, indicators, at, reach, SweepDesign(levels, sobol))
    found = ask_sweep(plan, asked, RunSettings(scale, seed, draws, replicates), Evaluator(runner, seed))
    return Sweep(**{each.name: getattr(found, each.name) for each in fields(found)})


class Quest(Sought):
    """What a search found, with what it takes to draw and to keep it."""

    def plot(self, language: Language | None = None) -> Figure:
        """Return the chart of cost against the chance of meeting the goals."""
        from urbsim.report.charts.amounts import frontier_chart

        return frontier_chart(self, language or spoken()).figure

    def save(self, folder: str | Path, language: Language | None = None) -> Path:
        """Write the scenario found, the trials and the chart to a folder; return its path.

        Raises
        ------
        ExperimentError
            If the folder cannot be written.
        """
        from urbsim.report.decisions import write_sought

        write_sought(self, Path(folder), language or spoken())
        return Path(folder)


def seek(
    plan: Scenario,
    reach: Sequence[str],
    vary: Sequence[str],
    *,
    chance: float = DEFAULT_CHANCE,
    within: Sequence[str] = (),
    minimise: str = COST,
    trials: int = DEFAULT_TRIALS,
    verify: int = FEWEST,
    scale: float | None = None,
    seed: int = 0,
    draws: int = DEFAULT_DRAWS,
    replicates: int = DEFAULT_REPLICATES,
    jobs: int | None = None,
    executor: Executor | None = None,
    overwrite: bool = False,
    progress: bool | Callable[[int, int], None] = False,
) -> Quest:
    """Find the cheapest amounts with which a plan reaches its goals, or what keeps them out of reach.

    Parameters
    ----------
    plan
        The scenario whose amounts are sought.
    reach
        Goals such as ``urbanization_rate >= 0.55 @ 2030-12``.
    vary
        Amounts with their ranges, such as ``policies.parks.posts_per_year=0:5000``.
    chance
        Probability with which all goals are to be met.
    within
        Limits that have to hold on average, such as ``cost <= 2e9``.
    minimise
        ``cost``, or an indicator.
    trials
        Amounts tried, about.
    verify
        Runs with draws that the search did not see, at least 100.
    scale, seed, draws, replicates, jobs, executor, overwrite, progress
        As for ``urbsim.compare``; ``draws`` are those of the search.

    Raises
    ------
    ExperimentError
        If a goal, amount, limit or setting cannot be.
    RunError
        If a run fails; those before it are kept.
    """
    runner = runner_of(jobs, executor, progress, overwrite=overwrite)
    asked = AskedSeek(reach, vary, within, chance, minimise, trials, verify)
    found = ask_seek(plan, asked, RunSettings(scale, seed, draws, replicates), Evaluator(runner, seed))
    return Quest(**{each.name: getattr(found, each.name) for each in fields(found)})
