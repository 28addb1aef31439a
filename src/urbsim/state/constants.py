"""What the calibration found of each county's own character."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from urbsim.arrays import Floats


class CountyConstants(NamedTuple):
    """What the calibration found of each county's own character, in utility points; zero where nothing is known."""

    urban: Floats  # (C,) added to the county's towns and seat
    outside: Floats  # (C,) added to other counties, near and far

    @classmethod
    def none(cls, counties: int) -> CountyConstants:
        """Return constants of zero."""
        return cls(np.zeros(counties), np.zeros(counties))
