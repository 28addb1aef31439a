"""A model at the end of a month, kept in a file from which runs with the same past go on.

Loading such a file can run code, so it lies in the user's own cache and never in a run folder, which others may have
written. What cannot be read any more is simulated again.
"""

from __future__ import annotations

import os
import pickle
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from urbsim.caches import FolderError, cache_folder, own_folder

if TYPE_CHECKING:
    from urbsim.model import UrbanizationModel

_ENDING = ".checkpoint"
#: More than this is not kept: what was used longest ago goes first.
_MOST_BYTES = 5 * 10**9


@dataclass(frozen=True)
class Checkpoint:
    """The end of a month that a run goes on from, or makes a file of when it comes by.

    ``name`` stands for everything that has happened up to then: scenario, parameters, random numbers, model, libraries.
    """

    month: int
    name: str


def save(model: UrbanizationModel, checkpoint: Checkpoint) -> None:
    """Keep a model that stands at the end of the checkpoint's month; where that cannot be done nothing is kept."""
    with suppress(OSError, FolderError):
        path = _path(checkpoint)
        partial = path.with_name(f".{uuid.uuid4().hex}")
        try:
            with _bare(model), partial.open("xb") as file:
                pickle.dump(model, file, pickle.HIGHEST_PROTOCOL)
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
        cut(_MOST_BYTES, kept=path)


def load(checkpoint: Checkpoint) -> UrbanizationModel | None:
    """Return the model at the end of the checkpoint's month, yet to be told its scenario; None where there is none."""
    with suppress(OSError, FolderError):
        path = _path(checkpoint)
        try:
            with path.open("rb") as file:
                model: UrbanizationModel = pickle.load(file)
        except FileNotFoundError:
            return None
        except Exception:  # written by other versions, or spoilt
            path.unlink(missing_ok=True)
            return None
        os.utime(path)
        return model
    return None


def contents() -> tuple[int, int]:
    """Return how many checkpoints are kept, and their bytes."""
    sizes = [size for _, size, _ in _files()]
    return len(sizes), sum(sizes)


def cut(limit: int, kept: Path | None = None) -> int:
    """Remove checkpoints, the longest unused first, until the rest is within the limit; return how many went."""
    files, gone = sorted(_files()), 0
    excess = sum(size for _, size, _ in files) - limit
    for _, size, path in files:
        if excess <= 0:
            break
        if path != kept:
            path.unlink(missing_ok=True)
            excess, gone = excess - size, gone + 1
    return gone


@contextmanager
def _bare(model: UrbanizationModel) -> Iterator[None]:
    """Let a model be without what is made again for whoever goes on with it."""
    schedule, progress, scenario = model.schedule, model.progress, model.scenario
    model.schedule, model.progress, model.scenario = (), None, None  # type: ignore[assignment]
    try:
        yield
    finally:
        model.schedule, model.progress, model.scenario = schedule, progress, scenario


def _path(checkpoint: Checkpoint) -> Path:
    return own_folder(cache_folder() / "checkpoints") / f"{checkpoint.name}{_ENDING}"


def _files() -> Iterator[tuple[float, int, Path]]:
    """Yield the time of last use, bytes and path of every checkpoint."""
    for path in (cache_folder() / "checkpoints").glob(f"*{_ENDING}"):
        with suppress(OSError):
            found = path.stat()
            yield found.st_mtime, found.st_size, path
