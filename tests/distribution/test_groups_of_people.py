"""Results by group add up, twins are the same people, small cells are not shown."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

import urbsim
from urbsim.api import Result
from urbsim.cli import main
from urbsim.distribution.asked import asked
from urbsim.distribution.groups import Groups
from urbsim.distribution.pyramid import pyramid, pyramid_cells
from urbsim.distribution.summary import SUPPRESSED, summarised
from urbsim.distribution.twins import Pair, twin_cells
from urbsim.experiment.errors import ExperimentError
from urbsim.observation.dimensions import DIMENSIONS
from urbsim.observation.measures import MEASURES, gini
from urbsim.observation.observe import Observation, with_whom
from urbsim.report.answers import Answers, find_answers
from urbsim.report.charts.groups import group_chart, pyramid_chart, twins_chart
from urbsim.report.charts.style import Chart
from urbsim.report.groups import as_data, groups_tables, write_groups
from urbsim.report.hover.answers import group_figures
from urbsim.scenario.model import Scenario

ROOT = Path(__file__).parents[2]
SEAT, VILLAGE, FAR = 2, 0, 4
PLAIN = ("--quiet", "--json", "--jobs", "1")
SMALL = {"scale": 0.004, "draws": 0, "at": "2020-12"}


def people(**columns: list[float]) -> pd.DataFrame:
    """Return residents of a village without work or school who differ in the columns given."""
    count = len(next(iter(columns.values())))
    plain = dict.fromkeys(
        ("county", "zone", "stage", "has_place", "work", "tenure", "female", "income", "group", "age"), 0
    )
    frame = pd.DataFrame({"key": np.arange(count, dtype=np.uint64) + 7, **plain}, index=range(count))
    return frame.assign(**columns)


def test_the_same_people_are_found_by_key_and_the_dead_of_either_world_left_out() -> None:
    without = people(income=[1.0, 2.0, 3.0])
    plan = people(income=[30.0, 20.0]).assign(key=np.array([9, 8], dtype=np.uint64))
    pair = Pair.of(without, plan)
    assert list(pair.without["income"]) == [2.0, 3.0]
    assert list(pair.plan["income"]) == [20.0, 30.0]


def test_people_away_in_both_worlds_are_no_twins_of_the_county() -> None:
    pair = Pair.of(people(zone=[FAR, FAR, VILLAGE]), people(zone=[FAR, SEAT, FAR]))
    assert list(pair.without["zone"]) == [FAR, VILLAGE]


def test_gains_and_losses_by_hand() -> None:
    without = people(
        income=[1000, 1000, 0, 0, 100], zone=[0, 2, 0, 0, 0], work=[1, 2, 4, 2, 1], stage=[0, 0, 2, 0, 0],
        tenure=[0, 2, 1, 0, 0], female=[0, 0, 0, 1, 1],
    )  # fmt: skip
    plan = people(
        income=[1050, 1049, 49, 50, 95], zone=[2, 2, 0, 0, 0], work=[2, 4, 4, 2, 1], stage=[0, 0, 2, 0, 0],
        has_place=[0, 0, 1, 0, 0], tenure=[0, 1, 3, 0, 0], female=[0, 0, 0, 1, 1],
    )  # fmt: skip
    cells = twin_cells(Pair.of(without, plan), ("sex",)).set_index(["sex", "outcome"])["value"]
    men, women, everybody = (cells.loc[sex] for sex in ("male", "female", "all"))
    assert (men["better_off"], women["better_off"]) == pytest.approx((1 / 3, 1 / 2))
    assert (men["worse_off"], women["worse_off"]) == pytest.approx((0, 1 / 2))
    assert everybody["income_change"] == pytest.approx((50 + 49 + 49 + 50 - 5) / 5)
    assert (men["moved"], men["urban_gained"], men["urban_lost"]) == pytest.approx((1 / 3, 1 / 3, 0))
    assert (men["post_gained"], men["post_lost"], women["post_gained"]) == pytest.approx((1 / 3, 1 / 3, 0))
    assert everybody["school_place_gained"] == 1.0  # of the one pupil
    assert "school_place_gained" not in women
    assert (men["dwelling_gained"], men["dwelling_lost"]) == pytest.approx((1 / 3, 1 / 3))


def cells(agents: list[int], values: list[float], scenario: str = "a") -> pd.DataFrame:
    identity = {"scenario": scenario, "replicate": 0, "month": "2025-12", "sex": "male"}
    return pd.DataFrame({"draw": range(len(agents)), "value": values, "agents": agents}).assign(**identity)


def test_a_cell_with_under_ten_people_in_any_run_is_not_shown_nor_is_what_is_compared_with_it() -> None:
    table = pd.concat([cells([10, 9], [1.0, 3.0]), cells([10, 10], [2.0, 6.0], "b")])
    found = summarised(table, ("sex",), "a", ("a", "b")).set_index("scenario")
    assert found.loc["a", "suppressed"] == SUPPRESSED
    assert found.loc["a", ["median", "low", "high", "agents"]].isna().all()
    assert found.loc["b", "median"] == 4.0
    assert np.isnan(found.loc["b", "difference"])
    enough = summarised(table.assign(agents=10), ("sex",), "a", ("a", "b")).set_index("scenario")
    assert enough.loc["a", "median"] == 2.0
    assert (enough.loc["b", "difference"], enough.loc["b", "difference_high"]) == (2.0, 3.0)


def test_a_cell_that_a_run_lacks_is_not_shown() -> None:
    other = cells([50, 50], [5.0, 5.0]).assign(sex="female")
    table = pd.concat([cells([50], [1.0]), other])
    found = summarised(table, ("sex",), "a", ("a",)).set_index("sex")["suppressed"]
    assert dict(found) == {"male": SUPPRESSED, "female": ""}


def test_gini_by_hand() -> None:
    assert gini(np.array([5.0, 5.0])) == pytest.approx(0.0)
    assert gini(np.array([0.0, 0.0, 0.0, 8.0])) == pytest.approx(0.75)
    assert gini(np.array([1.0, 3.0])) == pytest.approx(0.25)
    assert np.isnan(gini(np.zeros(3)))


def test_the_pyramid_holds_every_resident_and_hides_small_groups() -> None:
    everybody = people(age=[3] * 12 + [88] * 9 + [40], zone=[0] * 21 + [FAR], female=[1] * 12 + [0] * 10)
    counted = pyramid_cells(everybody, 2.0).assign(scenario="a", draw=0, replicate=0, month="2025-12")
    assert counted["agents"].sum() == 21
    table = pyramid(counted).set_index(["age", "sex"])
    assert table.loc[("0-4", "female"), "persons"] == 24.0
    assert table.loc[("85+", "male"), "suppressed"] == SUPPRESSED
    assert np.isnan(table.loc[("85+", "male"), "persons"])


def test_of_whom() -> None:
    everybody = people(age=[15, 16, 59, 60] * 10, group=[1, 1, 1, 0] * 10, zone=[0, 2, 2, 2] * 10)
    seen = Observation("urbanization_rate", (), {"registration": ("local_rural",)}, (15, 59)).cells(everybody, 1.0)
    assert (seen["agents"].item(), seen["value"].item()) == (30, pytest.approx(2 / 3))


@pytest.fixture(scope="module")
def found(baseline: Scenario, pilot_plan: Scenario) -> Groups:
    return urbsim.groups(
        [baseline, pilot_plan], by=["zone", "sex"], indicator=["residents", "urbanization_rate"], people=30, **SMALL
    )


def test_groups_add_up_to_the_county(found: Groups, baseline: Scenario) -> None:
    counts = found.rows["residents"]
    shown = counts[counts["suppressed"] == ""].groupby("scenario", observed=True)["median"].sum()
    total = found.totals["residents"].set_index("scenario")["median"]
    assert shown[baseline.name] == pytest.approx(total[baseline.name])
    series = urbsim.simulate(baseline, scale=SMALL["scale"], draws=0, until="2020-12").series
    recorded = series[(series["indicator"] == "residents") & (series["month"] == "2020-12")]["value"].item()
    assert total[baseline.name] == recorded


def test_rows_are_in_the_order_of_the_members(found: Groups) -> None:
    zones = list(dict.fromkeys(found.rows["residents"]["zone"]))
    assert zones == [name for name in DIMENSIONS["zone"].members if name in zones]


def test_the_same_persons_are_sampled_in_every_scenario(found: Groups) -> None:
    keys = [set(part["key"]) for _, part in found.people.groupby("scenario")]
    assert [len(each) for each in keys] == [30, 30]
    assert len(keys[0] & keys[1]) > 25


def test_json_and_tables_and_files(found: Groups, tmp_path: Path) -> None:
    data = as_data(found, "urbanization_rate")
    assert (data["indicator"], data["by"]) == ("urbanization_rate", ["zone", "sex"])
    assert {row["scenario"] for row in data["rows"]} == set(found.plan.names)
    assert {row["outcome"] for row in data["twins"]} >= {"better_off", "post_gained", "moved"}
    json.dumps(data, allow_nan=False)
    for language in ("en", "zh"):
        titles = [table.title for table in groups_tables(found, language)]
        assert len(titles) == 4  # two indicators, twins, inequality
    write_groups(found, tmp_path, "zh")
    names = {path.name for path in tmp_path.iterdir()}
    assert names >= {"groups.csv", "twins.csv", "inequality.csv", "people.parquet", "age_pyramid.png"}
    assert names >= {"winners_and_losers.csv", "groups_children_left_behind.png", "groups_residents.csv"}


def test_every_chart_and_table_says_of_whom_and_has_a_file_of_its_own(found: Groups, tmp_path: Path) -> None:
    young = Observation("post_share", ("zone", "sex"), {"registration": ("local_rural", "elsewhere")}, (16, 34))
    adult = replace(young, ages=(35, 59))
    observations = {"children_left_behind": young, "b c": adult, "b-c": adult}
    tables = (dict.fromkeys(observations, each["urbanization_rate"]) for each in (found.rows, found.totals))
    twins = dict.fromkeys(observations, found.twins["urbanization_rate"])
    rows, totals = tables
    groups = replace(found, observations=observations, rows=rows, totals=totals, twins=twins)
    of_young, of_adults = "16–34 years; registered here, rural/registered elsewhere", "35–59 years; registered here"
    figures = [figure.title for figure in group_figures(Answers(groups=groups), "en")]
    assert [of_young in title for title in figures] == [True, True, False, False, False]
    assert [of_adults in title for title in figures] == [False, False, True, True, True]
    titles = [table.title for table in groups_tables(groups, "en") if "The same people" in table.title]
    assert [of_young in title for title in titles] == [True, False]
    for chart in (
        group_chart(groups, "a", young, rows["b c"], "zh"),
        twins_chart(groups, young, twins["b c"], "zh"),
    ):
        assert "16–34岁；" in _said(chart)
    write_groups(groups, tmp_path)
    names = {path.name for path in tmp_path.iterdir()}
    assert {
        f"groups_{name}.csv" for name in ("children_left_behind", "children_left_behind-2", "b-c", "b-c-2")
    } <= names


def test_a_pyramid_of_one_scenario_has_no_outline(found: Groups) -> None:
    assert "baseline" in _said(pyramid_chart(found, "en"))
    alone = replace(found, plan=replace(found.plan, scenarios=found.plan.scenarios[:1]))
    assert "baseline" not in _said(pyramid_chart(alone, "en"))


def _said(chart: Chart) -> str:
    return " ".join(found.get_text() for found in chart.figure.findobj(Text))


def test_what_a_scenario_observes_itself(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text(
        f"extends: {(ROOT / 'scenarios/jieshou/baseline.yaml').as_posix()}\nname: Observed\nscale: 0.004\n"
        "until: 2020-12\nobserve:\n  at work: {indicator: employment_rate, by: age, of: {sex: female}}\n"
    )
    assert _run(monkeypatch, "groups", plan, "--draws", 0, "-o", tmp_path / "out", *PLAIN) == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["name"], data["by"], data["of"]) == ("at work", ["age"], {"sex": ["female"]})
    by_age = {row["age"]: row for row in data["rows"]}
    assert by_age["30-44"]["median"] > by_age["75+"]["median"]
    assert set(by_age) == {"16-29", "30-44", "45-59", "60-74", "75+"}  # children do not work


def test_a_comparison_shows_what_its_scenarios_observe_and_its_report_reads_it_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    base = (ROOT / "scenarios/jieshou/baseline.yaml").as_posix()
    observing = "observe: {dwellers: {indicator: urbanization_rate, by: registration}}"
    for name, more in (
        ("base", ""),
        ("plan", "policies: {free: {lever: hukou_relaxation, start: 2020-11, tenants_eligible: true}}"),
    ):
        text = f"extends: {base}\nname: {{en: {name}, zh: 情景{name}}}\n{observing}\n{more}\n"
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    files = [tmp_path / f"{name}.yaml" for name in ("base", "plan")]
    short = ("--scale", "0.003", "--until", "2020-12", "--draws", 0, "--no-charts", "-o", tmp_path / "run")
    assert _run(monkeypatch, "compare", *files, *short, *PLAIN) == 0
    (answer,) = json.loads(capsys.readouterr().out)["groups"]
    assert (answer["name"], answer["by"]) == ("dwellers", ["registration"])
    assert {row["scenario"] for row in answer["rows"]} == {"base", "plan"}
    assert {row["scenario"] for row in answer["twins"]} == {"plan"}
    stored = json.loads((tmp_path / "run" / "groups" / "groups.json").read_text(encoding="utf-8"))
    assert stored["answers"] == [answer]
    page = tmp_path / "page.html"
    assert _run(monkeypatch, "report", tmp_path / "run", "--lang", "zh", "-o", page) == 0
    said = page.read_text(encoding="utf-8")
    assert "同一批人在“情景plan”与“情景base”下的差别" in said
    (row,) = [row for row in answer["all"] if row["scenario"] == "plan"]
    assert f"{100 * row['median']:.1f}" in said


def test_a_run_folder_has_its_groups_with_its_own_settings(
    saved: Path, tiny: Result, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    options = ("-i", "urbanization_rate", "--by", "sex", "-o", tmp_path, *PLAIN)
    assert _run(monkeypatch, "groups", saved, *options) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["scale"] == tiny.plan.baseline.scale
    expected = tiny.table(("urbanization_rate",))
    expected = expected[expected["month"] == tiny.last_month]
    assert [row["median"] for row in data["all"]] == pytest.approx(list(expected["median"]))
    assert [row["difference"] for row in data["all"]][1] == pytest.approx(expected["difference"].iloc[1])


def _run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr("sys.argv", ["urbsim", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--by", "registraton"], "did you mean 'registration'?"),
        (["-i", "employment"], "did you mean"),
        (["-i", "seat_price"], "of the whole county"),
        (["--at", "2051-01"], "allowed: 2020-11 to 2035-12"),
        (["--at", "2025"], "YYYY-MM"),
        (["--of", "zone"], "zone=seat"),
        (["--of", "zone=seats"], "did you mean 'seat'?"),
        (["--of", "age=old"], "16-59"),
    ],
)
def test_mistakes(
    arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario = ROOT / "scenarios/jieshou/baseline.yaml"
    assert _run(monkeypatch, "groups", scenario, "--scale", "0.004", "-o", tmp_path, "--quiet", *arguments) == 2
    assert said in " ".join(capsys.readouterr().err.replace("│", " ").split())


def test_unknown_names_raise() -> None:
    with pytest.raises(ExperimentError, match="did you mean 'income_per_head'"):
        asked(["income_per_hed"])


def test_the_page_names_every_measure_dimension_and_member() -> None:
    page = (ROOT / "docs" / "groups.md").read_text(encoding="utf-8")
    members = [member for name, each in DIMENSIONS.items() if name != "age" for member in each.members]
    assert [name for name in [*MEASURES, *DIMENSIONS, *members] if f"`{name}`" not in page] == []


def test_answers_kept_say_of_how_many_runs_they_are(found: Groups, tmp_path: Path) -> None:
    """Not of how many the run folder is, beside which they lie."""
    write_groups(found, tmp_path / "groups-of-few")
    (tmp_path / "run").mkdir()
    read = find_answers(replace(found.plan, draws=12, replicates=3), tmp_path / "run").groups
    assert read is not None
    notes = [[table.note for table in groups_tables(each, "en")] for each in (read, found)]
    assert notes[0] == notes[1]
    assert "below: difference from" in notes[0][0]


def test_a_difference_stands_below_with_its_own_interval(found: Groups) -> None:
    table = next(iter(groups_tables(found, "en")))
    row = found.totals[next(iter(found.observations))].query("scenario != @found.plan.baseline.name").iloc[0]
    _, difference = table.rows[-1][-1].split("\n")
    assert "[" in difference or np.isnan(row["difference_low"])
    assert difference.startswith(("+", "−", "0"))


@pytest.mark.parametrize(
    ("ages", "english", "chinese"),
    [((60, 120), "60 years and over", "60岁及以上"), ((16, 59), "16–59 years", "16–59岁")],
)
def test_ages_are_said_as_people_say_them(ages: tuple[int, int], english: str, chinese: str) -> None:
    old = Observation("residents", (), ages=ages)
    assert with_whom("Residents", old, "en") == f"Residents, {english}"
    assert with_whom("人口", old, "zh") == f"人口，{chinese}"
