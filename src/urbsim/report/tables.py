"""Tables for the terminal, and the same content for machines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

import pandas as pd
from rich.table import Table
from rich.text import Text

from urbsim.experiment.ensemble import Ensemble
from urbsim.experiment.footing import footing
from urbsim.experiment.observed import observed_beside
from urbsim.labels import MISSING, Label, Language
from urbsim.report import text
from urbsim.report.headline import Cell, headline, month_heading, shown_indicators


def comparison_table(
    ensemble: Ensemble, language: Language, indicators: Sequence[str] = (), *, only: bool = False
) -> Table:
    """Return the indicators asked for and the headline indicators: a block each, rows scenarios, columns months.

    A cell holds the median with its interval and, below it, the difference from the baseline with its own.
    """
    table = Table(caption=_caption(ensemble, language), caption_justify="left", box=None, pad_edge=False)
    table.add_column(text.SCENARIO.in_language(language), min_width=16)
    for month in ensemble.horizons:
        table.add_column(month_heading(ensemble, month, language), justify="right")
    titles = ensemble.titles(language)
    for block in headline(ensemble, language, indicators, only=only):
        table.add_row(text.cell(block.heading, "bold"))
        for scenario, title in titles.items():
            cells = (block.cells.get((scenario, month)) for month in ensemble.horizons)
            table.add_row(text.cell(f"  {title}"), *(_printed(cell) for cell in cells))
        table.add_section()
    return table


def _printed(cell: Cell | None) -> Text:
    if cell is None:
        return Text(MISSING)
    value, difference = cell.lines
    return Text.assemble(value, (f"\n{difference}", "cyan")) if difference else Text(value)


def _caption(ensemble: Ensemble, language: Language) -> Text:
    note = text.interval_note(ensemble.replicates, language, ensemble.plan.draws)
    if len(ensemble.names) > 1:
        baseline = ensemble.titles(language)[ensemble.baseline]
        below = Label(
            f"below: difference from '{baseline}', paired by draw and replicate (rates in percentage points)",
            f"第二行：与“{baseline}”之差，按参数组和重复模拟配对（比率为百分点）",
        )
        note = f"{note}{'；' if language == 'zh' else '; '}{below.in_language(language)}"
    return text.cell(note, "dim")


def as_data(
    ensemble: Ensemble, language: Language, indicators: Sequence[str] = (), *, only: bool = False
) -> dict[str, Any]:
    """Return the comparison and targets as plain data for JSON; missing numbers are null."""
    comparison = ensemble.table(shown_indicators(indicators, only=only))
    labels = {name: text.indicator_label(name, language) for name in comparison["indicator"].astype(str).unique()}
    return {
        "baseline": ensemble.baseline,
        "scenarios": list(ensemble.names),
        "place": ensemble.place,
        "replicates": ensemble.replicates,
        "interval": text.interval_note(ensemble.replicates, language, ensemble.plan.draws),
        "scale": ensemble.plan.baseline.scale,
        "seed": ensemble.plan.seed,
        "labels": labels,
        "months": {"start": ensemble.first_month, "latest": ensemble.latest_month, "last": ensemble.last_month},
        "comparison": list(_records(comparison)),
        "targets": list(_records(ensemble.targets())),
        "observed": list(_records(observed_beside(ensemble.plan, ensemble.series))),
        "cuts": list(_records(ensemble.cuts())),
        "constants": {kind: list(codes) for kind, codes in footing(ensemble.plan.baseline).items()},
        "debts_beyond_limit": list(_records(ensemble.debts_beyond_limit())),
        "counties": list(_records(ensemble.counties())) if len(ensemble.plan.baseline.counties) > 1 else [],
        "provinces": list(_records(ensemble.provinces())),
        "failures": [asdict(failure) for failure in ensemble.failures],
    }


def _records(table: pd.DataFrame) -> Iterator[dict[str, Any]]:
    for record in table.astype(object).to_dict("records"):
        yield {str(name): None if pd.isna(value) else value for name, value in record.items()}
