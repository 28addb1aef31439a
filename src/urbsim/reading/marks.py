"""Marks that a Chinese keyboard writes where a file needs others: full-width signs, digits and spaces."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from urbsim.labels import Label, bilingual

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
    ":": Label("colon", "冒号"),
    ",": Label("comma", "逗号"),
    ".": Label("full stop", "句号"),
    "%": Label("per cent sign", "百分号"),
    "-": Label("dash", "横线"),
    "#": Label("number sign", "井号"),
    "_": Label("underscore", "下划线"),
    "~": Label("tilde", "波浪号"),
    "/": Label("slash", "斜线"),
    **dict.fromkeys("[]{}()", Label("bracket", "括号")),
    **dict.fromkeys("\"'", Label("quotation mark", "引号")),
}
_SPACES = {"\u3000": Label("an ideographic space", "全角空格"), "\xa0": Label("a no-break space", "不换行空格")}
_DIGIT, _LETTER, _SIGN = Label("digit", "数字"), Label("letter", "字母"), Label("sign", "符号")
_WIDE_SPACE = Label("a wide space", "宽空格")
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
            return f"{_SPACES.get(self.written, _WIDE_SPACE)} (U+{ord(self.written):04X})"
        kind = _DIGIT if self.meant.isdecimal() else _LETTER if self.meant.isalpha() else _NAMES.get(self.meant, _SIGN)
        return bilingual(f"the full-width {kind} '{self.written}'", f"全角{kind}“{self.written}”")

    @property
    def typed(self) -> str:
        """What to type instead."""
        special = {" ": bilingual("an ordinary space", "普通空格"), ":": bilingual("':' and a space", "“:”加一个空格")}
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
