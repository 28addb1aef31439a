"""The steps of a month: each has a name, and knows the CPU time it has taken."""

from __future__ import annotations

import time
from collections.abc import Callable

from numba.core import event


class _CompilerClock(event.Listener):  # type: ignore[misc]
    """Seconds Numba has spent in this process on compiling kernels, or on loading compiled ones.

    ``seconds`` are of the CPU, ``wall`` of the clock on the wall.
    """

    def __init__(self) -> None:
        self.seconds = self.wall = 0.0
        self._depth, self._started, self._began = 0, 0.0, 0.0

    def on_start(self, event: event.Event) -> None:  # noqa: ARG002
        """Start the clock; a kernel compiled on behalf of another is part of that one's time."""
        if self._depth == 0:
            self._started, self._began = time.process_time(), time.perf_counter()
        self._depth += 1

    def on_end(self, event: event.Event) -> None:  # noqa: ARG002
        """Stop the clock."""
        self._depth -= 1
        if self._depth == 0:
            self.seconds += time.process_time() - self._started
            self.wall += time.perf_counter() - self._began


_compiler = _CompilerClock()
event.register("numba:compiler_lock", _compiler)


class Stopwatch:
    """CPU seconds of some work: ``with watch: ...``, as often as it is done.

    Attributes
    ----------
    seconds : float
        CPU seconds the work has taken so far, without ``compiling``.
    compiling : float
        CPU seconds that went into compiling kernels or loading compiled ones, once in a process.
    """

    def __init__(self) -> None:
        self.seconds = self.compiling = 0.0
        self._started = self._compiled = 0.0

    def __enter__(self) -> Stopwatch:
        self._started, self._compiled = time.process_time(), _compiler.seconds
        return self

    def __exit__(self, *_: object) -> None:
        compiling = _compiler.seconds - self._compiled
        self.compiling += compiling
        self.seconds += time.process_time() - self._started - compiling


class Step(Stopwatch):
    """One step of the month: call it to carry it out; it knows the CPU time it has taken.

    Attributes
    ----------
    name : str
        What the step is called, in schedules and profiles.
    """

    def __init__(self, name: str, action: Callable[[], None]) -> None:
        super().__init__()
        self.name, self.action = name, action

    def __call__(self) -> None:
        """Carry the step out."""
        with self:
            self.action()

    def __repr__(self) -> str:
        return f"Step({self.name!r})"


Schedule = tuple[Step, ...]


def carry_out(schedule: Schedule) -> None:
    """Carry out the steps of a month, and add to each its part of the CPU time, as the clock on the wall divides it.

    Reading the CPU's clock is a call of the system, which at every step would take as long as the steps of a small
    world; the clock on the wall costs next to nothing.
    """
    spent, compiled = time.process_time(), _compiler.seconds
    walls, now, known = [], time.perf_counter(), _compiler.wall
    for step in schedule:
        before, compiling = now, _compiler.seconds
        step.action()
        now = time.perf_counter()
        walls.append(now - before)
        if _compiler.seconds > compiling:
            step.compiling += _compiler.seconds - compiling
            walls[-1] -= _compiler.wall - known
            known = _compiler.wall
    spent = time.process_time() - spent - (_compiler.seconds - compiled)
    whole = sum(walls) or 1.0
    for step, wall in zip(schedule, walls, strict=True):
        step.seconds += spent * wall / whole
