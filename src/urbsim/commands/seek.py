"""``urbsim seek``: what it would take to reach a goal."""

from __future__ import annotations

from typing import Annotated

import typer

from urbsim.commands.decisions import (
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

_EPILOG = """[bold]Example[/bold]

[cyan]urbsim seek scenarios/jieshou/plan-2025.yaml --reach "urbanization_rate >= 0.55 @ 2030-12" --chance 0.8
--vary "policies.industrial_parks.posts_per_year=0:5000" --within "cost <= 2e9" --scale 0.02[/cyan]

The amounts found are written as a scenario file. An interrupted command continues where it was."""


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command(epilog=_EPILOG)(seek)


def seek(
    plan: PlanArgument,
    reach: Annotated[
        list[str] | None,
        typer.Option(
            metavar="GOAL",
            help='What is to be reached, such as "urbanization_rate >= 0.55 @ 2030-12"; may be repeated.',
            show_default=False,
        ),
    ] = None,
    vary: VaryOption = None,
    chance: Annotated[float, typer.Option(help="Probability with which all goals are to be met.")] = 0.8,
    within: Annotated[
        list[str] | None,
        typer.Option(
            metavar="LIMIT",
            help='What must not be exceeded, on average, such as "cost <= 2e9"; may be repeated.',
            show_default=False,
        ),
    ] = None,
    minimise: Annotated[
        str, typer.Option("--minimise", "--minimize", metavar="NAME", help="cost, or an indicator.")
    ] = "cost",
    trials: Annotated[int, typer.Option(help="Amounts tried, about.")] = 40,
    verify: Annotated[int, typer.Option(help="Runs with draws that the search did not see, at least.")] = 100,
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
    """Find the cheapest amounts with which a plan reaches its goals, or what keeps them out of reach.

    The search runs every trial on the same draws and random numbers; what it finds is verified on draws that it did not
    see, with the binomial interval. Writes the scenario found, all trials, and cost against chance as a chart.
    """
    from urbsim.decision.quest import AskedSeek, ask_seek
    from urbsim.report.amounts import relaxed_table, sought_lines
    from urbsim.report.decisions import write_sought

    asked = AskedSeek(reach or (), vary or (), within or (), chance, minimise, trials, verify)
    how = HowAsked(scale, seed, draws, replicates, jobs, cluster, output, work, overwrite, quiet, allow_code)
    with asking("seek", [plan], how) as question:
        found = ask_seek(question.scenarios[0], asked, question.settings, question.evaluator)
        data = write_sought(found, question.folder, lang.value)
    if as_json:
        print_json(data)
    else:
        print_text("\n".join(sought_lines(found, lang.value)))
        table = relaxed_table(found, lang.value)
        if table is not None:
            print_text("")
            print_narrow(table)
    question.answered(bilingual(f": {data['scenario_file']} and tables", f"：{data['scenario_file']} 和各表"))
