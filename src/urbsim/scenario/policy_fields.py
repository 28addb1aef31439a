"""Reading one policy of a scenario: its lever, its counties, its fields, and what is wrong with them."""

from __future__ import annotations

import json

from pydantic import ValidationError

from urbsim.policies.base import Policy
from urbsim.scenario.fields import Report
from urbsim.scenario.located import Node
from urbsim.scenario.problems import listed, quoted, similar
from urbsim.scenario.targeting import TYPES_KEY, CountyTypes, Region, targeting_of
from urbsim.scenario.validation_errors import Translation

_OWN_LEVER = "FILE.py:CLASS"
_LONGEST_LEVER = 500


def policy_of(
    name: str, node: Node, region: Region | None, types: CountyTypes, complete: bool, report: Report
) -> Policy | None:
    """Return the policy that a mapping describes, or None after noting what is wrong with it.

    Without ``region`` (it could not be resolved) targeting is not checked against it; ``types`` are the county types
    that the scenario defines. Unless the mapping is
    ``complete`` (a parent file could not be read), what seems missing is not a mistake.
    """
    if not isinstance(node.value, dict):
        report.note(node.at, f"policy {quoted(name)} is {node.describe()}", "a mapping with the keys lever, start, …")
        return None
    lever = _lever_of(name, node, complete, report)
    before = len(report)
    targeting = targeting_of(node.value, region, types, report)
    if lever is None:
        return None
    read = {"lever", "counties", TYPES_KEY}
    fields = {key: inner.plain() for key, inner in node.value.items() if key not in read} | targeting
    try:
        # Strict JSON rules take a list for a tuple and a text for a choice, but never a text for a number.
        policy = lever.model_validate_json(json.dumps(fields), strict=True)
    except ValidationError as error:
        Translation(name, node, lever, complete, report).note_all(error)
        return None
    except Exception as error:
        # A lever of the user's own may fail in any way; that is a mistake of the input, not of the program.
        report.note(node.key_at, f"the lever of policy {quoted(name)} failed: {type(error).__name__}: {error}")
        return None
    return policy if len(report) == before else None


def _lever_of(name: str, node: Node, complete: bool, report: Report) -> type[Policy] | None:
    from urbsim.policies.registry import LeverFileError, UnknownLeverError, all_levers, lever_class

    allowed = f"{listed(all_levers())} or {_OWN_LEVER}"
    lever = node.entries.get("lever")
    if lever is None:
        if complete:
            report.note(node.key_at, f"policy {quoted(name)} has no lever", allowed)
        return None
    if not isinstance(lever.value, str):
        report.note(lever.at, f"lever is {lever.describe()}", allowed)
        return None
    if len(lever.value) > _LONGEST_LEVER:
        report.note(lever.at, f"unknown lever {quoted(lever.value)}", allowed)
        return None
    try:
        return lever_class(lever.value, lever.at.folder)
    except UnknownLeverError as error:
        suggestion = next(iter(error.suggestions), similar(lever.value, all_levers()))
        report.note(lever.at, f"unknown lever {quoted(lever.value)}", allowed, suggestion)
    except (LeverFileError, ValueError) as error:
        suggestion = next(iter(getattr(error, "suggestions", ())), None)
        report.note(lever.at, " ".join(str(error).split()), f"{_OWN_LEVER}, a complete lever", suggestion)
    return None
