"""Results as a workbook: a labelled sheet for each table, numbers as numbers, nothing that a spreadsheet would run."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd

from urbsim.experiment.ensemble import Ensemble
from urbsim.experiment.observed import observed_beside
from urbsim.labels import Label, Language, columns_of, printable
from urbsim.report import text
from urbsim.report.asked import asked_tables, contribution_tables
from urbsim.report.body import Shown, title_of
from urbsim.report.differing import HEADINGS as DIFFERENT
from urbsim.report.differing import KIND, changes_by_kind
from urbsim.report.export.archive import TIMELESS, write_archive
from urbsim.report.export.members import in_words
from urbsim.report.headline import shown_indicators
from urbsim.report.measures import measures
from urbsim.report.numbers import money_format
from urbsim.report.opening.sentences import sentences
from urbsim.report.sureness import sureness
from urbsim.report.words import WORDS
from urbsim.scenario.output import provenance

_SHEETS = {
    "brief": Label("In brief", "摘要"),
    "headline": Label("At a glance", "主要结果"),
    "targets": Label("Targets", "目标"),
    "different": Label("What differs", "情景差别"),
    "observed": Label("Observed", "观测"),
    "yearly": Label("By year", "逐年"),
    "comparison": Label("All indicators", "全部指标"),
    "counties": Label("Counties", "各县"),
    "groups": Label("Groups", "分组"),
    "contributions": Label("Contributions", "贡献"),
    "policies": Label("Policies", "政策"),
    "spending": Label("Spending", "支出"),
    "cuts": Label("What was cut", "被削减的政策"),
    "settings": Label("Scenarios", "情景设定"),
    "about": Label("About", "说明"),
}
#: What columns are called, by their names in the CSV files.
_COLUMNS = {
    "scenario": text.SCENARIO,
    "indicator": Label("Indicator", "指标"),
    "label": Label("Name", "名称"),
    "unit": Label("Unit", "单位"),
    "place": Label("Code", "代码"),
    "name": Label("Name", "名称"),
    "pinyin": Label("Pinyin", "拼音"),
    "month": Label("Month", "月份"),
    "year": Label("Year", "年份"),
    "months": Label("Months of the year", "当年月数"),
    "median": Label("Median", "中位数"),
    "low": Label("Low", "下限"),
    "high": Label("High", "上限"),
    "replicates": Label("Runs", "模拟次数"),
    "runs": Label("Runs", "模拟次数"),
    "difference": Label("Difference from the baseline", "与基准之差"),
    "difference_low": Label("Difference, low", "差值下限"),
    "difference_high": Label("Difference, high", "差值上限"),
    "start": Label("Start", "期初"),
    "value": Label("End", "期末"),
    "change": Label("Change", "变化"),
    "programme": Label("Programme", "文件"),
    "clause": Label("Clause", "条款"),
    "given": Label("Amount given there", "数额由文件给定"),
    "since": Label("Change since", "较此月变化"),
    "relative_to": Label("Relative to", "相对于"),
    "reference": Label("Reference", "参照值"),
    "observed": Label("Observed", "观测值"),
    "source": Label("Source", "来源"),
    "fitted": Label("Used to fit", "用于校准"),
    "comparator": Label("Comparator", "比较方式"),
    "target": Label("Target", "目标"),
    "tolerance": Label("Tolerance", "允许偏差"),
    "probability": Label("Probability", "达标概率"),
    "met": Label("Runs that meet it", "达标次数"),
    "year_met": Label("Median meets it from", "中位数达标年份"),
    "met_until": Label("until", "至"),
    "policy": Label("Policy", "政策"),
    "lever": Label("Lever", "政策工具"),
    "payer": Label("Payer", "支付方"),
    "yuan": Label("Yuan", "元"),
    "wanted": Label("Wanted", "需要"),
    "possible": Label("Possible", "可行"),
    "share": Label("Share", "比例"),
    "first_year": Label("First in", "最早年份"),
    "limit": Label("Limit", "约束"),
    "key": Label("Key", "键"),
    "setting": Label("Value", "取值"),
}
_WIDEST = 60  # characters of a column
_WRAPPED = ("brief", "about")


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name, headings, and rows; texts stay texts."""

    name: str
    headings: list[str]
    rows: list[list[Any]]


def write_workbook(
    ensemble: Ensemble,
    path: Path,
    language: Language = "en",
    shown: Shown | None = None,
    record: Mapping[str, Any] | None = None,  # noqa: ARG001 - all exports are asked in one way
) -> None:
    """Write the tables of a report as an Excel workbook; equal results give equal bytes.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    book.properties.creator = "urbsim"
    book.properties.title = title_of(ensemble, language)
    book.properties.created = book.properties.modified = TIMELESS
    for sheet in _sheets(ensemble, language, shown or Shown()):
        _fill(book.create_sheet(_SHEETS[sheet.name].in_language(language)), sheet)
    content = BytesIO()
    book.save(content)
    write_archive(content, path)


def _fill(page: Any, sheet: Sheet) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    page.append(sheet.headings)
    for number, row in enumerate(sheet.rows, 2):
        for column, value in enumerate(row, 1):
            cell = page.cell(number, column, _plain(value))
            if isinstance(cell.value, str):
                cell.data_type = "s"  # a name that begins with '=' stays a name
            elif isinstance(cell.value, float):
                cell.number_format = _number_format(cell.value)
            if sheet.name in _WRAPPED or "\n" in str(value):
                cell.alignment = Alignment(wrap_text=True, vertical="top")
    for column, heading in enumerate(sheet.headings, 1):
        cell = page.cell(1, column)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="E8EDF2")
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        lines = (line for row in sheet.rows[:200] for line in str(row[column - 1]).split("\n"))
        widest = max(map(columns_of, lines), default=0)
        limit = 110 if sheet.name in _WRAPPED else _WIDEST
        page.column_dimensions[get_column_letter(column)].width = min(max(widest, columns_of(heading), 6) + 2, limit)
    page.freeze_panes = "A2"
    if sheet.rows and sheet.name not in _WRAPPED:
        page.auto_filter.ref = page.dimensions
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_title_rows = "1:1"


def _number_format(value: float) -> str:
    size = abs(value)
    return "#,##0" if size >= 1000 else "#,##0.0" if size >= 10 else "0.000"


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if pd.isna(value) or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return value.item() if hasattr(value, "item") else value


def _sheets(ensemble: Ensemble, language: Language, shown: Shown) -> Iterator[Sheet]:
    """Yield the sheets in their order; those that have nothing to say are left out."""
    brief = sentences(ensemble, shown.answers, language, shown.indicators, only=shown.only)
    yield Sheet("brief", [title_of(ensemble, language)], [[sentence] for sentence in brief])
    asked = shown_indicators(shown.indicators, only=shown.only)
    yield _table("headline", _labelled(ensemble.table(asked), language), ensemble, language)
    others = {
        "targets": _labelled(ensemble.targets(), language),
        "observed": _labelled(observed_beside(ensemble.plan, ensemble.series), language),
    }
    if others["targets"].shape[0]:
        yield _table("targets", others["targets"], ensemble, language)
    yield from _differing(ensemble, language)
    if others["observed"].shape[0]:
        yield _table("observed", others["observed"], ensemble, language)
    yearly = ensemble.summary()
    yield _table("yearly", _labelled(yearly[yearly["place"] == ensemble.place], language), ensemble, language)
    every = tuple(sorted(ensemble.series["indicator"].astype(str).unique()))
    yield _table("comparison", _labelled(ensemble.table(every), language), ensemble, language)
    if len(ensemble.plan.baseline.counties) > 1:
        yield _table("counties", _labelled(ensemble.counties(), language), ensemble, language)
    yield from _answers(shown, language)
    yield from _of_policies(ensemble, language)
    yield _settings(ensemble, language)
    about = [text.source_note(ensemble, language), *sureness(ensemble, language)]
    yield Sheet("about", ["urbsim"], [[line] for line in about])


def _labelled(table: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Return a table with the indicators' names and units beside their keys."""
    names = table["indicator"].astype(str)
    copy = table.copy()
    place = list(copy.columns).index("indicator") + 1
    copy.insert(place, "label", names.map(lambda name: text.known_indicator_label(name, language)))
    copy.insert(place + 1, "unit", names.map(lambda name: text.known_unit(name, language)))
    return copy


def _table(name: str, table: pd.DataFrame, ensemble: Ensemble, language: Language) -> Sheet:
    titles = ensemble.titles(language)
    headings = [_COLUMNS[column].in_language(language) if column in _COLUMNS else column for column in table.columns]
    columns = [str(column) for column in table.columns]
    rows = [
        [
            titles.get(str(value), value) if column == "scenario" else in_words(column, value, language)
            for column, value in zip(columns, row, strict=True)
        ]
        for row in table.astype(object).values.tolist()
    ]
    return Sheet(name, headings, rows)


def _differing(ensemble: Ensemble, language: Language) -> Iterator[Sheet]:
    rows = [
        [title, kind, change.what, change.before, change.after]
        for title, kinds in changes_by_kind(ensemble, language)
        for kind, changes in kinds
        for change in changes
    ]
    if rows:
        headings = [
            text.SCENARIO.in_language(language),
            KIND.in_language(language),
            *(each.in_language(language) for each in DIFFERENT),
        ]
        yield Sheet("different", headings, rows)


def _answers(shown: Shown, language: Language) -> Iterator[Sheet]:
    """Yield what other commands found out, table below table."""
    found = {
        "groups": asked_tables(shown.answers, language),
        "contributions": contribution_tables(shown.answers, language),
    }
    for name, tables in found.items():
        rows: list[list[Any]] = []
        for table in tables:
            rows += [[table.title], [heading.in_language(language) for heading in table.headings], *table.rows]
            rows += [[table.note], [""]]
        if rows:
            widest = max(map(len, rows))
            padded = [[*row, *([""] * (widest - len(row)))] for row in rows]
            yield Sheet(name, [_SHEETS[name].in_language(language), *([""] * (widest - 1))], padded)


def _of_policies(ensemble: Ensemble, language: Language) -> Iterator[Sheet]:
    titles, found = ensemble.titles(language), measures(ensemble, language)
    yuan = money_format(max((each.yuan for each in found), default=0.0), language)
    rows = [
        [
            titles[each.scenario],
            each.name,
            each.title,
            each.period,
            each.where,
            "; ".join(each.amounts),
            each.payer,
            each.clause,
            each.yuan * yuan.factor,
        ]
        for each in found
    ]
    if rows:
        names = ("policy", "when", "where", "amounts", "payer", "clause", "spent")
        words = [WORDS[name].in_language(language).format(unit=yuan.unit.in_language(language)) for name in names]
        scenario = text.SCENARIO.in_language(language)
        yield Sheet("policies", [scenario, _COLUMNS["key"].in_language(language), *words], rows)
        spending = ensemble.spending(["year", "lever", "policy", "payer"])
        yield _table("spending", spending, ensemble, language)
    cuts = ensemble.cuts()
    if len(cuts):
        yield _table("cuts", cuts, ensemble, language)


def _settings(ensemble: Ensemble, language: Language) -> Sheet:
    rows = [
        {"scenario": scenario.name, "key": each.key, "setting": each.value, "unit": each.unit}
        for scenario in ensemble.plan.scenarios
        for each in provenance(scenario, language)
    ]
    return _table("settings", pd.DataFrame(rows, columns=["scenario", "key", "setting", "unit"]), ensemble, language)
