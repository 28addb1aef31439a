"""Marks that a Chinese keyboard writes where a file needs others: full-width signs, digits and spaces."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

#: Marks that look like another one without being its full-width form, and what to type instead.
_LIKE = {
    "、": ",",
    "。": ".",
    "【": "[",
    "】": "]",
    "〔": "[",
    "〕": "]",
    "“": '"',
    "”": '"',
    "「": '"',
    "」": '"',
    "‘": "'",
    "’": "'",
    "—": "-",
    "–": "-",
    "−": "-",
    "‐": "-",
    "‑": "-",
}
_NAMES = {
    ":": "colon",
    ",": "comma",
    ".": "full stop",
    "%": "per cent sign",
    "-": "dash",
    "#": "number sign",
    "_": "underscore",
    "~": "tilde",
    "/": "slash",
    **dict.fromkeys("[]{}()", "bracket"),
    **dict.fromkeys("\"'", "quotation mark"),
}
_SPACES = {"\u3000": "an ideographic space", "\xa0": "a no-break space"}
_KEY = r"""["'“”‘’「」]?[\w.-]+["'“”‘’「」]?"""
#: Where such a mark stands in the place of one that gives a line its structure.
_STRUCTURE = re.compile(
    rf"""(?P<indent>[ ]*[\xa0\u2000-\u200a\u3000][\s]*)(?=\S)
    | [ ]*(?P<sign>[＃－])
    | [ ]*(?:-[ ])?(?P<quote>[“‘「])
    | [ ]*(?:-[ ])?(?:{_KEY}:[ ]+)?["'][^"'”’」]*(?P<close>[”’」])
    | [ ]*(?:-[ ])?{_KEY}[ \xa0\u3000]*(?P<colon>：)
    | [ ]*(?:-[ ])?{_KEY}:(?P<space>[\xa0\u2000-\u200a\u3000]+)
    | [ ]*(?:-[ ])?{_KEY}:[ ]+(?P<open>[｛［【〔“‘「])""",
    re.VERBOSE,
)
#: Inside brackets every such mark but those of words gives structure.
_IN_BRACKETS = re.compile(r"[：，、［］【】｛｝\xa0\u3000]")


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark at an offset of a text, what it is called, and what to type instead."""

    offset: int
    written: str
    meant: str

    @property
    def name(self) -> str:
        """What the mark is called, with itself."""
        if self.meant == " ":
            return f"{_SPACES.get(self.written, 'a wide space')} (U+{ord(self.written):04X})"
        kind = (
            "digit" if self.meant.isdecimal() else "letter" if self.meant.isalpha() else _NAMES.get(self.meant, "sign")
        )
        return f"the full-width {kind} '{self.written}'"

    @property
    def typed(self) -> str:
        """What to type instead."""
        special = {" ": "an ordinary space", ":": "':' and a space"}
        return special.get(self.meant, f"{self.meant}" if self.meant in "\"'" else f"'{self.meant}'")


def marks_of(text: str) -> Iterator[Mark]:
    """Yield the marks of a text that a file's own marks or plain digits and letters are to replace."""
    for offset, character in enumerate(text):
        if (meant := _meant(character)) is not None:
            yield Mark(offset, character, meant)


def plain(text: str) -> str:
    """Return a text with such marks replaced."""
    return "".join(_meant(character) or character for character in text)


def _meant(character: str) -> str | None:
    if character.isascii():
        return None
    if character in _LIKE:
        return _LIKE[character]
    if unicodedata.category(character) == "Zs":
        return " "
    narrow = unicodedata.normalize("NFKC", character)
    is_wide = unicodedata.east_asian_width(character) == "F"
    return narrow if is_wide and len(narrow) == 1 and narrow.isascii() else None


def is_misread(key: str, *, blank: bool) -> bool:
    """Return whether such marks made a key what it is; ``blank`` says that it has no value."""
    kinds = {mark.meant for mark in marks_of(key)}
    in_quotes = all(plain(end) in {'"', "'"} for end in (key[:1], key[-1:])) and not key[:1].isascii()
    return " " in kinds or in_quotes or (blank and ":" in kinds)


def mended(line: str) -> tuple[str, list[Mark]]:
    """Return a line with every mark that stands for one of structure replaced, and the marks as they were.

    A colon gets the space that must follow it.
    """
    found: list[Mark] = []
    shift = 0
    while (mark := _structural(line)) is not None:
        after = line[mark.offset + 1 :]
        space = " " if mark.meant == ":" and after[:1].strip() else ""
        found.append(Mark(mark.offset - shift, mark.written, mark.meant))
        line, shift = f"{line[: mark.offset]}{mark.meant}{space}{after}", shift + len(space)
    return line, found


def _structural(line: str) -> Mark | None:
    """Return the first mark of a line that stands where one that gives structure belongs; None without any."""
    found = _STRUCTURE.match(line) or (_IN_BRACKETS.search(line) if re.search(r"[\[{]", line) else None)
    if found is None:
        return None
    start = found.start(found.lastgroup or 0)
    return next((mark for mark in marks_of(line) if mark.offset >= start), None)
