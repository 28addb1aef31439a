"""A trace as tables to print, in English or Chinese."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import pandas as pd

from urbsim.labels import Label, Language
from urbsim.months import format_month
from urbsim.parameters import registry
from urbsim.processes.residence.terms import CONSTANT, TERMS
from urbsim.tracing.follow import WITH, WITHOUT
from urbsim.tracing.trace import Trace
from urbsim.tracing.words import (
    DESTINATIONS,
    EVENTS,
    INSURED,
    SCHOOLING,
    SEXES,
    STAGES,
    TENURES,
    WAYS,
    WORK,
    ZONES,
)


class Printed(NamedTuple):
    """One table: its title, headings, rows, and which columns hold numbers."""

    title: str
    headings: Sequence[Label]
    rows: Sequence[Sequence[str]]
    right: Sequence[int] = ()


_NOTHING = Label("", "")
_WITHOUT, _WITH = Label("without policies", "无政策"), Label("with policies", "有政策")
_CHOSEN = Label("chosen", "选择")
_PARTS = {
    "labour-age curve": Label("curve of the labour ages (Rogers and Castro)", "劳动年龄曲线"),
    "reconsider.floor": Label("floor at all ages", "各年龄底值"),
    "reconsider.network": Label("x factor of earlier migrants", "×先迁者带动倍数"),
    "reconsider.duration": Label("x factor of the time since coming here", "×来此时间的倍数"),
    "chance": Label("chance of looking again this month", "本月重新选择的概率"),
    "random number": Label("random number held against it", "与之比较的随机数"),
    "amenity": Label("what policies add to the amenity", "政策增加的宜居度"),
    "county constant, urban": Label("the county's own constant of towns and seat", "本县城镇常数"),
    "county constant, outside": Label("the county's own constant of places outside", "本县县外常数"),
}


def tables(trace: Trace, language: Language) -> Iterator[Printed]:
    """Yield the person, the chance of a choice, the alternatives side by side, and the terms of each."""
    yield _person(trace, language)
    yield _chance(trace, language)
    yield _alternatives(trace, language)
    for (destination, way), terms in trace.terms.groupby(["destination", "way"], sort=False):
        yield _terms(_option(str(destination), str(way), language), terms, language)


def _person(trace: Trace, language: Language) -> Printed:
    who = trace.person

    def text(label: Label) -> str:
        return label.in_language(language)

    home = f"{text(TENURES[who['tenure']])}; {_land(who, language)}"
    facts = [
        (Label("key", "编号"), who["key"]),
        (Label("sex, age", "性别、年龄"), f"{text(SEXES[who['sex']])}, {who['age']}"),
        (Label("lives in", "居住地"), _where(who["zone"], who["county"], language)),
        (Label("registered in", "户籍"), f"{_registration(who, language)}"),
        (Label("schooling", "受教育程度"), _schooling(who, language)),
        (Label("work", "就业"), _work(who, language)),
        (Label("medical insurance", "医保"), text(INSURED[bool(who["insured"])])),
        (Label("family", "家庭成员"), _family(who, language)),
        (Label("household", "家庭户"), f"{_where(who['home_zone'], '', language)}; {home}"),
        (Label("decides", "决策者"), _decides(who, language)),
    ]
    title = (
        Label("The person, {month}", "此人（{month}）").in_language(language).format(month=format_month(trace.month))
    )
    return Printed(title, (_NOTHING, _NOTHING), [[text(label), fact] for label, fact in facts])


def _where(zone: str, county: str, language: Language) -> str:
    place = ZONES[zone].in_language(language)
    return f"{place}, {county}" if county else place


def _registration(who: dict[str, Any], language: Language) -> str:
    outside = {
        "same province": Label("another county of the province", "本省其他县"),
        "other province": Label("another province", "外省"),
    }
    kind = Label("urban", "城镇户口") if who["urban_registered"] else Label("rural", "农村户口")
    if who["registration"] in outside:
        return outside[who["registration"]].in_language(language)
    return f"{_where(who['registered_zone'], who['registration'], language)}, {kind.in_language(language)}"


def _schooling(who: dict[str, Any], language: Language) -> str:
    level = SCHOOLING[who["schooling"]].in_language(language)
    return level if who["stage"] == "none" else f"{level}, {STAGES[who['stage']].in_language(language)}"


def _work(who: dict[str, Any], language: Language) -> str:
    text = WORK[who["work"]].in_language(language)
    pay = Label("{yuan:,.0f} yuan a month", "月收入{yuan:,.0f}元").in_language(language).format(yuan=who["earnings"])
    return f"{text}, {pay}" if who["earnings"] else text


def _family(who: dict[str, Any], language: Language) -> str:
    parts = []
    if who["spouse"]:
        spouse = Label("married to {key} ({zone})", "配偶{key}（{zone}）").in_language(language)
        zone = _where(who["spouse_zone"], "", language)
        parts.append(spouse.format(key=who["spouse"], zone=zone))
    else:
        parts.append(Label("single", "无配偶").in_language(language))
    children = Label("{n} children under 16", "16岁以下子女{n}人").in_language(language)
    parts.append(children.format(n=who["children_under_16"]))
    parts.append(Label("{n} at home", "在家{n}人").in_language(language).format(n=who["household_at_home"]))
    return ", ".join(parts)


def _land(who: dict[str, Any], language: Language) -> str:
    certified = Label(" (certified)", "（已确权）") if who["land_certified"] else _NOTHING
    text = Label(
        "{mu:.1f} mu of land{certified}, savings {yuan:,.0f} yuan", "承包地{mu:.1f}亩{certified}，存款{yuan:,.0f}元"
    )
    return text.in_language(language).format(
        mu=who["land"], certified=certified.in_language(language), yuan=who["savings"]
    )


def _decides(who: dict[str, Any], language: Language) -> str:
    if who["decider"] != who["key"]:
        text = Label(
            "the spouse {key}, for both; the terms are the couple's", "配偶{key}，代表夫妻双方；各项为夫妻平均"
        )
        return text.in_language(language).format(key=who["decider"])
    both = Label("for both; the terms are the couple's", "本人，代表夫妻双方；各项为夫妻平均")
    return (both if who["spouse"] else Label("alone", "本人")).in_language(language)


def _chance(trace: Trace, language: Language) -> Printed:
    outcome = (
        Label("looks again: the choice below is made", "重新选择：作出以下选择")
        if trace.person["reconsiders"]
        else Label("does not look again: the choice below is what it would be", "不重新选择：以下为假设的选择")
    )
    rows = [[name, part_label(name).in_language(language), f"{value:.6f}"] for name, value in trace.chance.items()]
    rows.append(["", outcome.in_language(language), ""])
    title = Label("Whether it comes to a choice", "是否重新选择").in_language(language)
    return Printed(title, (Label("parameter", "参数"), _NOTHING, Label("value", "值")), rows, (2,))


def part_label(name: str) -> Label:
    """Return what a part of the chance or of the constants is."""
    if name in _PARTS:
        return _PARTS[name]
    event = EVENTS.get(name.removeprefix("reconsider."))
    return event or registry()[name].label


def term_label(parameter: str, number: int) -> Label:
    """Return what the quantity of a term is; those of a place are named after their parameter."""
    return part_label(parameter) if number == CONSTANT else TERMS[number].quantity


def described(trace: Trace, language: Language) -> pd.DataFrame:
    """Return the terms with a column ``meaning``: what the quantity of each is."""
    pairs = zip(trace.terms["term"], trace.terms["of"], strict=True)
    meanings = [term_label(parameter, number).in_language(language) for parameter, number in pairs]
    return trace.terms.assign(meaning=meanings)


def _option(destination: str, way: str, language: Language) -> str:
    place = DESTINATIONS[destination].in_language(language)
    return (
        f"{place}, {WAYS[way].in_language(language)}"
        if destination not in ZONES or destination in ("near", "far")
        else place
    )


def _alternatives(trace: Trace, language: Language) -> Printed:
    sides = [trace.options[trace.options["policies"] == side].reset_index(drop=True) for side in (WITHOUT, WITH)]
    headings = [Label("alternative", "选项")]
    for name in (Label("utility", "效用"), Label("probability", "概率")):
        headings += [Label(f"{name.en} {side.en}", f"{name.zh}（{side.zh}）") for side in (_WITHOUT, _WITH)]
    headings += [
        Label("shock", "随机项"),
        *(Label(f"{_CHOSEN.en} {s.en}", f"{_CHOSEN.zh}（{s.zh}）") for s in (_WITHOUT, _WITH)),
    ]
    rows = []
    for without, having in zip(sides[0].to_dict("records"), sides[1].to_dict("records"), strict=True):
        row = [_option(str(having["destination"]), str(having["way"]), language)]
        row += [f"{side['utility']:.4f}" for side in (without, having)]
        row += [f"{100.0 * side['probability']:.2f} %" for side in (without, having)]
        row += [f"{having['shock']:.4f}", *("●" if side["chosen"] else "" for side in (without, having))]
        rows.append(row)
    title = Label("Alternatives: utility + shock decides", "选项：效用＋随机项最大者入选").in_language(language)
    return Printed(title, headings, rows, (1, 2, 3, 4, 5))


def _terms(name: str, terms: pd.DataFrame, language: Language) -> Printed:
    """Return the terms of one alternative, those that are zero without and with policies left out."""
    rows = []
    for _, pair in terms.groupby(["term", "of"], sort=False):
        sides = {side["policies"]: side for side in pair.to_dict("records")}
        if any(side["quantity"] for side in sides.values()):
            without, having = sides[WITHOUT], sides[WITH]
            numbers = (
                having["coefficient"],
                without["quantity"],
                having["quantity"],
                without["value"],
                having["value"],
            )
            label = term_label(having["term"], having["of"]).in_language(language)
            rows.append([having["term"], label, *(f"{number:.4f}" for number in numbers)])
    sums = [terms.loc[terms["policies"] == side, "value"].sum() for side in (WITHOUT, WITH)]
    rows.append(["", Label("utility", "效用").in_language(language), "", "", "", *(f"{total:.4f}" for total in sums)])
    headings = [Label("parameter", "参数"), _NOTHING, Label("coefficient", "系数")]
    for kind in (Label("quantity", "数量"), Label("value", "贡献")):
        headings += [Label(f"{kind.en} {side.en}", f"{kind.zh}（{side.zh}）") for side in (_WITHOUT, _WITH)]
    return Printed(name, headings, rows, (2, 3, 4, 5, 6))
