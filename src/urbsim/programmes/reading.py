"""Reading a programme's file; what is wrong is said with file, line and the number of the row."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from urbsim.programmes import FOLDER, programmes
from urbsim.programmes.rows import Programme, normalised
from urbsim.reading.located import Node
from urbsim.reading.problems import Problem, ScenarioError
from urbsim.reading.suggestions import similar
from urbsim.reading.wording import listed, quoted
from urbsim.reading.yaml_reader import read_yaml


class CatalogueError(ScenarioError):
    """A programme's file that cannot be used."""


@cache
def catalogued(name: str) -> Programme:
    """Return a programme of the catalogue by name, read once.

    Raises
    ------
    KeyError
        If there is no such programme.
    CatalogueError
        If its file is not sound.
    """
    if name not in programmes():
        raise KeyError(name)
    return read_programme(FOLDER / f"{name}.yaml")


def catalogue() -> tuple[Programme, ...]:
    """Return all programmes, by name."""
    return tuple(catalogued(name) for name in programmes())


def read_programme(path: Path) -> Programme:
    """Return the programme that a file holds.

    Raises
    ------
    CatalogueError
        With every mistake of the file.
    """
    try:
        root, problems = read_yaml(path, path.name)
    except ScenarioError as error:
        raise CatalogueError(error.problems) from None
    if problems:
        raise CatalogueError(problems)
    try:
        # Strict JSON rules take a list for a tuple and a text for a choice, but never a text for a number.
        found = Programme.model_validate_json(json.dumps(root.plain()), strict=True)
    except ValidationError as error:
        # A list counts as too short where its items were refused, which is said where they stand.
        mistakes = [one for one in error.errors(include_url=False) if one["type"] != "too_short" or not one["input"]]
        raise CatalogueError([_problem(root, one) for one in mistakes]) from None
    if wrong := [*_name_problems(found, path, root), *_citation_problems(found, root)]:
        raise CatalogueError(wrong)
    return found


def cited(clause: str) -> tuple[str, ...]:
    """Return the numbers that a text cites, separated by commas or semicolons, as the catalogue writes them."""
    parts = re.split("[,;，；、]", clause)
    return tuple(number for part in parts if (number := normalised(part)))


def _problem(root: Node, details: Any) -> Problem:
    """Return a mistake at the value it is about, with the number of its row and the name of its key."""
    kind, steps = details["type"], details["loc"]
    node, row, keys = root, "", []
    for step in steps:
        keys += [step] if isinstance(step, str) else []
        inner = _inner(node, step)
        if inner is None:
            break
        node = inner
        if "id" in node.entries:
            row, keys = str(node.entries["id"].value), []
    name, allowed, suggestion = ".".join(keys), "", None
    found = f"{name}: " * bool(name) + details["msg"].removeprefix("Value error, ")
    if kind == "extra_forbidden":
        return node.key_at.problem(_of_row(row, f"unknown key {quoted(name)}"))
    if kind == "missing":
        found = f"{name} is missing"
    elif kind == "enum":
        choices = re.findall("'([^']+)'", details["ctx"]["expected"])
        found, allowed = f"{name} is {node.describe()}", listed(choices)
        suggestion = similar(str(node.value), choices)
    return node.at.problem(_of_row(row, found), allowed, suggestion)


def _of_row(row: str, found: str) -> str:
    return f"row {quoted(row)}: {found}" if row else found


def _inner(node: Node, step: int | str) -> Node | None:
    if isinstance(step, str):
        return node.entries.get(step)
    return node.value[step] if isinstance(node.value, list) and step < len(node.value) else None


def _name_problems(found: Programme, path: Path, root: Node) -> list[Problem]:
    if found.programme == path.stem:
        return []
    return [root.entries["programme"].at.problem(f"programme is {quoted(found.programme)}", path.stem)]


def _citation_problems(found: Programme, root: Node) -> list[Problem]:
    """Return what figures and places cite that the programme does not have."""
    known = found.citable
    rows = [row for key in ("figures", "places") for row in _items(root.entries.get(key))]
    cited_at = [(row, at) for row in rows for at in (row.entries["clause"], *_items(row.entries.get("also")))]
    return [
        at.at.problem(
            f"row {quoted(str(row.entries['id'].value))}: there is no clause {quoted(str(at.value))}",
            "the number of a clause or measure of this file",
            similar(str(at.value), known),
        )
        for row, at in cited_at
        if at.value not in known
    ]


def _items(node: Node | None) -> list[Node]:
    return node.value if node and isinstance(node.value, list) else []
