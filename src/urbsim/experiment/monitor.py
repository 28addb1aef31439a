"""Who is told how an experiment gets on."""

from __future__ import annotations

from typing import Protocol

from urbsim.experiment.plan import Plan, RunKey
from urbsim.experiment.worker import Failure


class Monitor(Protocol):
    """Receives what happens while a plan is run."""

    def begin(self, plan: Plan, loaded: int) -> None:
        """Note the start; ``loaded`` runs were found complete in the run folder."""

    def message(self, text: str) -> None:
        """Note something worth a line."""

    def advance(self, months: int) -> None:
        """Note that ``months`` more months were simulated, in any run."""

    def finished(self, key: RunKey) -> None:
        """Note a completed run."""

    def failed(self, failure: Failure) -> None:
        """Note a run that raised an error."""

    def end(self) -> None:
        """Note that nothing more will come, whether all went well or not."""


class Silent:
    """A monitor that says nothing."""

    def begin(self, plan: Plan, loaded: int) -> None:
        """Say nothing."""

    def message(self, text: str) -> None:
        """Say nothing."""

    def advance(self, months: int) -> None:
        """Say nothing."""

    def finished(self, key: RunKey) -> None:
        """Say nothing."""

    def failed(self, failure: Failure) -> None:
        """Say nothing."""

    def end(self) -> None:
        """Say nothing."""
