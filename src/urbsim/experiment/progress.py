"""How work gets on, on standard error: bars on a terminal, lines elsewhere, nothing when silent."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from urbsim.labels import bilingual

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress as Bar
    from rich.status import Status

_SECONDS_BETWEEN_LINES = 30.0
#: Runs above which a line stands for a tenth of them.
_MANY = 100


class Progress:
    """Tells a person what is going on, from the first second of a command to its end.

    Parameters
    ----------
    silent
        Say nothing at all: the default, for use from Python.
    quiet
        Say only what failed.
    """

    def __init__(self, *, silent: bool = True, quiet: bool = False) -> None:
        self._quiet = quiet
        self._console = None if silent else _console()
        self._status: Status | None = None
        self._bar: Bar | None = None
        self._label = ""
        self._by_month = False
        self._runs = self._done = self._parts = self._parts_done = 0
        self._spoke = time.monotonic()

    @property
    def _talks(self) -> bool:
        return self._console is not None and not self._quiet

    def stage(self, text: str) -> None:
        """Say what is done now, as long as it is done: on a terminal with a mark that moves."""
        if not self._talks:
            return
        assert self._console is not None
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], description=text)
        elif self._console.is_terminal:
            from rich.markup import escape

            self._stop()
            self._status = self._console.status(escape(text))
            self._status.start()
        else:
            self.message(text)

    def compiling(self, done: int, whole: int) -> None:
        """Say how many of the model's kernels are compiled: elsewhere than on a terminal at every quarter of them."""
        terminal = self._console is not None and self._console.is_terminal
        if terminal or 4 * done // whole > 4 * (done - 1) // whole:
            self.stage(
                bilingual(
                    f"compiling the model for this machine (first run only): {done} of {whole} loops",
                    f"为本机编译模型（仅第一次运行）：{done}/{whole} 个循环",
                )
            )

    def message(self, text: str) -> None:
        """Say something worth a line."""
        if self._talks:
            self._print(text)

    def begin(self, label: str, runs: int, found: int = 0, months: int = 0) -> None:
        """Begin some runs, of which ``found`` are there already; ``months`` are simulated in each, if that is known."""
        self._stop()
        self._label, self._runs, self._done = label, runs, found
        self._parts, self._parts_done = months * runs or runs, months * found or found
        self._by_month = months > 0
        if self._talks and self._console is not None and self._console.is_terminal:
            self._bar = _bar(self._console, label, self._parts, self._parts_done, by_month=self._by_month)

    def advance(self, months: int) -> None:
        """Note that ``months`` more months were simulated, in any run."""
        if self._by_month and months:
            self._move(months)

    def finished(self, name: str) -> None:
        """Note a finished run; elsewhere than on a terminal it is a line, or one per tenth of very many."""
        self._done += 1
        if not self._by_month:
            self._move(1)
        tenth = max(self._runs // 10, 1) if self._runs > _MANY else 1
        if self._bar is None and self._done % tenth == 0:
            self.message(
                bilingual(
                    f"finished {self._done} of {self._runs}{f': {name}' if name else ''}",
                    f"已完成 {self._done}，共 {self._runs}{f'：{name}' if name else ''}",
                )
            )

    def failed(self, name: str, what: str) -> None:
        """Say that a run failed, even when quiet."""
        if self._console is not None:
            self._print(
                bilingual(f"failed: {name}, {what}", f"失败：{name}，{what}")
                if name
                else bilingual(f"failed: {what}", f"失败：{what}")
            )

    def end(self) -> None:
        """Note that nothing more will come, whether all went well or not."""
        self._stop()

    def _move(self, parts: int) -> None:
        self._parts_done += parts
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], description=self._label, advance=parts)
        elif time.monotonic() - self._spoke > _SECONDS_BETWEEN_LINES:
            share = 100 * self._parts_done // self._parts
            self.message(bilingual(f"{self._label}: {share} % done", f"{self._label}：已完成 {share}%"))

    def _print(self, text: str) -> None:
        assert self._console is not None
        self._spoke = time.monotonic()
        self._console.print(text, markup=False)

    def _stop(self) -> None:
        for shown in (self._status, self._bar):
            if shown is not None:
                shown.stop()
        self._status = self._bar = None


class Counted(Progress):
    """Tells a function how many runs are done and how many there are in all."""

    def __init__(self, tell: Callable[[int, int], None]) -> None:
        super().__init__()
        self._tell = tell

    def begin(self, label: str, runs: int, found: int = 0, months: int = 0) -> None:
        """Begin some runs, of which ``found`` are there already."""
        super().begin(label, runs, found, months)
        self._tell(self._done, self._runs)

    def finished(self, name: str) -> None:
        """Note a finished run."""
        super().finished(name)
        self._tell(self._done, self._runs)

    def failed(self, name: str, what: str) -> None:
        """Note a run that failed: it is done too."""
        super().failed(name, what)
        self._done += 1
        self._tell(self._done, self._runs)


def _console() -> Console:
    from rich.console import Console

    return Console(stderr=True, highlight=False, soft_wrap=True)


def _bar(console: Console, label: str, total: int, done: int, *, by_month: bool) -> Bar:
    from rich import progress

    columns = (
        progress.SpinnerColumn(),
        progress.TextColumn("{task.description}", markup=False),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TextColumn("months" if by_month else ""),
        progress.TimeElapsedColumn(),
        progress.TimeRemainingColumn(),
    )
    bar = progress.Progress(*columns, console=console, refresh_per_second=4, transient=True)
    bar.add_task(label, total=total, completed=done)
    bar.start()
    return bar
