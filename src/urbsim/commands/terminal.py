"""Tables on standard output: as wide as the terminal, or wide enough that nothing folds when piped."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

import typer

from urbsim.labels import Label, Language

_PIPED_WIDTH = 240


class Lang(StrEnum):
    """The languages of tables, as an option takes them."""

    en = "en"
    zh = "zh"


LanguageOption = Annotated[Lang, typer.Option("--lang", help="Language of the table.")]
AllowCode = Annotated[
    bool,
    typer.Option("--allow-code", help="Run the Python files of levers that a scenario names; only if you trust them."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


def needs_calibration_extra(*modules: str) -> None:
    """End with exit code 2, saying what to install, where a library of the extra ``calibration`` is missing."""
    from importlib.util import find_spec

    missing = [name for name in modules if find_spec(name) is None]
    if missing:
        needed = f"this needs {', '.join(missing)}"
        print(f'urbsim: {needed}; install with: pip install "urbsim[calibration]"', file=sys.stderr)
        raise typer.Exit(2)


def print_table(
    headings: Sequence[Label], rows: Sequence[Sequence[str]], language: Language, right: Sequence[int] = ()
) -> None:
    """Print rows below headings; columns whose index is in ``right`` hold numbers and align to the right."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from urbsim.wording import visible

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for index, heading in enumerate(headings):
        name = Text(visible(heading.in_language(language)))
        table.add_column(name, justify="right" if index in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(visible(cell, keep="\n")) for cell in row))
    Console(width=None if sys.stdout.isatty() else _PIPED_WIDTH, highlight=False).print(table)
