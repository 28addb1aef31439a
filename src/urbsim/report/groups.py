"""Results by group for people and machines: printed tables, plain data, and a folder of tables and charts."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from urbsim.distribution.groups import is_whole
from urbsim.distribution.twins import OUTCOMES
from urbsim.experiment.names import distinct_names
from urbsim.experiment.tables import write_csv, write_parquet
from urbsim.labels import MISSING, Label, Language, bracketed
from urbsim.observation.dimensions import DIMENSIONS
from urbsim.observation.measures import MEASURES
from urbsim.observation.observe import FEWEST_AGENTS, Observation, member_label, with_whom
from urbsim.report import text
from urbsim.report.answers import GROUPS, groups_data
from urbsim.report.charts.groups import group_chart, pyramid_chart, twins_chart
from urbsim.report.numbers import Format, measure_format
from urbsim.report.plain_data import write_json

if TYPE_CHECKING:
    from urbsim.distribution.groups import Groups

_SUPPRESSED = Label(
    f"· fewer than {FEWEST_AGENTS} simulated people: not shown", f"· 模拟人数少于{FEWEST_AGENTS}，不显示"
)
_DOT = "·"
#: The folder of a run folder that holds results by group.
FOLDER = "groups"
_BELOW = Label(
    "below: difference from '{base}', paired by draw and replicate", "第二行：与“{base}”之差，按参数组和重复模拟配对"
)
_THEN = Label("; ", "；")
_TWINS = Label(
    "The same people under '{plan}' and under '{baseline}', {month}: percent of each group of the latter",
    "同一批人在“{plan}”与“{baseline}”下的差别，{month}：占后者各组人口的百分比",
)
_TWINS_NOTE = Label(
    "alive in both; who gains a post may take it from another: the difference of gained and lost is what is added",
    "两种情景下均存活的人；获得岗位者可能取代他人，获得与失去之差为净增",
)
_GINI = Label("Inequality of income by head among residents", "常住人口人均收入的不平等")
#: Outcomes printed, two by two: gained and lost.
_PRINTED = (
    ("better_off", Label("better off", "受益")),
    ("worse_off", Label("worse off", "受损")),
    ("income_change", Label("income, yuan/month", "收入（元/月）")),
    ("urban", Label("in town or seat", "住在城镇")),
    ("post", Label("post", "非农岗位")),
    ("school_place", Label("school place", "学位")),
    ("dwelling", Label("dwelling", "住房")),
)


@dataclass(frozen=True)
class GroupTable:
    """A table to print: title, headings, rows of text, the columns that hold numbers, and a note below."""

    title: str
    headings: tuple[Label, ...]
    rows: list[list[str]]
    right: tuple[int, ...]
    note: str = ""


def groups_tables(groups: Groups, language: Language) -> Iterator[GroupTable]:
    """Yield a table for each thing observed, what happened to the same people, and inequality."""
    for name, observation in groups.observations.items():
        everything = pd.concat([groups.rows[name], groups.totals[name]], ignore_index=True)
        form = _form(observation, everything, language)
        yield _values(groups, _title(name, observation, form, language), observation, everything, form, language)
    seen = set()
    for name, observation in groups.observations.items():
        key = (observation.by, str(observation.of), observation.ages)
        if name in groups.twins and key not in seen:
            seen.add(key)
            yield from _twins(groups, observation, groups.twins[name], language)
    gini = Observation("income_gini", ())
    form = _form(gini, groups.inequality, language)
    yield _values(groups, _GINI.in_language(language), gini, groups.inequality, form, language)


def _form(observation: Observation, table: pd.DataFrame, language: Language) -> Format:
    return measure_format(MEASURES[observation.indicator], float(table["median"].abs().max()), language)


def _title(name: str, observation: Observation, form: Format, language: Language) -> str:
    label = MEASURES[observation.indicator].label.in_language(language)
    title = bracketed(f"{label[:1].upper()}{label[1:]}", form.unit.in_language(language), language)
    if name != observation.indicator:
        title = text.headed(name, title, language)
    return with_whom(title, observation, language)


def _values(
    groups: Groups, title: str, observation: Observation, table: pd.DataFrame, form: Format, language: Language
) -> GroupTable:
    """Return a row for each group and month, a column for each scenario."""
    titles = groups.plan.titles(language)
    english, chinese = (groups.plan.titles(each).values() for each in ("en", "zh"))
    rows = []
    for cell, part in table.groupby(["month", *observation.by], sort=False):
        found = {str(record["scenario"]): record for record in part.to_dict("records")}
        month, *members_of = map(str, cell)
        members = [member_label(*pair, language) for pair in zip(observation.by, members_of, strict=True)]
        rows.append([month, *members, *(_shown(found.get(name), form) for name in titles)])
    by = [DIMENSIONS[name].label for name in observation.by]
    headings = (Label("month", "月份"), *by, *(Label(*pair) for pair in zip(english, chinese, strict=True)))
    first = 1 + len(by)
    small = bool((table["suppressed"] != "").any())
    notes = [text.interval_note(_runs(groups), language, groups.plan.draws)]
    if len(titles) > 1:
        notes.append(_BELOW.in_language(language).format(base=titles[groups.plan.baseline.name]))
    notes += [_SUPPRESSED.in_language(language)] if small else []
    return GroupTable(
        title, headings, rows, tuple(range(first, first + len(titles))), _THEN.in_language(language).join(notes)
    )


def _runs(groups: Groups) -> int:
    return len(groups.plan.run_keys()) // len(groups.plan.names)


def _shown(record: Any, form: Format) -> str:
    if record is None:
        return MISSING
    if record["suppressed"]:
        return _DOT
    value = f"{form.value(record['median'])} {form.interval(record['low'], record['high'])}".rstrip()
    gap, ends = record["difference"], (record["difference_low"], record["difference_high"])
    if math.isnan(gap):
        return value
    return f"{value}\n{form.difference(gap)} {form.interval(*ends, difference=True)}".rstrip()


def _twins(groups: Groups, observation: Observation, table: pd.DataFrame, language: Language) -> Iterator[GroupTable]:
    by = observation.by
    headings = (*(DIMENSIONS[name].label for name in by), *(label for _, label in _PRINTED))
    right = tuple(range(len(by), len(headings)))
    titles = groups.plan.titles(language)
    baseline = titles[groups.plan.baseline.name]
    for (month, scenario), part in table.groupby(["month", "scenario"], sort=False, observed=True):
        title = _TWINS.in_language(language).format(plan=titles[str(scenario)], baseline=baseline, month=month)
        title = with_whom(title, observation, language)
        rows = []
        for cell, outcomes in part.groupby(list(by), sort=False) if by else [((), part)]:
            found = outcomes.set_index("outcome")
            members = [member_label(*pair, language) for pair in zip(by, map(str, cell), strict=True)]
            rows.append([*members, *(_outcome(found, name) for name, _ in _PRINTED)])
        small = bool((part["suppressed"] != "").any())
        notes = [_TWINS_NOTE.in_language(language), *([_SUPPRESSED.in_language(language)] if small else [])]
        yield GroupTable(title, headings, rows, right, _THEN.in_language(language).join(notes))


def _outcome(found: pd.DataFrame, name: str) -> str:
    """Return a share in percent, the two shares of what is gained and lost, or yuan."""
    if name in OUTCOMES:
        percent = OUTCOMES[name].unit == "share"
        return _amount(found, name, 100.0 if percent else 1.0, signed=not percent)
    gained, lost = (_amount(found, f"{name}_{way}", 100.0) for way in ("gained", "lost"))
    return gained if gained in (_DOT, MISSING) else f"+{gained} −{lost}"


def _amount(found: pd.DataFrame, name: str, factor: float, *, signed: bool = False) -> str:
    if name not in found.index:
        return MISSING
    row = found.loc[name]
    if row["suppressed"]:
        return _DOT
    return f"{row['median'] * factor:{'+' if signed else ''},.1f}".replace("-", "−")


def as_data(groups: Groups, name: str) -> dict[str, Any]:
    """Return one answer as plain data for JSON: numbers of cells that are not shown are null, with the reason."""
    observation = groups.observations[name]
    found: dict[str, Any] = {
        "name": name,
        "indicator": observation.indicator,
        "unit": MEASURES[observation.indicator].unit,
        "by": list(observation.by),
        "of": {dimension: list(members) for dimension, members in observation.of.items()},
        "ages": None if observation.ages is None else list(observation.ages),
        "baseline": groups.plan.baseline.name,
        "scale": groups.plan.baseline.scale,
        "rows": _records(groups.rows[name]),
        "all": _records(groups.totals[name]),
        "twins": _records(groups.twins[name]) if name in groups.twins else [],
        "inequality": _records(groups.inequality),
        "left_behind": _records(groups.left_behind),
    }
    return found


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    records = table.astype(object).to_dict("records")
    return [
        {str(name): None if pd.isna(value) or value == "" else value for name, value in record.items()}
        for record in records
    ]


def write_groups(groups: Groups, folder: Path, language: Language = "en") -> None:
    """Write a table of each thing observed, twins, inequality, children left behind, pyramids, and their charts."""
    folder.mkdir(parents=True, exist_ok=True)
    answers, twins = [], []
    children_left, *charts = distinct_names(["children_left_behind", *groups.observations])
    for chart, (name, observation) in zip(charts, groups.observations.items(), strict=True):
        everything = pd.concat([groups.rows[name], groups.totals[name]], ignore_index=True)
        identity = {"name": name, "indicator": observation.indicator}
        answers.append(everything.assign(**identity)[[*identity, *everything.columns]])
        if name in groups.twins:
            twins.append(groups.twins[name].assign(name=name)[["name", *groups.twins[name].columns]])
        group_chart(groups, chart, observation, groups.rows[name], language).write(folder)
    write_csv(_with_members(answers), folder / "groups.csv")
    write_csv(groups.inequality, folder / "inequality.csv")
    write_json(groups_data(groups, (as_data(groups, name) for name in groups.observations)), folder / GROUPS)
    if twins:
        write_csv(_with_members(twins), folder / "twins.csv")
        first = next(iter(groups.observations))
        twins_chart(groups, groups.observations[first], groups.twins[first], language).write(folder)
    first_by = next(iter(groups.observations.values())).by
    children = Observation("left_behind_share", first_by)
    shown = groups.left_behind[~is_whole(groups.left_behind, first_by)]
    group_chart(groups, children_left, children, shown, language).write(folder)
    pyramid_chart(groups, language).write(folder)
    if len(groups.people):
        write_parquet(groups.people, folder / "people.parquet")


def _with_members(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return tables with other dimensions as one: a column for every dimension, empty where it tells nothing apart."""
    whole = pd.concat(tables, ignore_index=True)
    by = [name for name in DIMENSIONS if name in whole]
    first = [name for name in ("name", "indicator", "scenario", "month") if name in whole]
    return whole[[*first, *by, *(name for name in whole if name not in (*first, *by))]].fillna(dict.fromkeys(by, ""))
