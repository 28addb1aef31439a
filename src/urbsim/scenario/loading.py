"""From a scenario file, or a mapping of plain Python data, to a checked scenario."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from urbsim.labels import bilingual
from urbsim.policies.base import Policy
from urbsim.policies.registry import CodeNotAllowedError, lever_class
from urbsim.reading.located import Node, RefusedError, nodes_of
from urbsim.reading.problems import Problem, ScenarioError
from urbsim.reading.wording import quoted
from urbsim.reading.yaml_reader import read_yaml_text
from urbsim.scenario.descriptions import Descriptions
from urbsim.scenario.inheritance import EXTENDS, Merged, merge_parents, read_with_parents
from urbsim.scenario.model import Scenario
from urbsim.scenario.policy_fields import FindLever
from urbsim.scenario.sections import build

#: Keys whose value may be the path of a file or folder, beside ``extends`` and levers.
_NAME_FILES = ("county_data", "observed", "posterior")


def load_scenario(path: str | Path, *, allow_code: bool = False) -> Scenario:
    """Return the scenario of a YAML file, merged with the files it extends and completely checked.

    Parameters
    ----------
    allow_code
        Whether the Python files of levers that the scenario names may be run.

    Raises
    ------
    ScenarioError
        With every mistake of the file and its parents, each with file, line and column.
    """
    path = Path(path)
    return _checked(read_with_parents(path), path, partial(lever_class, allow_code=allow_code))


def load_described(path: Path) -> Scenario:
    """Return a scenario that a run folder keeps; levers of the user's own are only described, and no code runs.

    It may start as runs of older versions did, in the January of a census year.

    Raises
    ------
    ScenarioError
        With every mistake of the file, and where a lever is not described beside it.
    """
    return _checked(read_with_parents(path), path, Descriptions.beside(path).lever, recorded=True)


def scenario_from_text(text: str, file: str, folder: Path, within: Path) -> Scenario:
    """Return the scenario of YAML text from somebody who is not trusted: no code runs, no file outside is read.

    Parameters
    ----------
    file
        The name that messages give the text.
    folder
        Where ``extends`` starts.
    within
        The folder that ``extends`` and what else names a file must not lead out of.

    Raises
    ------
    ScenarioError
        With every mistake of the text and its parents, each with file, line and column.
    """
    root, problems = read_yaml_text(text, file, folder)
    merged = merge_parents(root, Merged(root, [file], problems), [], within=within.resolve())
    _refuse_files_outside(merged, within.resolve())
    return _checked(merged, None, _built_in_lever)


def _refuse_files_outside(merged: Merged, within: Path) -> None:
    """Note every table or folder outside that a scenario names, and forget it before anybody looks for it."""
    entries = merged.root.value
    if not isinstance(entries, dict):
        return
    outside = {key: entries[key] for key in _NAME_FILES if key in entries and not _is_within(entries[key], within)}
    for key, node in outside.items():
        name = quoted(str(node.value))
        found = bilingual(
            f"{key} is {name}, a file that may not be read here", f"{key} 的值是{name}，此处不允许读取该文件"
        )
        merged.problems.append(node.at.problem(found, bilingual("figures in the scenario itself", "写在情景中的数据")))
    merged.root = replace(merged.root, value={key: node for key, node in entries.items() if key not in outside})


def _is_within(node: Node, within: Path) -> bool:
    """Return whether a value is no path, or one that stays within a folder."""
    if not isinstance(node.value, str):
        return True
    try:
        return (node.at.folder / node.value).resolve().is_relative_to(within)
    except (OSError, ValueError, RuntimeError):  # text that no path can be
        return False


def _built_in_lever(spec: str, folder: Path) -> type[Policy]:
    """Return a lever that comes with urbsim; one of the user's own is refused before its file is looked for."""
    if ":" in spec or spec.endswith(".py"):
        raise CodeNotAllowedError(
            bilingual(f"lever {quoted(spec)} would run Python code", f"政策工具{quoted(spec)}会运行 Python 代码"),
            bilingual("a lever that comes with urbsim", "urbsim 自带的政策工具"),
        )
    return lever_class(spec, folder)


def scenario_from_mapping(
    mapping: Mapping[str, object], folder: str | Path = ".", *, allow_code: bool = False
) -> Scenario:
    """Return the scenario that plain Python data describe, with the same keys and checks as a file.

    Parameters
    ----------
    mapping
        The content of a scenario file: nested mappings, lists, text, numbers, true or false.
    folder
        Where ``extends`` and files of levers are looked for.
    allow_code
        Whether the Python files of levers that the mapping names may be run.

    Raises
    ------
    ScenarioError
        With every mistake; positions are dotted keys.
    """
    try:
        root = nodes_of(mapping, Path(folder))
    except RefusedError as error:
        raise ScenarioError([error.problem]) from None
    return _checked(merge_parents(root, Merged(root), []), None, partial(lever_class, allow_code=allow_code))


def _checked(merged: Merged, path: Path | None, find_lever: FindLever, *, recorded: bool = False) -> Scenario:
    scenario, problems = build(merged, path, origins_of(merged.root), find_lever, recorded=recorded)
    everything = list(dict.fromkeys([*merged.problems, *problems]))
    if everything:
        raise ScenarioError(sorted(everything, key=lambda problem: _order(problem, merged.files)))
    assert scenario is not None, "a scenario without problems is complete"
    return scenario


def _order(problem: Problem, files: list[str]) -> tuple[int, int, int]:
    place = files.index(problem.file) if problem.file in files else -1
    return place, problem.line, problem.column


def origins_of(root: Node) -> dict[str, str]:
    """Return ``file:line`` by dotted key for every value of a mapping that is not itself a mapping."""
    found: dict[str, str] = {}

    def visit(node: Node, key: str) -> None:
        for name, inner in node.entries.items():
            dotted = f"{key}.{name}" if key else name
            if inner.before is not None:
                found[dotted] = str(inner.before.key_at)
            if inner.entries:
                visit(inner, dotted)
            elif name != EXTENDS:
                found[dotted] = str(inner.key_at)

    visit(root, "")
    return found
