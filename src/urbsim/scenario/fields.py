"""The checks of single values: text, numbers, months, true or false; each notes a problem and returns None."""

from __future__ import annotations

import re
from collections.abc import Iterable

from urbsim.months import format_month, parse_month
from urbsim.reading.located import NUMBER, Node, Position
from urbsim.reading.problems import Problem
from urbsim.reading.suggestions import similar
from urbsim.reading.wording import listed, quoted

MONTH_FORM = "a month written YYYY-MM, for example 2025-12"
#: The unit of a parameter that has none.
PURE_NUMBER = "1"
_LONGEST_NAME = 100


class Report(list[Problem]):
    """The problems of one scenario, in the order found; at the places in ``said`` the mistake is known already."""

    def __init__(self, said: Iterable[Position] = ()) -> None:
        super().__init__()
        self.said = frozenset(said)

    def note(self, at: Position, found: str, allowed: str = "", suggestion: str | None = None) -> None:
        """Add a problem at a place."""
        if at not in self.said:
            self.append(at.problem(found, allowed, suggestion))


def text_of(node: Node, key: str, report: Report) -> str | None:
    """Return a text; numbers and true or false must be quoted to be text."""
    if isinstance(node.value, str):
        return node.value
    written = node.written or str(node.value)
    is_single = not isinstance(node.value, list | dict)
    allowed = "text, in quotes where it could mean something else" if is_single else "text"
    report.note(node.at, f"{key} is {node.describe()}", allowed, f'"{written}"' if is_single else None)
    return None


def name_of(node: Node, key: str, report: Report) -> str | None:
    """Return a text fit to be a name: one line, not blank."""
    text = text_of(node, key, report)
    if text is not None and (not text.strip() or not text.isprintable() or len(text) > _LONGEST_NAME):
        report.note(node.at, f"{key} is {node.describe()}", f"one line of 1 to {_LONGEST_NAME} characters")
        return None
    return text


def check_name(name: str, at: Position, what: str, report: Report) -> None:
    """Note a key that is no name: it must be one line, not blank and not too long."""
    if not name.strip() or not name.isprintable() or len(name) > _LONGEST_NAME:
        report.note(at, f"{what} is {quoted(name)}", f"one line of 1 to {_LONGEST_NAME} characters")


def number_of(node: Node, key: str, bounds: tuple[float, float] | None, unit: str, report: Report) -> float | None:
    """Return a number within bounds (both included), in the unit that a message names."""
    allowed = f"a number from {bounds[0]:g} to {bounds[1]:g}" if bounds else "a number"
    allowed += f" ({unit})" if unit not in {"", PURE_NUMBER} else ""
    if isinstance(node.value, bool) or not isinstance(node.value, int | float):
        report.note(node.at, f"{key} is {node.describe()}", allowed, number_hint(node.value))
        return None
    if bounds and not bounds[0] <= node.value <= bounds[1]:
        report.note(node.at, f"{key} is {node.describe()}", allowed)
        return None
    return float(node.value)


def number_hint(value: object) -> str | None:
    """Return the number that a text such as ``1_000``, ``1,000`` or ``3 %`` was meant to be."""
    if not isinstance(value, str):
        return None
    text = value.replace("_", "").replace(",", "").strip()
    if text.endswith("%") and NUMBER.fullmatch(share := text[:-1].strip()):
        return f"{float(share) / 100:g}"
    return text if NUMBER.fullmatch(text) else None


def boolean_of(node: Node, key: str, report: Report) -> bool | None:
    """Return true or false, which may be written on, off, yes or no."""
    if isinstance(node.value, bool):
        return node.value
    report.note(node.at, f"{key} is {node.describe()}", "on or off")
    return None


def month_of(node: Node, key: str, report: Report) -> int | None:
    """Return a month number."""
    if isinstance(node.value, str):
        return month_from(node.value, node.at, f"{key} is", report)
    report.note(node.at, f"{key} is {node.describe()}", MONTH_FORM, month_hint(node.written))
    return None


def month_from(text: str, at: Position, subject: str, report: Report) -> int | None:
    """Return the month number a text states."""
    try:
        month = parse_month(text)
    except ValueError:
        month = None
    if month is None or format_month(month) != text:
        report.note(at, f"{subject} {quoted(text)}", MONTH_FORM, month_hint(text))
        return None
    return month


def month_hint(text: str) -> str | None:
    """Return the month that another way of writing a date was meant to be."""
    found = re.fullmatch(r"\s*((?:19|20|21)\d\d)(?:\D?(\d\d?)(?:\D\d\d?)?)?\D?\s*", text, re.ASCII)
    if not found or not 1 <= int(found[2] or 1) <= 12:
        return None
    return f"{found[1]}-{int(found[2] or 1):02d}"


def entries_of(node: Node, key: str, report: Report) -> dict[str, Node]:
    """Return the entries of a mapping."""
    if not isinstance(node.value, dict):
        report.note(node.at, f"{key} is {node.describe()}", "a mapping, as indented 'key: value' lines")
    return node.entries


def note_unknown(key: str, node: Node, what: str, known: Iterable[str], report: Report, owner: str = "") -> None:
    """Note a key that means nothing (in the mapping of ``owner``), with the keys that do."""
    choices = list(known)
    found = f"unknown {what} {quoted(key)}" + (f" of {owner}" if owner else "")
    report.note(node.key_at, found, listed(choices), similar(key, choices))
