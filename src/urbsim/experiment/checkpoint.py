"""A model at the end of a month, kept in a file from which runs with the same past go on.

Loading such a file can run code, so it lies in the user's own cache and never in a run folder, which others may have
written. What cannot be read any more is simulated again.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from urbsim.experiment.kept_files import KeptFiles

if TYPE_CHECKING:
    from urbsim.model import UrbanizationModel

CHECKPOINTS = KeptFiles("checkpoints", ".checkpoint")


@dataclass(frozen=True)
class Checkpoint:
    """The end of a month that a run goes on from, or makes a file of when it comes by.

    ``name`` stands for everything that has happened up to then: scenario, parameters, random numbers, model, libraries.
    """

    month: int
    name: str


def save(model: UrbanizationModel, checkpoint: Checkpoint) -> None:
    """Keep a model that stands at the end of the checkpoint's month; where that cannot be done nothing is kept."""
    with _bare(model):
        CHECKPOINTS.keep(checkpoint.name, lambda file: pickle.dump(model, file, pickle.HIGHEST_PROTOCOL))


def load(checkpoint: Checkpoint) -> UrbanizationModel | None:
    """Return the model at the end of the checkpoint's month, yet to be told its scenario; None where there is none."""
    model: UrbanizationModel | None = CHECKPOINTS.find(checkpoint.name, pickle.load)
    return model


@contextmanager
def _bare(model: UrbanizationModel) -> Iterator[None]:
    """Let a model be without what is made again for whoever goes on with it."""
    schedule, progress, scenario = model.schedule, model.progress, model.scenario
    model.schedule, model.progress, model.scenario = (), None, None  # type: ignore[assignment]
    try:
        yield
    finally:
        model.schedule, model.progress, model.scenario = schedule, progress, scenario
