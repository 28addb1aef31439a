"""A county's books of one month, by hand on ten people."""

from __future__ import annotations

import numpy as np
import pytest

from urbsim.institutions.governments import Governments
from urbsim.model import UrbanizationModel
from worlds import small_model

SEAT = 2
#: Scale 0.002: each of the ten people stands for 500.
RESIDENTS = 5_000.0


@pytest.fixture
def model() -> UrbanizationModel:
    """Ten people in the seat: four farm for 1,000 yuan a month, three earn 4,000 in industry, two 3,000 in services.

    Tax is a tenth: 0.1 x 500 x (3 x 4,000 + 2 x 3,000) = 900,000 yuan a month; farm income is not taxed.
    Transfers are 100 yuan a resident, 500,000 in all; ordinary spending is 900 a resident, 4,500,000 in all.
    """
    model = small_model(scale=0.002, parameters={"budget.tax_share": 0.1})
    world = model.world
    work, stocks = np.zeros_like(world.tally.work), np.zeros_like(world.tally.stocks)
    work[0, SEAT] = [1, 4, 3, 2, 0]
    stocks[0, SEAT] = 10
    world.tally = world.tally._replace(work=work, stocks=stocks)
    world.places.employers.wage[0, SEAT] = [1_000.0, 4_000.0, 3_000.0]
    world.places.housing.built[...] = 0.0
    government: Governments = model.governments
    government.transfer_per_resident, government.ordinary_per_resident = 100.0, 900.0
    return model


def test_wages_outside_farming_are_taxed_and_farm_income_is_not(model: UrbanizationModel) -> None:
    government: Governments = model.governments
    government.settle({}, {}, {})
    assert government.revenue == pytest.approx(900_000 + 500_000)
    assert government.ordinary == pytest.approx(900 * RESIDENTS)
    model.world.places.employers.wage[0, SEAT, 0] = 1e6  # however much farms earn
    government.settle({}, {}, {})
    assert government.revenue == pytest.approx(1_400_000)


def test_loans_are_owed_until_a_surplus_repays_them(model: UrbanizationModel) -> None:
    """1.2 million a year received, 0.6 of it a loan: 100,000 a month, of which 50,000 are owed."""
    environment, government = model.world.environment, model.governments
    environment.finance_received.values[0], environment.finance_owed.values[0] = 1_200_000.0, 600_000.0
    government.settle({"roads": 400_000.0}, {"roads": 400_000.0}, {"roads": 1})
    assert government.revenue == pytest.approx(1_500_000)
    assert government.debt == pytest.approx(50_000 + 4_500_000 + 400_000 - 1_500_000)
    government.ordinary_per_resident = 100.0  # 500,000: a surplus of a million before the loan is counted
    government.settle({}, {}, {})
    assert government.debt == pytest.approx(3_450_000 + 50_000 - 1_000_000)
    for _ in range(3):
        government.settle({}, {}, {})
    assert government.debt == 0.0  # a surplus beyond debt is not kept
    environment.finance_owed.values[0] = 18_000_000.0  # more than the surplus of a month can repay
    government.settle({}, {}, {})
    assert government.debt == pytest.approx(1_500_000 - 1_000_000)


def test_land_sales_and_rewards_are_revenue(model: UrbanizationModel) -> None:
    world, government = model.world, model.governments
    world.places.housing.built[0, SEAT, 0], world.places.housing.price[0, SEAT] = 2.0, 5_000.0
    area, share = world.values["housing.dwelling_area"], world.values["budget.land_share"]
    world.environment.registration_reward.values[0] = [10.0, 20.0, 30.0]
    world.activity.newly_registered[0, SEAT] = [5.0, 6.0, 7.0]
    government.settle({}, {}, {})
    assert government.revenue == pytest.approx(1_400_000 + 2 * 5_000 * area * share + 5 * 10 + 6 * 20 + 7 * 30)
