"""Results as a workbook: a sheet for each table, numbers as numbers, nothing that a spreadsheet would calculate."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pandas as pd

from urbsim.api import Result
from urbsim.labels import Label, Language, printable
from urbsim.report import text
from urbsim.scenario.output import provenance

_SHEETS = {
    "comparison": Label("Comparison", "比较"),
    "yearly": Label("By year", "逐年"),
    "targets": Label("Targets", "目标"),
    "spending": Label("Spending", "支出"),
    "counties": Label("Counties", "各县"),
    "settings": Label("Scenarios", "情景"),
    "about": Label("About", "说明"),
}


def write_workbook(result: Result, path: Path, language: Language) -> None:
    """Write the tables of a comparison as an Excel workbook."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    def cell(sheet: Any, value: Any) -> Any:
        made = WriteOnlyCell(sheet, _plain(value))
        if isinstance(made.value, str):
            made.data_type = "s"  # a name that begins with '=' stays a name
        return made

    book = Workbook(write_only=True)
    for name, table in _tables(result, language).items():
        sheet = book.create_sheet(_SHEETS[name].in_language(language))
        sheet.freeze_panes = "A2"
        sheet.append([str(column) for column in table.columns])
        for values in table.itertuples(index=False):
            sheet.append([cell(sheet, value) for value in values])
    book.save(path)


def _tables(result: Result, language: Language) -> dict[str, pd.DataFrame]:
    comparison = result.table(tuple(sorted(result.series["indicator"].astype(str).unique())))
    yearly = result.summary()
    found = {
        "comparison": _labelled(comparison, language),
        "yearly": _labelled(yearly[yearly["place"] == result.place], language),
        "targets": result.targets(),
        "spending": result.spending(["year", "lever", "policy", "payer"]),
        "settings": _settings(result, language),
        "about": pd.DataFrame({"urbsim": [text.source_note(result, language)]}),
    }
    if len(result.plan.baseline.counties) > 1:
        found["counties"] = _labelled(result.counties(), language)
    return {name: found[name] for name in _SHEETS if name in found}


def _labelled(table: pd.DataFrame, language: Language) -> pd.DataFrame:
    labels = table["indicator"].astype(str).map(lambda name: text.known_indicator_label(name, language))
    copy = table.copy()
    copy.insert(list(copy.columns).index("indicator") + 1, "label", labels)
    return copy


def _settings(result: Result, language: Language) -> pd.DataFrame:
    rows = [
        {"scenario": scenario.name, "key": each.key, "value": each.value, "unit": each.unit}
        for scenario in result.plan.scenarios
        for each in provenance(scenario, language)
    ]
    return pd.DataFrame(rows, columns=["scenario", "key", "value", "unit"])


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if pd.isna(value) or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return value.item() if hasattr(value, "item") else value
