"""Carry out a plan: load what a folder already holds, run the rest, store each run, merge."""

from __future__ import annotations

from collections.abc import Callable

from urbsim.experiment.ensemble import Ensemble
from urbsim.experiment.errors import RunError
from urbsim.experiment.executor import run_tasks
from urbsim.experiment.folder import RunFolder
from urbsim.experiment.monitor import Monitor, Silent
from urbsim.experiment.plan import Plan, RunKey
from urbsim.experiment.tables import Tables, merge
from urbsim.experiment.worker import Failure, Finished


def carry_out(plan: Plan, jobs: int, monitor: Monitor | None = None, folder: RunFolder | None = None) -> Ensemble:
    """Run a plan and return its ensemble; with a folder, resume what it holds and store every run in it.

    Raises
    ------
    ExperimentError
        If the folder cannot be used for this plan.
    RunError
        If a worker was killed, the disk is full, or no run at all succeeded.
    """
    monitor = monitor or Silent()
    if folder is not None:
        folder.prepare()
        if folder.is_complete():
            monitor.message(f"{folder.path} already holds every run of this experiment")
            return Ensemble(plan, folder.load_merged())
        folder.begin()
    parts = folder.load_parts() if folder is not None else {}
    monitor.begin(plan, len(parts))
    try:
        failures = _run_missing(plan, jobs, monitor, parts, folder.store if folder is not None else None)
    finally:
        monitor.end()
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
    jobs: int,
    monitor: Monitor,
    parts: dict[RunKey, Tables],
    store: Callable[[RunKey, Tables], None] | None,
) -> list[Failure]:
    """Run what ``parts`` lacks, adding to it; return the failures, in the plan's order."""
    failures = []
    for outcome in run_tasks([task for task in plan.tasks() if task.key not in parts], jobs, monitor):
        if isinstance(outcome, Finished):
            if store is not None:
                _store(store, outcome)
            parts[outcome.key] = outcome.tables
            monitor.finished(outcome.key)
        else:
            failures.append(outcome)
            monitor.failed(outcome)
    order = plan.run_keys()
    return sorted(failures, key=lambda failure: order.index(failure.key))


def _store(store: Callable[[RunKey, Tables], None], outcome: Finished) -> None:
    try:
        store(outcome.key, outcome.tables)
    except OSError as error:
        raise RunError(f"cannot write to the run folder: {error.strerror or error}") from error
