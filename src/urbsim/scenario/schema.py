"""The JSON Schema of the scenario file, for editors that complete and check while one types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from urbsim.labels import bilingual, bracketed
from urbsim.months import CENSUS_YEARS, census_month, format_month, month_number, year_of
from urbsim.observation.indicators import INDICATORS
from urbsim.parameters import Parameter, registry
from urbsim.policies.base import Policy, Source
from urbsim.region.figures import FIGURES
from urbsim.scenario.fields import PURE_NUMBER
from urbsim.scenario.keys import KEYS
from urbsim.scenario.model import FEEDBACKS, LAST_MONTH, REFERENCES, SCALE_BOUNDS, Comparator
from urbsim.scenario.observe_fields import AGE, AGES_FORM, OBSERVE_KEYS
from urbsim.scenario.observed import OBSERVATION_KEYS
from urbsim.scenario.rules import PROGRAMMES
from urbsim.scenario.target_fields import TARGET_KEYS
from urbsim.units import unit_label

_BOTH = {
    "type": "object",
    "properties": {"en": {"type": "string"}, "zh": {"type": "string"}},
    "required": ["en", "zh"],
    "additionalProperties": False,
}
_TEXT: dict[str, list[Any]] = {"anyOf": [{"type": "string"}, _BOTH]}
_MONTH = {"type": "string", "pattern": r"^(19|20|21)\d\d-(0[1-9]|1[0-2])$"}
_MONTH_KEYS = r"^(19|20|21)\d\d-(0[1-9]|1[0-2])$"
_SWITCH = {"anyOf": [{"type": "boolean"}, {"enum": ["on", "off", "yes", "no"]}]}
_PLACE: dict[str, list[Any]] = {"anyOf": [{"type": "integer"}, {"type": "string"}]}
_PLACES: dict[str, list[Any]] = {"anyOf": [*_PLACE["anyOf"], {"type": "array", "items": _PLACE, "minItems": 1}]}
_NAMES: dict[str, list[Any]] = {
    "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]
}
_NEEDED = {"name", "description", "extends", "region", "start", "until"}
_REMOVED = {"type": "null", "description": "removes what the parent file has (去掉上级文件中的内容)"}


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a scenario file, with the fields of every built-in lever.

    A file that extends another one states only what differs, so the schema requires no key.
    """
    definitions: dict[str, Any] = {}
    properties: dict[str, Any] = {
        "name": _TEXT,
        "description": _TEXT,
        "extends": {"type": "string"},
        "region": _PLACES,
        "start": {"type": "string", "pattern": _starts()},
        "until": _MONTH,
        "scale": {"type": "number", "minimum": SCALE_BOUNDS[0], "maximum": SCALE_BOUNDS[1]},
        "parameters": _closed({name: _parameter(each) for name, each in registry().items()}),
        "county_types": {"type": "object", "additionalProperties": {"anyOf": [*_PLACES["anyOf"], _REMOVED]}},
        "policies": {"type": "object", "additionalProperties": _policies(definitions)},
        "targets": _targets(),
        "observe": {"type": "object", "additionalProperties": {"anyOf": [_observation(), _REMOVED]}},
        "feedbacks": _closed({name: {**_SWITCH, "description": str(label)} for name, label in FEEDBACKS.items()}),
        "county_data": _county_data(),
        "observed": _observed(),
        "posterior": {"type": "string"},
        "calibrated": _SWITCH,
    }
    described = {key: schema if key in _NEEDED else _or_null(schema) for key, schema in properties.items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "urbsim scenario",
        **_closed({key: {"description": str(KEYS[key]), **schema} for key, schema in described.items()}),
        "$defs": definitions,
    }


def _starts() -> str:
    """Return the pattern of the first months of an output: a census, or later, but not before it in its year."""
    of_census = [
        format_month(month) for year in CENSUS_YEARS for month in range(census_month(year), month_number(year + 1))
    ]
    others = [str(year) for year in range(CENSUS_YEARS[0], year_of(LAST_MONTH) + 1) if year not in CENSUS_YEARS]
    return f"^({'|'.join(of_census)}|({'|'.join(others)})-(0[1-9]|1[0-2]))$"


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema that also takes the null with which a child removes what its parent has."""
    known: dict[str, Any] = {key: schema[key] for key in ("description", "default") if key in schema}
    return {**known, "anyOf": [{key: value for key, value in schema.items() if key not in known}, _REMOVED]}


def _closed(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _dated(number: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "patternProperties": {_MONTH_KEYS: number}, "additionalProperties": False}


def _parameter(parameter: Parameter) -> dict[str, Any]:
    number = {"type": "number", "minimum": parameter.low, "maximum": parameter.high}
    default = "dated" if isinstance(parameter.value, Mapping) else f"{parameter.value:g}"
    unit = "" if parameter.unit == PURE_NUMBER else f" ({parameter.unit})"
    text = bilingual(
        f"{parameter.label.en}{unit}; {default} without it. {parameter.source}",
        f"{parameter.label.zh}{unit}；不写则为 {default}。{parameter.source}",
    )
    return {"description": text, "anyOf": [number, _dated({"anyOf": [number, _REMOVED]}), _REMOVED]}


def _targets() -> dict[str, Any]:
    source = Source.model_json_schema()
    source["properties"]["programme"]["enum"] = list(PROGRAMMES)
    source.pop("required", None)
    number = {"anyOf": [{"type": "number"}, _REMOVED]}
    forms: dict[str, Any] = {
        "comparator": {"enum": [str(each) for each in Comparator]},
        "tolerance": {"type": "number", "minimum": 0},
        "relative_to": {"anyOf": [{"enum": list(REFERENCES)}, _MONTH]},
        "reference": _dated(number),
    }
    described = {key: {"description": str(TARGET_KEYS[key]), "anyOf": [form, _REMOVED]} for key, form in forms.items()}
    entry = _dated(number)
    entry["properties"] = {**described, "source": source}
    return _closed(
        {
            name: {
                "description": bracketed(str(indicator.label), str(unit_label(indicator.unit))),
                "anyOf": [entry, _REMOVED],
            }
            for name, indicator in INDICATORS.items()
        }
    )


def _county_data() -> dict[str, Any]:
    """Return the schema of figures of counties: a file, figures of the only county, or figures by county."""
    figures = {
        name: {
            "description": bracketed(str(figure.label), str(unit_label(figure.unit))),
            "anyOf": [{"type": "number"}, _REMOVED],
        }
        for name, figure in FIGURES.items()
    }
    by_county = {"type": "object", "additionalProperties": {"anyOf": [_closed(figures), _REMOVED]}}
    return {"anyOf": [{"type": "string"}, _closed(figures), by_county]}


def _observation() -> dict[str, Any]:
    """Return the schema of one thing observed by group."""
    from urbsim.observation.dimensions import DIMENSIONS
    from urbsim.observation.measures import MEASURES

    members = {
        name: {"description": str(each.label), "anyOf": [_one_or_more(each.members), _REMOVED]}
        for name, each in DIMENSIONS.items()
        if name != AGE
    }
    ages = {"description": str(AGES_FORM), "anyOf": [{"type": "string"}, _REMOVED]}
    forms = {
        "indicator": {"enum": list(MEASURES)},
        "by": _one_or_more(DIMENSIONS),
        "of": _closed({AGE: ages, **members}),
    }
    return _closed(
        {key: {"description": str(OBSERVE_KEYS[key]), "anyOf": [form, _REMOVED]} for key, form in forms.items()}
    )


def _one_or_more(names: Iterable[str]) -> dict[str, Any]:
    one = {"enum": list(names)}
    return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1}]}


def _observed() -> dict[str, Any]:
    """Return the schema of observations: a file, or a list."""
    forms: dict[str, Any] = {
        "place": _PLACE,
        "month": _MONTH,
        "indicator": {"enum": list(INDICATORS)},
        "value": {"type": "number"},
        "tolerance": {"type": "number", "minimum": 0},
        "source": {"type": "string"},
        "target": _SWITCH,
    }
    one = _closed({key: {"description": str(OBSERVATION_KEYS[key]), **form} for key, form in forms.items()})
    return {"anyOf": [{"type": "string"}, {"type": "array", "items": one}]}


def _policies(definitions: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of one policy: its lever decides which further keys it has."""
    from urbsim.policies.registry import all_levers

    levers = all_levers()
    for name, lever in levers.items():
        definitions[name] = _lever(lever, definitions)
    names = {
        "description": bilingual(
            "a built-in lever, or FILE.py:CLASS for one of your own", "内置政策工具，或自己的 文件.py:类名"
        ),
        "anyOf": [{"enum": list(levers)}, {"type": "string", "pattern": r"\.py:\w+$"}],
    }
    branches = [
        {
            "if": {"properties": {"lever": {"const": name}}, "required": ["lever"]},
            "then": {"$ref": f"#/$defs/{name}"},
        }
        for name in levers
    ]
    policy = {"type": "object", "properties": {"lever": names, **_common()}, "allOf": branches}
    return {"anyOf": [policy, _REMOVED]}


def _lever(lever: type[Policy], definitions: dict[str, Any]) -> dict[str, Any]:
    schema = lever.model_json_schema(ref_template="#/$defs/{model}")
    definitions.update(schema.pop("$defs", {}))
    schema.pop("required", None)
    schema["title"], schema["description"] = str(lever.title), str(lever.explanation)
    for field in schema["properties"].values():
        if unit := field.get("unit"):
            field["description"] = bracketed(field.get("description", ""), str(unit)).lstrip()
    fields = {name: _or_null(field) for name, field in schema["properties"].items()}
    schema["properties"] = {"lever": {"const": lever.lever}, **fields, **_common()}
    return schema


def _common() -> dict[str, Any]:
    """Return the fields of every policy whose form in a file is wider than the lever's own schema."""
    fields = Policy.model_json_schema()["properties"]
    forms = {"start": [_MONTH], "end": [_MONTH], "counties": _PLACES["anyOf"], "county_types": _NAMES["anyOf"]}
    described = {key: {"description": fields[key]["description"]} for key in forms}
    return {key: {**described[key], "anyOf": [*forms[key], _REMOVED]} for key in described}
