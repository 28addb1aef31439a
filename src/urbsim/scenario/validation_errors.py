"""Validation errors of a lever's fields, translated into what an analyst wrote and what the lever allows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from urbsim.labels import bilingual
from urbsim.policies.base import Policy
from urbsim.reading.located import Node
from urbsim.reading.suggestions import similar
from urbsim.reading.wording import quoted
from urbsim.scenario.fields import MONTH_FORM, Report, note_unknown
from urbsim.scenario.hints import answer_hint, choice_hint, list_hint, month_hint, number_hint
from urbsim.scenario.lever_schema import allowed_by, bounds_of, described, field_schema, keys_of

Steps = Sequence[int | str]


@dataclass(frozen=True, slots=True)
class Translation:
    """The translation for one policy; what seems missing counts only where its mapping is ``complete``."""

    name: str
    node: Node
    lever: type[Policy]
    complete: bool
    report: Report

    def note_all(self, error: ValidationError) -> None:
        """Note every mistake once, at the value or key at fault."""
        seen: set[tuple[int | str, ...]] = set()
        mistakes = error.errors(include_url=False)
        unknown = [str(details["loc"][-1]) for details in mistakes if details["type"] == "extra_forbidden"]
        for details in mistakes:
            path, target = _locate(details["loc"], self.node)
            # Alternatives of one field fail one by one; the first says what is allowed.
            place = details["loc"] if details["type"] == "missing" else path
            if place not in seen:
                seen.add(place)
                self._note(details, path, target, unknown)

    def _note(self, details: Any, path: tuple[int | str, ...], node: Node, unknown: Sequence[str]) -> None:
        kind, location = details["type"], details["loc"]
        if kind == "missing":
            # A misspelt key is one mistake, which is said where it stands.
            if self.complete and similar(str(location[-1]), unknown) is None:
                self._note_missing(location, node)
        elif kind == "extra_forbidden" or location[-1:] == ("[key]",):
            known = [*(["lever"] if len(path) == 1 else []), *keys_of(self.lever, path[:-1])]
            owner = _dotted(path[:-1]) or self.lever.spec()
            note_unknown(str(path[-1]), node, bilingual("key", "键"), known, self.report, owner)
        elif not location:
            message = _own_message(details)
            self.report.note(
                _fault(message, node).at,
                bilingual(f"policy {quoted(self.name)}: {message}", f"政策{quoted(self.name)}：{message}"),
            )
        elif not (kind == "too_short" and node.value):
            # A list counts as too short where its items were refused, which is said where they stand.
            key, is_item = _dotted(path), isinstance(path[-1], int)
            found = bilingual(
                f"{key} {'holds' if is_item else 'is'} {node.describe()}",
                f"{key} {'中有' if is_item else '的值是'}{node.describe()}",
            )
            self.report.note(node.at, found, *self._expected(details, path, node))

    def _note_missing(self, location: Steps, node: Node) -> None:
        others = [key for key in node.entries if key not in {"lever", *self.lever.model_fields}]
        misspelt = similar(str(location[-1]), others) if len(location) == 1 else None
        if misspelt is not None:  # where the lever is not known, any key may be one of its own
            known = keys_of(self.lever, ())
            note_unknown(
                misspelt,
                node.entries[misspelt],
                bilingual("key", "键"),
                known,
                self.report,
                bilingual("every policy", "各项政策"),
            )
            return
        allowed = described(field_schema(self.lever, location)) or allowed_by(self.lever, location)
        found = bilingual(
            f"policy {quoted(self.name)} has no {_dotted(location)}",
            f"政策{quoted(self.name)}没有写 {_dotted(location)}",
        )
        self.report.note(node.key_at, found, f"{location[-1]}: {allowed}")

    def _expected(self, details: Any, path: Steps, node: Node) -> tuple[str, str | None]:
        """Return what is allowed at a place, and what was probably meant."""
        schema, allowed = field_schema(self.lever, path), allowed_by(self.lever, path)
        kind, is_single = schema.get("type"), not isinstance(node.value, list | dict)
        written = node.written or str(node.value)
        if details["type"] == "value_error":
            message = _own_message(details)
            is_month = "YYYY-MM" in message
            return (str(MONTH_FORM), month_hint(written, last=path[-1] == "end")) if is_month else (message, None)
        suggestion = None
        if schema.get("enum"):
            suggestion = choice_hint(written, map(str, schema["enum"])) if is_single else None
        elif kind in {"integer", "number"}:
            suggestion = number_hint(node.value, bounds_of(self.lever, path), whole=kind == "integer")
        elif kind == "array" and is_single:
            suggestion = list_hint(written, field_schema(self.lever, [*path, 0]).get("enum", ()))
        elif kind == "boolean":
            suggestion = answer_hint(written) if is_single else None
        elif kind == "string" and is_single and not isinstance(node.value, str):
            suggestion = f'"{written}"'
        return allowed, suggestion


def _locate(location: Steps, node: Node) -> tuple[tuple[int | str, ...], Node]:
    """Return the part of an error's location that is a place in the file, and the node there."""
    path: list[int | str] = []
    for step in location:
        if isinstance(step, str) and step in node.entries:
            node = node.entries[step]
        elif isinstance(step, int) and isinstance(node.value, list) and step < len(node.value):
            node = node.value[step]
        else:
            break
        path.append(step)
    return tuple(path), node


def _dotted(path: Steps) -> str:
    return ".".join(step for step in path if isinstance(step, str))


def _own_message(details: Any) -> str:
    """Return the message of a lever's own check, without what pydantic puts before it."""
    cause = details.get("ctx", {}).get("error")
    return str(cause) if cause is not None else str(details["msg"])


def _fault(message: str, node: Node) -> Node:
    """Return the field that a lever's own check is about: the one it quotes, else the first one it names."""
    for pattern in (r"'(\w+)'", r"(\w+)"):
        for word in re.findall(pattern, message):
            if word in node.entries and word != "lever":
                return node.entries[word]
    return Node(node.value, node.key_at, node.key_at)
