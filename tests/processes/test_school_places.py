"""Rationing of school places: more places never leave more pupils without one; the registered come first."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from urbsim.codes import Group, Stage, Zone
from urbsim.institutions.schools import Queues
from urbsim.model import UrbanizationModel
from urbsim.months import parse_month
from urbsim.policies.levers.schooling import MigrantChildSchooling, SchoolCapacity
from urbsim.processes import schooling
from worlds import small_model, stepped

SEPTEMBER = parse_month("2020-09")
SOME = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture
def model() -> UrbanizationModel:
    """A model of a large enough sample, whose places, chances and pupils a test may change."""
    return stepped(small_model(scale=0.02), 1)


Cell = tuple[int, int, int]
SEAT_PRIMARY: Cell = (0, int(Zone.SEAT), int(Stage.PRIMARY) - 1)
VILLAGE_PRIMARY: Cell = (0, int(Zone.VILLAGE), int(Stage.PRIMARY) - 1)
BOARDING: Cell = (0, int(Zone.VILLAGE), int(Stage.SENIOR) - 1)


def set_places(model: UrbanizationModel, school: Cell, places: int) -> None:
    model.world.places.schools.places[school] = places / model.world.population.scale


def admit(
    model: UrbanizationModel,
    school: Cell,
    entitled: np.ndarray,
    groups: np.ndarray,
    placed: list[int],
    learn: bool = True,
) -> int:
    """Return how many of a queue one school admits, where nobody applies or is placed at any other."""
    shape = model.world.places.schools.places.shape
    number, everywhere = int(np.ravel_multi_index(school, shape)), np.zeros((*shape, 3), dtype=np.int64)
    everywhere[school] = placed
    first = np.where(np.arange(everywhere[..., 0].size + 1) > number, groups.size, 0)
    return int(model.schools.admit(Queues(first, entitled, groups, everywhere), learn)[number])


def factors(low: float, high: float) -> st.SearchStrategy[np.ndarray]:
    """Draw a factor on the places of every zone and stage."""
    numbers = st.lists(st.floats(low, high), min_size=12, max_size=12)
    return numbers.map(lambda drawn: np.array(drawn).reshape(3, 4))


queues = st.lists(st.sampled_from(list(Group)), max_size=40).map(sorted)


@SOME
@given(
    queue=queues,
    entitled=st.integers(0, 40),
    places=st.integers(0, 60),
    more=st.integers(0, 30),
    placed=st.integers(0, 30),
)
def test_more_places_never_leave_more_applicants_without_one(
    model: UrbanizationModel, queue: list[Group], entitled: int, places: int, more: int, placed: int
) -> None:
    groups = np.array(queue, dtype=np.int64)
    may = np.arange(groups.size) < entitled
    accepted = []
    for number in (places, places + more):
        set_places(model, SEAT_PRIMARY, number)
        accepted.append(admit(model, SEAT_PRIMARY, may, groups, [placed, 0, 0], learn=False))
    assert accepted[0] <= accepted[1] <= min(groups.size, entitled)
    crowded = int(places * (1.0 + model.world.values["schooling.crowding"]) + 1e-9)
    assert accepted[0] == min(max(crowded - placed, 0), int(may.sum()))


def test_a_full_senior_school_turns_away_whom_a_full_primary_school_still_takes(model: UrbanizationModel) -> None:
    """Of 30 who apply to a school of 100 places and 90 pupils, 10 find one in senior school; crowding takes 20 more."""
    queue, may = np.zeros(40, dtype=np.int64), np.ones(40, dtype=bool)
    accepted = {}
    for stage in (Stage.PRIMARY, Stage.SENIOR):
        school = (0, int(Zone.SEAT), int(stage) - 1)
        set_places(model, school, 100)
        accepted[stage] = admit(model, school, may, queue, [90, 0, 0], learn=False)
    assert model.world.values["schooling.crowding"] == 0.2
    assert accepted == {Stage.PRIMARY: 30, Stage.SENIOR: 10}


def pupils_of(model: UrbanizationModel) -> np.ndarray:
    """Return who lives in the county and needs a school place there, one truth value per person.

    Villagers in the senior stage board at schools elsewhere and need none.
    """
    people = model.world.population.people
    boards = (people.zone == 0) & (people.stage == 4)
    return (people.alive == 1) & (people.zone < 3) & (people.stage >= 1) & (people.stage <= 4) & ~boards


def pupils_without_place(model: UrbanizationModel) -> np.ndarray:
    """Return pupils living in the county without a place, by zone and stage, counted from the columns."""
    people = model.world.population.people
    pupil = (
        (people.alive == 1) & (people.zone < 3) & (people.stage >= 1) & (people.stage <= 4) & (people.has_place == 0)
    )
    without = np.zeros((3, 4), dtype=int)
    np.add.at(without, (people.zone[pupil], people.stage[pupil] - 1), 1)
    return without


def fill_with_places(model: UrbanizationModel, factors: np.ndarray) -> np.ndarray:
    """Fill places scaled by ``factors`` (3, 4) from the same state of the same people; return pupils without one."""
    world = model.world
    people, places = world.population.people, world.places.schools.places
    saved, had = places.copy(), people.has_place.copy()
    chance, events = world.places.schools.chance.copy(), people.events.copy()
    people.has_place[...] = 0  # everybody applies
    places[0] *= factors
    schooling._fill_places(world, SEPTEMBER, model.schools)
    without = pupils_without_place(model)
    places[...], people.has_place[...] = saved, had
    world.places.schools.chance[...], people.events[...] = chance, events
    return without


@SOME
@given(factors(0.0, 1.5), factors(1.0, 2.0))
def test_with_the_same_applicants_more_places_in_any_zone_or_stage_leave_no_more_pupils_without_one(
    model: UrbanizationModel, few: np.ndarray, more: np.ndarray
) -> None:
    assert (fill_with_places(model, few * more) <= fill_with_places(model, few)).all()


def test_without_places_nobody_is_placed_and_with_plenty_only_the_not_entitled_are_left_out(
    model: UrbanizationModel,
) -> None:
    people = model.world.population.people
    pupils = pupils_of(model)
    assert fill_with_places(model, np.zeros((3, 4))).sum() == pupils.sum()
    left_out = fill_with_places(model, np.full((3, 4), 50.0)).sum()
    strangers = int((pupils & (people.registration != 0)).sum())
    closed = 1.0 - model.world.environment.school_admission.base[0, 0, 0, Group.ELSEWHERE]
    assert abs(left_out - closed * strangers) < 4.0 * np.sqrt(closed * (1 - closed) * strangers) + 1
    assert left_out > 0


def test_a_whole_run_with_more_places_has_no_more_pupils_without_one_in_the_month_they_open() -> None:
    counts = []
    for places in (1.0, 5_000.0, 50_000.0):
        policy = SchoolCapacity(start="2021-09", end="2021-09", stage="primary", places_per_year=places)
        model = stepped(small_model(scale=0.05, policies={"places": policy}), 10)
        model.world.places.schools.places *= 0.8
        stepped(model, 1)
        counts.append(int((model.world.tally.pupils - model.world.tally.placed)[0, Zone.SEAT, Stage.PRIMARY - 1]))
    assert counts[0] > counts[1] > counts[2]


def test_pupils_registered_in_the_zone_are_admitted_before_those_of_the_county_and_these_before_strangers(
    model: UrbanizationModel,
) -> None:
    world = model.world
    people = world.population.people
    view = people.view()
    here = np.flatnonzero((people.alive == 1) & (people.zone == Zone.SEAT) & (people.stage == Stage.PRIMARY))
    groups = np.where(people.registration[here] != 0, 2, np.where(people.urban_registered[here] == 1, 0, 1))
    classes = schooling.admission_class(view, here, groups, SEPTEMBER)
    crowded = 1.0 + world.values["schooling.crowding"]
    entitled = np.flatnonzero(classes < 2)  # classes 0 and 1 are entitled in full
    assert 0 < entitled.size < here.size
    left_out = []
    for share in (0.2, 0.5, 0.8):
        places = int(share * here.size)
        set_places(model, SEAT_PRIMARY, places)
        people.has_place[...] = 0
        capacity = int(places * crowded + 1e-9)
        schooling._fill_places(world, SEPTEMBER, model.schools)
        placed = people.has_place[here] == 1
        assert placed.sum() == capacity > places
        last_admitted = classes[placed].max()
        entitled_classes_before = classes < min(last_admitted, 2)
        assert placed[entitled_classes_before].all()
        left_out.append(int((~placed).sum()))
    assert left_out == sorted(left_out, reverse=True)


def test_admission_classes_are_registration_in_the_zone_then_the_county_then_a_years_residence() -> None:
    model = small_model(scale=0.005)
    people = model.world.population.people
    who = np.arange(4)
    people.zone[who], people.county[who] = Zone.SEAT, 0
    people.registration[who] = [0, 0, -1, -1]
    people.registered_zone[who] = [Zone.SEAT, Zone.VILLAGE, Zone.SEAT, Zone.SEAT]
    people.arrival[who] = [SEPTEMBER, SEPTEMBER, SEPTEMBER - 12, SEPTEMBER - 11]
    groups = np.array([0, 1, 2, 2])
    assert schooling.admission_class(people.view(), who, groups, SEPTEMBER).tolist() == [0, 1, 2, 3]


def test_a_larger_entitled_share_never_turns_away_a_pupil_admitted_under_a_smaller_one() -> None:
    placed = []
    for share in (0.9, 0.95, 1.0):
        policies = {"open": MigrantChildSchooling(start="2020-01", zones=("seat",), admitted_share=share)}
        model = small_model(scale=0.05, policies=policies)
        model.month = SEPTEMBER
        model.package.apply(model.month)
        model.world.places.schools.places *= 3.0
        people = model.world.population.people
        people.has_place[...] = 0
        schooling._fill_places(model.world, SEPTEMBER, model.schools)
        placed.append(people.has_place == 1)
    assert (placed[0] <= placed[1]).all()
    assert (placed[1] <= placed[2]).all()
    assert placed[0].sum() < placed[2].sum()


def test_families_learn_the_chance_of_a_place_from_the_latest_term(model: UrbanizationModel) -> None:
    chance = model.world.places.schools.chance[SEAT_PRIMARY]
    learning, crowded = model.world.values["schooling.learning"], 1.0 + model.world.values["schooling.crowding"]
    saved = chance.copy()
    set_places(model, SEAT_PRIMARY, 20)  # room for 24: 10 are there, 14 of the 15 who apply come in
    groups = np.array([0] * 5 + [1] * 5 + [2] * 5)
    assert admit(model, SEAT_PRIMARY, np.ones(15, dtype=bool), groups, [6, 4, 0]) == 14
    seated = np.array([1.0, 1.0, 4 / 5])  # of the pupils of each group
    np.testing.assert_allclose(chance, saved + learning * (seated / crowded - saved))


def test_nothing_is_learned_of_a_group_without_pupils_nor_of_boarding(model: UrbanizationModel) -> None:
    chances = model.world.places.schools.chance
    chances[SEAT_PRIMARY], chances[BOARDING] = 0.5, 0.9
    set_places(model, SEAT_PRIMARY, 100)
    admit(model, SEAT_PRIMARY, np.ones(2, dtype=bool), np.array([0, 0]), [8, 0, 0])
    learning = model.world.values["schooling.learning"]
    assert chances[SEAT_PRIMARY].tolist() == pytest.approx([0.5 + learning * 0.5, 0.5, 0.5])
    set_places(model, BOARDING, 0)
    admit(model, BOARDING, np.zeros(0, dtype=bool), np.zeros(0, dtype=np.int64), [50, 0, 0])
    assert chances[BOARDING].tolist() == [0.9, 0.9, 0.9]


@pytest.mark.parametrize("start", ["2010-11", "2020-11"])
def test_chances_of_the_start_are_those_that_the_rule_keeps(start: str) -> None:
    """No wave follows a start: primary and junior places for the county's own stay as likely as they were."""
    model = small_model(scale=0.05, start=start)
    chances = model.world.places.schools.chance[0, 1:, 1:3, :2]
    first = chances.copy()
    assert (first > 0.85).all()
    stepped(model, 36)
    assert np.abs(chances - first).max() < 0.12
    assert abs(chances.mean() - first.mean()) < 0.06


def test_villagers_in_the_senior_stage_board_whatever_the_places() -> None:
    model = small_model(scale=0.02)
    model.world.places.schools.places[...] = 0.0
    people = model.world.population.people
    people.has_place[...] = 0
    schooling._fill_places(model.world, SEPTEMBER, model.schools)
    boarders = (people.alive == 1) & (people.zone == 0) & (people.stage == 4)
    assert boarders.sum() > 10
    assert people.has_place[boarders].all()
    assert not people.has_place[pupils_of(model)].any()


def test_pupils_without_a_place_make_their_parents_look() -> None:
    model = small_model(scale=0.02)
    model.world.places.schools.places[...] = 0.0
    people = model.world.population.people
    people.has_place[...] = 0
    people.events[...] = 0
    schooling._fill_places(model.world, SEPTEMBER, model.schools)
    pupils = np.flatnonzero(pupils_of(model))
    mothers = people.mother[pupils]
    mothers = np.unique(mothers[(mothers >= 0)])
    mothers = mothers[people.alive[mothers] == 1]
    assert mothers.size > 100
    assert (people.events[mothers] & 16 > 0).all()
    fathers = people.spouse[mothers]
    assert (people.events[fathers[fathers >= 0]] & 16 > 0).all()
    others = np.setdiff1d(np.arange(people.size), np.concatenate([mothers, fathers]))
    assert (people.events[others] == 0).all()


def test_little_used_village_schools_close_and_full_urban_ones_are_extended(model: UrbanizationModel) -> None:
    values, places = model.world.values, model.world.places.schools.places
    nobody, few = np.zeros(0, dtype=bool), np.zeros(0, dtype=np.int64)
    set_places(model, VILLAGE_PRIMARY, 100)
    admit(model, VILLAGE_PRIMARY, nobody, few, [80, 0, 0])
    assert places[VILLAGE_PRIMARY] == 100 * model.world.weight
    admit(model, VILLAGE_PRIMARY, nobody, few, [10, 0, 0])
    assert places[VILLAGE_PRIMARY] == pytest.approx(100 * model.world.weight * (1.0 - values["schooling.closure_rate"]))
    assert values["schooling.expansion"] * 10 < values["schooling.building_limit"] * 100 < 0.3 * 50
    for asked, built in ((110, values["schooling.expansion"] * 10), (150, values["schooling.building_limit"] * 100)):
        set_places(model, SEAT_PRIMARY, 100)
        new = asked - 100
        admit(model, SEAT_PRIMARY, np.ones(new, dtype=bool), np.zeros(new, dtype=np.int64), [100, 0, 0])
        assert places[SEAT_PRIMARY] == pytest.approx((100 + built) * model.world.weight)
