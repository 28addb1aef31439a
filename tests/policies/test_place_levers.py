"""Levers on jobs, infrastructure, land and budgets: what they contribute and book, by hand calculation."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError
from test_levers import CODES, FUNDED, JANUARY, SEAT, TOWN, VILLAGE, applied, booked, changed, policy

from urbsim.codes import Network, Sector
from urbsim.quantities.activity import Activity

INDUSTRY, SERVICES, FARM = Sector.INDUSTRY, Sector.SERVICES, Sector.FARM


@pytest.mark.parametrize("lever", ["industrial_parks", "industry_clusters", "industry_relocation"])
@pytest.mark.parametrize("sector", ["industry", "services"])
def test_levers_on_posts_add_a_twelfth_a_month_and_pay_for_each(lever, sector):
    one = policy(lever, sector=sector, posts_per_year=600, yuan_per_post=40_000, zones=["town", "seat"])
    added = applied(one).posts.values[0]
    assert added[[TOWN, SEAT], Sector[sector.upper()]].tolist() == [600, 600]
    assert added.sum() == 1200
    assert booked(one, Activity(2)).tolist() == [2 * 50 * 40_000] * 2


def test_the_public_cost_of_a_post_is_assumed_lowest_for_clusters_and_highest_for_relocation():
    costs = [
        policy(f"industr{end}", posts_per_year=1).yuan_per_post for end in ("y_clusters", "ial_parks", "y_relocation")
    ]
    assert costs == sorted(set(costs))


@pytest.mark.parametrize("lever", ["tourism_culture", "commerce_logistics"])
def test_tourism_and_trade_add_service_posts_and_amenity(lever):
    one = policy(
        lever, zones=["town"], posts_per_year=120, yuan_per_post=1000, amenity_points=0.04, operating_yuan_per_year=2400
    )
    e = applied(one)
    assert changed(e) == {
        "posts": [(0, TOWN, SERVICES), (1, TOWN, SERVICES)],
        "amenity": [(0, TOWN), (1, TOWN)],
    }
    assert e.posts.values[0, TOWN, SERVICES] == 120
    assert e.amenity.values[0, TOWN] == 0.04
    assert booked(one, Activity(2)).tolist() == [10 * 1000 + 200] * 2


def test_innovation_lets_wages_of_its_sector_grow_and_pays_per_worker():
    one = policy("innovation_productivity", sector="services", growth_per_year=0.03, yuan_per_worker_year=1200)
    e = applied(one, policy("innovation_productivity", sector="services", growth_per_year=0.01, zones=["seat"]))
    assert e.wage_growth.values[0, :, SERVICES].tolist() == pytest.approx([0, 0.03, 0.04])
    assert not e.wage_growth.values[..., [FARM, INDUSTRY]].any()
    activity = Activity(2)
    activity.workers[0, :, SERVICES] = [1000, 20, 30]
    activity.workers[0, :, INDUSTRY] = 5000
    assert booked(one, activity).tolist() == [50 * 100, 0]


def test_upgraded_farms_pay_more_and_need_fewer():
    one = policy(
        "agri_upgrading",
        income_growth_per_year=0.05,
        workers_freed_per_year=240,
        yuan_per_farm_worker_year=120,
        yuan_per_worker_freed=1000,
    )
    e = applied(one)
    assert e.wage_growth.values[0].tolist() == [[0.05, 0, 0], [0, 0, 0], [0, 0, 0]]
    assert e.farm_workers_freed.values[0].tolist() == [240, 0, 0]
    activity = Activity(2)
    activity.workers[1, VILLAGE] = [7000, 10, 10]
    assert booked(one, activity).tolist() == [20 * 1000, 7000 * 10 + 20 * 1000]


def test_support_of_farm_income_is_not_paid_where_only_labour_is_saved():
    activity = Activity(2)
    activity.workers[...] = 1000
    assert booked(policy("agri_upgrading", workers_freed_per_year=12, yuan_per_worker_freed=5), activity)[0] == 5


# -- travel


def minutes_opened(one, months, funded=FUNDED):
    """Return the minutes opened month by month and the yuan booked, by county."""
    accrued, opened, yuan = np.zeros(2), [], []
    for month in range(months):
        coverage = one.coverage(JANUARY + month, CODES, np.asarray(funded, dtype=float), accrued)
        accrued = coverage.accrued
        e = applied()
        if coverage.strength.any():
            one.apply(e, coverage)
        quantity = e.quantities[one.quantities[0]].values
        opened.append(quantity[:, VILLAGE] / 12 if quantity.ndim > 1 else quantity / 12)
        yuan.append(one.spending(e, Activity(2), coverage))
    return np.array(opened), np.array(yuan)


@pytest.mark.parametrize("lever", ["local_transport", "metro_integration"])
def test_a_road_opens_evenly_costs_its_total_and_then_its_upkeep(lever):
    one = policy(lever, minutes_saved=12, build_months=24, yuan_total=2400.0, upkeep_yuan_per_year=1200.0)
    opened, yuan = minutes_opened(one, 40)
    assert opened[:24] == pytest.approx(np.full((24, 2), 0.5))
    assert not opened[24:].any()
    upkeep = np.minimum(np.arange(1, 41) / 24, 1.0) * 100
    assert yuan[:, 0] == pytest.approx(np.where(np.arange(40) < 24, 100.0, 0.0) + upkeep)


def test_a_road_short_of_money_takes_longer_but_saves_no_less_and_costs_no_more():
    one = policy("local_transport", minutes_saved=12, build_months=10, yuan_total=1000.0)
    opened, yuan = minutes_opened(one, 40, [0.4, 0.0])
    assert opened.sum(axis=0) == pytest.approx([12, 0])
    assert yuan.sum(axis=0) == pytest.approx([1000, 0])
    assert np.count_nonzero(opened[:, 0] > 1e-12) == 25


def test_half_a_road_saves_half_the_minutes():
    one = policy("local_transport", minutes_saved=12, build_months=24, yuan_total=10.0, end="2023-12")
    opened, yuan = minutes_opened(one, 40)
    assert opened.sum(axis=0) == pytest.approx([6, 6])
    assert yuan.sum(axis=0) == pytest.approx([5, 5])


def test_local_roads_lead_to_the_seat_and_not_from_it():
    with pytest.raises(ValidationError, match="minutes are saved on trips to the seat"):
        policy("local_transport", zones=["seat"], minutes_saved=5, yuan_total=1)


# -- networks, renewal


@pytest.mark.parametrize(
    ("lever", "network"),
    [
        ("utilities_resilience", Network.UTILITIES),
        ("rural_habitat", Network.HABITAT),
        ("green_environment", Network.GREEN),
        ("digital_services", Network.DIGITAL),
    ],
)
def test_networks_cover_a_share_and_pay_for_those_newly_covered_and_for_upkeep(lever, network):
    costs = {"yuan_per_resident": 3000, "upkeep_yuan_per_resident_year": 120}
    one = policy(lever, zones=["town"], share_per_year=0.3, **costs)
    other = policy(lever, zones=["town"], share_per_year=0.1)
    assert changed(applied(one)) == {"network_coverage": [(0, TOWN, network), (1, TOWN, network)]}
    activity = Activity(2)
    activity.newly_covered[0, TOWN, network] = 80
    activity.newly_covered[0, SEAT] = 10_000
    activity.residents[0, :, 1] = [50_000, 4000, 9000]
    upkeep = 4000 * 0.3 / 12 * 10  # a twelfth of 0.3 of the residents, a twelfth of 120 yuan each
    assert booked(one, activity).tolist() == pytest.approx([80 * 3000 + upkeep, 0])
    assert booked(one, activity, other).tolist() == pytest.approx([60 * 3000 + upkeep, 0]), "three quarters are its own"


def test_upkeep_of_a_network_ends_at_full_coverage():
    one = policy("rural_habitat", share_per_year=1.0, upkeep_yuan_per_resident_year=12)
    activity = Activity(2)
    activity.residents[:, VILLAGE, 1] = 100
    assert booked(one, activity, month=JANUARY + 40).tolist() == [100, 100]


def test_renewal_takes_its_share_of_cheap_rentals_and_pays_for_what_was_renewed():
    one = policy("urban_renewal", share_per_year=0.2, rentals_lost_share=0.25, yuan_per_dwelling=1000)
    other = policy("urban_renewal", share_per_year=0.1, rentals_lost_share=0.0)
    e = applied(one, other)
    assert e.renewal.values[0].tolist() == pytest.approx([0, 0, 0.3])
    assert e.cheap_rentals_lost.values[0].tolist() == pytest.approx([0, 0, 0.05])
    activity = Activity(2)
    activity.dwellings_renewed[0, SEAT] = 90
    assert booked(one, activity, other).tolist() == pytest.approx([60_000, 0])


# -- land and money


def test_land_quotas_add_up_hold_in_full_whatever_the_ramp_and_cost_what_is_built_on():
    one = policy("construction_land_quota", mu_per_year=300, yuan_per_mu=1000, ramp_months=23)
    other = policy("construction_land_quota", mu_per_year=100)
    e = applied(one, other)
    assert e.land_quota.values.tolist() == [400, 400]
    assert e.land_quota.contributors.tolist() == [2, 2]
    activity = Activity(2)
    activity.land_used[0] = 20
    assert booked(one, activity, other).tolist() == [15_000, 0]


def test_development_finance_credits_lends_and_caps():
    one = policy("development_finance", yuan_per_year=1200, repaid_share=0.25, debt_cap=0.4, ramp_months=1)
    strict = policy("development_finance", debt_cap=0.3)
    e = applied(one, strict)
    assert e.finance_received.values.tolist() == [600, 600], "half strength in the first month of a ramp"
    assert e.finance_owed.values.tolist() == [150, 150]
    assert e.debt_cap.values.tolist() == pytest.approx([0.3, 0.3])
    assert booked(one, Activity(2)).tolist() == [600 * 0.75 / 12] * 2
    assert not booked(strict, Activity(2)).any()


def test_the_county_cannot_finance_itself():
    with pytest.raises(ValidationError, match="given or lent by province or centre"):
        policy("development_finance", yuan_per_year=1, payer="county")
