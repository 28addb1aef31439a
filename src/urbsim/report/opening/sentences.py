"""Five sentences made of the numbers: targets, what a plan adds and costs, through what, for whom, and how sure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from urbsim.experiment.ensemble import Ensemble
from urbsim.labels import Label, Language, counted
from urbsim.report import text
from urbsim.report.answers import Answers
from urbsim.report.numbers import format_of, money
from urbsim.report.opening.gains import gains_sentence
from urbsim.report.opening.means import means_sentence
from urbsim.report.opening.quantities import MOST_PLANS, change, interval, level, listed, quoted
from urbsim.report.opening.values import values_of
from urbsim.report.sureness import COUNTY_POINTS
from urbsim.report.targets import name_text, simulated_text, value_text

#: What a plan is held to where no indicator is asked for.
LEADING = ("urbanization_rate", "seat_residents")
_URBAN = "urban_residents"
_LIKELY = 0.5

_NO_TARGETS = Label("No target is set, so none is met or missed.", "未设定目标，因此没有达标与否的问题。")
_NOT_IN_RUN = Label(
    "{targets} set, but none for a month and an indicator of this run.",
    "共设定{count}项目标，但均不在本次模拟的月份和指标内。",
)
_TARGETS = Label(
    "Of {targets}, {each} with a chance above one half; {hardest}.",
    "共{all}项目标，{each}（达标概率过半）；{hardest}。",
)
_MEETS = Label("{name} meets {count}", "{name}达到{count}项")
_HARDEST = Label(
    "the least likely is {target} by {month}: {name} meets it in {met} of {counted} and comes to {median}",
    "最难达到的是{month}{target}：{name}在{runs}次模拟中有{met}次达到，结果为{median}",
)
_ADDS = Label("By {month}, {parts}.", "到{month}，{parts}。")
_ADDS_ONE = Label(
    "{name} changes {indicator} by {change}{interval} against {base}",
    "{name}较{base}使{indicator}变化{change}{interval}",
)
_ALSO = Label(" and {indicator} by {change}{interval}", "，{indicator}变化{change}{interval}")
_UNCLEAR = Label(" (which may be chance)", "（可能出于偶然）")
_COSTS = Label(", at a public cost of {cost}{each}", "，公共支出{cost}{each}")
_FREE = Label(", at no public cost", "，无公共支出")
_EACH = Label(" ({yuan} for each additional urban resident)", "（每新增一名城镇常住人口{yuan}）")
_MORE = Label("; {scenarios} in the table", "；另有{count}个情景见表")
_GOES = Label(
    "From {first} to {last}, {parts}, and policies cost {cost}.", "{first}至{last}，{parts}；各项政策支出{cost}。"
)
_GOES_ONE = Label("{indicator} goes from {start} to {end}{interval}", "{indicator}由{start}变为{end}{interval}")
_SURE = Label(
    "How sure: {spread}{sign}{given}; the level of one county over ten years is known to no better than "
    "±{points} points of urban share.",
    "可靠程度：{spread}{sign}{given}；单个县十年间的城镇化率水平误差不会小于±{points}个百分点。",
)
_SIGN = Label(
    "; {indicator} at the end {plans}",
    "；期末{indicator}：{plans}",
)
_HIGHER = Label("is higher with {name} in {same} of {pairs} of runs", "{runs}对模拟中{name}有{same}对较高")
_LOWER = Label("is lower with {name} in {same} of {pairs} of runs", "{runs}对模拟中{name}有{same}对较低")
_GIVEN = Label(
    "; the amounts of {given} of {policies} are given by a programme, the others are assumptions",
    "；{count}项政策中有{given}项数额由文件给定，其余为假设",
)


def leading_indicators(indicators: Sequence[str], *, only: bool = False) -> tuple[str, ...]:
    """Return the one or two indicators that the page for a mayor speaks of: those asked for come first."""
    usual = () if only and indicators else LEADING
    return tuple(dict.fromkeys((*indicators, *usual)))[:2]


def sentences(
    ensemble: Ensemble, answers: Answers, language: Language, indicators: Sequence[str] = (), *, only: bool = False
) -> list[str]:
    """Return the five sentences; each is true of these runs and says nothing that they do not."""
    leading = leading_indicators(indicators, only=only)
    adds = _adds if len(ensemble.names) > 1 else _goes
    return [
        _targets(ensemble, language),
        adds(ensemble, leading, language),
        means_sentence(ensemble, answers, language),
        gains_sentence(ensemble, answers, language),
        _sure(ensemble, leading[0], language),
    ]


def _targets(ensemble: Ensemble, language: Language) -> str:
    table = ensemble.targets()
    if table.empty:
        return _NO_TARGETS.in_language(language)
    known = table[table["runs"] > 0].reset_index(drop=True)
    count = len(table) // len(ensemble.names)
    if known.empty:
        return _NOT_IN_RUN.in_language(language).format(count=count, targets=counted(count, "target is", "targets are"))
    titles = ensemble.titles(language)
    each = [
        _MEETS.in_language(language).format(
            name=quoted(titles[name], language),
            count=int((known.loc[known["scenario"] == name, "probability"] > _LIKELY).sum()),
        )
        for name in [*ensemble.names[1 : MOST_PLANS + 1], ensemble.baseline]
    ]
    number = len(known) // len(ensemble.names)
    said = {"all": number, "targets": counted(number, "target"), "each": listed(each, language)}
    return _TARGETS.in_language(language).format(**said, hardest=_hardest(ensemble, known, language))


def _hardest(ensemble: Ensemble, known: pd.DataFrame, language: Language) -> str:
    """Return the target that the first plan is least likely to meet; of equals the one that is furthest off."""
    name = ensemble.names[min(1, len(ensemble.names) - 1)]
    of_plan = known[known["scenario"] == name]
    apart = (of_plan["median"] - of_plan["target"]).abs() / of_plan["target"].abs().clip(lower=1e-9)
    order = of_plan.assign(_apart=-apart).sort_values(["probability", "_apart"], kind="stable")
    row: dict[str, Any] = {str(key): value for key, value in order.iloc[0].drop("_apart").items()}
    form = format_of(row["indicator"], abs(row["target"]), language)
    said = f"{name_text(row, form, language, capital=False)} {value_text(row, form, language)}"
    return _HARDEST.in_language(language).format(
        target=said,
        month=row["month"],
        name=quoted(ensemble.titles(language)[name], language),
        met=row["met"],
        runs=row["runs"],
        counted=counted(int(row["runs"]), "run"),
        median=simulated_text(row, form),
    )


def _adds(ensemble: Ensemble, leading: Sequence[str], language: Language) -> str:
    plans = ensemble.names[1:]
    parts = [_added(ensemble, name, leading if len(plans) == 1 else leading[:1], language) for name in plans]
    said = ("；" if language == "zh" else "; ").join(parts[:MOST_PLANS])
    if len(parts) > MOST_PLANS:
        said += _MORE.in_language(language).format(
            count=len(parts) - MOST_PLANS,
            scenarios=counted(len(parts) - MOST_PLANS, "more scenario stands", "more scenarios stand"),
        )
    return _ADDS.in_language(language).format(month=ensemble.last_month, parts=said)


def _added(ensemble: Ensemble, name: str, leading: Sequence[str], language: Language) -> str:
    """Return what one plan changes, and what that costs."""
    titles = ensemble.titles(language)
    values = values_of(ensemble, (*leading, _URBAN))
    said = ""
    for number, indicator in enumerate(leading):
        row = values[indicator, name, ensemble.last_month]
        low, high = float(row["difference_low"]), float(row["difference_high"])
        words = _ALSO if number else _ADDS_ONE
        said += words.in_language(language).format(
            name=quoted(titles[name], language),
            base=quoted(titles[ensemble.baseline], language),
            indicator=text.indicator_label(indicator, language, capital=False),
            change=change(indicator, float(row["difference"]), language),
            interval=interval(indicator, low, high, language, signed=True),
        )
        said += _UNCLEAR.in_language(language) if low <= 0.0 <= high else ""
    cost = cost_of(ensemble, name) - cost_of(ensemble, ensemble.baseline)
    people = values[_URBAN, name, ensemble.last_month]
    gained = float(people["difference"])
    is_gain = gained >= 1.0 and not float(people["difference_low"]) <= 0.0 <= float(people["difference_high"])
    each = _EACH.in_language(language).format(yuan=money(cost / gained, language)) if is_gain and cost > 0 else ""
    costs = _COSTS.in_language(language).format(cost=money(cost, language), each=each)
    return said + (costs if abs(cost) >= 1.0 else _FREE.in_language(language))


def cost_of(ensemble: Ensemble, name: str) -> float:
    """Return what a scenario's policies cost over the whole run, whoever pays: mean over runs, yuan."""
    table = ensemble.spending(("payer",))
    return float(table.loc[table["scenario"] == name, "yuan"].sum())


def _goes(ensemble: Ensemble, leading: Sequence[str], language: Language) -> str:
    values = values_of(ensemble, leading)
    parts = []
    for indicator in leading:
        months = (ensemble.first_month, ensemble.last_month)
        start, end = (values[indicator, ensemble.baseline, month] for month in months)
        said = _GOES_ONE.in_language(language).format(
            indicator=text.indicator_label(indicator, language, capital=False),
            start=level(indicator, float(start["median"]), language),
            end=level(indicator, float(end["median"]), language),
            interval=interval(indicator, float(end["low"]), float(end["high"]), language, signed=False),
        )
        parts.append(said)
    cost = money(cost_of(ensemble, ensemble.baseline), language)
    both = {"first": ensemble.first_month, "last": ensemble.last_month}
    return _GOES.in_language(language).format(**both, parts=listed(parts, language), cost=cost)


def _sure(ensemble: Ensemble, indicator: str, language: Language) -> str:
    spread = text.interval_note(ensemble.replicates, language, ensemble.plan.draws)
    sign = ""
    if len(ensemble.names) > 1:
        plans = [_direction(ensemble, indicator, name, language) for name in ensemble.names[1 : MOST_PLANS + 1]]
        label = text.indicator_label(indicator, language, capital=False)
        sign = _SIGN.in_language(language).format(indicator=label, plans=listed(plans, language))
    # A policy that several scenarios share counts once.
    policies = {repr(policy): policy for each in ensemble.plan.scenarios for policy in each.policies.values()}.values()
    given = sum(bool(policy.source and policy.source.given) for policy in policies)
    counts = {"given": given, "count": len(policies), "policies": counted(len(policies), "policy", "policies")}
    said = _GIVEN.in_language(language).format(**counts) if policies else ""
    return _SURE.in_language(language).format(spread=spread, sign=sign, given=said, points=COUNTY_POINTS)


def _direction(ensemble: Ensemble, indicator: str, name: str, language: Language) -> str:
    """Return in how many pairs of runs a plan moves an indicator the way it moves it in most."""
    gaps = ensemble.effects(indicator, name)
    higher, lower = int((gaps > 0).sum()), int((gaps < 0).sum())
    return (
        (_HIGHER if higher >= lower else _LOWER)
        .in_language(language)
        .format(
            name=quoted(ensemble.titles(language)[name], language),
            same=max(higher, lower),
            pairs=counted(len(gaps), "pair"),
            runs=len(gaps),
        )
    )
