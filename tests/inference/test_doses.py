"""A dose of a lever: its own example against the same county without it, by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from urbsim.evidence.elasticities import DOSE
from urbsim.inference.strength import FIRST, LAST, measure


class Known:
    """Stands in for a runner: what a run ends with is known from the number of its draw and its policies."""

    def __init__(self):
        self.tasks = []

    def tables(self, tasks, _):
        self.tasks = tasks
        for position, task in enumerate(tasks):
            draw = task.stream + 1
            names = list(task.scenario.policies)
            seat = 1000.0 + 100.0 * draw + (50.0 * draw if "housing_subsidy" in names else 0.0)
            yuan = 25e6 * draw if names == ["housing_subsidy"] else 0.0
            yield position, {"end": pd.DataFrame({"seat": [seat], "urban": [2.0 * seat], "yuan": [yuan]})}


def test_effects_are_taken_within_a_draw_and_stated_per_dose_of_money():
    runner = Known()
    table = measure(["housing_subsidy", "local_transport"], 3, 0.01, runner).set_index("lever")
    assert len(runner.tasks) == 3 * 3
    assert {(task.scenario.start, task.scenario.until) for task in runner.tasks} == {(FIRST, LAST)}
    subsidy = table.loc["housing_subsidy"]
    assert subsidy["seat_median"] == pytest.approx(100.0)  # 50, 100 and 150 people in draws 1 to 3
    assert subsidy["urban_median"] == pytest.approx(200.0)
    assert subsidy["million_yuan_a_year"] == pytest.approx(10.0)  # 50 million in five years
    assert DOSE == 1e7
    assert subsidy["per_dose_p05"] == subsidy["per_dose_p95"] == pytest.approx(100.0)  # in every draw
    free = table.loc["local_transport"]
    assert free["seat_median"] == 0.0
    assert free["per_dose_median"] != free["per_dose_median"]  # it cost nothing here: there is no dose of money
    assert free["grade"] == "assumption"
