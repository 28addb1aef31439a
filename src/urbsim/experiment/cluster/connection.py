"""The connection to a cluster's scheduler: work goes out, and what becomes of it comes back as events."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, NamedTuple

from urbsim.experiment.cluster.roster import Roster
from urbsim.experiment.errors import ExperimentError
from urbsim.labels import bilingual

if TYPE_CHECKING:
    from distributed import Future

_SECONDS_TO_CONNECT, _SECONDS_TO_CLOSE = 10.0, 2.0


class Returned(NamedTuple):
    """What came back of a parcel: the answer of a worker, or why there is none."""

    ticket: object
    answer: Any


class Months(NamedTuple):
    """How many months of a run have been simulated."""

    number: int
    done: int


class Said(NamedTuple):
    """Something worth a line."""

    text: str


Event = Returned | Months | Said


class Connection:
    """A client of the scheduler at an address.

    Raises
    ------
    ExperimentError
        If the extra is missing, the address is none, or no scheduler answers there.
    """

    def __init__(self, address: str) -> None:
        try:
            from distributed import Client
        except ImportError as error:
            raise ExperimentError(
                bilingual(
                    f'a cluster needs Dask distributed ({error}); install with: pip install "urbsim[cluster]"',
                    f'集群需要 Dask distributed（{error}）；安装命令：pip install "urbsim[cluster]"',
                )
            ) from None
        try:
            with ThreadPoolExecutor(1) as apart:  # a notebook's own thread has an event loop already
                apart.submit(asyncio.run, _knock(address)).result()
            self.client = Client(address, timeout=_SECONDS_TO_CONNECT, set_as_default=False, name="urbsim")
        except (OSError, ValueError, TypeError, RuntimeError) as error:
            raise ExperimentError(
                bilingual(
                    f"no Dask scheduler answers at {address!r} ({_first_line(error)}); allowed: the address that the "
                    "scheduler printed, such as tcp://10.0.0.1:8786",
                    f"“{address}”没有 Dask 调度程序应答（{_first_line(error)}）；允许：调度程序显示的地址，例如 tcp://10.0.0.1:8786",
                )
            ) from None
        self.topic = f"urbsim-{uuid.uuid4().hex}"
        self.events: SimpleQueue[Event] = SimpleQueue()
        self.roster = Roster(self.client, lambda text: self.events.put(Said(text)))
        self.client.subscribe_topic(self.topic, lambda event: self.events.put(Months(*event[1])))
        self.client.loop.add_callback(self.roster.keep)

    @property
    def is_lost(self) -> bool:
        """Whether the scheduler is gone, and with it everything that was sent."""
        return bool(self.client.status != "running")

    def send(self, work: Callable[..., Any], *arguments: Any, workers: Collection[str] | None = None) -> Future:
        """Send work, to any worker or one of those named; a future among the arguments stands for its result."""
        name = f"urbsim-{work.__name__}-{uuid.uuid4().hex}"
        names = None if workers is None else sorted(workers)
        return self.client.submit(work, *arguments, key=name, workers=names, pure=False)

    def follow(self, future: Future, ticket: object) -> None:
        """Let the end of some work become an event."""
        self.client.loop.add_callback(self._follow, future, ticket)

    async def _follow(self, future: Future, ticket: object) -> None:
        try:
            answer = await future
        except BaseException as error:  # a cancelled future raises what is no Exception
            answer = error
        self.events.put(Returned(ticket, answer))

    def close(self) -> None:
        """Let go of the scheduler, which forgets whatever was not returned; its workers stop at it."""
        with suppress(Exception):
            self.client.close(timeout=_SECONDS_TO_CLOSE)


async def _knock(address: str) -> None:
    """See that a scheduler answers: a client that finds none is slow and loud to give up."""
    from distributed.comm import connect
    from distributed.security import Security

    comm = await connect(address, timeout=_SECONDS_TO_CONNECT, **Security().get_connection_args("client"))
    await comm.close()


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]
