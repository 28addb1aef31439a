"""Tables that people keep, as entries: which figure, of which place and month, how much, each with its cell.

Two forms are read. Long: a row for each figure, whose name stands in a column. Wide: a column for each figure. The
first row that holds the headings of one form begins the table; what stands above it is read for units only. Nothing is
guessed in silence: what cannot be understood is a problem, what was taken to hold is a doubt, and both name the cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from urbsim.labels import Label, bilingual
from urbsim.reading.amounts import NOTHING, AmountError, amount_of, unit_factor
from urbsim.reading.grids import Grid, GridCell, read_grids
from urbsim.reading.marks import plain
from urbsim.reading.problems import Problem, ScenarioError
from urbsim.reading.suggestions import closest
from urbsim.reading.wording import listed, quoted, shortened
from urbsim.units import unit_label

#: Headings of columns that say what a row is about, by what they say.
ROLES: Mapping[str, tuple[str, ...]] = {
    "place": (
        *("place", "code", "county", "county code", "region", "代码", "行政区划代码", "区划代码", "县", "县名", "县区"),
        *("区县", "县市区", "县、市、区", "县级单位", "地区", "地名", "地方", "县市", "county name", "name", "名称"),
    ),
    "month": ("month", "date", "year", "period", "time", "月份", "年月", "时间", "日期", "年份", "年度", "年", "月"),
    "figure": ("indicator", "figure", "key", "item", "指标", "指标名称", "项目", "数据项", "指标代码"),
    "value": ("value", "your value", "数值", "值", "本县数值", "填报数值", "填报值", "数据"),
    "unit": ("unit", "单位", "计量单位"),
    "tolerance": ("tolerance", "error", "±", "误差", "允许误差", "容差", "容许误差"),
    "source": ("source", "来源", "数据来源", "资料来源", "出处"),
    "unused": (
        *("note", "notes", "remark", "remarks", "no", "no.", "present value", "estimated from", "what it moves"),
        *("备注", "说明", "序号", "现值", "估计依据", "影响", "meaning", "含义"),
    ),
}
#: Roles that only one column may have.
_SINGLE = ("month", "value")
_TOTALS = ("合计", "总计", "小计", "total", "sum")
_NOTES = re.compile(r"(注|备注|说明|资料来源|数据来源|来源|note|source)s?\s*[：:]", re.IGNORECASE)
_UNIT_LINE = re.compile(r"(?:计量)?单位\s*[：:]\s*(.+)|units?\s*:\s*(.+)", re.IGNORECASE)
_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_ROWS_ABOVE = 15


@dataclass(frozen=True)
class TableFigure:
    """A figure that a table can hold: its key, label, unit, and other words that headings use for it."""

    name: str
    label: Label
    unit: str
    aliases: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        """What messages call it: its key, in Chinese with what it is."""
        return bilingual(self.name, f"{self.name}（{self.label.zh}）")

    @property
    def unit_said(self) -> str:
        """Its unit in the language in force."""
        return str(unit_label(self.unit))


@dataclass(frozen=True)
class TableEntry:
    """One figure found: in its own unit, with the cells of value, place and month."""

    figure: str
    value: float
    at: GridCell
    place: GridCell | None = None
    month: GridCell | None = None
    tolerance: float | None = None
    source: str = ""


@dataclass
class Found:
    """The entries of a file, what is wrong with it, and what was taken to hold in reading it."""

    entries: list[TableEntry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    doubts: list[Problem] = field(default_factory=list)


def read_entries(path: Path, figures: Mapping[str, TableFigure], name: str | None = None) -> Found:
    """Return the entries of every sheet of a CSV file or workbook.

    Parameters
    ----------
    path
        The file.
    figures
        What it may hold, by key.
    name
        What messages call the file; its path without it.

    Raises
    ------
    ScenarioError
        If the file cannot be read, or no sheet of it has headings that are known.
    """
    grids, doubts = read_grids(path, name)
    found = Found(doubts=list(doubts))
    reader = _Headings(figures)
    for grid in grids:
        table = _find_table(grid, reader, found)
        if table is not None:
            table.read()
        elif any(cell.text for row in grid.rows for cell in row) and len(grids) > 1:
            found.doubts.append(
                Problem(
                    grid.where(),
                    0,
                    0,
                    bilingual("has no headings that are known", "没有可识别的列标题"),
                )
            )
    if not found.entries and not found.problems and not any(True for _ in _tables(grids, reader)):
        allowed = bilingual(
            f"a heading for each figure, such as {listed(list(figures)[:4])}, or columns 'indicator' and 'value'",
            f"每项数据一个列标题，例如 {listed(list(figures)[:4])}，或者“indicator”和“value”两列",
        )
        raise ScenarioError(
            [
                Problem(
                    name or str(path), 0, 0, bilingual("has no headings that are known", "没有可识别的列标题"), allowed
                )
            ]
        )
    return found


def _tables(grids: Sequence[Grid], reader: _Headings) -> Iterator[Grid]:
    return (grid for grid in grids if _find_table(grid, reader, Found()) is not None)


class _Headings:
    """What headings mean: the role of a column, or a figure."""

    def __init__(self, figures: Mapping[str, TableFigure]) -> None:
        self.figures = figures
        self.roles = {_folded(word): role for role, words in ROLES.items() for word in words}
        self.words: dict[str, str] = {}
        for name, figure in figures.items():
            for word in (name, figure.label.en, figure.label.zh, *figure.aliases):
                self.words.setdefault(_folded(word), name)

    def role(self, text: str) -> str | None:
        """Return what a column under a heading says of its rows."""
        return self._meaning(text, self.roles)

    def figure(self, text: str) -> str | None:
        """Return the key of the figure that a heading, or a cell of the column of figures, names."""
        return self._meaning(text, self.words)

    def nearest(self, text: str) -> str | None:
        """Return the key of the figure that was probably meant."""
        spelt = {each.name: (each.name, each.label.en, each.label.zh, *each.aliases) for each in self.figures.values()}
        return next(iter(closest(_bare(text), spelt, 1)), None)

    @staticmethod
    def _meaning(text: str, words: Mapping[str, str]) -> str | None:
        """Return what a heading means in one language, or in both side by side."""
        bare = _bare(text)
        parts = [bare, text, *re.findall(r"[㐀-鿿][㐀-鿿0-9、（）/]*", bare), re.sub(r"[㐀-鿿].*", "", bare)]
        found = [words[_folded(part)] for part in parts if _folded(part) in words]
        return found[0] if found else None


def _bare(text: str) -> str:
    """Return a heading without what stands in brackets."""
    return _BRACKETS.sub("", plain(text)).strip()


def _folded(text: str) -> str:
    return re.sub(r"[\s_:]+", "", plain(text)).lower()


def _find_table(grid: Grid, reader: _Headings, found: Found) -> _Table | None:
    """Return the table of a sheet, which begins with the first row that has the headings of one; None without any."""
    best: tuple[int, int] | None = None
    for number, row in enumerate(grid.rows[: _ROWS_ABOVE + 1]):
        texts = [cell.text for cell in row if cell.text]
        roles = {role for text in texts if (role := reader.role(text))}
        known = sum(reader.role(text) is None and reader.figure(text) is not None for text in texts)
        score = known + len(roles) if {"figure", "value"} <= roles else known
        if score and (best is None or score > best[0]) and (known > 0 or {"figure", "value"} <= roles):
            best = (score, number)
        if {"figure", "value"} <= roles:
            break
    return _Table(grid, best[1], reader, found) if best else None


class _Table:
    """The table of one sheet below its row of headings."""

    def __init__(self, grid: Grid, top: int, reader: _Headings, found: Found) -> None:
        self.grid, self.top, self.reader, self.found = grid, top, reader, found
        self.headings = grid.rows[top]
        self.roles: dict[str, int] = {}
        self.columns: dict[int, tuple[str, float | None]] = {}
        self.unit_line = self._unit_above()
        self.long = {"figure", "value"} <= {reader.role(cell.text) for cell in self.headings}

    def read(self) -> None:
        """Add the entries of all rows."""
        self._name_columns()
        said: set[str] = set()
        for row in self.grid.rows[self.top + 1 :]:
            filled = [cell for cell in row if cell.text or cell.formula]
            if not filled or self._is_below(filled):
                continue
            place = self._cell(row, "place")
            if place is not None and place.merged and place.merged not in said:
                said.add(place.merged)
                self.found.doubts.append(
                    place.problem(
                        bilingual(
                            f"the merged cells {place.merged} are read as {quoted(place.text)} in every row",
                            f"合并单元格 {place.merged} 按每一行都是{quoted(place.text)}读取",
                        )
                    )
                )
            if self.long:
                self._long(row)
            else:
                self._wide(row)

    def _name_columns(self) -> None:
        for position, cell in enumerate(self.headings):
            if not cell.text:
                continue
            role = self.reader.role(cell.text)
            name = None if self.long or role else self.reader.figure(cell.text)
            if role is not None:
                # A code says more than a name, so of two columns of places it counts.
                is_code = role == "place" and "代码" in cell.text + "代码" * ("code" in cell.text.lower())
                if role in self.roles and role in _SINGLE and (role != "value" or self.long):
                    self._note_second(cell, self.headings[self.roles[role]])
                if role not in self.roles or is_code:
                    self.roles[role] = position
            elif name is not None:
                self.columns[position] = (name, self._unit_of_heading(cell, self.reader.figures[name]))
            else:
                found = bilingual(f"the column {quoted(cell.text)} is not used", f"{quoted(cell.text)}这一列没有用到")
                self.found.doubts.append(cell.problem(found, "", None if self.long else self.reader.nearest(cell.text)))

    def _note_second(self, cell: GridCell, first: GridCell) -> None:
        """Note a second column of what a row can have one of: a year beside a month, or two values."""
        self.found.problems.append(
            cell.problem(
                bilingual(
                    f"the column {quoted(cell.text)} says what {quoted(first.text)} in {first.name} says too",
                    f"{quoted(cell.text)}这一列与 {first.name} 的{quoted(first.text)}说的是同一项",
                ),
                bilingual("one column of each, months as YYYY-MM", "每项一列，月份写作 YYYY-MM"),
            )
        )

    def _unit_of_heading(self, cell: GridCell, figure: TableFigure) -> float | None:
        """Return by what the heading says that numbers are multiplied; None where it says nothing."""
        for text in _BRACKETS.findall(plain(cell.text)):
            factor = unit_factor(text, figure.unit)
            if factor is not None:
                return factor
            if re.search(r"[万亿千百%‰元]", text):
                found = bilingual(
                    f"the heading {quoted(cell.text)} has a unit that is not of this figure",
                    f"列标题{quoted(cell.text)}的单位与该项数据不符",
                )
                self.found.problems.append(cell.problem(found, figure.unit_said))
                return None
        return self._unit_of_line(cell, figure, bilingual("heading", "列标题"))

    def _unit_of_line(self, cell: GridCell, figure: TableFigure, what: str) -> float | None:
        """Return by what the line above the table says that numbers are multiplied; None where it says nothing."""
        if self.unit_line is None:
            return None
        factors = [unit_factor(part, figure.unit) for part in re.split(r"[、,;/ ]", plain(self.unit_line[1]))]
        known = [factor for factor in factors if factor is not None]
        if len(known) != 1:
            return None
        at, stated = self.unit_line
        found = bilingual(
            f"the {what} {quoted(cell.text)} has no unit; {at.name} says {quoted(stated)}",
            f"{what}{quoted(cell.text)}没有单位；{at.name} 写的是{quoted(stated)}",
        )
        self.found.doubts.append(cell.problem(found))
        return known[0]

    def _unit_above(self) -> tuple[GridCell, str] | None:
        for row in self.grid.rows[: self.top]:
            for cell in row:
                if cell.first and (found := _UNIT_LINE.search(plain(cell.text))):
                    return cell, (found[1] or found[2]).strip(" ()")
        return None

    def _is_below(self, filled: Sequence[GridCell]) -> bool:
        """Return whether a row is a note or a total, which is said."""
        first = filled[0]
        if _NOTES.match(first.text):
            self.found.doubts.append(
                first.problem(
                    bilingual(
                        f"{quoted(first.text)} is taken for a note, and not read",
                        f"{quoted(first.text)}视为备注，不读取",
                    )
                )
            )
            return True
        if _folded(first.text) in _TOTALS:
            self.found.doubts.append(
                first.problem(
                    bilingual(
                        f"the row {quoted(first.text)} is a total, and not read",
                        f"{quoted(first.text)}这一行是合计，不读取",
                    )
                )
            )
            return True
        return False

    def _cell(self, row: Sequence[GridCell], role: str) -> GridCell | None:
        position = self.roles.get(role)
        cell = row[position] if position is not None else None
        return cell if cell is not None and cell.text else None

    def _long(self, row: Sequence[GridCell]) -> None:
        named, at = self._cell(row, "figure"), row[self.roles["value"]]
        if named is None:
            if at.text:
                self.found.problems.append(
                    at.problem(
                        bilingual(f"there is no indicator beside {quoted(at.text)}", f"{quoted(at.text)}旁边没有指标")
                    )
                )
            return
        name = self.reader.figure(named.text)
        if name is None:
            found = bilingual(f"unknown indicator {quoted(named.text)}", f"未知的指标{quoted(named.text)}")
            nearest = self.reader.nearest(named.text)
            known = (f"{each.name}{bilingual('', f'（{each.label.zh}）')}" for each in self.reader.figures.values())
            self.found.problems.append(named.problem(found, "" if nearest else listed(known), nearest))
            return
        figure, factor = self.reader.figures[name], None
        stated = [_bare_unit(named.text), unit.text if (unit := self._cell(row, "unit")) else ""]
        for text in filter(None, stated):
            factor = _factor_of(text, figure.unit)
            if factor is None:
                place = unit or named
                self.found.problems.append(
                    place.problem(
                        bilingual(
                            f"the unit {quoted(text)} is not of {name}",
                            f"单位{quoted(text)}不属于 {name}（{figure.label.zh}）",
                        ),
                        figure.unit_said,
                    )
                )
                return
        if factor is None and figure.unit != "share":
            factor = self._unit_of_line(named, figure, bilingual("indicator", "指标"))
        self._enter(row, at, figure, factor)

    def _wide(self, row: Sequence[GridCell]) -> None:
        for position, (name, factor) in self.columns.items():
            self._enter(row, row[position], self.reader.figures[name], factor)

    def _enter(self, row: Sequence[GridCell], at: GridCell, figure: TableFigure, factor: float | None) -> None:
        """Add the entry of a cell, if there is a figure in it."""
        if at.merged and not self._is_alone(row, at):
            return
        value = self._amount(at, figure, factor)
        if value is None:
            return
        tolerance = self._cell(row, "tolerance")
        error = self._amount(tolerance, figure, factor) if tolerance else None
        if tolerance and error is None and _folded(tolerance.text) not in NOTHING:
            return
        source = self._cell(row, "source")
        self.found.entries.append(
            TableEntry(
                figure.name,
                value,
                at,
                self._cell(row, "place"),
                self._cell(row, "month"),
                error,
                source.text if source else "",
            )
        )

    def _is_alone(self, row: Sequence[GridCell], at: GridCell) -> bool:
        """Return whether merged cells hold the figure of one row and column only; note a problem otherwise."""
        if not at.first:
            return False
        low, _, high = at.merged.partition(":")
        figures = {name for position, (name, _) in self.columns.items() if row[position].merged == at.merged}
        if re.sub(r"[A-Z]", "", low) != re.sub(r"[A-Z]", "", high):
            several = Label("several rows", "好几行")
        elif len(figures) > 1:
            several = Label(listed(sorted(figures)), listed(sorted(figures)))
        else:
            return True
        found = bilingual(
            f"the merged cells {at.merged} hold one figure, {quoted(at.text)}, for {several}",
            f"合并单元格 {at.merged} 只有一个数据{quoted(at.text)}，却用于{several}",
        )
        self.found.problems.append(at.problem(found, bilingual("a figure in each cell", "每个单元格一个数据")))
        return False

    def _amount(self, cell: GridCell, figure: TableFigure, factor: float | None) -> float | None:
        """Return the figure of a cell in its unit; None, after saying why, where there is none."""
        if cell.formula:
            found = bilingual("holds a formula whose result is not in the file", "是公式，而文件中没有它的计算结果")
            self.found.problems.append(
                cell.problem(
                    found,
                    bilingual(
                        "a number; open the file in a spreadsheet and save it", "数字；请用电子表格软件打开该文件并保存"
                    ),
                )
            )
            return None
        if isinstance(cell.value, int | float) and not isinstance(cell.value, bool):
            percent = cell.percent and figure.unit == "share"
            return float(cell.value) * (1.0 if percent or factor is None else factor)
        if _folded(cell.text) in NOTHING:
            if cell.text:
                self.found.doubts.append(
                    cell.problem(
                        bilingual(
                            f"{quoted(cell.text)} is taken for no figure of {figure.name}",
                            f"{quoted(cell.text)}视为没有{figure.said}的数据",
                        )
                    )
                )
            return None
        try:
            amount = amount_of(cell.text, figure.unit, factor)
        except AmountError as error:
            self.found.problems.append(
                cell.problem(
                    str(error),
                    bilingual(
                        f"a number of {figure.name} ({figure.unit_said})", f"{figure.said}的数值（{figure.unit_said}）"
                    ),
                )
            )
            return None
        if amount.rough:
            self.found.doubts.append(
                cell.problem(
                    bilingual(
                        f"{quoted(cell.text)} is rough, and read as {amount.value:g}",
                        f"{quoted(cell.text)}是约数，按 {amount.value:g} 读取",
                    )
                )
            )
        return amount.value


def _factor_of(text: str, kind: str) -> float | None:
    """Return the factor of a unit that stands in one language, or in both with one of them in brackets."""
    parts = (text, _bare(text), *_BRACKETS.findall(plain(text)))
    return next((factor for part in parts if part and (factor := unit_factor(part, kind)) is not None), None)


def _bare_unit(text: str) -> str:
    """Return the unit in the brackets of a heading, if what stands there is one."""
    for inside in _BRACKETS.findall(plain(text)):
        if re.search(r"[万亿%‰元人张个套户]", inside) or "yuan" in inside.lower() or "person" in inside.lower():
            return shortened(inside)
    return ""
