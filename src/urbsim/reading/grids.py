"""Spreadsheets and CSV files as grids of cells that know their name, so that every doubt can be said by cell.

CSV files may be in UTF-8 (with or without BOM), UTF-16 with BOM, or GBK and its extension GB18030; workbooks are xlsx.
"""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from urbsim.labels import Label, bilingual
from urbsim.reading.files import FileRefusedError, read_regular
from urbsim.reading.problems import Problem, ScenarioError

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_MOST_BYTES, _MOST_UNPACKED = 20_000_000, 200_000_000
_MOST_ROWS, _MOST_COLUMNS = 20_000, 400
_MARKS = (b"\xff\xfe", b"\xfe\xff")
_SEPARATORS = ",\t;"

Value = str | int | float | bool | date | None


def column_name(number: int) -> str:
    """Return the letters of a column that is counted from 1."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell: where it is, what it holds, and the range it is merged into.

    Every cell of a merged range holds the value of its first one; ``first`` says which that is. ``percent`` tells that
    a number is shown as a per cent; ``formula`` that it is computed and the file does not hold the result.
    """

    file: str
    sheet: str
    row: int
    column: int
    value: Value = None
    merged: str = ""
    first: bool = True
    percent: bool = False
    formula: bool = False

    @property
    def name(self) -> str:
        """The name, such as B7."""
        return f"{column_name(self.column)}{self.row}"

    @property
    def text(self) -> str:
        """The value as text without outer spaces; empty for an empty cell."""
        if self.value is None:
            return ""
        whole = isinstance(self.value, float) and self.value.is_integer() and abs(self.value) < 1e15
        return str(int(self.value) if whole else self.value).strip()  # type: ignore[arg-type]

    def where(self, name: str | None = None) -> str:
        """Return file, sheet and cell as ``data.xlsx:Sheet1!B7``, in every language; ``name`` may be a range."""
        return f"{self.file}:{self.sheet}{'!' * bool(self.sheet)}{name or self.name}"

    def problem(self, found: str, allowed: str | Label = "", suggestion: str | None = None) -> Problem:
        """Return a problem of this cell, or of the range it is merged into."""
        return Problem(self.where(), 0, 0, found, str(allowed), suggestion)


@dataclass(frozen=True)
class Grid:
    """One sheet, as rows of cells from the first row and column on; all rows are equally long."""

    file: str
    sheet: str
    rows: list[list[GridCell]]

    def where(self) -> str:
        """Return file and sheet."""
        return f"{self.file}:{self.sheet}"


def read_grids(path: Path, name: str | None = None) -> tuple[list[Grid], list[Problem]]:
    """Return the sheets of a CSV file or workbook, and what was taken to hold in reading it.

    Parameters
    ----------
    path
        A file whose name ends in csv, txt, tsv or xlsx.
    name
        What messages call it; the path without it.

    Raises
    ------
    ScenarioError
        If it cannot be read.
    """
    name = name or str(path)
    try:
        data = read_regular(path, _MOST_BYTES)
    except FileRefusedError as error:
        raise _refused(name, str(error), error.limit) from None
    kind = path.suffix.lower()
    if kind in {".csv", ".txt", ".tsv"}:
        return _csv_grids(data, name)
    if kind in {".xlsx", ".xlsm"}:
        return _workbook_grids(data, name)
    raise _refused(
        name,
        bilingual(f"is of the kind '{kind}'", f"类型是“{kind}”"),
        bilingual("csv or xlsx; save it as one of these", "csv 或 xlsx；请另存为其中一种"),
    )


def _refused(name: str, found: str, allowed: str = "") -> ScenarioError:
    return ScenarioError([Problem(name, 0, 0, found, allowed)])


def _csv_grids(data: bytes, name: str) -> tuple[list[Grid], list[Problem]]:
    text, doubts = _decoded(data, name)
    lines = text.splitlines(keepends=True)
    first = next((line for line in lines if line.strip()), "")
    separator = max(_SEPARATORS, key=first.count)
    rows = []
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator), 1):
            if number > _MOST_ROWS or len(row) > _MOST_COLUMNS:
                raise _refused(
                    name,
                    bilingual("is larger than any table of counties", "比任何县级数据表都大"),
                    bilingual(f"{_MOST_ROWS:,} rows", f"{_MOST_ROWS:,} 行"),
                )
            rows.append([GridCell(name, "", number, place, value) for place, value in enumerate(row, 1)])
    except csv.Error as error:
        raise _refused(name, bilingual(f"cannot be read as CSV: {error}", f"无法作为 CSV 读取：{error}")) from None
    return [Grid(name, "", _squared(rows, name, ""))], doubts


def _decoded(data: bytes, name: str) -> tuple[str, list[Problem]]:
    if data.startswith(_MARKS):
        return data.decode("utf-16", errors="replace"), []
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        pass
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        raise _refused(
            name,
            bilingual("is neither in UTF-8 nor in GBK", "既不是 UTF-8 也不是 GBK 编码"),
            bilingual("text in one of these encodings", "用这两种编码之一保存的文本"),
        ) from None
    return text, [
        Problem(
            name, 0, 0, bilingual("is not in UTF-8; read as GBK (GB18030)", "不是 UTF-8 编码；按 GBK（GB18030）读取")
        )
    ]


def _squared(rows: list[list[GridCell]], name: str, sheet: str) -> list[list[GridCell]]:
    width = max(map(len, rows), default=0)
    return [
        [*row, *(GridCell(name, sheet, number, place) for place in range(len(row) + 1, width + 1))]
        for number, row in enumerate(rows, 1)
    ]


def _workbook_grids(data: bytes, name: str) -> tuple[list[Grid], list[Problem]]:
    import openpyxl

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(each.file_size for each in packed.infolist()) > _MOST_UNPACKED:
                raise _refused(
                    name,
                    bilingual("unpacks to more than any table of counties", "解压后比任何县级数据表都大"),
                    f"{_MOST_UNPACKED / 1e6:g} MB",
                )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of parts of a workbook that hold no values
            values, formulas = (openpyxl.load_workbook(io.BytesIO(data), data_only=only) for only in (True, False))
    except ScenarioError:
        raise
    except Exception as error:  # a damaged workbook makes the reader fail in many ways
        raise _refused(
            name,
            bilingual(
                f"cannot be read as an xlsx workbook ({type(error).__name__})",
                f"无法作为 xlsx 工作簿读取（{type(error).__name__}）",
            ),
        ) from None
    grids, doubts = [], []
    for sheet in values.worksheets:
        if sheet.sheet_state != "visible":
            doubts.append(
                Problem(
                    f"{name}:{sheet.title}",
                    0,
                    0,
                    bilingual("is hidden and was not read", "是隐藏的，没有读取"),
                )
            )
            continue
        if sheet.max_row > _MOST_ROWS or sheet.max_column > _MOST_COLUMNS:
            raise _refused(
                name,
                bilingual(
                    f"sheet '{sheet.title}' is larger than any table of counties",
                    f"工作表“{sheet.title}”比任何县级数据表都大",
                ),
                bilingual(f"{_MOST_ROWS:,} rows", f"{_MOST_ROWS:,} 行"),
            )
        grids.append(Grid(name, sheet.title, list(_rows(sheet, formulas[sheet.title], name))))
    return grids, doubts


def _rows(sheet: Worksheet, formulas: Worksheet, name: str) -> Iterator[list[GridCell]]:
    merged = {}
    for area in sheet.merged_cells.ranges:
        for row, column in area.cells:
            merged[row, column] = (str(area), area.min_row, area.min_col)
    for row in range(1, sheet.max_row + 1):
        cells = []
        for column in range(1, sheet.max_column + 1):
            area, top, left = merged.get((row, column), ("", row, column))
            source = sheet.cell(top, left)
            formula = formulas.cell(top, left).data_type == "f" and source.value is None
            percent = "%" in str(source.number_format or "")
            is_first = (top, left) == (row, column)
            cells.append(GridCell(name, sheet.title, row, column, source.value, area, is_first, percent, formula))
        yield cells
