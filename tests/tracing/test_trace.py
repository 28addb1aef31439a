"""A trace shows what the model does: its utilities to the last bit, its choice, its chances."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

import urbsim
from urbsim.cli import main
from urbsim.experiment.errors import ExperimentError
from urbsim.model import UrbanizationModel
from urbsim.months import parse_month
from urbsim.policies.levers.housing import HousingSubsidy
from urbsim.processes import residence
from urbsim.processes.residence.choice import decide_all
from urbsim.randomness import Decision, uniforms
from urbsim.scenario.model import Scenario
from urbsim.tracing.follow import Follow
from urbsim.tracing.trace import Trace, trace_person
from worlds import THREE_COUNTIES, by_key, small_model, small_scenario, stepped

ROOT = Path(__file__).parents[2]
PLAN = ROOT / "scenarios" / "jieshou" / "plan-2025.yaml"
OFTEN = {"reconsider.floor": 0.5}
SUBSIDY = HousingSubsidy(
    start="2020-11",
    zones=("town", "seat"),
    eligible=("local_rural", "elsewhere"),
    rent_yuan_per_household_year=6000,
    payer="province",
)
ZONES = {"village": 0, "town": 1, "seat": 2, "near": 3, "far": 4}


Make = Callable[[Scenario], UrbanizationModel]


def followed(scenario: Scenario, key: int, months: int = 1, make: Make = small_model) -> dict[str, object]:
    """Return the tables of one person's choice in a month of a model as tests make them."""
    model = make(scenario)

    def rest() -> Iterator[int]:
        while True:
            model.step()
            yield model.month

    return Follow(month=scenario.start + months - 1, key=key, description="").observe(model, rest())


def deciders(scenario: Scenario, make: Make = small_model) -> tuple[UrbanizationModel, residence.Round]:
    """Return a model in the middle of its first month, before anybody has chosen, and the choices to come."""
    model = make(scenario)
    for step in model.schedule:
        if step.name == "residence":
            break
        step()
    return model, residence.open_round(model.world, model.month)


Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Command:
    """Return a function that runs urbsim with some arguments, and returns exit code, output and messages."""

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["urbsim", *arguments])
        with pytest.raises(SystemExit) as end:
            main()
        return (int(end.value.code or 0), *capfd.readouterr())

    return run


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return small_scenario(scale=0.01, parameters=OFTEN, policies={"rent": SUBSIDY})


def test_traced_utilities_and_shocks_are_those_of_the_run_to_the_last_bit(scenario: Scenario) -> None:
    model, this_month = deciders(scenario)
    people = this_month.people
    married = int(np.flatnonzero(people.spouse[this_month.deciders] >= 0)[3])
    single = int(np.flatnonzero(people.spouse[this_month.deciders] < 0)[5])
    for turn in sorted((married, single)):
        row = int(this_month.deciders[turn])
        traced = followed(scenario, int(people.key[row]))
        with_policies = traced["options"].query("policies == 'with'")
        fresh, again = deciders(scenario)
        decide_all(*again[:-1], again.deciders[: turn + 1])  # as in the run: what is left are the options of the last
        count = len(with_policies)
        assert with_policies["utility"].tolist() == again.options.utilities[:count].tolist()
        assert with_policies["shock"].tolist() == again.options.shocks[:count].tolist()
        fresh.close()
    model.close()


def test_terms_add_up_to_the_utility(scenario: Scenario) -> None:
    _, this_month = deciders(scenario)
    for row in this_month.deciders[:12]:
        traced = followed(scenario, int(this_month.people.key[row]))
        option = ["policies", "destination", "way"]
        terms = traced["terms"]
        assert (terms["value"] == terms["coefficient"] * terms["quantity"]).all()
        sums = terms.groupby(option)["value"].sum()
        utilities = traced["options"].set_index(option)["utility"]
        np.testing.assert_allclose(sums.loc[utilities.index], utilities, rtol=0, atol=1e-12)


def with_people_from_other_counties(scenario: Scenario) -> UrbanizationModel:
    """Return a model in which one in five is registered in the next county of the world."""
    model = small_model(scenario)
    people = model.world.population.people
    some = (people.key % np.uint64(5) == 0) & (people.registration >= 0) & (people.zone < ZONES["near"])
    people.registration[some] = (people.county[some] + 1) % len(scenario.counties)
    return model


def test_terms_add_up_in_a_world_of_several_counties_and_for_people_from_elsewhere() -> None:
    """Seats of other counties, people registered in one of them, and people from outside the world."""
    several = small_scenario(THREE_COUNTIES, scale=0.01, parameters=OFTEN)
    _, this_month = deciders(several, with_people_from_other_counties)
    people, rows = this_month.people, this_month.deciders
    registration, county = people.registration[rows], people.county[rows]
    kinds = (registration == county, (registration >= 0) & (registration != county), registration < 0)
    assert all(kind.sum() > 2 for kind in kinds)
    for kind in kinds:
        for row in rows[kind][:3]:
            traced = followed(several, int(people.key[row]), make=with_people_from_other_counties)
            option = ["policies", "destination", "way"]
            sums = traced["terms"].groupby(option)["value"].sum()
            utilities = traced["options"].set_index(option)["utility"]
            np.testing.assert_allclose(sums.loc[utilities.index], utilities, rtol=0, atol=1e-12)
            assert ("other_seat" in set(traced["options"]["destination"])) == (people.registration[row] >= 0)


def test_the_traced_choice_is_the_one_that_the_run_makes(scenario: Scenario) -> None:
    _, this_month = deciders(scenario)
    people = this_month.people
    alone = [int(row) for row in this_month.deciders if people.spouse[row] < 0 and people.registration[row] >= 0]
    before = dict(zip(people.key.tolist(), people.zone.tolist(), strict=True))
    after = small_model(scenario)
    for step in after.schedule:
        step()
        if step.name == "residence":
            break  # in January reclassification follows, and moves people who stay where they are
    zone, alive, moved = by_key(after, "zone"), by_key(after, "alive"), 0
    for row in alone[:120]:
        key = int(people.key[row])
        if zone[key] == before[key] or not alive[key]:
            continue
        options = followed(scenario, key)["options"]
        chosen = options[(options["policies"] == "with") & options["chosen"]]
        assert ZONES[chosen["destination"].item()] == zone[key]
        moved += 1
    assert moved > 3


def test_chances_are_those_of_the_formula_and_the_best_sum_is_chosen(scenario: Scenario) -> None:
    _, this_month = deciders(scenario)
    for row in this_month.deciders[:8]:
        options = followed(scenario, int(this_month.people.key[row]))["options"]
        for _, side in options.groupby("policies"):
            assert side["probability"].sum() == pytest.approx(1.0)
            assert side["chosen"].sum() == 1
            assert (side["utility"] + side["shock"]).idxmax() == side.index[side["chosen"]][0]


def test_without_policies_is_the_model_without_them_in_the_first_month(scenario: Scenario) -> None:
    """A rent subsidy builds nothing, so its first month without it is that of a scenario that has none."""
    plain = small_scenario(scale=0.01, parameters=OFTEN)
    _, this_month = deciders(scenario)
    people = this_month.people
    tenant = next(
        int(row)
        for row in this_month.deciders
        if people.registration[row] == 0 and people.urban_registered[row] == 0 and people.spouse[row] < 0
    )
    having, without = (followed(one, int(people.key[tenant])) for one in (scenario, plain))
    sides = [having["options"].query(f"policies == '{side}'").reset_index(drop=True) for side in ("without", "with")]
    none = without["options"].query("policies == 'with'").reset_index(drop=True)
    assert sides[0]["utility"].tolist() == none["utility"].tolist()
    gains = dict(zip(sides[1]["destination"], sides[1]["utility"] - sides[0]["utility"], strict=True))
    assert gains["town"] > 0.0
    assert gains["seat"] > 0.0
    assert gains["village"] == gains["far"] == 0.0
    changed = having["terms"].pivot_table(
        index=["destination", "way", "term", "of"], columns="policies", values="value", sort=False
    )
    changed = changed[changed["with"] != changed["without"]].reset_index()
    assert set(changed["term"]) == {"residence.delta"}


def test_the_chance_of_reconsidering_follows_from_its_parts(scenario: Scenario) -> None:
    model, this_month = deciders(scenario)
    people = this_month.people
    seen = 0
    for row in this_month.deciders[:40]:
        key = int(people.key[row])
        chance = dict(followed(scenario, key)["chance"].itertuples(index=False))
        by_age = (chance["reconsider.floor"] + chance["labour-age curve"]) * chance.get("reconsider.network", 1.0)
        by_age *= chance.get("reconsider.duration", 1.0)
        events = [value for name, value in chance.items() if name in EVENTS]
        assert chance["chance"] == pytest.approx(1.0 - (1.0 - by_age) * np.prod([1.0 - value for value in events]))
        assert chance["reconsider.floor"] == 0.5 / 12.0
        stream = model.world.randomness.stream(Decision.RECONSIDER, model.month)
        assert chance["random number"] == uniforms(stream, people.key[row : row + 1])[0] < chance["chance"]
        seen += bool(events)
    assert seen > 0


_NAMES = ("left_school", "married", "lost_job", "can_afford_seat", "no_school_place", "parent_needs_care")
EVENTS = [f"reconsider.{name}" for name in _NAMES]


def test_whoever_does_not_reconsider_is_shown_the_choice_that_would_be_made() -> None:
    scenario = small_scenario(scale=0.01)
    _, this_month = deciders(scenario)
    people = this_month.people
    quiet = np.flatnonzero((people.alive == 1) & (people.stage == 0) & (people.spouse < 0))
    age = (scenario.start - people.birth[quiet]) // 12
    row = int(np.setdiff1d(quiet[age >= 30], this_month.deciders)[0])
    person = dict(followed(scenario, int(people.key[row]))["person"].itertuples(index=False))
    assert person["reconsiders"] is False
    assert person["decider"] == person["key"]


def traced(pick: str, month: str = "2021-03", **settings: object) -> Trace:
    scenario = urbsim.load_scenario(PLAN)
    return trace_person(scenario, parse_month(month), pick=pick, scale=0.005, **settings)


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("female 25-30 village", "女 25-30 村"),
        ("man, 40+, seat, junior", "男40岁以上县城初中"),
        ("woman married far", "已婚女省外"),
    ],
)
def test_a_description_means_the_same_person_in_english_and_chinese(english: str, chinese: str) -> None:
    one, other = traced(english), traced(chinese)
    assert one.person == other.person
    by_key = trace_person(urbsim.load_scenario(PLAN), one.month, person=one.person["key"], scale=0.005)
    assert by_key.person == one.person
    assert by_key.terms.equals(one.terms)


def test_who_is_found_fits() -> None:
    person = traced("female 25-30 village").person
    assert (person["sex"], person["zone"]) == ("female", "village")
    assert 25 <= person["age"] <= 30
    person = traced("male 40+ seat junior").person
    assert (person["sex"], person["zone"], person["schooling"]) == ("male", "seat", "junior")
    assert person["age"] >= 40
    assert traced("registered-elsewhere town").person["registration"] != "341282"
    person = traced("rural-hukou farm").person
    assert (person["registration"], person["urban_registered"], person["work"]) == ("341282", False, "farm")


@pytest.mark.parametrize(
    ("pick", "says"),
    [
        ("female 98 college", " adults who are not at school; of these "),
        ("female 98 college", " female; of these "),
        ("female 98 college", " college; of these 0 aged 98-98"),
        ("femal 30", "did you mean 'female'?"),
        ("女 30 县成", "'县成' is not known; did you mean '县城'?"),
        ("30-25 male", "upside down; write 25-30"),
        (" ", "say who is looked for"),
        ("male 999999", "county 999999 is not in this scenario; it has 341282"),
    ],
)
def test_descriptions_of_nobody_say_why(pick: str, says: str) -> None:
    with pytest.raises(ExperimentError) as caught:
        traced(pick)
    assert says in str(caught.value)


def test_the_dead_the_unborn_and_children_are_named_as_such() -> None:
    scenario = small_scenario(scale=0.01, until="2021-12")
    early, late = small_model(scenario), stepped(small_model(scenario), 6)
    alive, born = by_key(late, "alive"), by_key(late, "birth")
    dead = next(key for key, there in alive.items() if not there)
    unborn = next(key for key, month in born.items() if month >= scenario.start + 3)
    child = next(key for key, month in by_key(early, "birth").items() if month > scenario.start - 60)
    for key, months, says in (
        (dead, 7, "is not there any more: dead, or gone from the world for good"),
        (unborn, 1, "nobody has the key"),
        (child, 1, "does not choose where to live; children go where the mother"),
    ):
        problem = followed(scenario, key, months)["problem"]["problem"].item()
        assert says in problem, key


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--month", "2021-13", "--pick", "female"], "2021-13"),
        (["--month", "2041-01", "--pick", "female"], "runs from 2020-"),
        (["--month", "2021-01"], "--person KEY or --pick WORDS"),
        (["--month", "2021-01", "--person", "me"], "'me' is not the key of a person"),
        (["--month", "2021-01", "--person", "0x12"], "nobody has the key 0x0000000000000012"),
        (["--month", "2021-01", "--pick", "male", "--draw", "99999"], "the posterior holds"),
    ],
)
def test_bad_input_of_the_command(arguments: list[str], says: str, command: Command) -> None:
    code, shown, message = command("trace", str(PLAN), *arguments, "--scale", "0.005")
    assert (code, shown) == (2, "")
    assert says in message


def test_the_command_prints_every_alternative_in_both_languages(command: Command) -> None:
    arguments = ["trace", str(PLAN), "--pick", "female 25-30 village", "--month", "2020-12", "--scale", "0.005"]
    data = json.loads(command(*arguments, "--json")[1])
    assert data["month"] == "2020-12"
    names = {(option["destination"], option["way"]) for option in data["alternatives"]}
    assert {("village", "together"), ("seat", "together"), ("far", "together")} <= names
    assert {(term["destination"], term["way"]) for term in data["terms"]} == names
    assert {term["term"] for term in data["terms"]} >= {"residence.alpha", "residence.zeta_seat", "residence.move"}
    table = urbsim.trace(urbsim.load_scenario(PLAN), "2020-12", pick="female 25-30 village", scale=0.005)
    assert table.attrs["person"]["key"] == data["person"]["key"]
    assert table["value"].tolist() == [term["value"] for term in data["terms"]]
    english, chinese = command(*arguments)[1], command(*arguments, "--lang", "zh")[1]
    for shown in (english, chinese):
        assert data["person"]["key"] in shown
        assert "residence.alpha" in shown
    assert "county seat" in english
    assert "县城" in chinese
    assert "2020-12" in english
