"""Names for the types of arrays, and arithmetic that more than one room needs."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


def ratio(top: ArrayLike, bottom: ArrayLike) -> Floats:
    """Return ``top / bottom``, missing (NaN) where nothing is below the line, in the shape of both."""
    above, below = np.broadcast_arrays(np.asarray(top, dtype=float), np.asarray(bottom, dtype=float))
    return np.asarray(np.divide(above, below, out=np.full(above.shape, np.nan), where=below > 0.0))
