"""Carrying out simulations: what is done already is read, the rest is simulated, everything is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor

from urbsim.experiment.ensemble import Ensemble
from urbsim.experiment.errors import RunError
from urbsim.experiment.executor import run_all
from urbsim.experiment.folder import RunFolder
from urbsim.experiment.merging import merge
from urbsim.experiment.plan import Failure, Plan, RunKey
from urbsim.experiment.profile import Profile
from urbsim.experiment.progress import Progress
from urbsim.experiment.simulate import Broken, Finished, Outcome, Task
from urbsim.experiment.tables import Tables


class Runner:
    """Where simulations are carried out, and who is told.

    Parameters
    ----------
    executor
        Number of processes, 1 being this one; or any ``concurrent.futures.Executor``, which is left running.
    progress
        Who is told how the work gets on; nobody without it.

    Attributes
    ----------
    profile : Profile
        Where the time of all runs simulated so far went.
    """

    def __init__(self, executor: int | Executor = 1, progress: Progress | None = None) -> None:
        self.executor = executor
        self.progress = progress or Progress()
        self.profile = Profile()

    def outcomes(self, tasks: Sequence[Task]) -> Iterator[tuple[int, Outcome]]:
        """Yield position and outcome of every task as it is done; ``run_all`` says what may be raised."""
        for position, outcome in run_all(tasks, self.executor, self.progress):
            if isinstance(outcome, Finished):
                self.profile += outcome.profile
            yield position, outcome

    def tables(self, tasks: Sequence[Task], label: str) -> Iterator[tuple[int, Tables]]:
        """Yield position and tables of every task as it is done, of which none may fail.

        Raises
        ------
        RunError
            If a task raised an error, or a worker was killed. What was yielded before stays valid.
        """
        self.progress.begin(label, len(tasks))
        try:
            for position, outcome in self.outcomes(tasks):
                if isinstance(outcome, Broken):
                    error = RunError(f"a simulation failed at {outcome.stage}: {outcome.error}")
                    error.add_note(outcome.details)
                    raise error
                self.progress.finished("")
                yield position, outcome.tables
        finally:
            self.progress.end()


def carry_out(plan: Plan, runner: Runner | None = None, folder: RunFolder | None = None) -> Ensemble:
    """Run a plan and return its ensemble; with a folder, resume what it holds and store every run in it.

    Raises
    ------
    ExperimentError
        If the folder cannot be used for this plan.
    RunError
        If a worker was killed, the disk is full, or no run at all succeeded.
    """
    runner = runner or Runner()
    progress = runner.progress
    if folder is not None:
        folder.prepare()
        if folder.is_complete():
            progress.message(f"{folder.path} already holds every run of this experiment")
            return Ensemble(plan, folder.load_merged())
        folder.begin()
    parts = folder.load_parts() if folder is not None else {}
    if parts:
        progress.message(f"resuming: {len(parts)} of {len(plan.run_keys())} runs were found complete")
    try:
        failures = _run_missing(plan, runner, parts, folder.store if folder is not None else None)
    finally:
        progress.end()
    if not parts:
        if folder is not None:
            folder.finish({}, failures)
        error = RunError(f"no run succeeded; the first failed at {failures[0].stage}: {failures[0].error}")
        error.add_note(failures[0].details)
        raise error
    tables = merge(parts, plan.run_keys())
    if folder is not None:
        folder.store_merged(tables)
    return Ensemble(plan, tables, tuple(failures))


def _run_missing(
    plan: Plan,
    runner: Runner,
    parts: dict[RunKey, Tables],
    store: Callable[[RunKey, Tables], None] | None,
) -> list[Failure]:
    """Run what ``parts`` lacks, adding to it; return the failures, in the plan's order."""
    failures, progress = [], runner.progress
    missing = {key: task for key, task in plan.tasks().items() if key not in parts}
    keys = list(missing)
    progress.begin("simulating", len(plan.run_keys()), len(parts), plan.baseline.months)
    for position, outcome in runner.outcomes(list(missing.values())):
        key = keys[position]
        if isinstance(outcome, Finished):
            if store is not None:
                _store(store, key, outcome.tables)
            parts[key] = outcome.tables
            progress.finished(str(key))
        else:
            failures.append(Failure(key, outcome.stage, outcome.error, outcome.details))
            progress.failed(str(key), f"at {outcome.stage}: {outcome.error}")
    order = plan.run_keys()
    return sorted(failures, key=lambda failure: order.index(failure.key))


def _store(store: Callable[[RunKey, Tables], None], key: RunKey, tables: Tables) -> None:
    try:
        store(key, tables)
    except OSError as error:
        raise RunError(f"cannot write to the run folder: {error.strerror or error}") from error
