"""What is written can be read: every shipped scenario, and every lever with any values of its fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from urbsim.months import format_month
from urbsim.observation.observe import Observation
from urbsim.policies.base import Policy
from urbsim.policies.registry import all_levers
from urbsim.scenario import (
    Scenario,
    ScenarioError,
    differences,
    load_scenario,
    provenance,
    scenario_from_mapping,
    write_scenario,
)
from urbsim.scenario.lever_schema import field_schema
from urbsim.scenario.model import LAST_MONTH, SCALE_BOUNDS
from urbsim.scenario.schema import json_schema

SHIPPED = sorted((Path(__file__).parents[2] / "scenarios").rglob("*.yaml"))
HEAD = {
    "name": "x",
    "region": [341282, 340102],
    "start": "2020-11",
    "until": "2035-12",
    "county_types": {"pilot": 341282},
}
COMMON: dict[str, st.SearchStrategy[Any]] = {
    "start": st.integers(2020 * 12, 2030 * 12).map(format_month),
    "end": st.integers(2030 * 12, LAST_MONTH).map(format_month),
    "ramp_months": st.integers(0, 240),
    "zones": st.lists(st.sampled_from(["village", "town", "seat"]), min_size=1, unique=True),
    "counties": st.sampled_from([[341282], ["340102", 341282], ["瑶海"]]),
    "county_types": st.just(["pilot"]),
    "payer": st.sampled_from(["county", "province", "centre"]),
    "source": st.sampled_from(
        [
            {"programme": "jieshou-2022", "clause": "二(一)"},
            {"programme": "jieshou-2022", "clause": "三（一）1、二(一)", "given": True},
        ]
    ),
}


def _again(scenario: Scenario, folder: Path) -> Scenario:
    """Write a scenario, read it, and check that nothing was lost."""
    write_scenario(scenario, folder / "written.yaml")
    again = load_scenario(folder / "written.yaml", allow_code=True)
    if not any(policy.origin for policy in scenario.policies.values()):
        assert again == scenario
    assert differences(scenario, again) == []
    keys = [[(each.key, each.value, each.unit) for each in provenance(one)] for one in (scenario, again)]
    assert [key for key in keys[0] if "lever" not in key[0]] == [key for key in keys[1] if "lever" not in key[0]]
    return again


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_shipped_scenario_can_be_read_again(tmp_path: Path, path: Path) -> None:
    scenario = load_scenario(path, allow_code=True)
    assert _again(scenario, tmp_path).policies.keys() == scenario.policies.keys()


def test_a_scenario_changed_on_the_command_line_can_be_read_again(tmp_path: Path) -> None:
    scenario = scenario_from_mapping({**HEAD, "description": "一\n二\u2028\x85: #'\"", "calibrated": False})
    for changed in (
        replace(scenario, scale=SCALE_BOUNDS[0]),
        replace(scenario, scale=0.0005),
        replace(scenario, until=scenario.start),
        replace(scenario, until=LAST_MONTH),
    ):
        assert _again(changed, tmp_path) == changed


def test_a_field_that_a_lever_refuses_at_its_default_is_not_written(tmp_path: Path) -> None:
    homes = {"lever": "affordable_housing", "start": "2021-01", "kind": "for_sale", "dwellings_per_year": 300}
    _again(scenario_from_mapping({**HEAD, "policies": {"homes": homes}}), tmp_path)
    assert "eligible" not in (tmp_path / "written.yaml").read_text()
    _again(scenario_from_mapping({**HEAD, "policies": {"homes": {**homes, "kind": "public_rental"}}}), tmp_path)
    assert "eligible" in (tmp_path / "written.yaml").read_text()


def _values(schema: Mapping[str, Any], lever: type[Policy], path: tuple[str | int, ...]) -> st.SearchStrategy[Any]:
    """Return what a field may hold, from its schema."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    match schema.get("type"):
        case "boolean":
            return st.booleans()
        case "integer":
            return st.integers(int(schema.get("minimum", 0)), int(schema.get("maximum", 10**6)))
        case "number":
            low = schema.get("exclusiveMinimum", schema.get("minimum", -1e6))
            high = schema.get("exclusiveMaximum", schema.get("maximum", 1e6))
            return st.floats(
                low, high, exclude_min="exclusiveMinimum" in schema, exclude_max="exclusiveMaximum" in schema
            )
        case "array":
            inner = _values(field_schema(lever, (*path, 0)), lever, (*path, 0))
            return st.lists(inner, min_size=1, max_size=4, unique_by=repr)
        case _:
            raise AssertionError(f"{lever.lever}.{path}: {schema}")


def _fields(lever: type[Policy]) -> dict[str, st.SearchStrategy[Any]]:
    own = [name for name in lever.model_fields if name not in {*COMMON, "part"}]
    return {**COMMON, **{name: _values(field_schema(lever, (name,)), lever, (name,)) for name in own}}


@pytest.mark.parametrize("name", all_levers())
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_policy_with_any_values_can_be_read_again(tmp_path: Path, name: str, data: st.DataObject) -> None:
    lever = all_levers()[name]
    fields = _fields(lever)
    chosen = data.draw(st.sets(st.sampled_from(sorted(fields))))
    optional = [field for field in lever.example if not lever.model_fields[field].is_required()]
    dropped = data.draw(st.sets(st.sampled_from(optional))) if optional else set()
    policy = {"lever": name, "start": "2020-01", **lever.example}
    policy = {field: value for field, value in policy.items() if field not in dropped}
    for field in sorted(chosen):
        policy[field] = data.draw(fields[field])
    try:
        scenario = scenario_from_mapping({**HEAD, "policies": {"政策: #1": policy}})
    except ScenarioError:
        assume(False)
    assert _again(scenario, tmp_path) == scenario


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_shipped_scenario_describes_itself(path: Path) -> None:
    assert load_scenario(path, allow_code=True).description


def test_what_is_observed_by_group_is_written_and_read_and_a_child_removes_it(tmp_path: Path) -> None:
    young = {"indicator": "post_share", "by": ["schooling", "sex"], "of": {"age": "16-34", "zone": "seat"}}
    everybody = {"indicator": "residents"}
    mapping = {**HEAD, "observe": {"young": young, "of everybody": everybody, "old": {**young, "of": {"age": "60+"}}}}
    scenario = scenario_from_mapping(mapping)
    assert scenario.observe["young"] == Observation("post_share", ("schooling", "sex"), {"zone": ("seat",)}, (16, 34))
    assert scenario.observe["of everybody"] == Observation("residents", ())
    assert scenario.observe["old"].ages == (60, 120)
    assert _again(scenario, tmp_path) == scenario
    Draft202012Validator(json_schema()).validate(mapping)
    child = {"extends": "written.yaml", "observe": {"young": None, "old": {"by": "sex"}}}
    assert scenario_from_mapping({"name": "y", **child}, tmp_path).observe == {
        "of everybody": Observation("residents", ()),
        "old": Observation("post_share", ("sex",), {}, (60, 120)),
    }
