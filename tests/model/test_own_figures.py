"""Where a county's own figures enter the start of a run: each is what the world holds, and moves what it should."""

from __future__ import annotations

import numpy as np
import pytest

from urbsim.codes import Sector, Zone
from urbsim.experiment.start_figures import figures_of
from urbsim.model import UrbanizationModel
from urbsim.region.base import base_population
from urbsim.region.figures import FIGURES, CountyFigures, with_registered
from urbsim.region.tables import county_rows
from urbsim.scenario.model import Scenario

CODE, START = "341282", 2020 * 12 + 10
#: Figures of the start that are far from the estimates, all at once; zones' dwellings beside the total.
OWN = {
    "registered": 900_000.0,
    "beds": 5_000.0,
    "doctors": 2_500.0,
    "nurses": 1_500.0,
    "kindergarten_places": 20_000.0,
    "primary_places": 60_000.0,
    "junior_places": 30_000.0,
    "senior_places": 15_000.0,
    "dwellings": 320_000.0,
    "village_dwellings": 150_000.0,
    "seat_dwellings": 120_000.0,
    "industry_wage": 4_500.0,
    "services_wage": 4_000.0,
    "farm_wage": 2_000.0,
    "farm_posts": 30_000.0,
    "industry_posts": 100_000.0,
    "services_posts": 100_000.0,
    "budget_revenue": 1.5e9,
    "budget_spending": 5.2e9,
    "debt": 3.0e9,
}


def model_with(own: dict[str, float], months: int = 0) -> UrbanizationModel:
    data = {CODE: own} if own else {}
    model = UrbanizationModel(Scenario("own", CODE, (CODE,), START, START + 11, 0.005, county_data=data))
    for _ in range(months):
        model.step()
    return model


@pytest.fixture(scope="module")
def given() -> UrbanizationModel:
    return model_with(OWN)


@pytest.fixture(scope="module")
def estimated() -> UrbanizationModel:
    return model_with({})


def test_the_start_holds_what_is_given(given: UrbanizationModel) -> None:
    found = figures_of(given)[CODE]
    for name, value in OWN.items():
        assert found[name] == pytest.approx(value, rel=0.002 if name == "registered" else 1e-9), name
    assert found["town_dwellings"] == pytest.approx(320_000 - 150_000 - 120_000)
    assert set(found) == set(FIGURES)


def test_what_follows_from_them(given: UrbanizationModel, estimated: UrbanizationModel) -> None:
    world, usual = given.world, estimated.world
    residents = float(world.tally.residents[0]) * world.weight
    assert world.environment.beds_per_thousand.values[0] == pytest.approx(5_000 / residents * 1000)
    pupils = world.tally.pupils[0, Zone.SEAT, 1] * world.weight
    places = world.places.schools.places[0, Zone.SEAT, 1]
    assert places < pupils
    assert world.places.schools.chance[0, Zone.SEAT, 1, 0] == pytest.approx(places / pupils)
    assert world.places.housing.first_price[0] == pytest.approx(usual.places.housing.first_price[0] * 4500 / 3606)
    filled = world.tally.work[0, :, Sector.INDUSTRY + 1] * world.weight
    ratio = world.places.employers.posts[0, :, Sector.INDUSTRY] / filled
    assert ratio == pytest.approx(np.full(3, ratio[0]))  # zones keep their proportions
    government = given.governments
    assert 12 * government.own_revenue() == pytest.approx(1.5e9)
    assert 12 * government.transfer_per_resident * government.residents == pytest.approx(5.2e9 - 1.5e9)


def test_a_month_later_they_have_moved_the_county(given: UrbanizationModel, estimated: UrbanizationModel) -> None:
    """The debt is still owed, more dwellings than usual make prices lower, and doctors stay in proportion."""
    own = model_with({"debt": 3e9, "dwellings": 400_000.0, "doctors": 2_500.0}, months=1)
    base = model_with({}, months=1)
    assert own.world.ledger.debt[0] == pytest.approx(3e9, rel=0.01)
    assert base.world.ledger.debt[0] == pytest.approx(0.0, abs=1e7)
    assert (own.world.places.housing.price[0, 1:] < base.world.places.housing.price[0, 1:]).all()
    assert own.world.places.hospitals.doctors[0] == pytest.approx(2_500, rel=0.01)


def test_registered_people_move_the_absent_only() -> None:
    rows = county_rows((CODE,), 2020)
    changed = with_registered(rows, {CODE: {"registered": 900_000.0}})
    absent = changed[["absent_near", "absent_far"]].iloc[0]
    # 650,870 residents less 16,470 and 11,157 registered elsewhere are 623,243 at home.
    assert absent.sum() == pytest.approx(900_000 - 623_243)
    assert absent["absent_near"] / absent.sum() == pytest.approx(75_068 / (75_068 + 141_503))
    assert with_registered(rows, {CODE: {"beds": 1.0}}) is rows


def test_without_figures_nothing_changes(estimated: UrbanizationModel) -> None:
    data = {CODE: {"debt": 0.0}}
    other = UrbanizationModel(Scenario("own", CODE, (CODE,), START, START + 11, 0.005, county_data=data))
    for name in ("employers", "housing", "schools", "hospitals"):
        for field, values in vars(getattr(estimated.world.places, name)).items():
            assert np.array_equal(values, getattr(getattr(other.world.places, name), field)), (name, field)
    assert np.isnan(CountyFigures((CODE,))["beds"]).all()


def test_a_base_population_is_of_the_registered_people_given() -> None:
    scenario = Scenario("own", CODE, (CODE,), START, START, 0.002, county_data={CODE: {"registered": 700_000.0}})
    people = base_population(scenario, 0, 0).population.people
    absent = int((people.zone >= Zone.NEAR).sum())
    assert absent / 0.002 == pytest.approx(700_000 - 623_243, rel=0.02)
