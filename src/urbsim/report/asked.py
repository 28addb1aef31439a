"""Tables of what other commands found out about the scenarios: results by group, and which policies did it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from urbsim.labels import Label, Language, decimal
from urbsim.report import text
from urbsim.report.answers import Answers, Contributed
from urbsim.report.contributions import PLAN, over_pairs
from urbsim.report.groups import GroupTable, groups_tables
from urbsim.report.numbers import Format, format_of, money_format

_TITLE = Label(
    "{indicator} in {month}: what each part of '{plan}' adds against '{against}'",
    "{month}{indicator}：“{plan}”各部分与“{against}”相比的贡献",
)
_PART, _ADDS = Label("Part", "部分"), Label("Adds", "贡献")
_ALONE, _LEFT_OUT = Label("Alone", "单独实施"), Label("Lost without it", "去掉后损失")
_COST = Label("Cost ({unit})", "支出（{unit}）")
_EACH = Label("Yuan per additional urban resident", "每新增一名城镇常住人口（元）")
_NOTE = Label("Shapley values: they add up to the whole. ", "沙普利值，各部分之和等于整体。")


def asked_tables(answers: Answers, language: Language) -> list[GroupTable]:
    """Return the tables of results by group; none where none were computed."""
    return [] if answers.groups is None else list(groups_tables(answers.groups, language))


def contribution_tables(answers: Answers, language: Language) -> list[GroupTable]:
    """Return a table for each answer on which policies did it."""
    return [contribution_table(found, language) for found in answers.contributions]


def form_of(found: Contributed, language: Language) -> Format:
    """Return the format of the indicator of an answer at its size."""
    return format_of(found.indicator, max(abs(float(found.whole["base"])), abs(float(found.whole["plan"]))), language)


def contribution_table(found: Contributed, language: Language) -> GroupTable:
    """Return a row for each part and the whole."""
    form, yuan = form_of(found, language), money_format(_number(found.whole.get("cost")), language)
    plan, against = found.titles(language)
    title = _TITLE.in_language(language).format(
        indicator=text.indicator_label(found.indicator, language),
        month=found.month,
        plan=plan,
        against=against,
    )
    rows = [
        [
            str(part["name_zh"] if language == "zh" else part["name"]),
            _with_interval(part, "shapley", form),
            _with_interval(part, "alone", form),
            _with_interval(part, "left_out", form),
            *_costs(part, yuan),
        ]
        for part in found.parts
    ]
    whole = {**found.whole, **{f"median_{end}": found.whole[end] for end in ("p10", "p90")}}
    rows.append([PLAN.in_language(language), _with_interval(whole, "median", form), "", "", *_costs(found.whole, yuan)])
    unit = form.difference_unit
    numbers = [Label(f"{head.en} ({unit.en})", f"{head.zh}（{unit.zh}）") for head in (_ADDS, _ALONE, _LEFT_OUT)]
    runs, scale, seed = (found.data[name] for name in ("pairs", "scale", "seed"))
    note = _NOTE.in_language(language) + over_pairs(runs, scale, seed, language)
    cost = Label(_COST.en.format(unit=yuan.unit.en), _COST.zh.format(unit=yuan.unit.zh))
    return GroupTable(title, (_PART, *numbers, cost, _EACH), rows, (1, 2, 3, 4, 5), note)


def _with_interval(row: Mapping[str, Any], name: str, form: Format) -> str:
    value, low, high = (_number(row.get(key)) for key in (name, f"{name}_p10", f"{name}_p90"))
    return f"{form.difference(value)} {form.interval(low, high, difference=True)}".rstrip()


def _costs(row: Mapping[str, Any], yuan: Format) -> tuple[str, str]:
    name = "cost_per_urban_resident"
    each, low, high = (_number(row.get(key)) for key in (name, f"{name}_p10", f"{name}_p90"))
    # Where some runs gain nothing the middle divides by next to nothing: only the lower end can be said.
    is_open = math.isfinite(low) and not math.isfinite(high)
    return yuan.value(_number(row.get("cost"))), f"≥ {decimal(low, 0)}" if is_open else decimal(each, 0)


def _number(value: Any) -> float:
    return math.nan if value is None else float(value)
