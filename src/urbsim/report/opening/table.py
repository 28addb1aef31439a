"""The table of the opening page: where each indicator begins, where it is now, and where each scenario leaves it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from urbsim.experiment.ensemble import Ensemble
from urbsim.labels import Label, Language
from urbsim.report.headline import Cell, headline, month_heading

INDICATOR = Label("Indicator", "指标")
_MOST_ROWS = 8
_MOST_SCENARIOS = 4


@dataclass(frozen=True)
class OpeningTable:
    """Headings, a month with a scenario in a line of its own, and rows of a label and cells in their order."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell | None, ...]], ...]


def opening_table(
    ensemble: Ensemble, language: Language, indicators: Sequence[str] = (), *, only: bool = False
) -> OpeningTable:
    """Return the table: the baseline at the start and in the latest month, every scenario at the end."""
    titles = ensemble.titles(language)
    first, latest, last = ensemble.first_month, ensemble.latest_month, ensemble.last_month
    columns = [(ensemble.baseline, first)]
    columns += [(ensemble.baseline, latest)] if latest not in {first, last} else []
    columns += [(name, last) for name in ensemble.names[:_MOST_SCENARIOS]]
    single = len(ensemble.names) == 1
    headings = [
        "\n".join((month_heading(ensemble, month, language), *(() if single else (titles[name],))))
        for name, month in columns
    ]
    blocks = headline(ensemble, language, indicators, only=only)[:_MOST_ROWS]
    rows = [(block.heading, tuple(block.cells.get(key) for key in columns)) for block in blocks]
    return OpeningTable((INDICATOR.in_language(language), *headings), tuple(rows))
