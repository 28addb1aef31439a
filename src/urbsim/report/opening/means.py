"""Through which policies: what each part of a plan adds where that was computed, else where its money goes."""

from __future__ import annotations

from urbsim.experiment.ensemble import Ensemble
from urbsim.labels import Label, Language
from urbsim.report import text
from urbsim.report.answers import Answers, Contributed
from urbsim.report.numbers import format_of, share_text
from urbsim.report.opening.quantities import MOST_PLANS, change, following, listed, quoted
from urbsim.scenario.model import Scenario

_MOST_NAMED, _NAMED_OF_SEVERAL = 4, 2
_NONE = Label("No scenario has a policy.", "各情景均无政策。")
_SAME = Label("No policy tells the scenarios apart.", "各情景的政策没有差别。")
_NONE_OF_ITS_OWN = Label("{name} has no policy of its own.", "{name}没有自己的政策。")
_ONE = Label("{name} has one policy, {parts}{cut}.", "{name}有1项政策：{parts}{cut}。")
_SHARES = Label(
    "{name} has {count} policies; what they cost goes above all to {parts}{cut}.",
    "{name}有{count}项政策，支出主要用于{parts}{cut}。",
)
_SHARE = Label("{part} ({share})", "{part}（{share}）")
_UNPAID = Label(
    "{name} has {count} policies, which cost nothing: {parts}{cut}.",
    "{name}有{count}项政策，均无公共支出：{parts}{cut}。",
)
_ASK = Label("Which policies did it, urbsim contributions says.", "各项政策的作用可用urbsim contributions计算。")
_DID = Label(
    "Of the change of {whole} that {name} makes in {indicator} by {month}, {parts}{cut}.",
    "到{month}{name}使{indicator}变化{whole}，其中{parts}{cut}。",
)
_DID_PART = Label("{part} adds {value}", "{part}贡献{value}")
_WHERE_CUT = Label("; where limits cut, {parts} of what was asked for", "；受限的政策中{parts}")
_CUT_OF = {
    "money": Label("money carried {share}", "资金到位{share}"),
    "land": Label("land carried {share}", "用地落实{share}"),
}


def means_sentence(ensemble: Ensemble, answers: Answers, language: Language) -> str:
    """Return the sentence on the policies of every plan, or on those of the only scenario."""
    if not any(scenario.policies for scenario in ensemble.plan.scenarios):
        return _NONE.in_language(language)
    base, *others = ensemble.plan.scenarios
    plans = others[:MOST_PLANS] or [base]
    own = {plan.name: _own_policies(plan, base) for plan in plans}
    if not any(own.values()):
        return _SAME.in_language(language)
    most = _MOST_NAMED if len(plans) == 1 else _NAMED_OF_SEVERAL
    said, is_open = [], False
    for plan in plans:
        found = answers.contributions_of(plan.name)
        cut = _cut(ensemble, plan.name, language)
        if found and own[plan.name]:
            said.append(_did(found, quoted(plan.title.in_language(language), language), cut, most, language))
        else:
            is_open = is_open or len(own[plan.name]) > 1
            said.append(_shares(ensemble, plan, own[plan.name], cut, most, language))
    return following([*said, *([_ASK.in_language(language)] if is_open else [])], language)


def _own_policies(plan: Scenario, base: Scenario) -> list[str]:
    """Return the policies that a plan has and the baseline has not, or not so; all of a single scenario."""
    return [name for name, policy in plan.policies.items() if plan is base or base.policies.get(name) != policy]


def _shares(ensemble: Ensemble, plan: Scenario, own: list[str], cut: str, most: int, language: Language) -> str:
    """Return how many policies a plan has of its own, and which of their parts cost most."""
    said = {"name": quoted(plan.title.in_language(language), language), "count": len(own), "cut": cut}
    if not own:
        return _NONE_OF_ITS_OWN.in_language(language).format(**said)
    table = ensemble.spending(("policy",))
    rows = table[(table["scenario"] == plan.name) & table["policy"].isin(own)]
    spent = dict(zip(rows["policy"], rows["yuan"], strict=True))
    by_part: dict[str, float] = {}
    for name in own:
        label = plan.policies[name].part or plan.policies[name].title
        part = label.zh if language == "zh" else label.en
        by_part[part] = by_part.get(part, 0.0) + float(spent.get(name, 0.0))
    if len(own) == 1:
        return _ONE.in_language(language).format(**said, parts=listed(list(by_part), language))
    total = sum(by_part.values())
    if total < 1.0:
        return _UNPAID.in_language(language).format(**said, parts=listed(list(by_part)[:most], language))
    ranked = sorted(by_part.items(), key=lambda pair: -pair[1])[:most]
    parts = [
        _SHARE.in_language(language).format(part=part, share=share_text(yuan / total))
        for part, yuan in ranked
        if yuan > 0
    ]
    return _SHARES.in_language(language).format(**said, parts=listed(parts, language))


def _did(found: Contributed, name: str, cut: str, most: int, language: Language) -> str:
    whole = float(found.whole["median"])
    form = format_of(found.indicator, abs(whole), language)
    ranked = sorted(found.parts, key=lambda part: -abs(part["shapley"]))[:most]
    parts = [
        _DID_PART.in_language(language).format(
            part=part["name_zh"] if language == "zh" else part["name"], value=form.difference(part["shapley"])
        )
        for part in ranked
    ]
    return _DID.in_language(language).format(
        whole=change(found.indicator, whole, language),
        name=name,
        indicator=text.indicator_label(found.indicator, language, capital=False),
        month=found.month,
        parts=listed(parts, language),
        cut=cut,
    )


def _cut(ensemble: Ensemble, name: str, language: Language) -> str:
    """Return how much of what the policies ask for money and land allowed; empty where all of it."""
    table = ensemble.cuts()
    rows = table[(table["scenario"] == name) & (table["policy"] != "")] if len(table) else table
    said = []
    for limit, words in _CUT_OF.items():
        cut = rows[rows["limit"] == limit] if len(rows) else rows
        if len(cut) and float(cut["wanted"].sum()) > 0:
            share = float(cut["possible"].sum() / cut["wanted"].sum())
            said.append(words.in_language(language).format(share=share_text(share)))
    if not said:
        return ""
    return _WHERE_CUT.in_language(language).format(parts=listed(said, language))
