"""Iterative proportional fitting (Deming & Stephan 1940): the table nearest to a seed that has given sums.

Many tables of one shape, such as those of all counties, are fitted at once. Each is fitted to the last bit as it would
be alone: its cells are added up in their order, and it rests as soon as it agrees with its own totals.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from urbsim.arrays import Floats, Ints

Axes = Sequence[Sequence[int]]

#: A table is fitted when each of its sums is nearer than this to its total, in people.
TOLERANCE = 1e-8
#: Sweeps over all totals at most; the joint tables of counties need 50 to 220.
MOST_SWEEPS = 1000
#: After all sweeps a table this near, in people, will do: samples of a few people close in on their totals slowly.
ACCEPTABLE = 1e-4
#: Totals of several axes must agree where they share axes, to this share of the table's sum.
AGREEMENT = 1e-9
SMALLEST = 1e-6  # keeps empty categories of tiny counties fittable


class FittingError(ValueError):
    """No table with the given zeros has the given sums."""


def fit_tables(
    seeds: Floats,
    axes: Axes,
    totals: Sequence[Floats],
    names: Sequence[str] | None = None,
    *,
    tolerance: float = TOLERANCE,
    most_sweeps: int = MOST_SWEEPS,
) -> Floats:
    """Return the tables nearest to ``seeds`` whose sums are ``totals``; a cell that is 0 in the seed stays 0.

    Parameters
    ----------
    seeds
        One table a row, shape (tables, ...); nothing negative.
    axes
        For each entry of ``totals`` the axes of a table (from 0, upwards) along which it counts; the others are summed.
    totals
        Sums wanted, each of shape (tables, lengths of its axes); nothing negative.
    names
        What to call each table in errors.
    tolerance, most_sweeps
        A table is fitted when all its sums are within ``tolerance`` of their totals; after ``most_sweeps`` it need only
        be within ``ACCEPTABLE``.

    Raises
    ------
    FittingError
        If totals contradict each other or the zeros of a seed, or are not met after ``most_sweeps``.
    """
    called = names or [f"table {index}" for index in range(len(seeds))]
    wanted = [total.reshape(len(seeds), -1) for total in totals]
    _check_numbers(seeds, wanted, called)
    _check_agreement(axes, totals, called)
    places = [_places(seeds.shape, kept, total.shape) for kept, total in zip(axes, totals, strict=True)]
    fitted = seeds.reshape(len(seeds), -1).astype(float)
    open_ = np.arange(len(seeds))
    for _ in range(most_sweeps):
        cells, sums = fitted[open_], [total[open_] for total in wanted]
        _sweep(cells, places, sums)
        fitted[open_] = cells
        misses = _misses(cells, places, sums)
        open_, misses = open_[~(misses < tolerance)], misses[~(misses < tolerance)]
        if not open_.size:
            break
    if open_.size and not misses.max() < ACCEPTABLE:
        raise FittingError(
            f"{called[open_[np.argmax(misses)]]}: sums are still {misses.max():.2g} from their totals after "
            f"{most_sweeps} sweeps of proportional fitting; the totals contradict each other or the zeros of the table"
        )
    return fitted.reshape(seeds.shape)


def _sweep(cells: Floats, places: Sequence[Ints], totals: Sequence[Floats]) -> None:
    """Bring the cells, shape (tables, cells), to each of the totals in turn."""
    for place, total in zip(places, totals, strict=True):
        found = _add_up(cells, place, total)
        ratio = np.divide(total, found, out=np.zeros_like(total), where=found > 0.0)
        cells *= ratio.ravel()[place[: len(cells)]]


def _misses(cells: Floats, places: Sequence[Ints], totals: Sequence[Floats]) -> Floats:
    """Return how far each table's furthest sum is from its total, shape (tables,)."""
    apart = [np.abs(_add_up(cells, place, total) - total) for place, total in zip(places, totals, strict=True)]
    return np.asarray(np.max([one.max(axis=1) for one in apart], axis=0))


def _places(shape: tuple[int, ...], kept: Sequence[int], totals: tuple[int, ...]) -> Ints:
    """Return where each cell counts in the totals of all tables side by side, shape (tables, cells)."""
    lengths = tuple(shape[axis + 1] for axis in kept)
    if totals != (shape[0], *lengths):
        raise ValueError(f"totals along axes {list(kept)} have shape {totals} instead of {(shape[0], *lengths)}")
    numbers = np.arange(np.prod(lengths, dtype=int)).reshape(lengths)
    others = tuple(axis for axis in range(len(shape) - 1) if axis not in kept)
    within = np.broadcast_to(np.expand_dims(numbers, others), shape[1:]).ravel()
    return np.asarray(np.arange(shape[0])[:, None] * numbers.size + within)


def _add_up(cells: Floats, place: Ints, total: Floats) -> Floats:
    """Return the sums of the tables, each added in the order of its cells, in the shape of their totals."""
    sums = np.bincount(place[: len(cells)].ravel(), weights=cells.ravel(), minlength=total.size)
    return np.asarray(sums.reshape(total.shape))


def _check_numbers(seeds: Floats, totals: Sequence[Floats], called: Sequence[str]) -> None:
    for what, values in (("seed", seeds), *(("totals", total) for total in totals)):
        rows = values.reshape(len(seeds), -1)
        wrong = np.flatnonzero(~(np.isfinite(rows) & (rows >= 0.0)).all(axis=1))
        if wrong.size:
            raise FittingError(f"{called[wrong[0]]}: {what} must be numbers of at least 0")


def _check_agreement(axes: Axes, totals: Sequence[Floats], called: Sequence[str]) -> None:
    """Refuse totals that differ once summed to the axes they share."""
    for (one, first), (other, second) in combinations(zip(axes, totals, strict=True), 2):
        shared = set(one) & set(other)
        left, right = _summed(first, one, shared), _summed(second, other, shared)
        apart = np.abs(left - right).max(axis=1)
        wrong = np.flatnonzero(apart > AGREEMENT * np.maximum(left.sum(axis=1), 1.0))
        if wrong.size:
            index = int(wrong[0])
            raise FittingError(
                f"{called[index]}: totals along axes {list(one)} and {list(other)} contradict each other "
                f"({left[index].sum():,.6g} and {right[index].sum():,.6g} in all, up to {apart[index]:.2g} apart)"
            )


def _summed(total: Floats, kept: Sequence[int], shared: set[int]) -> Floats:
    others = tuple(index + 1 for index, axis in enumerate(kept) if axis not in shared)
    return np.asarray(total.sum(axis=others).reshape(len(total), -1))


def fit_shares(odds: Floats, people: Floats, totals: Floats) -> Floats:
    """Return a table of cells x categories near ``odds`` that gives ``people`` by cell and ``totals`` by category.

    Cells without people keep their odds. ``totals`` are scaled to the number of people.
    """
    used = people > 0
    fitted = np.array(odds, dtype=float)
    if not used.any():
        return fitted
    wanted = np.maximum(totals, SMALLEST)
    wanted = wanted * (people.sum() / wanted.sum())
    seed = np.maximum(odds[used], SMALLEST) * people[used, None]
    fitted[used] = fit_tables(seed[None], ([0], [1]), (people[used][None], wanted[None]))[0]
    return fitted
