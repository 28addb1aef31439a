"""Targets as people read them: comparator and value, clause, chance of meeting them, and the year they are met."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd
from rich.table import Table

from urbsim.experiment.ensemble import Ensemble
from urbsim.labels import MISSING, Label, Language, bracketed
from urbsim.months import year_of
from urbsim.report import text
from urbsim.report.numbers import Format, format_of
from urbsim.scenario.model import REFERENCES

SYMBOLS = {"at_least": "≥", "at_most": "≤", "about": "≈"}
HEADINGS = (
    Label("Target", "目标指标"),
    Label("Clause", "条款"),
    Label("Month", "月份"),
    Label("Value", "目标值"),
    text.SCENARIO,
    Label("Median [interval]", "中位数 [区间]"),
    Label("Probability", "达标概率"),
    Label("Median meets it", "中位数达标年份"),
)
ASSUMED = Label("assumption", "假设")
_ROUNDING = 1e-9
_NOT_BY = Label("not by {year}", "至{year}年未达标")
_ONLY = Label("{year} only", "仅{year}年")
_SINCE = Label("change since {month}", "较{month}变化")


@dataclass(frozen=True)
class TargetRow:
    """One target and scenario in words: the texts of one row of the table, the record they tell, and its format."""

    record: dict[str, Any]
    form: Format
    texts: tuple[str, ...]
    is_first: bool

    @property
    def probability(self) -> float:
        """Share of the runs that meet the target, 0 to 1; not-a-number outside the run."""
        value = self.record["probability"]
        return float("nan") if pd.isna(value) else float(value)


def target_rows(ensemble: Ensemble, language: Language) -> Iterator[TargetRow]:
    """Yield the rows of the target table; ``is_first`` marks the first row of each target."""
    table, count, last = ensemble.targets(), len(ensemble.names), year_of(ensemble.plan.baseline.until)
    titles = ensemble.titles(language)
    largest = table[["target", "median", "low", "high"]].abs().max(axis=1).groupby(table.index // count).max()
    for number, record in enumerate(table.to_dict("records")):
        row = {str(key): value for key, value in record.items()}
        form = format_of(row["indicator"], float(largest[number // count]), language)
        texts = (
            name_text(row, form, language),
            clause_text(row, language),
            row["month"],
            value_text(row, form, language),
            titles[row["scenario"]],
            simulated_text(row, form),
            probability_text(row, language),
            year_text(row, last, language) if _is_known(row, ensemble) else MISSING,
        )
        yield TargetRow(row, form, texts, number % count == 0)


def _is_known(row: dict[str, Any], ensemble: Ensemble) -> bool:
    """Return whether the output has the month that a change is counted from; a level needs none."""
    return not is_change(row) or ensemble.first_month <= row["since"] <= ensemble.last_month


def targets_table(ensemble: Ensemble, language: Language) -> Table | None:
    """Return how the scenarios do against the programmes' targets; None where there is no target."""
    rows = list(target_rows(ensemble, language))
    if not rows:
        return None
    table = Table(box=None, pad_edge=False)
    for position, heading in enumerate(HEADINGS):
        table.add_column(heading.in_language(language), justify="right" if position in (3, 5, 6) else "left")
    for row in rows:
        if row.is_first:
            table.add_section()
        shown = row.texts if row.is_first else ("", "", "", "", *row.texts[4:])
        table.add_row(*map(text.cell, shown))
    return table


def name_text(row: dict[str, Any], form: Format, language: Language, *, capital: bool = True) -> str:
    """Return the indicator with its unit, and the month a change is counted from."""
    unit = form.difference_unit if is_change(row) else form.unit
    name = bracketed(
        text.indicator_label(row["indicator"], language, capital=capital), unit.in_language(language), language
    )
    if not is_change(row):
        return name
    return f"{name}{'，' if language == 'zh' else ', '}{_SINCE.in_language(language).format(month=row['since'])}"


def clause_text(row: dict[str, Any], language: Language) -> str:
    """Return programme and clause, marked where the number is an assumption; a dash where no source is named."""
    if pd.isna(row["programme"]):
        return MISSING
    assumed = "" if row["given"] else ASSUMED.in_language(language)
    return bracketed(f"{row['programme']} {row['clause']}", assumed, language)


def value_text(row: dict[str, Any], form: Format, language: Language) -> str:
    """Return comparator and value, with the tolerance of an 'about' target and the average it is relative to."""
    show = form.difference if is_change(row) else form.value
    said = f"{SYMBOLS[row['comparator']]} {_trimmed(show(row['target']))}"
    if not math.isnan(row["tolerance"]):
        said += f" ± {_trimmed(form.value(row['tolerance']))}"
    if pd.isna(row["relative_to"]):
        return said
    apart = row["target"] - row["reference"]
    above = f" {_trimmed(form.difference(apart))}" if abs(apart) > _ROUNDING else ""
    return bracketed(said, f"{REFERENCES[row['relative_to']].in_language(language)}{above}", language)


def _trimmed(number: str) -> str:
    return number.rstrip("0").rstrip(".") if "." in number else number


def simulated_text(row: dict[str, Any], form: Format) -> str:
    """Return median and interval."""
    if not row["runs"]:
        return MISSING
    show = form.difference if is_change(row) else form.value
    return f"{show(row['median'])} {form.interval(row['low'], row['high'], difference=is_change(row))}".rstrip()


def probability_text(row: dict[str, Any], language: Language) -> str:
    """Return the share of runs that meet the target, and the counts it stands on."""
    return bracketed(f"{row['probability']:.0%}", f"{row['met']}/{row['runs']}", language) if row["runs"] else MISSING


def year_text(row: dict[str, Any], last: int, language: Language) -> str:
    """Return the years at whose end the median first meets the target, open where it stays; or that there is none."""
    if pd.isna(row["year_met"]):
        return _NOT_BY.in_language(language).format(year=last)
    if pd.isna(row["met_until"]):
        return str(row["year_met"])
    if row["met_until"] > row["year_met"]:
        return f"{row['year_met']}–{row['met_until']}"
    return _ONLY.in_language(language).format(year=row["year_met"])


def is_change(row: dict[str, Any]) -> bool:
    """Return whether the target is a change since a month of the run."""
    return not pd.isna(row["since"])
