"""How values of a file are understood, and that a scenario written out loads again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from urbsim.months import format_month, parse_month, year_of
from urbsim.observation.indicators import INDICATORS
from urbsim.parameters import registry
from urbsim.policies.registry import all_levers
from urbsim.programmes.reading import catalogued
from urbsim.region.tables import fertility_table, mortality_table
from urbsim.scenario import (
    FEEDBACKS,
    Scenario,
    ScenarioError,
    differences,
    json_schema,
    load_scenario,
    provenance,
    resolved_yaml,
    scenario_from_mapping,
)
from urbsim.scenario.model import LAST_MONTH, SCALE_BOUNDS, Comparator

ROOT = Path(__file__).parents[2]
HEAD = {"name": "x", "region": 341282, "start": "2020-11", "until": "2035-12"}
SHIPPED = sorted((ROOT / "scenarios").rglob("*.yaml"))


def _load(folder: Path, text: str) -> Scenario:
    path = folder / "scenario.yaml"
    path.write_text(text, encoding="utf-8")
    return load_scenario(path)


def _scenario(**changes: object) -> Scenario:
    return scenario_from_mapping({**HEAD, **changes})


@pytest.mark.parametrize(
    ("region", "counties"),
    [
        (341282, {"341282"}),
        ("341282", {"341282"}),
        ("界首", {"341282"}),
        ("界首市", {"341282"}),
        ("Jieshou", {"341282"}),
        ([341282, "340102"], {"340102", "341282"}),
        (["界首", 341282], {"341282"}),
    ],
)
def test_a_region_is_a_code_or_a_unique_name_or_a_list(region: object, counties: set[str]) -> None:
    assert set(_scenario(region=region).counties) == counties


def test_a_prefecture_stands_for_its_counties_in_the_census_of_the_start() -> None:
    in_2010 = _scenario(region=1404, start="2010-11").counties
    in_2020 = _scenario(region=1404).counties
    assert "140421" in in_2010
    assert "140421" not in in_2020
    assert (len(in_2010), len(in_2020)) == (13, 12)


@pytest.mark.parametrize("word", ["on", "yes", "true", "On", "TRUE"])
def test_a_switch_is_written_on_or_yes_or_true(tmp_path: Path, word: str) -> None:
    head = yaml.safe_dump({**HEAD, "start": "2020-11"})
    scenario = _load(tmp_path, f"{head}feedbacks: {{wages: {word}, prices: off}}\n")
    assert scenario.feedbacks == {**dict.fromkeys(FEEDBACKS, True), "prices": False}


@pytest.mark.parametrize(("text", "value"), [("1e-1", 0.1), ("0.5", 0.5), (".5", 0.5), ("1", 1.0), ("5E-2", 0.05)])
def test_numbers_are_decimal_as_people_write_them(tmp_path: Path, text: str, value: float) -> None:
    assert _load(tmp_path, f"{yaml.safe_dump(HEAD)}scale: {text}\n").scale == value


def test_aliases_and_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    text = "\ufeffname: &n 界首\r\nregion: 341282\r\nstart: 2020-11\r\nuntil: 2030-12\r\ndescription: *n\r\n"
    assert _load(tmp_path, text).description == "界首"


def test_counties_of_a_policy_may_be_names_and_are_held_as_codes() -> None:
    parks = {"lever": "industrial_parks", "start": "2024-01", "posts_per_year": 9, "counties": ["界首"]}
    assert _scenario(region=3412, policies={"parks": parks}).policies["parks"].counties == ("341282",)


def test_the_registration_clause_that_treats_tenants_alike_is_met_by_one_of_its_policies() -> None:
    source = {"programme": "changzhi-2024", "clause": "四（三）1"}
    tenants = {"lever": "hukou_relaxation", "start": "2024-01", "tenants_eligible": True, "source": source}
    years = {"lever": "hukou_relaxation", "start": "2024-01", "years_required": 0, "source": source}
    assert len(_scenario(policies={"a": tenants, "b": years}).policies) == 2
    with pytest.raises(ScenarioError, match="tenants do not qualify"):
        _scenario(policies={"b": years})


months = st.integers(parse_month("2020-11"), LAST_MONTH).map(format_month)
names = st.text(min_size=1, max_size=20).filter(lambda text: text.strip() and text.isprintable())
clauses = st.sampled_from(catalogued("jieshou-2022").citable)
switches = st.dictionaries(st.sampled_from(sorted(FEEDBACKS)), st.booleans())


@st.composite
def parameter_values(draw: st.DrawFn) -> dict[str, Any]:
    chosen = draw(st.lists(st.sampled_from(sorted(registry())), unique=True, max_size=3))
    numbers = {name: st.floats(registry()[name].low, registry()[name].high) for name in chosen}
    return {
        name: draw(st.one_of(number, st.dictionaries(months, number, min_size=1, max_size=3)))
        for name, number in numbers.items()
    }


@st.composite
def policy_sets(draw: st.DrawFn) -> dict[str, Any]:
    policies = {}
    for name in draw(st.lists(names, unique=True, max_size=3)):
        lever = draw(st.sampled_from(sorted(all_levers())))
        sourced = {"source": {"programme": "jieshou-2022", "clause": draw(clauses), "given": draw(st.booleans())}}
        source: dict[str, Any] = draw(st.sampled_from([{}, sourced]))
        policies[name] = {"lever": lever, "start": draw(months), **all_levers()[lever].example, **source}
    return policies


@st.composite
def target_entries(draw: st.DrawFn) -> dict[str, Any]:
    levels: dict[str, Any] = draw(st.dictionaries(months, st.floats(0, 1), min_size=1, max_size=3))
    comparator = draw(st.sampled_from([{}, *({"comparator": str(each)} for each in Comparator)]))
    if comparator.get("comparator") == "about":
        comparator = {**comparator, **draw(st.sampled_from([{}, {"tolerance": 0.01}]))}
    clause = {"programme": "jieshou-2022", "clause": draw(clauses)}
    sources = [{}, {"source": clause}, {"source": {**clause, "given": False}}]
    comparator = {**comparator, **draw(st.sampled_from(sources))}
    relation = draw(st.sampled_from(["none", "month", "province"]))
    if relation == "month":
        comparator = {**comparator, "relative_to": draw(months)}
    if relation == "province":
        comparator = {**comparator, "relative_to": relation, "reference": dict.fromkeys(levels, 0.5)}
    return {**levels, **comparator}


targets = st.dictionaries(st.sampled_from(sorted(INDICATORS)), target_entries(), max_size=3)
scenarios = st.fixed_dictionaries(
    {
        "name": names,
        "description": st.text(max_size=50),
        "region": st.sampled_from([341282, "界首", 1404, [341282, "340102"]]),
        "start": st.just("2020-11"),
        "until": months,
        "scale": st.floats(*SCALE_BOUNDS),
        "parameters": parameter_values(),
        "policies": policy_sets(),
        "targets": targets,
        "feedbacks": switches,
    }
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example({"name": "x", "description": "\x85", "region": 341282, "start": "2020-11", "until": "2020-12"})
@example({"name": "x", "region": 341282, "start": "2020-11", "until": "2020-12", "calibrated": False})
@given(mapping=scenarios)
def test_a_resolved_scenario_written_out_loads_to_an_equal_one(tmp_path: Path, mapping: dict[str, Any]) -> None:
    scenario = scenario_from_mapping(mapping)
    again = _load(tmp_path, resolved_yaml(scenario))
    assert again == scenario
    assert resolved_yaml(again) == resolved_yaml(scenario)
    assert differences(scenario, again) == []
    assert [setting.key for setting in provenance(again)] == [setting.key for setting in provenance(scenario)]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=200))
def test_no_bytes_make_the_loader_raise_anything_but_a_scenario_error(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "bytes.yaml"
    path.write_bytes(data)
    with pytest.raises(ScenarioError):
        load_scenario(path)


SEED = (ROOT / "tests" / "scenario" / "broken" / "several_mistakes.yaml").read_text()
MARKS = "[]{}'\"\t\n#%~\\界：，、【】｛｝“”０％＃－\u3000\xa0"
WORDS = ["&a ", "*a", ": ", "- ", "? ", "!!int ", "!x ", "null", "|\n", "1e999", "9" * 5000, "  "]
PIECES = st.sampled_from([*MARKS, *WORDS])
LINES = st.sampled_from(["---\n", "<<: {a: 1}\n", "scale: .nan\n", "extends: .\n", "extends: ''\n", "start: 0x1\n"])


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=st.lists(st.tuples(st.integers(0, len(SEED)), st.integers(0, 12), PIECES | LINES), min_size=1, max_size=4))
def test_no_mangled_scenario_makes_the_loader_raise_anything_but_a_scenario_error(
    tmp_path: Path, cuts: list[tuple[int, int, str]]
) -> None:
    text = SEED
    for at, length, piece in cuts:
        text = text[:at] + piece + text[at + length :]
    with pytest.raises(ScenarioError) as caught:
        _load(tmp_path, text)
    assert all("\n" not in str(problem) for problem in caught.value.problems)


plain = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.binary(max_size=2)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=6,
)
keys = st.sampled_from(
    ["region", "start", "until", "scale", "parameters", "policies", "targets", "feedbacks", "extends"]
)


@settings(max_examples=200, deadline=None)
@given(mapping=st.dictionaries(keys, plain, max_size=4))
def test_no_mapping_raises_anything_but_a_scenario_error(mapping: dict[str, Any]) -> None:
    with pytest.raises(ScenarioError):
        scenario_from_mapping({"name": "", **mapping})


def test_differences_name_key_both_values_and_unit() -> None:
    parks = {"lever": "industrial_parks", "start": "2024-01", "posts_per_year": 100}
    left = _scenario(policies={"parks": parks})
    right = _scenario(policies={"parks": {**parks, "posts_per_year": 200}}, feedbacks={"wages": False})
    found = {each.key: (each.left, each.right) for each in differences(left, right)}
    assert found == {"policies.parks.posts_per_year": (100.0, 200.0), "feedbacks.wages": (True, False)}
    assert differences(left, right)[0].unit.startswith("posts a year")
    removed = {each.key: each.right for each in differences(left, _scenario())}
    assert removed["policies.parks.lever"] is None


def test_the_last_month_is_the_last_that_rates_of_birth_and_death_cover() -> None:
    assert fertility_table()["year"].max() == year_of(LAST_MONTH)
    assert mortality_table()["period_start"].max() >= year_of(LAST_MONTH) - 4


def test_shipped_scenarios_load_and_fit_the_json_schema() -> None:
    validator = jsonschema.Draft202012Validator(json_schema())
    validator.check_schema(json_schema())
    assert SHIPPED
    for path in SHIPPED:
        scenario = load_scenario(path, allow_code=True)
        for text in (path.read_text(encoding="utf-8"), resolved_yaml(scenario)):
            validator.validate(json.loads(json.dumps(yaml.safe_load(text))))


def test_the_json_schema_takes_the_starts_that_the_loader_takes() -> None:
    validator = jsonschema.Draft202012Validator(json_schema())
    starts = [format_month(month) for month in range(parse_month("2009-01"), parse_month("2052-01"))]
    allowed = {start for start in starts if validator.is_valid({**HEAD, "start": start})}
    assert allowed == {
        start for start in starts if "2010-11" <= start <= "2050-12" and not "2020-01" <= start <= "2020-10"
    }
    assert _scenario(start="2015-04", until="2016-01").base_year == 2010
    for start in set(starts[::7]) - allowed:
        with pytest.raises(ScenarioError, match=f"start {start} is"):
            _scenario(start=start, until=start)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"polices": {}}, "polices"),
        ({"scale": 2}, "2"),
        ({"until": "2035"}, "2035"),
        ({"policies": {"a": {"lever": "hukou_relaxation", "ramp_months": 500}}}, "500"),
        ({"policies": {"a": {"lever": "hukou_relaxation", "tenant": True}}}, "tenant"),
        ({"policies": {"a": {"lever": "hukou"}}}, "hukou"),
        ({"parameters": {"outside.far.wage_growth": 3}}, "3"),
        ({"feedbacks": {"wage": True}}, "wage"),
        ({"targets": {"urbanization": {}}}, "urbanization"),
    ],
)
def test_the_json_schema_refuses_what_the_loader_refuses(change: dict[str, Any], fault: str) -> None:
    errors = list(jsonschema.Draft202012Validator(json_schema()).iter_errors({**HEAD, **change}))
    assert errors
    assert fault in str(errors)
    with pytest.raises(ScenarioError):
        _scenario(**change)


def test_the_json_schema_describes_every_field_of_every_lever() -> None:
    definitions = json_schema()["$defs"]
    for name, lever in all_levers().items():
        properties = definitions[name]["properties"]
        assert properties.keys() >= lever.model_fields.keys() | {"lever"}
        assert all(field.get("description") for key, field in properties.items() if key != "lever")


CHANGZHI = [140423, 140425, 140426]
PARKS = {"lever": "industrial_parks", "start": "2024-01", "posts_per_year": 9}


def _with_types(policy: dict[str, object], **changes: object) -> Scenario:
    types = {"tourism": "平顺", "pilot": [140423, 140425]}
    return _scenario(region=CHANGZHI, county_types=types, policies={"parks": {**PARKS, **policy}}, **changes)


@pytest.mark.parametrize(
    ("policy", "reached"),
    [
        ({"county_types": ["pilot"]}, ("140423", "140425")),
        ({"county_types": "tourism"}, ("140425",)),
        ({"county_types": ["pilot", "tourism", "pilot"]}, ("140423", "140425")),
        ({"county_types": ["tourism"], "counties": [140426]}, ("140425", "140426")),
        ({"counties": [140426]}, ("140426",)),
        ({}, None),
    ],
)
def test_a_policy_reaches_the_counties_of_its_types_and_those_it_names(
    policy: dict[str, object], reached: tuple[str, ...] | None
) -> None:
    assert _with_types(policy).policies["parks"].counties == reached


def test_a_child_scenario_changes_the_counties_of_a_type(tmp_path: Path) -> None:
    parent = {**HEAD, "region": CHANGZHI, "county_types": {"pilot": [140423]}}
    (tmp_path / "parent.yaml").write_text(
        yaml.safe_dump({**parent, "policies": {"p": {**PARKS, "county_types": "pilot"}}})
    )
    child = _load(tmp_path, "extends: parent.yaml\ncounty_types: {pilot: [140425, 140426]}\n")
    assert child.policies["p"].counties == ("140425", "140426")


def test_county_types_survive_being_written_out(tmp_path: Path) -> None:
    scenario = _with_types({"county_types": ["tourism"], "counties": [140426]})
    assert scenario.county_types == {"tourism": ("140425",), "pilot": ("140423", "140425")}
    again = _load(tmp_path, resolved_yaml(scenario))
    assert again == scenario
    assert again.policies["parks"].county_types == ("tourism",)


def test_a_policy_that_only_reaches_other_types_leaves_a_county_alone() -> None:
    other = _with_types({"county_types": ["tourism"]})
    coverage = other.policies["parks"].coverage(parse_month("2024-01"), other.counties, np.ones(3))
    assert coverage.strength.tolist() == [0.0, 1.0, 0.0]


def test_a_policy_made_in_python_cannot_name_a_type_nobody_defined() -> None:
    with pytest.raises(ValueError, match="county_types have a meaning in a scenario only"):
        all_levers()["industrial_parks"](start="2024-01", posts_per_year=1, county_types=("pilot",))


def test_editors_accept_county_types_as_the_reader_does() -> None:
    document = {
        **HEAD,
        "region": CHANGZHI,
        "county_types": {"pilot": [140423], "tourism": "平顺"},
        "policies": {"parks": {**PARKS, "county_types": ["pilot"]}},
    }
    jsonschema.validate(document, json_schema())
    document["county_types"] = {"pilot": []}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, json_schema())


def test_a_target_without_a_comparator_is_a_lower_bound_and_others_are_read() -> None:
    mapping = {
        "name": "x",
        "region": "341282",
        "start": "2020-11",
        "until": "2035-12",
        "targets": {
            "urbanization_rate": {"2025-12": 0.55},
            "unemployment_rate": {"2025-12": 0.055, "comparator": "at_most"},
            "seat_residents": {"2025-12": 250000, "comparator": "about", "tolerance": 5000},
            "employment_rate": {"2030-12": -0.01, "relative_to": "country", "reference": {"2030-12": 0.7}},
            "residents": {"2030-12": -2000, "relative_to": "2022-12"},
        },
    }
    found = {target.indicator: target for target in scenario_from_mapping(mapping).targets}
    assert found["urbanization_rate"].comparator is Comparator.AT_LEAST
    assert found["unemployment_rate"].comparator is Comparator.AT_MOST
    assert (found["seat_residents"].comparator, found["seat_residents"].tolerance) == (Comparator.ABOUT, 5000)
    assert found["employment_rate"].level == pytest.approx(0.69)
    assert found["employment_rate"].since is None
    assert (found["residents"].since, found["residents"].level) == ("2022-12", -2000)
