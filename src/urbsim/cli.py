"""The command line: registers the commands and turns errors into messages and exit codes.

Exit code 0 means success, 1 that a run failed, 2 that the input was bad, 130 that Ctrl-C was pressed.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from urbsim.commands import (
    cache,
    calibration,
    contributions,
    county_data,
    demo,
    experiments,
    folders,
    groups,
    inspect,
    memory,
    policies,
    report,
    run,
    seek,
    sensitivity,
    serve,
    streams,
    sweep,
    trace,
)
from urbsim.commands.interrupts import listen
from urbsim.commands.language import App, asked_in, check_variable
from urbsim.commands.terminal import say
from urbsim.commands.work import check_threads_variable
from urbsim.labels import bilingual

app = App(
    name="urbsim",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        print(f"urbsim {version('urbsim')}")
        raise typer.Exit


@app.callback()
def _program(
    version: Annotated[  # noqa: ARG001 (its callback does the work)
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Simulate how Chinese counties urbanize, person by person, under dated policies.

    Begin with [bold]urbsim regions jieshou[/bold] to find a county, [bold]urbsim policies[/bold] to see what a
    scenario can change, and [bold]urbsim compare A.yaml B.yaml[/bold] to see what that would do.
    """
    check_variable()
    check_threads_variable()
    too_low = memory.limit_too_low()
    if too_low:
        say(bilingual(f"urbsim: {too_low}", f"urbsim：{too_low}"))
        raise typer.Exit(1)


run.register(app)
demo.register(app)
inspect.register(app)
policies.register(app)
calibration.register(app)
county_data.register(app)
report.register(app)
folders.register(app)
cache.register(app)
experiments.register(app)
sensitivity.register(app)
trace.register(app)
serve.register(app)
contributions.register(app)
sweep.register(app)
seek.register(app)
groups.register(app)


def main() -> None:
    """Run the command line; a user's mistake gives a message, not a traceback."""
    listen()
    streams.prepare()
    with asked_in(sys.argv[1:]):
        _run()


def _run() -> None:
    try:
        try:
            app()
        except SystemExit:  # how every command ends, well or not
            streams.finish()
            raise
    except streams.ClosedOutputError:  # the reader of a pipe, such as `head`, has seen enough
        streams.abandon()
        sys.exit(0)
    except Exception as error:
        code = _explain(error)
        if code is None:
            raise
        sys.exit(code)


def _explain(error: Exception) -> int | None:
    """Print what a known error says; return its exit code, or None for an error nobody foresaw."""
    from urbsim.experiment.errors import ExperimentError, RunError
    from urbsim.reading.problems import ScenarioError

    if isinstance(error, ScenarioError):
        say(str(error))
        return 2
    if isinstance(error, streams.OutputError):
        streams.abandon()
    if isinstance(error, ExperimentError | RunError | streams.OutputError):
        say(bilingual(f"urbsim: {error}", f"urbsim：{error}"))
        return 2 if isinstance(error, ExperimentError) else 1
    if isinstance(error, MemoryError):
        say(
            bilingual(
                "urbsim: there is not enough memory; try a smaller --scale, or fewer --jobs. Finished runs are kept",
                "urbsim：内存不足；请减小 --scale 或 --jobs。已完成的模拟会保留",
            )
        )
        return 1
    return None
