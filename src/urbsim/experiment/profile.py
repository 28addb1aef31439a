"""Where the time of simulations goes: CPU seconds by part of a run, compiling apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from urbsim.model import UrbanizationModel
    from urbsim.schedule import Stopwatch

POPULATION, START, TABLES = "base population", "start", "tables"


@dataclass(frozen=True)
class Profile:
    """The time of a run, or of several added up, in whatever processes they were carried out.

    Attributes
    ----------
    seconds : mapping
        CPU seconds by part: the base population, the start of the world, each step of the months, the tables. A base
        population that several runs share counts once.
    compiling : float
        CPU seconds of compiling kernels, or of loading compiled ones, which every process does once.
    months, runs : int
        Months simulated and runs, all together.
    """

    seconds: Mapping[str, float] = field(default_factory=dict)
    compiling: float = 0.0
    months: int = 0
    runs: int = 0

    def __add__(self, other: Profile) -> Profile:
        """Return the time of both together."""
        parts = dict.fromkeys([*self.seconds, *other.seconds])
        return Profile(
            {part: self.seconds.get(part, 0.0) + other.seconds.get(part, 0.0) for part in parts},
            self.compiling + other.compiling,
            self.months + other.months,
            self.runs + other.runs,
        )

    def table(self) -> pd.DataFrame:
        """Return each part with its CPU seconds, its share in all but compiling, and its milliseconds a month."""
        whole = sum(self.seconds.values())
        rows = [
            (part, seconds, seconds / whole if whole else 0.0, 1000.0 * seconds / max(self.months, 1))
            for part, seconds in self.seconds.items()
        ]
        return pd.DataFrame(rows, columns=["part", "seconds", "share", "milliseconds_a_month"])


def profile_of(
    model: UrbanizationModel, population: Stopwatch, start: Stopwatch, run: Stopwatch, begun: int
) -> Profile:
    """Return the time of one run from the end of the month ``begun`` on; what is beyond its months made the tables."""
    steps = {step.name: step.seconds for step in model.schedule}
    seconds = {POPULATION: population.seconds, START: start.seconds, **steps}
    seconds[TABLES] = max(run.seconds - sum(steps.values()), 0.0)
    months = model.month - begun
    return Profile(seconds, sum(watch.compiling for watch in (population, start, run)), months, runs=1)
