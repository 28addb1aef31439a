"""Reading YAML with line numbers, refusing what no scenario needs before it can do harm.

The events of the YAML parser are turned into nodes directly: no object is ever constructed from a tag, an alias is
counted at the size of what it repeats, and depth and number of values are limited.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from urbsim.labels import Label, bilingual
from urbsim.reading import marks
from urbsim.reading.files import FileRefusedError, read_regular
from urbsim.reading.located import Node, Position, RefusedError, check_size, scalar, with_key
from urbsim.reading.problems import Problem, ScenarioError
from urbsim.reading.wording import listed, quoted
from urbsim.reading.yaml_words import not_yaml

MOST_BYTES = 2_000_000
_PARSER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_YAML_FORM = Label("YAML, as 'key: value' lines indented with spaces", "YAML，即用空格缩进的“键: 值”各行")
_TEXT_FORM = Label("a scenario file, YAML text in UTF-8", "情景文件，即 UTF-8 编码的 YAML 文本")
_LEFT_OUT = Label(
    "a value; leave the line out for the parent file's or the default, write null to remove the parent file's",
    "一个值；要沿用上级文件的值或默认值就删去这一行，要去掉上级文件的内容就写 null",
)
#: What YAML 1.2 lets a file contain.
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: Marks that are mended to read on, and lines tried for one of them.
_MOST_MENDED, _MOST_SUSPECTS = 200, 20
_PLAIN_TAGS = {"!", *(f"tag:yaml.org,2002:{name}" for name in ("str", "seq", "map"))}


def read_yaml(path: Path, file: str, expected: Collection[str] = ()) -> tuple[Node, list[Problem]]:
    """Return the top-level mapping of a YAML file, and the mistakes that did not prevent reading it.

    Parameters
    ----------
    file
        The name that messages give the file.
    expected
        Keys of which the file must have one; a file that has none is another's and may be a secret, of which messages
        show nothing.

    Raises
    ------
    ScenarioError
        If the file cannot be read, is no text, is no YAML, is no mapping, is too large, or has no key expected.
    """
    start = Position(file, 1, 1, path.parent)
    return _mapping_of(_text(path, start), start, expected)


def read_yaml_text(text: str, file: str, folder: Path) -> tuple[Node, list[Problem]]:
    """Return the top-level mapping of YAML that is in no file, as ``read_yaml`` does for a file.

    Parameters
    ----------
    file
        The name that messages give the text.
    folder
        Where paths in the text start.

    Raises
    ------
    ScenarioError
        If it is no YAML, is no mapping, or is too large.
    """
    start = Position(file, 1, 1, folder)
    data = text.encode("utf-8", errors="replace")
    if len(data) > MOST_BYTES:
        raise ScenarioError(
            [
                start.problem(
                    bilingual(f"has {len(data) / 1e6:.1f} MB", f"大小为 {len(data) / 1e6:.1f} MB"),
                    bilingual(f"at most {MOST_BYTES / 1e6:g} MB", f"至多 {MOST_BYTES / 1e6:g} MB"),
                )
            ]
        )
    return _mapping_of(_decoded(data, start), start, ())


def _mapping_of(text: str, start: Position, expected: Collection[str]) -> tuple[Node, list[Problem]]:
    if expected and not re.search(rf"""(?:^|[{{,]\s*)["']?(?:{"|".join(expected)})["']?\s*[:：]""", text, re.MULTILINE):
        raise ScenarioError(
            [
                start.problem(
                    bilingual("the file is no scenario", "该文件不是情景文件"),
                    bilingual(f"a file with keys such as {listed(expected)}", f"含有 {listed(expected)} 等键的文件"),
                )
            ]
        )
    attempt = _read(text, start)
    problems: list[Problem] = []
    while len(problems) < _MOST_MENDED and (mended := _mended(attempt, start)):
        attempt, seen = mended
        problems += seen
    if attempt.refusal is not None and attempt.refusal.line in {problem.line for problem in problems}:
        raise ScenarioError([*problems, *attempt.problems])
    if attempt.refusal is not None:
        # The line that a suggestion quotes may be of a file that is another's.
        refusal = replace(attempt.refusal, suggestion=None) if expected else attempt.refusal
        raise ScenarioError([*problems, *attempt.problems, refusal])
    root = attempt.root
    problems += attempt.problems
    if root is None or root.value is None:
        raise ScenarioError([start.problem(bilingual("the file is empty", "文件是空的"), _TEXT_FORM)])
    if not isinstance(root.value, dict):
        found = (
            bilingual("the file holds a list", "文件内容是一个列表")
            if isinstance(root.value, list)
            else bilingual("the file holds a single text or number", "文件内容只是一段文字或一个数字")
        )
        raise ScenarioError([*problems, root.at.problem(found, _YAML_FORM)])
    return root, problems


@dataclass(frozen=True, slots=True)
class _Attempt:
    """What became of a text: the root, or why there is none and in which line, and lines whose keys are misread."""

    text: str
    root: Node | None
    problems: list[Problem]
    refusal: Problem | None = None
    line: int = -1
    misread: tuple[int, ...] = ()


def _read(text: str, start: Position) -> _Attempt:
    builder = _Builder(start.file, start.folder)
    try:
        root = builder.document(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return _Attempt(text, None, builder.problems, _syntax_problem(error, text, start), mark.line if mark else 0)
    except RefusedError as error:
        return _Attempt(text, None, builder.problems, error.problem)
    return _Attempt(text, root, builder.problems, misread=tuple(builder.misread))


def _mended(attempt: _Attempt, start: Position) -> tuple[_Attempt, list[Problem]] | None:
    """Return the next attempt, after lines were mended that have marks of a Chinese keyboard, and what these are.

    None where no such mark is to blame: mending must take the parser further.
    """
    for lines in _suspects(attempt):
        text = attempt.text.split("\n")
        problems: list[Problem] = []
        for number in lines:
            text[number], found = marks.mended(text[number])
            for mark in found:
                at = Position(start.file, number + 1, mark.offset + 1, start.folder)
                problems.append(at.problem(mark.name, mark.typed))
        if problems:
            again = _read("\n".join(text), start)
            if attempt.refusal is None or again.refusal is None or again.line > attempt.line:
                return again, problems
    return None


def _suspects(attempt: _Attempt) -> Iterator[list[int]]:
    """Yield sets of lines that may have made a text what it is: those with a key misread, or those at the error."""
    text = attempt.text.split("\n")
    if attempt.root is not None and isinstance(attempt.root.value, str):
        yield [number for number, line in enumerate(text) if marks.mended(line)[1]]
    if attempt.misread:
        yield sorted(attempt.misread)
    if attempt.line < 0:
        return
    last = min(attempt.line, len(text) - 1)
    near = [number for number in range(last, -1, -1) if marks.mended(text[number])[1]]
    run = [number for place, number in enumerate(near) if number >= last - place - 1]
    yield sorted(run)
    yield from ([number] for number in near[:_MOST_SUSPECTS])


def _text(path: Path, start: Position) -> str:
    try:
        return _decoded(read_regular(path, MOST_BYTES), start)
    except FileRefusedError as error:
        allowed = error.limit or bilingual("the path of a scenario file", "情景文件的路径")
        raise ScenarioError([start.problem(str(error), allowed)]) from None


def _decoded(data: bytes, start: Position) -> str:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        found = bilingual(
            f"the byte 0x{data[error.start]:02x} is not UTF-8 text", f"字节 0x{data[error.start]:02x} 不是 UTF-8 文本"
        )
        raise ScenarioError([_position_after(before, start).problem(found, _TEXT_FORM)]) from None
    text = text.removeprefix("\ufeff")
    if bad := _UNPRINTABLE.search(text):
        at = _position_after(text[: bad.start()], start)
        raise ScenarioError(
            [
                at.problem(
                    bilingual(f"the character U+{ord(bad[0]):04X} is not text", f"字符 U+{ord(bad[0]):04X} 不是文本"),
                    _TEXT_FORM,
                )
            ]
        )
    return text


def _position_after(text: str, start: Position) -> Position:
    line = text.count("\n")
    return Position(start.file, line + 1, len(text) - (text.rfind("\n") + 1) + 1, start.folder)


def _syntax_problem(error: yaml.MarkedYAMLError, text: str, start: Position) -> Problem:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    at = Position(start.file, line + 1, column + 1, start.folder)
    lines = text.split("\n")
    if line < len(lines) and "\t" in lines[line][: column + 1]:
        return at.problem(bilingual("a tab", "制表符"), bilingual("spaces for indentation", "用空格缩进"))
    return at.problem(not_yaml(error.problem or "", error.context or ""), _YAML_FORM, _space_after_colon(lines, line))


def _space_after_colon(lines: list[str], line: int) -> str | None:
    """Return the most common slip mended: ``key:value`` without the space, on the line or the one before it."""
    for candidate in lines[max(line - 1, 0) : line + 1]:
        if slip := re.fullmatch(r"\s*([\w.-]+):([^\s:/]+)\s*", candidate):
            return f"{slip[1]}: {slip[2]}"
    return None


@dataclass(frozen=True, slots=True)
class _Built:
    """A node with the number of values in it and its depth, aliases counted at full size."""

    node: Node
    values: int = 1
    depth: int = 0


class _Builder:
    """Builds nodes from parser events, collecting mistakes that allow reading on."""

    def __init__(self, file: str, folder: Path) -> None:
        self.file, self.folder = file, folder
        self.problems: list[Problem] = []
        self.misread: set[int] = set()
        self.anchors: dict[str, _Built | None] = {}
        self.values = 0
        self.events: Iterator[Any] = iter(())

    def document(self, text: str) -> Node | None:
        """Return the one document of the text; None for a text without any."""
        self.events = iter(yaml.parse(text, Loader=_PARSER))
        root: Node | None = None
        for event in self.events:
            if not isinstance(event, yaml.DocumentStartEvent):
                continue
            if root is not None:
                self.problems.append(
                    self._at(event).problem(
                        bilingual("a second document", "第二个文档"),
                        bilingual("one scenario in a file", "一个文件只写一个情景"),
                    )
                )
                break
            root = self._build(next(self.events), 0).node
        return root

    def _at(self, event: Any) -> Position:
        return Position(self.file, event.start_mark.line + 1, event.start_mark.column + 1, self.folder)

    def _build(self, event: Any, depth: int) -> _Built:
        at = self._at(event)
        if isinstance(event, yaml.AliasEvent):
            return self._alias(str(event.anchor), at, depth)
        self.values += 1
        check_size(at, self.values, depth)
        self._check_tag(event.tag, at)
        if event.anchor is not None:
            self.anchors[event.anchor] = None
        if isinstance(event, yaml.ScalarEvent):
            is_plain = event.implicit[0] and event.tag is None
            value = scalar(event.value) if is_plain else event.value
            built = _Built(Node(value, at, at, event.value, quoted=bool(event.style)))
        elif isinstance(event, yaml.MappingStartEvent):
            built = self._mapping(at, depth)
        else:
            built = self._sequence(at, depth)
        if event.anchor is not None:
            self.anchors[event.anchor] = built
        return built

    def _alias(self, anchor: str, at: Position, depth: int) -> _Built:
        built = self.anchors.get(anchor)
        if built is None:
            why = (
                bilingual("contains itself", "包含它自己")
                if anchor in self.anchors
                else bilingual("is unknown", "未知")
            )
            found = bilingual(f"the alias {quoted(f'*{anchor}')} {why}", f"别名{quoted(f'*{anchor}')} {why}")
            raise RefusedError(
                at.problem(
                    found,
                    bilingual(
                        "an alias of a complete value marked with '&' earlier in the file",
                        "别名所指的完整内容须在文件前面用“&”标出",
                    ),
                )
            )
        self.values += built.values
        check_size(at, self.values, depth + built.depth)
        return built

    def _check_tag(self, tag: str | None, at: Position) -> None:
        if tag is not None and tag not in _PLAIN_TAGS:
            shown = quoted(tag.replace("tag:yaml.org,2002:", "!!"))
            self.problems.append(
                at.problem(
                    bilingual(f"the tag {shown}", f"标签 {shown}"),
                    bilingual("plain values without tags", "不带标签的普通值"),
                )
            )

    def _mapping(self, at: Position, depth: int) -> _Built:
        entries: dict[str, Node] = {}
        values, deepest = 1, 0
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self._build(event, depth + 1).node
            built = self._build(next(self.events), depth + 1)
            values, deepest = values + built.values, max(deepest, built.depth)
            self._enter(entries, key, built.node)
        return _Built(Node(entries, at, at), values, deepest + 1)

    def _enter(self, entries: dict[str, Node], key: Node, node: Node) -> None:
        if isinstance(key.value, dict | list):
            self.problems.append(
                key.at.problem(
                    bilingual(f"{key.describe()} as a key", f"以{key.describe()}作键"),
                    bilingual("text as a key", "键应为文本"),
                )
            )
        elif key.is_blank:
            self.problems.append(
                key.at.problem(
                    bilingual("a key without a name", "没有名称的键"), bilingual("text as a key", "键应为文本")
                )
            )
        elif key.written in entries:
            first = entries[key.written].key_at
            found = bilingual(
                f"the key {quoted(key.written)} a second time, after line {first.line}",
                f"键{quoted(key.written)}再次出现，前一次在第 {first.line} 行",
            )
            self.problems.append(key.at.problem(found, bilingual("each key once", "每个键只写一次")))
        else:
            if marks.is_misread(key.written, blank=node.is_blank):
                self.misread.add(key.at.line - 1)
            if node.is_blank:
                self.problems.append(
                    key.at.problem(
                        bilingual(f"{quoted(key.written)} has no value", f"{quoted(key.written)}没有值"), _LEFT_OUT
                    )
                )
            entries[key.written] = with_key(node, key.at)

    def _sequence(self, at: Position, depth: int) -> _Built:
        items: list[Node] = []
        values, deepest = 1, 0
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            built = self._build(event, depth + 1)
            values, deepest = values + built.values, max(deepest, built.depth)
            if built.node.is_blank:
                self.problems.append(
                    built.node.at.problem(
                        bilingual("an item of the list has no value", "列表中有一项没有值"),
                        bilingual("a value, or no such item", "写上值，或删去这一项"),
                    )
                )
            items.append(built.node)
        return _Built(Node(items, at, at), values, deepest + 1)
