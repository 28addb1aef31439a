"""What ``extends`` does, and that every value remembers where it was written."""

from __future__ import annotations

from pathlib import Path

import pytest

from urbsim.months import parse_month
from urbsim.scenario import ScenarioError, load_scenario, provenance

PARENT = """\
name: parent
region: 341282
start: 2020-11
until: 2035-12
parameters:
  outside.far.wage_growth: {2020-01: 0.03, 2030-01: 0.02}
policies:
  hukou:
    lever: hukou_relaxation
    start: 2023-01
    zones: [seat, town]
    years_required: 1
    tenants_eligible: true
  parks: {lever: industrial_parks, start: 2024-01, posts_per_year: 300}
targets:
  urbanization_rate: {2025-12: 0.55}
feedbacks: {wages: off}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "parent.yaml").write_text(PARENT)
    return tmp_path


def _child(folder: Path, text: str) -> Path:
    path = folder / "child.yaml"
    path.write_text("extends: base/parent.yaml\n" + text)
    return path


def test_a_child_that_adds_nothing_equals_its_parent(folder: Path) -> None:
    assert load_scenario(_child(folder, "")) == load_scenario(folder / "base" / "parent.yaml")


def test_mappings_merge_key_by_key(folder: Path) -> None:
    more = "more: {lever: industrial_parks, start: 2026-01, posts_per_year: 9}"
    text = f"policies:\n  hukou: {{years_required: 0.5}}\n  {more}\n"
    child = load_scenario(_child(folder, text))
    assert list(child.policies) == ["hukou", "parks", "more"]
    hukou = child.policies["hukou"].model_dump()
    assert (hukou["years_required"], hukou["tenants_eligible"]) == (0.5, True)


def test_lists_are_replaced(folder: Path) -> None:
    child = load_scenario(_child(folder, "policies: {hukou: {zones: [village]}}\n"))
    assert child.policies["hukou"].model_dump(mode="json")["zones"] == ["village"]


def test_null_removes_a_policy_a_date_a_target_and_a_field(folder: Path) -> None:
    text = (
        "policies: {parks: null, hukou: {years_required: null}}\n"
        "parameters: {outside.far.wage_growth: {2030-01: null}}\n"
        "targets: {urbanization_rate: null}\n"
    )
    child = load_scenario(_child(folder, text))
    assert list(child.policies) == ["hukou"]
    assert child.policies["hukou"].model_dump()["years_required"] is None
    assert child.parameters == {"outside.far.wage_growth": {parse_month("2020-01"): 0.03}}
    assert child.targets == ()


def test_a_constant_replaces_dated_values_and_the_reverse(folder: Path) -> None:
    name = "outside.far.wage_growth"
    child = load_scenario(_child(folder, f"parameters: {{{name}: 0.01}}\n"))
    assert child.parameters == {name: 0.01}
    grandchild = folder / "grandchild.yaml"
    grandchild.write_text(f"extends: child.yaml\nparameters: {{{name}: {{2025-01: 0.05}}}}\n")
    assert load_scenario(grandchild).parameters == {name: {parse_month("2020-11"): 0.01, parse_month("2025-01"): 0.05}}


def test_paths_are_relative_to_the_file_that_names_them(folder: Path) -> None:
    (folder / "base" / "grandparent.yaml").write_text("region: 341282\nstart: 2020-11\nuntil: 2030-12\n")
    (folder / "base" / "parent.yaml").write_text("name: x\nextends: grandparent.yaml\n")
    assert load_scenario(_child(folder, "")).counties == ("341282",)


def test_a_shared_ancestor_is_no_circle_and_a_name_may_change(folder: Path) -> None:
    assert load_scenario(_child(folder, "name: child\n")).name == "child"


def test_every_value_says_where_it_was_written(folder: Path) -> None:
    path = _child(folder, "policies:\n  hukou:\n    years_required: 0.5\nfeedbacks: {wages: on}\n")
    origins = {setting.key: setting.origin for setting in provenance(load_scenario(path))}
    parent = folder / "base" / "parent.yaml"
    assert origins["policies.hukou.years_required"] == f"{path}:4"
    assert origins["policies.hukou.zones"] == f"{parent}:11"
    assert origins["policies.hukou.payer"] == "default"
    assert origins["parameters.outside.far.wage_growth.2030-01"] == f"{parent}:6"
    assert origins["targets.urbanization_rate.2025-12"] == f"{parent}:16"
    assert origins["feedbacks.wages"] == f"{path}:5"
    assert origins["feedbacks.prices"] == "default"


def test_a_mistake_the_child_repairs_is_no_mistake(folder: Path) -> None:
    (folder / "base" / "parent.yaml").write_text(PARENT.replace("2035-12", "2019-01"))
    with pytest.raises(ScenarioError):
        load_scenario(_child(folder, ""))
    assert load_scenario(_child(folder, "until: 2030-12\n")).until == parse_month("2030-12")


def test_a_fault_that_a_child_causes_in_an_inherited_policy_is_placed_in_the_child(folder: Path) -> None:
    path = _child(folder, "policies: {hukou: {end: 2022-01}}\n")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    assert [problem.position for problem in caught.value.problems] == [f"{path}:2:25"]


def test_a_description_is_of_the_file_that_writes_it(folder: Path) -> None:
    parent = folder / "base" / "parent.yaml"
    parent.write_text(PARENT + "description: without any policy\n")
    assert load_scenario(parent).description == "without any policy"
    assert load_scenario(_child(folder, "")).description == ""
    assert load_scenario(_child(folder, "description: with one\n")).description == "with one"
    with pytest.raises(ScenarioError, match="nothing to remove: no parent file has 'description'"):
        load_scenario(_child(folder, "description: null\n"))


def test_a_missing_parent_is_not_taken_for_the_file_that_names_it(tmp_path):
    (tmp_path / "plan2.yaml").write_text("extends: plan.yaml\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as refused:
        load_scenario(tmp_path / "plan2.yaml")
    assert "extends names a file that does not exist" in str(refused.value)
    assert "did you mean" not in str(refused.value)
