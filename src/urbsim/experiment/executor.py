"""Work in this process, in a pool of workers, or on whatever executor the caller has; outcomes as they come.

All three stand behind the interface of ``concurrent.futures.Executor``.
"""

from __future__ import annotations

import os
import pickle
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from importlib import import_module
from typing import ParamSpec, TypeVar

from urbsim.experiment import compilation
from urbsim.experiment.cluster.cluster import Cluster
from urbsim.experiment.errors import RunError
from urbsim.experiment.past import groups_of, simulate_together
from urbsim.experiment.progress import Progress
from urbsim.experiment.simulate import Broken, Outcome, Task, simulate
from urbsim.experiment.workers import Workers, add_months
from urbsim.labels import bilingual
from urbsim.loading import loading
from urbsim.threads import share_out, threads_each

_POLL_SECONDS = 0.25
_P = ParamSpec("_P")
_T = TypeVar("_T")


class WorkerLostError(RunError):
    """A worker process ended from outside, for example killed for lack of memory."""


class Sequential(Executor):
    """Carries out each call in this process, when it is submitted."""

    def submit(self, function: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """Call a function and return its finished future; an interrupt passes through."""
        future: Future[_T] = Future()
        try:
            future.set_result(function(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


def cores() -> int:
    """Return the number of processes where nothing else is asked for: one per core."""
    return os.cpu_count() or 1


def run_all(
    tasks: Sequence[Task], executor: int | Executor | None = 1, progress: Progress | None = None
) -> Iterator[tuple[int, Outcome]]:
    """Yield position and outcome of every task as it is done.

    Parameters
    ----------
    tasks
        What to simulate. Outcomes do not depend on where.
    executor
        Number of processes, 1 being this one; a cluster; or any other ``concurrent.futures.Executor``. An executor is
        left running. None means a process per core, or this one alone for tasks that use what the running script
        defines: other processes would have to run the script too.
    progress
        Is told the months simulated, as far as they are known before a run is done.

    Every process that is started here uses its part of the cores as threads of a run (``urbsim.threads``).

    Raises
    ------
    WorkerLostError
        If a worker was killed; outcomes yielded before stay valid.
    """
    progress = progress or Progress()
    if not tasks:
        return
    if isinstance(executor, Cluster):
        yield from executor.outcomes(tasks, progress)
        return
    if problem := compilation.problem():
        progress.message(problem)
    if not compilation.is_ready():
        progress.stage(str(compilation.MESSAGE))
    in_script = any(map(_uses_script, tasks))
    if executor is None:
        executor = 1 if in_script else cores()
    own = None
    if not isinstance(executor, Executor):
        own = _own_executor(min(executor, len(tasks)), progress, with_script=in_script)
    chosen = own if own is not None else executor
    assert isinstance(chosen, Executor)
    if isinstance(chosen, Sequential):
        _load()
        share_out(threads_each(1))
        if not compilation.is_ready():
            compilation.compile_model(tasks[0], progress.compiling)
        for group in groups_of(tasks):
            for each, outcome in _outcomes_of([tasks[each] for each in group], progress.advance):
                yield group[each], outcome
    else:
        yield from _submitted(tasks, chosen, progress)


def _load() -> None:
    """Load the model in one go, into this process."""
    with loading():
        import_module("urbsim.model")


def _uses_script(task: Task) -> bool:
    """Return whether a task holds a lever or a probe that the running script or notebook defines."""
    kinds = [type(task.probe), *map(type, task.scenario.policies.values())]
    return any(kind.__module__ in ("__main__", "__mp_main__") for kind in kinds)


def _outcomes_of(group: Sequence[Task], advance: Callable[[int], None]) -> Iterator[tuple[int, Outcome]]:
    """Carry out tasks that share their first months, or one alone; yield position in the group and outcome."""
    if len(group) > 1:
        yield from simulate_together(group, advance)
    else:
        yield 0, simulate(group[0], advance)


def _own_executor(jobs: int, progress: Progress, *, with_script: bool) -> Executor:
    if jobs == 1:
        return Sequential()
    try:
        return Workers(jobs, with_script=with_script)
    except (OSError, ImportError, NotImplementedError) as error:
        progress.message(
            bilingual(
                f"cannot start worker processes here ({error}); the runs follow each other in this one",
                f"不能启动工作进程（{error}）；各次模拟在本进程中依次进行",
            )
        )
        return Sequential()


def _submitted(tasks: Sequence[Task], executor: Executor, progress: Progress) -> Iterator[tuple[int, Outcome]]:
    """Yield what an executor makes of the tasks; our own workers end here, come what may."""
    seen = 0
    try:
        if not compilation.is_ready():
            if isinstance(executor, Workers):
                compilation.side_by_side(progress.compiling)
            # One run alone: what is in no list yet, workers compiling it at once could spoil for each other.
            executor.submit(compilation.warm_up, tasks[0]).result()
        groups = groups_of(tasks, executor.jobs if isinstance(executor, Workers) else len(tasks))
        pending = {executor.submit(_in_worker, [_Packed(tasks[each]) for each in group]): group for group in groups}
        while pending:
            done, _ = wait(pending, timeout=_POLL_SECONDS, return_when=FIRST_COMPLETED)
            if isinstance(executor, Workers):
                seen, before = executor.months_done.value, seen
                progress.advance(seen - before)
            yield from _outcomes({future: pending.pop(future) for future in done})
        if isinstance(executor, Workers):
            executor.shutdown()
    except BrokenProcessPool as lost:
        raise WorkerLostError(
            bilingual(
                "a worker process was killed from outside, most often for lack of memory; try fewer --jobs or a "
                "smaller --scale",
                "一个工作进程被外部结束，多半是内存不足；请减小 --jobs 或 --scale",
            )
        ) from lost
    finally:
        if isinstance(executor, Workers):
            executor.end_at_once()


def _outcomes(done: dict[Future[list[Outcome]], list[int]]) -> Iterator[tuple[int, Outcome]]:
    """Yield what finished, completed runs before the error of a lost worker."""
    lost = None
    for future, group in done.items():
        error = future.exception()
        if error is None:
            yield from zip(group, future.result(), strict=True)
        else:
            lost = error
    if lost is not None:
        raise lost


class _Packed:
    """A task on its way to a worker, unpacked only there: a lever that cannot be loaded fails one run, not the pool."""

    def __init__(self, task: Task | bytes) -> None:
        self._task = task

    def __reduce__(self) -> tuple[type[_Packed], tuple[bytes]]:
        return _Packed, (self._task if isinstance(self._task, bytes) else pickle.dumps(self._task),)

    def unpack(self) -> Task:
        """Return the task."""
        task: Task = pickle.loads(self._task) if isinstance(self._task, bytes) else self._task
        return task


def _in_worker(packed: Sequence[_Packed]) -> list[Outcome]:
    """Carry out tasks of a group, adding the months simulated to the counter shared with the parent."""
    try:
        tasks = [each.unpack() for each in packed]
    except Exception as error:
        broken = Broken("loading the levers", f"{type(error).__name__}: {error}", traceback.format_exc())
        return [broken] * len(packed)

    found = dict(_outcomes_of(tasks, add_months))
    return [found[position] for position in range(len(tasks))]
