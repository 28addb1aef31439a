"""The form in which counties give their own figures: a workbook that is filled in and read back."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from urbsim.labels import Label, bracketed
from urbsim.months import census_month, format_month
from urbsim.region.figures import FIGURES, CountyFigure
from urbsim.region.places import places_by_code
from urbsim.units import unit_label

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

SHEET = "数据 data"
#: Columns: heading, and width in characters. The reader of county data knows them.
_COLUMNS = (
    (Label("code", "代码"), 9),
    (Label("county name", "县名"), 11),
    (Label("key", "指标"), 20),
    (Label("meaning", "含义"), 38),
    (Label("unit", "单位"), 13),
    (Label("present value", "现值"), 15),
    (Label("your value", "本县数值"), 15),
    (Label("source", "来源"), 20),
    (Label("estimated from", "估计依据"), 44),
    (Label("what it moves", "影响"), 52),
)
_FILLED_IN = (7, 8)
_TEXT = (
    Label(
        "Fill in the yellow cells, as far as figures are known for {month}; leave the others empty. 万, 亿, % and "
        "units are understood (82.4万, 31.2亿元). Then: urbsim run SCENARIO.yaml --county-data THIS.xlsx",
        "请在黄色单元格填写{month}的数据，未知的留空；可写万、亿、%和单位（如82.4万、31.2亿元）。"
        "填好后运行：urbsim run 情景.yaml --county-data 本文件.xlsx",
    ),
    Label(
        "The present value is what the model takes without your figure: estimated as said on the right, and rounded.",
        "“现值”是没有本县数据时模型所用的数，按右侧依据估计并取整。",
    ),
)


def write_template(estimates: Mapping[str, Mapping[str, float]], year: int, path: Path) -> None:
    """Write the form for some counties.

    Parameters
    ----------
    estimates
        The model's figures by county code and key, as ``start_figures`` returns them.
    year
        Census year of the start.
    path
        The workbook.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = SHEET
    month = format_month(census_month(year))
    for number, text in enumerate(_TEXT, 1):
        sheet.cell(number, 1, f"{text.zh.format(month=month)} {text.en.format(month=month)}")
    top = len(_TEXT) + 2
    for column, (heading, _) in enumerate(_COLUMNS, 1):
        sheet.cell(top, column, f"{heading.en} {heading.zh}")
    row = top
    for code, own in estimates.items():
        for name, figure in FIGURES.items():
            row += 1
            for column, value in enumerate(_cells(code, figure, own[name]), 1):
                sheet.cell(row, column, value)
    _dress(sheet, top, row)
    book.save(path)


def _cells(code: str, figure: CountyFigure, estimate: float) -> tuple[str | float | None, ...]:
    """Return a row of the form, in the order of the columns."""
    unit = unit_label(figure.unit)
    both = [f"{text.zh}\n{text.en}" for text in (figure.label, figure.estimate, figure.moves)]
    name = places_by_code()[code].name
    present = float(f"{estimate:.3g}") if abs(estimate) < 100.0 else round(estimate)
    return (code, name, figure.name, both[0], bracketed(unit.zh, unit.en, "zh"), present, None, None, both[1], both[2])


def _dress(sheet: Worksheet, top: int, last: int) -> None:
    """Give the form widths, wrapped text, cells to fill in that can be seen, and headings that stay."""
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    yellow, grey = PatternFill("solid", fgColor="FFF6C7"), PatternFill("solid", fgColor="E8E8E8")
    for column, (_, width) in enumerate(_COLUMNS, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
        heading = sheet.cell(top, column)
        heading.font, heading.fill = Font(bold=True), grey
        heading.alignment = Alignment(wrap_text=True, vertical="center")
        for row in range(top + 1, last + 1):
            cell = sheet.cell(row, column)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if column in _FILLED_IN:
                cell.fill = yellow
            if isinstance(cell.value, int | float) or column == _FILLED_IN[0]:
                cell.number_format = "#,##0.##" if isinstance(cell.value, float) else "#,##0"
    sheet.freeze_panes = sheet.cell(top + 1, 4)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{top}:{top}"
