"""What happened in the last twelve months."""

from __future__ import annotations

import numpy as np

from urbsim.arrays import Floats, Ints
from urbsim.months import MONTHS


class LastYear:
    """The amounts of the last twelve months, one array of any shape a month."""

    def __init__(self) -> None:
        self._months: Floats | Ints = np.empty(0)  # the earliest first, with room for a year
        self._known = 0

    def add(self, amounts: Floats | Ints) -> None:
        """Add a month; the thirteenth last is forgotten."""
        if self._known == 0:
            self._months = np.empty((MONTHS, *amounts.shape), dtype=amounts.dtype)
        if self._known == MONTHS:
            self._months[:-1] = self._months[1:]
        else:
            self._known += 1
        self._months[self._known - 1] = amounts

    def total(self) -> Floats:
        """Return the sum over the months, in the shape of one; a shorter start is scaled to a year."""
        return np.asarray(self._months[: self._known].sum(axis=0) * MONTHS / self._known)
