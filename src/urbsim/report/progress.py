"""Progress on standard error: a bar on a terminal, a line per finished run elsewhere."""

from __future__ import annotations

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from urbsim.experiment.plan import Plan, RunKey
from urbsim.experiment.worker import Failure


class ConsoleMonitor:
    """Tells a person how an experiment gets on; with ``quiet`` only failures."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._console = Console(stderr=True, highlight=False, soft_wrap=True)
        self._quiet = quiet
        self._bar: Progress | None = None
        self._task = TaskID(0)
        self._runs = self._done = 0

    def begin(self, plan: Plan, loaded: int) -> None:
        """Open the bar; ``loaded`` runs were found complete."""
        self._runs, self._done = len(plan.run_keys()), loaded
        if loaded:
            self.message(f"resuming: {loaded} of {self._runs} runs were found complete")
        if self._console.is_terminal and not self._quiet:
            self._bar = Progress(
                TextColumn("simulating"),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("months"),
                TimeRemainingColumn(),
                console=self._console,
                refresh_per_second=4,
                transient=True,
            )
            self._task = self._bar.add_task("", total=plan.months, completed=loaded * plan.baseline.months)
            self._bar.start()

    def message(self, text: str) -> None:
        """Print a line unless quiet."""
        if not self._quiet:
            self._console.print(text, markup=False)

    def advance(self, months: int) -> None:
        """Move the bar."""
        if self._bar is not None:
            self._bar.advance(self._task, months)

    def finished(self, key: RunKey) -> None:
        """Print a line per run, except under a bar."""
        self._done += 1
        if self._bar is None:
            self.message(
                f"finished {self._done} of {self._runs}: {key.scenario}, draw {key.draw}, replicate {key.replicate}"
            )

    def failed(self, failure: Failure) -> None:
        """Print a failure, even when quiet."""
        key = failure.key
        self._console.print(
            f"failed: {key.scenario}, draw {key.draw}, replicate {key.replicate}, at {failure.stage}: {failure.error}",
            markup=False,
        )

    def end(self) -> None:
        """Close the bar."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
