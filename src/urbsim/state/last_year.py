"""What happened in the last twelve months."""

from __future__ import annotations

from collections import deque

import numpy as np

from urbsim.arrays import Floats, Ints
from urbsim.months import MONTHS


class LastYear:
    """The amounts of the last twelve months, one array of any shape a month."""

    def __init__(self) -> None:
        self._months: deque[Floats | Ints] = deque(maxlen=MONTHS)

    def add(self, amounts: Floats | Ints) -> None:
        """Add a month; the thirteenth last is forgotten."""
        self._months.append(amounts)

    def total(self) -> Floats:
        """Return the sum over the months, in the shape of one; a shorter start is scaled to a year."""
        return np.asarray(np.sum(list(self._months), axis=0) * MONTHS / len(self._months))
