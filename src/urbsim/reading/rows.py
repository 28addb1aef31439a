"""Data files of rows: strict reading, and every mistake with file, line, row and key."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from urbsim.labels import bilingual
from urbsim.reading.located import Node
from urbsim.reading.problems import Problem, ScenarioError
from urbsim.reading.suggestions import similar
from urbsim.reading.wording import listed, quoted
from urbsim.reading.yaml_reader import read_yaml

Rows = TypeVar("Rows", bound=BaseModel)


def read_rows(path: Path, kind: type[Rows], error: type[ScenarioError] = ScenarioError) -> tuple[Rows, Node]:
    """Return what a file of rows holds, and the same with the places where it stands.

    A row is named in messages by its ``id``.

    Raises
    ------
    ScenarioError
        Of the type ``error``, with every mistake of the file.
    """
    try:
        root, problems = read_yaml(path, path.name)
    except ScenarioError as refused:
        raise error(refused.problems) from None
    if problems:
        raise error(problems)
    try:
        # Strict JSON rules take a list for a tuple and a text for a choice, but never a text for a number.
        return kind.model_validate_json(json.dumps(root.plain()), strict=True), root
    except ValidationError as refused:
        # A list counts as too short where its items were refused, which is said where they stand.
        mistakes = [one for one in refused.errors(include_url=False) if one["type"] != "too_short" or not one["input"]]
        raise error([_problem(root, one) for one in mistakes]) from None


def items(node: Node | None) -> list[Node]:
    """Return the items of a list, none of anything else."""
    return node.value if node and isinstance(node.value, list) else []


def _problem(root: Node, details: Any) -> Problem:
    """Return a mistake at the value it is about, with the name of its row and of its key."""
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
        return node.key_at.problem(_of_row(row, bilingual(f"unknown key {quoted(name)}", f"未知的键{quoted(name)}")))
    if kind == "missing":
        found = bilingual(f"{name} is missing", f"缺少 {name}")
    elif kind == "enum":
        choices = re.findall("'([^']+)'", details["ctx"]["expected"])
        found, allowed = bilingual(f"{name} is {node.describe()}", f"{name} 的值是{node.describe()}"), listed(choices)
        suggestion = similar(str(node.value), choices)
    return node.at.problem(_of_row(row, found), allowed, suggestion)


def _of_row(row: str, found: str) -> str:
    return bilingual(f"row {quoted(row)}: {found}", f"行{quoted(row)}：{found}") if row else found


def _inner(node: Node, step: int | str) -> Node | None:
    if isinstance(step, str):
        return node.entries.get(step)
    return node.value[step] if isinstance(node.value, list) and step < len(node.value) else None
