"""Growth compounds month by month along its dated path, and the level it led to stays; values by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pytest

from urbsim.codes import Sector
from urbsim.model import UrbanizationModel
from urbsim.months import parse_month
from urbsim.parameters import DatedValue, Parameters
from urbsim.state.pay import outside_wages
from urbsim.state.trends import Trends
from worlds import base_of, small_model, small_scenario, stepped

START = parse_month("2020-11")

#: The rate of each path, the index it moves, and whether the index grows in the first month already.
PATHS: dict[str, tuple[Callable[[Trends], float], bool]] = {
    "employment.farm_trend": (lambda trends: trends.posts[Sector.FARM], True),
    "employment.industry_trend": (lambda trends: trends.posts[Sector.INDUSTRY], True),
    "employment.services_trend": (lambda trends: trends.posts[Sector.SERVICES], True),
    "employment.wage_growth": (lambda trends: trends.wages[0, 2, Sector.INDUSTRY], True),
    "health.beds_growth": (lambda trends: trends.beds[0], True),
    "outside.near.wage_growth": (lambda trends: trends.outside_wages[0], False),
    "outside.far.wage_growth": (lambda trends: trends.outside_wages[1], False),
    "housing.price_growth": (lambda trends: trends.prices[0], False),
    "budget.growth": (lambda trends: trends.budgets[0], False),
}


def path_of(name: str, value: DatedValue, months: int) -> list[float]:
    """Return the index of a rate at the end of each month."""
    parameters, trends, found = Parameters({name: value}), Trends(1), []
    for month in range(START, START + months):
        trends.advance(parameters.at(month), np.zeros((1, 3, 3)), first=month == START)
        found.append(float(PATHS[name][0](trends)))
    return found


@pytest.mark.parametrize("name", PATHS)
def test_a_constant_rate_gives_its_power(name: str) -> None:
    first = 1 if PATHS[name][1] else 0
    expected = [1.03 ** ((month + first) / 12) for month in range(60)]
    assert path_of(name, 0.03, 60) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("name", PATHS)
def test_a_dated_rate_acts_in_its_months_only_and_its_level_stays(name: str) -> None:
    dated = {START: 0.04, START + 24: 0.14, START + 36: 0.04}
    path, plain = path_of(name, dated, 60), path_of(name, 0.04, 60)
    assert path[:24] == plain[:24]  # two years know nothing of the third
    for month in range(12):  # of the third, a twelfth of the higher growth every month
        assert path[24 + month] / plain[24 + month] == pytest.approx((1.14 / 1.04) ** ((month + 1) / 12))
    for month in range(36, 60):  # the level stays
        assert path[month] / plain[month] == pytest.approx(1.14 / 1.04)


def model_with(parameters: Mapping[str, DatedValue]) -> UrbanizationModel:
    scenario = small_scenario(scale=0.002, until="2023-12", frozen=("wages", "prices", "services_jobs", "budget"))
    scenario.parameters.update(parameters)  # type: ignore[attr-defined]
    return UrbanizationModel(scenario, seed=1, base=base_of(scenario))


def test_wages_outside_follow_the_dated_path_in_a_run() -> None:
    """In 2022, departures feel 10 % more growth, not three years of it; afterwards the level is kept."""
    dated = {START: 0.04, START + 24: 0.14, START + 36: 0.04}
    model, found = model_with({"outside.far.wage_growth": dated}), []
    base = model.world.values["start.wage_far_2020"]
    for _ in range(48):
        model.step()
        found.append(float(outside_wages(model.world)[1]) / base)
    assert found[0] == 1.0
    assert found[23] == pytest.approx(1.04 ** (23 / 12))
    assert found[24] == pytest.approx(1.04 ** (23 / 12) * 1.14 ** (1 / 12))
    assert found[35] == pytest.approx(1.04 ** (23 / 12) * 1.14)
    assert found[47] == pytest.approx(1.04 ** (23 / 12) * 1.14 * 1.04)


def test_every_stock_with_a_trend_follows_the_same_path_in_a_run() -> None:
    jump = {START: 0.0, START + 3: 0.1, START + 6: 0.0}
    names = ("employment.wage_growth", "housing.price_growth", "budget.growth", "health.beds_growth")
    names += ("outside.near.wage_growth", "employment.farm_trend")
    still = {"employment.posts_adjustment": 1.0, "reclassification.rate": 0.0}
    model = model_with(dict.fromkeys(names, jump) | still)
    places, government = model.world.places, model.governments
    wage, beds, farm = places.employers.wage.copy(), places.hospitals.beds.copy(), places.employers.posts[0, 0, 0]
    rent = places.housing.first_rent.copy()
    near = outside_wages(model.world)[0]
    stepped(model, 12)
    risen = 1.1**0.25  # a quarter of a year at a tenth a year
    assert places.employers.wage == pytest.approx(wage * risen)
    assert places.hospitals.beds == pytest.approx(beds * risen)
    assert places.housing.rent == pytest.approx(rent * risen)
    assert outside_wages(model.world)[0] == pytest.approx(near * risen)
    assert places.employers.posts[0, 0, 0] == pytest.approx(farm * risen)
    assert government.ordinary == pytest.approx(government.ordinary_per_resident * government.residents * risen)


def test_wages_that_a_policy_lets_grow_compound_with_the_trend() -> None:
    trends = Trends(1)
    more = np.zeros((1, 3, 3))
    more[0, 2, Sector.INDUSTRY] = 0.01
    values = Parameters({"employment.wage_growth": 0.04}).at(START)
    for month in range(24):
        trends.advance(values, more if month < 12 else np.zeros((1, 3, 3)), first=month == 0)
    assert trends.wages[0, 2, Sector.INDUSTRY] == pytest.approx(1.05 * 1.04)
    assert trends.wages[0, 1, Sector.INDUSTRY] == pytest.approx(1.04**2)


def test_an_undated_run_has_prices_of_the_plain_power() -> None:
    model = stepped(small_model(scale=0.002, frozen=("prices",)), 18)
    places = model.world.places
    assert places.housing.price == pytest.approx(places.housing.first_price * 1.02 ** (17 / 12))
