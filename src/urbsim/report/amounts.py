"""Sweeps and searches in words: tables, conditions of failure, what was found and what binds, for the terminal."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.table import Table

from urbsim.decision.amounts import Amount
from urbsim.decision.binding import BINDING
from urbsim.decision.discovery import Conditions
from urbsim.decision.goals import Goal, Watched, meets
from urbsim.decision.outcomes import COST
from urbsim.decision.quest import Sought
from urbsim.decision.sweep import Swept
from urbsim.decision.verification import GoalSeen
from urbsim.labels import Label, Language, bracketed, counted, decimal, plain_number
from urbsim.months import format_month
from urbsim.parameters import registry
from urbsim.report import text
from urbsim.report.numbers import Format, format_of, money, money_format

COST_LABEL = Label("Public cost", "公共支出")
_CHANCE = Label("meets the goals", "达标比例")
_MOST_ROWS = 60
_MORE = Label("... {count} more points in sweep.csv", "……其余{count}个点见sweep.csv")
_SWEPT = Label(
    "Each point in {month}: {interval}; scale {scale:g}",
    "{month}各点：{interval}；抽样比例{scale:g}",
)
_CONDITIONS = Label(
    "Conditions in which the plan fails ({share} of all runs do)", "方案未达标的条件（占全部模拟的{share}）"
)
_MET = Label("{goal}: met in {share} of all runs", "{goal}：全部模拟中{share}达到")
_BOX = Label(
    "{number}. {bounds}: {density} of {counted} fail, {coverage} of all failures",
    "{number}. {bounds}：{runs}次模拟中{density}未达标，占全部未达标的{coverage}",
)
_SKILL = Label("skill on draws left out: {skill}", "对未参与拟合的参数组的预测技巧：{skill}")
_FOUND = {
    True: Label("Reached with a chance of {chance}: {goals}", "能够达到（概率{chance}）：{goals}"),
    False: Label(
        "Out of reach with a chance of {wanted}: {goals}. The best that was found:",
        "达不到所要求的概率{wanted}：{goals}。能找到的最好结果：",
    ),
}
_VERIFIED = Label(
    "Verified on {counted} with {drawn} that the search did not see: {met} meet the goals, {share} "
    "(95 % binomial interval {low} to {high})",
    "用搜索未见过的{draws}组参数、{runs}次模拟验证：{met}次达标，{share}（95%二项区间{low}至{high}）",
)
_OF_GOAL = Label("  {goal}: {share} of these runs, median {median}", "  {goal}：{share}的模拟达到，中位数{median}")
_COSTS = Label("Public cost: {cost} by {month}", "公共支出：到{month}为{cost}")
_SEARCHED = Label(
    "Search: {trials} amounts tried on {counted} each, scale {scale:g}, seed {seed}",
    "搜索：试过{trials}组数额，每组{runs}次模拟，抽样比例{scale:g}，随机种子{seed}",
)
_BINDS = Label("What binds: {names}", "约束所在：{names}")
_NO_BIND = Label("nothing that was made plentiful brings the goals much nearer", "放开任何一项都不能明显接近目标")
_FORBIDDEN = Label("Nearer only beyond the limit: {limits}", "只有突破限制才能更接近目标：{limits}")
_EXCEEDED = Label("No amounts that were tried keep to: {limits}", "试过的数额都突破了限制：{limits}")
_UNMOVED = Label(
    "The amounts do not move what is to be reached at all: does their policy begin after the month asked?",
    "这些数额完全不影响所求目标：政策是否在所问月份之后才开始？",
)
_RELAXED = Label("If it were plentiful", "若不受限")
_WOULD = Label("chance", "达标概率")
_GAIN = Label("nearer by, % of the level", "接近目标的幅度（占目标值%）")
_AT_LIMIT = Label("At the upper end of what was allowed: {names}", "已到所允许的上限：{names}")


def form_for(name: str, largest: float, language: Language) -> Format:
    """Return the format of an indicator, or of the cost."""
    return money_format(largest, language) if name == COST else format_of(name, largest, language)


def label_of(name: str, language: Language) -> str:
    """Return an indicator's name with its first letter in upper case, or that of the cost."""
    return COST_LABEL.in_language(language) if name == COST else text.indicator_label(name, language)


def amount_label(amount: Amount, language: Language) -> str:
    """Return an amount with its unit in short."""
    return bracketed(amount.title.in_language(language), short_unit(amount, language), language)


def short_unit(amount: Amount, language: Language) -> str:
    """Return the unit of an amount: what it says of zones and counties would fill a heading."""
    return amount.unit.in_language(language).partition(",")[0].partition("（")[0]


def sweep_table(swept: Swept, language: Language) -> Table:
    """Return a row per point: amounts, every indicator with its interval, cost, and the share that meets the goals."""
    rows = swept.rows()
    draws = len({luck.draw for luck in swept.lucks} - {0})
    interval = text.interval_note(len(swept.lucks), language, draws)
    said = {"interval": interval, "month": swept.month, "scale": swept.plan.scale}
    caption = text.cell(_SWEPT.in_language(language).format(**said), "dim")
    table = Table(box=None, pad_edge=False, caption=caption, caption_justify="left")
    names = (*swept.indicators, COST)
    largest = rows["median"].abs().groupby(rows["indicator"]).max()
    forms = {name: form_for(name, float(largest[name]), language) for name in names}
    for amount in swept.amounts:
        table.add_column(amount_label(amount, language), justify="right")
    for name in names:
        unit = forms[name].unit.in_language(language)
        table.add_column(bracketed(label_of(name, language), unit, language), justify="right")
    if swept.goals:
        table.add_column(_CHANCE.in_language(language), justify="right")
    paths = [amount.path for amount in swept.amounts]
    blocks = list(rows.groupby(paths, sort=False))
    for _, block in blocks[:_MOST_ROWS]:
        cells = [plain_number(float(block[path].iloc[0])) for path in paths]
        for record in block.to_dict("records"):
            form = forms[record["indicator"]]
            cells.append(f"{form.value(record['median'])} {form.interval(record['p10'], record['p90'])}".rstrip())
        if swept.goals:
            cells.append(f"{block['chance'].iloc[0]:.0%}")
        table.add_row(*map(text.cell, cells))
    if len(blocks) > _MOST_ROWS:
        table.add_row(text.cell(_MORE.in_language(language).format(count=len(blocks) - _MOST_ROWS)))
    return table


def goals_lines(swept: Swept, language: Language) -> Iterator[str]:
    """Yield each goal that the plan is held against, with the share of all runs that meet it."""
    seen = [run for point in swept.seen for run in point]
    for goal in swept.goals:
        share = float(meets(Watched((goal,)).margins(seen)).mean())
        yield _MET.in_language(language).format(goal=goal_words(goal, language), share=f"{share:.0%}")


def conditions_lines(found: Conditions, language: Language, amounts: Sequence[Amount] = ()) -> Iterator[str]:
    """Yield in lines under which conditions the plan fails, or why none are told; ``amounts`` are those varied."""
    labels = {amount.path: amount.title for amount in amounts}
    if not math.isnan(found.failing):
        yield _CONDITIONS.in_language(language).format(share=f"{found.failing:.0%}")
    if found.why_none is not None:
        yield found.why_none.in_language(language)
        return
    for number, box in found.boxes.groupby("box", sort=True):
        first = box.iloc[0]
        yield _BOX.in_language(language).format(
            number=number,
            bounds=text.behind_commas((_bound(row, labels, language) for row in box.to_dict("records")), language),
            density=f"{first['density']:.0%}",
            runs=int(first["runs"]),
            counted=counted(int(first["runs"]), "run"),
            coverage=f"{first['coverage']:.0%}",
        )
    yield _SKILL.in_language(language).format(skill=decimal(found.skill, 2))


def _bound(row: Mapping[Any, Any], labels: Mapping[str, Label], language: Language) -> str:
    name = str(row["name"])
    known = {**{each: parameter.label for each, parameter in registry().items()}, **labels}
    label = bracketed(name, known[name].in_language(language), language) if name in known else name
    low, high = (None if math.isnan(row[end]) else f"{row[end]:.4g}" for end in ("low", "high"))
    if low is None:
        return f"{label} ≤ {high}"
    return f"{label} > {low}" if high is None else f"{low} < {label} ≤ {high}"


def sought_lines(found: Sought, language: Language) -> Iterator[str]:
    """Yield what was found, with its verification, and where it is out of reach what binds."""
    yield verdict(found, language)
    for amount, value in zip(found.problem.amounts, found.chosen.point, strict=True):
        unit, title = amount.unit.in_language(language), amount.title.in_language(language)
        yield "  " + f"{amount.path} = {plain_number(value)} {unit}".rstrip() + f" [{title}]"
    yield from grounds(found, language)


def verdict(found: Sought, language: Language) -> str:
    """Return whether the goals can be reached."""
    checked, problem = found.verified, found.problem
    joint = Label(" and ", "，且").in_language(language)
    goals = joint.join(goal_words(goal, language) for goal in (*problem.goals, *problem.limits))
    chances = {"chance": f"{checked.chance:.0%}", "wanted": f"{problem.chance:.0%}", "goals": goals}
    return _FOUND[found.reached].in_language(language).format(**chances)


def grounds(found: Sought, language: Language) -> Iterator[str]:
    """Yield how sure it is, what it costs, how it was searched, and where it is out of reach what binds."""
    checked = found.verified
    yield _VERIFIED.in_language(language).format(
        runs=checked.runs,
        counted=counted(checked.runs, "run"),
        draws=checked.draws,
        drawn=counted(checked.draws, "draw"),
        met=checked.met,
        share=f"{checked.chance:.0%}",
        low=f"{checked.low:.0%}",
        high=f"{checked.high:.0%}",
    )
    if len(checked.goals) > 1 or not found.reached:
        yield from (_of_goal(each, language) for each in checked.goals)
    month = format_month(found.problem.plan.until)
    yield _COSTS.in_language(language).format(cost=money(checked.cost, language), month=month)
    yield searched(found, language)
    if not found.reached:
        yield from _in_the_way(found, language)


def _in_the_way(found: Sought, language: Language) -> Iterator[str]:
    """Yield what keeps the goals out of reach."""
    names = text.enumerated((short_name(name, language) for name in found.binds), language)
    yield _BINDS.in_language(language).format(names=names or _NO_BIND.in_language(language))
    if found.over_limits:
        said = _EXCEEDED if found.chosen.slack < 0.0 else _FORBIDDEN
        limits = text.enumerated((goal_words(goal, language) for goal in found.problem.limits), language)
        yield said.in_language(language).format(limits=limits)
    if found.at_their_limit:
        yield _AT_LIMIT.in_language(language).format(names=text.enumerated(found.at_their_limit, language))
    if not found.moves:
        yield _UNMOVED.in_language(language)


def _of_goal(seen: GoalSeen, language: Language) -> str:
    form = form_for(seen.goal.name, abs(seen.goal.level), language)
    value, unit = form.value(seen.median), form.unit.in_language(language)
    median = Label(f"{value} {unit}".rstrip(), f"{value}{unit}").in_language(language)
    goal = goal_words(seen.goal, language)
    return _OF_GOAL.in_language(language).format(goal=goal, share=f"{seen.chance:.0%}", median=median)


def goal_words(goal: Goal, language: Language) -> str:
    """Return a goal or limit as people read it: 常住人口城镇化率 ≥ 55%（2030-12）."""
    form, month = form_for(goal.name, abs(goal.level), language), format_month(goal.month)
    value, unit = plain_number(goal.level * form.factor), form.unit.in_language(language)
    bound = f"{label_of(goal.name, language)} {'≤≥'[goal.at_least]} {value}"
    return Label(f"{bound} {unit} in {month}", f"{bound}{unit}（{month}）").in_language(language)


def searched(found: Sought, language: Language) -> str:
    """Return how the search was made."""
    problem = found.problem
    runs = len(problem.lucks)
    said = {"trials": len(found.trials), "runs": runs, "counted": counted(runs, "run")}
    return _SEARCHED.in_language(language).format(**said, scale=problem.plan.scale, seed=found.seed)


def short_name(name: str, language: Language) -> str:
    """Return one thing that may bind in a word."""
    label = BINDING[name].in_language(language)
    return label.replace("：", ":").partition(":")[0]


def relaxed_table(found: Sought, language: Language) -> Table | None:
    """Return what making each thing plentiful would bring; None where the goals are reached."""
    if not found.relaxed:
        return None
    table = Table(box=None, pad_edge=False)
    for position, heading in enumerate((_RELAXED, _WOULD, _GAIN)):
        table.add_column(heading.in_language(language), justify="right" if position else "left")
    for each in found.relaxed:
        label = BINDING[each.name].in_language(language)
        table.add_row(*map(text.cell, (label, f"{each.share:.0%}", f"{100 * each.gained:+.2f}".replace("-", "−"))))
    return table
