"""Reading a programme's file; what is wrong is said with file, line and the number of the row."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from urbsim.programmes import FOLDER, programmes
from urbsim.programmes.rows import Programme, normalised
from urbsim.reading.located import Node
from urbsim.reading.problems import Problem, ScenarioError
from urbsim.reading.rows import items, read_rows
from urbsim.reading.suggestions import similar
from urbsim.reading.wording import quoted


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
    found, root = read_rows(path, Programme, CatalogueError)
    if wrong := [*_name_problems(found, path, root), *_citation_problems(found, root)]:
        raise CatalogueError(wrong)
    return found


def cited(clause: str) -> tuple[str, ...]:
    """Return the numbers that a text cites, separated by commas or semicolons, as the catalogue writes them."""
    parts = re.split("[,;，；、]", clause)
    return tuple(number for part in parts if (number := normalised(part)))


def _name_problems(found: Programme, path: Path, root: Node) -> list[Problem]:
    if found.programme == path.stem:
        return []
    return [root.entries["programme"].at.problem(f"programme is {quoted(found.programme)}", path.stem)]


def _citation_problems(found: Programme, root: Node) -> list[Problem]:
    """Return what figures and places cite that the programme does not have."""
    known = found.citable
    rows = [row for key in ("figures", "places") for row in items(root.entries.get(key))]
    cited_at = [(row, at) for row in rows for at in (row.entries["clause"], *items(row.entries.get("also")))]
    return [
        at.at.problem(
            f"row {quoted(str(row.entries['id'].value))}: there is no clause {quoted(str(at.value))}",
            "the number of a clause or measure of this file",
            similar(str(at.value), known),
        )
        for row, at in cited_at
        if at.value not in known
    ]
