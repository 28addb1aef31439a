"""The policies of the shipped scenarios are valid and sourced."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from urbsim.policies.base import Policy, Source
from urbsim.policies.registry import lever_class
from urbsim.programmes.reading import catalogued

SCENARIOS = Path(__file__).parents[2] / "scenarios"
FILES = sorted([*(SCENARIOS / "jieshou").glob("*.yaml"), *(SCENARIOS / "teaching" / "own_lever").glob("*.yaml")])


def content(path: Path) -> dict[str, Any]:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def policies(path: Path) -> dict[str, Policy]:
    """Return the policies that a file itself states, without those it takes over or leaves out."""
    written = {name: fields for name, fields in content(path).get("policies", {}).items() if fields is not None}
    return {
        name: lever_class(fields.pop("lever"), path.parent, allow_code=True).model_validate(fields)
        for name, fields in written.items()
    }


def test_the_scenarios_are_there():
    names = {path.stem for path in FILES}
    assert {"baseline", "hukou-relaxation", "housing-subsidy", "plan-2025", "teacher-bonus"} <= names


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_policy_of_a_shipped_scenario_is_valid(path):
    own = path.stem not in {"baseline", "as-planned"} and "-without-" not in path.stem
    assert bool(policies(path)) == own


def test_the_baseline_is_jieshou_without_policies():
    baseline = content(SCENARIOS / "jieshou" / "baseline.yaml")
    assert {key: baseline[key] for key in ("region", "start", "until")} == {
        "region": 341282,
        "start": "2020-11",
        "until": "2035-12",
    }
    assert "policies" not in baseline


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_other_scenarios_extend_a_baseline_that_exists(path):
    if path.stem != "baseline":
        of_the_plan = path.stem.startswith("plan-2025-") or path.stem == "as-planned"
        parent = "plan-2025.yaml" if of_the_plan else "baseline.yaml"
        assert (path.parent / content(path)["extends"]).resolve() == SCENARIOS / "jieshou" / parent


def test_every_policy_of_the_plan_names_its_clause_and_only_care_and_health_have_given_amounts():
    found = policies(SCENARIOS / "jieshou" / "plan-2025.yaml")
    sources = {name: policy.source for name, policy in found.items() if policy.source is not None}
    assert sources.keys() == found.keys()
    assert {source.programme for source in sources.values()} == {"jieshou-2022"}
    given = {name for name, source in sources.items() if source.given}
    assert given == {"hospitals", "childcare", "elder_care", "rooms_for_elder_care"}


def test_the_given_amounts_follow_from_the_numbers_of_the_plan():
    found = policies(SCENARIOS / "jieshou" / "plan-2025.yaml")
    stated = {figure.id: figure.value for figure in catalogued("jieshou-2022").figures}
    seat, new = stated["t1"], stated["t1"] - 207_420  # residents of the seat in 2025, and those more than in 2020
    hospitals, childcare, rooms = (found[name] for name in ("hospitals", "childcare", "rooms_for_elder_care"))
    for kind in ("beds", "doctors", "nurses"):
        assert getattr(hospitals, f"{kind}_per_thousand") == stated[f"t7_{kind}"]
    mixed = stated["t7_childcare_old"] + (stated["t7_childcare_new"] - stated["t7_childcare_old"]) * new / seat
    assert childcare.places_per_thousand == pytest.approx(mixed, abs=0.05)
    mixed = stated["t7_elder_old"] + (stated["t7_elder_new"] - stated["t7_elder_old"]) * new / seat
    assert rooms.m2_per_hundred_households == pytest.approx(mixed, abs=0.05)
    beds = found["elder_care"]
    assert beds.beds_per_year * (beds.end + 1 - beds.start) / 12 == stated["f27"]


def test_the_plan_carries_its_targets():
    targets = content(SCENARIOS / "jieshou" / "plan-2025.yaml")["targets"]
    sources = {name: Source.model_validate(target.pop("source")) for name, target in targets.items()}
    assert targets == {
        "urbanization_rate": {"2025-12": 0.55, "comparator": "about"},
        "seat_residents": {"2025-12": 250000},
        "beds_per_thousand": {"2025-12": 7.5},
        "doctors_per_thousand": {"2025-12": 3.2},
        "nurses_per_thousand": {"2025-12": 3.8},
        "childcare_places_per_thousand": {"2025-12": 8},
        "eldercare_beds": {"2025-12": 1200, "relative_to": "2022-12"},
    }
    assert all(source.given for source in sources.values())
