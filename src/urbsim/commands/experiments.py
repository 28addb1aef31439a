"""``urbsim experiments``: published evaluations and expectations, repeated on simulated people."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from urbsim.commands.interrupts import interruptible
from urbsim.commands.terminal import JsonOption, Lang, LanguageOption, print_json, print_table, say
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
from urbsim.labels import Label, Language, bilingual

if TYPE_CHECKING:
    from urbsim.experiment.runner import Runner
    from urbsim.validation.study import StudyResult
    from urbsim.validation.worlds import ExperimentSize

_DEFAULT_FOLDER = Path("outputs") / "experiments"
_HEADINGS = (
    Label("experiment", "实验"),
    Label("outcome", "结果指标"),
    Label("published", "已发表结果"),
    Label("found, mean [90 %]", "模拟结果，均值［90%］"),
    Label("90 % of draws", "抽样的90%"),
    Label("against twins without it", "与无政策的同一人群相比"),
    Label("verdict", "判定"),
)
_ROLES = {
    "fit": Label("Studies that fit the responses", "用于拟合反应参数的研究"),
    "test": Label("Studies that test them, to which nothing is fitted", "用于检验的研究（未用于任何拟合）"),
    "expectation": Label("Expectations of sign and order", "对方向与次序的预期"),
}
_SCORE = Label(
    "{inside} of {judged} results inside the band, {reached} inside the band widened by the interval of draws",
    "{judged}项结果中{inside}项落入区间，按抽样区间放宽后为{reached}项",
)
_FEEDBACK_HEADINGS = (
    Label("policy", "政策"),
    Label("years", "年数"),
    Label("at work", "反馈起作用"),
    Label("frozen", "冻结全部反馈"),
    Label("ratio", "比值"),
)
_FEEDBACK_NOTE = Label(
    "residents of towns and seat gained per 1,000 residents; under a feedback: the effect with it alone frozen, "
    "relative to that at work",
    "每千名常住人口增加的城镇常住人口；各反馈列为仅冻结该反馈时的效应与反馈起作用时之比",
)
_MISSED = Label("Outside the band, and why:", "未落入区间的结果及原因：")
_UNKNOWN = Label("the cause is not known", "原因未知")
_NOTE = Label(
    "found: by the study's own comparison where there is one, less what it finds where nothing was done; {n} "
    "replicates, each with another draw of the posterior",
    "模拟结果：按原研究自身的比较方法（如有）计算，并扣除无政策时同一比较的结果；共{n}次重复，各用一组后验抽样",
)


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(experiments)


def experiments(
    studies: Annotated[
        list[str] | None, typer.Argument(help="Experiments to run, by key. Default: all.", show_default=False)
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            help="Only this role (fit, test, expectation), experiment, or study of docs/evidence.md; may be repeated.",
            metavar="NAME",
            show_default=False,
        ),
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Fewer people and replicates: wide intervals, fast.")] = False,
    replicates: Annotated[int | None, typer.Option(min=1, help="Replicates in place of the usual number.")] = None,
    feedbacks: Annotated[
        bool,
        typer.Option(
            "--feedbacks",
            help="Make instead the table of partial and general effects of six policies after 3, 6 and 16 years.",
        ),
    ] = False,
    jobs: JobsOption = None,
    cluster: ClusterOption = None,
    strength: Annotated[
        bool,
        typer.Option(
            "--strength",
            help="Measure instead what one dose of every lever does in a county like Jieshou, for 'urbsim policies'.",
        ),
    ] = False,
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="DIR", help="Folder of results.csv and the page.")
    ] = _DEFAULT_FOLDER,
    work: WorkOption = None,
    overwrite: OverwriteOption = False,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
    lang: LanguageOption = Lang.en,
) -> None:
    """Repeat published evaluations of policies on simulated people, and compare with what was published.

    Each experiment uses the study's own comparison, such as treated against untreated counties before and after, in the
    kind of place the study looked at: counties, districts of cities, or both. A result passes if it lies in the band
    written down beforehand. Studies that may fit responses and studies that test them are shown apart; results outside
    the band are shown as such, with the cause where it is known. Worlds are simulated from 2010 on. Writes results.csv
    and a page, experiments.html. An interrupted run continues with the same command.

    With --strength, every lever is carried out as in its own example, in draws of the posterior, and the table goes to
    where 'urbsim policies', the report and docs/levers.md read it (strength.csv of the evidence stage).

    Example: urbsim experiments --quick --only test
    """
    from dataclasses import replace

    from urbsim.experiment.outputs import make_output_folder
    from urbsim.experiment.progress import Progress
    from urbsim.experiment.tables import write_csv
    from urbsim.report.experiments import write_page
    from urbsim.validation.run import STUDIES, as_table, names, run_experiments
    from urbsim.validation.worlds import FULL, QUICK

    if strength:
        runner = make_runner(jobs, Progress(silent=False, quiet=quiet), overwrite=overwrite, work=work, cluster=cluster)
        _measure_strength(runner, replicates, None if output == _DEFAULT_FOLDER else output, quick=quick)
        return
    _check(studies, [study.key for study in STUDIES], bilingual("experiment", "实验"))
    _check(only, names(), bilingual("role, experiment or study", "用途、实验或研究"))
    setting = QUICK if quick else FULL
    if replicates is not None:
        setting = replace(setting, replicates=replicates)
    make_output_folder(output)
    runner = make_runner(jobs, Progress(silent=False, quiet=quiet), overwrite=overwrite, work=work, cluster=cluster)
    if feedbacks:
        _compare_feedbacks(setting, runner, output, lang.value, as_json=as_json)
        return
    with interruptible(what_is_kept(runner)):
        results = run_experiments(setting, studies, runner, only or ())
    write_csv(as_table(results), output / "results.csv")
    page = write_page(results, 2 * setting.pairs, output, lang.value)
    note_workers(runner, output)
    if as_json:
        table = as_table(results, lang.value)
        print_json(table.astype(object).to_dict("records"))
    else:
        _print(results, lang.value)
    if not quiet:
        say(bilingual(f"written to {output}/results.csv and {page}", f"已写入 {output}/results.csv 和 {page}"))


#: Draws and people of the table of doses, and the same in a hurry.
_DOSES, _QUICK_DOSES = (12, 0.03), (3, 0.005)


def _measure_strength(runner: Runner, draws: int | None, folder: Path | None, *, quick: bool) -> None:
    from urbsim.evidence.elasticities import TABLE, strength_file
    from urbsim.experiment.outputs import make_output_folder
    from urbsim.experiment.tables import write_csv
    from urbsim.inference.strength import measure
    from urbsim.policies.registry import all_levers

    count, scale = _QUICK_DOSES if quick else _DOSES
    path = strength_file() if folder is None else folder / TABLE
    make_output_folder(path.parent)
    with interruptible(what_is_kept(runner)):
        table = measure(list(all_levers()), draws or count, scale, runner)
    write_csv(table.round(3), path)
    say(bilingual(f"written to {path}", f"已写入 {path}"))


def _compare_feedbacks(
    setting: ExperimentSize, runner: Runner, folder: Path, language: Language, *, as_json: bool
) -> None:
    """Make the table of partial and general effects, write it as feedbacks.csv and print it."""
    from urbsim.experiment.tables import write_csv
    from urbsim.validation.partial import LEVERS, SHORT, partial_and_general

    with interruptible(what_is_kept(runner)):
        table = partial_and_general(setting, runner)
    write_csv(table.round(4), folder / "feedbacks.csv")
    if as_json:
        print_json(table.astype(object).where(table.notna(), None).to_dict("records"))
        return
    rows = [
        [
            LEVERS[str(row["lever"])].in_language(language) if row["years"] == table["years"].iloc[0] else "",
            f"{row['years']:.0f}",
            *(f"{row[name]:+.2f}" for name in ("general", "partial")),
            *("" if row[name] != row[name] else f"{row[name]:.2f}" for name in ("ratio", *SHORT)),
        ]
        for row in table.to_dict("records")
    ]
    print_table((*_FEEDBACK_HEADINGS, *SHORT.values()), rows, language)
    print(f"\n{_FEEDBACK_NOTE.in_language(language)}")


def _check(written: list[str] | None, known: Sequence[str], what: str) -> None:
    from urbsim.reading.suggestions import did_you_mean
    from urbsim.reading.wording import listed, quoted

    for name in written or ():
        if name not in known:
            found = bilingual(
                f"no {what} is called {quoted(name)}; allowed: {listed(known)}",
                f"没有{what}{quoted(name)}；允许：{listed(known)}",
            )
            raise typer.BadParameter(f"{found}{did_you_mean(name, known)}")


def _print(results: list[StudyResult], language: Language) -> None:
    for role, heading in _ROLES.items():
        of_role = [result for result in results if result.outcome.role == role]
        if not of_role:
            continue
        print(f"\n{heading.in_language(language)}\n")
        print_table(_HEADINGS, _rows(of_role, language), language)
        judged = [result for result in of_role if result.outcome.modelled]
        counts = {"inside": sum(result.verdict == "pass" for result in judged), "judged": len(judged)}
        reached = sum(result.reaches for result in judged)
        print(f"\n{_SCORE.in_language(language).format(**counts, reached=reached)}")
    replicates = max((result.replicates for result in results), default=0)
    print(f"\n{_NOTE.in_language(language).format(n=replicates)}")
    missed = [result for result in results if result.verdict in ("fail", "unclear")]
    if missed:
        print(f"\n{_MISSED.in_language(language)}")
        for result in missed:
            name = f"{result.study.title.in_language(language)}, {result.outcome.label.in_language(language)}"
            print(f"- {name}: {(result.cause or _UNKNOWN).in_language(language)}")


def _rows(results: list[StudyResult], language: Language) -> list[list[str]]:
    """Return the rows of a table; the title of an experiment stands once."""
    from urbsim.validation.study import VERDICTS

    rows, titled = [], ""
    for result in results:
        title = result.study.title.in_language(language)
        rows.append(
            [
                "" if title == titled else title,
                result.outcome.label.in_language(language),
                result.outcome.published.in_language(language),
                _number(result, language, result.estimate, result.low, result.high),
                "" if result.draws_low != result.draws_low else f"{result.draws_low:+.2f} – {result.draws_high:+.2f}",
                ""
                if result.outcome.by_twin
                else _number(result, language, result.twin, result.twin_low, result.twin_high),
                VERDICTS[result.verdict].in_language(language),
            ]
        )
        titled = title
    return rows


def _number(result: StudyResult, language: Language, middle: float, low: float, high: float) -> str:
    """Return a result with its interval; empty where it is not known."""
    if middle != middle:  # noqa: PLR0124 - not-a-number
        return ""
    unit = result.outcome.unit.in_language(language)
    interval = "" if low != low else f" [{low:+.2f}, {high:+.2f}]"  # noqa: PLR0124
    return f"{middle:+.2f}{interval} {unit}"
