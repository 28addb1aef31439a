"""What the calibration found of each county's own character."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from urbsim.arrays import Floats

#: Constants of one county: urban and outside at the start, urban and outside in the long run.
OwnConstants = tuple[float, float, float, float]
NO_CONSTANTS: OwnConstants = (0.0, 0.0, 0.0, 0.0)


class CountyConstants(NamedTuple):
    """What the calibration found of each county's own character, in utility points; zero where nothing is known.

    A constant moves from its value at the start of the run to that of the long run, halfway within the half-life:
    what made a county special in the past does so less and less.
    """

    urban: Floats  # (C,) added to the county's towns and seat, at the start
    outside: Floats  # (C,) added to other counties, near and far
    urban_later: Floats  # (C,) in the long run
    outside_later: Floats  # (C,)

    @classmethod
    def none(cls, counties: int) -> CountyConstants:
        """Return constants of zero."""
        return cls.of([NO_CONSTANTS] * counties)

    @classmethod
    def of(cls, rows: Sequence[Sequence[float]] | Floats) -> CountyConstants:
        """Return the constants of counties, one row each: at the start, and in the long run where it differs."""
        table = np.array(rows, dtype=float).reshape(len(rows), -1 if len(rows) else 4)
        if table.shape[1] == 2:
            table = np.concatenate([table, table], axis=1)
        return cls(*(column.copy() for column in table.T))

    def rows(self) -> tuple[OwnConstants, ...]:
        """Return one row of numbers per county."""
        return tuple(zip(*(column.tolist() for column in self), strict=True))

    def at(self, years: float, half_life: float) -> tuple[Floats, Floats]:
        """Return the urban and the outside constants ``years`` after the start, shape (C,) each."""
        kept = 0.5 ** (years / half_life)
        urban = self.urban_later + kept * (self.urban - self.urban_later)
        outside = self.outside_later + kept * (self.outside - self.outside_later)
        return urban, outside
