"""One batch of tasks on its way: what waits, what is with the workers, and what becomes of it."""

from __future__ import annotations

import pickle
import traceback
from asyncio import CancelledError as LoopCancelledError
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass
from queue import Empty
from typing import TYPE_CHECKING, Any

from urbsim.experiment.cluster import worker
from urbsim.experiment.cluster.connection import Connection, Event, Months, Returned
from urbsim.experiment.cluster.parcel import packed
from urbsim.experiment.cluster.stamp import Stamp
from urbsim.experiment.errors import RunError
from urbsim.experiment.progress import Progress
from urbsim.experiment.simulate import Broken, Outcome, Task, base_key
from urbsim.labels import bilingual

if TYPE_CHECKING:
    from collections.abc import Hashable

    from distributed import Future

#: Tasks with the workers for every thread of theirs: one at work, the next at hand, one more on its way.
_AHEAD, _AT_LEAST = 3, 4
#: How often a task is sent again whose workers died (each time Dask has tried four of them) or that otherwise failed.
_MOST_DEATHS, _MOST_FAILURES = 2, 5
_Found = tuple[int, Outcome, str, Stamp | None]


@dataclass(eq=False)
class _Sent:
    """A task that is with the workers; ``allowed`` are those it may go to, any without them."""

    position: int
    future: Future
    allowed: frozenset[str] | None


class Dispatch:
    """Tasks that are sent to a cluster and come back.

    Parameters
    ----------
    tasks
        What to simulate. Those that share a base population have it made once, and workers hand it on to each other.
    progress
        Is told the months simulated, and what goes wrong on the way.
    """

    def __init__(self, tasks: Sequence[Task], progress: Progress) -> None:
        self._tasks, self._progress = tasks, progress
        self._waiting = deque(range(len(tasks)))
        self._later: list[int] = []
        self._seen_looks = 0
        self._sent: dict[int, _Sent] = {}
        self._months: Counter[int] = Counter()
        self._deaths: Counter[int] = Counter()
        self._failures: Counter[int] = Counter()
        self._base_keys = [base_key(task) for task in tasks]
        self._sharing = Counter(self._base_keys)
        self._shared = {key for key, count in self._sharing.items() if count > 1}
        self._bases: dict[Hashable, Future] = {}
        self._unsent: list[_Found] = []
        self._call: Future | None = None
        self._connection: Connection

    @property
    def is_open(self) -> bool:
        """Whether anything has not come back yet."""
        return bool(self._waiting or self._later or self._sent or self._unsent)

    def begin(self, connection: Connection) -> None:
        """Use this connection from now on; what another one lost is sent again, before the rest."""
        self._connection, self._call, self._seen_looks = connection, None, 0
        self._bases.clear()
        self._waiting.extendleft(sorted({*self._sent, *self._later}, reverse=True))
        self._sent.clear()
        self._later.clear()

    def send(self) -> None:
        """Send what the workers can do next."""
        roster = self._connection.roster
        if roster.looks != self._seen_looks:
            self._seen_looks = roster.looks
            self._waiting.extend(self._later)
            self._later.clear()
            self._recall()
        usable = dict(roster.usable)
        if not usable:
            self._call_for_workers()
            return
        self._call = None
        # The scheduler balances best, and knows new workers first; it is held back only where it could choose wrongly.
        allowed = frozenset(usable) if roster.refused.keys() & roster.present else None
        while self._waiting and len(self._sent) < max(_AHEAD * sum(usable.values()), _AT_LEAST):
            self._send(self._waiting.popleft(), allowed)

    def returned(self, seconds: float) -> Iterator[_Found]:
        """Yield position, outcome, worker and its stamp of what comes back within this time."""
        yield from self._unsent
        self._unsent.clear()
        try:
            event = self._connection.events.get(timeout=seconds)
            while True:
                yield from self._heard(event)
                event = self._connection.events.get_nowait()
        except Empty:
            return

    def give_up(self) -> None:
        """Let workers stop at what is with them."""
        futures = [sent.future for sent in self._sent.values()] + list(self._bases.values())
        self._sent.clear()
        self._bases.clear()
        if futures and not self._connection.is_lost:
            self._connection.client.cancel(futures, asynchronous=False)

    def _call_for_workers(self) -> None:
        """Leave a word with the scheduler: a cluster that grows with its work begins to."""
        if self._call is None and not self._connection.roster.present:
            self._call = self._connection.send(worker.here)

    def _send(self, position: int, allowed: frozenset[str] | None) -> None:
        task = self._tasks[position]
        try:
            parcel = packed(task, self._connection.topic, position)
        except Exception as error:
            found = Broken("sending the levers", f"{type(error).__name__}: {error}", traceback.format_exc())
            self._unsent.append(self._done(position, found, "", None))
            return
        arguments: list[Any] = [parcel]
        key = self._base_keys[position]
        if key in self._shared:
            if key not in self._bases:
                self._bases[key] = self._connection.send(worker.make_base, packed(task), workers=allowed)
            arguments.append(self._bases[key])
        future = self._connection.send(worker.carry_out, *arguments, workers=allowed)
        sent = self._sent[position] = _Sent(position, future, allowed)
        self._connection.follow(future, sent)

    def _heard(self, event: Event) -> Iterator[_Found]:
        if isinstance(event, Months):
            if event.number in self._sent:
                self._advance(event.number, event.done)
        elif isinstance(event, Returned):
            sent = event.ticket
            if isinstance(sent, _Sent) and self._sent.get(sent.position) is sent:
                del self._sent[sent.position]
                yield from self._settled(sent.position, event.answer)
        else:
            self._progress.message(event.text)

    def _settled(self, position: int, answer: Any) -> Iterator[_Found]:
        """Yield what a task came to, or see that it is done elsewhere."""
        if isinstance(answer, bytes):
            address, stamp, months, outcome = pickle.loads(answer)
            self._advance(position, months)
            yield self._done(position, outcome, address, Stamp(*stamp))
            return
        self._bases.pop(self._base_keys[position], None)  # perhaps that is what failed
        if isinstance(answer, worker.UnfitError):
            address, stamp = answer.args
            self._connection.roster.refuse(address, Stamp(*stamp))
        elif type(answer).__name__ == "KilledWorker":
            self._deaths[position] += 1
            if self._deaths[position] >= _MOST_DEATHS:
                found = bilingual(
                    "every worker that began it died, most often for lack of memory",
                    "开始这次模拟的工作进程都中断了，多半是内存不足",
                )
                yield self._done(position, Broken("on the cluster", found, str(answer)), "", None)
                return
        elif not isinstance(answer, CancelledError | LoopCancelledError):
            self._failures[position] += 1
            if self._failures[position] >= _MOST_FAILURES:
                raise RunError(
                    bilingual(
                        f"the cluster cannot carry out a run: {type(answer).__name__}: {answer}",
                        f"集群无法完成一次模拟：{type(answer).__name__}：{answer}",
                    )
                ) from answer
        self._later.append(position)

    def _done(self, position: int, outcome: Outcome, address: str, stamp: Stamp | None) -> _Found:
        """Return what came of a task; a base population that no other needs is let go."""
        key = self._base_keys[position]
        self._sharing[key] -= 1
        if not self._sharing[key]:
            self._bases.pop(key, None)
        return position, outcome, address, stamp

    def _advance(self, position: int, months: int) -> None:
        """Tell how far a run is; one that began again elsewhere is told from where it had been."""
        self._progress.advance(max(months - self._months[position], 0))
        self._months[position] = max(months, self._months[position])

    def _recall(self) -> None:
        """Take back what waits for workers that have all gone."""
        present = self._connection.roster.present
        for sent in list(self._sent.values()):
            if sent.allowed is not None and not sent.allowed & present:
                del self._sent[sent.position]
                self._bases.pop(self._base_keys[sent.position], None)
                self._connection.client.cancel([sent.future])
                self._waiting.append(sent.position)
