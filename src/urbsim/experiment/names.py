"""Names of files made from names of scenarios: distinct on every file system, and short enough in bytes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

#: Bytes of a name; file systems allow 255, endings and marks of unfinished files included.
LONGEST = 120
#: Names that Windows keeps for devices, with any ending.
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}


def distinct_names(names: Sequence[str]) -> list[str]:
    """Return one name fit for files per name; two never meet, on file systems that ignore case neither."""
    found: list[str] = []
    taken: set[str] = set()
    for name in names:
        stem, number = _stem(name), 1
        candidate = stem
        while _as_compared(candidate) in taken:
            number += 1
            candidate = f"{stem}-{number}"
        taken.add(_as_compared(candidate))
        found.append(candidate)
    return found


def _stem(name: str) -> str:
    text = re.sub(r"[^\w.-]+", "-", unicodedata.normalize("NFC", name)).strip("-._").lower()
    text = text.encode("utf-8", "ignore")[:LONGEST].decode("utf-8", "ignore").strip("-._")
    return f"scenario-{text}" if text.split(".")[0] in _RESERVED else text or "scenario"


def _as_compared(name: str) -> str:
    """Return a name as the least particular file system compares it: without case, accents composed."""
    return unicodedata.normalize("NFKC", name.casefold())
