"""Worker processes: fresh ones that count months for their parent, leave Ctrl-C to it, and end with it.

Loading what a simulation needs takes longer than a small one. A program therefore starts, before it loads anything
itself, a process that loads it meanwhile, and forks workers from that. Linux only: elsewhere libraries do not stand
being forked, and every worker loads for itself, as it does where urbsim is called from a process of somebody else's.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager, nullcontext, suppress
from importlib import import_module
from multiprocessing import connection, parent_process
from multiprocessing.sharedctypes import Synchronized
from types import ModuleType
from typing import ParamSpec, TypeVar

from urbsim.loading import is_own_process
from urbsim.threads import share_out, threads_each

_P = ParamSpec("_P")
_T = TypeVar("_T")
#: Imports, when it is imported, all that workers need.
_LOADED = "urbsim.experiment.loaded"


class _Server:
    """The process that workers are forked from."""

    running = False


def start_server() -> None:
    """Start the process that workers will be forked from, in a program of urbsim's that has none yet."""
    if _Server.running or not is_own_process() or sys.platform != "linux":
        return
    from multiprocessing import forkserver

    multiprocessing.get_context("forkserver").set_forkserver_preload([_LOADED])
    with suppress(OSError), _interrupts_held_back():  # without it workers load for themselves
        forkserver.ensure_running()
        _Server.running = True


def server_runs() -> bool:
    """Return whether workers are forked from a process that has loaded what they need."""
    return _Server.running


class Workers(ProcessPoolExecutor):
    """A pool of fresh processes that count months for their parent, leave Ctrl-C to it, and end with it.

    Only ``with_script`` do they load the script that is running, which then has to guard its main part.

    Raises
    ------
    OSError
        If the system has no shared memory or semaphores for processes.
    """

    def __init__(self, jobs: int, *, with_script: bool = True) -> None:
        self._script = nullcontext if with_script else _script_hidden
        context = multiprocessing.get_context("forkserver" if _Server.running else "spawn")
        self.jobs = jobs
        self.months_done: Synchronized[int] = context.Value("q", 0)
        settings = (self.months_done, threads_each(jobs))
        super().__init__(jobs, mp_context=context, initializer=_start_worker, initargs=settings)

    def submit(self, function: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """Submit a call; processes that this starts never see Ctrl-C, not even while they load."""
        with _interrupts_held_back(), self._script():
            return super().submit(function, *args, **kwargs)

    def end_at_once(self) -> None:
        """End all workers, whatever they are at."""
        for process in list((self._processes or {}).values()):
            process.terminate()
        self.shutdown(wait=False, cancel_futures=True)


_months_done: Synchronized[int] | None = None


def _start_worker(months_done: Synchronized[int], threads: int) -> None:
    """Prepare a worker process: the parent handles Ctrl-C, and no worker outlives its parent."""
    global _months_done  # noqa: PLW0603 - a process pool has no other way to hand a counter to its tasks
    _months_done = months_done
    share_out(threads)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_exit_with, args=(parent.sentinel,), daemon=True).start()
    import_module(_LOADED)


def _exit_with(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)


def add_months(months: int) -> None:
    """Add to the months that workers have simulated, in one of them; elsewhere nobody counts."""
    if _months_done is not None:
        with _months_done.get_lock():
            _months_done.value += months


@contextmanager
def _script_hidden() -> Iterator[None]:
    """Let processes that are started now know of no script: they would run it, and it would start processes again."""
    script = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = script


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Hold Ctrl-C back for a moment: it is not lost, and processes started meanwhile are deaf to it.

    The mask is inherited by the processes. It does not keep the signal from another thread of this one, after which
    Python calls the handler here in the middle of a start; hence a handler that waits.
    """
    if not hasattr(signal, "pthread_sigmask") or threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    handler = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        if came:
            signal.raise_signal(signal.SIGINT)
