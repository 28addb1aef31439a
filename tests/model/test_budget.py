"""The county budget: what it cuts first, what cut policies book, and the limit of debt."""

from __future__ import annotations

import numpy as np
import pytest

from urbsim.model import UrbanizationModel
from urbsim.policies.base import Payer, Policy
from urbsim.policies.levers.employment import IndustrialParks
from urbsim.policies.levers.housing import HousingSubsidy
from urbsim.policies.levers.land import LandRightsSecurity
from urbsim.policies.levers.schooling import MigrantChildSchooling, SchoolCapacity
from worlds import THREE_COUNTIES, small_model, stepped

PARK = IndustrialParks(start="2020-11", posts_per_year=12_000, yuan_per_post=1_000_000)  # 1e9 a month, cut first
SCHOOLS = SchoolCapacity(  # 1e9 a month, cut second
    start="2020-11", stage="primary", places_per_year=12_000, yuan_per_place=1_000_000, running_yuan_per_place_year=0
)


def run_of(policies: dict[str, Policy], months: int = 48, **settings: object) -> UrbanizationModel:
    return stepped(small_model(scale=0.005, policies=policies, **settings), months)  # type: ignore[arg-type]


def booked(model: UrbanizationModel, policy: str) -> np.ndarray:
    return np.array([row[-1] for row in model.world.ledger.entries if row[3] == policy])


def test_policies_with_the_lowest_cut_order_are_cut_first() -> None:
    assert PARK.cut_order < SCHOOLS.cut_order
    model = small_model(scale=0.005, policies={"park": PARK, "schools": SCHOOLS})
    cuts = []
    for _ in range(36):
        model.step()
        park, schools = (model.funded[name][0] for name in ("park", "schools"))
        assert park < 1e-9 or schools == 1.0
        cuts.append((park, schools))
    assert min(park for park, _ in cuts) < 1e-9
    assert max(schools for _, schools in cuts) > 0.0


def test_policies_of_the_same_cut_order_are_cut_in_proportion() -> None:
    other = HousingSubsidy(start="2020-11", zones=("seat",), rent_yuan_per_household_year=90_000)
    assert other.cut_order == PARK.cut_order
    model = run_of({"park": PARK, "rents": other}, 6)
    assert model.funded["park"][0] == model.funded["rents"][0]
    assert 0.0 < model.funded["park"][0] < 1.0


def test_cut_policies_book_their_share_and_do_less() -> None:
    model = small_model(scale=0.005, policies={"park": PARK})
    added = 0.0
    for _ in range(24):
        share = float(model.funded["park"][0])
        seen = len(model.world.ledger.entries)
        model.step()
        yuan = sum(row[-1] for row in model.world.ledger.entries[seen:])
        assert yuan == pytest.approx(share * 1e9)
        assert model.world.environment.posts.values.sum() == pytest.approx(share * 12_000)
        added += share * 1000
    assert added < 0.5 * 24_000


@pytest.mark.parametrize("limit", [0.1, 0.6, 1.5])
def test_debt_stays_under_its_limit(limit: float) -> None:
    policies = {"park": PARK.model_copy(update={"posts_per_year": 2_400.0}), "schools": SCHOOLS}
    if limit < 0.5:  # the first month is paid in full; its cost has to fit the limit
        del policies["schools"]
    model = small_model(scale=0.005, policies=policies, parameters={"budget.debt_limit": limit})
    shares = []
    for _ in range(72):
        model.step()
        government = model.governments
        shares.append(government.debt / (12.0 * government.revenue))
    assert 0.5 * limit < max(shares) <= limit


def test_a_county_over_its_limit_funds_nothing_and_its_debt_does_not_rise() -> None:
    model = small_model(scale=0.005, policies={"park": PARK}, parameters={"budget.debt_limit": 0.01})
    stepped(model, 1)
    government, before = model.governments, model.governments.debt
    assert before > 0.01 * 12 * government.revenue
    stepped(model, 1)
    assert model.world.ledger.entries[-1][0] == "2020-11"
    assert government.policy_spending == 0.0
    assert government.debt == pytest.approx(before + government.ordinary - government.revenue)


def test_what_revenue_does_not_cover_is_borrowed_and_a_surplus_repays() -> None:
    model = small_model(scale=0.005, policies={"park": PARK.model_copy(update={"end": PARK.start + 5})})
    government, directions = model.governments, set()
    for _ in range(24):
        debt = government.debt
        model.step()
        balance = government.revenue - government.ordinary - government.policy_spending
        assert government.debt == pytest.approx(max(debt - balance, 0.0), abs=1.0)
        directions.add(float(np.sign(government.debt - debt)[0]))
    assert {-1.0, 1.0} <= directions


def test_without_policies_a_county_is_in_balance_at_the_start() -> None:
    government = run_of({}, 1).governments
    assert government.policy_spending == 0.0
    assert government.revenue == pytest.approx(government.ordinary, rel=0.02)


@pytest.mark.parametrize("payer", [Payer.PROVINCE, Payer.CENTRE])
def test_what_others_pay_does_not_weigh_on_the_county(payer: Payer) -> None:
    park = PARK.model_copy(update={"payer": payer})
    model = run_of({"park": park}, 24)
    assert booked(model, "park") == pytest.approx([1e9] * 24)
    assert model.governments.policy_spending == 0.0
    assert {row[4] for row in model.world.ledger.entries} == {payer.value}


def test_one_countys_shortfall_cuts_nothing_in_another() -> None:
    huge = {"start": "2020-11", "posts_per_year": 12_000, "yuan_per_post": 1_000_000}
    park = IndustrialParks(counties=THREE_COUNTIES[:1], **huge)
    small = LandRightsSecurity(certified_share=0.97, start="2020-11")
    pupils = MigrantChildSchooling(start="2020-11", yuan_per_pupil_year=100)
    model = small_model(counties=THREE_COUNTIES, policies={"park": park, "land": small, "pupils": pupils})
    stepped(model, 12)
    assert model.funded["park"][0] < 1.0
    for name in ("land", "pupils"):
        np.testing.assert_array_equal(model.funded[name][1:], 1.0)
    assert {row[1] for row in model.world.ledger.entries if row[3] == "park"} == {0}


def test_debt_is_repaid_once_the_costly_policy_ended() -> None:
    park = PARK.model_copy(update={"end": PARK.start + 2, "posts_per_year": 6_000.0})
    debts = []
    model = small_model(scale=0.005, policies={"park": park}, parameters={"budget.tax_share": 0.2})
    for _ in range(60):
        model.step()
        debts.append(model.governments.debt)
    assert max(debts) == max(debts[:4])
    assert debts[-1] < debts[3]


def test_public_spending_is_the_ordinary_and_what_the_ledger_holds() -> None:
    model = run_of({"park": PARK}, 12)
    spending = model.world.ledger.yearly("policies")[0]
    assert spending == pytest.approx(booked(model, "park").sum())
