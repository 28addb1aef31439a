"""Who does the jobs: processes that stay warm, each with one job at a time, and threads that listen to them."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from urbsim.labels import Label
from urbsim.page.errors import RequestError, both
from urbsim.page.jobs import Job, Jobs, Lane, Text
from urbsim.page.work import CANCEL, serve_jobs

_LOG = logging.getLogger("urbsim.page")
#: Seconds that a worker has to notice that its job is cancelled; a month of a large county takes less.
_PATIENCE = 20.0
_LOST = Label(
    "the process at work was ended from outside, most often for lack of memory; ask for a smaller scale or fewer draws",
    "模拟进程被外部终止，多因内存不足；请缩小抽样比例或减少参数组数",
)


@dataclass
class _Worker:
    """One process, the end of its pipe, and what it is at."""

    lane: Lane
    process: BaseProcess | None = None
    pipe: Connection | None = None
    job: Job | None = None
    cancelled: float = 0.0
    sending: threading.Lock = field(default_factory=threading.Lock)


class Lanes:
    """Hands queued jobs to workers and tells whoever listens.

    Parameters
    ----------
    jobs
        What there is to do.
    quick, full
        Number of processes for what takes seconds, and for the rest.
    queue
        Jobs that may wait.
    """

    def __init__(self, jobs: Jobs, quick: int, full: int, queue: int) -> None:
        self.jobs, self._most = jobs, queue
        self._workers = [_Worker("quick") for _ in range(quick)] + [_Worker("full") for _ in range(full)]
        self._changed = threading.Condition()
        self._listeners: dict[str, set[Callable[[], None]]] = {}
        self._closed = False
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Queue what the last server left and start the workers."""
        self.jobs.requeue()
        for worker in self._workers:
            thread = threading.Thread(target=self._attend, args=(worker,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def close(self) -> None:
        """End all workers; jobs at work are queued for the next server."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        for worker in self._workers:
            if worker.process is not None:
                worker.process.terminate()
        for thread in self._threads:
            thread.join(5.0)
        self.jobs.requeue()

    def submit(self, job: Job) -> Job:
        """Queue a job, or return the one that asks the same and is there.

        Raises
        ------
        RequestError
            If too many wait.
        """
        with self._changed:
            known = self.jobs.get(job.id)
            if known is not None and known.status not in ("failed", "cancelled"):
                return known
            if len(self.jobs.waiting()) >= self._most:
                words = Label(
                    f"{self._most} jobs are waiting; cancel one, or ask again when some are done",
                    f"已有{self._most}个任务在排队；请取消一个，或稍后再试",
                )
                raise RequestError(words, 503)
            if known is not None:
                job.revision = known.revision + 1
            self.jobs.add(job)
            self._changed.notify_all()
        self._tell(job)
        return job

    def cancel(self, job: Job) -> None:
        """Stop a job, or take it from the queue; what it has simulated is kept."""
        with self._changed:
            if job.status == "queued":
                self._end(job, "cancelled")
                return
            for worker in self._workers:
                if worker.job is job and worker.pipe is not None and not worker.cancelled:
                    worker.cancelled = time.monotonic()
                    with worker.sending:
                        worker.pipe.send(CANCEL)

    def place(self, job: Job) -> int:
        """Return how many jobs of its lane are done before a queued one."""
        before = [each for each in self.jobs.waiting() if each.lane == job.lane]
        return before.index(job) if job in before else 0

    async def changes(self, job: Job, seconds: float, seen: int) -> None:
        """Return when a job has another revision than the one seen, or after some seconds."""
        loop, changed = asyncio.get_running_loop(), asyncio.Event()

        def tell() -> None:
            loop.call_soon_threadsafe(changed.set)

        listeners = self._listeners.setdefault(job.id, set())
        listeners.add(tell)
        try:
            if job.revision != seen:
                return
            await asyncio.wait_for(changed.wait(), seconds)
        except TimeoutError:
            pass
        finally:
            listeners.discard(tell)
            if not listeners:
                self._listeners.pop(job.id, None)

    def listeners(self, job: Job) -> int:
        """Return how many pages are watching a job."""
        return len(self._listeners.get(job.id, ()))

    def _tell(self, job: Job) -> None:
        for listener in list(self._listeners.get(job.id, ())):
            try:
                listener()
            except RuntimeError:  # its loop has ended
                continue

    def _attend(self, worker: _Worker) -> None:
        """Keep a worker alive and busy until the server ends."""
        while not self._closed:
            if worker.process is None or not worker.process.is_alive():
                _start(worker)
            job = self._next(worker)
            if job is not None:
                self._oversee(worker, job)

    def _next(self, worker: _Worker) -> Job | None:
        with self._changed:
            while not self._closed:
                found = next((job for job in self.jobs.waiting() if job.lane == worker.lane), None)
                if found is not None:
                    found.status, found.stage = "running", None
                    worker.job, worker.cancelled = found, 0.0
                    self._changed_job(found)
                    return found
                self._changed.wait(1.0)
        return None

    def _oversee(self, worker: _Worker, job: Job) -> None:
        assert worker.pipe is not None
        try:
            with worker.sending:
                worker.pipe.send((job.kind, job.request, str(self.jobs.path(job))))
            while not job.has_ended and not self._closed:
                if worker.pipe.poll(0.5):
                    self._heard(job, worker.pipe.recv())
                elif worker.cancelled and time.monotonic() - worker.cancelled > _PATIENCE:
                    raise EOFError
        except (EOFError, OSError):
            if not self._closed:
                with self._changed:
                    self._end(job, "cancelled" if worker.cancelled else "failed", both(_LOST))
                _stop(worker)
        finally:
            with self._changed:
                worker.job = None

    def _heard(self, job: Job, message: dict[str, Any]) -> None:
        with self._changed:
            status = message.pop("status", None)
            for name, value in message.items():
                setattr(job, name, value)
            if status is not None:
                self._end(job, status, job.error)
            else:
                self._changed_job(job, save="draws" in message)

    def _end(self, job: Job, status: Any, error: Text | None = None) -> None:
        job.status, job.error = status, None if status == "cancelled" else error
        self._changed_job(job)

    def _changed_job(self, job: Job, *, save: bool = True) -> None:
        job.revision += 1
        if save:
            self.jobs.save(job)
        self._tell(job)


def _start(worker: _Worker) -> None:
    context = multiprocessing.get_context("spawn")
    worker.pipe, theirs = context.Pipe()
    worker.process = context.Process(target=serve_jobs, args=(theirs,), daemon=True)
    worker.process.start()
    theirs.close()


def _stop(worker: _Worker) -> None:
    if worker.process is not None:
        worker.process.kill()
        worker.process.join(5.0)
    worker.process = None
