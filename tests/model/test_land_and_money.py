"""Land quotas, development finance, and the record of what money and land cut."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from urbsim.codes import Zone
from urbsim.experiment.cuts import cuts, debts_beyond_limit, limits_by_year
from urbsim.model import UrbanizationModel
from urbsim.policies.base import Policy
from urbsim.policies.registry import all_levers
from worlds import THREE_COUNTIES, columns_of, small_model, stepped

SCALE = 0.005
MU_PER_DWELLING, MU_PER_INDUSTRY_POST, MU_PER_SERVICE_POST = 0.12, 0.2, 0.05


def lever(name: str, **fields: Any) -> Policy:
    return all_levers()[name](**{"start": "2021-01", "payer": "province", **fields})


def model_with(months: int = 0, settings: dict[str, Any] | None = None, **policies: Policy) -> UrbanizationModel:
    return stepped(january_model(policies=policies, **(settings or {})), months)


def january_model(**settings: Any) -> UrbanizationModel:
    """Return a model that stands before January, so that its months are whole years of a quota."""
    return stepped(small_model(**{"scale": SCALE, "start": "2021-01", "until": "2022-12", **settings}), 2)


def quota(mu: float, **fields: Any) -> Policy:
    return lever("construction_land_quota", mu_per_year=mu, **fields)


#: 120 mu a year each.
FLATS = lever("affordable_housing", kind="for_sale", dwellings_per_year=1000, yuan_per_dwelling=1000)
PARK = lever("industrial_parks", posts_per_year=600, yuan_per_post=1000)
SHOPS = lever("commerce_logistics", zones=["seat"], posts_per_year=2400, yuan_per_post=1000, operating_yuan_per_year=0)
NO_DEVELOPERS = {
    "parameters": dict.fromkeys(
        ("housing.construction_response", "housing.household_growth_town", "housing.household_growth_seat"), 0.0
    )
}


def land_rows(model: UrbanizationModel) -> dict[str, tuple[float, float]]:
    table = model.recorder.results().limits
    rows = table[table["limit"] == "land"].groupby("policy")[["wanted", "possible"]].sum()
    return {str(policy): (row["wanted"], row["possible"]) for policy, row in rows.iterrows()}


def test_land_is_taken_by_dwellings_and_posts_at_their_stated_areas() -> None:
    model = model_with(12, NO_DEVELOPERS, flats=FLATS, park=PARK, shops=SHOPS, quota=quota(1000))
    assert land_rows(model) == {name: pytest.approx((120.0, 120.0)) for name in ("flats", "park", "shops")}
    assert model.world.places.land.left[0] == pytest.approx(1000 - 360)


def test_a_quota_that_is_too_small_cuts_all_that_build_in_the_same_proportion() -> None:
    policies = {"flats": FLATS, "park": PARK}
    free, held = model_with(12, NO_DEVELOPERS, **policies), model_with(12, NO_DEVELOPERS, quota=quota(60), **policies)
    for model, share in ((free, 1.0), (held, 0.25)):
        assert model.world.environment.posts.values.sum() == pytest.approx(share * 600)
        assert model.world.environment.dwellings.values.sum() == pytest.approx(share * 1000)
        booked = {name: sum(row[-1] for row in model.world.ledger.entries if row[3] == name) for name in policies}
        assert booked == pytest.approx({"flats": share * 1e6, "park": share * 6e5}), "what has no land costs nothing"
    assert land_rows(held) == {name: pytest.approx((120.0, 30.0)) for name in policies}
    assert free.recorder.results().limits.query("limit == 'land'").empty


def test_upkeep_is_paid_for_what_found_land_only() -> None:
    rental = lever(
        "affordable_housing", kind="public_rental", dwellings_per_year=1000, upkeep_yuan_per_dwelling_year=12
    )
    model = model_with(4, NO_DEVELOPERS, rental=rental, quota=quota(60))
    built = 4 * 0.5 * 1000 / 12
    assert model.world.ledger.entries[-1][-1] == pytest.approx(0.5 * 1000 / 12 * 150_000 + built * 1.0)


def test_land_left_over_lasts_until_december() -> None:
    late = FLATS.model_copy(update={"start": FLATS.start + 6, "dwellings_per_year": 2000.0})
    model = model_with(6, NO_DEVELOPERS, flats=late, quota=quota(120))
    assert model.world.places.land.left[0] == pytest.approx(60)
    stepped(model, 6)
    assert land_rows(model)["flats"] == pytest.approx((120.0, 120.0)), "half a year's land was kept for it"
    spare = stepped(model_with(0, NO_DEVELOPERS, quota=quota(120)), 13)
    assert spare.world.places.land.left[0] == pytest.approx(10), "what was left in December has lapsed"


def test_developers_get_what_policies_leave() -> None:
    busy = {"parameters": {"housing.construction_response": 5.0, "housing.vacancy_rate": 0.0}}
    model = january_model(policies={"flats": FLATS, "quota": quota(240)}, **busy)
    model.world.places.housing.first_pressure -= 0.2  # more dwellings are occupied than usual
    stepped(model, 1)
    flats, built = 1000 / 12, model.world.places.housing.built.sum()
    assert (built - flats) * MU_PER_DWELLING == pytest.approx(20 - 10)
    wanted, got = land_rows(model)[""]
    assert wanted > got == pytest.approx(10)
    assert model.world.places.land.left[0] == pytest.approx(0, abs=1e-9)


def test_without_land_nothing_is_built_and_a_second_quota_releases() -> None:
    dry = model_with(6, None, flats=FLATS, park=PARK, quota=quota(0))
    assert not dry.world.places.housing.built.any()
    assert not dry.world.environment.posts.values.any()
    assert not [row for row in dry.world.ledger.entries if row[3] in ("flats", "park")]
    released = model_with(6, NO_DEVELOPERS, flats=FLATS, quota=quota(0), more=quota(60, start="2021-04"))
    assert land_rows(released)["flats"] == pytest.approx((60.0, 15.0))


def test_land_for_everything_changes_no_byte() -> None:
    plain, ample = (model_with(14, None, flats=FLATS, park=PARK, **extra) for extra in ({}, {"quota": quota(1e6)}))
    for kind in ("people", "households"):
        one, other = (columns_of(getattr(model.world.population, kind)) for model in (plain, ample))
        assert all(one[name].tobytes() == other[name].tobytes() for name in one)
    np.testing.assert_array_equal(plain.world.places.housing.dwellings, ample.world.places.housing.dwellings)


def test_one_countys_quota_holds_back_nobody_else() -> None:
    policies = {"park": PARK, "quota": quota(0, counties=THREE_COUNTIES[:1])}
    model = stepped(january_model(counties=THREE_COUNTIES, policies=policies), 3)
    assert model.world.environment.posts.values[:, Zone.SEAT].sum(axis=1).tolist() == pytest.approx([0, 600, 600])


def test_a_mu_is_prepared_when_it_is_built_on() -> None:
    model = model_with(5, NO_DEVELOPERS, flats=FLATS, quota=quota(1000, yuan_per_mu=5000))
    assert [row[-1] for row in model.world.ledger.entries if row[3] == "quota"] == pytest.approx([10 * 5000] * 5)


# -- money


def test_development_finance_is_revenue_and_the_loan_part_is_owed() -> None:
    given = lever("development_finance", yuan_per_year=1.2e8)
    lent = lever("development_finance", yuan_per_year=1.2e8, repaid_share=1.0)
    governments = [model_with(1, None, **extra).governments for extra in ({}, {"g": given}, {"l": lent})]
    revenue = [government.revenue[0] for government in governments]
    assert np.diff(revenue).tolist() == pytest.approx([1e7, 0.0])
    balance = revenue[0] - governments[0].ordinary[0]
    before = governments[0].debt[0] + balance  # what it owed already: the balance of the months before
    assert before >= 0
    assert [government.debt[0] for government in governments] == pytest.approx(
        [max(before - balance, 0), max(before - balance - 1e7, 0), max(before - balance, 0)]
    )
    model = model_with(1, None, g=given, l=lent)
    assert {row[3]: row[-1] for row in model.world.ledger.entries} == {"g": pytest.approx(1e7)}


COSTLY = all_levers()["industrial_parks"](start="2021-01", posts_per_year=2400, yuan_per_post=1_000_000)


def test_money_from_above_funds_more_of_what_the_county_wants() -> None:
    without = model_with(36, None, park=COSTLY)
    having = model_with(36, None, park=COSTLY, fund=lever("development_finance", yuan_per_year=5e8))
    paid = [sum(row[-1] for row in model.world.ledger.entries if row[3] == "park") for model in (without, having)]
    assert paid[0] < paid[1] <= paid[0] + 3.5 * 5e8


@pytest.mark.parametrize("cap", [0.2, 0.9])
def test_a_debt_cap_replaces_the_registrys_limit(cap: float) -> None:
    model = model_with(0, None, park=COSTLY, cap=lever("development_finance", debt_cap=cap))
    ratios = []
    for _ in range(72):
        model.step()
        government = model.governments
        assert government.debt_limit == pytest.approx(cap * 12 * government.revenue)
        ratios.append(government.debt / (12 * government.revenue))
    assert 0.5 * cap < max(ratios) <= cap


def test_the_strictest_of_two_caps_counts_and_ends_with_its_policy() -> None:
    caps = {
        "loose": lever("development_finance", debt_cap=2.0),
        "strict": lever("development_finance", debt_cap=0.1, end="2021-03"),
    }
    model = model_with(3, None, **caps)
    government = model.governments
    assert government.debt_limit / (12 * government.revenue) == pytest.approx(0.1)
    stepped(model, 1)
    assert government.debt_limit / (12 * government.revenue) == pytest.approx(2.0)


# -- what was cut


def test_the_record_holds_what_was_wanted_and_what_the_ledger_says_was_paid() -> None:
    schools = all_levers()["school_capacity"](start="2021-03", stage="primary", places_per_year=1200)
    model = model_with(30, None, park=COSTLY, schools=schools)
    results = model.recorder.results()
    money = results.limits.query("limit == 'money'").set_index(["policy", "year"])
    ledger = results.ledger.assign(year=results.ledger["month"].str[:4].astype(int))
    paid = ledger.groupby(["policy", "year"])["yuan"].sum()
    assert money["possible"][paid.index].to_numpy() == pytest.approx(paid.to_numpy())
    assert money["wanted"].loc["park"].to_numpy() == pytest.approx([2.4e9, 2.4e9, 1.2e9])
    assert (money["possible"] <= money["wanted"] * (1 + 1e-12)).all()


def test_running_costs_that_cannot_be_cut_do_not_swell_what_is_wanted() -> None:
    schools = all_levers()["school_capacity"](
        start="2021-01",
        stage="primary",
        places_per_year=12_000,
        yuan_per_place=400_000,
        running_yuan_per_place_year=6000,
    )
    model = january_model(policies={"schools": schools})
    built = 0.0
    for _ in range(30):
        share = float(model.funded["schools"][0])
        model.step()
        wanted = model.package.limits.table(model.world.codes).query("limit == 'money'")["wanted"].sum()
        built += share * 1000
        running = built * 500 + (1 - share) * 1000 * 500  # the whole month's places would have run as well
        built_before = wanted
        assert model.package._wanted["schools"][0] == pytest.approx(1000 * 400_000 + running)
    assert built < 0.9 * 30_000
    assert built_before > 0


def test_a_policy_wholly_without_money_is_still_known_to_want_it() -> None:
    training = all_levers()["skills_training"](start="2021-01", trainees_per_year=12_000, yuan_per_trainee=200_000)
    model = january_model(parameters={"budget.debt_limit": 0.0}, policies={"training": training})
    model.governments.transfer_per_resident *= 0.9  # revenue does not cover ordinary spending
    year = stepped(model, 24).recorder.results().limits.query("limit == 'money' and year == 2022").iloc[0]
    assert year["possible"] < 0.2 * year["wanted"]
    assert year["wanted"] == pytest.approx(12_000 * 200_000, rel=0.5)


def test_cuts_and_debts_are_summed_up_for_readers() -> None:
    table = model_with(24, {"parameters": {"budget.debt_limit": 0.001}}, park=COSTLY, flats=FLATS, quota=quota(60))
    limits = table.recorder.results().limits.assign(scenario="plan", draw=0, replicate=0)
    found = cuts(limits, {"plan": 1}).set_index(["limit", "policy"])
    assert set(found.index) >= {("money", "park"), ("land", "park"), ("land", "flats")}
    assert found.loc[("land", "flats"), "share"] < 0.5
    assert (found["share"] == found["possible"] / found["wanted"]).all()
    debts = debts_beyond_limit(limits, {"plan": 1})
    assert debts[["place", "first_year"]].to_numpy().tolist() == [["341282", 2021]]
    assert debts["worst"][0] > 1.0
    halved = limits_by_year(limits, {"plan": 2})["wanted"].sum()
    assert halved == pytest.approx(limits["wanted"].sum() / 2)


def test_a_run_in_which_nothing_is_cut_says_nothing() -> None:
    limits = model_with(12, None, flats=FLATS).recorder.results().limits.assign(scenario="a", draw=0, replicate=0)
    assert cuts(limits, {"a": 1}).empty
    assert debts_beyond_limit(limits, {"a": 1}).empty
