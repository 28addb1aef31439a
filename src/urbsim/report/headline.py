"""The headline numbers in words: a block per indicator, for the terminal and for the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from urbsim.experiment.comparison import HEADLINES
from urbsim.experiment.ensemble import Ensemble
from urbsim.labels import Language
from urbsim.report import text
from urbsim.report.numbers import Format, format_of


@dataclass(frozen=True)
class Cell:
    """One scenario in one month: its median and interval, and the difference from the baseline with its own.

    Intervals are empty where there are too few runs, differences where there is nothing to compare with.
    """

    value: str
    interval: str
    difference: str
    difference_interval: str

    @property
    def lines(self) -> tuple[str, str]:
        """Value and difference, each with its interval."""
        return f"{self.value} {self.interval}".rstrip(), f"{self.difference} {self.difference_interval}".strip()


@dataclass(frozen=True)
class Block:
    """One indicator: its name and unit, and a cell by scenario and month."""

    label: str
    unit: str
    cells: Mapping[tuple[str, str], Cell]


def shown_indicators(indicators: Sequence[str]) -> tuple[str, ...]:
    """Return the headline indicators and then the others asked for, each once."""
    return tuple(dict.fromkeys((*HEADLINES, *indicators)))


def headline(ensemble: Ensemble, language: Language, indicators: Sequence[str] = ()) -> list[Block]:
    """Return a block for each headline indicator and each of those asked for, at the months compared."""
    data = ensemble.table(shown_indicators(indicators))
    blocks = []
    for indicator, rows in data.groupby(data["indicator"].astype(str), sort=False):
        form = format_of(str(indicator), float(rows["median"].abs().max()))
        cells = {
            (str(record["scenario"]), str(record["month"])): _cell(record, form) for record in rows.to_dict("records")
        }
        label = text.indicator_label(str(indicator), language)
        blocks.append(Block(label, form.unit.in_language(language), cells))
    return blocks


def _cell(record: Mapping[Any, Any], form: Format) -> Cell:
    gap = record["difference"]
    return Cell(
        form.value(record["median"]),
        form.interval(record["low"], record["high"]),
        "" if gap != gap else form.difference(gap),  # noqa: PLR0124 - not-a-number
        form.interval(record["difference_low"], record["difference_high"], difference=True),
    )
