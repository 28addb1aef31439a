"""Run tasks in this process or in a pool of workers, and yield outcomes as they come."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool

from urbsim.experiment import compilation
from urbsim.experiment.errors import RunError
from urbsim.experiment.monitor import Monitor
from urbsim.experiment.plan import Task
from urbsim.experiment.worker import Outcome, run_in_worker, run_task, start_worker

_POLL_SECONDS = 0.25


class WorkerLostError(RunError):
    """A worker process ended from outside, for example killed for lack of memory."""


def run_tasks(tasks: Sequence[Task], jobs: int, monitor: Monitor) -> Iterator[Outcome]:
    """Yield the outcome of every task, in any order.

    Raises
    ------
    WorkerLostError
        If a worker was killed; outcomes yielded before stay valid.
    """
    if not tasks:
        return
    compiled = compilation.is_ready()
    if not compiled:
        monitor.message("compiling the model for this machine (first run only, about a minute)")
    if jobs == 1 or len(tasks) == 1:
        for task in tasks:
            yield run_task(task, monitor.advance)
    else:
        yield from _run_in_pool(tasks, min(jobs, len(tasks)), monitor, warm_up=not compiled)
    compilation.mark_ready()


def _run_in_pool(tasks: Sequence[Task], jobs: int, monitor: Monitor, *, warm_up: bool) -> Iterator[Outcome]:
    context = multiprocessing.get_context("spawn")
    months_done = context.Value("q", 0)
    strangers = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=start_worker, initargs=(months_done,))
    try:
        if warm_up:  # alone, because workers writing the compile cache at once could spoil it
            pool.submit(compilation.warm_up, tasks[0]).result()
        pending = {pool.submit(run_in_worker, task) for task in tasks}
        seen = 0
        while pending:
            done, pending = wait(pending, timeout=_POLL_SECONDS, return_when=FIRST_COMPLETED)
            seen, before = months_done.value, seen
            monitor.advance(seen - before)
            yield from _outcomes(done)
        pool.shutdown()
    except BrokenProcessPool as lost:
        raise WorkerLostError(
            "a worker process was killed from outside, most often for lack of memory; try fewer --jobs or a "
            "smaller --scale"
        ) from lost
    except BaseException:
        for process in set(multiprocessing.active_children()) - strangers:
            process.terminate()
        pool.shutdown(wait=False, cancel_futures=True)
        raise


def _outcomes(done: set[Future[Outcome]]) -> Iterator[Outcome]:
    """Yield what finished, completed runs before the error of a lost worker."""
    lost = None
    for future in done:
        error = future.exception()
        if error is None:
            yield future.result()
        else:
            lost = error
    if lost is not None:
        raise lost
