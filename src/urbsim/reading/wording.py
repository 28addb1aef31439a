"""How what somebody wrote is quoted in messages: on one line, short enough, nothing invisible."""

from __future__ import annotations

from collections.abc import Iterable

from urbsim.labels import bilingual, printable

_LONGEST_SHOWN = 60


def shortened(text: str) -> str:
    """Return text on one line and short enough for a message."""
    line = printable(text[:_LONGEST_SHOWN]).replace("\n", "\\n")
    return f"{line}…" if len(text) > _LONGEST_SHOWN else line


def quoted(text: str) -> str:
    """Return text in quotes, on one line and short enough for a message."""
    return bilingual(f"'{shortened(text)}'", f"“{shortened(text)}”")


def listed(words: Iterable[str]) -> str:
    """Return words as a list in a sentence."""
    return bilingual(", ", "、").join(words)


def either(words: Iterable[str]) -> str:
    """Return words as alternatives in a sentence."""
    return bilingual(" or ", "或").join(words)


def together(words: Iterable[str]) -> str:
    """Return words that hold together in a sentence."""
    return bilingual(" and ", "和").join(words)


def clauses(parts: Iterable[str]) -> str:
    """Return parts of a sentence that stand by themselves as one."""
    return bilingual("; ", "；").join(parts)
