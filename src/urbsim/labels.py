"""Text shown to people, in English and Chinese side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["en", "zh"]


@dataclass(frozen=True, slots=True)
class Label:
    """One piece of text in both languages."""

    en: str
    zh: str

    def in_language(self, language: Language) -> str:
        """Return the text in the language asked for."""
        return self.zh if language == "zh" else self.en
