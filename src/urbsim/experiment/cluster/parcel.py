"""What is sent to a worker: plain data that any version can open, around the task, which only a fitting one may.

Files of levers of the user's own go along, since workers share no file system with whoever sends them the work.
"""

from __future__ import annotations

import pickle
from typing import Any, NamedTuple

from urbsim.experiment.cluster.stamp import own_stamp
from urbsim.experiment.identity import identity_of, key_of
from urbsim.experiment.simulate import Task
from urbsim.policies.sent import LeverFiles, files_of

_PROTOCOL = 5


class Parcel(NamedTuple):
    """A task on its way, or what its base population is made from.

    ``identity`` is the key of the task's identity but for the libraries, None where it has none; ``levers`` are the
    files of its own levers; ``topic`` and ``number`` say where its months are told.
    """

    stamp: tuple[str, str, str]
    task: bytes
    identity: str | None
    levers: tuple[tuple[Any, ...], ...]
    topic: str = ""
    number: int = 0


def packed(task: Task, topic: str = "", number: int = 0) -> bytes:
    """Return a task as it is sent.

    Raises
    ------
    FileRefusedError
        If a file of a lever cannot be read.
    """
    origins = [policy.origin for policy in task.scenario.policies.values() if policy.origin is not None]
    levers, here = tuple(tuple(files_of(origin)) for origin in origins), own_stamp()
    parcel = Parcel(here[:3], pickle.dumps(task, _PROTOCOL), bare_key(task), levers, topic, number)
    return pickle.dumps(tuple(parcel), _PROTOCOL)


def opened(data: bytes) -> Parcel:
    """Return what was sent, the task in it still packed."""
    return Parcel(*pickle.loads(data))


def bare_key(task: Task) -> str | None:
    """Return the key of what shapes the result of a task, but for the libraries; None where that is not known."""
    identity = identity_of(task, {"any": ""})
    return None if identity is None else key_of(identity)


def levers_of(parcel: Parcel) -> list[LeverFiles]:
    """Return the files of own levers in a parcel."""
    return [LeverFiles(*fields) for fields in parcel.levers]
