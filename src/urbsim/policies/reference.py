"""What a lever is and how to write it, as plain data read from its class: for tables, pages and JSON."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from types import UnionType
from typing import Any, Union, get_args, get_origin

import yaml
from pydantic import PlainSerializer
from pydantic.fields import FieldInfo

from urbsim.labels import Label, Language, plain_number
from urbsim.months import format_month
from urbsim.policies.base import Part, Policy, Source
from urbsim.policies.choices import written_choice
from urbsim.policies.sentences import cost_sentences, reach_sentences
from urbsim.quantities.environment import DECLARATIONS
from urbsim.reading.wording import clauses

_RULES = {
    "add": Label("amounts add up", "各项相加"),
    "multiply": Label("factors multiply", "各项相乘"),
    "highest": Label("the highest counts", "取最高值"),
    "lowest": Label("the lowest counts", "取最低值"),
}
_SOURCE = f"{{{', '.join(Source.model_fields)}}}"
#: What fields of some types take.
_FORMS: dict[type, Label] = {
    Part: Label("text, or {en, zh}", "文本，或{en, zh}"),
    Source: Label(_SOURCE, _SOURCE),
    bool: Label("true, false", "true（是）、false（否）"),
}
_EXAMPLE_START = "2023-01"


def allowed_and_unit(field: dict[str, Any]) -> str:
    """Return what a field takes and in which unit, on one line."""
    return clauses(text for text in (field["allowed"], field["unit"]) if text)


def lever_reference(lever: type[Policy], language: Language = "en") -> dict[str, Any]:
    """Return everything a user needs to know about a lever, as plain data in one language.

    Returns
    -------
    dict
        ``lever``, ``title``, ``explanation``, ``evidence``, ``reaches`` and ``cost`` (sentences), ``quantities`` (name,
        unit, rule), ``fields`` (name, description, unit, allowed, choices, default, required, own: false for the
        fields that every lever has) and ``example`` (a block of YAML).
    """
    own_first = sorted(lever.model_fields.items(), key=lambda item: item[0] in Policy.model_fields)
    fields = [
        _field(name, info, name not in Policy.model_fields, language)
        for name, info in own_first
        if name != "zones" or lever.zonal()
    ]
    return {
        "lever": lever.spec(),
        "title": lever.title.in_language(language),
        "explanation": lever.explanation.in_language(language),
        "evidence": lever.evidence_in(language),
        "reaches": reach_sentences(lever, fields, language),
        "cost": cost_sentences(lever, fields, language),
        "quantities": [quantity_reference(name, language) for name in lever.quantities],
        "fields": fields,
        "example": example_yaml(lever),
    }


def quantity_reference(name: str, language: Language = "en") -> dict[str, str]:
    """Return a named quantity's unit and rule of combination in one language."""
    declared = DECLARATIONS[name]
    rule = _RULES[declared.rule].in_language(language)
    return {"name": name, "unit": declared.unit.in_language(language), "rule": rule}


def example_yaml(lever: type[Policy]) -> str:
    """Return a block of a scenario file that uses the lever."""
    fields = {"lever": lever.spec(), "start": _EXAMPLE_START, **lever.example}
    lines = [f"    {name}: {_in_one_line(value)}" for name, value in fields.items()]
    return "\n".join(["policies:", f"  my_{lever.lever}:", *lines, ""])


def _in_one_line(value: Any) -> str:
    text: str = yaml.safe_dump(value, allow_unicode=True, default_flow_style=True, width=1000)
    return text.removesuffix("...\n").strip()


def _field(name: str, info: FieldInfo, own: bool, language: Language) -> dict[str, Any]:
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    chinese = language == "zh"
    return {
        "name": name,
        "description": extra.get("description_zh", info.description) if chinese else info.description,
        "unit": extra.get("unit_zh" if chinese else "unit", ""),
        "allowed": _allowed(info, language),
        "choices": _choices(info),
        "default": _plain(info.default) if not info.is_required() else None,
        "required": info.is_required(),
        "own": own,
    }


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value.value if isinstance(value, Enum) else value


def _allowed(info: FieldInfo, language: Language) -> str:
    types = [*_types(info.annotation), *info.metadata]
    choices, several = _choices(info), tuple in types
    if choices:
        opening = Label("a list of ", "列表：") if several else Label("", "")
        words = (written_choice(choice, language) for choice in choices)
        return opening.in_language(language) + Label(", ", "、").in_language(language).join(words)
    if several:
        return Label("a list", "列表").in_language(language)
    for kind, label in _FORMS.items():
        if kind in types:
            return label.in_language(language)
    if any(isinstance(item, PlainSerializer) and item.func is format_month for item in types):
        return "YYYY-MM"
    return _bounds(info, language)


def _choices(info: FieldInfo) -> list[str]:
    """Return the members that a field chooses from; empty where it takes something else."""
    types = [*_types(info.annotation), *info.metadata]
    return [str(item.value) for kind in types if isinstance(kind, type) and issubclass(kind, Enum) for item in kind]


def _types(annotation: Any) -> Iterator[Any]:
    """Yield the plain types inside an annotation, and what ``Annotated`` says about them."""
    origin = get_origin(annotation)
    if origin is None:
        yield annotation
        return
    if origin not in (Union, UnionType):
        yield origin
    for inner in get_args(annotation):
        yield from _types(inner)


def _bounds(info: FieldInfo, language: Language) -> str:
    limits = {
        key: getattr(rule, key) for rule in info.metadata for key in ("gt", "ge", "lt", "le") if hasattr(rule, key)
    }
    if {"ge", "le"} <= limits.keys():
        low, high = _number(limits["ge"]), _number(limits["le"])
        return Label(f"{low} to {high}", f"{low} 至 {high}").in_language(language)
    words = {
        "gt": Label("more than", "大于"),
        "ge": Label("at least", "不小于"),
        "lt": Label("less than", "小于"),
        "le": Label("at most", "不大于"),
    }
    said = [f"{label.in_language(language)} {_number(limits[key])}" for key, label in words.items() if key in limits]
    return Label(", ", "，").in_language(language).join(said)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,}"


def default_text(field: dict[str, Any], required: str) -> str:
    """Return a field's default as it would be written in a scenario file, or the word for a required field."""
    default = field["default"]
    if field["required"]:
        return required
    if isinstance(default, list):
        return f"[{', '.join(default)}]"
    if isinstance(default, bool):
        return str(default).lower()
    if isinstance(default, float):
        return plain_number(default, grouped=False)
    return "" if default is None else str(default)
