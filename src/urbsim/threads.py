"""Threads of one run: loops over people in parts, side by side, with the same bytes at any number of threads.

A kernel lets other threads run while it works. What a part finds is put together in the order of the parts, whole
numbers are added up, and no sum of fractions is ever split, so a result does not depend on how many parts there were.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeVar

from urbsim.labels import bilingual

if TYPE_CHECKING:
    from numpy.typing import NDArray

VARIABLE = "URBSIM_THREADS"
#: A part of a loop has at least so many rows: handing over fewer takes longer than they do.
LEAST_ROWS = 20_000
MOST_THREADS = 256

Found = TypeVar("Found")
View = TypeVar("View", bound=tuple[Any, ...])


class ThreadsError(ValueError):
    """A number of threads that cannot be."""


class _Crew:
    """The threads of this process beside the main one, started when they are first needed."""

    def __init__(self) -> None:
        self.asked: int | None = None
        self.share = 1  # what runs use where nobody asked for a number
        self._pool: ThreadPoolExecutor | None = None
        self._made = (0, 0)

    def pool(self, helpers: int) -> ThreadPoolExecutor:
        made = (helpers, os.getpid())  # threads do not follow into a forked process
        if self._pool is None or self._made != made:
            self._pool, self._made = ThreadPoolExecutor(helpers, "urbsim"), made
        return self._pool


_crew = _Crew()


def threads() -> int:
    """Return how many threads a run in this process uses: one, unless somebody asked for more or shared cores out."""
    return _crew.asked or threads_in_environment() or _crew.share


def use_threads(count: int | None) -> None:
    """Let runs of this process, and of those it starts, use so many threads; their results do not depend on it.

    None leaves it to ``$URBSIM_THREADS``, and without it to the cores that no other process of the runs uses.

    Raises
    ------
    ThreadsError
        If it is not a whole number from 1 to 256.
    """
    _crew.asked = None if count is None else _checked(count, "threads")


def share_out(threads: int) -> None:
    """Let runs in this process use so many threads where nobody asked for another number."""
    _crew.share = threads


def threads_in_environment() -> int | None:
    """Return the number of threads that ``$URBSIM_THREADS`` asks for, None where it does not.

    Raises
    ------
    ThreadsError
        If it is not a whole number from 1 to 256.
    """
    text = os.environ.get(VARIABLE, "").strip()
    if not text:
        return None
    return _checked(int(text) if text.isascii() and text.isdigit() else text, VARIABLE)


def threads_each(processes: int) -> int:
    """Return how many threads each of some processes uses: as many as were asked for, else its part of the cores."""
    return _crew.asked or threads_in_environment() or max(cores_here() // max(processes, 1), 1)


def cores_here() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1


def _checked(count: object, name: str) -> int:
    if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= MOST_THREADS:
        raise ThreadsError(
            bilingual(
                f"{name} is {count!r}: give a whole number from 1 to {MOST_THREADS}, such as the number of cores",
                f"{name} 为 {count!r}：请给出 1 到 {MOST_THREADS} 的整数，例如核数",
            )
        )
    return count


def parts_of(rows: int, least: int | None = None) -> list[tuple[int, int]]:
    """Return the first row of each part of a loop over ``rows`` rows, and the row behind its last.

    No part has fewer than ``least`` rows, ``LEAST_ROWS`` if that is not said.
    """
    most = rows // (least or LEAST_ROWS)
    parts = min(threads(), most) if most > 1 else 1
    bounds = [rows * part // parts for part in range(parts + 1)]
    return list(pairwise(bounds))


def side_by_side(work: Callable[[int, int], Found], rows: int, least: int | None = None) -> list[Found]:
    """Call ``work`` with the bounds of every part of so many rows, all at once; return what they return, in order.

    The parts are those of ``parts_of``. Each call must write to what no other reads or writes.
    """
    if rows < 2 * (least or LEAST_ROWS):  # one part, as in every small world
        return [work(0, rows)]
    first, *others = parts_of(rows, least)
    if not others:
        return [work(*first)]
    pool = _crew.pool(threads() - 1)
    waiting = [pool.submit(work, *part) for part in others]
    try:
        found = [work(*first)]
    finally:
        results = [each.result() for each in waiting]  # nobody is left at work on arrays that go on changing
    return found + results


def part_of(view: View, first: int, last: int) -> View:
    """Return some rows of all columns of a view."""
    if first == 0 and last == view[0].size:
        return view
    return type(view)(*(column[first:last] for column in view))


def put_together(rows: NDArray[Any], found: Sequence[int]) -> int:
    """Move what every part has found, from its first row on, to one sequence; return how long it is."""
    if len(found) == 1:
        return found[0]
    length = 0
    for (first, _), count in zip(parts_of(rows.size), found, strict=True):
        if first != length:
            rows[length : length + count] = rows[first : first + count]
        length += count
    return length


def added_up(counts: Sequence[NDArray[Any]]) -> NDArray[Any]:
    """Return the sum of whole numbers that the parts have counted."""
    return sum(counts[1:], counts[0])
