"""Whether the model's kernels are compiled on this machine, and how to compile them before workers start.

Numba keeps compiled code in files. Several processes that compile at once write the same files, and one may then load
what another wrote for something else; so with a cold cache one process runs a tiny model first. A marker file in the
folder of compiled code remembers that this was done.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from urbsim.experiment.plan import Task
from urbsim.experiment.worker import run_task

_PEOPLE_SHARE = 0.002
_MONTHS = 13  # every month of the year, so that each yearly step is met


def warm_up(task: Task) -> None:
    """Run a tiny version of a task so that every kernel is compiled; errors are left to the real run."""
    scenario = task.scenario
    small = replace(
        scenario,
        scale=min(scenario.scale, _PEOPLE_SHARE),
        until=min(scenario.until, scenario.start + _MONTHS - 1),
    )
    run_task(replace(task, scenario=small), lambda _: None)


def is_ready() -> bool:
    """Tell whether these sources were compiled by this compiler before."""
    return _marker().exists()


def mark_ready() -> None:
    """Remember that the kernels are compiled."""
    with suppress(OSError):  # without the marker the next run warms up once more, no harm done
        _marker().parent.mkdir(parents=True, exist_ok=True)
        _marker().touch()


def _marker() -> Path:
    from urbsim.kernels import CACHE_FOLDER

    return CACHE_FOLDER / "complete"
