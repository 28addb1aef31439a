"""How text that somebody wrote is shown in messages and tables: on one line, short enough, nothing invisible."""

from __future__ import annotations

from collections.abc import Iterable

_LONGEST_SHOWN = 60


def visible(text: str, keep: str = "") -> str:
    """Return text with characters that show nothing, or would command a terminal, as escapes.

    Characters in ``keep``, such as line breaks, are left as they are.
    """
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() or each in keep else repr(each)[1:-1] for each in text)


def shortened(text: str) -> str:
    """Return text on one line and short enough for a message."""
    line = visible(text[:_LONGEST_SHOWN])
    return f"{line}…" if len(text) > _LONGEST_SHOWN else line


def quoted(text: str) -> str:
    """Return text in quotes, on one line and short enough for a message."""
    return f"'{shortened(text)}'"


def listed(words: Iterable[str]) -> str:
    """Return words as a list in a sentence."""
    return ", ".join(words)
