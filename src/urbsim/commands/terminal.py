"""What commands print: tables and JSON on standard output, messages on standard error."""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from urbsim.labels import Label, Language, bilingual, columns_of, printable, spoken

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_PIPED_WIDTH = 240  # wide enough that nothing folds; tables use no more than they need
_HEADING_WIDTH = 16  # columns of a heading at least: narrower, words would be broken
_PARTS = re.compile(r"[(（][^()（）]*[)）]$|.+?(?:[:：](?=.)|(?=[(（][^()（）]*[)）]$)|$)")


class Lang(StrEnum):
    """The languages of tables, as an option takes them."""

    en = "en"
    zh = "zh"


def _in_force(context: typer.Context, asked: Lang) -> Lang:
    # The program takes the option before its commands are parsed; a command that stands alone finds it here.
    given = context.get_parameter_source("lang")
    return asked if given is not None and given.name == "COMMANDLINE" else Lang(spoken())


LanguageOption = Annotated[
    Lang,
    typer.Option(
        "--lang",
        callback=_in_force,
        show_default="URBSIM_LANG, else the locale",
        help="Language of help, messages, tables and charts.",
    ),
]
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
        needed = bilingual(f"this needs {', '.join(missing)}", f"需要 {'、'.join(missing)}")
        say(
            bilingual(
                f'urbsim: {needed}; install with: pip install "urbsim[calibration]"',
                f'urbsim：{needed}；安装命令：pip install "urbsim[calibration]"',
            )
        )
        raise typer.Exit(2)


def say(message: str) -> None:
    """Print a message on standard error."""
    print(printable(message), file=sys.stderr, flush=True)


def print_text(text: str, end: str = "\n") -> None:
    """Print text on standard output."""
    print(printable(text), end=end)


def print_json(data: Any) -> None:
    """Print data as strict JSON: what is not a number is null, and other encodings than Unicode get escapes."""
    encoding = (sys.stdout.encoding or "").lower()
    print(json.dumps(_strict(data), ensure_ascii=not encoding.startswith("utf"), indent=1, allow_nan=False))


def _strict(data: Any) -> Any:
    if isinstance(data, Mapping):
        return {key: _strict(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_strict(value) for value in data]
    return None if isinstance(data, float) and not math.isfinite(data) else data


def console() -> Console:
    """Return the console of standard output: as wide as the terminal, or wide enough that nothing folds when piped."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else _PIPED_WIDTH, highlight=False)


def print_narrow(table: Table) -> None:
    """Print a table whose headings say more than the cells below them, in lines hardly wider than these."""
    for column in table.columns:
        cells = max((columns_of(str(cell)) for cell in column.cells), default=0)
        column.header = in_lines(str(column.header), max(cells, _HEADING_WIDTH))
    console().print(table)


def in_lines(heading: str, width: int) -> str:
    """Return a heading in lines of at most so many columns: what stands before a colon, the rest, and the unit."""
    from rich.text import Text

    if columns_of(heading) <= width:
        return heading
    parts = [part.strip(" :：") for part in _PARTS.findall(heading)]
    lines = [str(line).rstrip() for part in parts for line in Text(part).wrap(console(), width)]
    return "\n".join(lines)


def print_table(
    headings: Sequence[Label], rows: Sequence[Sequence[str]], language: Language, right: Sequence[int] = ()
) -> None:
    """Print rows below headings; columns whose index is in ``right`` hold numbers and align to the right."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for index, heading in enumerate(headings):
        name = Text(printable(heading.in_language(language)))
        table.add_column(name, justify="right" if index in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    console().print(table)
