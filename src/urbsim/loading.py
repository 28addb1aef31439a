"""Loading modules without the collector of garbage going through them again and again, in processes of urbsim's own.

What a run loads are a million objects that stay to the end. The collector would look through all of them several times
while they are loaded, now and then later, and once more when the process ends.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


class _Process:
    own = False


def own_process() -> None:
    """Say that this process is a program or a worker of urbsim's, and nobody else's objects are in it."""
    _Process.own = True


def is_own_process() -> bool:
    """Return whether this process is a program or a worker of urbsim's."""
    return _Process.own


@contextmanager
def loading() -> Iterator[None]:
    """Let the collector wait in the block, and leave alone from then on what there is at its end.

    Garbage that is there already would never be collected: in a process of somebody else's nothing is changed.
    """
    if not _Process.own:
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
