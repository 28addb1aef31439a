"""Where a lever is used: the clauses of the programmes whose measures the catalogue says it carries."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from urbsim.labels import Language

_CATALOGUE = "urbsim.programmes"


@dataclass(frozen=True, slots=True)
class Usage:
    """A measure that a lever carries: its programme, its clause, its own number, and what it sets out to do."""

    programme: str
    clause: str
    measure: str
    gloss: str


def clauses_using(lever: str, language: Language = "en") -> list[Usage] | None:
    """Return the measures of every programme that a lever carries, by programme and clause.

    Returns
    -------
    list of Usage or None
        Empty where no programme uses the lever; None where urbsim has no catalogue of programmes.
    """
    if find_spec(_CATALOGUE) is None:
        return None
    programmes: tuple[Any, ...] = import_module(f"{_CATALOGUE}.reading").catalogue()
    return [
        Usage(programme.programme, clause.id, measure.id, measure.gloss.in_language(language))
        for programme in programmes
        for clause, measure in programme.measures
        if lever in measure.levers
    ]
