"""What is wrong with a scenario, said so that an analyst can mend it: where, what was found, what is allowed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

#: A suggestion must be at least this similar to the word found (share of characters that agree).
_SIMILAR = 0.6
#: A word that is a piece of a longer name, such as the end of a dotted parameter, must agree almost entirely.
_CONTAINED = 90.0
_SHORTEST_PIECE = 5
_LONGEST_SHOWN = 60


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
            parts.append(f"allowed: {self.allowed}")
        if self.suggestion:
            parts.append(f"did you mean '{self.suggestion}'?")
        return "; ".join(parts)


class ScenarioError(Exception):
    """A scenario that cannot be used; ``problems`` holds every mistake found, in the order of the file."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[ScenarioError], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)


def similar(word: str, choices: Iterable[str]) -> str | None:
    """Return the choice that was most likely meant, or None where nothing comes near."""
    from rapidfuzz import fuzz, process
    from rapidfuzz.distance import OSA

    known, word = list(choices), word[:_LONGEST_SHOWN].lower()
    match = process.extractOne(word, known, scorer=OSA.normalized_similarity, score_cutoff=_SIMILAR)
    if match is None and len(word) >= _SHORTEST_PIECE:
        match = process.extractOne(word, known, scorer=fuzz.partial_ratio, score_cutoff=_CONTAINED)
    return match[0] if match else None


def quoted(text: str) -> str:
    """Return text in quotes, on one line and short enough for a message."""
    return f"'{shortened(text)}'"


def shortened(text: str) -> str:
    """Return text on one line and short enough for a message."""
    start = text[:_LONGEST_SHOWN]
    line = "".join(character if character.isprintable() else repr(character)[1:-1] for character in start)
    return f"{line}…" if len(text) > _LONGEST_SHOWN else line


def listed(words: Iterable[str]) -> str:
    """Return words as a list in a sentence."""
    return ", ".join(words)
