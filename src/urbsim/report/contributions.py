"""Which policy did it, in words: contributions, costs, where gains come from, and pairs, for the terminal."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
from rich.table import Table

from urbsim.arrays import spread_of
from urbsim.decision.findings import WHOLE, Findings
from urbsim.decision.outcomes import SOURCES
from urbsim.labels import MISSING, Label, Language, bracketed, counted, decimal
from urbsim.report import text
from urbsim.report.numbers import Format, format_of, money_format

_SMALLEST = 0.5
PLAN = Label("the whole plan", "整个方案")
_GROUPS = {
    "policy": Label("policy", "政策"),
    "part": Label("part", "部分"),
    "lever": Label("lever", "政策工具"),
}
_ADDS = Label("adds", "贡献")
_ALONE = Label("alone", "单独实施")
_LEFT_OUT = Label("lost without it", "去掉后损失")
_NUMBERS, _SINGLE = (_ADDS, _ALONE, _LEFT_OUT), ("alone", "left_out")
_COST = Label("cost, {yuan}", "支出（{yuan}）")
_PER_PERSON = Label("yuan per additional urban resident", "每新增一名城镇常住人口（元）")
_PER_UNIT = Label("{yuan} per {unit}", "每{unit}（{yuan}）")
_HEADING = Label(
    "{indicator} in {month}: '{plan}' changes it by {whole} {unit}{interval} against '{base}'",
    "{month}{indicator}：“{plan}”与“{base}”相比变化{whole}{unit}{interval}",
)
_EXACT = Label(
    "adds: Shapley value, the mean over all orders in which the groups may come; they add up to the whole.",
    "贡献：沙普利值，即各组以所有可能次序加入时的平均增量；各组之和等于整体。",
)
_SAMPLED = Label(
    "adds: Shapley value over {orders} orders of the groups; ± half of the 90 % interval of orders not tried; they add "
    "up to the whole.",
    "贡献：按{orders}种加入次序估计的沙普利值；±为未尝试次序的90%区间之半；各组之和等于整体。",
)
_OVER_RUNS = Label(
    "In brackets: {spread.en} over {pairs} of runs with the same luck; scale {scale:g}, seed {seed}.",
    "方括号内为{runs}对相同随机数模拟的{spread.zh}；抽样比例{scale:g}，随机种子{seed}。",
)
_ONE_RUN = Label(
    "A single pair of runs with the same luck, no interval; scale {scale:g}, seed {seed}.",
    "仅一对相同随机数的模拟，无区间；抽样比例{scale:g}，随机种子{seed}。",
)
_FIRST = Label(
    "Policies of no part are in every combination of parts: their row is what they add before any part does.",
    "不属于任何部分的政策在各种组合中都实施：其贡献为先于各部分单独实施的效果。",
)
_SOURCES_HEADING = Label(
    "Where the additional urban residents come from (persons, mean)", "新增城镇常住人口的来源（人，平均）"
)
_TAKEN = Label(
    "{share} of the additional urban residents are taken from neighbouring counties ({persons} of {all})",
    "新增城镇常住人口中{share}来自邻近各县（{all}人中的{persons}人）",
)
_NOT_TAKEN = Label(
    "neighbouring counties lose {persons} people by the plan; it does not add urban residents",
    "邻近各县因本方案减少{persons}人；方案未增加城镇常住人口",
)
_PAIRS_HEADING = Label("Pairs of groups", "成对作用")
_KINDS = {
    "help": Label("help each other", "相互促进"),
    "hinder": Label("hinder each other", "相互抵消"),
    "unclear": Label("unclear", "不明确"),
}
_TOGETHER = Label("together beyond both alone", "共同实施的额外效果")
_MOST_PAIRS = 10


def form_of(found: Findings, language: Language) -> Format:
    """Return the format of the indicator at the magnitude of its level and of the effect."""
    whole = found.whole
    return format_of(found.question.indicator, max(abs(whole["base"]), abs(whole["plan"])), language)


def names_of(found: Findings, language: Language) -> dict[str, str]:
    """Return every group's name in the language, by its name."""
    labels = {group.name: group.label.in_language(language) for group in found.groups}
    return {WHOLE: PLAN.in_language(language), **labels}


def heading(found: Findings, language: Language) -> str:
    """Return in a sentence what the plan changes."""
    form, whole, question = form_of(found, language), found.whole, found.question
    return _HEADING.in_language(language).format(
        indicator=text.indicator_label(question.indicator, language),
        month=question.month,
        plan=question.plan.title.in_language(language),
        base=question.base.title.in_language(language),
        whole=form.difference(whole["median"]),
        interval=f" {_ends(whole, '', form)}".rstrip(),
        unit=form.difference_unit.in_language(language),
    )


def contributions_table(found: Findings, language: Language) -> Table:
    """Return a row per group and the whole: what it adds, alone, lost without it, cost, and cost by unit."""
    headings, rows = contribution_cells(found.as_data(), form_of(found, language), language)
    table = Table(box=None, pad_edge=False, caption=text.cell(note(found, language), "dim"), caption_justify="left")
    table.add_column(headings[0].in_language(language), min_width=16)
    for heading_ in headings[1:]:
        table.add_column(heading_.in_language(language), justify="right")
    for row in rows[:-1]:
        table.add_row(*map(text.cell, row))
    table.add_section()
    table.add_row(*(text.cell(each, "bold") for each in rows[-1]))
    return table


def contribution_cells(
    data: Mapping[str, Any], form: Format, language: Language
) -> tuple[tuple[Label, ...], list[list[str]]]:
    """Return the headings and rows of an answer as its JSON has it: a row for each group, and one for the whole."""
    yuan = money_format(_number(data["whole"], "cost"), language)
    unit, one = form.difference_unit, Label(_one(form.difference_unit.en), _one(form.difference_unit.zh))
    headings = (
        _GROUPS[data["by"]],
        *(Label(bracketed(each.en, unit.en, "en"), bracketed(each.zh, unit.zh, "zh")) for each in _NUMBERS),
        *(
            Label(each.en.format(yuan=yuan.unit.en, unit=one.en), each.zh.format(yuan=yuan.unit.zh, unit=one.zh))
            for each in (_COST, _PER_PERSON, _PER_UNIT)
        ),
    )
    rows = []
    for part in data["parts"]:
        error = "" if data["exact"] else f" ± {form.difference(_number(part, 'shapley_error')).lstrip('+')}"
        added = f"{form.difference(_number(part, 'shapley'))}{error} {_ends(part, 'shapley_', form)}".rstrip()
        others = (f"{form.difference(_number(part, each))} {_ends(part, f'{each}_', form)}" for each in _SINGLE)
        name = part["name_zh"] if language == "zh" else part["name"]
        rows.append([str(name), added, *(each.rstrip() for each in others), *_costs(part, form, yuan)])
    whole = f"{form.difference(_number(data['whole'], 'median'))} {_ends(data['whole'], '', form)}".rstrip()
    return headings, [*rows, [PLAN.in_language(language), whole, "", "", *_costs(data["whole"], form, yuan)]]


def _number(row: Mapping[Any, Any], name: str) -> float:
    """Return a number that JSON may have as null, for what is missing or has no end."""
    value = row.get(name)
    return math.nan if value is None else float(value)


def _ends(row: Mapping[Any, Any], name: str, form: Format) -> str:
    """Return the interval of a difference; nothing of a single run."""
    return form.interval(_number(row, f"{name}p10"), _number(row, f"{name}p90"), difference=True)


def _one(unit: str) -> str:
    """Return what one of a unit is called, as in "yuan per bed"; Chinese has no plural."""
    one = unit.removeprefix("1/")
    return one if "/" in one or one.endswith("ss") else one.removesuffix("s")


def _costs(row: Mapping[str, Any], form: Format, yuan: Format) -> Iterator[str]:
    yield yuan.value(_number(row, "cost"))
    yield _by_unit(row, "cost_per_urban_resident", 1.0, 0)
    yield _by_unit(row, "cost_per_unit", yuan.factor / form.factor, 1 if form.factor == 100.0 else 3)


def _by_unit(row: Mapping[str, Any], name: str, factor: float, decimals: int) -> str:
    """Return a cost by unit with its interval, or its lower end alone where some runs gain nothing.

    There is no upper end then, and the middle is no number to quote: it divides by next to nothing.
    """
    value, low, high = (_number(row, f"{name}{tail}") * factor for tail in ("", "_p10", "_p90"))
    if not math.isfinite(value):
        return MISSING
    if math.isnan(low):  # a single run
        return decimal(value, decimals)
    if not math.isfinite(high):
        return f"≥ {decimal(low, decimals)}"
    return f"{decimal(value, decimals)} [{decimal(low, decimals)}, {decimal(high, decimals)}]"


def note(found: Findings, language: Language) -> str:
    """Return how the numbers were made."""
    return note_of(found.as_data(), language)


def note_of(data: Mapping[str, Any], language: Language) -> str:
    """Return how the numbers of an answer, as its JSON has it, were made."""
    how = (_EXACT if data["exact"] else _SAMPLED).in_language(language).format(orders=data["orders"])
    over = _over_pairs(data["pairs"], data["scale"], data["seed"], language)
    first = _FIRST.in_language(language) if any(part.get("first") for part in data["parts"]) else ""
    return (" " if language == "en" else "").join(filter(None, (how, over, first)))


def _over_pairs(runs: int, scale: float, seed: int, language: Language) -> str:
    """Return what the brackets of so many pairs of runs hold, and how these were made."""
    label = _ONE_RUN if runs < 2 else _OVER_RUNS
    said = {"runs": runs, "pairs": counted(runs, "pair"), "spread": spread_of(runs), "scale": scale, "seed": seed}
    return label.in_language(language).format(**said)


def taken(found: Findings, language: Language) -> str:
    """Return in a sentence how much of the gain in urban residents neighbouring counties lose."""
    persons = found.from_neighbours()[WHOLE]
    gain = float(found.sources().query("name == @WHOLE")["persons"].sum())
    if gain < _SMALLEST:
        return _NOT_TAKEN.in_language(language).format(persons=decimal(persons, 0))
    said = {"share": f"{persons / gain:.0%}", "persons": decimal(persons, 0), "all": decimal(gain, 0)}
    return _TAKEN.in_language(language).format(**said)


def sources_table(found: Findings, language: Language) -> Table:
    """Return where more urban residents come from: a row per source, a column for the whole and for each group."""
    names = names_of(found, language)
    table = Table(box=None, pad_edge=False, title=_SOURCES_HEADING.in_language(language), title_justify="left")
    table.add_column("")
    wide = found.sources().pivot(index="source", columns="name", values="persons").reindex(list(SOURCES))
    order = [name for name in names if name in wide.columns]
    for name in order:
        table.add_column(names[name], justify="right")
    for source, values in wide[order].iterrows():
        numbers = [decimal(float(value), 0) for value in values]
        table.add_row(*map(text.cell, (SOURCES[str(source)].in_language(language), *numbers)))
    return table


def pairs_table(found: Findings, language: Language) -> Table | None:
    """Return the pairs of groups that matter most; None where there is no pair."""
    pairs = found.pairs().head(_MOST_PAIRS)
    if pairs.empty:
        return None
    names, form = names_of(found, language), form_of(found, language)
    table = Table(box=None, pad_edge=False, title=_PAIRS_HEADING.in_language(language), title_justify="left")
    unit = form.difference_unit.in_language(language)
    for name in ("", "", bracketed(_TOGETHER.in_language(language), unit, language), ""):
        table.add_column(name, justify="right" if name else "left")
    for row in pairs.to_dict("records"):
        number = f"{form.difference(row['value'])} {_ends(row, '', form)}".rstrip()
        kind = _KINDS[row["kind"]].in_language(language)
        table.add_row(*map(text.cell, (names[row["first"]], names[row["second"]], number, kind)))
    return table


def waterfall_data(found: Findings) -> pd.DataFrame:
    """Return the bars of the waterfall: ``name``, ``name_zh``, ``begins``, ``ends``, ``value``, ``p10``, ``p90``."""
    table, whole = found.table(), found.whole
    ends = table["shapley"].cumsum()
    bars = pd.DataFrame(
        {
            "name": table["name"],
            "name_zh": table["name_zh"],
            "begins": ends - table["shapley"],
            "ends": ends,
            "value": table["shapley"],
            "p10": table["shapley_p10"],
            "p90": table["shapley_p90"],
        }
    )
    last = {"name": WHOLE, "name_zh": PLAN.zh, "begins": 0.0, "ends": whole["median"], "value": whole["median"]}
    return pd.concat([bars, pd.DataFrame([{**last, "p10": whole["p10"], "p90": whole["p90"]}])], ignore_index=True)
