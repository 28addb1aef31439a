"""Sentences about whom a lever reaches and what it costs, made from its class so that they cannot go stale."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from urbsim.labels import Label, Language, plain_number
from urbsim.policies.base import GroupName, Payer, Policy
from urbsim.policies.choices import choice_label

_ZONES = Label(
    "The zones named in 'zones' ({choices}); without it {default}.", "“zones”所列区域（{choices}）；不填则为{default}。"
)
_COUNTIES = Label("Whole counties, without distinction of zones.", "整个县，不区分区域。")
_GROUPS = Label(
    "People by registration, chosen by '{field}' ({choices}); without it {default}.",
    "按户籍划分的人群，由“{field}”选定（{choices}）；不填则为{default}。",
)
_EVERYBODY = Label("No distinction by registration.", "不区分户籍。")
_AMOUNT = Label(
    "{field}: {description}; {default} {unit} without it.", "{field}：{description}；不填则为{default}{unit}。"
)
_ASKED = Label("{field}: {description}; {unit}, to be set.", "{field}：{description}；{unit}，须填写。")
_FREE = Label("No amount of its own.", "没有自身的费用项。")
_PAYER = Label("Paid by the {payer} unless 'payer' says otherwise.", "除“payer”另有规定外，由{payer}支付。")
_CUT = Label(
    "When the county's budget is short, cut in order {order} (1 is cut first).",
    "县级预算不足时的削减次序为{order}（1最先削减）。",
)
_YUAN = ("yuan", "元")


def reach_sentences(lever: type[Policy], fields: Sequence[dict[str, Any]], language: Language) -> list[str]:
    """Return whom a lever reaches: zones or counties, and groups by registration; ``fields`` describe its fields."""
    comma = "、" if language == "zh" else ", "
    known = {field["name"]: field for field in fields}
    said = [_COUNTIES.in_language(language)]
    if lever.zonal():
        said = [_chosen(_ZONES, known["zones"], comma, language)]
    groups = {str(group) for group in GroupName}
    by_group = [field for field in fields if isinstance(field["default"], list) and set(field["default"]) <= groups]
    said += [_chosen(_GROUPS, field, comma, language) for field in by_group if field["default"]]
    return said if len(said) > 1 else [*said, _EVERYBODY.in_language(language)]


def _chosen(label: Label, field: dict[str, Any], comma: str, language: Language) -> str:
    said = {name: comma.join(_word(each, language) for each in field[name]) for name in ("choices", "default")}
    return label.in_language(language).format(field=field["name"], **said)


def _word(choice: str, language: Language) -> str:
    """Return a member as a sentence says it: in English as files write it, in Chinese what it is."""
    return choice if language == "en" else choice_label(choice).zh


def cost_sentences(lever: type[Policy], fields: Sequence[dict[str, Any]], language: Language) -> list[str]:
    """Return what a lever costs: each amount with its default, who pays, and when it is cut."""
    amounts = list(_amounts(fields, language)) or [_FREE.in_language(language)]
    payer = Payer(lever.model_fields["payer"].default).label.in_language(language)
    cut = _CUT.in_language(language).format(order=lever.cut_order)
    return [*amounts, _PAYER.in_language(language).format(payer=payer), cut]


def _amounts(fields: Sequence[dict[str, Any]], language: Language) -> Iterator[str]:
    for field in fields:
        if field["own"] and any(word in field["unit"] for word in _YUAN):
            has_default = isinstance(field["default"], int | float)
            words = {name: field[name] for name in ("description", "unit")} | {"field": field["name"]}
            words["default"] = plain_number(field["default"]) if has_default else ""
            yield (_AMOUNT if has_default else _ASKED).in_language(language).format(**words)
