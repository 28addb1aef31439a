"""The headline numbers in words: a block per indicator, for the terminal and for the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from urbsim.experiment.comparison import HEADLINES
from urbsim.experiment.ensemble import Ensemble
from urbsim.labels import Label, Language, bracketed
from urbsim.report import text
from urbsim.report.numbers import Format, format_of

START, LATEST, END = Label("(start)", "（起始）"), Label("(latest)", "（最新）"), Label("(end)", "（期末）")


@dataclass(frozen=True)
class Cell:
    """One scenario in one month: its median and interval, and the difference from the baseline with its own.

    Intervals are empty where there are too few runs, differences where there is nothing to compare with. A difference
    whose interval holds zero is ``noise``.
    """

    value: str
    interval: str
    difference: str
    difference_interval: str
    noise: bool = False

    @property
    def lines(self) -> tuple[str, str]:
        """Value and difference, each with its interval."""
        return f"{self.value} {self.interval}".rstrip(), f"{self.difference} {self.difference_interval}".strip()


@dataclass(frozen=True)
class Block:
    """One indicator: its name, its unit, both as a heading, and a cell by scenario and month."""

    label: str
    unit: str
    heading: str
    cells: Mapping[tuple[str, str], Cell]


def shown_indicators(indicators: Sequence[str], *, only: bool = False) -> tuple[str, ...]:
    """Return the indicators asked for and then, unless ``only`` these are, the headline indicators, each once."""
    return tuple(dict.fromkeys((*indicators, *(() if only and indicators else HEADLINES))))


def month_heading(ensemble: Ensemble, month: str, language: Language) -> str:
    """Return a month with what it is: the start, the latest that is over, or the end."""
    roles = ((ensemble.first_month, START), (ensemble.last_month, END), (ensemble.latest_month, LATEST))
    role = next((label for known, label in roles if known == month), None)
    if role is None:
        return month
    space = " " if language == "en" else ""
    return f"{month}{space}{role.in_language(language)}"


def headline(
    ensemble: Ensemble, language: Language, indicators: Sequence[str] = (), *, only: bool = False
) -> list[Block]:
    """Return a block for each of the indicators asked for and each headline indicator, at the months compared."""
    data = ensemble.table(shown_indicators(indicators, only=only))
    blocks = []
    for indicator, rows in data.groupby(data["indicator"].astype(str), sort=False):
        form = format_of(str(indicator), float(rows["median"].abs().max()), language)
        cells = {
            (str(record["scenario"]), str(record["month"])): _cell(record, form) for record in rows.to_dict("records")
        }
        label, unit = text.indicator_label(str(indicator), language), form.unit.in_language(language)
        blocks.append(Block(label, unit, bracketed(label, unit, language), cells))
    return blocks


def _cell(record: Mapping[Any, Any], form: Format) -> Cell:
    gap = record["difference"]
    return Cell(
        form.value(record["median"]),
        form.interval(record["low"], record["high"]),
        "" if gap != gap else form.difference(gap),  # noqa: PLR0124 - not-a-number
        form.interval(record["difference_low"], record["difference_high"], difference=True),
        bool(record["difference_low"] <= 0.0 <= record["difference_high"]),
    )
