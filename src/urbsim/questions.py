"""The functions of the public API that answer an analyst's questions about a plan."""

from __future__ import annotations

from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING

from urbsim.decision.ask import Asked, ask_contributions
from urbsim.decision.evaluation import Evaluator, Settings
from urbsim.decision.findings import Findings
from urbsim.experiment.plan import DEFAULT_DRAWS, DEFAULT_REPLICATES
from urbsim.experiment.runner import Runner, available_store
from urbsim.labels import Language
from urbsim.scenario.model import Scenario

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Contributions(Findings):
    """What each group of a plan's policies adds, with what it takes to draw and to keep it."""

    def plot(self, language: Language = "en") -> Figure:
        """Return the waterfall chart."""
        from urbsim.report.charts.waterfall import waterfall_chart
        from urbsim.report.contributions import waterfall_data

        return waterfall_chart(self, waterfall_data(self), language).figure

    def save(self, folder: str | Path, language: Language = "en") -> Path:
        """Write the tables and the waterfall chart to a folder; return its path.

        Raises
        ------
        ExperimentError
            If the folder cannot be written.
        """
        from urbsim.report.decisions import write_contributions

        return write_contributions(self, Path(folder), language)


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
    scale, seed, draws, replicates, jobs, executor, overwrite
        As for ``urbsim.compare``.

    Raises
    ------
    ExperimentError
        If a setting is out of bounds, nothing differs, or the plan has no parts to group by.
    RunError
        If a run fails; those before it are kept.
    """
    settings = Settings(scale, seed, draws, replicates)
    runner = Runner(executor or jobs, store=available_store(), overwrite=overwrite)
    found = ask_contributions(plan, against, Asked(by, indicator, at), settings, Evaluator(runner, seed))
    return Contributions(found.question, found.by, found.effects, found.seed)
