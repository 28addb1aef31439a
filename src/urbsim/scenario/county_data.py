"""A county's own figures for the start of a run: from a table, or written in the scenario file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from urbsim.labels import Label, bilingual, bracketed
from urbsim.reading.entries import Found, TableEntry, read_entries
from urbsim.reading.grids import GridCell
from urbsim.reading.located import Node
from urbsim.reading.problems import Problem, ScenarioError
from urbsim.reading.wording import listed, quoted
from urbsim.region.figures import FIGURES, CountyData, least_registered
from urbsim.scenario.fields import Report, entries_of, note_unknown, number_of
from urbsim.scenario.model import Scenario
from urbsim.scenario.own_places import Counties

#: Counts below this are whole numbers; larger ones may come from a rounded figure in 万.
_WHOLE_BELOW = 1000.0
_SCALES = (1e4, 1e8, 1e-4, 12.0, 1.0 / 12.0)
_WORDS = {
    1e4: "万",
    1e8: "亿",
    1e-4: Label("the number itself, not 万", "数字本身，不带“万”"),
    12.0: Label("a year", "每年"),
    1.0 / 12.0: Label("a month", "每月"),
}


def read_county_data(path: Path, codes: Sequence[str], year: int, name: str | None = None) -> tuple[CountyData, Found]:
    """Return the figures that a CSV file or workbook has of some counties, and what is wrong with it or doubtful.

    Parameters
    ----------
    path
        The file.
    codes
        The counties of the world, by their codes of the census ``year``; a table of one county need not name it.
    name
        What messages call the file.

    Raises
    ------
    ScenarioError
        If the file cannot be read at all.
    """
    found = read_entries(path, FIGURES, name)
    counties = Counties(codes, year)
    data: dict[str, dict[str, float]] = {}
    cells: dict[tuple[str, str], GridCell] = {}
    for entry in found.entries:
        code = counties.code_of(entry.place, entry.at, found)
        if code is None or not _is_possible(entry, code, counties, found):
            continue
        before = cells.setdefault((code, entry.figure), entry.at)
        if before is not entry.at:
            _note_twice(entry, before, data[code][entry.figure], found)
            continue
        data.setdefault(code, {})[entry.figure] = entry.value
    if not found.entries and not found.problems:
        said = bilingual("holds no figures; everything is estimated", "没有任何数据；全部使用估计值")
        found.doubts.append(Problem(name or str(path), 0, 0, said))
    if found.entries and not found.problems:
        found.doubts += [
            Problem(
                name or str(path),
                0,
                0,
                bilingual(
                    f"has no figure of {counties.name(code)} ({code}); estimates are used",
                    f"没有{counties.name(code)}（{code}）的数据；使用估计值",
                ),
            )
            for code in codes
            if code not in data
        ]
    found.problems += [
        Problem(name or str(path), 0, 0, text) for code in data for text in _contradictions(code, data[code], counties)
    ]
    return {code: data[code] for code in codes if code in data}, found


def _note_twice(entry: TableEntry, before: GridCell, value: float, found: Found) -> None:
    if value == entry.value:
        text = bilingual(
            f"{entry.figure} stands in {before.name} already, with the same figure",
            f"{FIGURES[entry.figure].said}在 {before.name} 已有，且数据相同",
        )
        found.doubts.append(entry.at.problem(text))
        return
    sheet = (
        bilingual(f" of sheet '{before.sheet}'", f"（工作表“{before.sheet}”）")
        if before.sheet != entry.at.sheet
        else ""
    )
    text = bilingual(
        f"{entry.figure} is {entry.value:g} here and {value:g} in {before.name}{sheet}: two figures for one",
        f"{FIGURES[entry.figure].said}这里是 {entry.value:g}，{before.name}{sheet} 中是 {value:g}：同一项有两个数据",
    )
    found.problems.append(entry.at.problem(text, bilingual("one figure for each county", "每县一个数据")))


def _is_possible(entry: TableEntry, code: str, counties: Counties, found: Found) -> bool:
    """Return whether a figure can be true of a county; note a problem, with the unit probably meant, otherwise."""
    low, high = FIGURES[entry.figure].bounds(counties.residents(code))
    if low <= entry.value <= high and _is_whole(entry.figure, entry.value):
        return True
    where = bilingual(f"for {counties.name(code)}", f"在{counties.name(code)}")
    text, allowed, meant = _impossible(entry.figure, entry.value, low, high, where)
    found.problems.append(entry.at.problem(text, allowed, meant))
    return False


def _is_whole(name: str, value: float) -> bool:
    """Return whether people, beds or posts are counted without a fraction: 3.3 is a figure in 万 without its unit."""
    return FIGURES[name].unit.startswith("yuan") or value >= _WHOLE_BELOW or value == int(value)


def _impossible(name: str, value: float, low: float, high: float, where: str) -> tuple[str, str, str | None]:
    meant = [times for times in _SCALES if value > 0.0 and low <= value * times <= high]
    hint = bracketed(f"{value * meant[0]:.12g}", str(_WORDS[meant[0]])) if meant else None
    figure = FIGURES[name]
    unit = figure.unit_said
    allowed = bilingual(f"{_short(low)} to {_short(high)} {unit}", f"{_short(low)} 至 {_short(high)} {unit}")
    return (
        bilingual(
            f"{name} {where} is {value:.12g} {unit}, which cannot be",
            f"{name}（{figure.label.zh}）{where}是 {value:.12g} {unit}，不可能",
        ),
        allowed,
        hint,
    )


def _short(number: float) -> str:
    return f"{float(f'{number:.3g}'):,.12g}"


def _contradictions(code: str, own: Mapping[str, float], counties: Counties) -> list[str]:
    """Return what the figures of a county contradict: each other, or who lives there."""
    said = []
    zones = [own[name] for name in ("village_dwellings", "town_dwellings", "seat_dwellings") if name in own]
    if "dwellings" in own and zones:
        total, parts = own["dwellings"], sum(zones)
        if parts > total or (len(zones) == 3 and abs(parts - total) > 0.001 * total):
            said.append(
                bilingual(
                    f"dwellings of {counties.name(code)} are {total:g} in all, and {parts:g} in its zones together",
                    f"{counties.name(code)}的住房（dwellings）总数是 {total:g}，各区域合计却是 {parts:g}",
                )
            )
    least = least_registered(counties.row(code))
    if own.get("registered", least) < least:
        said.append(
            bilingual(
                f"registered of {counties.name(code)} is {own['registered']:g}, but {least:g} of its residents of the "
                "census are registered there",
                f"{counties.name(code)}的户籍人口（registered）是 {own['registered']:g}，但普查显示有 {least:g} "
                "名常住人口户籍在本县",
            )
        )
    return said


def county_data_of(node: Node, codes: Sequence[str], year: int, report: Report) -> tuple[CountyData, list[Problem]]:
    """Return the figures of a scenario's ``county_data`` and what was taken to hold in reading them.

    The value is the path of a table beside the scenario file; figures of the only county; or figures by county.
    """
    if isinstance(node.value, str):
        path = node.at.folder / node.value
        if not path.is_file():
            report.note(
                node.at,
                bilingual(
                    f"county_data names {quoted(node.value)}, which is no file",
                    f"county_data 写的是{quoted(node.value)}，不是文件",
                ),
                bilingual("a csv or xlsx file", "csv 或 xlsx 文件"),
            )
            return {}, []
        data, found = read_county_data(path, codes, year, str(path))
        report.extend(found.problems)
        return data, found.doubts
    entries = entries_of(node, "county_data", report)
    counties = Counties(codes, year)
    if len(codes) == 1 and any(key in FIGURES or not isinstance(inner.value, dict) for key, inner in entries.items()):
        own = _figures_of(entries, codes[0], counties, node, report)
        return ({codes[0]: own} if own else {}), []
    data_by_code: dict[str, dict[str, float]] = {}
    for key, inner in entries.items():
        code = counties.known(key)
        if code is None:
            shown = listed(bracketed(each, counties.name(each)) for each in codes[:5])
            report.note(
                inner.key_at,
                bilingual(
                    f"county_data has {quoted(key)}, which is no county of the region",
                    f"county_data 中的{quoted(key)}不是该地区的县",
                ),
                shown,
            )
        elif code in data_by_code:
            report.note(
                inner.key_at,
                bilingual(
                    f"county_data has {counties.name(code)} twice", f"county_data 中{counties.name(code)}出现两次"
                ),
                bilingual("one mapping for each county", "每县一组数据"),
            )
        else:
            own = _figures_of(
                entries_of(inner, bilingual(f"county_data of {key}", f"{key} 的 county_data"), report),
                code,
                counties,
                inner,
                report,
            )
            data_by_code[code] = own
    return {code: data_by_code[code] for code in codes if data_by_code.get(code)}, []


def _figures_of(
    entries: Mapping[str, Node], code: str, counties: Counties, node: Node, report: Report
) -> dict[str, float]:
    own: dict[str, float] = {}
    labels = {name: figure.label for name, figure in FIGURES.items()}
    for name, inner in entries.items():
        if name not in FIGURES:
            note_unknown(name, inner, bilingual("figure", "数据项"), labels, report, "county_data")
            continue
        value = number_of(inner, name, None, FIGURES[name].unit_said, report)
        if value is None:
            continue
        low, high = FIGURES[name].bounds(counties.residents(code))
        if low <= value <= high and _is_whole(name, value):
            own[name] = value
        else:
            report.note(
                inner.at,
                *_impossible(
                    name, value, low, high, bilingual(f"for {counties.name(code)}", f"在{counties.name(code)}")
                ),
            )
    for text in _contradictions(code, own, counties):
        report.note(node.key_at, text)
    return own


def with_county_data(scenario: Scenario, path: Path) -> Scenario:
    """Return a scenario with the figures of a table at its start, which hold against those it has.

    Raises
    ------
    ScenarioError
        With everything that is wrong with the table.
    """
    data, found = read_county_data(path, scenario.counties, scenario.base_year)
    if found.problems:
        raise ScenarioError(found.problems)
    both = {code: {**scenario.county_data.get(code, {}), **data.get(code, {})} for code in scenario.counties}
    doubts = (*scenario.doubts, *map(str, found.doubts))
    return replace(scenario, county_data={code: own for code, own in both.items() if own}, doubts=doubts)
