"""Many simulations at once: in this process or a pool of workers, with progress, in any order."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from urbsim.experiment import compilation

Work = TypeVar("Work")
Result = TypeVar("Result")


def run_all(
    function: Callable[[Work], Result], tasks: Sequence[Work], jobs: int, label: str = "", *, quiet: bool = False
) -> Iterator[tuple[int, Result]]:
    """Yield (position, result) of every task as it is done; ``function`` must be importable by a worker.

    An error of a task ends the work: results yielded before it stay valid, so a caller that stores each result loses
    nothing. A bar is shown on a terminal, a line per tenth of the tasks elsewhere.
    """
    if not tasks:
        return
    with _Bar(len(tasks), label, quiet) as bar:
        if jobs == 1 or len(tasks) == 1:
            for position, task in enumerate(tasks):
                yield position, function(task)
                bar.advance()
            compilation.mark_ready()
            return
        strangers = set(multiprocessing.active_children())
        context = multiprocessing.get_context("spawn")
        pool = ProcessPoolExecutor(min(jobs, len(tasks)), mp_context=context, initializer=_leave_interrupts_to_parent)
        try:
            first = 0
            if not compilation.is_ready():  # alone, because workers compiling at once could spoil each other's cache
                yield 0, pool.submit(function, tasks[0]).result()
                compilation.mark_ready()
                bar.advance()
                first = 1
            futures = {pool.submit(function, task): first + number for number, task in enumerate(tasks[first:])}
            for future in as_completed(futures):
                yield futures[future], future.result()
                bar.advance()
            pool.shutdown()
        except BaseException:
            for process in set(multiprocessing.active_children()) - strangers:
                process.terminate()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _leave_interrupts_to_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


class _Bar:
    def __init__(self, total: int, label: str, quiet: bool) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._total, self._done, self._label = total, 0, label
        self._quiet, self._bar = quiet, None
        if self._console.is_terminal and not quiet:
            columns = (TextColumn(label), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
            self._bar = Progress(*columns, console=self._console, transient=True)
            self._task = self._bar.add_task("", total=total)

    def __enter__(self) -> _Bar:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar:
            self._bar.stop()

    def advance(self) -> None:
        self._done += 1
        if self._bar:
            self._bar.advance(self._task)
        elif not self._quiet and (self._done * 10 // self._total) != ((self._done - 1) * 10 // self._total):
            self._console.print(f"{self._label}: {self._done} of {self._total}", markup=False)
