"""What was observed of a scenario's counties, or a target taken to hold: from a table or the scenario file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from urbsim.labels import Label, bilingual
from urbsim.months import census_month, format_month, month_number
from urbsim.observation.indicators import INDICATORS, Indicator
from urbsim.reading.entries import Found, TableEntry, TableFigure, read_entries
from urbsim.reading.grids import GridCell
from urbsim.reading.located import Node
from urbsim.reading.marks import plain
from urbsim.reading.problems import Problem
from urbsim.reading.wording import quoted
from urbsim.scenario.fields import (
    MONTH_FORM,
    Report,
    boolean_of,
    entries_of,
    month_of,
    note_unknown,
    number_of,
    text_of,
)
from urbsim.scenario.model import LAST_MONTH, WHOLE, ObservedValue
from urbsim.scenario.own_places import Counties
from urbsim.units import unit_label

#: Keys of an observation in a scenario file, and what they mean.
OBSERVATION_KEYS: Mapping[str, Label] = {
    "place": Label("county, by code or name; the whole region without it", "县，写代码或名称；不写则为整个地区"),
    "month": Label("month, YYYY-MM", "月份，YYYY-MM"),
    "indicator": Label("indicator, as 'urbsim run -i' takes it", "指标，写法同“urbsim run -i”"),
    "value": Label("value, in the indicator's unit; shares from 0 to 1", "数值，用该指标的单位；比重为 0 至 1"),
    "tolerance": Label(
        "standard error of the value, in its unit; 0 without it, beside what the model may be off by",
        "数值的标准误，单位相同；不写为 0（模型本身的误差另计）",
    ),
    "source": Label("where it comes from", "来源"),
    "target": Label(
        "on for a target that is taken to hold, exactly, instead of something observed",
        "写 on 表示这是视为精确成立的目标，而不是观测",
    ),
}
_WORDS: Mapping[str, tuple[str, ...]] = {
    "urbanization_rate": ("城镇化率", "常住城镇化率", "urbanization rate", "urban share"),
    "registered_urbanization_rate": ("户籍城镇化率",),
    "residents": ("年末常住人口", "常住人口数", "population"),
    "urban_residents": ("城镇人口", "城镇常住人口数"),
    "seat_residents": ("县城常住人口", "城区人口", "城区常住人口"),
    "registered": ("年末户籍人口", "户籍总人口", "户籍人口数"),
    "unemployment_rate": ("失业率", "城镇调查失业率", "调查失业率", "unemployment rate"),
    "old_share": ("65岁及以上人口比重", "65岁以上人口占比"),
    "births": ("出生人口", "出生人数"),
    "deaths": ("死亡人口", "死亡人数"),
    "beds_per_thousand": ("每千人口床位数", "每千常住人口床位数"),
    "doctors_per_thousand": ("每千人医师数", "每千人口医师数"),
    "county_debt": ("政府债务余额",),
}
FIGURES: Mapping[str, TableFigure] = {
    name: TableFigure(name, indicator.label, indicator.unit, _WORDS.get(name, ()))
    for name, indicator in INDICATORS.items()
}
_LARGEST_SHARE = 1.0
_MONTH = re.compile(
    r"(?P<year>(?:19|20|21)\d\d)(?:年|[-/.])?(?:(?P<month>1[0-2]|0?[1-9])(?:月末|月底|月)?(?:[-/.]\d{1,2}|\d{1,2}日)?)?(?P<end>年?末|年?底)?"
)


def read_observed(
    path: Path, region: str, codes: Sequence[str], year: int, name: str | None = None
) -> tuple[tuple[ObservedValue, ...], Found]:
    """Return the observations of a CSV file or workbook, and what is wrong with it or doubtful.

    Parameters
    ----------
    path
        The file: columns place, month, indicator, value, tolerance, source, or a column for each indicator.
    region, codes
        The world, as its scenario names it, and its counties by their codes of the census ``year``.
    name
        What messages call the file.

    Raises
    ------
    ScenarioError
        If the file cannot be read at all.
    """
    found = read_entries(path, FIGURES, name)
    counties = Counties(codes, year)
    observations: dict[tuple[str, int, str], tuple[ObservedValue, GridCell]] = {}
    for entry in found.entries:
        place = _place_of(entry, region, counties, found)
        month = _month_of(entry, year, found)
        if place is None or month is None or not _is_possible(entry, found):
            continue
        one = ObservedValue(place, month, entry.figure, entry.value, entry.tolerance or 0.0, entry.source)
        other = observations.setdefault((place, month, entry.figure), (one, entry.at))
        if other[1] is not entry.at:
            _note_twice(entry, *other, found)
    if not observations and not found.problems:
        found.problems.append(
            Problem(name or str(path), 0, 0, bilingual("holds no observation of this region", "没有该地区的观测"))
        )
    return _sorted([one for one, _ in observations.values()]), found


def _sorted(observations: Sequence[ObservedValue]) -> tuple[ObservedValue, ...]:
    return tuple(sorted(observations, key=lambda one: (one.place, one.indicator, one.month)))


def _note_twice(entry: TableEntry, other: ObservedValue, cell: GridCell, found: Found) -> None:
    if entry.value == other.value:
        found.doubts.append(
            entry.at.problem(
                bilingual(
                    f"{entry.figure} stands in {cell.name} already, with the same value",
                    f"{FIGURES[entry.figure].said}在 {cell.name} 已有，且数值相同",
                )
            )
        )
        return
    text = bilingual(
        f"{entry.figure} is {entry.value:g} here and {other.value:g} in {cell.name}: two figures for one",
        f"{FIGURES[entry.figure].said}这里是 {entry.value:g}，{cell.name} 中是 {other.value:g}：同一项有两个数据",
    )
    found.problems.append(entry.at.problem(text, bilingual("one for each place and month", "每个地区每月一个数据")))


def _place_of(entry: TableEntry, region: str, counties: Counties, found: Found) -> str | None:
    """Return the county of an entry, or ``WHOLE`` for the whole region."""
    if entry.place is None:
        return WHOLE
    text = plain(entry.place.text).strip().removesuffix(".0")
    if len(counties.codes) > 1 and text in {region, *_names(region)}:
        return WHOLE
    code = counties.code_of(entry.place, entry.at, found)
    return WHOLE if code is not None and len(counties.codes) == 1 else code


def _names(region: str) -> tuple[str, ...]:
    from urbsim.region.places import find_places

    places = [each for each in find_places(region) if region in (each.code, each.name, each.short_name)]
    return (places[0].code, places[0].name, places[0].short_name) if places else ()


def _month_of(entry: TableEntry, year: int, found: Found) -> int | None:
    """Return the month of an entry; a year alone is taken for its end, which is said."""
    cell = entry.month
    if cell is None:
        found.problems.append(
            entry.at.problem(
                bilingual(f"{entry.figure} has no month", f"{FIGURES[entry.figure].said}没有月份"),
                bilingual("a column 'month', YYYY-MM", "“月份”一列，YYYY-MM"),
            )
        )
        return None
    month, is_year = _read_month(cell)
    if month is None:
        found.problems.append(
            cell.problem(bilingual(f"{quoted(cell.text)} is no month", f"{quoted(cell.text)}不是月份"), MONTH_FORM)
        )
        return None
    if problem := _out_of_time(month, year):
        found.problems.append(cell.problem(*problem))
        return None
    if is_year:
        said = cell.problem(
            bilingual(
                f"{quoted(cell.text)} is read as the end of the year, {format_month(month)}",
                f"{quoted(cell.text)}按年末 {format_month(month)} 读取",
            )
        )
        if said not in found.doubts:
            found.doubts.append(said)
    return month


def _out_of_time(month: int, year: int) -> tuple[str, str] | None:
    """Return what is wrong with a month that no run of the census ``year`` reaches, and what is allowed."""
    first, last = census_month(year), LAST_MONTH
    if first <= month <= last:
        return None
    when = (
        Label("before a run begins", "早于模拟开始") if month < first else Label("after a run can end", "晚于模拟终点")
    )
    return (
        bilingual(f"{format_month(month)} is {when}", f"{format_month(month)} {when}"),
        bilingual(
            f"{format_month(first)}, the month of the census, to {format_month(last)}",
            f"{format_month(first)}（普查月）至 {format_month(last)}",
        ),
    )


def _read_month(cell: GridCell) -> tuple[int | None, bool]:
    if isinstance(cell.value, date):
        return month_number(cell.value.year, cell.value.month), False
    text = re.sub(r"\s", "", plain(cell.text))
    if re.fullmatch(r"\d{6}", text):
        text = f"{text[:4]}-{text[4:]}"
    match = _MONTH.fullmatch(text)
    if match is None:
        return None, False
    month = int(match["month"]) if match["month"] else 12
    return month_number(int(match["year"]), month), match["month"] is None and not match["end"]


def _is_possible(entry: TableEntry, found: Found) -> bool:
    indicator, error = INDICATORS[entry.figure], entry.tolerance or 0.0
    problem = _impossible(indicator, entry.value) or _impossible(indicator, error, "tolerance")
    if problem is None:
        return True
    found.problems.append(entry.at.problem(*problem))
    return False


def _impossible(indicator: Indicator, value: float, name: str | None = None) -> tuple[str, str, str | None] | None:
    """Return what is wrong with a value, what is allowed, and what was probably meant.

    ``name`` is what messages call it; the indicator's without it.
    """
    found = bilingual(f"{name or indicator.name} is {value:g}", f"{name or indicator.label.zh} 的值是 {value:g}")
    if indicator.percent and not 0.0 <= value <= _LARGEST_SHARE:
        meant = f"{value / 100:.12g}" if 1.0 < value <= 100.0 else None
        allowed = bilingual("a share from 0 to 1, or a per cent with its sign", "0 至 1 的比重，或带百分号的百分数")
        return found, allowed, meant
    if value < 0.0:
        return found, bilingual("0 or more", "0 或更大"), None
    return None


def observed_of(
    node: Node, region: str, codes: Sequence[str], year: int, report: Report
) -> tuple[tuple[ObservedValue, ...], list[Problem]]:
    """Return the observations of a scenario and what was taken to hold in reading them.

    The value is the path of a table beside the scenario file, or a list of observations.
    """
    if isinstance(node.value, str):
        path = node.at.folder / node.value
        if not path.is_file():
            report.note(
                node.at,
                bilingual(
                    f"observed names {quoted(node.value)}, which is no file",
                    f"observed 写的是{quoted(node.value)}，不是文件",
                ),
                bilingual("a csv or xlsx file", "csv 或 xlsx 文件"),
            )
            return (), []
        observations, found = read_observed(path, region, codes, year, str(path))
        report.extend(found.problems)
        return observations, found.doubts
    if not isinstance(node.value, list):
        report.note(
            node.at,
            bilingual(f"observed is {node.describe()}", f"observed 的值是{node.describe()}"),
            bilingual("a file, or a list of observations", "文件，或观测的列表"),
        )
        return (), []
    counties = Counties(codes, year)
    read = [_observation(each, region, counties, report) for each in node.value]
    known: dict[tuple[str, int, str], Node] = {}
    for one, each in zip(read, node.value, strict=True):
        if one is not None and known.setdefault((one.place, one.month, one.indicator), each) is not each:
            report.note(
                each.at,
                bilingual(
                    f"{one.indicator} {format_month(one.month)} stands twice",
                    f"{one.indicator} {format_month(one.month)} 出现两次",
                ),
                bilingual("one of each", "每项一个"),
            )
    return _sorted([one for one in read if one is not None]), []


def _observation(node: Node, region: str, counties: Counties, report: Report) -> ObservedValue | None:
    entries = entries_of(node, bilingual("an observation", "一项观测"), report)
    for key in entries:
        if key not in OBSERVATION_KEYS:
            note_unknown(
                key,
                entries[key],
                bilingual("key", "键"),
                OBSERVATION_KEYS,
                report,
                bilingual("an observation", "一项观测"),
            )
    for key in ("month", "indicator", "value"):
        if key not in entries and entries:
            report.note(
                node.at,
                bilingual(f"an observation has no {key}", f"一项观测没有 {key}"),
                f"{key}: {OBSERVATION_KEYS[key]}",
            )
    if not {"month", "indicator", "value"} <= entries.keys():
        return None
    month, name = month_of(entries["month"], "month", report), text_of(entries["indicator"], "indicator", report)
    if name is not None and name not in INDICATORS:
        labels = {each: indicator.label for each, indicator in INDICATORS.items()}
        note_unknown(name, entries["indicator"], bilingual("indicator", "指标"), labels, report)
        name = None
    unit = str(unit_label(INDICATORS[name].unit)) if name else ""
    value = number_of(entries["value"], "value", None, unit, report)
    error = number_of(entries["tolerance"], "tolerance", None, unit, report) if "tolerance" in entries else 0.0
    source = text_of(entries["source"], "source", report) if "source" in entries else ""
    target = boolean_of(entries["target"], "target", report) if "target" in entries else False
    place: str | None = WHOLE
    if "place" in entries:
        written = str(entries["place"].value)
        place = WHOLE if written == region else counties.known(written)
        place = WHOLE if place is not None and len(counties.codes) == 1 else place
        if place is None:
            shown = ", ".join(counties.codes[:5])
            report.note(
                entries["place"].at,
                bilingual(f"place {quoted(written)} is not in the region", f"地区{quoted(written)}不在模拟范围内"),
                shown,
            )
    if name is None or value is None or month is None or error is None or place is None:
        return None
    if problem := _impossible(INDICATORS[name], value):
        report.note(entries["value"].at, *problem)
    if problem := _impossible(INDICATORS[name], error, "tolerance"):
        report.note(entries["tolerance"].at, *problem)
    if late := _out_of_time(month, counties.year):
        report.note(entries["month"].at, *late)
    return ObservedValue(place, month, name, value, error, source or "", bool(target))


def plain_observations(observations: Sequence[ObservedValue]) -> list[dict[str, object]]:
    """Return observations as a scenario file writes them."""
    return [
        {
            **({"place": one.place} if one.place != WHOLE else {}),
            "month": format_month(one.month),
            "indicator": one.indicator,
            "value": one.value,
            "tolerance": one.tolerance,
            **({"source": one.source} if one.source else {}),
            **({"target": True} if one.target else {}),
        }
        for one in observations
    ]
