"""Who gains and who loses: of the same people with and without a plan where that was computed, else by indicator."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from urbsim.experiment.ensemble import Ensemble
from urbsim.labels import Label, Language
from urbsim.observation.observe import ALL, member_label
from urbsim.report import text
from urbsim.report.answers import Answers
from urbsim.report.opening.quantities import MOST_PLANS, change, following, listed, quoted
from urbsim.report.opening.values import values_of


@dataclass(frozen=True)
class Concern:
    """What an indicator means for whom: who is better off when it rises (or, with ``down``, when it falls)."""

    indicator: str
    who: Label
    down: bool = False


_CONCERNS = (
    Concern("employment_rate", Label("people of working age", "劳动者")),
    Concern("seat_wage", Label("workers in industry", "工业工人")),
    Concern("school_places_per_pupil", Label("urban pupils", "城镇学生")),
    Concern("children_left_behind", Label("children", "儿童"), down=True),
    Concern("home_ownership", Label("urban households", "城镇家庭")),
    Concern("seat_rent", Label("tenants", "租房者"), down=True),
    Concern("seat_price", Label("buyers of dwellings", "购房者"), down=True),
    Concern("beds_per_thousand", Label("patients", "患者")),
    Concern("county_debt", Label("the county's treasury", "县级财政"), down=True),
)
_MOST_NAMED, _NAMED_OF_SEVERAL = 3, 2
_SMALLEST = 0.002  # of the level: less is not worth a word
_WITH = Label("With {name}, {better}; {worse}.", "在{name}下，{better}；{worse}。")
_SINCE = Label("Since {month}, {better}; {worse}.", "与{month}相比，{better}；{worse}。")
_BETTER, _WORSE = Label("better off: {parts}", "受益：{parts}"), Label("worse off: {parts}", "受损：{parts}")
_NONE_BETTER = Label("nobody is clearly better off", "没有明显受益者")
_NONE_WORSE = Label("nobody is clearly worse off", "没有明显受损者")
_ONE = Label("{who} ({indicator} {change})", "{who}（{indicator}{change}）")
_UNKNOWN = Label(
    "By age, registration or income it was not computed (observe: in the scenario).",
    "按年龄、户籍或收入的结果尚未计算（在情景中写observe:）。",
)
_TWINS = Label(
    "Of the same people with and without {name}, {better} are better off by {month} and {worse} worse off{most}.",
    "同一批人在有无{name}之间比较，到{month}有{better}受益、{worse}受损{most}。",
)
_MOST = Label(
    "; {gains} gain most often ({share}), {loses} lose most often ({other})",
    "；{gains}受益最多（{share}），{loses}受损最多（{other}）",
)


def gains_sentence(ensemble: Ensemble, answers: Answers, language: Language) -> str:
    """Return the sentence on every plan, or on how the only scenario goes from start to end."""
    said, is_open = [], False
    for name in ensemble.names[1 : MOST_PLANS + 1] or [ensemble.baseline]:
        of_people = _of_people(ensemble, answers, name, language)
        said.append(of_people or _by_indicator(ensemble, name, language))
        is_open = is_open or not of_people
    return following([*said, *([_UNKNOWN.in_language(language)] if is_open else [])], language)


def _by_indicator(ensemble: Ensemble, name: str, language: Language) -> str:
    """Return who is better and worse off by a plan as indicators have it, of a single scenario since the start."""
    better: list[str] = []
    worse: list[str] = []
    for concern, amount in _changes(ensemble, name):
        said = _ONE.in_language(language).format(
            who=concern.who.in_language(language),
            indicator=text.indicator_label(concern.indicator, language, capital=False),
            change=change(concern.indicator, amount, language),
        )
        ((worse if concern.down else better) if amount > 0 else (better if concern.down else worse)).append(said)
    words = _WITH if len(ensemble.names) > 1 else _SINCE
    most = _MOST_NAMED if len(ensemble.names) < 3 else _NAMED_OF_SEVERAL
    return words.in_language(language).format(
        name=quoted(ensemble.titles(language)[name], language),
        month=ensemble.first_month,
        better=_side(better[:most], _BETTER, _NONE_BETTER, language),
        worse=_side(worse[:most], _WORSE, _NONE_WORSE, language),
    )


def _side(parts: list[str], some: Label, none: Label, language: Language) -> str:
    if not parts:
        return none.in_language(language)
    return some.in_language(language).format(parts=listed(parts, language))


def _changes(ensemble: Ensemble, name: str) -> Iterator[tuple[Concern, float]]:
    """Yield what concerns somebody and how it changes: by a plan, or of a single scenario since the start."""
    known = set(ensemble.series["indicator"].astype(str).unique())
    concerns = [concern for concern in _CONCERNS if concern.indicator in known]
    values = values_of(ensemble, [concern.indicator for concern in concerns])
    for concern in concerns:
        start, end = (values[concern.indicator, name, month] for month in (ensemble.first_month, ensemble.last_month))
        amount = float(end["median"] - start["median"])
        if len(ensemble.names) > 1:
            is_noise = end["difference_low"] <= 0.0 <= end["difference_high"]
            amount = 0.0 if is_noise else float(end["difference"])
        if abs(amount) > _SMALLEST * abs(float(end["median"])):
            yield concern, amount


def _of_people(ensemble: Ensemble, answers: Answers, plan: str, language: Language) -> str:
    """Return what a plan did to the same people, of the first observation that says so; empty where none does."""
    if answers.groups is None or len(ensemble.names) == 1:
        return ""
    found = (
        _twins(
            quoted(ensemble.titles(language)[plan], language),
            plan,
            answers.groups.observations[name].by,
            table,
            language,
        )
        for name, table in answers.groups.twins.items()
    )
    return next(filter(None, found), "")


def _twins(title: str, plan: str, by: tuple[str, ...], table: pd.DataFrame, language: Language) -> str:
    """Return what a plan did to the same people; empty where too few were simulated to say so."""
    of_plan = table[(table["scenario"] == plan) & (table["suppressed"] == "")]
    if of_plan.empty:
        return ""
    last = of_plan[of_plan["month"] == of_plan["month"].max()]
    whole = last[(last[list(by)] == ALL).all(axis=1)] if by else last
    found = whole.set_index("outcome")["median"]
    if not {"better_off", "worse_off"} <= set(found.index):
        return ""
    groups = last.drop(whole.index)
    most = ""
    if len(by) == 1 and len(groups):
        best, worst = (_largest(groups, outcome, by[0], language) for outcome in ("better_off", "worse_off"))
        most = _MOST.in_language(language).format(gains=best[0], share=best[1], loses=worst[0], other=worst[1])
    return _TWINS.in_language(language).format(
        name=title,
        better=f"{found['better_off']:.1%}",
        worse=f"{found['worse_off']:.1%}",
        month=last["month"].iloc[0],
        most=most,
    )


def _largest(groups: pd.DataFrame, outcome: str, dimension: str, language: Language) -> tuple[str, str]:
    rows = groups[groups["outcome"] == outcome].sort_values("median", ascending=False, kind="stable")
    label = member_label(dimension, str(rows[dimension].iloc[0]), language)
    return quoted(label, language), f"{float(rows['median'].iloc[0]):.1%}"
