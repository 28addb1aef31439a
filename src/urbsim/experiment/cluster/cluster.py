"""A cluster of other machines as the place where simulations are carried out.

Work goes out to the scheduler a little ahead of the workers, in the order of the tasks. The scheduler gives to another
worker what a dead one was at; what it loses itself, this process sends again. So a task is returned once, whatever
happens on the way, and what was returned is nowhere but here.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from typing import Any, ParamSpec, TypeVar

from urbsim.experiment.cluster.connection import Connection
from urbsim.experiment.cluster.dispatch import Dispatch
from urbsim.experiment.cluster.stamp import Stamp, as_record, own_stamp
from urbsim.experiment.errors import ExperimentError, RunError
from urbsim.experiment.progress import Progress
from urbsim.experiment.simulate import Outcome, Task
from urbsim.labels import bilingual

_P = ParamSpec("_P")
_T = TypeVar("_T")
_POLL_SECONDS = 0.25
#: Seconds to wait for a scheduler that went away, or for a worker that fits where there are others only.
PATIENCE = 600.0


class ClusterLostError(RunError):
    """The scheduler went away and did not come back, or no worker is left that may be used."""


class Cluster(Executor):
    """The workers of a Dask scheduler, as an ``executor``.

    Parameters
    ----------
    address
        Of the scheduler, such as ``tcp://10.0.0.1:8786``.
    patience
        Seconds to wait for a scheduler that went away, or for a worker that fits where there are others only; for the
        first worker there is no limit.

    Raises
    ------
    ExperimentError
        If Dask distributed is not installed, or no scheduler answers.
    """

    def __init__(self, address: str, *, patience: float = PATIENCE) -> None:
        self.address, self._patience = address, patience
        self._connection = Connection(address)
        #: Runs that came back, by address and stamp of the worker.
        self.runs: Counter[tuple[str, Stamp]] = Counter()

    def __enter__(self) -> Cluster:
        return self

    def libraries(self, progress: Progress | None = None) -> dict[str, str]:
        """Return the versions that the workers simulate with, after waiting for the first one.

        Raises
        ------
        ExperimentError
            If there are workers and none of them may be used.
        ClusterLostError
            If the scheduler goes away for good.
        """
        progress = progress or Progress()
        waiting = _Waiting(self, progress)
        while not (stamps := dict(self._connection.roster.stamps)):
            waiting.look(first=True)
            time.sleep(_POLL_SECONDS / 5)
        return dict(stamps[min(stamps)].libraries)

    def outcomes(self, tasks: Sequence[Task], progress: Progress) -> Iterator[tuple[int, Outcome]]:
        """Yield position and outcome of every task as it comes back, each once.

        Raises
        ------
        ExperimentError, ClusterLostError
            As ``libraries`` does; outcomes yielded before stay valid.
        """
        work, waiting = Dispatch(tasks, progress), _Waiting(self, progress)
        work.begin(self._connection)
        try:
            while work.is_open:
                if waiting.look(first=not self.runs):
                    work.begin(self._connection)
                work.send()
                for position, outcome, address, stamp in work.returned(_POLL_SECONDS):
                    if stamp is not None:
                        self.runs[address, stamp] += 1
                    yield position, outcome
        finally:
            work.give_up()

    def record(self, before: Mapping[tuple[str, Stamp], int]) -> list[dict[str, Any]]:
        """Return for a manifest who carried out the runs since ``before``, and where they differ from here."""
        since = self.runs - Counter(before)
        return as_record(((address, stamp, runs) for (address, stamp), runs in since.items()), own_stamp())

    def submit(self, function: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """Submit any call to any worker."""
        future: Future[_T] = self._connection.client.get_executor(pure=False).submit(function, *args, **kwargs)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002
        """Let go of the scheduler; the cluster itself goes on."""
        self._connection.close()

    def reconnected(self, progress: Progress) -> None:
        """Wait for a scheduler that went away, and connect anew."""
        progress.message(
            bilingual(
                f"the scheduler at {self.address} is gone; waiting for it, what came back is kept",
                f"调度程序 {self.address} 失去联系；正在等待，已返回的结果会保留",
            )
        )
        self._connection.close()
        end = time.monotonic() + self._patience
        while True:
            try:
                self._connection = Connection(self.address)
            except ExperimentError as error:
                if time.monotonic() > end:
                    raise ClusterLostError(
                        bilingual(
                            f"the scheduler at {self.address} did not come back: {error}",
                            f"调度程序 {self.address} 没有恢复：{error}",
                        )
                    ) from None
                time.sleep(min(1.0, self._patience / 10))
            else:
                progress.message(
                    bilingual(
                        f"the scheduler at {self.address} is back; what it lost is sent again",
                        f"调度程序 {self.address} 恢复；它丢失的任务重新发送",
                    )
                )
                return


class _Waiting:
    """Looks after the connection and the workers while work goes on; says what is waited for, once."""

    def __init__(self, cluster: Cluster, progress: Progress) -> None:
        self._cluster, self._progress = cluster, progress
        self._since: float | None = None
        self._told = False

    def look(self, *, first: bool) -> bool:
        """Return whether the connection is a new one, made because the scheduler was gone.

        ``first`` says that no worker has done anything yet.
        """
        if self._cluster._connection.is_lost:
            self._cluster.reconnected(self._progress)
            return True
        roster = self._cluster._connection.roster
        if roster.usable:
            self._since, self._told = None, False
            return False
        now = time.monotonic()
        self._since = now if self._since is None else self._since
        refused = list(roster.refused.values())
        if refused and roster.present <= roster.refused.keys():
            text = bilingual(
                f"no worker at {self._cluster.address} may be used: {'. '.join(refused[:3])}",
                f"{self._cluster.address} 没有可用的工作进程：{'。'.join(refused[:3])}",
            )
            if first:
                raise ExperimentError(text)
            if now - self._since > self._cluster._patience:
                raise ClusterLostError(text)
        if now - self._since > 3.0 and not self._told:
            self._told = True
            self._progress.message(
                bilingual(f"waiting for workers at {self._cluster.address}", f"等待 {self._cluster.address} 的工作进程")
            )
        return False
