"""``urbsim run`` and ``urbsim compare``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from urbsim.commands.exports import ExportOption, kinds_of
from urbsim.commands.indicators import IndicatorOption, OnlyOption, indicators_of
from urbsim.commands.interrupts import interruptible
from urbsim.commands.observing import groups_as_data, observed_groups, print_groups
from urbsim.commands.streams import OutputError
from urbsim.commands.terminal import AllowCode, JsonOption, Lang, LanguageOption, console, print_json, say
from urbsim.commands.work import (
    ClusterOption,
    JobsOption,
    OverwriteOption,
    QuietOption,
    ThreadsOption,
    check_threads,
    cores,
    load_ahead,
    make_runner,
)
from urbsim.labels import bilingual
from urbsim.loading import loading
from urbsim.threads import use_threads

if TYPE_CHECKING:
    from urbsim.distribution.groups import Groups
    from urbsim.experiment.ensemble import Ensemble
    from urbsim.experiment.folder import RunFolder
    from urbsim.experiment.plan import Plan
    from urbsim.experiment.profile import Profile
    from urbsim.experiment.runner import Runner
    from urbsim.labels import Language
    from urbsim.report.body import Shown

_OUTPUTS = Path("outputs")


_Scenario = Annotated[Path, typer.Argument(metavar="SCENARIO.yaml", help="Scenario file.", show_default=False)]
_Scenarios = Annotated[
    list[Path],
    typer.Argument(metavar="BASELINE.yaml SCENARIO.yaml ...", help="Scenario files; the first is the baseline."),
]
_Scale = Annotated[
    float | None,
    typer.Option(help="Share of the population to simulate, 0 to 1; 1 is every person. Default: the scenario's own."),
]
_Seed = Annotated[int, typer.Option(help="Root of all random numbers; the same seed gives the same results.")]
_Replicates = Annotated[int, typer.Option(help="Repetitions of every draw with different random numbers.")]
_Draws = Annotated[
    int, typer.Option(help="Draws of the parameters from the posterior; 0 runs its median. Intervals come from them.")
]
_Until = Annotated[
    str | None, typer.Option(metavar="YYYY-MM", help="Last month to simulate. Default: the scenario's own.")
]
_Output = Annotated[
    Path | None,
    typer.Option("-o", "--output", metavar="DIR", help="Run folder. Default: a folder of its own in outputs/."),
]
_CountyData = Annotated[
    Path | None,
    typer.Option(
        "--county-data",
        metavar="FILE",
        help="The county's own figures at the start, csv or xlsx; 'urbsim data-template' writes a form to fill in.",
    ),
]
_From = Annotated[
    str | None,
    typer.Option(
        "--from",
        metavar="FOLDER@YYYY-MM",
        help="Go on from the runs of a run folder at the end of a month, up to which the scenarios are the same; the "
        "results are those of a run from the start. The first time it leaves a checkpoint in the cache.",
    ),
]
_Charts = Annotated[
    bool, typer.Option("--charts/--no-charts", help="Write charts and the report, which 'urbsim report' can do later.")
]
_Profile = Annotated[
    bool, typer.Option("--profile", help="Also show where the time went: CPU seconds by step of the month.")
]

_RUN_EPILOG = """[bold]Examples[/bold]

Every person of the county, once: [cyan]urbsim run scenarios/jieshou/baseline.yaml --scale 1 --draws 0[/cyan]

A quick look at the first years: [cyan]urbsim run scenarios/jieshou/baseline.yaml --scale 0.02 --until 2025-12[/cyan]

What a plan changes from 2026 on, without simulating the years before again: [cyan]urbsim run plan.yaml --from
outputs/baseline@2025-12[/cyan]

The same command in the same folder continues an interrupted run."""

_COMPARE_EPILOG = """[bold]Examples[/bold]

[cyan]urbsim compare scenarios/jieshou/baseline.yaml scenarios/jieshou/plan-2025.yaml[/cyan]

Ten draws give 10–90 % intervals: [cyan]urbsim compare A.yaml B.yaml --draws 10 --scale 0.1[/cyan]

For a script: [cyan]urbsim compare A.yaml B.yaml --json --quiet > comparison.json[/cyan]

Scenarios must share region, start, until and scale; [cyan]urbsim diff A.yaml B.yaml[/cyan] shows what differs."""


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command(epilog=_RUN_EPILOG)(run)
    app.command(epilog=_COMPARE_EPILOG)(compare)


def run(
    scenario: _Scenario,
    scale: _Scale = None,
    seed: _Seed = 0,
    draws: _Draws = 8,
    replicates: _Replicates = 1,
    until: _Until = None,
    allow_code: AllowCode = False,
    jobs: JobsOption = None,
    threads: ThreadsOption = None,
    cluster: ClusterOption = None,
    origin: _From = None,
    indicator: IndicatorOption = None,
    only: OnlyOption = False,
    export: ExportOption = None,
    county_data: _CountyData = None,
    output: _Output = None,
    charts: _Charts = True,
    overwrite: OverwriteOption = False,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
    lang: LanguageOption = Lang.en,
    profile: _Profile = False,
) -> None:
    """Simulate one scenario and write tables and charts to a run folder.

    Prints the headline indicators (medians and intervals over draws of the parameters and chance). The folder holds
    everything observed month by month, the charts with the tables they show, and a manifest that binds inputs and
    results.
    """
    shown, kinds = indicators_of(indicator, only=only), kinds_of(export)
    _simulate(
        [scenario],
        scale,
        seed,
        draws,
        replicates,
        until,
        allow_code,
        jobs,
        threads,
        cluster,
        origin,
        shown,
        county_data,
        output,
        overwrite,
        quiet,
        as_json,
        lang.value,
        only=only,
        export=kinds,
        charts=charts,
        profile=profile,
    )


def compare(
    scenarios: _Scenarios,
    scale: _Scale = None,
    seed: _Seed = 0,
    draws: _Draws = 8,
    replicates: _Replicates = 1,
    until: _Until = None,
    allow_code: AllowCode = False,
    jobs: JobsOption = None,
    threads: ThreadsOption = None,
    cluster: ClusterOption = None,
    origin: _From = None,
    indicator: IndicatorOption = None,
    only: OnlyOption = False,
    export: ExportOption = None,
    county_data: _CountyData = None,
    output: _Output = None,
    charts: _Charts = True,
    overwrite: OverwriteOption = False,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
    lang: LanguageOption = Lang.en,
) -> None:
    """Simulate several scenarios side by side and show what each changes against the first.

    The same person has the same random numbers in every scenario, so a difference comes from the policies and not
    from chance. Differences are taken within each draw of the parameters and its random numbers.
    """
    if len(scenarios) < 2:
        raise typer.BadParameter(
            bilingual(
                "give a baseline and at least one more scenario; 'urbsim run' simulates one",
                "请给出基准情景和至少一个其他情景；模拟单个情景用“urbsim run”",
            )
        )
    shown, kinds = indicators_of(indicator, only=only), kinds_of(export)
    _simulate(
        scenarios,
        scale,
        seed,
        draws,
        replicates,
        until,
        allow_code,
        jobs,
        threads,
        cluster,
        origin,
        shown,
        county_data,
        output,
        overwrite,
        quiet,
        as_json,
        lang.value,
        only=only,
        export=kinds,
        charts=charts,
    )


def _simulate(
    paths: list[Path],
    scale: float | None,
    seed: int,
    draws: int,
    replicates: int,
    until: str | None,
    allow_code: bool,
    jobs: int | None,
    threads: int | None,
    cluster: str | None,
    origin: str | None,
    indicators: tuple[str, ...],
    county_data: Path | None,
    output: Path | None,
    overwrite: bool,
    quiet: bool,
    as_json: bool,
    language: Language,
    *,
    only: bool,
    export: tuple[str, ...] = (),
    charts: bool,
    profile: bool = False,
) -> None:
    runs = len(paths) * max(draws, 1) * replicates
    if cluster is None:
        load_ahead(jobs, runs)
    from urbsim.experiment.footing import footing_notes, posterior_notes
    from urbsim.experiment.progress import Progress

    if origin is not None and cluster is not None:
        raise typer.BadParameter(
            bilingual(
                "a checkpoint lies on this machine; --from goes without --cluster",
                "检查点在本机；--from 不能与 --cluster 同用",
            )
        )
    if threads is not None:
        check_threads(cluster)
        use_threads(threads)
    progress = Progress(silent=False, quiet=quiet)
    progress.stage(
        bilingual(f"reading {len(paths)} scenario{'s' if len(paths) > 1 else ''}", f"读取 {len(paths)} 个情景")
    )
    with interruptible(bilingual("Nothing was simulated yet.", "还没有开始模拟。")), loading():
        plan = _plan(paths, scale, seed, draws, replicates, until, allow_code, county_data)
        if origin is not None:
            from urbsim.experiment.branching import branched

            plan = branched(plan, origin)
        for doubt in dict.fromkeys(text for scenario in plan.scenarios for text in scenario.doubts):
            progress.message(doubt)

        from urbsim.experiment.folder import RunFolder

        here = cores(jobs) if cluster is None else None
        folder = RunFolder(output, plan, here) if output else RunFolder.default(plan, _OUTPUTS, here)
        runner = make_runner(jobs, progress, overwrite=overwrite, cluster=cluster, runs=runs)
    ensemble, groups = _carry_out(plan, runner, folder, language, indicators, only=only, export=export, charts=charts)
    try:
        timed = runner.profile if profile else None
        _print(ensemble, groups, language, indicators, timed, only=only, as_json=as_json)
        sys.stdout.flush()
    except OutputError as error:
        raise OutputError(
            bilingual(f"{error}; the results are in {folder.path}", f"{error}；结果在 {folder.path}")
        ) from error
    progress.message(
        bilingual(
            f"written to {folder.path}: report.html to open in a browser, charts/ and tables",
            f"已写入 {folder.path}：report.html 用浏览器打开；charts/ 中是图；另有各表",
        )
        if charts
        else bilingual(
            f"written to {folder.path}: tables; urbsim report {folder.path} adds the report",
            f"已写入 {folder.path}：各表；urbsim report {folder.path} 补写报告",
        )
    )
    for note in (*footing_notes(plan.baseline, language), *posterior_notes(plan.scenarios, language)):
        progress.message(note)
    if ensemble.failures:
        failed = bilingual(
            f"{len(ensemble.failures)} of {len(plan.run_keys())} runs failed",
            f"{len(plan.run_keys())} 次模拟中有 {len(ensemble.failures)} 次失败",
        )
        say(
            bilingual(
                f"urbsim: {failed}; see {folder.path}/manifest.json",
                f"urbsim：{failed}；见 {folder.path}/manifest.json",
            )
        )
        raise typer.Exit(1)


def _plan(
    paths: list[Path],
    scale: float | None,
    seed: int,
    draws: int,
    replicates: int,
    until: str | None,
    allow_code: bool,
    county_data: Path | None = None,
) -> Plan:
    """Read the scenarios, report all their problems together, and plan the runs."""
    from urbsim.commands.scenarios import load_all
    from urbsim.experiment.plan import make_plan
    from urbsim.scenario.county_data import with_county_data
    from urbsim.scenario.hints import month_asked

    try:
        last = month_asked(until) if until is not None else None
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--until") from None
    scenarios = load_all(paths, allow_code=allow_code)
    if county_data is not None:
        scenarios = [with_county_data(scenario, county_data) for scenario in scenarios]
    return make_plan(scenarios, scale=scale, until=last, seed=seed, draws=draws, replicates=replicates)


def _carry_out(
    plan: Plan,
    runner: Runner,
    folder: RunFolder,
    language: Language,
    indicators: tuple[str, ...],
    *,
    only: bool,
    export: tuple[str, ...] = (),
    charts: bool,
) -> tuple[Ensemble, Groups | None]:
    """Run the plan, observe what it asks for, and write the folder; whatever stops it, finished runs are kept."""
    from urbsim.experiment.errors import RunError
    from urbsim.experiment.runner import carry_out
    from urbsim.report.write import write_report

    resume = bilingual(
        f"Finished runs are kept in {folder.path}; the same command continues from there.",
        f"已完成的模拟保留在 {folder.path}；再次运行同一命令即可继续。",
    )
    try:
        with interruptible(resume), folder.at_work():
            ensemble = carry_out(plan, runner, folder)
            groups = observed_groups(plan, runner, folder.path, language)
            runner.progress.stage(bilingual("writing charts and tables", "写出图和表"))
            shown = _shown(plan, folder, indicators, only=only) if charts or export else None
            write_report(ensemble, folder.path, language, shown, export, charts=charts)
            folder.finish(ensemble.tables, ensemble.failures)
    except RunError as error:
        raise RunError(f"{error}. {resume}") from error
    except OSError as error:
        raise RunError(
            bilingual(
                f"cannot write to {folder.path}: {error.strerror or error}. {resume}",
                f"不能写入 {folder.path}：{error.strerror or error}。{resume}",
            )
        ) from error
    finally:
        runner.progress.end()
    return ensemble, groups


def _shown(plan: Plan, folder: RunFolder, indicators: tuple[str, ...], *, only: bool) -> Shown:
    """Return what a report is to show; what draws takes a second to load, which a run without charts spares."""
    from urbsim.report.answers import find_answers
    from urbsim.report.body import Shown

    return Shown(indicators, only, find_answers(plan, folder.path))


def _print(
    ensemble: Ensemble,
    groups: Groups | None,
    language: Language,
    indicators: tuple[str, ...],
    profile: Profile | None,
    *,
    only: bool,
    as_json: bool,
) -> None:
    """Print the headline tables and, where it is asked for, the profile of the runs that were simulated."""
    from urbsim.report import cuts, tables
    from urbsim.report.counties import counties_table
    from urbsim.report.observed import observed_table
    from urbsim.report.profile import profile_data, profile_table
    from urbsim.report.targets import targets_table

    if as_json:
        data = tables.as_data(ensemble, language, indicators, only=only)
        data |= {} if groups is None else {"groups": groups_as_data(groups)}
        print_json(data if profile is None else {**data, "profile": profile_data(profile)})
        return
    output = console()
    output.print(tables.comparison_table(ensemble, language, indicators, only=only))
    found = (
        targets_table(ensemble, language),
        observed_table(ensemble, language),
        counties_table(ensemble, language),
    )
    for table in (*(table for table in found if table is not None), *cuts.cut_tables(ensemble, language)):
        output.print()
        output.print(table)
    if groups is not None:
        print_groups(groups, language)
    if profile is None:
        return
    if not profile.runs:
        say(
            bilingual(
                "urbsim: there is no profile: no run was simulated, all were found; --overwrite simulates them again",
                "urbsim：没有用时剖析：没有新的模拟，结果都是现成的；加 --overwrite 可重新模拟",
            )
        )
        return
    output.print()
    output.print(profile_table(profile, language))
