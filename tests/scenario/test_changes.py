"""A scenario changed in Python is what the same words in a file make of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from urbsim.months import parse_month
from urbsim.policies.levers.employment import IndustrialParks
from urbsim.scenario import Scenario, ScenarioError, load_scenario, scenario_from_mapping

JIESHOU = Path(__file__).parents[2] / "scenarios" / "jieshou"
PARKS = {"start": "2023-01", "posts_per_year": 2000, "zones": ["seat"]}


def test_a_policy_more_is_that_of_a_file(baseline: Scenario) -> None:
    written = scenario_from_mapping(
        {"extends": "baseline.yaml", "name": "x", "policies": {"parks": {"lever": "industrial_parks", **PARKS}}},
        JIESHOU,
    )
    changed = baseline.with_policy("parks", "industrial_parks", **PARKS)
    assert changed.policies["parks"] == written.policies["parks"]
    assert list(changed.policies) == [*baseline.policies, "parks"]
    assert changed.name == f"{baseline.name} + parks"
    assert "parks" not in baseline.policies


def test_a_policy_given_as_an_object_and_with_other_fields(baseline: Scenario) -> None:
    policy = baseline.with_policy("parks", "industrial_parks", **PARKS).policies["parks"]
    assert isinstance(policy, IndustrialParks)
    once = baseline.with_policy("parks", policy)
    assert once.policies["parks"] == policy
    more = once.with_policy("parks", posts_per_year=3000, zones=("town", "seat")).policies["parks"]
    assert isinstance(more, IndustrialParks)
    assert (more.posts_per_year, [str(zone) for zone in more.zones], more.start) == (
        3000,
        ["town", "seat"],
        policy.start,
    )


def test_every_policy_of_the_plan_can_be_changed_without_a_change() -> None:
    plan = load_scenario(JIESHOU / "plan-2025.yaml")
    for name, policy in plan.policies.items():
        assert plan.with_policy(name).policies[name] == policy


def test_without_a_policy_and_under_another_name(baseline: Scenario) -> None:
    plan = baseline.with_policy("parks", "industrial_parks", **PARKS)
    assert plan.without_policy("parks").with_name(baseline.name) == baseline


def test_parameters_and_the_last_month(baseline: Scenario) -> None:
    changed = baseline.with_parameter("residence.alpha", 1.25).with_parameter(
        "outside.far.wage_growth", {"2020-11": 0.04, "2030-01": 0.02}
    )
    assert changed.parameters["residence.alpha"] == 1.25
    assert changed.parameters["outside.far.wage_growth"] == {parse_month("2020-11"): 0.04, parse_month("2030-01"): 0.02}
    assert changed.name == f"{baseline.name} + residence.alpha 1.25 + outside.far.wage_growth changed"
    assert baseline.with_until("2025-12").until == parse_month("2025-12")
    assert baseline.with_until("2025-12").name == baseline.name


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda base: base.with_policy("parks", "industrial_park", start="2023-01"), "did you mean 'industrial_parks'"),
        (lambda base: base.with_policy("parks", "industrial_parks", start="2023"), "YYYY-MM"),
        (lambda base: base.with_policy("parks", "industrial_parks", start="2023-01", posts=1), "posts_per_year"),
        (lambda base: base.with_policy("parks", posts_per_year=1), "has no policy 'parks'"),
        (lambda base: base.with_policy("parks", "industrial_parks", **PARKS).without_policy("park"), "mean 'parks'"),
        (lambda base: base.with_parameter("residence.alfa", 1.0), "did you mean 'residence.alpha'"),
        (lambda base: base.with_parameter("residence.alpha", 1e9), "allowed: a number from"),
        (lambda base: base.with_until("2010-01"), "before start"),
        (lambda base: base.with_name(" "), "one line"),
    ],
)
def test_mistakes_are_said_as_for_a_file(change, said: str, baseline: Scenario) -> None:
    with pytest.raises(ScenarioError, match=said):
        change(baseline)
