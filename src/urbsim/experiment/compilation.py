"""Whether the model's kernels are compiled on this machine, and how to compile them before workers start.

Compiling keeps one core busy for up to half a minute, so processes share the kernels out among them; Numba
keeps compiled code in files, where the run then finds it. What is in no list (``signatures``) is compiled by a run of a
tiny model, alone: of processes that compile the same kernel for different types at once, one may load what another
wrote for something else. A marker file in the folder of compiled code remembers that this was done.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from threading import Lock, Thread

from filelock import FileLock

from urbsim.experiment.simulate import Finished, Recorded, Task, simulate
from urbsim.labels import Label, bilingual

#: How long compiling takes: some 16 seconds on two cores, 25 on one.
TIME = Label("up to half a minute", "至多半分钟")
MESSAGE = Label(
    f"compiling the model for this machine (first run only, {TIME.en})", f"为本机编译模型（仅第一次运行，{TIME.zh}）"
)
_PEOPLE_SHARE = 0.002
_MONTHS = 13  # every month of the year, so that each yearly step is met
#: More processes than this would wait for the kernel that takes longest.
_MOST_PROCESSES = 8

#: Is told kernels compiled so far, and kernels in all.
Tell = Callable[[int, int], None]


def compile_model(task: Task, tell: Tell | None = None) -> None:
    """Compile every kernel that a task needs, several at a time, and remember that."""
    side_by_side(tell)
    warm_up(task)


def warm_up(task: Task) -> None:
    """Run a small version of a task over a whole year so that every kernel is compiled, and remember that.

    An error is left to the real run.
    """
    scenario = task.scenario
    scale, first = min(scenario.scale, _PEOPLE_SHARE), scenario.census
    small = replace(scenario, scale=scale, start=first, until=first + _MONTHS - 1)
    if isinstance(simulate(replace(task, scenario=small, probe=Recorded())), Finished):
        mark_ready()


def side_by_side(tell: Tell | None = None, processes: int | None = None) -> None:
    """Compile the kernels in processes of their own, as many as there are cores; what they miss is left to the run."""
    from urbsim.experiment.signatures import signatures

    count = processes or min(os.cpu_count() or 1, _MOST_PROCESSES)
    if count == 1:
        return  # by itself this process is as fast
    whole, done, lock = len(signatures()), 0, Lock()

    def listen(part: subprocess.Popen[str]) -> None:
        nonlocal done
        assert part.stdout is not None
        for _ in part.stdout:
            with lock:
                done += 1
                if tell is not None:
                    tell(done, whole)

    parts = []
    try:
        with suppress(OSError):
            parts += [_started(number, count) for number in range(count)]
        listeners = [Thread(target=listen, args=(part,), daemon=True) for part in parts]
        for listener in listeners:
            listener.start()
        for listener in listeners:
            listener.join()
    finally:
        for part in parts:
            part.kill()
            part.wait()


def _started(number: int, count: int) -> subprocess.Popen[str]:
    code = f"from urbsim.experiment.signatures import compile_part; compile_part({number}, {count})"
    nothing = subprocess.DEVNULL
    return subprocess.Popen(
        [sys.executable, "-c", code], stdin=nothing, stdout=subprocess.PIPE, stderr=nothing, text=True
    )


def prepare(task: Task) -> None:
    """See to it that every kernel is compiled: one process of a machine does it, others wait."""
    from urbsim.kernels import CACHE_FOLDER

    if is_ready():
        return
    assert CACHE_FOLDER is not None
    with FileLock(CACHE_FOLDER / "compiling.lock"):
        if not is_ready():
            compile_model(task)


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
        f"compiling the model anew, {TIME.en}: compiled code is not kept, because {CACHE_PROBLEM}",
        f"重新编译模型，{TIME.zh}：编译结果没有保留，因为{CACHE_PROBLEM}",
    )
