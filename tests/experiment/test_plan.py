from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest

from urbsim.experiment import manifest
from urbsim.experiment import plan as plans
from urbsim.experiment.errors import ExperimentError
from urbsim.experiment.names import distinct_names
from urbsim.experiment.plan import given, make_plan
from urbsim.months import parse_month
from urbsim.posterior.draws import draw
from urbsim.scenario.model import Scenario
from urbsim.state.constants import NO_CONSTANTS

BASE = Scenario("base", "341282", ("341282",), parse_month("2020-11"), parse_month("2021-12"))
OTHER = replace(BASE, name="other")


def test_the_manifest_says_the_first_month_simulated_and_the_first_of_the_output():
    later = replace(BASE, start=parse_month("2021-06"), until=parse_month("2022-12"))
    said = manifest.settings(make_plan([later]))
    assert [said[key] for key in ("census", "start", "until")] == ["2020-11", "2021-06", "2022-12"]
    assert make_plan([later], draws=0).months == 26


def test_scenarios_of_one_replicate_follow_each_other_so_that_they_can_share_a_base_population():
    tasks = make_plan([BASE, OTHER], draws=0, replicates=2, seed=7).tasks()
    assert [(key.replicate, key.scenario) for key in tasks] == [
        (0, "base"),
        (0, "other"),
        (1, "base"),
        (1, "other"),
    ]
    assert {task.seed for task in tasks.values()} == {7}


def test_scale_and_until_of_the_command_replace_those_of_every_scenario():
    plan = make_plan([BASE, OTHER], scale=0.5, until=parse_month("2021-04"))
    assert {(scenario.scale, scenario.months) for scenario in plan.scenarios} == {(0.5, 6)}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"counties": ("140402",), "region": "140402"}, "region (341282 in 'base', 140402 in 'other')"),
        ({"start": parse_month("2020-12")}, "start (2020-11 in 'base', 2020-12 in 'other')"),
        ({"until": parse_month("2022-12")}, "until (2021-12 in 'base', 2022-12 in 'other')"),
        ({"scale": 0.5}, "scale (1 in 'base', 0.5 in 'other')"),
    ],
)
def test_what_keeps_scenarios_from_being_compared_is_named(change, words):
    with pytest.raises(ExperimentError) as caught:
        make_plan([BASE, replace(OTHER, **change)])
    assert words in str(caught.value)


def test_two_scenarios_of_one_name_are_refused():
    with pytest.raises(ExperimentError, match="two scenarios are named 'base'"):
        make_plan([BASE, BASE])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"scale": 0.0}, "scale is 0; it must be above 0 and at most 1"),
        ({"scale": 1.5}, "scale is 1.5"),
        ({"replicates": 0}, "replicates is 0; it must be 1 or more"),
        ({"scale": 1e-9}, "scale is 1e-09; it must be at least 0.0001"),
        ({"replicates": 10**9}, "replicates is 1000000000; it must be at most 10,000"),
        ({"until": parse_month("2051-01")}, "until is 2051-01; it must be 2050-12 or before"),
        ({"until": parse_month("2199-12")}, "until is 2199-12; it must be 2050-12 or before"),
        ({"seed": -1}, "seed is -1"),
        ({"until": parse_month("2019-12")}, "until 2019-12 is before 'base' starts, 2020-11"),
    ],
)
def test_numbers_out_of_bounds_are_refused(options, words):
    with pytest.raises(ExperimentError) as caught:
        make_plan([BASE], **options)
    assert words in str(caught.value)


def test_names_of_files_are_distinct_even_where_names_of_scenarios_look_alike():
    names = [replace(BASE, name=name) for name in ("A plan", "a-plan", "A/plan", "基准")]
    assert list(make_plan(names).file_names().values()) == ["a-plan", "a-plan-2", "a-plan-3", "基准"]


@pytest.mark.parametrize(
    "names",
    [
        ("Plan 2", "Plan", "plan"),
        ("Plan", "plan", "Plan 2", "plan-2-2"),
        ("straße", "STRASSE", "Strasse"),
        ("é", "e\u0301"),
        ("政策" * 200, "政策" * 201, "x" * 400, "x" * 401),
        ("con", "CON", "NUL.x", "com1", "..", "/", "-", "\ud800"),
    ],
)
def test_names_of_files_never_meet_on_any_file_system(names):
    found = distinct_names(names)
    assert len({unicodedata.normalize("NFKC", name.casefold()) for name in found}) == len(names)
    for name in found:
        assert len(f".{name}.yaml.partial".encode()) <= 255
        assert name.split(".")[0].lower() not in ("con", "nul", "com1", "")
        assert not set(name) & set('/\\:*?"<>|')


def test_what_an_analyst_wrote_holds_against_the_draw_and_uncalibrated_scenarios_have_none():
    drawn = draw(3, BASE.counties, 2020)
    written = given(replace(BASE, parameters={"residence.gamma": 0.123}), 3)
    assert written.parameters["residence.gamma"] == 0.123
    assert written.parameters["residence.home"] == drawn.parameters["residence.home"]
    assert written.constants == drawn.constants.rows()
    assert written.constants != (NO_CONSTANTS,)
    plain = given(replace(BASE, parameters={"residence.gamma": 0.123}, calibrated=False), 3)
    assert plain.parameters == {"residence.gamma": 0.123}
    assert plain.constants == (NO_CONSTANTS,)


def test_what_a_draw_gives_is_looked_up_once(baseline, monkeypatch):
    asked = []
    draw = plans.draw
    monkeypatch.setattr(plans, "draw", lambda number, *others: asked.append(number) or draw(number, *others))
    plan = make_plan([baseline], scale=0.01, draws=3)
    given, tasks = plan.given(), plan.tasks()
    given.clear()  # a copy, which belongs to whoever asked
    assert [task.constants for task in tasks.values()] == [each.constants for each in plan.given().values()]
    assert asked == [1, 2, 3]
