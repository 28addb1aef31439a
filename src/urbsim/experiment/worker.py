"""One run in a worker process: synthesise or reuse the base population, simulate, return tables or a failure."""

from __future__ import annotations

import os
import signal
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from multiprocessing import connection, parent_process
from multiprocessing.sharedctypes import Synchronized
from typing import TYPE_CHECKING, Any

from urbsim.experiment.plan import RunKey, Task
from urbsim.experiment.tables import TABLES, Tables
from urbsim.months import format_month
from urbsim.parameters import overlay
from urbsim.scenario.model import Scenario

if TYPE_CHECKING:
    from urbsim.model import UrbanizationModel


@dataclass(frozen=True)
class Failure:
    """A run that raised an error: at which stage, what, and the traceback."""

    key: RunKey
    stage: str
    error: str
    details: str


@dataclass(frozen=True)
class Finished:
    """A run that reached its last month."""

    key: RunKey
    tables: Tables


Outcome = Finished | Failure

# The base population of the last luck, since tasks come luck by luck: (identity, population).
_base: tuple[object, Any] | None = None
_months_done: Synchronized[int] | None = None


def start_worker(months_done: Synchronized[int]) -> None:
    """Prepare a worker process: the parent handles Ctrl-C, and no worker outlives its parent."""
    global _months_done  # noqa: PLW0603 - a process pool has no other way to hand a counter to its tasks
    _months_done = months_done
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_exit_with, args=(parent.sentinel,), daemon=True).start()


def _exit_with(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)


def run_in_worker(task: Task) -> Outcome:
    """Run a task, adding the months simulated to the counter shared with the parent."""
    counter = _months_done

    def advance(months: int) -> None:
        if counter is not None:
            with counter.get_lock():
                counter.value += months

    return run_task(task, advance)


def run_task(task: Task, advance: Callable[[int], None]) -> Outcome:
    """Simulate one run; an error becomes a ``Failure`` with its stage. ``advance`` is told each month simulated."""
    stage = "loading the model"
    model: UrbanizationModel | None = None
    try:
        from urbsim.model import UrbanizationModel
        from urbsim.posterior.draws import draw

        stage = "synthesis of the base population"
        base = _base_population(task)
        stage = "setting up the model"

        def progress(done: int, total: int) -> None:  # noqa: ARG001
            nonlocal stage
            stage = f"the month after {format_month(task.scenario.start + done - 1)}"
            advance(1)

        scenario, constants = task.scenario, None
        if scenario.calibrated:
            drawn = draw(task.key.draw, scenario.counties, scenario.base_year)
            constants = drawn.constants
            # What an analyst wrote holds against the posterior, from its dates on.
            scenario = replace(scenario, parameters=overlay(drawn.parameters, scenario.parameters))
        model = UrbanizationModel(scenario, task.seed, task.luck, base=base, progress=progress, constants=constants)
        stage = f"month {format_month(task.scenario.start)}"
        results = model.run()
        return Finished(task.key, {name: getattr(results, name) for name in TABLES})
    except Exception as error:
        return Failure(task.key, stage, f"{type(error).__name__}: {error}", traceback.format_exc())
    finally:
        if model is not None:
            model.close()


def _base_population(task: Task) -> Any:
    from urbsim.region.base import base_population

    global _base  # noqa: PLW0603 - a cache of size one per process
    scenario = task.scenario
    identity = (_synthesis_inputs(scenario), task.seed, task.luck)
    if _base is None or _base[0] != identity:
        _base = None  # free the old population before building the next
        _base = (identity, base_population(scenario, task.seed, task.luck))
    return _base[1]


def _synthesis_inputs(scenario: Scenario) -> object:
    parameters = tuple((name, repr(scenario.parameters[name])) for name in sorted(scenario.parameters))
    return scenario.counties, scenario.start, scenario.scale, parameters
