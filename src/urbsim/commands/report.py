"""``urbsim report``: the report of a run folder as one HTML file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from urbsim.commands.exports import ExportOption, kinds_of
from urbsim.commands.indicators import IndicatorOption, OnlyOption, indicators_of
from urbsim.commands.terminal import Lang, LanguageOption, print_text, say
from urbsim.labels import bilingual

_Folder = Annotated[Path, typer.Argument(metavar="RUN_DIR", help="Run folder.", show_default=False)]
_Output = Annotated[
    Path | None,
    typer.Option("-o", "--output", metavar="FILE", help="File to write. Default: report.html in the run folder."),
]
_Others = Annotated[
    list[Path] | None,
    typer.Option(
        "--with",
        metavar="DIR",
        help="Folder of 'urbsim contributions' or 'urbsim groups' about these scenarios, for the report; may be "
        "repeated. Those in and beside the run folder are found by themselves.",
        show_default=False,
    ),
]


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(report)


def report(
    run_dir: _Folder,
    indicator: IndicatorOption = None,
    only: OnlyOption = False,
    export: ExportOption = None,
    others: _Others = None,
    output: _Output = None,
    lang: LanguageOption = Lang.en,
) -> None:
    """Write the report of a finished run folder: one HTML file in both languages that needs no network.

    Nothing is simulated. It begins with a page for who decides: five sentences, a chart, a table. Then what differs
    between the scenarios, headline numbers, targets, charts with their values, counties, groups and contributions
    where they were computed, policies, costs and what was cut, how sure the numbers are, and how to reproduce them.
    --lang says which language is shown first, and that of exports.

    Example: urbsim report outputs/baseline+1-1a2b3c4d --lang zh --export xlsx,docx -o report-zh.html
    """
    from urbsim.experiment.errors import ExperimentError
    from urbsim.experiment.reopen import bind, open_run
    from urbsim.report.answers import find_answers
    from urbsim.report.body import Shown
    from urbsim.report.write import REPORT, write_page

    asked, kinds = indicators_of(indicator, only=only), kinds_of(export)
    ensemble = open_run(run_dir)
    shown = Shown(asked, only, find_answers(ensemble.plan, run_dir, others or ()))
    path = output or run_dir / REPORT
    try:
        written = write_page(ensemble, run_dir, path, lang.value, shown, kinds)
        if path.resolve() == (run_dir / REPORT).resolve():
            for each in written:
                bind(run_dir, each.name)
    except OSError as error:
        raise ExperimentError(
            bilingual(f"cannot write {path}: {error.strerror or error}", f"不能写入 {path}：{error.strerror or error}")
        ) from error
    for each in written:
        print_text(str(each))
    say(
        bilingual(
            f"urbsim: report of {len(ensemble.names)} scenarios written",
            f"urbsim：已写出 {len(ensemble.names)} 个情景的报告",
        )
    )
