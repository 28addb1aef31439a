"""``urbsim sweep``: how results depend on amounts, and under which conditions a plan fails."""

from __future__ import annotations

from typing import Annotated

import typer

from urbsim.commands.decisions import (
    AtOption,
    DrawsOption,
    HowAsked,
    OutputOption,
    PlanArgument,
    ReplicatesOption,
    ScaleOption,
    SeedOption,
    VaryOption,
    asking,
)
from urbsim.commands.terminal import AllowCode, JsonOption, Lang, LanguageOption, print_json, print_narrow, print_text
from urbsim.commands.work import ClusterOption, JobsOption, OverwriteOption, QuietOption, WorkOption
from urbsim.labels import bilingual

_EPILOG = """[bold]Examples[/bold]

Two amounts on a grid: [cyan]urbsim sweep scenarios/jieshou/plan-2025.yaml --vary
policies.industrial_parks.posts_per_year=0:5000 --vary policies.resettlement_housing.dwellings_per_year=0,500,2000
--scale 0.02[/cyan]

Conditions of failure: [cyan]urbsim sweep PLAN.yaml --vary ... --sobol 64 --draws 20 --reach "urbanization_rate >= 0.55
@ 2030-12"[/cyan]

An interrupted command continues where it was."""


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command(epilog=_EPILOG)(sweep)


def sweep(
    plan: PlanArgument,
    vary: VaryOption = None,
    levels: Annotated[
        int | None, typer.Option(help="Values of each amount on the grid, evenly spaced. Default: 5.")
    ] = None,
    sobol: Annotated[
        int | None, typer.Option(help="So many points of a Sobol sequence in place of a grid.", show_default=False)
    ] = None,
    indicator: Annotated[
        list[str] | None,
        typer.Option(
            "-i", "--indicator", metavar="NAME", help="Indicator; may be repeated. Default: urbanization_rate."
        ),
    ] = None,
    reach: Annotated[
        list[str] | None,
        typer.Option(
            metavar="GOAL",
            help='What the plan fails without, such as "urbanization_rate >= 0.55 @ 2030-12"; may be repeated. '
            "Default: the plan's own targets.",
        ),
    ] = None,
    at: AtOption = None,
    scale: ScaleOption = None,
    seed: SeedOption = 0,
    draws: DrawsOption = 8,
    replicates: ReplicatesOption = 1,
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
    """Say how a plan's results depend on amounts, and under which conditions it fails.

    Every point is simulated on the same draws and random numbers. Writes a tidy table, every run, response curves with
    bands, a heat map of two amounts on a grid, and the conditions of failure.
    """
    from urbsim.decision.discovery import conditions_of_failure
    from urbsim.decision.sweep import AskedSweep, SweepDesign, ask_sweep
    from urbsim.report.amounts import conditions_lines, goals_lines, sweep_table
    from urbsim.report.decisions import write_sweep

    if levels is not None and sobol is not None:
        raise typer.BadParameter(
            bilingual(
                "points are a grid (--levels) or a sequence (--sobol), not both",
                "取点要么用网格（--levels），要么用序列（--sobol），不能同时使用",
            )
        )
    design = SweepDesign(sobol=sobol) if levels is None else SweepDesign(levels)
    asked = AskedSweep(vary or (), indicator or ("urbanization_rate",), at, reach or (), design)
    how = HowAsked(scale, seed, draws, replicates, jobs, cluster, output, work, overwrite, quiet, allow_code)
    with asking("sweep", [plan], how) as question:
        swept = ask_sweep(question.scenarios[0], asked, question.settings, question.evaluator)
        found = conditions_of_failure(swept)
        write_sweep(swept, found, question.folder, lang.value)
    if as_json:
        print_json(swept.rows().to_dict("records"))
    else:
        print_narrow(sweep_table(swept, lang.value))
        lines = [*goals_lines(swept, lang.value), *conditions_lines(found, lang.value, swept.amounts)]
        print_text("\n" + "\n".join(lines))
    question.answered()
