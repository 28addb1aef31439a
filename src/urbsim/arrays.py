"""Names for the types of arrays, and arithmetic that more than one room needs."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


def tails(count: int, chance: float = 0.8) -> tuple[float, float]:
    """Return the two sample quantiles of ``count`` values between which a further one lies with a ``chance``.

    In order the k-th of n values has k / (n + 1) of all below it (type 6 of Hyndman & Fan 1996, The American
    Statistician 50); between the usual quantiles of a few lies much less. Of too few it is their whole range, which
    holds less than asked: (n - 1) / (n + 1).
    """
    if count < 2:
        return 0.0, 1.0
    low = max(0.0, ((1.0 - chance) / 2.0 * (count + 1) - 1.0) / (count - 1))
    return low, 1.0 - low


def ratio(top: ArrayLike, bottom: ArrayLike) -> Floats:
    """Return ``top / bottom``, missing (NaN) where nothing is below the line, in the shape of both."""
    above, below = np.broadcast_arrays(np.asarray(top, dtype=float), np.asarray(bottom, dtype=float))
    return np.asarray(np.divide(above, below, out=np.full(above.shape, np.nan), where=below > 0.0))
