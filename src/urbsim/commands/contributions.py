"""``urbsim contributions``: which policies of a plan did it."""

from __future__ import annotations

from pathlib import Path
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
    asking,
)
from urbsim.commands.terminal import AllowCode, JsonOption, Lang, LanguageOption, print_json, print_narrow, print_text
from urbsim.commands.work import ClusterOption, JobsOption, OverwriteOption, QuietOption, WorkOption

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
    from urbsim.decision.ask import Asked, ask_contributions
    from urbsim.report import contributions as words
    from urbsim.report.decisions import write_contributions

    how = HowAsked(scale, seed, draws, replicates, jobs, cluster, output, work, overwrite, quiet, allow_code)
    with asking("contributions", [plan, *([against] if against else [])], how) as question:
        whole, *base = question.scenarios
        asked = Asked(by, indicator, at, precision, rounds)
        found = ask_contributions(whole, base[0] if base else None, asked, question.settings, question.evaluator)
        write_contributions(found, question.folder, lang.value)
    if as_json:
        print_json(found.as_data())
    else:
        print_text(words.heading(found, lang.value) + "\n")
        print_narrow(words.contributions_table(found, lang.value))
        print_text("\n" + words.taken(found, lang.value) + "\n")
        for table in (words.sources_table(found, lang.value), words.pairs_table(found, lang.value)):
            if table is not None:
                print_narrow(table)
                print_text("")
    question.answered()
