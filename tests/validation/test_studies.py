"""How results of experiments are judged, and that what is found comes from the world and not from the code."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from urbsim.codes import Zone
from urbsim.evidence.rows import UNITS, OutcomeUnit
from urbsim.experiment.runner import Runner
from urbsim.labels import Label
from urbsim.validation.evaluations import EVALUATIONS, IndustrialPark, PensionAndChildren, RelocationToTown
from urbsim.validation.expectations import EXPECTATIONS, OutsideWages
from urbsim.validation.families import FAMILIES
from urbsim.validation.income import INCOME
from urbsim.validation.markets import MARKETS
from urbsim.validation.run import STUDIES, as_table, names, run_experiments
from urbsim.validation.study import Estimate, Outcome, Study, StudyResult, summarise
from urbsim.validation.worlds import Change, ExperimentSize, make_field, observed_in, world_task

TINY = ExperimentSize(pairs=2, people=500, replicates=1)
BAND = Outcome("x", Label("x", "x"), UNITS[OutcomeUnit.POINTS], 1.0, 4.0, Label("", ""))


class Plain(Study):
    key, title, limits, outcomes = "x", Label("", ""), Label("", ""), (BAND,)

    def worlds(self, ground):  # noqa: ARG002
        return {}

    def estimate(self, ground, plain, worlds):  # noqa: ARG002
        return {}


def verdict(*values: float) -> str:
    (result,) = summarise(Plain(), [{"x": Estimate(value, np.nan)} for value in values])
    return result.verdict


def test_a_mean_in_the_band_passes_and_one_outside_by_more_than_its_error_fails():
    assert verdict(1.5, 2.0, 2.5) == "pass"
    assert verdict(0.1, 0.11, 0.09) == "fail"
    assert verdict(-2.0, 0.5, 3.0) == "unclear"


def test_one_replicate_has_no_interval_and_is_judged_by_its_value():
    assert verdict(2.0) == "pass"
    assert verdict(0.9) == "fail"


def test_the_interval_is_that_of_the_mean():
    (result,) = summarise(Plain(), [{"x": Estimate(value, np.nan)} for value in (1.0, 2.0, 3.0)])
    assert result.estimate == pytest.approx(2.0)
    half = 2.919986 / np.sqrt(3)  # t distribution with 2 degrees of freedom, 95th percentile
    assert (result.low, result.high) == pytest.approx((2 - half, 2 + half))


def test_every_experiment_of_the_evidence_is_there_with_both_languages():
    assert {study.key for study in EVALUATIONS} == {
        "pension", "hukou", "relocation", "return_pilot", "industrial_park", "training",
    }  # fmt: skip
    assert {study.key for study in EXPECTATIONS} == {"outside_wages", "network", "land", "housing", "feedbacks"}
    assert {study.key for study in (*FAMILIES, *MARKETS, *INCOME)} == {
        "insurance", "school_limits", "school_fees", "school_closure", "school_closure_later", "minimum_wages",
        "arrivals", "dear_homes", "provident_fund", "pension_income", "land_away",
    }  # fmt: skip
    for study in STUDIES:
        assert study.__doc__
        labels = [study.title, study.limits, *(outcome.label for outcome in study.outcomes)]
        assert all(label.en and label.zh and label.en != label.zh for label in labels)


def test_an_outcome_that_is_not_modelled_is_listed_and_not_judged():
    results = summarise(IndustrialPark(), [{"jobs": Estimate(2.0, 2.0), "neighbours": Estimate(np.nan, 0.0)}])
    assert [result.verdict for result in results] == ["pass", "pass", "not modelled"]


def test_chance_decides_who_of_a_pair_is_treated():
    grounds = [make_field(replace(TINY, pairs=6), number) for number in range(2)]
    assert (grounds[0].treated != grounds[1].treated).any()


@pytest.fixture(scope="module")
def ground():
    return make_field(TINY, 0)


@pytest.fixture(scope="module")
def worlds(ground):
    changes = {"plain": Change(), **RelocationToTown().worlds(ground), **OutsideWages().worlds(ground)}
    tasks = [world_task(ground, change) for change in changes.values()]
    found = dict(Runner().tables(tasks, ""))
    return {name: observed_in(found[number]) for number, name in enumerate(changes)}


def test_twins_share_their_past(worlds):
    before = [worlds[name].before.people for name in ("plain", "relocation")]
    assert before[0].equals(before[1])


def test_a_world_against_itself_has_no_effect(ground, worlds):
    same = {"pension": worlds["plain"]}
    found = PensionAndChildren().estimate(ground, worlds["plain"], same)
    assert found["children_away"].twin == 0.0


def test_the_relocated_live_in_towns_of_treated_counties(ground, worlds):
    first, plain = worlds["relocation"].first.people, worlds["plain"].first.people
    same = first.index.intersection(plain.index)
    moved = same[(first.loc[same, "zone"] == Zone.TOWN) & (plain.loc[same, "zone"] == Zone.VILLAGE)]
    assert len(moved) > 5
    assert ground.treated[first.loc[moved, "county"].to_numpy()].all()
    found = RelocationToTown().estimate(ground, worlds["plain"], {"relocation": worlds["relocation"]})["income"]
    assert np.isfinite(found).all()


def test_surveys_count_everybody_once(worlds):
    people = worlds["plain"].after.people
    assert people.index.is_unique
    assert people["earnings"].ge(0).all()
    assert people.loc[people["zone"] < Zone.NEAR].shape[0] > 0.5 * len(people)


def test_higher_wages_outside_pull_more_people_out(ground, worlds):
    found = OutsideWages().estimate(ground, worlds["plain"], {"wages": worlds["wages"]})
    assert found["away"].twin > 0


def test_results_are_the_same_every_time_and_the_table_names_every_outcome():
    once, again = (run_experiments(TINY, ["training"]) for _ in range(2))
    assert once == again
    assert isinstance(once[0], StudyResult)
    table = as_table(once)
    assert table["outcome"].tolist() == ["employment"]
    assert table[["evidence", "role"]].to_numpy().tolist() == [["training_two_cities", "test"]]


class NoRunner:
    """Stands in for a runner: notes how many simulations were asked for, and carries out none."""

    def __init__(self):
        self.tasks = 0

    def tables(self, tasks, _):
        self.tasks = len(tasks)
        return iter(())


def asked_for(only):
    runner = NoRunner()
    with pytest.raises(KeyError):  # nothing was simulated, so that there is nothing to sum up
        run_experiments(replace(TINY, replicates=1), None, runner, only)
    return runner.tasks


def test_only_leaves_out_what_nobody_wants_and_its_simulations(monkeypatch):
    monkeypatch.setattr("urbsim.validation.run.summarise", lambda study, _: {}[study.key])
    assert asked_for(["feedbacks"]) == 4  # plain, package, frozen, both
    assert asked_for(["training_two_cities"]) == 2
    assert asked_for(["training", "feedbacks"]) == 5
    assert asked_for(["school_closure_migration"]) == 2
    # Plain worlds of every kind of place, of counties another one that is followed longer, and one of each experiment.
    of_role = {
        role: {one.key for one in STUDIES for each in one.outcomes if each.role == role} for role in ("fit", "test")
    }
    assert {role: asked_for([role]) for role in of_role} == {role: 4 + len(keys) for role, keys in of_role.items()}


def test_an_experiment_with_a_fit_and_a_test_shows_the_one_asked_for(monkeypatch):
    hukou = next(study for study in STUDIES if study.key == "hukou")
    assert [(outcome.evidence, outcome.role) for outcome in hukou.outcomes] == [
        ("hukou_rural_labour", "fit"), ("hukou_wages", "test"), ("hukou_wages", "test"),
    ]  # fmt: skip
    monkeypatch.setattr("urbsim.validation.run.estimate", lambda *_: {"hukou": {}})
    monkeypatch.setattr("urbsim.validation.run.observed_in", lambda tables, _: tables)

    class Runs(NoRunner):
        def tables(self, tasks, _):
            return iter(enumerate(tasks))

    found = run_experiments(TINY, ["hukou"], Runs(), ["test"])
    assert [result.outcome.key for result in found] == ["migrant_wages", "native_wages"]
    assert {"fit", "test", "hukou", "hukou_wages", "industrial_park"} <= set(names())
