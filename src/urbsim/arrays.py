"""Names for the types of arrays, and arithmetic that more than one room needs."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from urbsim.labels import Label

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
Function = TypeVar("Function", bound=Callable[..., Any])


def remembered(function: Function) -> Function:
    """Let a function of arrays and numbers give its last result again for as long as they stay equal.

    For what several processes of a month ask for: to compare a few arrays takes a fraction of doing the sums again.
    Nobody may write into the result.
    """
    last: tuple[list[Any], Any] = ([], None)

    @wraps(function)
    def result(*given: Any) -> Any:
        nonlocal last
        asked = [each.tobytes() if isinstance(each, np.ndarray) else each for each in given]
        known = last
        if known[0] != asked:
            known = last = (asked, function(*given))
        return known[1]

    return cast(Function, result)


def anything(array: NDArray[Any]) -> bool:
    """Return whether any entry of an array is not zero; counting a small array takes a fifth of what ``any`` does."""
    return bool(np.count_nonzero(array))


def laid_together(owner: object) -> Floats:
    """Lay all arrays that are attributes of something into one, which is returned, so that one call fills them all."""
    whole = np.concatenate([array.ravel() for array in vars(owner).values()])
    first = 0
    for name, array in vars(owner).items():
        setattr(owner, name, whole[first : first + array.size].reshape(array.shape))
        first += array.size
    return whole


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


def enough_for(chance: float = 0.8) -> int:
    """Return how many values it takes for ``tails`` to hold as much as asked: 9 for 80 %, 19 for 90 %."""
    return round(2.0 / (1.0 - chance)) - 1


def ends_of(values: Floats, chance: float = 0.8) -> tuple[float, float]:
    """Return the two quantiles of ``tails``: the range of few values; missing (NaN) for fewer than two."""
    if len(values) < 2:
        return np.nan, np.nan
    low, high = np.quantile(values, tails(len(values), chance))
    return float(low), float(high)


def spread_of(count: int, chance: float = 0.8) -> Label:
    """Return what lies between the ends of so many values, in words: an interval, the range of too few, or nothing."""
    if count < 2:
        return Label("no interval", "无区间")
    if count < enough_for(chance):
        return Label("range", "极差")
    low, high = (round(100.0 * (1.0 + side * chance) / 2.0) for side in (-1, 1))
    return Label(f"{low}–{high} % interval", f"{low}–{high}%区间")


def ratio(top: ArrayLike, bottom: ArrayLike) -> Floats:
    """Return ``top / bottom``, missing (NaN) where nothing is below the line, in the shape of both."""
    above, below = np.broadcast_arrays(np.asarray(top, dtype=float), np.asarray(bottom, dtype=float))
    return np.asarray(np.divide(above, below, out=np.full(above.shape, np.nan), where=below > 0.0))
