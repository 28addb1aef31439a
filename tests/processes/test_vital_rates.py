"""Deaths, births and ages follow the tables used."""

from __future__ import annotations

import numpy as np
import pytest

from urbsim.codes import Cause
from urbsim.model import UrbanizationModel
from urbsim.months import year_of
from urbsim.parameters import Parameters
from urbsim.processes.demography import monthly_birth_chance
from urbsim.region.tables import fertility_table, mortality_table
from worlds import by_key, small_model, stepped

FACTOR = Parameters({})
AGE_BANDS = np.array([0, 1, 15, 40, 60, 70, 80, 101])


def deaths_by_sex_and_band(months: int = 24) -> tuple[np.ndarray, np.ndarray]:
    """Return simulated deaths, and expected ones by the tables and the people alive each month; (2 sexes, bands)."""
    model = small_model(scale=0.02)
    died, expected = np.zeros((2, len(AGE_BANDS) - 1)), np.zeros((2, len(AGE_BANDS) - 1))
    for _ in range(months):
        people = model.world.population.people
        alive = np.flatnonzero(people.alive)
        month = model.month + 1
        age = np.minimum((month - people.birth[alive]) // 12, 100)
        sex, band = people.female[alive], np.digitize(age, AGE_BANDS) - 1
        rates = model.world.vital.mortality(year_of(month)) * FACTOR.at(month)["demography.mortality_factor"]
        np.add.at(expected, (sex, band), 1.0 - np.exp(-rates[sex, age] / 12.0))
        model.step()
        gone = people.alive[alive] == 0
        np.add.at(died, (sex[gone], band[gone]), 1)
    return died, expected


def idle(world: object, month: int) -> None:
    """Stand in for a process that has nothing to do."""


def test_deaths_by_sex_and_age_are_within_four_standard_deviations_of_the_mortality_tables(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Only deaths take people out of the population here: no departures by strangers.
    monkeypatch.setattr("urbsim.processes.residence.advance", idle)
    monkeypatch.setattr("urbsim.processes.schooling._start_year", idle)
    died, expected = deaths_by_sex_and_band()
    assert died.sum() > 150
    assert (np.abs(died - expected) < 4.0 * np.sqrt(np.maximum(expected, 1.0))).all()
    assert abs(died.sum() - expected.sum()) < 4.0 * np.sqrt(expected.sum())


def test_mortality_of_the_world_is_that_of_the_table_for_sex_age_and_period() -> None:
    table = mortality_table()
    model = small_model(scale=0.002)
    rates = model.world.vital.mortality(2020)
    newest = table[table["period_start"] == table["period_start"][table["period_start"] <= 2020].max()]
    for sex, name in enumerate(("male", "female")):
        rows = newest[newest["sex"] == name].set_index("age")["mx"]
        assert rates[sex, 0] == rows[0]
        assert rates[sex, 80] == rows[80]
    assert (rates[0, 30:90] > rates[1, 30:90]).all()


def test_twice_the_mortality_gives_about_twice_the_deaths() -> None:
    deaths = []
    for factor in (0.0, 1.0, 2.0):
        model = stepped(small_model(scale=0.02, parameters={"demography.mortality_factor": factor}), 12)
        deaths.append(sum(row[-1] for row in model.recorder.flows if row[2] == "death"))
    assert deaths[0] == 0
    assert deaths[1] > 100
    assert deaths[2] == pytest.approx(2 * deaths[1], abs=4 * np.sqrt(2 * deaths[1] + 4 * deaths[1]))


def newborn_rows(model: UrbanizationModel, size_before: int) -> np.ndarray:
    people = model.world.population.people
    rows = np.arange(size_before, people.size)
    return rows[(people.birth[rows] == model.month) & (people.mother[rows] >= 0)]


def test_births_are_within_four_standard_deviations_of_the_monthly_chances() -> None:
    model = small_model(scale=0.02)
    born, expected = 0, 0.0
    for _ in range(24):
        people = model.world.population.people
        chance = monthly_birth_chance(model.world, model.month + 1)
        age = (model.month + 1 - people.birth) // 12
        mothers = (people.alive == 1) & (people.female == 1) & (people.spouse >= 0) & (age >= 15) & (age < 50)
        who = np.flatnonzero(mothers)
        urban = (people.zone[who] >= 1).astype(int)
        expected += float(chance[people.county[who], urban, age[who] // 5 - 2].sum())
        model.step()
        born += int(model.world.accounts.flows[:, Cause.BIRTH].sum())
    assert born > 150
    assert abs(born - expected) < 4.0 * np.sqrt(expected)


def test_children_per_woman_follow_the_fertility_table() -> None:
    """With all county, rural and urban factors at 1, births equal women by age times the national rates."""
    plain = {
        "demography.rural_fertility": 1.0,
        "demography.urban_fertility": 1.0,
        "demography.county_fertility_weight": 0.0,
        "demography.fertility_factor": 1.0,
    }
    model = small_model(scale=0.02, parameters=plain)
    table = fertility_table()
    table = table[table["variant"].isin(["estimate", "medium"]) & (table["age"] < 50)]
    born, expected = 0, 0.0
    for _ in range(24):
        women = model.world.tally.women.sum(axis=0)
        year = table[table["year"] == year_of(model.month + 1)].set_index("age")["asfr"]
        expected += sum(women[int(age) // 5 - 2] * rate / 12.0 for age, rate in year.items())
        model.step()
        born += int(model.world.accounts.flows[:, Cause.BIRTH].sum())
    assert born == pytest.approx(expected, abs=4.0 * np.sqrt(expected))


def test_only_living_married_women_of_15_to_49_give_birth() -> None:
    model = small_model(scale=0.02, parameters={"demography.fertility_factor": 2.0})
    seen = 0
    for _ in range(14):
        size = model.world.population.people.size
        alive = model.world.population.people.alive.copy()
        model.step()
        people = model.world.population.people
        rows = newborn_rows(model, size)
        rows = rows[people.mother[rows] < size]  # not the children of arriving families
        mothers = people.mother[rows]
        age = (model.month - people.birth[mothers]) // 12
        assert (alive[mothers] == 1).all()
        assert (people.female[mothers] == 1).all()
        assert ((age >= 15) & (age <= 49)).all()
        seen += rows.size
    assert seen > 150


@pytest.mark.parametrize("ratio", [1.03, 1.25])
def test_sex_ratio_at_birth_is_the_parameter(ratio: float) -> None:
    parameters = {"demography.sex_ratio_at_birth": ratio, "demography.fertility_factor": 2.0}
    model = small_model(scale=0.05, parameters=parameters)
    size = model.world.population.people.size
    start = model.month
    stepped(model, 24)
    people = model.world.population.people
    born = np.arange(size, people.size)[(people.birth[size:] > start) & (people.mother[size:] >= 0)]
    boys, share = (people.female[born] == 0).mean(), ratio / (1.0 + ratio)
    assert born.size > 1000
    assert abs(boys - share) < 4.0 * np.sqrt(share * (1.0 - share) / born.size)


def test_a_higher_sex_ratio_turns_girls_into_boys_and_no_boy_into_a_girl() -> None:
    sexes = []
    for ratio in (1.03, 1.25):
        model = stepped(small_model(scale=0.05, parameters={"demography.sex_ratio_at_birth": ratio}), 3)
        sexes.append(by_key(model, "female"))
    changed = [
        (sexes[0][key], sexes[1][key]) for key in sexes[0].keys() & sexes[1].keys() if sexes[0][key] != sexes[1][key]
    ]
    assert set(changed) == {(1, 0)}


def test_ages_advance_a_month_a_month() -> None:
    model = small_model(scale=0.005)
    births = model.world.population.people.birth.copy()
    old = [int(model.world.tally.old.sum())]
    for _ in range(24):
        model.step()
        old.append(int(model.world.tally.old.sum()))
    people = model.world.population.people
    np.testing.assert_array_equal(people.birth[: births.size], births)
    resident = (people.alive == 1) & (people.zone < 3)
    assert model.world.tally.old.sum() == (resident & ((model.month - people.birth) // 12 >= 65)).sum()
    assert len(set(old)) > 5


def test_newborns_of_absent_mothers_are_sent_home_with_the_stated_probability() -> None:
    for share in (0.0, 1.0):
        model = small_model(scale=0.02, parameters={"demography.newborn_sent_home": share})
        size = model.world.population.people.size
        zones_of_mothers = model.world.population.people.zone.copy()
        model.step()
        people = model.world.population.people
        rows = newborn_rows(model, size)
        rows = rows[people.mother[rows] < size]
        absent = rows[zones_of_mothers[people.mother[rows]] >= 3]
        births_outside = model.world.accounts.flows[:, Cause.BIRTH, :, 3:5].sum()
        assert (births_outside > 0) == (share == 0.0 and absent.size > 0)
