"""Where an effect's interval comes from: each source is redrawn alone, and shares follow from the runs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from urbsim.experiment.plan import Given
from urbsim.reading.problems import ScenarioError
from urbsim.reading.rows import read_rows
from urbsim.sensitivity import effect
from urbsim.sensitivity.alternatives import StructuralChoices, alternatives
from urbsim.sensitivity.effect import EffectSource, robustness, split_effect
from urbsim.sensitivity.outcomes import OUTCOMES
from worlds import small_scenario

BASELINE = small_scenario(scale=0.002)
PLAN = replace(BASELINE, name="plan", parameters={"housing.saving_rate": 0.3})
CENSUS, RESPONSE = "residence.sigma", "residence.delta"


def given(scenario, number):
    """Draw k: both parameters 1 + k / 100, constants 3 k, of which k make up for the level of its parameters."""
    drawn = {CENSUS: 1.0 + number / 100, RESPONSE: 1.0 + number / 100} if number else {}
    return Given({**drawn, **scenario.parameters}, ((3.0 * number,) * 4,))


def level(_folder, number, _codes, _year):
    return np.full((1, 4), float(number))


class Counting:
    """Stands in for a runner: the effect of a plan is known from what its task holds."""

    def __init__(self, weights):
        self.weights, self.tasks = weights, []

    def tables(self, tasks, _):
        self.tasks = tasks
        for position, task in enumerate(tasks):
            values = task.scenario.parameters
            parts = [values.get(RESPONSE, 1.0) - 1.0, values.get(CENSUS, 1.0) - 1.0, task.constants[0][0], task.stream]
            total = float(np.dot(self.weights, parts)) if task.scenario.name == "plan" else 7.0
            yield position, {"outcomes": pd.DataFrame({one.indicator: [total] for one in OUTCOMES})}


@pytest.fixture
def known(monkeypatch):
    monkeypatch.setattr(effect, "given", given)
    monkeypatch.setattr(effect, "constants_of_level", level)


def test_each_source_is_redrawn_alone(known):
    runner = Counting([0.0] * 4)
    split_effect(BASELINE, PLAN, 3, runner)
    plans = [task for task in runner.tasks if task.scenario.name == "plan"]
    assert len(runner.tasks) == 2 * len(EffectSource) * 3
    for source, tasks in zip(EffectSource, [plans[i : i + 3] for i in range(0, len(plans), 3)], strict=True):
        every = source is EffectSource.ALL
        third = tasks[2]
        assert third.scenario.parameters.get(RESPONSE) == (1.03 if every or source is EffectSource.RESPONSES else None)
        assert third.scenario.parameters.get(CENSUS) == (1.03 if every or source is EffectSource.CENSUS else None)
        parts = 3.0 * (every or source is EffectSource.CENSUS) + 6.0 * (every or source is EffectSource.CONSTANTS)
        assert third.constants == ((parts,) * 4,)
        assert (third.stream != 0) == (every or source is EffectSource.LUCK)
        assert third.scenario.parameters["housing.saving_rate"] == 0.3


def test_shares_are_those_of_the_variance_of_all_together(known):
    table = split_effect(BASELINE, PLAN, 5, Counting([30.0, 40.0, 0.0, 0.0]))
    rate = table[table["outcome"] == OUTCOMES[0].indicator].set_index("source")
    # All sources follow the number of the draw: effects 0.3 k, 0.4 k and 0.7 k, so 9/49 and 16/49.
    assert rate["share"].to_dict() == pytest.approx(
        {"responses": 9 / 49, "census": 16 / 49, "constants": 0.0, "luck": 0.0, "all": 1.0}
    )
    assert rate.loc["all", "median"] == pytest.approx(0.7 * 3 - 7.0)
    assert rate.loc["responses", "sd"] == pytest.approx(0.3 * np.std([1, 2, 3, 4, 5], ddof=1))


def test_alternatives_lie_over_what_scenarios_write_and_are_named(known):
    runner = Counting([0.0, 0.0, 0.0, 1.0])
    table = robustness(BASELINE, PLAN, 2, runner)
    names = ["", *(one.id for one in alternatives())]
    assert list(dict.fromkeys(table["alternative"])) == names
    assert {one.about for one in alternatives()} == {"start", "elasticities", "memory"}
    second = runner.tasks[4].scenario.parameters  # the first alternative, after two replicates of both scenarios
    assert dict(alternatives()[0].parameters).items() <= second.items()
    present = table[(table["alternative"] == "") & (table["outcome"] == OUTCOMES[0].indicator)].iloc[0]
    assert (present["effect"], present["error"]) == pytest.approx((0.5 - 7.0, 0.5))  # streams 0 and 1


def test_an_alternative_that_the_registry_does_not_allow_is_refused_with_its_row(tmp_path):
    path = tmp_path / "alternatives.yaml"
    row = "{id: far, about: start, label: [far, 远], parameters: {employment.growth_before: 5.0}, why: none}"
    path.write_text(f"alternatives:\n  - {row}\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"employment.growth_before is 5; it must be between 0 and 0.15"):
        read_rows(path, StructuralChoices)
