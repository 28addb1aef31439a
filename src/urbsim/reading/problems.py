"""What is wrong with a scenario, said so that an analyst can mend it: where, what was found, what is allowed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from urbsim.labels import bilingual, printable
from urbsim.reading.wording import clauses


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake; lines and columns count from 1, and are 0 for a scenario that was not read from a file."""

    file: str
    line: int
    column: int
    found: str
    allowed: str = ""
    suggestion: str | None = None

    @property
    def position(self) -> str:
        """``file:line:column``, or the dotted key where there is no file."""
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file

    def __str__(self) -> str:
        parts = [f"{self.position}: {self.found}"]
        if self.allowed:
            parts.append(bilingual(f"allowed: {self.allowed}", f"允许：{self.allowed}"))
        if self.suggestion:
            parts.append(bilingual(f"did you mean '{self.suggestion}'?", f"是否想写“{self.suggestion}”？"))
        return printable(clauses(parts))


class ScenarioError(Exception):
    """A scenario that cannot be used; ``problems`` holds every mistake found, in the order of the file."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[ScenarioError], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)
