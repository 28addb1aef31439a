"""Ages: the base population is as of the day before the start month, and every boundary is reached in its month."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from plainly import from_python
from urbsim.calibration import decade
from urbsim.codes import REGISTERED_OTHER_PROVINCE, Stage, Zone
from urbsim.months import parse_month
from urbsim.population import Columns, Households, People, birth_month, months_old, school_age, years_old
from urbsim.processes import arrivals, demography, schooling
from urbsim.randomness import Drawn
from urbsim.state.attraction import Attraction
from urbsim.validation.survey import take_survey
from worlds import JIESHOU, base_of, small_model, small_scenario, stepped

FIRST = parse_month("2020-11")


def people_born(*births: str, **columns: Any) -> Columns[People]:
    """Return single men of the county's villages, born in these months, with other columns as given."""
    people = Columns(People, len(births))
    people.key[...] = np.arange(len(births)) + 1
    people.birth[...] = [parse_month(birth) for birth in births]
    for name, values in columns.items():
        people[name][...] = values
    return people


def test_a_person_is_0_in_the_month_of_birth_and_a_year_old_twelve_months_later() -> None:
    assert months_old(parse_month("2019-03"), parse_month("2019-03")) == 0
    assert years_old(parse_month("2019-03"), parse_month("2020-02")) == 0
    assert years_old(parse_month("2019-03"), parse_month("2020-03")) == 1
    births = np.array([parse_month("2019-03"), parse_month("1960-01")])
    assert years_old(births, parse_month("2020-01")).tolist() == [0, 60]


def test_who_is_12_months_old_on_the_first_day_of_the_start_month_was_born_13_months_before_it() -> None:
    assert birth_month(12, FIRST) == parse_month("2019-10")
    assert months_old(birth_month(12, FIRST), FIRST - 1) == 12
    assert months_old(birth_month(12, FIRST), FIRST) == 13


@pytest.mark.parametrize(
    ("birth", "month", "age"),
    [
        ("2013-08", "2019-09", 6),  # six years old by the end of August: goes to school on 1 September
        ("2013-09", "2019-09", 5),  # turns six in September: waits a year
        ("2013-09", "2020-08", 5),
        ("2013-09", "2020-09", 6),
        ("2013-08", "2020-08", 6),
        ("2013-08", "2020-02", 6),
    ],
)
def test_the_school_year_goes_by_the_age_at_the_end_of_august(birth: str, month: str, age: int) -> None:
    assert school_age(parse_month(birth), parse_month(month)) == age


@pytest.mark.parametrize("year", [2010, 2020])
def test_nobody_in_the_base_population_is_born_in_the_start_month(year: int) -> None:
    start = parse_month(f"{year}-11")
    people = base_of(small_scenario(scale=0.1, start=f"{year}-11", until=f"{year}-12")).population.people
    assert people.birth.max() == start - 1
    assert people.arrival.max() <= start - 1
    young = months_old(people.birth, start - 1)
    by_month = np.bincount(young[young < 24], minlength=24)
    assert by_month.min() > 0.5 * by_month.mean()  # every month before the start has its cohort
    assert by_month.max() < 2.0 * by_month.mean()


def test_the_start_month_has_one_cohort_and_everybody_is_a_year_older_after_twelve_months() -> None:
    model = small_model(scale=0.1)
    people = model.world.population.people
    size, before = people.size, months_old(people.birth, model.month)
    born = 0
    for _ in range(12):
        first = people.size
        model.step()
        born += int(np.sum(people.birth[:first] == model.month))
    assert born == 0  # who is born in a month is new in it
    assert (months_old(people.birth[:size], model.month) == before + 12).all()
    start = people.birth == FIRST
    assert start.sum() == pytest.approx(np.sum(people.birth == FIRST + 1), rel=0.5)


def test_counts_by_age_are_those_of_the_census_before_the_first_month_and_a_month_on_after_it() -> None:
    model = small_model(scale=0.1)
    world, people = model.world, model.world.population.people
    for _ in range(3):
        here = (people.alive == 1) & (people.zone < Zone.NEAR)
        age = months_old(people.birth, model.month)
        assert world.tally.infants.sum() == np.sum(here & (age < 36))
        assert world.tally.children.sum() == np.sum(here & (age < 192))
        assert world.tally.old.sum() == np.sum(here & (age >= 780))
        assert world.tally.work.sum() == np.sum(here & (age >= 192))
        women = (people.alive == 1) & (people.female == 1)
        assert world.tally.women.sum(axis=0).tolist() == [
            int(np.sum(women & (age >= 60 * (band + 2)) & (age < 60 * (band + 3)))) for band in range(8)
        ]
        model.step()


def test_a_survey_and_the_ages_of_a_decade_are_those_at_the_end_of_the_month() -> None:
    model = stepped(small_model(), 2)
    people = model.world.population.people
    alive = people.alive == 1
    age = (model.month - people.birth[alive]) // 12
    np.testing.assert_array_equal(take_survey(model).people["age"].to_numpy(), age)
    here = people.zone[alive] < Zone.NEAR
    found = decade._ages(model)
    assert found["age_0_2020"][0] == pytest.approx(np.sum(here & (age < 5)) * model.world.weight)
    assert found["age_60_2020"][0] == pytest.approx(np.sum(here & (age >= 60) & (age < 65)) * model.world.weight)


def test_children_change_school_in_september_by_their_age_at_the_end_of_august() -> None:
    september = parse_month("2020-09")
    born = ("2014-08", "2014-09", "2008-08", "2008-09", "2005-08", "2005-09", "2002-08", "2002-09")
    stages = [Stage.KINDERGARTEN, Stage.KINDERGARTEN, Stage.PRIMARY, Stage.PRIMARY]
    stages += [Stage.JUNIOR, Stage.JUNIOR, Stage.SENIOR, Stage.SENIOR]
    people = people_born(*born, stage=stages, mother=-1)
    flows = np.zeros((1, 7, 9, 9), dtype=np.int64)
    nowhere = Attraction(np.zeros(1), np.zeros(1))
    entry = schooling.SchoolEntry(
        1.0, 1.0, 0.0, 0.0, 0.0, np.zeros(2), nowhere, Attraction(np.zeros((1, 1)), np.zeros((1, 1))),
        study=np.uint64(1), labour=np.uint64(2), registration=np.uint64(3), month=september,
    )  # fmt: skip
    schooling._change_stages(people.view(), Columns(Households, 0).view(), flows, entry, 0)
    assert people.stage.tolist() == [
        Stage.PRIMARY, Stage.KINDERGARTEN, Stage.JUNIOR, Stage.PRIMARY,
        Stage.SENIOR, Stage.JUNIOR, Stage.NONE, Stage.SENIOR,
    ]  # fmt: skip


def test_a_child_that_arrives_joins_the_stage_of_its_school_year() -> None:
    people = people_born("2013-08", "2013-09", "2014-03")  # in March 2020, 6, 6 and 6 years old
    enrol = from_python(arrivals._enrol)
    for child in range(3):
        enrol(people.view(), child, parse_month("2020-03"))
    assert people.stage.tolist() == [Stage.PRIMARY, Stage.NONE, Stage.NONE]


def test_the_enrolled_of_the_base_population_are_of_the_age_of_their_stage() -> None:
    for start, until in (("2010-11", "2010-12"), ("2020-11", "2021-12")):
        model = small_model(scale=0.05, start=start, until=until)
        people, month = model.world.population.people, model.scenario.start
        for stage, (low, high) in {Stage.PRIMARY: (6, 12), Stage.JUNIOR: (12, 15)}.items():
            age = school_age(people.birth[people.stage == stage], month)
            assert age.min() == low
            assert age.max() == high - 1


@pytest.mark.parametrize(("month", "marries"), [("2020-06", True), ("2020-05", False)])
def test_people_may_marry_from_the_month_of_their_18th_birthday(month: str, marries: bool) -> None:
    people, drawn = people_born("2002-06", spouse=-1), Drawn(np.zeros(1, dtype=np.int32), np.uint64(1))
    count = demography._candidates(people.view(), np.full(2, 9.0), 1.0, drawn, parse_month(month))
    assert bool(count) is marries


@pytest.mark.parametrize(("month", "births"), [("2020-05", 0), ("2020-06", 1), ("2055-05", 1), ("2055-06", 0)])
def test_women_bear_from_their_15th_birthday_to_the_month_before_their_50th(month: str, births: int) -> None:
    people = people_born("2005-06", female=1, spouse=0)
    chance, drawn = np.ones((1, 2, 8)), Drawn(np.zeros(1, dtype=np.int32), np.uint64(1))
    assert demography._mothers(people.view(), chance, drawn, parse_month(month)) == births


@pytest.mark.parametrize(("month", "alerted"), [("2020-05", 0), ("2020-06", 1), ("2020-07", 0)])
def test_children_look_at_where_they_live_in_the_month_of_their_mothers_75th_birthday(month: str, alerted: int) -> None:
    people = people_born("1945-06", "1970-01", female=[1, 0], mother=[-1, 0], first_child=[1, -1])
    flows, nobody_dies = np.zeros((1, 7, 9, 9), dtype=np.int64), np.zeros((2, 101))
    drawn = Drawn(np.arange(2, dtype=np.int32), np.uint64(1))
    count = demography._ends(people.view(), nobody_dies, drawn, parse_month(month))
    demography._deaths(people.view(), flows, nobody_dies, Drawn(drawn.rows[:count], drawn.stream), parse_month(month))
    assert int(people.events[1] > 0) == alerted


def test_arrivals_are_as_old_as_drawn_at_the_end_of_their_month() -> None:
    model = stepped(small_model(scale=0.1), 3)
    people = model.world.population.people
    came = (people.registration == REGISTERED_OTHER_PROVINCE) & (people.arrival > FIRST - 1)
    came &= people.birth < people.arrival
    adults = came & (people.work > 0)
    assert adults.sum() > 5
    assert years_old(people.birth[adults], people.arrival[adults]).min() >= 18
    assert model.world.codes == JIESHOU
