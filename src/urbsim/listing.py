"""What there is to choose from, as tables: levers, regions, indicators, parameters, groups."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from urbsim.experiment.errors import ExperimentError
from urbsim.labels import Language, bilingual, bracketed, spoken
from urbsim.months import CENSUS_YEARS, format_month
from urbsim.observation.dimensions import DIMENSIONS
from urbsim.observation.indicators import INDICATORS
from urbsim.observation.measures import MEASURES
from urbsim.parameters import DatedValue, registry
from urbsim.policies.reference import lever_reference
from urbsim.policies.registry import all_levers
from urbsim.reading.wording import either, quoted
from urbsim.region.places import all_places, find_places, suggest_places


def list_levers(language: Language | None = None) -> pd.DataFrame:
    """Return the built-in levers: lever (the index), title, explanation, fields (the names of its own), evidence."""
    rows = []
    for name, lever in all_levers().items():
        known = lever_reference(lever, language or spoken())
        fields = ", ".join(field["name"] for field in known["fields"] if field["own"])
        rows.append((name, known["title"], known["explanation"], fields, known["evidence"]))
    return pd.DataFrame(rows, columns=["lever", "title", "explanation", "fields", "evidence"]).set_index("lever")


def list_indicators(language: Language | None = None) -> pd.DataFrame:
    """Return what a run observes: indicator (the index), label, unit, definition."""
    rows = [
        (
            name,
            each.label.in_language(language or spoken()),
            each.unit,
            each.definition.in_language(language or spoken()),
        )
        for name, each in INDICATORS.items()
    ]
    return pd.DataFrame(rows, columns=["indicator", "label", "unit", "definition"]).set_index("indicator")


def list_groups(language: Language | None = None) -> pd.DataFrame:
    """Return what ``groups`` tells apart and tells: name, kind (``by`` or ``indicator``), label, members or unit."""
    by = [
        (name, "by", each.label.in_language(language or spoken()), ", ".join(each.members))
        for name, each in DIMENSIONS.items()
    ]
    what = [
        (name, "indicator", each.label.in_language(language or spoken()), each.unit) for name, each in MEASURES.items()
    ]
    return pd.DataFrame([*by, *what], columns=["name", "kind", "label", "members_or_unit"]).set_index("name")


def list_parameters(language: Language | None = None) -> pd.DataFrame:
    """Return the registry: parameter (the index), label, value (now in force last, if dated), unit, low, high, status.

    ``dated`` holds all values of a dated one as text, and ``source`` where it comes from.
    """
    rows = [
        (
            name,
            each.label.in_language(language or spoken()),
            _last(each.value),
            *(each.unit, each.low, each.high, each.status),
            _dates(each.value),
            each.source,
        )
        for name, each in registry().items()
    ]
    columns = ["parameter", "label", "value", "unit", "low", "high", "status", "dated", "source"]
    return pd.DataFrame(rows, columns=columns).set_index("parameter")


def _last(value: DatedValue) -> float:
    return value[max(value)] if isinstance(value, Mapping) else value


def _dates(value: DatedValue) -> str:
    if not isinstance(value, Mapping):
        return ""
    return ", ".join(f"{format_month(month)}: {each:g}" for month, each in sorted(value.items()))


def list_regions(text: str | None = None) -> pd.DataFrame:
    """Return places that can be simulated: code (the index), name, pinyin, level, parent, residents by census.

    Parameters
    ----------
    text
        Code, Chinese name or pinyin, or part of one; all places without it.

    Raises
    ------
    ExperimentError
        If no place is called so; the message says what was probably meant.
    """
    found = find_places(text) if text else all_places()
    if not found:
        meant = either(
            bracketed(f"{place.code} {place.name}", place.short_pinyin) for place in suggest_places(text or "")
        )
        hint = bilingual(f"; did you mean {meant}?", f"；是否想写 {meant}？") if meant else ""
        raise ExperimentError(
            bilingual(
                f"no county, prefecture or province is called {quoted(text or '')}{hint}",
                f"没有叫{quoted(text or '')}的县、地级市或省{hint}",
            )
        )
    columns = ["code", "name", "pinyin", "level", "parent", *(f"residents_{year}" for year in CENSUS_YEARS)]
    residents = [[each.residents.get(year) for year in CENSUS_YEARS] for each in found]
    rows = [
        (each.code, each.name, each.short_pinyin, each.level, each.parent, *counts)
        for each, counts in zip(found, residents, strict=True)
    ]
    table = pd.DataFrame(rows, columns=columns).set_index("code")
    return table.astype(dict.fromkeys(columns[5:], "Int64"))
