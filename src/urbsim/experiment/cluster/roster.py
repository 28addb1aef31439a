"""Who is there of a cluster's workers, who of them may be used, and why the others may not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from urbsim.experiment.cluster import worker
from urbsim.experiment.cluster.stamp import Stamp, deviations, misfits, own_stamp
from urbsim.labels import bilingual

if TYPE_CHECKING:
    from distributed import Client

_SECONDS_BETWEEN_LOOKS, _SECONDS_TO_ANSWER = 0.5, 120.0


class Roster:
    """The workers of a cluster, looked at twice a second in the client's event loop; read in any thread.

    Attributes
    ----------
    usable
        Threads of every worker that may be used, by address.
    refused
        Why a worker may not be used, by address.
    stamps
        What the workers that may be used simulate with, by address.
    looks
        How often it was looked who is there.
    """

    def __init__(self, client: Client, say: Callable[[str], None]) -> None:
        self.usable: dict[str, int] = {}
        self.refused: dict[str, str] = {}
        self.stamps: dict[str, Stamp] = {}
        self.looks = 0
        self._client, self._say = client, say
        self._threads: dict[str, int] = {}
        self._asked: dict[str, asyncio.Task[None]] = {}
        self._told: set[str] = set()

    @property
    def present(self) -> set[str]:
        """Addresses of all workers that are there."""
        return set(self._threads)

    async def keep(self) -> None:
        """Look who is there, for as long as the client is."""
        while self._client.status not in ("closing", "closed"):
            with suppress(OSError, asyncio.TimeoutError):  # the scheduler is gone: whoever sends work will notice
                self._note(await self._client.nthreads())
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)

    def refuse(self, address: str, stamp: Stamp) -> None:
        """Note that a worker would not do as this process does."""
        why = misfits(stamp, own_stamp()) or [
            bilingual("its code of what is taken out of a run is another", "它提取结果的代码不同")
        ]
        self._refuse(
            address,
            bilingual(
                f"{address} ({stamp.host}) is not used: {'; '.join(why)}",
                f"{address}（{stamp.host}）不使用：{'；'.join(why)}",
            ),
        )

    def _note(self, threads: dict[str, int]) -> None:
        for address in self._threads.keys() - threads.keys():
            self.usable.pop(address, None)
            self.refused.pop(address, None)
            if asked := self._asked.pop(address, None):
                asked.cancel()
        self._threads = dict(threads)
        for address in threads.keys() - self._asked.keys():
            self._asked[address] = asyncio.create_task(self._ask(address))
        self.looks += 1

    async def _ask(self, address: str) -> None:
        """Ask a worker for its stamp, until it answers."""
        while address in self._threads:
            with suppress(OSError, asyncio.TimeoutError):
                call = self._client.run(worker.stamp, workers=[address], on_error="return")
                answer = (await asyncio.wait_for(call, _SECONDS_TO_ANSWER)).get(address)
                if self._judge(address, answer):
                    return
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)

    def _judge(self, address: str, answer: object) -> bool:
        """Note what a worker answered; return whether that settles it."""
        if answer is None or isinstance(answer, OSError | TimeoutError):
            return False
        if isinstance(answer, Exception):
            self._refuse(
                address,
                bilingual(
                    f"{address} is not used: it has no urbsim like this one ({answer})",
                    f"{address} 不使用：它没有与本机相同的 urbsim（{answer}）",
                ),
            )
            return True
        stamp = Stamp(*answer)  # type: ignore[misc]
        if misfits(stamp, own_stamp()):
            self.refuse(address, stamp)
        elif address not in self.refused:
            self.stamps[address], self.usable[address] = stamp, self._threads.get(address, 1)
            self._say_of(address, stamp)
        return True

    def _say_of(self, address: str, stamp: Stamp) -> None:
        """Say what the last digits may depend on, once for all workers of which it is true."""
        found = "; ".join(deviations(stamp, own_stamp()))
        if found and found not in self._told:
            self._told.add(found)
            self._say(
                bilingual(
                    f"workers such as {address} ({stamp.host}) differ, last digits may too: {found}",
                    f"{address}（{stamp.host}）等工作进程不同，末位数字也可能不同：{found}",
                )
            )

    def _refuse(self, address: str, why: str) -> None:
        self.usable.pop(address, None)
        if self.refused.get(address) != why:
            self.refused[address] = why
            self._say(why)
