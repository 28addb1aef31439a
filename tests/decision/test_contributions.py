"""Which policy did it, on runs written down by hand and on one tiny county."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

import urbsim
from decision.analytic import HUKOU, Run, analytic, parks, plan_of, schools
from urbsim.decision.ask import Asked, ask_contributions
from urbsim.decision.evaluation import RunSettings
from urbsim.decision.groups import NO_PART, SETTINGS, coalition, groups_of
from urbsim.experiment.errors import ExperimentError

RATE = Asked(indicator="urbanization_rate")
FOUR = RunSettings(None, 0, 4, 1)


def additive(scenario, luck):
    """Parks add 2 points plus luck, schools 1 point, both together half a point more; parks take neighbours' people."""
    has_parks, has_schools = "parks" in scenario.policies, "schools" in scenario.policies
    chance = 0.001 * luck.draw**2
    value = 0.4 + has_parks * (0.02 + chance) + has_schools * 0.01 + (has_parks and has_schools) * 0.005
    moves = [("near", "seat", 300.0), ("village", "town", 100.0), ("seat", "town", 50.0)] if has_parks else []
    costs = {"parks": 4e6 * has_parks, "schools": 1e6 * has_schools}
    return Run({"urbanization_rate": value, "urban_residents": 1000.0 + 400.0 * has_parks}, costs, tuple(moves))


@pytest.fixture(scope="module")
def found():
    return ask_contributions(plan_of(parks=parks(500), schools=schools(300)), None, RATE, FOUR, analytic(additive))


def test_values_are_those_worked_out_by_hand(found):
    table = found.table().set_index("name")
    chance = np.median([0.001, 0.004, 0.009, 0.016])
    assert table["shapley"].to_dict() == pytest.approx({"parks": 0.0225 + chance, "schools": 0.0125})
    assert table["alone"].to_dict() == pytest.approx({"parks": 0.02 + chance, "schools": 0.01})
    assert table["left_out"].to_dict() == pytest.approx({"parks": 0.025 + chance, "schools": 0.015})
    assert table["shapley_p10"]["parks"] == pytest.approx(0.0225 + 0.001)  # the lowest of four
    assert (table["shapley_error"] == 0).all()


def test_values_add_up_to_the_whole(found):
    assert found.table()["shapley"].sum() == pytest.approx(found.whole["median"], abs=1e-15)
    assert found.whole["median"] == pytest.approx(0.035 + 0.0065)
    assert found.table()["cost"].sum() == found.whole["cost"] == 5e6


def test_costs_by_unit_and_by_urban_resident(found):
    table = found.table().set_index("name")
    assert found.whole["cost_per_urban_resident"] == pytest.approx(5e6 / 400)
    assert table["cost_per_urban_resident"]["parks"] == pytest.approx(4e6 / 400)
    assert np.isnan(table["cost_per_urban_resident"]["schools"])  # it adds none
    assert table["cost_per_unit"]["schools"] == pytest.approx(1e6 / 0.0125)


def test_a_cost_by_unit_lies_within_its_interval():
    """A run of four in which cost and gain are nine times those of the others: every run has the same cost by unit."""

    def skewed(scenario, luck):
        times = ("parks" in scenario.policies) * (9.0 if luck.draw == 4 else 1.0)
        return Run({"urbanization_rate": 0.4 + 0.01 * times, "urban_residents": 1000.0}, {"parks": 1e6 * times}, ())

    found = ask_contributions(plan_of(parks=parks(500)), None, RATE, FOUR, analytic(skewed))
    for each in (found.whole, found.table().iloc[0]):
        assert each["cost_per_unit"] == pytest.approx(3e6 / 0.01)
        assert each["cost_per_unit_p10"] == pytest.approx(1e6 / 0.01)
        assert each["cost_per_unit_p90"] == each["cost_per_unit"]


def test_gains_come_from_neighbours_as_far_as_flows_say(found):
    assert found.from_neighbours() == {"whole": 300.0, "parks": 300.0, "schools": 0.0}
    whole = found.sources().query("name == 'whole'").set_index("source")["persons"]
    assert whole["villages"] == 100.0
    assert whole.sum() == 400.0  # a move from seat to town is no gain


def test_pairs_that_help_and_hinder(found):
    (pair,) = found.pairs().to_dict("records")
    assert (pair["first"], pair["second"], pair["kind"]) == ("parks", "schools", "help")
    assert pair["value"] == pytest.approx(0.005)


def test_where_a_plan_lowers_an_indicator_costs_are_by_unit_lowered():
    def lower(scenario, luck):
        run = additive(scenario, luck)
        return replace(run, values={**run.values, "unemployment_rate": 0.5 - run.values["urbanization_rate"]})

    plan = plan_of(parks=parks(500), schools=schools(300))
    found = ask_contributions(plan, None, Asked(indicator="unemployment_rate"), FOUR, analytic(lower))
    assert found.whole["median"] < 0 < found.whole["cost_per_unit"]
    assert found.pairs()["kind"].to_list() == ["help"]


def test_the_shape_of_the_json(found):
    data = json.loads(json.dumps(found.as_data()))
    assert {"indicator", "month", "whole", "parts"} <= data.keys()
    assert {"median", "p10", "p90", "cost"} <= data["whole"].keys()
    assert {"name", "shapley", "alone", "left_out", "cost", "cost_per_unit"} <= data["parts"][0].keys()


def test_policies_of_no_part_come_before_the_parts():
    part = {"en": "Work", "zh": "产业"}
    plan = plan_of(parks=parks(500, part), schools=schools(300))
    found = ask_contributions(plan, None, Asked(by="part"), FOUR, analytic(additive))
    table = found.table().set_index("name")
    assert table["shapley"][NO_PART.en] == pytest.approx(0.01)  # alone, before any part
    assert table["shapley"]["Work"] == pytest.approx(0.025 + 0.0065)  # on top of it
    assert table["name_zh"]["Work"] == "产业"
    assert table["left_out"][NO_PART.en] == pytest.approx(0.015)


def many(scenario, luck):
    """Nine policies; each adds its number, neighbours by number help each other, with chance in every coalition."""
    numbers = sorted(int(name.removeprefix("p")) for name in scenario.policies)
    pairs = sum(1.0 for number in numbers if number + 1 in numbers)
    chance = np.random.default_rng([luck.draw, *numbers]).normal(0, 0.05)
    return Run({"residents": 100.0 + sum(numbers) + 0.5 * pairs + chance, "urban_residents": float(sum(numbers))})


def test_sampled_orders_come_near_the_exact_values_and_add_up():
    plan = plan_of(**{f"p{number}": parks(100.0 + number) for number in range(9)})
    evaluator = analytic(many)
    found = ask_contributions(plan, None, Asked(indicator="residents"), FOUR, evaluator)
    table = found.table()
    expected = np.array([number + 0.25 * (2 - (number in (0, 8))) for number in range(9)])
    assert not found.effects.exact
    assert np.abs(table["shapley"] - expected).max() < 0.15
    assert table["shapley"].sum() == pytest.approx(found.whole["median"], abs=1e-12)
    assert (np.abs(table["shapley"] - expected) <= 2.5 * table["shapley_error"]).all()
    assert found.effects.orders == 2 * 4  # narrow enough after one round of four draws
    assert len(evaluator.asked) < 4 * 2**9 / 4


def test_more_rounds_where_a_narrow_interval_is_asked_for():
    plan = plan_of(**{f"p{number}": parks(100.0 + number) for number in range(9)})
    asked = Asked(indicator="residents", precision=1e-4, rounds=3)
    assert ask_contributions(plan, None, asked, FOUR, analytic(many)).effects.orders == 3 * 2 * 4


def test_coalitions_are_the_plan_and_the_base_at_the_ends():
    base = plan_of(hukou=HUKOU(start="2021-01", tenants_eligible=True), parks=parks(100))
    base = replace(base, name="base")
    plan = replace(plan_of(schools=schools(300), parks=parks(500)), parameters={"land.mu_per_dwelling": 0.2})
    groups = groups_of(plan, base, "policy")
    assert [group.name for group in groups] == ["schools", "parks", "hukou", SETTINGS.en]
    assert coalition(plan, base, groups, range(4)) == plan
    assert coalition(plan, base, groups, ()) == base
    changed = coalition(plan, base, groups, {1})
    assert changed.policies == {"parks": parks(500), "hukou": base.policies["hukou"]}
    assert changed.parameters == {}


def test_mistakes_are_named():
    plan = plan_of(parks=parks(500))
    for asked, words in (
        (Asked(by="part"), "names the part it belongs to"),
        (Asked(by="colour"), "allowed: policy, part, lever"),
        (Asked(indicator="urbanisation_rate"), "did you mean 'urbanization_rate'"),
        (Asked(at="2019-01"), "before 'plan' starts"),
        (Asked(at="soon"), "soon"),
    ):
        with pytest.raises(ExperimentError, match=words):
            ask_contributions(plan, None, asked, FOUR, analytic(additive))
    with pytest.raises(ExperimentError, match="have the same policies"):
        ask_contributions(plan, replace(plan, name="twin"), Asked(), FOUR, analytic(additive))


def test_a_county_simulates_nothing_twice(baseline, pilot_plan, tmp_path):
    names = ["industrial_parks", "old_estates"]
    plan = replace(pilot_plan, policies={name: pilot_plan.policies[name] for name in names})
    settings = {"scale": 0.002, "draws": 0}
    found = urbsim.contributions(plan, by="part", at="2021-12", **settings)
    compared = urbsim.compare([replace(baseline, policies={}), plan], until="2021-12", **settings)
    row = compared.table(("urbanization_rate",)).query("month == '2021-12' and scenario == @plan.name")
    assert found.whole["median"] == pytest.approx(float(row["difference"].iloc[0]), abs=1e-15)
    assert found.table()["name"].to_list() == ["Industry", "Public works"]
    urban = found.sources().query("name == 'whole'")["persons"].sum()
    assert urban == pytest.approx(found.whole["urban_residents"])
    folder = found.save(tmp_path / "c", "zh")
    assert {path.name for path in folder.iterdir()} >= {"contributions.csv", "contributions.json", "charts"}
    assert {path.suffix for path in (folder / "charts").iterdir()} == {".png", ".svg", ".csv"}
