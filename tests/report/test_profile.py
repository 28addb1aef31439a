"""Where the time of runs goes: parts that add up, in whatever processes, in both languages."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest
from rich.console import Console

from urbsim.experiment.plan import Plan
from urbsim.experiment.profile import Profile
from urbsim.experiment.runner import Runner, carry_out
from urbsim.labels import Language
from urbsim.report.profile import PARTS, profile_data, profile_table
from worlds import small_model

BY_HAND = Profile({"residence": 3.0, "count": 1.0}, compiling=20.0, months=10, runs=1)


def printed(profile: Profile, language: Language) -> str:
    console = Console(file=io.StringIO(), width=200)
    console.print(profile_table(profile, language))
    return " ".join(console.file.getvalue().split())


def test_every_step_of_the_month_has_a_name_in_both_languages() -> None:
    names = {step.name for step in small_model(scale=0.002).schedule}
    assert names == PARTS.keys() - {"base population", "start", "tables"}
    assert all(label.en and label.zh for label in PARTS.values())


def test_shares_and_milliseconds_a_month_by_hand() -> None:
    table = BY_HAND.table().set_index("part")
    assert table["share"].to_dict() == {"residence": 0.75, "count": 0.25}  # of 4 seconds; compiling is apart
    assert table["milliseconds_a_month"].to_dict() == {"residence": 300.0, "count": 100.0}


def test_runs_add_up_part_by_part() -> None:
    both = BY_HAND + Profile({"residence": 1.0, "tables": 0.5}, compiling=1.0, months=30, runs=2)
    assert both == Profile({"residence": 4.0, "count": 1.0, "tables": 0.5}, compiling=21.0, months=40, runs=3)
    assert both.table().set_index("part").loc["residence", "milliseconds_a_month"] == 100.0


@pytest.mark.parametrize("jobs", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_a_runner_knows_the_time_of_all_runs_it_had_simulated(tiny_plan: Plan, jobs: int) -> None:
    runner = Runner(jobs)
    short = replace(tiny_plan, scenarios=tuple(replace(one, until=one.start + 1) for one in tiny_plan.scenarios))
    carry_out(short, runner)
    assert (runner.profile.runs, runner.profile.months) == (4, 8)
    assert runner.profile.seconds.keys() == PARTS.keys()
    assert runner.profile.seconds["residence"] > 0.0
    assert runner.profile.table()["share"].sum() == pytest.approx(1.0)


def test_the_table_and_the_json_say_the_same() -> None:
    english, chinese = printed(BY_HAND, "en"), printed(BY_HAND, "zh")
    assert "residence choice" in english
    assert "75.0 %" in english
    assert "1 run, 10 months; compiling or loading compiled code took 20.0 s more" in english
    assert "居住地选择" in chinese
    data = json.loads(json.dumps(profile_data(BY_HAND)))
    assert data["compiling_seconds"] == 20.0
    assert data["parts"][0] == {"part": "residence", "seconds": 3.0, "share": 0.75, "milliseconds_a_month": 300.0}
