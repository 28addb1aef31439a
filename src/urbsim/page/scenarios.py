"""Scenarios as the page holds them: plain data with the keys of a scenario file, checked as a file is.

A form and an uploaded file pass through the same text: what is wrong is named by line and column of the YAML and by
the key of the field.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import yaml

from urbsim.labels import Label, Language, speaking
from urbsim.months import parse_month
from urbsim.page.errors import RequestError, said_by
from urbsim.page.shipped import scenarios_folder
from urbsim.reading.located import MOST_VALUES
from urbsim.reading.problems import Problem, ScenarioError
from urbsim.scenario.loading import scenario_from_text
from urbsim.scenario.model import Scenario
from urbsim.scenario.writing import document, resolved_yaml

#: What a scenario of the page is called in messages.
_FILE = "scenario.yaml"
_PARSER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
#: Collections within one another of which keys have names.
_DEEPEST = 32
#: A dotted key, and the line and column where it is written, from 0.
KeyPlace = tuple[str, tuple[int, int]]


class _Dumper(yaml.SafeDumper):
    """Writes data of the page as the reader of scenario files takes them."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True


def as_text(mapping: Mapping[str, Any]) -> str:
    """Return the YAML of a scenario that the page holds.

    Raises
    ------
    RequestError
        If it is nested too deeply or holds too much to be a scenario.
    """
    if _is_too_much(mapping):
        words = Label(
            f"more than {MOST_VALUES:,} values: no scenario has so many", f"超过 {MOST_VALUES:,} 个值，不是情景文件"
        )
        raise RequestError(words, 422)
    try:
        return yaml.dump(dict(mapping), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=120)
    except RecursionError:
        raise RequestError(Label("this is nested too deeply to be a scenario", "嵌套过深，不是情景文件"), 422) from None


def _is_too_much(data: Any) -> bool:
    """Return whether data hold more values than the reader takes: to write them as text would take seconds."""
    left, count = [data], 0
    while left and count <= MOST_VALUES:
        each = left.pop()
        count += 1
        if isinstance(each, Mapping):
            left.extend(each.values())
        elif isinstance(each, list):
            left.extend(each)
    return count > MOST_VALUES


def read_text(text: str) -> Scenario:
    """Return the scenario of YAML text that somebody sent; it may extend scenarios that come with urbsim.

    Raises
    ------
    RequestError
        With every mistake: key of the field, line, column, what was found and what is allowed.
    """
    try:
        return _read(text)
    except ScenarioError:
        raise _refused(text) from None


def _read(text: str) -> Scenario:
    return scenario_from_text(text, _FILE, scenarios_folder(), scenarios_folder())


def read_scenarios(mappings: Sequence[Mapping[str, Any]]) -> list[Scenario]:
    """Return the scenarios that the page holds.

    Raises
    ------
    RequestError
        With the mistakes of all of them; ``scenario`` is the position of the one that has it.
    """
    found, problems = [], []
    for position, mapping in enumerate(mappings):
        try:
            found.append(read_text(as_text(mapping)))
        except RequestError as error:
            if not error.problems:
                raise
            problems += [{**problem, "scenario": position} for problem in error.problems]
    if problems:
        raise RequestError(_summary(problems), 422, problems)
    return found


def read_month(text: str) -> int:
    """Return the number of a month that somebody sent.

    Raises
    ------
    RequestError
        If it is none.
    """
    try:
        return parse_month(text)
    except ValueError:
        raise RequestError(said_by(lambda: parse_month(text)), 422) from None


def as_document(scenario: Scenario) -> dict[str, Any]:
    """Return a scenario as plain data, with everything written out; name and description in the language in force."""
    return in_both_languages(scenario) | {"name": str(scenario.title), "description": str(scenario.about)}


def in_both_languages(scenario: Scenario) -> dict[str, Any]:
    """Return a scenario as plain data, with everything written out; name and description as it has them.

    A posterior that comes with urbsim is named by its folder below those of the scenarios, where it is found again.
    """
    found = document(scenario, lambda origin: origin.spec)
    if scenario.posterior is not None:
        found["posterior"] = scenario.posterior.folder.resolve().relative_to(scenarios_folder()).as_posix()
    return found


def download(scenario: Scenario) -> str:
    """Return the YAML file of a scenario, everything written out."""
    text = resolved_yaml(scenario)
    if scenario.posterior is None:
        return text
    return text.replace(f"posterior: {scenario.posterior.name}", f"posterior: {as_document(scenario)['posterior']}")


def _refused(text: str) -> RequestError:
    """Return the mistakes of a text, which is read in each language for the words."""
    both_ways, keys = zip(_mistakes(text, "en"), _mistakes(text, "zh"), strict=True), keys_of(text)
    problems = [_as_data(english, chinese, keys) for english, chinese in both_ways]
    return RequestError(_summary(problems), 422, problems)


def _mistakes(text: str, language: Language) -> tuple[Problem, ...]:
    with speaking(language):
        try:
            _read(text)
        except ScenarioError as error:
            return error.problems
    return ()


def _summary(problems: Sequence[Mapping[str, Any]]) -> Label:
    first, count = problems[0], len(problems)
    line, column, found = first["line"], first["column"], first["found"]
    return Label(
        f"line {line}, column {column}: {found['en']}{f' ({count} mistakes in all)' if count > 1 else ''}",
        f"第{line}行第{column}列：{found['zh']}{f'（共{count}处错误）' if count > 1 else ''}",
    )


def _as_data(english: Problem, chinese: Problem, keys: Sequence[KeyPlace]) -> dict[str, Any]:
    file = english.file.removeprefix(f"{scenarios_folder()}/")
    return {
        **asdict(english),
        "file": file,
        "key": key_at(keys, english.line, english.column),
        "found": {"en": english.found, "zh": chinese.found},
        "allowed": {"en": english.allowed, "zh": chinese.allowed},
    }


def key_at(keys: Sequence[KeyPlace], line: int, column: int) -> str:
    """Return the dotted key of the value at a place, or of the last key before it; empty if there is none."""
    before = [name for name, start in keys if start <= (line - 1, column - 1)]
    return before[-1] if before else ""


def keys_of(text: str) -> list[KeyPlace]:
    """Return the dotted keys of YAML text in order with line and column from 0; none of a text that is no YAML.

    What lists hold has no keys. Events are read one by one: a document that is built from deeply nested text overflows
    the stack of the parser, which ends the process.
    """
    try:
        return list(_keys(text))
    except yaml.YAMLError:
        return []


@dataclass
class _Open:
    """A collection whose end was not read yet: the dotted key it stands at, and the key whose value comes next.

    ``at`` is None where keys have no names: in lists, below a key that is no text, and far below the top.
    """

    at: str | None
    key: str | None = None
    wants_value: bool = False


def _keys(text: str) -> Iterator[KeyPlace]:
    around: list[_Open] = []
    for event in yaml.parse(text, Loader=_PARSER):
        if isinstance(event, yaml.CollectionEndEvent):
            around.pop()
        if not isinstance(event, yaml.NodeEvent):
            continue
        here = around[-1] if around else None
        name = "" if here is None else None
        if here is not None and here.at is not None:
            if here.wants_value:
                name = here.key
            else:
                here.key = f"{here.at}.{event.value}".removeprefix(".") if isinstance(event, yaml.ScalarEvent) else None
                if here.key is not None:
                    mark: Any = event.start_mark
                    yield here.key, (mark.line, mark.column)
            here.wants_value = not here.wants_value
        if isinstance(event, yaml.CollectionStartEvent):
            if len(around) > 4 * _DEEPEST:
                return  # no scenario is: nobody looks further
            has_keys = isinstance(event, yaml.MappingStartEvent) and len(around) < _DEEPEST
            around.append(_Open(name if has_keys else None))
