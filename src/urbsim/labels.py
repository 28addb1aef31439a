"""Text shown to people, in English and Chinese side by side."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

Language = Literal["en", "zh"]
#: What stands for a number that is missing.
MISSING = "–"
#: Characters that move the cursor, change the direction of writing, or cannot be encoded; line breaks are not among
#: them.
_UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Label:
    """One piece of text in both languages."""

    en: str
    zh: str

    def in_language(self, language: Language) -> str:
        """Return the text in the language asked for."""
        return self.zh if language == "zh" else self.en


def printable(text: str) -> str:
    r"""Return text with its control characters, except line breaks, written as escapes such as ``\x1b``."""
    return _UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def columns_of(text: str) -> int:
    """Return the width of a line of text, in columns of a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def shortened(text: str, columns: int) -> str:
    """Return text on one line of at most so many columns, with an ellipsis where something was left out."""
    line = printable(" ".join(text.splitlines()))
    if columns_of(line) <= columns:
        return line
    while columns_of(line) > columns - 1:
        line = line[:-1]
    return f"{line.rstrip()}…"


def plain_number(number: float, *, grouped: bool = True) -> str:
    """Return a number without exponent or needless zeros, with thousands separated unless it is to be read again."""
    text = f"{number:,.10f}" if grouped else f"{number:.10f}"
    return text.rstrip("0").rstrip(".")


def decimal(number: float, decimals: int = 1) -> str:
    """Return a number with so many decimals and thousands separated; a dash for what is missing."""
    if math.isnan(number):
        return MISSING
    text = f"{number:,.{decimals}f}"
    return text.removeprefix("-") if not text.strip("-0.") else text.replace("-", "−")
