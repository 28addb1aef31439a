"""Text shown to people, in English and Chinese side by side, and the language that decides between them.

One language is in force everywhere: what ``speaking`` was told (``--lang`` of a command, the request of a page), else
the environment variable ``URBSIM_LANG``, else the locale, else English.
"""

from __future__ import annotations

import locale
import math
import os
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal

Language = Literal["en", "zh"]
#: The environment variable that decides the language.
LANGUAGE_VARIABLE = "URBSIM_LANG"
_LOCALE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
_told: ContextVar[Language | None] = ContextVar("language", default=None)
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

    def __str__(self) -> str:
        return self.in_language(spoken())


#: What is said for true and false.
ANSWERS = {True: Label("yes", "是"), False: Label("no", "否")}


def bilingual(en: str, zh: str) -> str:
    """Return one of two texts that say the same, in the language in force: for a message, at the place of it."""
    return zh if spoken() == "zh" else en


def spoken() -> Language:
    """Return the language in force."""
    told = _told.get()
    if told is not None:
        return told
    wanted = os.environ.get(LANGUAGE_VARIABLE)
    return language_of(wanted) or "en" if wanted else _of_the_locale()


def language_of(name: str) -> Language | None:
    """Return the language that a name such as ``zh``, ``zh_CN.UTF-8``, ``en-GB`` or ``C`` stands for, if it is one."""
    main = re.split(r"[_.@-]", name.strip().lower())[0]
    if main in ("zh", "chinese"):
        return "zh"
    return "en" if main in ("en", "english", "c", "posix") else None


def _of_the_locale() -> Language:
    # Another language than the two, such as German, is answered in English.
    named = next((os.environ[name] for name in _LOCALE_VARIABLES if os.environ.get(name)), None)
    return language_of(named or locale.getlocale()[0] or "C") or "en"


@contextmanager
def speaking(language: Language | None) -> Iterator[None]:
    """Put a language in force within a ``with``; None leaves the one that is."""
    token = _told.set(language or _told.get())
    try:
        yield
    finally:
        _told.reset(token)


def bracketed(text: str, more: str, language: Language | None = None) -> str:
    """Return a text with more of it in brackets, such as its unit: those of the language, the one in force without.

    Nothing in brackets, no brackets.
    """
    if not more:
        return text
    return f"{text}（{more}）" if (language or spoken()) == "zh" else f"{text} ({more})"


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


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with the English noun it counts; ``many`` is its plural, with an s where it is not given."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
