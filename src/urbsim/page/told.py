"""What a worker tells its server of the job at hand, and hears from it."""

from __future__ import annotations

import time
from multiprocessing.connection import Connection
from typing import Any

from urbsim.experiment.progress import Progress

_SECONDS_BETWEEN = 0.15


class Cancelled(BaseException):
    """Nobody wants the job any more; passes through what catches the errors of a run, as an interrupt does."""


class Told(Progress):
    """Tells the server the months simulated, and stops the run when the job is cancelled."""

    def __init__(self, pipe: Connection) -> None:
        super().__init__()
        self._pipe, self._months, self._last = pipe, 0, 0.0
        self._total, self._each = 0, 0

    def stage(self, text: str) -> None:
        """Leave out what is meant for a terminal."""

    def message(self, text: str) -> None:
        """Leave out what is meant for a terminal."""

    def expect(self, months: int, each: int) -> None:
        """Note how many months the job simulates, about, and how many each of its runs has."""
        self._total, self._each = months, each
        self._pipe.send({"total": months})

    def begin(self, label: str, runs: int, found: int = 0, months: int = 0) -> None:
        """Begin some runs; where they are more than was expected, the server is told."""
        super().begin(label, runs, found, months)
        if self._months + runs * self._each > self._total:
            self._total = self._months + runs * self._each
            self._pipe.send({"total": self._total})

    def advance(self, months: int) -> None:
        """Count months; what is sent is at most a few messages a second."""
        self.look()
        self._months += months
        if time.monotonic() - self._last > _SECONDS_BETWEEN:
            self._last = time.monotonic()
            self._pipe.send({"done": self._months, "stage": None})

    def look(self) -> None:
        """Raise ``Cancelled`` if the server said so."""
        if self._pipe.poll():
            self._pipe.recv()
            raise Cancelled

    def send(self, **facts: Any) -> None:
        """Tell the server facts of the job."""
        self._pipe.send(facts)
