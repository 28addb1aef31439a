"""The policies of the shipped scenarios are valid and sourced."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from urbsim.policies.base import Policy, Source
from urbsim.policies.registry import lever_class

SCENARIOS = Path(__file__).parents[2] / "scenarios"
FILES = sorted([*(SCENARIOS / "jieshou").glob("*.yaml"), *(SCENARIOS / "teaching" / "own_lever").glob("*.yaml")])


def content(path: Path) -> dict[str, Any]:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def policies(path: Path) -> dict[str, Policy]:
    written = content(path).get("policies", {})
    return {
        name: lever_class(fields.pop("lever"), path.parent).model_validate(fields) for name, fields in written.items()
    }


def test_the_scenarios_are_there():
    names = {path.stem for path in FILES}
    assert {"baseline", "hukou-relaxation", "housing-subsidy", "plan-2025", "teacher-bonus"} <= names


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_policy_of_a_shipped_scenario_is_valid(path):
    assert bool(policies(path)) == (path.stem != "baseline")


def test_the_baseline_is_jieshou_without_policies():
    baseline = content(SCENARIOS / "jieshou" / "baseline.yaml")
    assert {key: baseline[key] for key in ("region", "start", "until")} == {
        "region": 341282,
        "start": "2020-01",
        "until": "2035-12",
    }
    assert "policies" not in baseline


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_other_scenarios_extend_a_baseline_that_exists(path):
    if path.stem != "baseline":
        assert (path.parent / content(path)["extends"]).resolve() == SCENARIOS / "jieshou" / "baseline.yaml"


def test_every_policy_of_the_plan_names_its_clause_and_owns_up_to_its_amount():
    plan = SCENARIOS / "jieshou" / "plan-2025.yaml"
    for name, policy in policies(plan).items():
        assert policy.source is not None, name
        assert policy.source.programme == "jieshou-2022"
        assert policy.source.given is False, "the plan gives no amount that a lever can use"


def test_the_plan_carries_its_targets():
    targets = content(SCENARIOS / "jieshou" / "plan-2025.yaml")["targets"]
    sources = {name: Source.model_validate(target.pop("source")) for name, target in targets.items()}
    assert targets == {"urbanization_rate": {"2025-12": 0.55}, "seat_residents": {"2025-12": 250000}}
    assert all(source.given for source in sources.values())
