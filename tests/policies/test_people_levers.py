"""What the levers on people and services do to their quantities and what they book, by hand calculation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from urbsim.arrays import Floats
from urbsim.codes import Group, Sector, Zone
from urbsim.months import parse_month
from urbsim.policies.base import Policy
from urbsim.policies.registry import all_levers
from urbsim.quantities.activity import Activity
from urbsim.quantities.environment import Environment

CODES = ("341282", "140428")
JANUARY = parse_month("2023-01")
VILLAGE, TOWN, SEAT = Zone.VILLAGE, Zone.TOWN, Zone.SEAT


def policy(lever: str, **fields: Any) -> Policy:
    return all_levers()[lever](start="2023-01", **fields)


def applied(*policies: Policy, month: int = JANUARY) -> Environment:
    environment = Environment(2)
    for one in policies:
        one.apply(environment, one.coverage(month, CODES, np.ones(2)))
    return environment


def booked(one: Policy, activity: Activity, *others: Policy, month: int = JANUARY) -> Floats:
    return one.spending(applied(one, *others, month=month), activity, one.coverage(month, CODES, np.ones(2)))


# -- services by residence, services in villages


def test_services_by_residence_open_services_and_schools_to_the_groups_named():
    e = applied(policy("residence_based_services", zones=["seat"], entitlement=0.95))
    assert e.service_entitlement.values[0].tolist() == [[0, 0, 0], [0, 0, 0], [0, 0, 0.95]]
    assert e.school_admission.values[0, SEAT, :, Group.ELSEWHERE].tolist() == [0.95] * 4
    assert e.school_admission.values[0, TOWN, :, Group.ELSEWHERE].tolist() == [0.9] * 4


def test_a_small_entitlement_never_closes_schools():
    e = applied(policy("residence_based_services", entitlement=0.3))
    assert (e.school_admission.values[..., Group.ELSEWHERE] == 0.9).all()


def test_services_by_residence_pay_a_twelfth_of_the_entitled_part_per_person():
    one = policy("residence_based_services", zones=["seat"], entitlement=0.5, yuan_per_person_year=1200)
    activity = Activity(2)
    activity.residents[0, SEAT] = [900, 900, 40]
    activity.residents[0, TOWN] = 900
    assert booked(one, activity).tolist() == [40 * 0.5 * 100, 0]
    assert booked(one, activity, one).tolist() == [20 * 0.5 * 100, 0]


def test_equal_services_raise_villages_to_the_ratio_and_leave_better_zones():
    e = Environment(2)
    e.school_quality.base[:, VILLAGE], e.school_quality.base[:, TOWN] = 0.7, 0.85
    e.reset()
    one = policy("rural_service_equalisation", zones=["village", "town"], service_ratio=0.75, school_ratio=0.8)
    one.apply(e, one.coverage(JANUARY, CODES, np.ones(2)))
    assert e.service_quality.values[0].tolist() == [0.75, 0.8, 1.0]
    assert e.school_quality.values[0, :, 0].tolist() == pytest.approx([0.8, 0.85, 1.0])


def test_two_policies_for_one_school_standard_reach_it_and_do_not_exceed_it():
    e = Environment(2)
    e.school_quality.base[:, VILLAGE] = 0.6
    e.reset()
    half = np.full(2, 0.5)
    for ratio, share in ((0.8, np.ones(2)), (0.7, np.ones(2)), (0.9, half)):
        one = policy("rural_service_equalisation", service_ratio=0.75, school_ratio=ratio)
        one.apply(e, one.coverage(JANUARY, CODES, share))
    assert e.school_quality.values[0, VILLAGE, 0] == pytest.approx(0.8)  # half way to 0.9 is 0.75
    better = policy("school_capacity", zones=["village"], stage="primary", quality_gain=0.1)
    better.apply(e, better.coverage(JANUARY, CODES, np.ones(2)))
    assert e.school_quality.values[0, VILLAGE].tolist() == pytest.approx([0.8] * 4)  # 0.7 of its own is in the 0.8
    best = policy("school_capacity", zones=["village"], stage="junior", quality_gain=0.3)
    best.apply(e, best.coverage(JANUARY, CODES, np.ones(2)))
    assert e.school_quality.values[0, VILLAGE].tolist() == pytest.approx([0.8, 0.8, 0.9, 0.8])
    e.reset()
    assert e.school_quality.values[0, VILLAGE, 0] == 0.6


def test_equal_services_are_paid_per_resident_of_the_villages():
    one = policy("rural_service_equalisation", service_ratio=0.8, yuan_per_resident_year=120)
    activity = Activity(2)
    activity.residents[1, VILLAGE] = [10, 200, 5]
    activity.residents[1, SEAT] = 1000
    assert booked(one, activity).tolist() == [0, 215 * 10]


# -- childcare, elder care, health


def test_childcare_is_a_number_per_thousand_and_never_fewer_than_ordinary():
    assert applied(policy("childcare_supply", zones=["seat"], places_per_thousand=10)).childcare_places.values[
        0
    ].tolist() == [1.8, 1.8, 10.0]
    assert (applied(policy("childcare_supply", places_per_thousand=1)).childcare_places.values == 1.8).all()


def test_childcare_books_equipping_once_and_running_while_in_force():
    one = policy(
        "childcare_supply",
        zones=["seat"],
        places_per_thousand=10,
        yuan_per_place=1000,
        running_yuan_per_place_year=120,
        end="2023-12",
    )
    activity = Activity(2)
    activity.childcare_equipped[0] = [99, 99, 30]
    activity.childcare_places[0] = [99, 99, 400]
    assert booked(one, activity).tolist() == [30 * 1000 + 400 * 10, 0]
    assert booked(one, activity, one).tolist() == [(30 * 1000 + 400 * 10) / 2, 0]
    assert booked(one, activity, month=JANUARY + 12).tolist() == [0, 0]


def test_elder_care_books_building_and_the_running_of_all_beds_so_far():
    one = policy(
        "eldercare_supply",
        zones=["seat"],
        beds_per_year=120,
        m2_per_hundred_households=20,
        yuan_per_bed=1000,
        running_yuan_per_bed_year=120,
        yuan_per_m2=3,
    )
    activity = Activity(2)
    activity.eldercare_space_built[0] = [500, 500, 70]
    e = applied(one)
    assert e.eldercare_places.values[0].tolist() == [0, 0, 120]
    assert e.eldercare_space.values[0].tolist() == [5, 5, 20]
    assert booked(one, activity, month=JANUARY + 2).tolist() == [10 * 1000 + 30 * 10 + 70 * 3, 10 * 1000 + 30 * 10]


def test_health_capacity_pays_beds_once_and_staff_by_the_month():
    one = policy(
        "health_capacity",
        beds_per_thousand=7.5,
        doctors_per_thousand=3.2,
        yuan_per_bed=1000,
        yuan_per_doctor_year=1200,
        yuan_per_nurse_year=12_000,
    )
    activity = Activity(2)
    activity.beds_built[:], activity.doctors_added[:], activity.nurses_added[:] = 7, 30, 500
    e = applied(one)
    asked = (e.beds_per_thousand, e.doctors_per_thousand, e.nurses_per_thousand)
    assert [quantity.values[0] for quantity in asked] == [7.5, 3.2, 3.34]
    assert booked(one, activity).tolist() == [7 * 1000 + 30 * 100] * 2, "nurses are another policy's"
    nurses = policy("health_capacity", nurses_per_thousand=3.8, yuan_per_nurse_year=12_000)
    assert booked(nurses, activity, one).tolist() == [500 * 1000] * 2


# -- insurance, work


def test_social_insurance_books_premiums_pensions_and_portability():
    one = policy(
        "social_insurance",
        zones=["village"],
        insured_share=0.5,
        portability=0.4,
        pension_yuan_per_person_month=100,
        premium_yuan_per_person_year=600,
        portability_yuan_per_absent_year=120,
    )
    activity = Activity(2)
    activity.insured_by_policy[:], activity.absent[:] = [20, 0], [0, 300]
    activity.pensioners[0] = [50, 1000, 1000]
    e = applied(one)
    assert e.pension.values[0].tolist() == [100, 0, 0]
    assert (e.insured_share.values[0], e.insurance_portability.values[0]) == (0.5, 0.4)
    assert booked(one, activity).tolist() == pytest.approx([20 * 50 + 50 * 100, 300 * 0.4 * 10])


def test_pensions_of_two_policies_add_up_and_each_pays_its_own():
    one, other = (policy("social_insurance", pension_yuan_per_person_month=yuan) for yuan in (100, 30))
    assert applied(one, other).pension.values[0].tolist() == [130, 130, 130]
    activity = Activity(2)
    activity.pensioners[0, TOWN] = 10
    assert [booked(a, activity, b)[0] for a, b in ((one, other), (other, one))] == [1000, 300]


def test_job_matching_multiplies_the_chance_and_pays_per_seeker():
    one = policy("job_matching", zones=["town"], rate_factor=1.2, yuan_per_seeker_year=120)
    assert applied(one).finding_rate.values[0].tolist() == pytest.approx([1, 1.2, 1])
    activity = Activity(2)
    activity.job_seekers[0] = [500, 30, 500]
    assert booked(one, activity).tolist() == [300, 0]


def test_labour_protection_lowers_arrears_and_pays_per_worker():
    one = policy("labour_protection", zones=["seat"], arrears_probability=0.002, yuan_per_worker_year=12)
    assert applied(one).wage_arrears.values[0].tolist() == [0.0084, 0.0084, 0.002]
    activity = Activity(2)
    activity.workers[1, :, Sector.INDUSTRY] = [300, 300, 25]
    activity.workers[1, :, Sector.SERVICES] = [200, 200, 15]
    activity.workers[1, :, Sector.FARM] = 900  # are not employed by anybody
    assert booked(one, activity).tolist() == [0, 40]
    assert booked(one, activity, one).tolist() == [0, 20]


# -- land, return, resettlement


def test_land_exit_pays_each_household_and_makes_fewer_offers_at_half_strength():
    one = policy(
        "land_exit_compensation", yuan_per_household=50_000, administration_yuan_per_household=100, ramp_months=1
    )
    e = applied(one)
    assert (e.land_exit_payment.values[0], e.land_exit_access.values[0]) == (50_000, 0.5)
    activity = Activity(2)
    activity.land_exits[:] = [4, 0]
    assert booked(one, activity).tolist() == [4 * 50_100, 0]
    assert booked(one, activity, one).tolist() == [2 * 50_100, 0]


def test_return_grants_pay_returnees_and_the_firms_they_found():
    one = policy(
        "return_talent",
        zones=["seat"],
        yuan_per_returnee=10_000,
        firms_per_thousand=20,
        posts_per_firm=5,
        yuan_per_firm=1000,
    )
    e = applied(one)
    assert e.return_grant.values[0].tolist() == [0, 0, 10_000]
    assert e.returnee_posts.values[0].tolist() == [0, 0, 100]
    activity = Activity(2)
    activity.returnees[0] = [800, 800, 50]
    assert booked(one, activity).tolist() == [50 * 10_000 + 1 * 1000, 0]


def test_a_smaller_grant_during_a_ramp_is_paid_as_offered():
    one = policy("return_talent", zones=["seat"], yuan_per_returnee=10_000, firms_per_thousand=0, ramp_months=3)
    activity = Activity(2)
    activity.returnees[0, SEAT] = 50
    assert booked(one, activity).tolist() == [50 * 2_500, 0]


def test_resettlement_policies_pay_for_their_part_of_the_moves():
    costs = {"zones": ["town"], "yuan_per_household": 1000, "yuan_per_worker": 10}
    one = policy("resettlement", households_per_year=300, **costs)
    other = policy("resettlement", households_per_year=100, **costs)
    activity = Activity(2)
    activity.resettled[0] = [0, 40, 99]
    activity.resettled_workers[0] = [0, 80, 99]
    assert applied(one, other).resettled_households.values[0].tolist() == [0, 400, 0]
    assert booked(one, activity, other).tolist() == [30 * 1000 + 60 * 10, 0]
    assert booked(other, activity, one).tolist() == [10 * 1000 + 20 * 10, 0]


def test_nobody_is_resettled_to_a_village():
    with pytest.raises(ValidationError, match="resettled from villages to town or seat"):
        policy("resettlement", zones=["village"], households_per_year=1)
