"""What tasks share until they part is simulated once, and gives the same bytes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from urbsim.experiment import executor, past
from urbsim.experiment.past import groups_of, next_parting, same_at, simulate_together
from urbsim.experiment.simulate import Broken, Finished, Task, simulate
from urbsim.experiment.tables import content_hash
from urbsim.model import UrbanizationModel
from urbsim.months import parse_month
from urbsim.policies.registry import all_levers
from urbsim.quantities.activity import Activity
from urbsim.quantities.environment import Environment
from urbsim.scenario.model import Scenario

HOUSING = all_levers()["housing_subsidy"]
BASE = Scenario("base", "341282", ("341282",), parse_month("2020-11"), parse_month("2021-06"), scale=0.001)


def housing(start: str):
    return HOUSING.model_validate({**HOUSING.example, "start": start})


def with_policies(**policies) -> Scenario:
    return replace(BASE, name="+".join(policies), policies=policies)


EARLY, LATE = housing("2021-01"), housing("2021-04")
BOTH = with_policies(early=EARLY, late=LATE)
SCENARIOS = [BASE, with_policies(early=EARLY), BOTH, replace(BASE, parameters={"residence.gamma": 0.5})]


def task(scenario: Scenario, stream: int = 0) -> Task:
    return Task(scenario, ((0.1, 0.2, 0.1, 0.2),), 0, stream)


def test_scenarios_part_in_the_first_month_of_what_differs():
    first = BASE.census - 1
    assert next_parting(SCENARIOS[:3], first) == parse_month("2021-01")
    assert same_at(SCENARIOS[:3], parse_month("2021-01")) == [[0], [1, 2]]
    assert next_parting(SCENARIOS[1:3], first) == parse_month("2021-04")
    assert next_parting([BASE, replace(BASE, name="twin")], first) is None


def test_values_by_month_part_where_they_differ_and_not_where_they_are_written_otherwise():
    name, first, later = "outside.far.wage_growth", BASE.census - 1, parse_month("2021-03")
    plain, dated = (replace(BASE, parameters={name: value}) for value in (0.02, {0: 0.02, later: 0.05}))
    assert next_parting([plain, dated], first) == later
    assert next_parting([dated, replace(BASE, parameters={name: {0: 0.02, later: 0.06}})], first) == later
    assert next_parting([BASE, replace(BASE, parameters={name: {later: 0.05}})], first) == later
    assert len(groups_of([task(BASE), task(plain)])) == 2  # what the registry says is not looked up


def test_only_tasks_of_one_stream_share_and_only_where_every_process_still_has_work():
    tasks = [task(scenario, stream) for stream in (0, 1) for scenario in SCENARIOS]
    assert groups_of(tasks, 2) == [[0, 1, 2], [3], [4, 5, 6], [7]]
    assert groups_of(tasks, 4) == [[0, 1], [2], [3], [4, 5], [6], [7]]
    assert groups_of(tasks, 5) == [[position] for position in range(8)]


def test_a_shared_past_is_simulated_once_and_changes_no_byte(monkeypatch):
    tasks = [task(scenario) for scenario in SCENARIOS[:3]]
    alone = [simulate(each) for each in tasks]
    stepped, told = [], []
    step = UrbanizationModel.step
    monkeypatch.setattr(UrbanizationModel, "step", lambda self: (stepped.append(self.month + 1), step(self)))
    found = dict(simulate_together(tasks, told.append))
    together = [found[position] for position in range(3)]
    for one, other in zip(alone, together, strict=True):
        assert isinstance(one, Finished), one
        assert isinstance(other, Finished), other
        assert {name: content_hash(table) for name, table in one.tables.items()} == {
            name: content_hash(table) for name, table in other.tables.items()
        }
    assert content_hash(alone[0].tables["series"]) != content_hash(alone[1].tables["series"])
    assert len(stepped) == 2 + 6 + (3 + 3 + 3)  # two months of all, the base alone, three of both plans and their ends
    assert sum(told) == 3 * 8
    assert sum(each.profile.months for each in together) == len(stepped)


def test_what_breaks_in_one_branch_leaves_the_others(monkeypatch):
    step = UrbanizationModel.step

    def break_late(self):
        if "late" in self.scenario.policies and self.month == parse_month("2021-04"):
            raise ZeroDivisionError("a mistake")
        step(self)

    monkeypatch.setattr(UrbanizationModel, "step", break_late)
    found = dict(simulate_together([task(scenario) for scenario in SCENARIOS[:3]]))
    one, other, broken = (found[position] for position in range(3))
    assert isinstance(one, Finished)
    assert isinstance(other, Finished)
    assert isinstance(broken, Broken)
    assert (broken.stage, broken.error) == ("the month after 2021-04", "ZeroDivisionError: a mistake")


def test_more_people_than_can_be_copied_are_simulated_apart(monkeypatch):
    monkeypatch.setattr(past, "_MOST_PEOPLE", 0)
    monkeypatch.setattr(past, "next_parting", None)
    short = [replace(scenario, until=BASE.start) for scenario in SCENARIOS[:2]]
    outcomes = list(simulate_together([task(each) for each in short]))
    assert [position for position, _ in outcomes] == [0, 1]
    assert all(isinstance(outcome, Finished) for _, outcome in outcomes)


@pytest.mark.parametrize("name", sorted(all_levers()))
def test_a_built_in_lever_costs_nothing_before_its_start(name):
    """Without this, scenarios would not be the same until a policy begins."""
    lever = all_levers()[name]
    policy = lever.model_validate({"start": "2025-01", **lever.example})
    environment, activity = Environment(1), Activity(1)
    environment.reset()
    for quantity in vars(activity).values():
        if isinstance(quantity, np.ndarray):
            quantity[...] = 1000.0
    coverage = policy.coverage(policy.start - 1, ("341282",), np.ones(1), np.zeros(1))
    assert not policy.spending(environment, activity, coverage).any()


def test_tasks_here_are_simulated_together(monkeypatch):
    together = []

    def noted(tasks, _):
        together.append(len(tasks))
        return enumerate(tasks)

    monkeypatch.setattr(executor, "simulate_together", noted)
    assert sorted(position for position, _ in executor.run_all([task(each) for each in SCENARIOS[:3]])) == [0, 1, 2]
    assert together == [3]
