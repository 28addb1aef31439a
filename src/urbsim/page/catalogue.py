"""What the forms of the page are made of: levers with the schemas of their fields, indicators, programmes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from urbsim.evidence.elasticities import sentences
from urbsim.evidence.grades import STRENGTHS, grade_of
from urbsim.labels import Label
from urbsim.observation.indicators import INDICATORS
from urbsim.page.data import in_both
from urbsim.page.errors import both
from urbsim.policies.base import Policy
from urbsim.policies.choices import choice_label
from urbsim.policies.reference import lever_reference
from urbsim.policies.registry import all_levers
from urbsim.scenario.lever_schema import bounds_of, field_schema
from urbsim.scenario.model import FEEDBACKS
from urbsim.units import unit_label

#: Fields that are filled in elsewhere on the page, or not at all.
_LEFT_OUT = ("counties", "county_types", "source")
_FIELD_NAMES = {
    "start": Label("first month", "开始月份"),
    "end": Label("last month", "结束月份"),
    "ramp_months": Label("months to full strength", "达到全部力度的月数"),
    "zones": Label("zones", "区域"),
    "payer": Label("payer", "支付方"),
    "part": Label("part of the plan", "方案的部分"),
}
#: What describes a field on the page, where its own words are those of files.
_DESCRIPTIONS = {"part": Label("part of the plan it belongs to", "所属的方案部分")}
#: What costs say of the field of who pays, by its key in a file and by its name in the form.
_PAYER = {"en": ("'payer'", "“Payer”"), "zh": ("“payer”", "“支付方”")}


@cache
def levers() -> tuple[dict[str, Any], ...]:
    """Return every lever: texts in both languages, evidence, cost, and its fields for a form."""
    return tuple(_lever(name, lever) for name, lever in all_levers().items())


def _lever(name: str, lever: type[Policy]) -> dict[str, Any]:
    english, chinese, grade = lever_reference(lever, "en"), lever_reference(lever, "zh"), grade_of(lever)
    fields = [
        _field(lever, here, there)
        for here, there in zip(english["fields"], chinese["fields"], strict=True)
        if here["name"] not in _LEFT_OUT
    ]
    return {
        "lever": name,
        "title": both(lever.title),
        "explanation": both(lever.explanation),
        "evidence": in_both(lever.evidence_in),
        "strength": {"name": str(grade.strength), **both(STRENGTHS[grade.strength])},
        "founded": in_both(grade.sentence),
        "effect": _pairs(sentences(lever, "en"), sentences(lever, "zh")),
        "domain": lever.__module__.rsplit(".", 1)[-1],
        "reaches": _pairs(english["reaches"], chinese["reaches"]),
        "cost": [_without_key(each) for each in _pairs(english["cost"], chinese["cost"])],
        "quantities": [quantity["name"] for quantity in english["quantities"]],
        "example": _plain(lever.example),
        "fields": fields,
    }


def _pairs(english: Sequence[str], chinese: Sequence[str]) -> list[dict[str, str]]:
    return [both(Label(here, there)) for here, there in zip(english, chinese, strict=True)]


def _without_key(text: dict[str, str]) -> dict[str, str]:
    """Return words on cost without keys: that of the amount they begin with, since what follows says which it is."""
    return {
        language: re.sub(r"^\w+[:：] ?(.)", lambda found: found[1].upper(), words, flags=re.ASCII).replace(
            *_PAYER[language]
        )
        for language, words in text.items()
    }


def _field(lever: type[Policy], english: Mapping[str, Any], chinese: Mapping[str, Any]) -> dict[str, Any]:
    name = english["name"]
    schema = field_schema(lever, [name])
    low, high = bounds_of(lever, [name])
    items = field_schema(lever, [name, 0]) if schema.get("type") == "array" else {}
    choices = items.get("enum") or schema.get("enum") or ()
    title = _FIELD_NAMES.get(name) or Label(name.replace("_", " "), english_or(chinese["description"], name))
    return {
        "name": name,
        "title": both(title),
        "description": both(_DESCRIPTIONS.get(name) or Label(str(english["description"]), str(chinese["description"]))),
        "unit": both(Label(english["unit"], chinese["unit"])),
        "allowed": both(Label(english["allowed"], chinese["allowed"])),
        "kind": _kind(name, schema, choices),
        "low": low if low > float("-inf") else None,
        "high": high if high < float("inf") else None,
        "choices": [{"value": str(each), **both(choice_label(str(each)))} for each in choices],
        "default": english["default"],
        "required": english["required"],
        "own": english["own"],
    }


def english_or(chinese: str, name: str) -> str:
    """Return the Chinese name of a field: the first part of what describes it."""
    return chinese.split("，", maxsplit=1)[0].split("；", maxsplit=1)[0] or name


def _kind(name: str, schema: Mapping[str, Any], choices: Any) -> str:
    kind = str(schema.get("type", "string"))
    if name in {"start", "end"}:
        return "month"
    if kind == "array":
        return "choices"
    return "choice" if choices else kind


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value


@cache
def indicators() -> tuple[dict[str, Any], ...]:
    """Return every indicator: name, definition and unit in both languages, and whether it is shown in per cent."""
    return tuple(
        {
            "name": name,
            "label": both(each.label),
            "definition": both(each.definition),
            "unit": both(unit_label(each.unit)),
            "percent": each.percent,
        }
        for name, each in INDICATORS.items()
    )


def feedbacks() -> dict[str, dict[str, str]]:
    """Return the feedbacks that a scenario can freeze."""
    return {name: both(label) for name, label in FEEDBACKS.items()}


def cost() -> dict[str, Any]:
    """Return what the public cost is called, and its unit, as an indicator is described."""
    from urbsim.report.amounts import COST_LABEL

    return {"label": both(COST_LABEL), "unit": both(unit_label("yuan")), "percent": False}


def questions() -> dict[str, Any]:
    """Return what can be asked: by what people are grouped, indicators that can be told apart, and what the cost is."""
    from urbsim.observation.dimensions import DIMENSIONS
    from urbsim.observation.measures import MEASURES

    return {
        "groups": {name: both(each.label) for name, each in DIMENSIONS.items()},
        "measures": {name: both(each.label) for name, each in MEASURES.items()},
        "cost": cost(),
    }
