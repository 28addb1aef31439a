"""Sweeps, amounts, goals and conditions of failure, on runs written down by hand."""

from __future__ import annotations

import re
import warnings
from dataclasses import replace

import numpy as np
import pytest

from decision.analytic import Run, analytic, parks, plan_of, schools
from urbsim.decision.amounts import amounts_of, with_amounts
from urbsim.decision.discovery import conditions_of_failure
from urbsim.decision.evaluation import RunSettings
from urbsim.decision.goals import goals_of, goals_of_targets, margin_at, meets
from urbsim.decision.sweep import AskedSweep, SweepDesign, ask_sweep
from urbsim.experiment.errors import ExperimentError
from urbsim.experiment.plan import given
from urbsim.months import parse_month
from urbsim.parameters import value_at
from urbsim.posterior.own_constants import FAR
from urbsim.scenario.model import Comparator, Target

PLAN = plan_of(parks=parks(500), schools=schools(300))
POSTS = "policies.parks.posts_per_year"
PLACES = "policies.schools.places_per_year"
THREE = RunSettings(None, 0, 3, 1)


def linear(scenario, luck):
    posts = scenario.policies["parks"].posts_per_year if "parks" in scenario.policies else 0.0
    places = scenario.policies["schools"].places_per_year if "schools" in scenario.policies else 0.0
    rate = 0.4 + posts / 1e5 + places / 1e6 + 0.001 * luck.draw
    return Run({"urbanization_rate": rate}, {"parks": 2e4 * posts, "schools": 1e4 * places})


def sweep(*vary, **more):
    settings = more.pop("settings", THREE)
    return ask_sweep(PLAN, AskedSweep(vary, **more), settings, analytic(linear))


def test_a_grid_holds_every_combination_and_the_tidy_table_its_medians():
    swept = sweep(f"{POSTS}=0:1000", f"{PLACES}=100,200", design=SweepDesign(levels=3))
    assert swept.points == tuple((a, b) for a in (0.0, 500.0, 1000.0) for b in (100.0, 200.0))
    rows = swept.rows()
    assert len(rows) == 6 * 2
    row = rows[(rows[POSTS] == 500) & (rows[PLACES] == 200) & (rows["indicator"] == "urbanization_rate")].iloc[0]
    assert row["median"] == pytest.approx(0.4 + 0.005 + 0.0002 + 0.002)
    assert row["p90"] == pytest.approx(row["median"] + 0.001)  # the highest of the few
    assert (row["month"], row["runs"]) == ("2021-12", 3)
    cost = rows[(rows[POSTS] == 500) & (rows[PLACES] == 200) & (rows["indicator"] == "cost")].iloc[0]
    assert cost["median"] == 500 * 2e4 + 200 * 1e4


def test_a_curve_pools_what_else_varies():
    swept = sweep(f"{POSTS}=0:1000", f"{PLACES}=100,300", design=SweepDesign(levels=3))
    curve = swept.curves().query("amount == @POSTS and indicator == 'urbanization_rate'")
    assert curve["value"].to_list() == [0, 500, 1000]
    assert curve["median"].diff().dropna().to_list() == pytest.approx([0.005, 0.005])
    assert curve["runs"].to_list() == [6, 6, 6]


def test_a_sobol_sequence_fills_the_ranges_and_is_repeatable():
    one, two = (sweep(f"{POSTS}=0:1000", f"{PLACES}=100:300", design=SweepDesign(sobol=16)) for _ in range(2))
    assert one.points == two.points
    assert len(one.points) == 16
    first = np.sort([point[0] for point in one.points])
    assert (np.floor(first / 62.5 + 0.1) <= np.arange(16) + 1).all()
    assert first[0] < 70
    assert first[-1] > 900
    assert len(one.curves()) == 2 * 2 * 8


def test_a_sequence_takes_values_that_are_listed_and_no_others():
    swept = sweep(f"{POSTS}=0:1000", f"{PLACES}=100,200,400", design=SweepDesign(sobol=16))
    assert sorted({point[1] for point in swept.points}) == [100.0, 200.0, 400.0]


def test_amounts_below_what_a_lever_takes_stand_for_the_plan_without_it():
    (posts,) = amounts_of([f"{POSTS}=0:5000"], PLAN)
    assert posts.absent
    assert "parks" not in with_amounts(PLAN, {posts: 0.0}).policies
    assert with_amounts(PLAN, {posts: 70.0}).policies["parks"] == parks(70)
    (growth,) = amounts_of(["parameters.outside.far.wage_growth=0:0.05"], PLAN)
    assert with_amounts(PLAN, {growth: 0.03}).parameters == {"outside.far.wage_growth": 0.03}
    (ramp,) = amounts_of(["policies.parks.ramp_months=0:24"], PLAN)
    assert with_amounts(PLAN, {ramp: ramp.rounded(12.4)}).policies["parks"].ramp_months == 12


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("posts=1:2", "policies.NAME.FIELD"),
        ("policies.parks.posts_per_year", "PATH=LOW:HIGH"),
        ("policies.park.posts_per_year=0:1", "did you mean 'parks'"),
        ("policies.parks.post_per_year=0:1", "did you mean 'posts_per_year'"),
        ("policies.parks.zones=0:1", "is no number"),
        ("policies.parks=0:1", "policies.parks is no number of the lever industrial_parks; allowed: ramp_months"),
        ("policies.产业园区.posts_per_year=0:1", "did you mean 'parks'"),
        (f"{POSTS}=5:5", "empty range"),
        (f"{POSTS}=9:5", "empty range 9:5; LOW must be below HIGH; did you mean 5:9?"),
        (f"{POSTS}=0-5000", "did you mean 0:5000?"),
        (f"{POSTS}=0:many", "where a number is needed"),
        (f"{POSTS}=0:1.2万", "did you mean 12000"),
        (f"{POSTS}=-5:10", "allowed: a number more than 0"),
        (f"{POSTS}=7", "LOW:HIGH, or several values"),
        ("policies.parks.ramp_months=0.5,3", "is 0.5; allowed: whole numbers"),
        ("parameters.outside.far.wage_grwth=0:1", "did you mean 'outside.far.wage_growth'"),
        ("parameters.outside.far.wage_growth=0:99", "allowed:"),
    ],
)
def test_amounts_that_cannot_be_are_explained(text, words):
    with pytest.raises(ExperimentError, match=re.escape(words)):
        amounts_of([text], PLAN)


def test_goals_are_read_in_many_hands():
    for text in (
        "urbanization_rate >= 0.55 @ 2021-06",
        "urbanization_rate≥55%@2021-06",
        "urbanization_rate ＞＝ 0.55 ＠ 2021-06",
        "Resident urbanization rate >= 55 % @ 2021-06",
        "城镇化率 ≥ 55％ @ 2021-06",
    ):
        (goal,) = goals_of([text], PLAN)
        assert (goal.name, goal.at_least, goal.level, goal.month) == (
            "urbanization_rate",
            True,
            0.55,
            parse_month("2021-06"),
        )
    (seat,) = goals_of(["seat_residents >= 25万人"], PLAN)
    assert seat.level == 250_000
    (last,) = goals_of(["cost <= 20亿元"], PLAN, costs=True)
    assert (last.month, last.at_least, last.level) == (PLAN.until, False, 2e9)
    for text, words in (
        ("urbanization_rate = 0.5", "allowed:"),
        ("urbanization_rat >= 0.5", "did you mean 'urbanization_rate'"),
        ("urbanization_rate >= 55", "is a share"),
        ("urbanization_rate >= 0.5 @ 2010-01", "before"),
        ("urbanization_rate >= 0.5 @ 2021年6月", "did you mean 2021-06"),
        ("seat_residents >= 25公里", "the unit '公里', which is not of this figure"),
        ("cost <= 5", "--within"),
        ("seat_residents >= -5", "never below 0"),
    ):
        with pytest.raises(ExperimentError, match=words):
            goals_of([text], PLAN)


def test_the_margin_at_a_chance_is_what_that_share_of_runs_reaches():
    margins = np.array([0.3, -0.1, 0.1, 0.2, 0.0])
    assert margin_at(margins, 0.8) == 0.0  # four of five
    assert margin_at(margins, 0.81) == -0.1
    assert margin_at(margins, 0.2) == 0.3


@pytest.mark.parametrize("sign", [">=", "<="])
@pytest.mark.parametrize("error", [-4e-15, 0.0, 4e-15])
def test_a_value_at_the_level_reaches_it_whatever_its_last_digit(sign, error):
    (goal,) = goals_of([f"beds_per_thousand {sign} 7.5"], PLAN)
    assert meets(goal.margins(np.array([7.5 + error]))).all()


def test_targets_of_the_plan_are_goals_where_none_are_given():
    month = parse_month("2021-12")
    targets = (Target("urbanization_rate", month, 0.41, comparator=Comparator.ABOUT, tolerance=0.002),)
    (goal,) = goals_of_targets(replace(PLAN, targets=targets), month)
    assert (goal.level, goal.at_least) == (pytest.approx(0.408), True)


def test_conditions_of_failure_find_the_edge():
    reach = ("urbanization_rate >= 0.4045",)
    swept = sweep(f"{POSTS}=0:1000", f"{PLACES}=0:300", design=SweepDesign(sobol=64), reach=reach)
    found = conditions_of_failure(swept)
    first = found.boxes[found.boxes["box"] == 1]
    assert first["name"].to_list() == [POSTS]
    assert 200 < first["high"].iloc[0] < 260
    assert first["density"].iloc[0] == pytest.approx(39 / 45)
    assert found.skill > 0.4
    runs = swept.runs()
    assert found.failing == pytest.approx(float((runs["urbanization_rate"] < 0.4045).mean()))


def test_conditions_of_failure_name_a_parameter_whose_draws_differ_by_the_month():
    """What counts is the value of the last month."""
    many = RunSettings(None, 0, 24, 1)
    values = [value_at(given(PLAN, number).parameters[FAR], PLAN.until) for number in range(1, 25)]
    middle = float(np.median(values))

    def by_far(scenario, luck):
        return Run({"urbanization_rate": 0.5 if values[luck.draw - 1] > middle else 0.3}, {})

    asked = AskedSweep((f"{POSTS}=0:1000",), design=SweepDesign(levels=3), reach=("urbanization_rate >= 0.4",))
    found = conditions_of_failure(ask_sweep(PLAN, asked, many, analytic(by_far)))
    (box,) = found.boxes.to_dict("records")
    below = max(value for value in values if value <= middle)
    assert (box["name"], box["density"], box["coverage"]) == (FAR, 1.0, 1.0)
    assert below <= box["high"] < min(value for value in values if value > middle)


def test_a_draw_that_alone_meets_the_goal_is_no_cause_for_warnings():
    # The third of three draws, whatever the posts.
    swept = sweep(f"{POSTS}=1:10", reach=("urbanization_rate >= 0.4025",))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = conditions_of_failure(swept)
    assert found.failing == pytest.approx(2 / 3)
    assert found.boxes.empty


def test_where_there_is_nothing_to_discover_it_is_said():
    for reach, words in (
        ((), "--reach"),
        (("urbanization_rate >= 0.1",), "no run"),
        (("urbanization_rate >= 0.9",), "every"),
    ):
        found = conditions_of_failure(sweep(f"{POSTS}=0:1000", reach=reach))
        assert found.boxes.empty
        assert words in found.why_none.en


def test_questions_are_carried_out_as_comparisons_are():
    """A process per core without jobs, and progress for who asks, in every function that runs something."""
    import inspect

    import urbsim

    for function in (urbsim.simulate, urbsim.compare, urbsim.groups, urbsim.contributions, urbsim.sweep, urbsim.seek):
        settings = inspect.signature(function).parameters
        assert (settings["jobs"].default, settings["progress"].default) == (None, False), function.__name__


def test_progress_is_told_to_whoever_asks(monkeypatch):
    import urbsim.questions

    told = []

    def runner_of(jobs, executor, progress, *, overwrite):
        told.append(progress)

    def evaluator(runner, seed):
        return analytic(linear)

    def count(done: int, runs: int) -> None: ...

    monkeypatch.setattr(urbsim.questions, "runner_of", runner_of)
    monkeypatch.setattr(urbsim.questions, "Evaluator", evaluator)
    urbsim.sweep(PLAN, [f"{POSTS}=0:1000"], levels=2, draws=1, progress=count)
    assert told == [count]


def test_a_goal_without_a_month_is_of_the_month_asked_about():
    plan = replace(PLAN, until=parse_month("2023-12"))
    asked = AskedSweep([f"{POSTS}=0:1000"], at="2022-06", reach=["urbanization_rate >= 0.41"])
    swept = ask_sweep(plan, asked, THREE, analytic(linear))
    assert [str(goal) for goal in swept.goals] == ["urbanization_rate >= 0.41 @ 2022-06"]
