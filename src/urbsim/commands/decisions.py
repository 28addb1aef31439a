"""What the commands on decisions have in common: options, and the way from scenario files to a folder of answers."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from urbsim.commands.interrupts import interruptible
from urbsim.commands.work import make_runner, note_workers, what_is_kept
from urbsim.labels import bilingual

if TYPE_CHECKING:
    from urbsim.decision.evaluation import Evaluator, RunSettings
    from urbsim.experiment.progress import Progress
    from urbsim.scenario.model import Scenario

PlanArgument = Annotated[Path, typer.Argument(metavar="PLAN.yaml", help="Scenario file.", show_default=False)]
VaryOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="PATH=LOW:HIGH",
        help="Amount that is varied, such as policies.parks.posts_per_year=0:5000, or with values, =0,500,2000; or a "
        "parameter, parameters.NAME=LOW:HIGH. May be repeated. 0 where a lever refuses it: without the policy.",
        show_default=False,
    ),
]
AtOption = Annotated[
    str | None,
    typer.Option("--at", metavar="YYYY-MM", help="Month asked about, up to which is simulated. Default: the last."),
]
ScaleOption = Annotated[
    float | None,
    typer.Option(help="Share of the population to simulate, 0 to 1. Default: the scenario's own."),
]
SeedOption = Annotated[int, typer.Option(help="Root of all random numbers; the same seed gives the same results.")]
DrawsOption = Annotated[int, typer.Option(help="Draws of the parameters from the posterior; 0 takes its median.")]
ReplicatesOption = Annotated[int, typer.Option(help="Repetitions of every draw with different random numbers.")]
OutputOption = Annotated[
    Path | None,
    typer.Option(
        "-o", "--output", metavar="DIR", help="Folder of tables and charts. Default: a folder of its own in outputs/."
    ),
]


@dataclass(frozen=True)
class HowAsked:
    """What the options that these commands share say."""

    scale: float | None
    seed: int
    draws: int
    replicates: int
    jobs: int | None
    cluster: str | None
    output: Path | None
    work: Path | None
    overwrite: bool
    quiet: bool
    allow_code: bool


@dataclass(frozen=True)
class PlanAsked:
    """A question at work: the scenarios it is about, how they are run, and the folder of its answer."""

    scenarios: Sequence[Scenario]
    settings: RunSettings
    evaluator: Evaluator
    folder: Path
    progress: Progress

    def answered(self, what: str = "") -> None:
        """Say where the answer was written, once it is printed; ``what`` names more than the folder."""
        sys.stdout.flush()
        self.progress.message(bilingual(f"written to {self.folder}{what}", f"已写入 {self.folder}{what}"))


@contextmanager
def asking(command: str, paths: Sequence[Path], how: HowAsked) -> Iterator[PlanAsked]:
    """Read the scenarios and give what carries out a question about them; whatever stops it, finished runs are kept."""
    from urbsim.commands.scenarios import load_all
    from urbsim.decision.evaluation import Evaluator, RunSettings
    from urbsim.experiment.outputs import make_output_folder
    from urbsim.experiment.progress import Progress

    progress = Progress(silent=False, quiet=how.quiet)
    progress.stage(bilingual("reading the scenarios", "读取情景"))
    loaded = load_all(list(paths), allow_code=how.allow_code)
    folder = how.output or _default_folder(command, loaded[0])
    make_output_folder(folder)
    runner = make_runner(how.jobs, progress, overwrite=how.overwrite, work=how.work, cluster=how.cluster)
    settings = RunSettings(how.scale, how.seed, how.draws, how.replicates)
    with interruptible(what_is_kept(runner)):
        yield PlanAsked(loaded, settings, Evaluator(runner, how.seed), folder, progress)
        note_workers(runner, folder)


def _default_folder(command: str, scenario: Scenario) -> Path:
    """Return the folder of a command's results for a scenario where none is named."""
    from urbsim.experiment.names import distinct_names

    return Path("outputs") / f"{command}-{distinct_names([scenario.name])[0]}"
