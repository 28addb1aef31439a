"""Whether the model's kernels are compiled on this machine, and how to compile them before workers start.

Numba keeps compiled code in files. Several processes that compile at once write the same files, and one may then load
what another wrote for something else; so with a cold cache one process runs a tiny model first. A marker file in the
folder of compiled code remembers that this was done.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from filelock import FileLock

from urbsim.experiment.simulate import Finished, Recorded, Task, simulate
from urbsim.labels import Label, bilingual

MESSAGE = Label(
    "compiling the model for this machine (first run only, about a minute)", "为本机编译模型（仅第一次运行，约一分钟）"
)
_PEOPLE_SHARE = 0.002
_MONTHS = 13  # every month of the year, so that each yearly step is met


def warm_up(task: Task) -> None:
    """Run a small version of a task over a whole year so that every kernel is compiled, and remember that.

    An error is left to the real run.
    """
    scenario = task.scenario
    scale, first = min(scenario.scale, _PEOPLE_SHARE), scenario.census
    small = replace(scenario, scale=scale, start=first, until=first + _MONTHS - 1)
    if isinstance(simulate(replace(task, scenario=small, probe=Recorded())), Finished):
        mark_ready()


def prepare(task: Task) -> None:
    """See to it that every kernel is compiled: one process of a machine does it, others wait."""
    from urbsim.kernels import CACHE_FOLDER

    if is_ready():
        return
    assert CACHE_FOLDER is not None
    with FileLock(CACHE_FOLDER / "compiling.lock"):
        if not is_ready():
            warm_up(task)


def is_ready() -> bool:
    """Return whether these sources were compiled by this compiler before, or every process compiles for itself."""
    from urbsim.kernels import CACHE_FOLDER, is_complete

    return CACHE_FOLDER is None or is_complete(CACHE_FOLDER)


def mark_ready() -> None:
    """Remember that the kernels are compiled."""
    from urbsim.kernels import CACHE_FOLDER, COMPLETE

    with suppress(OSError):  # without the marker the next run warms up once more, no harm done
        if CACHE_FOLDER is not None:
            (CACHE_FOLDER / COMPLETE).touch()


def problem() -> str | None:
    """Return in words why compiled code is not kept, None where it is."""
    from urbsim.kernels import CACHE_FOLDER, CACHE_PROBLEM

    if CACHE_FOLDER is not None:
        return None
    return bilingual(
        f"compiling the model anew, about a minute: compiled code is not kept, because {CACHE_PROBLEM}",
        f"重新编译模型，约一分钟：编译结果没有保留，因为{CACHE_PROBLEM}",
    )
