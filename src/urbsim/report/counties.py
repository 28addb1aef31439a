"""Counties of one world as a printed table: where each stands at the end, and what every scenario changes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd
from rich.table import Table
from rich.text import Text

from urbsim.experiment.ensemble import Ensemble
from urbsim.labels import Label, Language, bracketed
from urbsim.observation.indicators import INDICATORS
from urbsim.region.places import VERY_MANY
from urbsim.report import text
from urbsim.report.numbers import Format, format_of

#: Counties printed; all are in the file.
MOST_PRINTED = 20
_COUNTY, _PROVINCE = Label("County", "县（市、区）"), Label("Province", "省（自治区、直辖市）")
_SHOWN = ("residents", "urbanization_rate")
_MORE = Label(
    "{count} more counties in counties.csv; shown are those with most residents",
    "其余{count}个县见counties.csv；所列为人口最多的县",
)
_ALL_OF_THEM = Label("all {count} counties are in counties.csv", "全部{count}个县级单位见counties.csv")
_BELOW = Label("below: difference from '{baseline}'", "第二行：与“{baseline}”之差")


@dataclass(frozen=True)
class CountyCell:
    """What a table says about one indicator of one county and scenario."""

    value: str
    difference: str
    noise: bool = False


@dataclass(frozen=True)
class CountyRow:
    """One county: its name, its starting values by indicator, and a cell by indicator and scenario."""

    name: str
    starts: dict[str, str]
    cells: dict[tuple[str, str], CountyCell]


def place_heading(ensemble: Ensemble) -> Label:
    """Return what the rows of ``county_rows`` are: counties, or provinces."""
    return _PROVINCE if _by_province(ensemble) else _COUNTY


def _by_province(ensemble: Ensemble) -> bool:
    return len(ensemble.plan.baseline.counties) >= VERY_MANY and len(ensemble.provinces()) > 0


def county_rows(ensemble: Ensemble, language: Language, most: int | None = None) -> list[CountyRow]:
    """Return the counties with most residents first, or provinces in place of very many counties.

    ``most`` limits how many.
    """
    table = _told(ensemble)
    forms = _forms(table, language)
    codes = sorted(table["place"].unique(), key=lambda code: -text.residents_of(code))[:most]
    by_county = {str(code): rows for code, rows in table.groupby("place", observed=True)}
    return [_row(code, by_county[code].to_dict("records"), forms, language) for code in codes]


def _told(ensemble: Ensemble) -> pd.DataFrame:
    table = ensemble.provinces() if _by_province(ensemble) else ensemble.counties()
    return table[table["indicator"].isin(list(_SHOWN))]


def _forms(table: pd.DataFrame, language: Language) -> dict[str, Format]:
    """Return the formats of what is shown of counties, each at its largest value."""
    largest = table["value"].abs().groupby(table["indicator"].astype(str)).max()
    return {name: format_of(name, float(largest[name]), language) for name in _SHOWN}


def _row(code: str, records: list[Any], forms: dict[str, Format], language: Language) -> CountyRow:
    starts: dict[str, str] = {}
    cells: dict[tuple[str, str], CountyCell] = {}
    for record in records:
        indicator, form = record["indicator"], forms[record["indicator"]]
        starts[indicator] = form.value(record["start"])
        cells[indicator, record["scenario"]] = _cell(record, form, with_interval=INDICATORS[indicator].percent)
    return CountyRow(text.place_label(code).in_language(language), starts, cells)


def _cell(record: dict[str, Any], form: Format, *, with_interval: bool) -> CountyCell:
    """Return value and difference; counts of persons go without intervals, for which the file has room."""
    value, gap = form.value(record["value"]), record["difference"]
    difference = "" if math.isnan(gap) else form.difference(gap)
    if with_interval:
        value = f"{value} {form.interval(record['value_low'], record['value_high'])}".rstrip()
        bounds = form.interval(record["difference_low"], record["difference_high"], difference=True)
        difference = f"{difference} {bounds}".rstrip()
    return CountyCell(value, difference, record["difference_low"] <= 0.0 <= record["difference_high"])


def county_headings(ensemble: Ensemble, language: Language) -> list[tuple[str, list[str]]]:
    """Return the indicators with their units, and for each the headings of its columns: months and scenarios."""
    headings, titles = [], ensemble.titles(language).values()
    forms = _forms(_told(ensemble), language)
    for indicator in _SHOWN:
        name = bracketed(
            text.indicator_label(indicator, language), forms[indicator].unit.in_language(language), language
        )
        columns = [ensemble.first_month, *(f"{ensemble.last_month} {title}" for title in titles)]
        headings.append((name, columns))
    return headings


def county_cells(row: CountyRow, ensemble: Ensemble) -> list[CountyCell]:
    """Return the cells of a row in the order of ``county_headings``."""
    found: list[CountyCell] = []
    for indicator in _SHOWN:
        found.append(CountyCell(row.starts[indicator], ""))
        found += [row.cells[indicator, scenario] for scenario in ensemble.names]
    return found


def counties_table(ensemble: Ensemble, language: Language) -> Table | None:
    """Return the table of counties; None for a world of one county."""
    count = len(ensemble.plan.baseline.counties)
    if count < 2:
        return None
    baseline = ensemble.titles(language)[ensemble.baseline]
    notes = [_BELOW.in_language(language).format(baseline=baseline)] if len(ensemble.names) > 1 else []
    by_province = _by_province(ensemble)
    if by_province:
        notes.append(_ALL_OF_THEM.in_language(language).format(count=count))
    elif count > MOST_PRINTED:
        notes.append(_MORE.in_language(language).format(count=count - MOST_PRINTED))
    caption = text.cell(Label("; ", "；").in_language(language).join(notes), "dim")
    table = Table(box=None, pad_edge=False, caption=caption, caption_justify="left")
    table.add_column(place_heading(ensemble).in_language(language))
    for indicator, columns in county_headings(ensemble, language):
        for column in columns:
            table.add_column(text.cell(f"{indicator}\n{column}"), justify="right")
    for row in county_rows(ensemble, language, None if by_province else MOST_PRINTED):
        table.add_row(row.name, *(_printed(cell) for cell in county_cells(row, ensemble)))
    return table


def _printed(cell: CountyCell) -> Text:
    shown = Text(cell.value)
    if cell.difference:
        shown.append(f"\n{cell.difference}", style="cyan")
    return shown
