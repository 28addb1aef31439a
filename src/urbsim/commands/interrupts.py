"""Ctrl-C ends every command at once: one line that says what is kept, and exit code 130.

The program ends in the handler of the signal. An exception would be lost where a library swallows it, and an orderly
end would wait for the workers of a pool, now and then for ever. Files are put in place whole and workers end with their
parent, so nothing is left half done.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import NoReturn

from urbsim.labels import bilingual

INTERRUPTED = 130
_kept = [""]


def listen() -> None:
    """End the program at Ctrl-C from now on."""
    signal.signal(signal.SIGINT, _end)


@contextmanager
def interruptible(kept: str) -> Iterator[None]:
    """Say in these words what is kept if Ctrl-C is pressed in the block."""
    _kept.append(kept)
    try:
        yield
    finally:
        _kept.pop()


def _end_workers() -> None:
    """End all workers: one that is just starting would print that its semaphores are gone."""
    from multiprocessing import active_children

    workers = active_children()
    for worker in workers:
        worker.kill()
    for worker in workers:
        worker.join(1)


def _end(_: int, __: FrameType | None) -> NoReturn:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(Exception):
        if pools := sys.modules.get("multiprocessing.util"):
            _end_workers()
            pools._run_finalizers(0)  # else the semaphores of a pool are reported as leaked
    with suppress(OSError):
        clean = "\r\x1b[2K\x1b[?25h" if os.isatty(2) else ""  # away with a bar, and the cursor back
        said = bilingual("urbsim: interrupted. ", "urbsim：已中断。")
        text = f"{clean}{said}{_kept[-1]}".rstrip() + "\n"
        os.write(2, text.encode("utf-8", "backslashreplace"))
    os._exit(INTERRUPTED)
