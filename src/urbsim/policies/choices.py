"""Words for what fields of levers are set to: members of enumerations, yes and no, amounts with their units."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from urbsim.labels import ANSWERS, Label, Language, plain_number
from urbsim.policies.base import Payer

#: Members by the name that a scenario file writes.
CHOICES: Mapping[str, Label] = {
    "village": Label("village", "乡村"),
    "town": Label("town", "建制镇"),
    "seat": Label("county seat", "县城"),
    "local_urban": Label("registered here, urban", "本地城镇户籍"),
    "local_rural": Label("registered here, rural", "本地农村户籍"),
    "elsewhere": Label("registered elsewhere", "外地户籍"),
    **{str(payer): payer.label for payer in Payer},
    "industry": Label("industry", "工业"),
    "services": Label("services", "服务业"),
    "for_sale": Label("for sale", "商品住房"),
    "public_rental": Label("public rental", "公租房"),
    "affordable_rental": Label("affordable rental", "保障性租赁住房"),
    "dormitory": Label("dormitory", "宿舍"),
    "kindergarten": Label("kindergarten", "幼儿园"),
    "primary": Label("primary school", "小学"),
    "junior": Label("junior secondary school", "初中"),
    "senior": Label("senior secondary school", "高中"),
    "college": Label("college", "大学"),
}


def choice_label(member: str) -> Label:
    """Return what a member is, in both languages; of an own lever's members only the name is known."""
    return CHOICES.get(member, Label(member, member))


def written_choice(member: str, language: Language) -> str:
    """Return a member as a file writes it, in Chinese with what it means behind it."""
    chinese = choice_label(member).zh
    return member if language == "en" or chinese == member else f"{member}（{chinese}）"


def said_setting(field: Mapping[str, Any], value: object, language: Language) -> str:
    """Return what a field is set to, in words: what it means, up to the first semicolon, and the value with its unit.

    Parameters
    ----------
    field
        The field as ``lever_reference`` describes it in the language.
    value
        What stands in the file.
    """
    meaning = re.split("[;；]", field["description"])[0]
    if language == "zh":
        return f"{meaning}：{_said(value, language)}{field['unit']}"
    return f"{meaning}: {_said(value, language)} {field['unit']}".rstrip()


def _said(value: object, language: Language) -> str:
    if isinstance(value, bool):
        return str(value).lower() if language == "en" else ANSWERS[value].zh
    if isinstance(value, list | tuple):
        return Label(" / ", "、").in_language(language).join(_said(each, language) for each in value)
    if isinstance(value, int | float):
        return plain_number(value)
    return choice_label(str(value)).in_language(language)
