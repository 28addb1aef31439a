"""What households live on, land let for rent, and off-farm work that answers to pay: by hand."""

from __future__ import annotations

import numpy as np
import pytest

from urbsim.codes import Sector, Work, Zone
from urbsim.model import UrbanizationModel
from urbsim.processes.employment import farm_search, off_farm_gain
from urbsim.state.income import household_income, renew_income, sources
from urbsim.validation.survey import take_survey
from worlds import small_model, stepped

VILLAGE, NEAR = int(Zone.VILLAGE), int(Zone.NEAR)
AMOUNTS = {
    "income.own_produce": 100.0,
    "income.transfers": 40.0,
    "land.rent_per_mu": 600.0,
    "land.renting": 0.25,
    "land.uncertified_renting": 0.5,
    "land.years_of_renting": 5.0,
    "housing.remitted_share": 0.4,
}


@pytest.fixture(scope="module")
def model() -> UrbanizationModel:
    """Return a model after three months."""
    return stepped(small_model(scale=0.02, parameters=AMOUNTS), 3)


def test_income_of_every_household_is_the_sum_of_its_sources(model: UrbanizationModel) -> None:
    world, people, households = model.world, model.world.population.people, model.world.population.households
    environment = world.environment.pension
    environment.values[0] = [55.0, 0.0, 20.0]
    index = 1.04 ** (3 / 12)  # wages have grown for three months
    produce, transfers = 100.0 * 3606 / 1340 * index, 40.0 * 3606 / 1340 * index  # at the local wage of 2010
    farmers = world.tally.work[0, :, Work.FARM].sum() * world.weight
    let, most = world.places.land.rented[0], 0.5 * world.places.employers.wage[0, VILLAGE, Sector.FARM]
    paid = min(600.0 / 12 * index * let / farmers, most)
    rent = paid * farmers / let
    assert paid == most  # few farm much land here: a mu is let for less
    age, home = (model.month - people.birth) // 12, people.household
    income = np.zeros(households.size)
    at_home = (people.alive == 1) & (people.zone < NEAR)
    here = at_home & (people.registration == 0)
    old = here & (age >= 60)
    for who, yuan in (
        (at_home, people.earnings),
        ((people.alive == 1) & ~at_home, 0.4 * people.earnings),
        (at_home & (people.zone == VILLAGE) & (households.land[home] > 0), np.full(people.size, produce)),
        (here & (people.urban_registered == 0), np.full(people.size, transfers)),
        (old, np.array([55.0, 0.0, 20.0, 0.0, 0.0])[people.zone]),
        (at_home & (people.work == Work.FARM), np.full(people.size, -paid)),
    ):
        np.add.at(income, home[who], yuan[who])
    somebody = np.bincount(home[people.alive == 1], minlength=households.size) > 0
    income += np.where(somebody, rent * households.rented, 0.0)
    np.testing.assert_allclose(household_income(world, model.month), income, rtol=1e-6, atol=1e-3)
    assert old.sum() > 100
    assert paid > 0.0
    environment.values[0] = 0.0


def test_the_survey_and_the_model_find_the_same_income(model: UrbanizationModel) -> None:
    world, households = model.world, model.world.population.households
    found = household_income(world, model.month)
    survey = take_survey(model).people
    heads = survey[survey["zone"] < NEAR].groupby("household").size()
    by_key = dict(zip(households.key.tolist(), found.tolist(), strict=True))
    person = survey[survey["zone"] == VILLAGE].iloc[7]
    assert person["income"] == pytest.approx(by_key[int(person["household"])] / heads[person["household"]])


def test_rent_received_is_rent_paid_in_every_month_and_nobody_lets_land_and_farms() -> None:
    model = small_model(counties=("140423", "140425"), scale=0.01, start="2010-11", parameters=AMOUNTS)
    world, households = model.world, model.world.population.households
    for _ in range(14):
        model.step()
        let = np.bincount(households.county, weights=households.rented, minlength=2) * world.weight
        np.testing.assert_allclose(let, world.places.land.rented, rtol=1e-5)
        beside = sources(world)
        farmers = world.tally.work[:, :, Work.FARM].sum(axis=1) * world.weight
        np.testing.assert_allclose(beside.rent * let, beside.rent_paid * farmers, rtol=1e-5)
        assert (let > 0.0).all()


def test_certified_land_is_let_twice_as_readily() -> None:
    world = small_model(scale=0.05, parameters=AMOUNTS).world
    households, people = world.population.households, world.population.people
    everybody = np.ones(households.size, dtype=bool)
    households.certified[...] = households.key % np.uint64(2) == 0
    renew_income(world, everybody, world.start)
    farms = np.bincount(
        people.household[(people.alive == 1) & (people.zone < NEAR) & (people.work == Work.FARM)],
        minlength=households.size,
    )
    somebody = np.bincount(people.household[people.alive == 1], minlength=households.size) > 0
    free = (farms == 0) & somebody & (households.land > 0)
    assert not households.rented[~free].any()
    for certified, yearly in ((1, 0.25), (0, 0.125)):
        group = free & (households.certified == certified)
        expected = 1.0 - (1.0 - yearly) ** 5
        assert group.sum() > 500
        assert (households.rented[group] > 0).mean() == pytest.approx(expected, abs=4 * np.sqrt(0.25 / group.sum()))
    before = households.rented > 0
    renew_income(world, everybody, world.start + 12)
    assert (households.rented[before] > 0).all()  # who lets land goes on until somebody farms
    new = free & ~before & (households.certified == 1)
    assert (households.rented[new] > 0).mean() == pytest.approx(0.25, abs=4 * np.sqrt(0.1875 / new.sum()))


def test_farm_workers_look_for_posts_by_what_these_pay_and_less_where_land_is_not_certified() -> None:
    parameters = {"employment.farm_search_rate": 0.01, "employment.land_held": 0.2}
    world = small_model(scale=0.02, start="2010-11", parameters=parameters).world
    certified, held = farm_search(world)[0]
    assert 0.05 * certified + 0.95 * held == pytest.approx(0.01)  # a twentieth of the land was certified in 2010
    assert held == pytest.approx(0.8 * certified)
    world.places.employers.wage[0, VILLAGE, Sector.FARM] /= 1.5
    assert farm_search(world)[0] == pytest.approx([1.5 * certified, 1.5 * held])
    world.places.employers.wage[0, VILLAGE, Sector.FARM] *= 1.5
    assert off_farm_gain(world) == pytest.approx(world.first_off_farm)
