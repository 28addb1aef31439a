"""Scenarios as the page holds them: plain data with the keys of a scenario file, checked as a file is.

A form and an uploaded file pass through the same text: what is wrong is named by line and column of the YAML and by
the key of the field.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import yaml

from urbsim.labels import Label, Language, speaking
from urbsim.months import parse_month
from urbsim.page.errors import RequestError, said_by
from urbsim.page.shipped import scenarios_folder
from urbsim.reading.problems import Problem, ScenarioError
from urbsim.scenario.loading import scenario_from_text
from urbsim.scenario.model import Scenario
from urbsim.scenario.writing import document, resolved_yaml

#: What a scenario of the page is called in messages.
_FILE = "scenario.yaml"
_PARSER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DEEPEST = 32


class _Dumper(yaml.SafeDumper):
    """Writes data of the page as the reader of scenario files takes them."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True


def as_text(mapping: Mapping[str, Any]) -> str:
    """Return the YAML of a scenario that the page holds.

    Raises
    ------
    RequestError
        If it is nested too deeply to be a scenario.
    """
    try:
        return yaml.dump(dict(mapping), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=120)
    except RecursionError:
        raise RequestError(Label("this is nested too deeply to be a scenario", "嵌套过深，不是情景文件"), 422) from None


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
    said = {"name": str(scenario.title), "description": str(scenario.about)}
    return document(scenario, lambda origin: origin.spec) | said


def download(scenario: Scenario) -> str:
    """Return the YAML file of a scenario, everything written out."""
    return resolved_yaml(scenario)


def _refused(text: str) -> RequestError:
    """Return the mistakes of a text, which is read in each language for the words."""
    both_ways = zip(_mistakes(text, "en"), _mistakes(text, "zh"), strict=True)
    problems = [_as_data(english, chinese, text) for english, chinese in both_ways]
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


def _as_data(english: Problem, chinese: Problem, text: str) -> dict[str, Any]:
    file = english.file.removeprefix(f"{scenarios_folder()}/")
    return {
        **asdict(english),
        "file": file,
        "key": key_at(text, english.line, english.column),
        "found": {"en": english.found, "zh": chinese.found},
        "allowed": {"en": english.allowed, "zh": chinese.allowed},
    }


def key_at(text: str, line: int, column: int) -> str:
    """Return the dotted key of the value at a place of YAML text, or of the last key before it; empty if none."""
    try:
        root = yaml.compose(text, Loader=_PARSER)
    except (yaml.YAMLError, RecursionError):
        return ""
    here, best = (line - 1, column - 1), ""
    for key, starts in _keys(root, "", 0):
        if starts <= here:
            best = key
    return best


def _keys(node: Any, prefix: str, depth: int) -> Iterator[tuple[str, tuple[int, int]]]:
    if not isinstance(node, yaml.MappingNode) or depth > _DEEPEST:
        return
    for key, value in node.value:
        if isinstance(key, yaml.ScalarNode):
            name = f"{prefix}.{key.value}" if prefix else key.value
            yield name, (key.start_mark.line, key.start_mark.column)
            yield from _keys(value, name, depth + 1)
