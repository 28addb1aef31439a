"""Words for the members that tables for machines name by keys: who pays, what limits, comparators, yes and no."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from urbsim.labels import ANSWERS, Label, Language
from urbsim.policies.base import Payer
from urbsim.policies.registry import all_levers
from urbsim.report.targets import SYMBOLS
from urbsim.units import UNITS

_MEMBERS: Mapping[str, Mapping[str, Label]] = {
    "comparator": {name: Label(symbol, symbol) for name, symbol in SYMBOLS.items()},
    "payer": {str(payer): payer.label for payer in Payer},
    "limit": {"money": Label("money", "资金"), "land": Label("land", "用地指标")},
    "unit": {**UNITS, "1": Label("share, 0 to 1", "比重，0至1")},
}


def in_words(column: str, value: Any, language: Language) -> Any:
    """Return a value as people read it: a member by its name in the language, anything else as it is."""
    if isinstance(value, bool | np.bool_):
        return ANSWERS[bool(value)].in_language(language)
    if column == "lever":
        lever = all_levers().get(str(value))
        return lever.title.in_language(language) if lever else value
    words = _MEMBERS.get(column, {}).get(str(value))
    return words.in_language(language) if words else value
