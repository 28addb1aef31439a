"""What a lever's schema allows, in words: bounds, units and choices for messages, tables and editors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from math import inf, nextafter
from typing import Any

from urbsim.labels import bilingual
from urbsim.policies.base import Policy
from urbsim.policies.choices import written_choice
from urbsim.reading.wording import listed, together

Schema = Mapping[str, Any]


@cache
def schema_of(lever: type[Policy]) -> Schema:
    """Return the JSON Schema of a lever's fields."""
    return lever.model_json_schema()


def field_schema(lever: type[Policy], path: Sequence[str | int]) -> Schema:
    """Return the schema of a field, or of a value inside it, with references resolved; empty where there is none."""
    whole = schema_of(lever)
    found: Schema = whole
    for step in path:
        found = _step(found, step)
        own = {
            key: value for key, value in found.items() if key in {"unit", "unit_zh", "description", "description_zh"}
        }
        found = {**_resolved(found, whole), **own}
    return found


def _step(schema: Schema, step: str | int) -> Schema:
    if isinstance(step, int):
        prefix: Sequence[Schema] = schema.get("prefixItems", ())
        found: Any = prefix[step] if step < len(prefix) else schema.get("items", {})
    else:
        found = schema.get("properties", {}).get(step) or schema.get("additionalProperties", {})
    unit = {key: value for key, value in schema.items() if key in {"unit", "unit_zh"}}
    return {**unit, **found} if isinstance(found, Mapping) else unit


def _resolved(schema: Schema, whole: Schema) -> Schema:
    """Follow references and drop the alternative 'null', which a file expresses by leaving the key out."""
    if reference := schema.get("$ref"):
        return _resolved(whole.get("$defs", {}).get(reference.rsplit("/", 1)[-1], {}), whole)
    options = [option for option in schema.get("anyOf", ()) if option.get("type") != "null"]
    return _resolved(options[0], whole) if options else schema


def allowed_by(lever: type[Policy], path: Sequence[str | int]) -> str:
    """Return in words what may stand at a place of a policy, with bounds and unit."""
    schema = field_schema(lever, path)
    if choices := schema.get("enum"):
        members = [str(choice) for choice in choices]
        told = listed(written_choice(member, "zh") for member in members)
        return bilingual(f"one of {listed(members)}", f"{told}之一")
    kind = schema.get("type")
    if kind in {"integer", "number"}:
        return _number(
            schema, bilingual("a whole number", "整数") if kind == "integer" else bilingual("a number", "数字")
        )
    if kind == "boolean":
        return bilingual("true or false", "true（是）或 false（否）")
    if kind == "array":
        least = (
            bilingual(f" of at least {schema['minItems']}", f"（至少 {schema['minItems']} 项）")
            if schema.get("minItems")
            else ""
        )
        return bilingual(
            f"a list{least}, each item {allowed_by(lever, [*path, 0])}",
            f"列表{least}，每项为{allowed_by(lever, [*path, 0])}",
        )
    if kind == "object":
        return _mapping(lever, path, schema)
    return bilingual("text", "文本") if kind == "string" else described(schema)


def described(schema: Schema) -> str:
    """Return what a field means; in English where it says so in no other language."""
    english = str(schema.get("description", ""))
    return bilingual(english, str(schema.get("description_zh", english)))


def bounds_of(lever: type[Policy], path: Sequence[str | int]) -> tuple[float, float]:
    """Return between which numbers a field lies, both included; infinite where it has no bound."""
    schema = field_schema(lever, path)
    low = schema.get("minimum", schema.get("exclusiveMinimum", -inf))
    high = schema.get("maximum", schema.get("exclusiveMaximum", inf))
    # A bound that is excluded is left by the smallest step that a number can take.
    return (
        nextafter(low, inf) if "exclusiveMinimum" in schema else low,
        nextafter(high, -inf) if "exclusiveMaximum" in schema else high,
    )


def _number(schema: Schema, noun: str) -> str:
    words = {
        "minimum": bilingual("at least", "不小于"),
        "exclusiveMinimum": bilingual("more than", "大于"),
        "maximum": bilingual("at most", "不大于"),
        "exclusiveMaximum": bilingual("less than", "小于"),
    }
    bounds = [f"{word} {schema[key]:,}" for key, word in words.items() if key in schema]
    if "minimum" in schema and "maximum" in schema:
        bounds = [
            bilingual(
                f"from {schema['minimum']:,} to {schema['maximum']:,}",
                f"{schema['minimum']:,} 至 {schema['maximum']:,}",
            )
        ]
    name = schema.get(bilingual("unit", "unit_zh"))
    unit = bilingual(f" ({name})", f"（{name}）") if name else ""
    return bilingual(f"{noun} {together(bounds)}".rstrip(), f"{together(bounds)} 的{noun}" if bounds else noun) + unit


def _mapping(lever: type[Policy], path: Sequence[str | int], schema: Schema) -> str:
    if properties := schema.get("properties"):
        return bilingual(f"a mapping with the keys {listed(properties)}", f"含有键 {listed(properties)} 的映射")
    names = _resolved(schema.get("propertyNames", {}), schema_of(lever)).get("enum")
    keys = bilingual(f" of {listed(names)}", f"（{listed(names)}）") if names else ""
    return bilingual(
        f"a mapping{keys}, each {allowed_by(lever, [*path, '*'])}",
        f"映射{keys}，每项为{allowed_by(lever, [*path, '*'])}",
    )


def keys_of(lever: type[Policy], path: Sequence[str | int]) -> list[str]:
    """Return the keys that a mapping at a place of a policy may have."""
    schema = field_schema(lever, path) if path else schema_of(lever)
    names = _resolved(schema.get("propertyNames", {}), schema_of(lever)).get("enum", ())
    return list(schema.get("properties", names))


def unit_of(lever: type[Policy], path: Sequence[str | int], *, chinese: bool = False) -> str:
    """Return the unit of a field, empty where it has none."""
    return str(field_schema(lever, path).get("unit_zh" if chinese else "unit", ""))
