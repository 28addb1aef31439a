"""The functions of the public API that run something."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from concurrent.futures import Executor

from urbsim.experiment.ensemble import Ensemble
from urbsim.experiment.errors import ExperimentError
from urbsim.experiment.plan import DEFAULT_DRAWS, DEFAULT_REPLICATES, make_plan
from urbsim.experiment.runner import Runner, available_store, carry_out
from urbsim.months import parse_month
from urbsim.scenario.model import Scenario


class FailedRunsWarning(UserWarning):
    """Some runs raised an error and are missing from the results."""


def simulate(
    scenario: Scenario,
    *,
    scale: float | None = None,
    seed: int = 0,
    draws: int = DEFAULT_DRAWS,
    replicates: int = DEFAULT_REPLICATES,
    until: str | None = None,
    jobs: int = 1,
    executor: Executor | None = None,
    overwrite: bool = False,
) -> Ensemble:
    """Simulate one scenario.

    Parameters
    ----------
    scenario
        From ``load_scenario`` or ``scenario_from_mapping``.
    scale
        Sampled share of the population, above 0 and at most 1; the scenario's own without it.
    seed
        Root of all random numbers.
    draws, replicates
        Draws of the parameters from the posterior, 0 for its median alone, and repetitions of each with different luck.
    until
        Last month simulated, YYYY-MM; the scenario's own without it.
    jobs
        Number of processes; results do not depend on it. More than one needs a script that guards its main part with
        ``if __name__ == "__main__"``, or a notebook.
    executor
        Where the runs are done in place of ``jobs`` processes: any ``concurrent.futures.Executor``, such as that of a
        cluster. It is left running.
    overwrite
        Simulate again what was simulated before; finished runs are otherwise taken from the user's cache.

    Raises
    ------
    ExperimentError
        If a number is out of bounds or ``until`` is not a month.
    RunError
        If no run succeeded or a worker was killed.
    """
    return compare(
        [scenario],
        scale=scale,
        seed=seed,
        draws=draws,
        replicates=replicates,
        until=until,
        jobs=jobs,
        executor=executor,
        overwrite=overwrite,
    )


def compare(
    scenarios: Sequence[Scenario],
    *,
    scale: float | None = None,
    seed: int = 0,
    draws: int = DEFAULT_DRAWS,
    replicates: int = DEFAULT_REPLICATES,
    until: str | None = None,
    jobs: int = 1,
    executor: Executor | None = None,
    overwrite: bool = False,
) -> Ensemble:
    """Simulate several scenarios of the same region and period, paired person by person.

    The first scenario is the baseline. Parameters and errors are those of ``simulate``; scenarios that cannot be
    compared raise ``ExperimentError``. A run that fails is left out and reported by a ``FailedRunsWarning``.
    """
    try:
        last = parse_month(until) if until is not None else None
    except ValueError as error:
        raise ExperimentError(str(error)) from None
    plan = make_plan(scenarios, scale=scale, until=last, seed=seed, draws=draws, replicates=replicates)
    ensemble = carry_out(plan, Runner(executor or jobs, store=available_store(), overwrite=overwrite))
    if ensemble.failures:
        first = ensemble.failures[0]
        warnings.warn(
            f"{len(ensemble.failures)} of {len(plan.run_keys())} runs failed and are left out; the first, "
            f"'{first.key.scenario}' replicate {first.key.replicate}, at {first.stage}: {first.error}",
            FailedRunsWarning,
            stacklevel=2,
        )
    return ensemble
