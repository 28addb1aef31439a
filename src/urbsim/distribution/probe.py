"""Everybody at some months of a run, taken out once: any group can then be looked at without simulating again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from urbsim.experiment.simulate import Probe
from urbsim.experiment.tables import Tables

if TYPE_CHECKING:
    from urbsim.model import UrbanizationModel

#: The table that it returns.
PEOPLE = "people"


@dataclass(frozen=True)
class Everybody(Probe):
    """One table ``people``: the rows of ``observation.people.snapshot`` at the end of each of the months."""

    months: tuple[int, ...]

    def observe(self, model: UrbanizationModel, months: Iterator[int]) -> Tables:
        """Simulate to the last of the months and return everybody at each of them."""
        from urbsim.observation.people import snapshot

        taken = [snapshot(model.world, month) for month in months if month in self.months]
        return {PEOPLE: pd.concat(taken, ignore_index=True)}
