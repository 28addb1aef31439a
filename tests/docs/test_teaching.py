"""The lessons run as their pages say, and their answers hold, for two seeds.

Every claim is a direction or an order. Parameters that the lessons depend on are fixed in their own files.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import matplotlib.image
import pandas as pd
import pytest
import yaml

import urbsim
from urbsim.experiment.ensemble import Ensemble
from urbsim.model import UrbanizationModel
from urbsim.observation.indicators import INDICATORS
from urbsim.parameters import registry
from urbsim.report.charts import chart_tables

ROOT = Path(__file__).parents[2]
#: What happens in the lessons of the local page, question by question; it follows from the tests below.
RIGHT = {
    "1-harris-todaro": ["more", "lower", "farms"],
    "2-network": ["fewer", "more", "grows"],
    "3-hukou-wall": ["resident", "registered", "falls"],
    "4-empty-district": ["hardly", "fewer", "lower"],
    "5-lewis": ["late", "growth"],
    "6-left-behind": ["more", "fewer", "more"],
}
LESSONS = ROOT / "scenarios" / "teaching"
PAGES = {language: ROOT / "docs" / name for language, name in (("en", "teaching.md"), ("zh", "teaching.zh.md"))}
FILES = sorted(path.relative_to(ROOT).as_posix() for path in LESSONS.rglob("*.yaml"))


def commands(page: Path) -> list[str]:
    """Return the commands of a page in order."""
    blocks = re.findall(r"^```sh\n(.*?)^```$", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    return [line for block in blocks for line in block.splitlines()]


def comparisons() -> list[list[str]]:
    """Return the scenario files of every comparison of the English page, as paths in the repository."""
    return [
        [word for word in shlex.split(line) if word.endswith(".yaml")]
        for line in commands(PAGES["en"])
        if line.startswith("urbsim compare ")
    ]


@cache
def outcome(files: tuple[str, ...], seed: int) -> Ensemble:
    """Compare scenarios as on the page; the first seed once, to save time."""
    scenarios = [urbsim.load_scenario(ROOT / name) for name in files]
    return urbsim.compare(scenarios, draws=0, replicates=2 if seed else 1, seed=seed)


Value = Callable[[str, str, str], float]


@pytest.fixture(scope="module", params=[0, pytest.param(1, marks=pytest.mark.slow)], ids=["seed 0", "seed 1"])
def value(request: pytest.FixtureRequest) -> Value:
    """Return a function that gives the median of an indicator in a scenario file ("lesson/file") and a month."""

    def of(scenario: str, indicator: str, month: str) -> float:
        path = f"scenarios/teaching/{scenario}.yaml"
        files = next(files for files in comparisons() if path in files)
        table = medians(tuple(files), request.param)
        return float(table.loc[urbsim.load_scenario(ROOT / path).name, indicator, month])

    return of


@cache
def medians(files: tuple[str, ...], seed: int) -> pd.Series:
    table = outcome(files, seed).summary()
    keys = ["scenario", "indicator", "month"]
    return table.astype(dict.fromkeys(keys, str)).set_index(keys)["median"]


def change(value: Value, lesson: str, scenario: str, baseline: str, indicator: str, month: str) -> float:
    """Return a scenario's value less that of another."""
    return value(f"{lesson}/{scenario}", indicator, month) - value(f"{lesson}/{baseline}", indicator, month)


# The pages


@pytest.mark.slow
@pytest.mark.parametrize(
    "path", sorted((ROOT / "src" / "urbsim" / "page" / "lessons").glob("*.yaml")), ids=lambda p: p.stem
)
def test_what_the_local_page_measures_is_what_its_answers_say(value, path):
    """The right options of the lessons of `urbsim serve`, in their order."""
    lessons = pytest.importorskip("urbsim.page.lessons")
    lesson = lessons.lessons()[path.stem]
    held = [
        [option.id for option in asked.options if option.holds(asked.measured(value))] for asked in lesson.predictions
    ]
    assert held == [[right] for right in RIGHT[path.stem]]


def test_both_pages_give_the_same_commands():
    assert [line.removesuffix(" --lang zh") for line in commands(PAGES["zh"])] == commands(PAGES["en"])


def test_the_commands_name_files_and_indicators_that_exist_and_compare_every_scenario():
    compared = [name for files in comparisons() for name in files]
    bases = {"scenarios/teaching/classroom.yaml", "scenarios/teaching/earnings_only.yaml"}
    assert set(compared) == {name for name in FILES if "own_lever" not in name} - bases
    shown = re.findall(r" -i (\w+)", " ".join(commands(PAGES["en"])))
    assert shown
    assert set(shown) <= set(INDICATORS)


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_every_chart_named_on_the_page_is_drawn_by_a_command_above_it(page):
    text = page.read_text(encoding="utf-8")
    folders = {re.search(r" -o (\S+)", line)[1]: line for line in commands(page) if " -o " in line}
    named = re.findall(r"`(outputs/[\w-]+)/charts/(\w+)\.png`", text)
    assert len(named) >= len(folders) - 1
    for folder, chart in named:
        line = folders[folder]
        files = tuple(word for word in shlex.split(line) if word.endswith(".yaml"))
        drawn = charts(files, tuple(re.findall(r" -i (\w+)", line)))
        assert chart in drawn, f"{folder}/charts/{chart}.png"


@cache
def charts(files: tuple[str, ...], indicators: tuple[str, ...]) -> set[str]:
    """Return the names of the charts of a comparison; a test of the report holds that all with a table are drawn."""
    return set(chart_tables(outcome(files, 0), indicators))


def test_scenarios_are_named_in_both_languages():
    for name in FILES:
        if "own_lever" not in name:
            title = urbsim.load_scenario(ROOT / name).title
            assert re.search("[A-Za-z]", title.en), name
            assert re.search("[\u4e00-\u9fff]", title.zh), name


def test_the_classroom_fixes_every_parameter_that_calibration_changes():
    fixed = yaml.safe_load((LESSONS / "classroom.yaml").read_text(encoding="utf-8"))["parameters"]
    calibrated = {name for name, parameter in registry().items() if parameter.status == "calibrated"}
    assert calibrated <= set(fixed), "write these into scenarios/teaching/classroom.yaml"


@pytest.mark.parametrize("name", ["teaching.png", "teaching.zh.png"])
def test_the_pictures_are_small_enough_and_wide_enough_to_read(name):
    picture = ROOT / "docs" / "images" / name
    assert picture.stat().st_size < 250_000
    assert matplotlib.image.imread(picture).shape[1] >= 800


# 1 The Harris-Todaro paradox


def test_a_park_lowers_unemployment_where_nobody_moves(value):
    pair = ("harris_todaro", "park-nobody-moves", "nobody-moves")
    assert change(value, *pair, "unemployment_rate", "2035-12") < -0.05
    assert change(value, *pair, "employment_rate", "2035-12") > 0.01
    assert change(value, *pair, "seat_residents", "2035-12") == 0.0


def test_a_park_draws_more_people_than_posts_and_unemployment_hardly_falls(value):
    pair = ("harris_todaro", "park", "baseline")
    still = change(value, "harris_todaro", "park-nobody-moves", "nobody-moves", "unemployment_rate", "2035-12")
    assert still / 2 < change(value, *pair, "unemployment_rate", "2035-12") < 0.0
    assert change(value, *pair, "seat_residents", "2035-12") > 15_000


def test_more_are_unemployed_after_the_park_than_without_it(value):
    posts = posts_in_the_seat()
    assert posts == pytest.approx(87_000, rel=0.02)
    unemployed = []
    for scenario, filled in (("baseline", posts), ("park", posts + 15_000)):
        rate = value(f"harris_todaro/{scenario}", "unemployment_rate", "2035-12")
        unemployed.append(filled * rate / (1 - rate))
    assert unemployed[1] > unemployed[0]


def posts_in_the_seat() -> float:
    model = UrbanizationModel(urbsim.load_scenario(LESSONS / "harris_todaro" / "baseline.yaml"), seed=0)
    return float(model.world.places.employers.posts[0, 2, 1:].sum())


def test_employment_rises_while_the_park_opens_and_ends_below_the_baseline(value):
    pair = ("harris_todaro", "park", "baseline", "employment_rate")
    assert change(value, *pair, "2025-12") > 0.0
    assert change(value, *pair, "2035-12") < 0.0


def test_better_farm_income_lowers_urban_unemployment_more_than_the_park(value):
    park = change(value, "harris_todaro", "park", "baseline", "unemployment_rate", "2035-12")
    assert change(value, "harris_todaro", "better-farms", "baseline", "unemployment_rate", "2035-12") < 2 * park
    assert change(value, "harris_todaro", "better-farms", "baseline", "seat_residents", "2035-12") < 0.0


# 2 A network cascade


@pytest.mark.parametrize(("shock", "sign"), [("boom", -1), ("slump", 1)])
def test_the_network_enlarges_whatever_happens_outside_and_more_so_every_year(value, shock, sign):
    effects = [
        sign * change(value, "network", shock, f"{shock}-frozen", "village_residents", f"{year}-12")
        for year in (2025, 2030, 2035)
    ]
    assert effects[0] > 0.0
    assert effects[2] > 2 * effects[0]
    assert effects[2] > effects[1]
    assert sign * change(value, "network", shock, f"{shock}-frozen", "absent_registered", "2035-12") < 0.0


def test_the_network_is_small_beside_the_shock(value):
    shock = change(value, "network", "slump-frozen", "boom-frozen", "village_residents", "2035-12")
    for name in ("boom", "slump"):
        effect = change(value, "network", name, f"{name}-frozen", "village_residents", "2035-12")
        assert abs(effect) < 0.2 * shock


def test_without_pull_there_is_nothing_to_freeze():
    pair = [urbsim.load_scenario(LESSONS / "network" / f"{name}.yaml") for name in ("boom-frozen", "boom")]
    without = [
        replace(scenario, parameters={**scenario.parameters, "reconsider.network": 0.0}, scale=0.005)
        for scenario in pair
    ]
    result = urbsim.compare(without, draws=0, replicates=1, until="2025-12")
    assert (result.comparison()["difference"].dropna() == 0.0).all()


# 3 The hukou wall

RATES = ("urbanization_rate", "registered_urbanization_rate")


@pytest.mark.parametrize("month", ["2025-12", "2030-12", "2035-12"])
def test_with_nothing_behind_the_wall_the_gap_between_the_rates_narrows(value, month):
    pair = ("hukou_wall", "open-nothing-behind", "wall-nothing-behind")
    resident, registered = (change(value, *pair, rate, month) for rate in RATES)
    assert 0.0 < 2 * resident < registered


@pytest.mark.parametrize("month", ["2025-12", "2030-12"])
def test_with_much_behind_the_wall_the_gap_between_the_rates_widens(value, month):
    resident, registered = (change(value, "hukou_wall", "open", "wall", rate, month) for rate in RATES)
    assert resident > registered > 0.0


@pytest.mark.parametrize("behind", ["", "-nothing-behind"])
def test_open_registration_turns_migrants_into_locals(value, behind):
    pair = ("hukou_wall", f"open{behind}", f"wall{behind}")
    assert change(value, *pair, "in_migrants", "2035-12") < 0.0
    residents = change(value, "hukou_wall", "open", "wall", "residents", "2035-12")
    assert residents > 0.0
    if behind:  # access alone brings and loses next to nobody
        assert abs(change(value, *pair, "residents", "2035-12")) < residents / 5


# 4 An empty new district

HORIZONS = ("2025-12", "2030-12", "2035-12")
ROOM = 50_000


@pytest.mark.parametrize("month", HORIZONS)
def test_homes_bring_almost_nobody_and_posts_many_times_more(value, month):
    homes, posts, both = (
        change(value, "empty_district", name, "baseline", "seat_residents", month)
        for name in ("homes", "posts", "both")
    )
    assert homes < ROOM / 20
    assert posts > 3 * homes
    assert posts > 2_000
    assert both - posts < posts / 3
    assert posts < 20_000


def test_the_lower_rent_does_not_last(value):
    early, late = (
        change(value, "empty_district", "homes", "baseline", "seat_rent", month) for month in ("2025-12", "2035-12")
    )
    assert early < -10.0
    assert abs(late) < abs(early) / 3


def test_the_homes_cost_three_times_as_much(value):
    homes, posts = (value(f"empty_district/{name}", "policy_spending", "2024-12") for name in ("homes", "posts"))
    assert homes == pytest.approx(3 * posts)


# 5 The Lewis turning point


def wages(value: Value, scenario: str) -> list[float]:
    # The county reduced to earnings settles within the first year of its run.
    return [value(f"lewis/{scenario}", "seat_wage", f"{year}-12") for year in range(2021, 2041)]


def turning_year(value: Value, scenario: str) -> int:
    """Return the first year in which the wage is a tenth above that of 2021."""
    path = wages(value, scenario)
    return 2021 + next(number for number, wage in enumerate(path) if wage > 1.1 * path[0])


def test_the_wage_is_flat_and_then_rises_faster_and_faster(value):
    path = wages(value, "baseline")
    assert abs(path[5] / path[0] - 1) < 0.03
    assert path[19] / path[9] > path[9] / path[0] + 0.05
    assert path[19] / path[14] > path[5] / path[0] + 0.05


def test_the_reserve_is_used_up_when_the_wage_has_turned(value):
    early, late = (value("lewis/baseline", "unemployment_rate", month) for month in ("2025-12", "2040-12"))
    assert late < early / 2


@pytest.mark.parametrize("cause", ["outside-wages-rise", "faster-growth"])
def test_wages_elsewhere_and_growth_bring_the_turn_forward(value, cause):
    assert turning_year(value, cause) <= turning_year(value, "baseline") - 3


def test_farms_that_keep_labour_count_least(value):
    effects = {
        name: change(value, "lewis", name, "baseline", "seat_wage", "2035-12")
        for name in ("farms-keep-labour", "outside-wages-rise", "faster-growth")
    }
    assert 0.0 < effects.pop("farms-keep-labour") < min(effects.values()) / 2
    assert change(value, "lewis", "farms-keep-labour", "baseline", "seat_wage", "2030-12") > 0.0


# 6 Children left behind


@pytest.mark.parametrize("month", HORIZONS)
@pytest.mark.parametrize(("scenario", "away", "behind"), [("higher-wages", 1, 1), ("open-city-schools", 1, -1)])
def test_migrants_and_children_left_behind_need_not_move_together(value, scenario, away, behind, month):
    pair = ("left_behind", scenario, "baseline")
    assert away * change(value, *pair, "absent_registered", month) > 0.0
    assert behind * change(value, *pair, "children_left_behind", month) > 0.0


def test_better_village_schools_keep_people_and_at_first_leave_more_children_behind(value):
    pair = ("left_behind", "better-village-schools", "baseline")
    assert change(value, *pair, "absent_registered", "2025-12") < 0.0
    assert change(value, *pair, "children_left_behind", "2025-12") > 0.0


def test_the_number_of_children_left_behind_falls_in_every_scenario(value):
    for name in ("baseline", "higher-wages", "open-city-schools", "better-village-schools"):
        early, late = (value(f"left_behind/{name}", "children_left_behind", month) for month in ("2020-12", "2030-12"))
        assert late < early
