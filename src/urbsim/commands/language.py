"""The language of the command line: what decides it, help in Chinese, and what the option parser says.

``--lang`` may stand anywhere in a command; it is looked for before anything is parsed, so that help and mistakes in
options are in it too. The English texts of help are the docstrings and options of the commands; the Chinese ones stand
beside this module, in ``help.zh.yaml``.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, get_args

import typer
from typer.core import TyperCommand, TyperGroup

from urbsim.labels import LANGUAGE_VARIABLE, Language, bilingual, language_of, spoken

_HELP = Path(__file__).with_name("help.zh.yaml")
#: What Typer writes around help and mistakes, by the name it has in ``typer.rich_utils``.
_FRAME = {
    "ARGUMENTS_PANEL_TITLE": "参数",
    "OPTIONS_PANEL_TITLE": "选项",
    "COMMANDS_PANEL_TITLE": "命令",
    "ERRORS_PANEL_TITLE": "错误",
    "ABORTED_TEXT": "已中止。",
    "DEFAULT_STRING": "[默认：{}]",
    "REQUIRED_LONG_STRING": "[必填]",
    "RICH_HELP": "查看帮助：[blue]{command_path} {help_option}[/]",
}
#: The class of all mistakes of options, whichever Click is beneath Typer.
_MISTAKE = typer.BadParameter.__mro__[1]
#: What the option parser says of a mistake, and the same in Chinese; what is found may itself be one of these.
_MISTAKES = tuple(
    (re.compile(pattern, re.DOTALL), chinese)
    for pattern, chinese in (
        (r"Invalid value for (.+?): (.+)", "{0} 的值无效：{1}"),
        (r"Invalid value: (.+)", "值无效：{0}"),
        (r"Missing argument (.+)\.", "缺少参数 {0}。"),
        (r"Missing option (.+)\.", "缺少选项 {0}。"),
        (r"Missing command\.", "缺少命令。"),
        (r"No such option: (.+) Did you mean (.+)\?", "没有选项 {0}。是否想写 {1}？"),
        (r"No such option: (.+) \(Possible options: (.+)\)", "没有选项 {0}（可能是 {1}）"),
        (r"No such option: (.+)", "没有选项 {0}"),
        (r"No such command (.+)\. Did you mean (.+)\?", "没有命令 {0}。是否想写 {1}？"),
        (r"No such command (.+)\.", "没有命令 {0}。"),
        (r"Got unexpected extra arguments?(?:\(s\))? \((.+)\)", "多余的参数：{0}"),
        (r"Option (.+) requires an argument\.", "选项 {0} 需要一个值。"),
        (r"Option (.+) requires (\d+) arguments\.", "选项 {0} 需要 {1} 个值。"),
        (r"Option (.+) does not take a value\.", "选项 {0} 不带值。"),
        (r"(?:Value error, )?(.+) is not one of (.+)\.", "{0} 不在可选值 {1} 之中。"),
        (r"Input should be a valid integer.*|.+ is not a valid (?:integer|int)\.", "应为整数"),
        (r"Input should be a valid (?:number|float).*|.+ is not a valid (?:number|float)\.", "应为数字"),
        (r"Input should be a valid boolean.*|.+ is not a valid boolean\.", "应为 true 或 false"),
        (r"Input should be a finite number", "应为有限的数"),
        (r"Input should be greater than or equal to (.+)", "应不小于 {0}"),
        (r"Input should be less than or equal to (.+)", "应不大于 {0}"),
        (r"Input should be greater than (.+)", "应大于 {0}"),
        (r"Input should be less than (.+)", "应小于 {0}"),
        (r"(.+) is not in the range (.+)\.", "{0} 不在范围 {1} 之内。"),
        (r"(?:File|Directory|Path) (.+) does not exist\.", "{0} 不存在。"),
        (r"(?:File|Directory|Path) (.+) is not readable\.", "{0} 不可读取。"),
    )
)


@contextmanager
def asked_in(arguments: Sequence[str]) -> Iterator[None]:
    """Put the language that ``--lang`` names in force, for this process and those it starts; else leave it."""
    wanted, _ = _found(arguments)
    before = os.environ.get(LANGUAGE_VARIABLE)
    if wanted is not None and language_of(wanted) is not None:
        os.environ[LANGUAGE_VARIABLE] = wanted
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(LANGUAGE_VARIABLE, None)
        else:
            os.environ[LANGUAGE_VARIABLE] = before


def _found(arguments: Sequence[str]) -> tuple[str | None, list[str]]:
    """Return what ``--lang`` says, and the arguments without it."""
    wanted: str | None = None
    rest: list[str] = []
    left = iter(arguments)
    for argument in left:
        if argument == "--":
            return wanted, [*rest, argument, *left]
        if argument == "--lang":
            wanted = next(left, "")
        elif argument.startswith("--lang="):
            wanted = argument.removeprefix("--lang=")
        else:
            rest.append(argument)
    return wanted, rest


def check_variable() -> None:
    """Raise ``typer.BadParameter`` where the environment variable names no language that there is."""
    named = os.environ.get(LANGUAGE_VARIABLE)
    if named and language_of(named) is None:
        message = bilingual(f"{named!r} is no language; allowed: en, zh", f"没有语言“{named}”；允许：en、zh")
        raise typer.BadParameter(message, param_hint=LANGUAGE_VARIABLE)


@cache
def chinese_help() -> Mapping[str, Any]:
    """Return the Chinese help: ``commands`` by name, with ``help`` and ``epilog``; ``options`` by English text."""
    import yaml

    found: Mapping[str, Any] = yaml.safe_load(_HELP.read_text("utf-8"))
    return found


def in_chinese(message: str) -> str:
    """Return what the option parser says of a mistake in Chinese; as it is where that is not known."""
    for pattern, chinese in _MISTAKES:
        if found := pattern.fullmatch(message):
            return chinese.format(*(in_chinese(part) if part else "" for part in found.groups()))
    return message


class _Spoken:
    """A command whose help is in the language in force; ``help`` and ``epilog`` hold the English."""

    name: str | None
    _texts: ClassVar = ("help", "epilog", "short_help")

    def __getattribute__(self, attribute: str) -> Any:
        value = super().__getattribute__(attribute)
        if attribute in _Spoken._texts and value is not None and spoken() == "zh":
            texts = chinese_help()["commands"].get(super().__getattribute__("name") or "urbsim", {})
            return texts.get("help" if attribute == "short_help" else attribute, value)
        return value

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help, that of parameters in the language in force too."""
        if spoken() == "en":
            super().format_help(ctx, formatter)  # type: ignore[misc]
            return
        texts = chinese_help()["options"]
        english = [
            (param, name, text)
            for param in self.get_params(ctx)
            for name in ("help", "show_default")
            if isinstance(text := getattr(param, name, None), str)
        ]
        for param, name, text in english:
            setattr(param, name, texts.get(text, text))
        try:
            super().format_help(ctx, formatter)  # type: ignore[misc]
        finally:
            for param, name, text in english:
                setattr(param, name, text)

    def get_usage(self, ctx: Any) -> str:
        """Return the line that says how the command is used."""
        usage: str = super().get_usage(ctx)  # type: ignore[misc]
        if spoken() == "en":
            return usage
        return (
            usage.replace("Usage:", "用法：", 1).replace("[OPTIONS]", "[选项]").replace("COMMAND [ARGS]", "命令 [参数]")
        )


class Command(_Spoken, TyperCommand):
    """A command of urbsim."""


class Program(_Spoken, TyperGroup):
    """The program: all commands, in the language that is asked for."""

    def main(self, args: Sequence[str] | None = None, *rest: Any, **more: Any) -> Any:
        """Run a command; mistakes in its options are said in the language in force."""
        given = list(sys.argv[1:] if args is None else args)
        with asked_in(given), _framed():
            return super().main(given, *rest, **more)

    def invoke(self, ctx: Any) -> Any:
        """Invoke the command that was asked for."""
        with _translated():
            return super().invoke(ctx)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Return what is left to the command; ``--lang`` may stand anywhere and is none of its options."""
        with _translated():
            wanted, rest = _found(args)
            if wanted is not None and wanted not in get_args(Language):
                message = bilingual(f"{wanted!r} is not one of 'en', 'zh'.", f"没有语言“{wanted}”；允许：en、zh")
                raise typer.BadParameter(message, param_hint="'--lang'")
            return super().parse_args(ctx, rest)


class App(typer.Typer):
    """A Typer application whose commands are in the language in force."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(cls=Program, **settings)

    def command(self, name: str | None = None, **settings: Any) -> Any:
        """Return what registers a function as a command, as Typer does."""
        return super().command(name, cls=Command, **settings)


@contextmanager
def _translated() -> Iterator[None]:
    """Let a mistake that the option parser found be said in Chinese where that is the language."""
    try:
        yield
    except Exception as error:
        # Mistakes of options, and nothing else, are errors with a message to be formatted and parts to be named.
        if spoken() == "zh" and isinstance(error, _MISTAKE) and type(error).__name__ != "NoArgsIsHelpError":
            mistake: Any = error
            said = in_chinese(mistake.format_message())
            mistake.format_message = lambda: said
        raise


@contextmanager
def _framed() -> Iterator[None]:
    """Put Typer's own words around help and mistakes into the language in force."""
    if spoken() == "en":
        yield
        return
    from typer import rich_utils

    ours = {**_FRAME, "Table": _folding(), "Columns": _in_one}
    before = {name: getattr(rich_utils, name) for name in ours if hasattr(rich_utils, name)}
    for name in before:
        setattr(rich_utils, name, ours[name])
    try:
        yield
    finally:
        for name, text in before.items():
            setattr(rich_utils, name, text)


def _folding() -> type[Any]:
    """Return the kind of table that breaks lines anywhere: Chinese has no spaces to break them at."""
    from rich.table import Table

    class Folding(Table):
        def add_row(self, *cells: Any, **settings: Any) -> None:
            super().add_row(*cells, **settings)
            for column in self.columns:
                column.overflow = "fold"

    return Folding


def _in_one(parts: Iterable[Any], **settings: Any) -> Any:  # noqa: ARG001 (called as rich.columns.Columns is)
    """Return parts of the help of an option as one text, which breaks where its table breaks it."""
    from rich.text import Text

    return Text(" ").join(parts)
