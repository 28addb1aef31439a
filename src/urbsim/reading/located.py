"""Values together with the place they were written at, so that every message can name file, line and column."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from numbers import Integral, Real
from pathlib import Path

from urbsim.labels import Label, bilingual
from urbsim.reading.marks import Mark, marks_of
from urbsim.reading.problems import Problem
from urbsim.reading.wording import quoted, shortened

#: Limits that no sensible scenario comes near; beyond them a file is refused before it costs memory.
MOST_VALUES = 20_000
DEEPEST = 32

Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a file, or (line 0) a dotted key of a mapping; relative paths start at ``folder``."""

    file: str
    line: int
    column: int
    folder: Path

    def problem(self, found: str, allowed: str | Label = "", suggestion: str | None = None) -> Problem:
        """Return a problem at this place, in one line; a suggestion too long to be read is left out."""
        if suggestion is not None and suggestion != shortened(suggestion):
            suggestion = None
        return Problem(self.file, self.line, self.column, " ".join(found.split("\n")), str(allowed), suggestion)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Node:
    """A value, where it stands, where its key stands, and a scalar's text as written, perhaps in quotes.

    ``before`` is the inherited value that holds until the first date of dated values.
    """

    value: Scalar | dict[str, Node] | list[Node]
    at: Position
    key_at: Position
    written: str = ""
    before: Node | None = None
    quoted: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether nothing at all was written, which is a mistake; ``null`` is written and removes an entry."""
        return self.value is None and not self.written

    @property
    def entries(self) -> dict[str, Node]:
        """The entries of a mapping; empty for anything else."""
        return self.value if isinstance(self.value, dict) else {}

    def describe(self) -> str:
        """Return what the value is, for a message."""
        if isinstance(self.value, dict):
            return bilingual("a mapping", "映射")
        if isinstance(self.value, list):
            return bilingual("a list", "列表") if self.value else bilingual("an empty list", "空列表")
        if isinstance(self.value, str):
            return bilingual(f"the text {quoted(self.value)}", f"文本{quoted(self.value)}")
        if self.value is None:
            return bilingual("null", "“null”")
        text = self.written or str(self.value).lower()
        return (
            bilingual(f"{str(self.value).lower()} (written {text})", f"{str(self.value).lower()}（写作 {text}）")
            if _is_renamed(self.value, text)
            else bilingual(shortened(text), f"“{shortened(text)}”")
        )

    def plain(self) -> object:
        """Return the value as plain Python data."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value


def _is_renamed(value: Scalar, text: str) -> bool:
    return isinstance(value, bool) and text.lower() != str(value).lower()


class RefusedError(Exception):
    """Data that cannot be read any further; carries the problem."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


def check_size(at: Position, values: int, depth: int) -> None:
    """Raise ``RefusedError`` where data are too large or too deep to be a scenario."""
    if values > MOST_VALUES:
        found = bilingual(
            "more values than any scenario has, counting what aliases repeat",
            "数值个数超过任何情景所需（别名重复的内容也计算在内）",
        )
        raise RefusedError(
            at.problem(found, bilingual(f"at most {MOST_VALUES:,} values", f"至多 {MOST_VALUES:,} 个值"))
        )
    if depth > DEEPEST:
        raise RefusedError(
            at.problem(
                bilingual("nested too deeply", "嵌套过深"), bilingual(f"at most {DEEPEST} levels", f"至多 {DEEPEST} 层")
            )
        )


_LARGEST = 10**300
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
#: Decimal numbers as YAML 1.2 and people write them: ``1e3`` is one, ``1:30`` and ``1_000`` are not.
NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_TRUE, _FALSE, _NULL = {"true", "yes", "on"}, {"false", "no", "off"}, {"", "~", "null"}


def scalar(text: str) -> Scalar:
    """Return what a plain scalar of a file means: empty, true or false, a number, else text.

    Dates stay text, because months are written ``YYYY-MM``; numbers too large to hold stay text as well.
    """
    if text.lower() in _NULL:
        return None
    if text.lower() in _TRUE | _FALSE:
        return text.lower() in _TRUE
    if _INTEGER.fullmatch(text):
        return int(text)
    if NUMBER.fullmatch(text) and math.isfinite(float(text)):
        return float(text)
    return text


class _MappingReader:
    """Turns plain Python data into nodes whose position is their dotted key."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.values = folder, 0

    def node(self, value: object, key: str, depth: int = 0) -> Node:
        at = Position(key or "scenario", 0, 0, self.folder)
        self.values += 1
        check_size(at, self.values, depth)
        if isinstance(value, Mapping):
            entries = {str(name): self._inner(str(name), inner, key, depth) for name, inner in value.items()}
            return Node(entries, at, at)
        if isinstance(value, Sequence) and not isinstance(value, str | bytes):
            return Node([self.node(inner, key, depth + 1) for inner in value], at, at)
        return Node(self._scalar(value, at), at, at, "null" if value is None else "")

    def _inner(self, name: str, value: object, key: str, depth: int) -> Node:
        return self.node(value, f"{key}.{name}" if key else name, depth + 1)

    def _scalar(self, value: object, at: Position) -> Scalar:
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            return str(value).encode("utf-8", "backslashreplace").decode("utf-8")
        if isinstance(value, Integral):
            return (
                scalar(str(int(value))) if abs(int(value)) < _LARGEST else bilingual("a number too large", "过大的数")
            )
        if isinstance(value, Real):
            return float(value) if math.isfinite(value) else str(float(value))
        found = bilingual(f"a value of type {type(value).__name__}", f"类型为 {type(value).__name__} 的值")
        raise RefusedError(
            at.problem(
                found,
                bilingual("mappings, lists, text, numbers, true or false", "映射、列表、文本、数字、true 或 false"),
            )
        )


def nodes_of(mapping: Mapping[str, object], folder: Path) -> Node:
    """Return plain Python data as nodes.

    Raises
    ------
    RefusedError
        If the data are nested too deeply (or contain themselves), or hold too many values or one of another type.
    """
    return _MappingReader(folder).node(mapping, "")


def with_key(node: Node, key_at: Position) -> Node:
    """Return the node as the value of a key at another place."""
    return replace(node, key_at=key_at)


def blanks(node: Node) -> Iterator[Position]:
    """Yield the places inside a node where a value was left out."""
    if node.is_blank:
        yield node.at
    for inner in node.value if isinstance(node.value, list) else node.entries.values():
        yield from blanks(inner)


def first_marks(node: Node) -> Iterator[tuple[Position, Position, Mark]]:
    """Yield for every text and key with marks of a Chinese keyboard its place, and the place of the first and this."""
    if isinstance(node.value, str) and (mark := next(marks_of(node.written), None)):
        yield node.at, _moved(node.at, mark.offset + node.quoted), mark
    for key, inner in node.entries.items():
        if mark := next(marks_of(key), None):
            yield inner.key_at, _moved(inner.key_at, mark.offset), mark
    for inner in node.value if isinstance(node.value, list) else node.entries.values():
        yield from first_marks(inner)


def _moved(at: Position, columns: int) -> Position:
    return replace(at, column=at.column + columns) if at.line else at
