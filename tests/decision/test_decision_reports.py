"""What commands on decisions print and write: words in both languages, charts with their tables, scenario files."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from decision.analytic import Run, analytic, parks, plan_of, schools
from urbsim.decision.ask import Asked, ask_contributions
from urbsim.decision.discovery import conditions_of_failure
from urbsim.decision.evaluation import RunSettings
from urbsim.decision.quest import AskedSeek, ask_seek
from urbsim.decision.sweep import AskedSweep, ask_sweep
from urbsim.report import amounts, contributions
from urbsim.report.answers import Contributed
from urbsim.report.asked import contribution_table
from urbsim.report.charts.amounts import response_chart
from urbsim.report.charts.waterfall import waterfall_chart
from urbsim.report.decisions import write_contributions, write_sought, write_sweep
from urbsim.scenario import load_scenario

PLAN = plan_of(parks=parks(500), schools=schools(300))
POSTS = "policies.parks.posts_per_year"
TWO = RunSettings(None, 0, 2, 1)


def rule(scenario, luck):
    posts = scenario.policies["parks"].posts_per_year if "parks" in scenario.policies else 0.0
    run = {"urbanization_rate": 0.4 + posts / 1e5 + 0.001 * luck.draw, "urban_residents": 1000.0 + posts}
    return Run(run, {"parks": 5e4 * posts}, (("near", "seat", posts / 5), ("village", "town", posts * 4 / 5)))


def printed(table, language="en"):
    from rich.console import Console

    console = Console(width=240, record=True, file=open("/dev/null", "w"))  # noqa: PTH123, SIM115
    console.print(table)
    return console.export_text()


def hardly(scenario, luck):
    """Parks bring 10 more urban residents in one run and nobody in the other."""
    posts = scenario.policies["parks"].posts_per_year if "parks" in scenario.policies else 0.0
    run = {"urbanization_rate": 0.4 + posts / 1e5, "urban_residents": 1000.0 + (posts / 50) * (luck.draw % 2)}
    return Run(run, {"parks": 5e4 * posts}, ())


def test_a_cost_by_unit_that_has_no_upper_end_is_said_by_its_lower_one():
    found = ask_contributions(PLAN, None, Asked(), TWO, analytic(hardly))
    cells = printed(contributions.contributions_table(found, "en"))
    assert "≥ 2,500,000" in cells
    assert "5,000,000" not in cells  # what the middle of 10 and nobody would say
    assert "∞" not in cells


@pytest.mark.parametrize(("language", "words"), [("en", "lost without it"), ("zh", "去掉后损失")])
def test_contributions_in_words(language, words):
    found = ask_contributions(PLAN, None, Asked(), TWO, analytic(rule))
    said = printed(contributions.contributions_table(found, language))
    assert words in said
    assert "+0.50 [+0.50, +0.50]" in said
    assert "50,000 [50,000, 50,000]" in said  # yuan for each of 500 more urban residents
    assert "20%" in contributions.taken(found, language)
    assert found.question.month in contributions.heading(found, language)
    assert printed(contributions.sources_table(found, language))
    assert printed(contributions.pairs_table(found, language))


def test_the_waterfall_ends_at_the_whole():
    found = ask_contributions(PLAN, None, Asked(), TWO, analytic(rule))
    bars = contributions.waterfall_data(found)
    assert bars["begins"].iloc[0] == 0.0
    assert bars["ends"].iloc[-2] == pytest.approx(bars["ends"].iloc[-1]) == pytest.approx(0.005)
    assert waterfall_chart(found, bars, "zh").data is bars


def test_a_sweep_is_written_with_its_charts_and_their_tables(tmp_path):
    asked = AskedSweep(
        [f"{POSTS}=0,500,1000", "policies.schools.places_per_year=100,200"], reach=["urbanization_rate >= 0.405"]
    )
    swept = ask_sweep(PLAN, asked, TWO, analytic(rule))
    folder = write_sweep(swept, conditions_of_failure(swept), tmp_path / "s", "zh")
    assert {path.name for path in (folder / "charts").iterdir()} == {
        f"{name}.{kind}" for name in ("response", "heatmap") for kind in ("png", "svg", "csv")
    }
    rows = json.loads((folder / "sweep.json").read_text(encoding="utf-8"))
    assert isinstance(rows, list)
    assert rows[0][POSTS] == 0
    assert len(pd.read_csv(folder / "sweep.csv")) == len(rows) == 3 * 2 * 2
    assert "达标比例" in printed(amounts.sweep_table(swept, "zh"))
    assert list(amounts.conditions_lines(conditions_of_failure(swept), "en"))
    # 0 posts come to 40.1 and 40.2 %, 500 and 1,000 to more than 40.5: four runs of six.
    (goal,) = amounts.goals_lines(swept, "en")
    assert goal == "Resident urbanization rate ≥ 40.5 % in 2021-12: met in 67% of all runs"


def test_the_name_of_an_axis_keeps_lever_and_field():
    two = plan_of(parks=parks(500), other=parks(100))
    swept = ask_sweep(two, AskedSweep([f"{POSTS}=0,500"]), RunSettings(None, 0, 1, 1), analytic(rule))
    axis = response_chart(swept, "zh").figure.axes[0]
    assert axis.get_xlabel() == "产业园区建设（parks）\n在原有趋势之外新增的岗位（个岗位/年）"


def test_what_was_found_is_a_scenario_with_its_reason(tmp_path):
    asked = AskedSeek(["urbanization_rate >= 0.42"], [f"{POSTS}=0:4000"], trials=12)
    found = ask_seek(PLAN, asked, TWO, analytic(rule))
    data = write_sought(found, tmp_path / "f", "en")
    path = tmp_path / "f" / "found.yaml"
    assert data["scenario_file"] == path.as_posix()
    scenario = load_scenario(path)
    assert scenario.policies["parks"].posts_per_year == data["amounts"][POSTS]
    assert scenario.policies["schools"] == PLAN.policies["schools"]
    text = path.read_text(encoding="utf-8")
    assert "95 % binomial interval" in text
    assert "二项区间" in text
    assert {file.name for file in (tmp_path / "f" / "charts").iterdir()} == {
        "frontier.png",
        "frontier.svg",
        "frontier.csv",
    }


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_binds_is_said_in_words(language):
    asked = AskedSeek(["urbanization_rate >= 0.45"], [f"{POSTS}=0:2000"], trials=6)
    found = ask_seek(PLAN, asked, TWO, analytic(rule))
    said = "\n".join(amounts.sought_lines(found, language))
    assert ("Out of reach" if language == "en" else "达不到") in said
    goal = {"en": "Resident urbanization rate ≥ 45 % in 2021-12", "zh": "常住人口城镇化率 ≥ 45%（2021-12）"}
    assert goal[language] in said
    assert {"en": "of these runs, median ", "zh": "的模拟达到，中位数"}[language] in said
    assert f"{POSTS} = 2,000 " in said
    assert f"[{found.problem.amounts[0].title.in_language(language)}]" in said
    assert "0/" not in said
    assert printed(amounts.relaxed_table(found, language))


FEW_AND_ENOUGH = [
    (1, "no interval", "无区间"),
    (4, "range", "极差"),
    (8, "range", "极差"),
    (9, "10–90 % interval", "10–90%区间"),
]


@pytest.mark.parametrize(("runs", "english", "chinese"), FEW_AND_ENOUGH)
def test_all_answers_say_alike_what_their_brackets_hold(runs, english, chinese, tmp_path):
    """As comparisons do: the range of few runs, nothing of one."""
    settings = RunSettings(None, 0, runs, 1)
    found = ask_contributions(PLAN, None, Asked(), settings, analytic(rule))
    swept = ask_sweep(PLAN, AskedSweep([f"{POSTS}=0:1000"]), settings, analytic(rule))
    write_contributions(found, tmp_path, "en")
    kept = Contributed(json.loads((tmp_path / "contributions.json").read_text(encoding="utf-8")))
    for language, words in (("en", english), ("zh", chinese)):
        others = {each[1 + (language == "zh")] for each in FEW_AND_ENOUGH} - {words}
        waterfall = waterfall_chart(found, contributions.waterfall_data(found), language).figure.legends[0]
        said = [
            contributions.note(found, language),
            contribution_table(kept, language).note,
            str(amounts.sweep_table(swept, language).caption),
            *([] if runs == 1 else [" ".join(each.get_text() for each in waterfall.texts)]),
            *([] if runs == 1 else [" ".join(each.get_text() for each in _legend(swept, language).texts)]),
        ]
        assert all(words in each for each in said)
        assert not [each for each in said for other in others if other in each]
    assert found.as_data()["interval"] == english
    assert set(swept.rows()["interval"]) == {english}


def _legend(swept, language):
    return response_chart(swept, language).figure.legends[0]


def test_one_run_has_no_ends_anywhere():
    one = RunSettings(None, 0, 1, 1)
    found = ask_contributions(PLAN, None, Asked(), one, analytic(rule))
    swept = ask_sweep(PLAN, AskedSweep([f"{POSTS}=0:1000"]), one, analytic(rule))
    ends = found.table().filter(regex="_p10|_p90").to_numpy(dtype=float)
    assert pd.isna(ends).all()
    assert swept.rows()[["p10", "p90"]].isna().all(axis=None)
    assert set(found.pairs()["kind"]) <= {"unclear"}
    table = printed(contributions.contributions_table(found, "en"))
    assert "[" not in table
    assert "50,000" in table  # yuan by post, which one run knows
    assert len(response_chart(swept, "en").figure.legends[0].texts) == 1
    waterfall = waterfall_chart(found, contributions.waterfall_data(found), "en")
    assert not [each for each in waterfall.figure.legends[0].texts if "over runs" in each.get_text()]
