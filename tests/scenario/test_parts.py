"""The parts of a plan that policies name, in one language or both."""

from __future__ import annotations

from pathlib import Path

import pytest

from urbsim.experiment.identity import identity_of
from urbsim.experiment.simulate import Task
from urbsim.reading.problems import ScenarioError
from urbsim.scenario import load_scenario, resolved_yaml, scenario_from_mapping

ROOT = Path(__file__).resolve().parents[2]


def plan(*parts: object) -> dict[str, object]:
    policies = {
        f"p{number}": {"lever": "job_matching", "start": "2021-01", "rate_factor": 1.05, "part": part}
        for number, part in enumerate(parts)
    }
    return {"name": "x", "region": 341282, "start": "2020-11", "until": "2021-12", "policies": policies}


def test_a_part_is_one_text_or_one_in_each_language():
    scenario = scenario_from_mapping(plan("产业", {"en": "Works", "zh": "公用设施"}))
    labels = [policy.part.label for policy in scenario.policies.values()]
    assert [(label.en, label.zh) for label in labels] == [("产业", "产业"), ("Works", "公用设施")]


def test_a_written_scenario_keeps_its_parts(tmp_path):
    scenario = scenario_from_mapping(plan("产业", {"en": "Works", "zh": "公用设施"}))
    path = tmp_path / "x.yaml"
    path.write_text(resolved_yaml(scenario), encoding="utf-8")
    assert load_scenario(path) == scenario


@pytest.mark.parametrize("part", [5, "", "a\nb", {"en": "Works"}, {"en": "Works", "zh": "公用设施", "fr": "Travaux"}])
def test_what_is_no_part_is_a_mistake(part):
    with pytest.raises(ScenarioError, match="part"):
        scenario_from_mapping(plan(part))


def test_a_part_has_one_name_in_each_language():
    works = {"en": "Works", "zh": "公用设施"}
    with pytest.raises(ScenarioError) as found:
        scenario_from_mapping(plan(works, works, {"en": "Works", "zh": "市政"}))
    (problem,) = found.value.problems
    assert problem.file.endswith("p2.part") or "p2" in str(problem)
    assert "公用设施" in problem.suggestion


def test_parts_do_not_make_another_run():
    keys = [identity_of(Task(scenario_from_mapping(plan(part)), ((0.0, 0.0, 0.0, 0.0),), 0, 0)) for part in ("a", "b")]
    assert keys[0] == keys[1]


def test_the_plan_of_jieshou_has_four_parts_that_its_variants_leave_out():
    whole = load_scenario(ROOT / "scenarios" / "jieshou" / "plan-2025.yaml")
    parts = {policy.part.en for policy in whole.policies.values() if policy.part}
    assert parts == {"Industry", "Public works", "Public services", "Environment"}
    for part, name in (
        ("Industry", "industry"),
        ("Public works", "works"),
        ("Public services", "services"),
        ("Environment", "environment"),
    ):
        variant = load_scenario(ROOT / "scenarios" / "jieshou" / f"plan-2025-without-{name}.yaml")
        left = {key for key, policy in whole.policies.items() if not policy.part or policy.part.en != part}
        assert set(variant.policies) == left
