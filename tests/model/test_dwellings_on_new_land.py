"""Dwellings follow households as far as land gives way: prices by hand."""

from __future__ import annotations

import numpy as np
import pytest

from urbsim.codes import Zone
from urbsim.model import UrbanizationModel
from urbsim.processes import housing
from urbsim.state.land import land_gives_way
from worlds import small_model

SEAT, SHAOXING, ANHUI_DISTRICT = int(Zone.SEAT), "330683", "340102"
PARAMETERS = {
    "housing.price_elasticity": 0.6,
    "housing.new_land_elasticity": 1.2,
    "housing.construction_response": 0.5,
    "housing.household_growth_seat": 0.0,
    "housing.household_growth_town": 0.0,
    "housing.price_growth": 0.0,
}


def model_with(parameters: dict[str, float] | None = None, **settings: object) -> UrbanizationModel:
    return small_model(scale=0.02, parameters=PARAMETERS | (parameters or {}), **settings)  # type: ignore[arg-type]


def crowd(model: UrbanizationModel, factor: float) -> None:
    """Let ``factor`` times as many households live in every zone as at the start."""
    world = model.world
    world.tally = world.tally._replace(households=world.tally.households * factor)


def built_over(model: UrbanizationModel, months: int) -> np.ndarray:
    """Return prices of the seat relative to the start, month by month."""
    prices = []
    for _ in range(months):
        housing._build(model.world)
        housing.set_prices(model.world)
        prices.append(model.world.places.housing.price[0, SEAT] / model.world.places.housing.first_price[0, SEAT])
    return np.log(prices)


def test_a_percent_more_households_raises_prices_by_a_third_of_a_percent_when_supply_has_answered() -> None:
    model = model_with()
    crowd(model, 1.01)
    prices = built_over(model, 240) / np.log(1.01)
    assert prices[0] == pytest.approx(0.6, rel=0.05)
    assert prices[-1] == pytest.approx(0.6 / (1.0 + 0.6 * 1.2), rel=0.02)  # 0.35
    assert (np.diff(prices) < 0.0).all()


def test_land_gives_way_less_in_the_east_and_in_cities() -> None:
    given = {"housing.eastern_land": 0.3, "housing.city_land": 0.5}
    inland, east, city = (
        land_gives_way(small_model(counties=(code,), scale=0.005, parameters=given).world)[0]
        for code in ("341282", SHAOXING, ANHUI_DISTRICT)
    )
    assert (inland, east, city) == pytest.approx((1.0, 0.3, 0.5))


def test_households_that_grow_as_expected_move_no_price_and_are_housed() -> None:
    model = model_with({"housing.household_growth_seat": 0.03})
    first = model.world.places.housing.dwellings[0].copy()
    for _ in range(60):
        crowd(model, float(np.exp(0.03 / 12.0)))
        assert built_over(model, 1) == pytest.approx(0.0, abs=2e-3)
    built = model.world.places.housing.dwellings[0] / first
    assert built[SEAT] == pytest.approx(np.exp(0.03 * 5), rel=4e-3)
    assert built[Zone.VILLAGE] == 1.0  # developers do not build in villages


def test_dwellings_of_policies_take_the_place_of_some_ordinary_ones() -> None:
    """They lower prices, and fewer are built until they have been made up for."""
    model = model_with({"housing.household_growth_seat": 0.05})
    stocks = model.world.places.housing
    stocks.dwellings[0, SEAT] *= 1.04
    wanted = housing.developers_want(model.world)[0, SEAT]
    cheaper = -0.6 * np.log(1.04)
    expected = 0.05 + 0.5 * (1.2 * cheaper - np.log(1.04))
    assert wanted == pytest.approx(expected / 12.0 * stocks.dwellings[0, SEAT], rel=1e-3)


def test_frozen_prices_build_as_without_pressure() -> None:
    model = model_with({"housing.household_growth_seat": 0.03}, frozen=("prices",))
    crowd(model, 1.5)
    assert built_over(model, 3) == pytest.approx(np.zeros(3))
    assert model.world.places.housing.built[0, SEAT].sum() == pytest.approx(
        0.03 / 12.0 * model.world.places.housing.dwellings[0, SEAT], rel=0.06
    )
