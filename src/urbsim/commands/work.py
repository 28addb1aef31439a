"""How simulations are carried out by every command that runs some: processes, progress, and the store."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from urbsim.experiment.progress import Progress
    from urbsim.experiment.runner import Runner

JobsOption = Annotated[
    int | None, typer.Option(min=1, help="Processes at work; results do not depend on it. Default: one per core.")
]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="No progress on standard error.")]
OverwriteOption = Annotated[
    bool, typer.Option("--overwrite", help="Simulate again what was simulated before, instead of taking it from there.")
]
WorkOption = Annotated[
    Path | None,
    typer.Option(help="Folder of finished simulations, in place of the user's cache (see 'urbsim cache')."),
]


def cores(jobs: int | None) -> int:
    """Return the number of processes: as asked for, else one per core."""
    return jobs or os.cpu_count() or 1


def make_runner(jobs: int | None, progress: Progress, *, overwrite: bool, work: Path | None = None) -> Runner:
    """Return what carries out the simulations of a command."""
    from urbsim.experiment.runner import Runner, available_store

    return Runner(cores(jobs), progress, available_store(progress, work), overwrite=overwrite)


def what_is_kept(runner: Runner) -> str:
    """Return in words what an interrupted command leaves."""
    kept = "Finished simulations are kept; the same command continues from there."
    return kept if runner.store is not None else "Nothing is kept."
