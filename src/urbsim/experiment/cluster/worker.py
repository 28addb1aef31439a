"""What a worker of a cluster does. Nothing of it touches a store: whoever sent the work keeps the results.

The worker checks that it simulates as the sender would: the same version, code of the model, tables, and for the task
the same identity, which holds the code of what is taken out of the run too.
"""

from __future__ import annotations

import pickle
import time
import traceback
from dataclasses import replace
from typing import TYPE_CHECKING

from urbsim.experiment import compilation
from urbsim.experiment.cluster.parcel import Parcel, bare_key, levers_of, opened
from urbsim.experiment.cluster.stamp import Stamp, own_stamp
from urbsim.experiment.model_files import software
from urbsim.experiment.simulate import Broken, Finished, Outcome, Task, base_of, simulate
from urbsim.policies import sent

if TYPE_CHECKING:
    from urbsim.region.synthesis import BasePopulation

#: Seconds between two words about the months simulated, and between two looks whether the run is still wanted.
_BETWEEN_WORDS, _BETWEEN_LOOKS = 3.0, 0.25


class UnfitError(Exception):
    """The worker would not simulate as the sender does; the arguments are its address and its stamp."""


class NotWantedError(Exception):
    """Whoever sent the run is gone, or has given it up."""


class SharedBase:
    """A base population as workers hand it to each other; the scheduler weighs its size against waiting."""

    def __init__(self, base: BasePopulation | Broken) -> None:
        self.base = base

    def __sizeof__(self) -> int:
        if isinstance(self.base, Broken):
            return 1000
        population = self.base.population
        return sum(each[name].nbytes for each in (population.people, population.households) for name in each)


async def stamp() -> Stamp:
    """Return the stamp of this process, from a worker's event loop, which goes on meanwhile."""
    from distributed.utils import offload

    found: Stamp = await offload(own_stamp)
    return found


def here() -> None:
    """Do nothing: a word to the scheduler that there is work."""


def make_base(data: bytes) -> SharedBase:
    """Synthesise the base population of a task; an error becomes that of every run that needs it."""
    task = _task(opened(data))
    if isinstance(task, Broken):
        return SharedBase(task)
    try:
        return SharedBase(base_of(task))
    except Exception as error:
        return SharedBase(_broken("synthesis of the base population", error))


def carry_out(data: bytes, shared: SharedBase | None = None) -> bytes:
    """Carry out a run; return the address and stamp of this worker, the months simulated and the outcome, packed."""
    parcel = opened(data)
    task, months = _task(parcel), _Months(parcel)
    base = None if shared is None else shared.base
    if isinstance(task, Broken) or isinstance(base, Broken):
        outcome: Outcome = task if isinstance(task, Broken) else base  # type: ignore[assignment]
    else:
        compilation.prepare(task)
        outcome = simulate(task, months.advance, base)
    if isinstance(outcome, Finished):
        reads = None if outcome.reads is None else sent.as_sent(outcome.reads)
        outcome = replace(outcome, reads=reads, libraries=software())
    return pickle.dumps((_address(), own_stamp(), months.done, outcome), 5)


def _task(parcel: Parcel) -> Task | Broken:
    """Return the task of a parcel; raise ``UnfitError`` where this worker may not simulate it."""
    if parcel.stamp != tuple(own_stamp()[:3]):
        raise UnfitError(_address(), own_stamp())
    try:
        for files in levers_of(parcel):
            sent.put_in_place(files)
        task: Task = pickle.loads(parcel.task)
    except Exception as error:
        return _broken("loading the levers", error)
    if bare_key(task) != parcel.identity:
        raise UnfitError(_address(), own_stamp())
    return task


def _broken(stage: str, error: Exception) -> Broken:
    return Broken(stage, f"{type(error).__name__}: {error}", traceback.format_exc())


def _address() -> str:
    from distributed import get_worker

    return str(get_worker().address)


class _Months:
    """Counts the months of a run, tells the sender now and then, and ends a run that nobody waits for."""

    def __init__(self, parcel: Parcel) -> None:
        from distributed import get_worker
        from distributed.worker import thread_state

        self.done = 0
        self._parcel, self._worker, self._key = parcel, get_worker(), thread_state.key
        self._spoke = self._looked = time.monotonic()

    def advance(self, months: int) -> None:
        """Count; raises ``NotWantedError`` where the result would be thrown away."""
        self.done += months
        now = time.monotonic()
        if now - self._looked > _BETWEEN_LOOKS:
            self._looked = now
            state = self._worker.state.tasks.get(self._key)
            if state is None or state.state == "cancelled":
                raise NotWantedError("nobody waits for this run any more")
        if self._parcel.topic and now - self._spoke > _BETWEEN_WORDS:
            self._spoke = now
            self._worker.log_event(self._parcel.topic, [self._parcel.number, self.done])
