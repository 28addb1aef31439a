"""``urbsim trace``: one person's choice of where to live, term by term."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from urbsim.commands.terminal import AllowCode, JsonOption, Lang, LanguageOption, print_json, print_table, print_text
from urbsim.commands.work import QuietOption
from urbsim.labels import Language, bilingual

if TYPE_CHECKING:
    from urbsim.tracing.trace import Trace

_Scenario = Annotated[Path, typer.Argument(metavar="SCENARIO.yaml", help="Scenario file.", show_default=False)]
_Month = Annotated[str, typer.Option(metavar="YYYY-MM", help="Month of the choice.", show_default=False)]
_Person = Annotated[str | None, typer.Option(metavar="KEY", help="Key of a person, as --pick shows it.")]
_Pick = Annotated[
    str | None,
    typer.Option(
        metavar="WORDS",
        help='Somebody who fits: sex, age, zone, registration, schooling, work, in English or Chinese, such as "female '
        '25-30 village" or "女 25-30 村". Always the same person.',
    ),
]
_Scale = Annotated[float | None, typer.Option(help="Share of the population to simulate. Default: the scenario's own.")]
_Seed = Annotated[int, typer.Option(help="Root of all random numbers.")]
_Draw = Annotated[int, typer.Option(help="Draw of the parameters from the posterior; 0 is its median.")]

_EPILOG = """[bold]Examples[/bold]

[cyan]urbsim trace scenarios/jieshou/plan-2025.yaml --pick "female 25-30 village" --month 2024-09 --scale 0.02[/cyan]

The same person in another month: [cyan]urbsim trace ... --person 0x0161a2fef183cb0a --month 2025-03[/cyan]

Keys belong to a scale, seed and draw; the same person has the same key in every scenario."""


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command(epilog=_EPILOG)(trace)


def trace(
    scenario: _Scenario,
    month: _Month,
    person: _Person = None,
    pick: _Pick = None,
    scale: _Scale = None,
    draw: _Draw = 0,
    seed: _Seed = 0,
    allow_code: AllowCode = False,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
    lang: LanguageOption = Lang.en,
) -> None:
    """Follow one person's choice of where to live: every term of every alternative, without and with the policies.

    Simulates up to the month and shows who the person is, how likely it is that she looks again at where to live, and
    for each place she could live in what it is worth to her: coefficient x quantity, term by term; its probability; and
    the random shock that decides. Without policies means in the same month and world with no policy in force; what
    policies built before is there all the same.
    """
    from urbsim.experiment.progress import Progress
    from urbsim.scenario.hints import month_asked
    from urbsim.scenario.loading import load_scenario
    from urbsim.tracing.trace import trace_person

    try:
        number = month_asked(month)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--month") from None
    if (person is None) == (pick is None):
        raise typer.BadParameter(
            bilingual("give one of the two, --person KEY or --pick WORDS", "--person 键 和 --pick 描述 两者给一个")
        )
    found = trace_person(
        load_scenario(scenario, allow_code=allow_code),
        number,
        person=person,
        pick=pick,
        scale=scale,
        seed=seed,
        draw=draw,
        progress=Progress(silent=False, quiet=quiet),
    )
    if as_json:
        print_json(_as_data(found, lang.value))
        return
    from urbsim.tracing.tables import tables

    for place, table in enumerate(tables(found, lang.value)):
        print_text(f"{chr(10) if place else ''}{table.title}")
        print_table(table.headings, table.rows, lang.value, table.right)


def _as_data(trace: Trace, language: Language) -> dict[str, Any]:
    from urbsim.months import format_month
    from urbsim.tracing.tables import described

    return {
        "month": format_month(trace.month),
        "person": trace.person,
        "chance": trace.chance,
        "alternatives": trace.options.to_dict("records"),
        "terms": described(trace, language).drop(columns="of").to_dict("records"),
    }
