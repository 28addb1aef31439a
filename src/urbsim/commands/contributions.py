"""``urbsim contributions``: which policies of a plan did it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from urbsim.commands.decisions import (
    AtOption,
    DrawsOption,
    OutputOption,
    PlanArgument,
    ReplicatesOption,
    ScaleOption,
    SeedOption,
)
from urbsim.commands.interrupts import interruptible
from urbsim.commands.terminal import AllowCode, JsonOption, Lang, LanguageOption, console, print_json, print_text
from urbsim.commands.work import (
    ClusterOption,
    JobsOption,
    OverwriteOption,
    QuietOption,
    WorkOption,
    make_runner,
    note_workers,
    what_is_kept,
)
from urbsim.labels import bilingual

_EPILOG = """[bold]Examples[/bold]

The four parts of a plan: [cyan]urbsim contributions scenarios/jieshou/plan-2025.yaml --by part --scale 0.05[/cyan]

Each lever, on the seat, at the end of 2025: [cyan]urbsim contributions PLAN.yaml --by lever -i seat_residents --at
2025-12[/cyan]

Other indicators of the same month need no new runs. An interrupted command continues where it was."""


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command(epilog=_EPILOG)(contributions)


def contributions(
    plan: PlanArgument,
    against: Annotated[
        Path | None,
        typer.Option(
            metavar="BASE.yaml", help="What the plan is held against. Default: the plan without its policies."
        ),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(
            metavar="policy|part|lever",
            help="What policies are grouped by. Default: part where the plan names parts, else policy.",
        ),
    ] = None,
    indicator: Annotated[
        str, typer.Option("-i", "--indicator", metavar="NAME", help="Indicator; docs/indicators.md lists them.")
    ] = "urbanization_rate",
    at: AtOption = None,
    scale: ScaleOption = None,
    seed: SeedOption = 0,
    draws: DrawsOption = 8,
    replicates: ReplicatesOption = 1,
    precision: Annotated[
        float,
        typer.Option(
            min=0.001,
            help="With more than six groups: half width of the 90 % interval of every value at which sampling of "
            "orders stops, as a share of the plan's effect.",
        ),
    ] = 0.1,
    rounds: Annotated[
        int,
        typer.Option(min=1, help="With more than six groups: at most so many orders, each with its reverse, a draw."),
    ] = 4,
    jobs: JobsOption = None,
    cluster: ClusterOption = None,
    output: OutputOption = None,
    work: WorkOption = None,
    overwrite: OverwriteOption = False,
    quiet: QuietOption = False,
    allow_code: AllowCode = False,
    as_json: JsonOption = False,
    lang: LanguageOption = Lang.en,
) -> None:
    """Say which policies of a plan did it: what each group adds, alone and left out, and at what cost.

    Runs share draws of the parameters and random numbers, so differences come from the policies. Shapley values are
    exact up to six groups and add up to the whole. Costs are public yuan of the base year, undiscounted, from the
    start to the month. Writes tables and a waterfall chart.
    """
    from urbsim.commands.decisions import default_folder
    from urbsim.commands.scenarios import load_all
    from urbsim.decision.ask import Asked, ask_contributions
    from urbsim.decision.evaluation import Evaluator, RunSettings
    from urbsim.experiment.outputs import make_output_folder
    from urbsim.experiment.progress import Progress
    from urbsim.report import contributions as words
    from urbsim.report.decisions import write_contributions

    progress = Progress(silent=False, quiet=quiet)
    progress.stage(bilingual("reading the scenarios", "读取情景"))
    loaded = load_all([plan, *([against] if against else [])], allow_code=allow_code)
    folder = output or default_folder("contributions", loaded[0])
    make_output_folder(folder)
    runner = make_runner(jobs, progress, overwrite=overwrite, work=work, cluster=cluster)
    base = loaded[1] if against else None
    with interruptible(what_is_kept(runner)):
        asked = Asked(by, indicator, at, precision, rounds)
        settings = RunSettings(scale, seed, draws, replicates)
        found = ask_contributions(loaded[0], base, asked, settings, Evaluator(runner, seed))
        write_contributions(found, folder, lang.value)
        note_workers(runner, folder)
    if as_json:
        print_json(found.as_data())
    else:
        output_ = console()
        print_text(words.heading(found, lang.value) + "\n")
        output_.print(words.contributions_table(found, lang.value))
        print_text("\n" + words.taken(found, lang.value) + "\n")
        for table in (words.sources_table(found, lang.value), words.pairs_table(found, lang.value)):
            if table is not None:
                output_.print(table)
                print_text("")
    sys.stdout.flush()
    progress.message(bilingual(f"written to {folder}", f"已写入 {folder}"))
