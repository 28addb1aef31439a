"""``urbsim groups``: who gains and who loses, by age, sex, schooling, registration, income, zone and household type."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from urbsim.commands.interrupts import interruptible
from urbsim.commands.terminal import (
    AllowCode,
    JsonOption,
    Lang,
    LanguageOption,
    print_json,
    print_table,
    print_text,
    say,
)
from urbsim.commands.work import ClusterOption, JobsOption, OverwriteOption, QuietOption, make_runner, what_is_kept
from urbsim.labels import bilingual

_OUTPUTS = Path("outputs") / "groups"

_Paths = Annotated[
    list[Path],
    typer.Argument(
        metavar="RUN_DIR|SCENARIO.yaml ...", help="Run folders or scenario files; the first scenario is the baseline."
    ),
]
_By = Annotated[
    list[str] | None,
    typer.Option(
        metavar="GROUP",
        help="What people are told apart by: age, sex, schooling, registration, income_fifth, zone, household_type or "
        "work; may be repeated. Default: what the scenario observes, or age.",
    ),
]
_Indicators = Annotated[
    list[str] | None,
    typer.Option("-i", "--indicator", metavar="NAME", help="What is shown of each group; may be repeated."),
]
_At = Annotated[
    list[str] | None, typer.Option(metavar="YYYY-MM", help="Month looked at; may be repeated. Default: the last.")
]
_Of = Annotated[
    list[str] | None,
    typer.Option(
        metavar="GROUP=MEMBER", help="Of whom, such as age=16-59 or registration=local_rural; may be repeated."
    ),
]
_People = Annotated[
    int,
    typer.Option(
        min=0, metavar="N", help="Also write people.parquet with this many persons of every run, as they are."
    ),
]
_Scale = Annotated[
    float | None, typer.Option(help="Share of the population to simulate. Default: that of the scenario or run folder.")
]
_Seed = Annotated[int | None, typer.Option(help="Root of all random numbers. Default: 0, or that of the run folder.")]
_Draws = Annotated[
    int | None, typer.Option(help="Draws of the parameters; 0 is the median. Default: 8, or as in the run folder.")
]
_Replicates = Annotated[
    int | None, typer.Option(help="Repetitions of every draw. Default: 1, or as in the run folder.")
]
_Output = Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help="Folder of tables and charts.")]

_EPILOG = """[bold]Examples[/bold]

Who gains from the plan: [cyan]urbsim groups scenarios/jieshou/baseline.yaml scenarios/jieshou/plan-2025.yaml --by
registration --by age -i income_per_head --scale 0.02[/cyan]

The same of a finished run: [cyan]urbsim groups outputs/baseline+1-1a2b3c4d --by income_fifth[/cyan]

No group of fewer than ten simulated people is shown: a larger --scale shows finer groups."""


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command(epilog=_EPILOG)(groups)


def groups(
    paths: _Paths,
    by: _By = None,
    indicator: _Indicators = None,
    at: _At = None,
    of: _Of = None,
    people: _People = 0,
    scale: _Scale = None,
    seed: _Seed = None,
    draws: _Draws = None,
    replicates: _Replicates = None,
    allow_code: AllowCode = False,
    jobs: JobsOption = None,
    cluster: ClusterOption = None,
    output: _Output = _OUTPUTS,
    overwrite: OverwriteOption = False,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
    lang: LanguageOption = Lang.en,
) -> None:
    """Show who gains and who loses: results by group, and the same people with and without the plan.

    With more than one scenario, every person is compared with herself under the first: who lives elsewhere, has a post,
    a school place or a dwelling because of the plan or in spite of it, and whose income is higher or lower. Runs are
    kept: another group, measure or sample of the same months is looked at without simulating again. Writes tables and
    charts, among them age pyramids and children left behind.
    """
    from urbsim.distribution.asked import asked, plan_of
    from urbsim.distribution.groups import observations_of, observe_groups
    from urbsim.experiment.outputs import make_output_folder
    from urbsim.experiment.progress import Progress
    from urbsim.report.groups import as_data, groups_tables, write_groups

    progress = Progress(silent=False, quiet=quiet)
    plan = plan_of(paths, scale=scale, seed=seed, draws=draws, replicates=replicates, allow_code=allow_code)
    observations = {} if indicator or by or of else observations_of(plan.scenarios)
    observations = observations or asked(indicator or (), by or (), _conditions(of or []))
    months = [_month(text) for text in at or []] or [plan.baseline.until]
    make_output_folder(output)
    runner = make_runner(jobs, progress, overwrite=overwrite, cluster=cluster)
    with interruptible(what_is_kept(runner)):
        found = observe_groups(plan, observations, months, runner, people)
    write_groups(found, output, lang.value)
    if as_json:
        data = [as_data(found, name) for name in observations]
        print_json(data[0] if len(data) == 1 else data)
    else:
        for table in groups_tables(found, lang.value):
            print_text(table.title)
            print_table(table.headings, table.rows, lang.value, table.right)
            print_text(f"{table.note}\n" if table.note else "")
    if not quiet:
        say(bilingual(f"urbsim: tables and charts written to {output}", f"urbsim：表和图已写入 {output}"))


def _conditions(texts: Sequence[str]) -> dict[str, list[str]]:
    """Return the members wanted by dimension, from texts such as ``zone=seat``."""
    found: dict[str, list[str]] = {}
    for text in texts:
        name, sign, member = text.partition("=")
        if not sign:
            raise typer.BadParameter(
                bilingual(
                    f"{text!r} is no condition; write zone=seat or age=16-59",
                    f"“{text}”不是条件；请写 zone=seat 或 age=16-59",
                ),
                param_hint="--of",
            )
        found.setdefault(name.strip(), []).append(member.strip())
    return found


def _month(text: str) -> int:
    from urbsim.scenario.hints import month_asked

    try:
        return month_asked(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--at") from None
