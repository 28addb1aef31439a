"""``urbsim report``: the report of a run folder as one HTML file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from urbsim.commands.indicators import IndicatorOption, OnlyOption, indicators_of
from urbsim.commands.terminal import Lang, LanguageOption, print_text, say
from urbsim.labels import bilingual

_Folder = Annotated[Path, typer.Argument(metavar="RUN_DIR", help="Run folder.", show_default=False)]
_Output = Annotated[
    Path | None,
    typer.Option("-o", "--output", metavar="FILE", help="File to write. Default: report.html in the run folder."),
]


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(report)


def report(
    run_dir: _Folder,
    indicator: IndicatorOption = None,
    only: OnlyOption = False,
    output: _Output = None,
    lang: LanguageOption = Lang.en,
) -> None:
    """Write the report of a finished run folder: one HTML file that needs no network. Nothing is simulated.

    It holds the headline numbers, targets, charts, counties, policies in force and what was cut, how sure the numbers
    are, and how to reproduce them.

    Example: urbsim report outputs/baseline+1-1a2b3c4d --lang zh -o report-zh.html
    """
    from urbsim.experiment.errors import ExperimentError
    from urbsim.experiment.reopen import bind, open_run
    from urbsim.report.write import REPORT, write_page

    shown = indicators_of(indicator, only=only)
    ensemble = open_run(run_dir)
    path = output or run_dir / REPORT
    try:
        write_page(ensemble, run_dir, path, lang.value, shown, only=only)
        if path.resolve() == (run_dir / REPORT).resolve():
            bind(run_dir, REPORT)
    except OSError as error:
        raise ExperimentError(
            bilingual(f"cannot write {path}: {error.strerror or error}", f"不能写入 {path}：{error.strerror or error}")
        ) from error
    print_text(str(path))
    say(
        bilingual(
            f"urbsim: report of {len(ensemble.names)} scenarios written",
            f"urbsim：已写出 {len(ensemble.names)} 个情景的报告",
        )
    )
