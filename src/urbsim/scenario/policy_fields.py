"""Reading one policy of a scenario: its lever, its counties, its fields, and what is wrong with them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, ValidationError

from urbsim.labels import bilingual
from urbsim.policies.base import Policy
from urbsim.reading.located import Node
from urbsim.reading.wording import listed, quoted
from urbsim.scenario.fields import Report, check_name
from urbsim.scenario.targeting import TYPES_KEY, CountyTypes, Region, targeting_of
from urbsim.scenario.validation_errors import Translation

_LONGEST_LEVER = 500
#: From what is written after ``lever:`` and the folder of the file it is written in, to the class of the lever.
FindLever = Callable[[str, Path], type[Policy]]


class _AnyLever(Policy):
    """Stands for a lever that could not be found, so that what every policy has is checked nevertheless."""

    model_config = ConfigDict(extra="allow")

    lever = ""

    @classmethod
    def zonal(cls) -> bool:
        return True

    def apply(self, environment: Any, coverage: Any) -> None:
        raise NotImplementedError

    def spending(self, environment: Any, activity: Any, coverage: Any) -> Any:
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class PolicyReader:
    """Reads the policies of a scenario.

    Without ``region`` (it could not be resolved) targeting is not checked against it; ``types`` are the county types
    that the scenario defines, None where they are not known. Unless the mapping is ``complete`` (a parent file could
    not be read), what seems missing is not a mistake.
    """

    region: Region | None
    types: CountyTypes | None
    complete: bool
    find_lever: FindLever
    report: Report

    def policy(self, name: str, node: Node) -> Policy | None:
        """Return the policy that a mapping describes, or None after noting everything that is wrong with it."""
        report, before = self.report, len(self.report)
        check_name(
            name,
            node.key_at,
            bilingual(f"the name of a policy is {quoted(name)}", f"政策的名称是{quoted(name)}"),
            report,
        )
        if not isinstance(node.value, dict):
            found = bilingual(
                f"policy {quoted(name)} is {node.describe()}", f"政策{quoted(name)}的值是{node.describe()}"
            )
            report.note(
                node.at, found, bilingual("a mapping with the keys lever, start, …", "含有 lever、start 等键的映射")
            )
            return None
        lever = self._lever(name, node) or _AnyLever
        targeting = targeting_of(node.value, self.region, self.types, report)
        if "lever" not in node.value and not self.complete:
            return None
        read = {"lever", "counties", TYPES_KEY}
        fields = {key: inner.plain() for key, inner in node.value.items() if key not in read} | targeting
        try:
            # Strict JSON rules take a list for a tuple and a text for a choice, but never a text for a number.
            policy = lever.model_validate_json(json.dumps(fields), strict=True)
        except ValidationError as error:
            Translation(name, node, lever, self.complete, report).note_all(error)
            return None
        except Exception as error:
            # A lever of the user's own may fail in any way; that is a mistake of the input, not of the program.
            report.note(
                node.key_at,
                bilingual(
                    f"the lever of policy {quoted(name)} failed: {type(error).__name__}: {error}",
                    f"政策{quoted(name)}的政策工具出错：{type(error).__name__}：{error}",
                ),
            )
            return None
        return policy if len(report) == before and lever is not _AnyLever else None

    def _lever(self, name: str, node: Node) -> type[Policy] | None:
        from urbsim.policies.registry import LeverError, all_levers

        allowed = bilingual(f"{listed(all_levers())} or FILE.py:CLASS", f"{listed(all_levers())}，或 文件.py:类名")
        lever = node.entries.get("lever")
        if lever is None:
            if self.complete:
                self.report.note(
                    node.key_at,
                    bilingual(f"policy {quoted(name)} has no lever", f"政策{quoted(name)}没有写 lever"),
                    allowed,
                )
        elif not isinstance(lever.value, str):
            self.report.note(
                lever.at, bilingual(f"lever is {lever.describe()}", f"lever 的值是{lever.describe()}"), allowed
            )
        elif len(lever.value) > _LONGEST_LEVER:
            self.report.note(
                lever.at,
                bilingual(f"unknown lever {quoted(lever.value)}", f"未知的政策工具{quoted(lever.value)}"),
                allowed,
            )
        else:
            try:
                return self.find_lever(lever.value, lever.at.folder)
            except LeverError as error:
                self.report.note(lever.at, " ".join(str(error).split()), error.allowed, error.suggestion)
        return None
