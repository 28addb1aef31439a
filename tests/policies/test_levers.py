"""What each lever does to its quantities and what it books, by hand calculation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from urbsim.arrays import Floats
from urbsim.codes import Dwelling, Group, Origin, Sector, Zone
from urbsim.months import parse_month
from urbsim.policies.base import Policy
from urbsim.policies.registry import all_levers
from urbsim.quantities.activity import Activity
from urbsim.quantities.environment import Environment

CODES = ("341282", "140428")
FUNDED = np.ones(2)
JANUARY = parse_month("2023-01")
VILLAGE, TOWN, SEAT = Zone.VILLAGE, Zone.TOWN, Zone.SEAT
RURAL, ELSEWHERE = Group.LOCAL_RURAL, Group.ELSEWHERE
LEVERS = list(all_levers().values())
#: Levers whose works go on costing upkeep.
RUNNING_ON = {
    "eldercare_supply",
    "school_capacity",
    "affordable_housing",
    "local_transport",
    "metro_integration",
    "utilities_resilience",
    "rural_habitat",
    "green_environment",
    "digital_services",
}


def policy(lever: str, **fields: Any) -> Policy:
    return all_levers()[lever](start="2023-01", **fields)


def applied(
    *policies: Policy, month: int = JANUARY, funded: Floats = FUNDED, village_schools: float = 1.0
) -> Environment:
    environment = Environment(2)
    environment.school_quality.base[:, VILLAGE] = village_schools
    environment.reset()
    for one in policies:
        one.apply(environment, one.coverage(month, CODES, funded))
    return environment


def booked(one: Policy, activity: Activity, *others: Policy, month: int = JANUARY, funded: Floats = FUNDED) -> Floats:
    environment = applied(one, *others, month=month, funded=funded)
    return one.spending(environment, activity, one.coverage(month, CODES, funded))


def busy() -> Activity:
    """Return a month in which something of everything happened."""
    activity = Activity(2)
    for counts in vars(activity).values():
        counts[...] = 120.0
    return activity


def changed(environment: Environment) -> dict[str, list[tuple[int, ...]]]:
    """Return the cells that differ from the base, by quantity."""
    found = {name: np.argwhere(q.values != q.base) for name, q in environment.quantities.items()}
    return {name: [tuple(cell) for cell in cells] for name, cells in found.items() if len(cells)}


# -- hukou_relaxation


def test_hukou_relaxation_opens_registration_to_the_eligible_in_its_zones():
    e = applied(
        policy("hukou_relaxation", zones=["seat"], years_required=0.5, home_required=False, tenants_eligible=True)
    )
    assert e.registration_years.values[0, SEAT].tolist() == [3.0, 0.5, 0.5]
    assert e.registration_needs_home.values[0, SEAT].tolist() == [1.0, 0.0, 0.0]
    assert e.registration_tenants.values[0, SEAT].tolist() == [0.0, 1.0, 1.0]
    assert {cell[1] for cells in changed(e).values() for cell in cells} == {SEAT}


def test_hukou_relaxation_leaves_alone_what_it_does_not_name():
    e = applied(policy("hukou_relaxation", tenants_eligible=True))
    assert list(changed(e)) == ["registration_tenants"]


def test_hukou_relaxation_pays_once_per_newly_registered_person_of_an_eligible_group():
    activity = Activity(2)
    activity.newly_registered[0, SEAT] = [30.0, 5.0, 2.0]
    activity.newly_registered[0, VILLAGE] = 1000.0
    costs = {"administration_yuan_per_person": 100, "service_yuan_per_person": 900}
    everyone = policy("hukou_relaxation", years_required=0, **costs)
    outsiders = policy("hukou_relaxation", years_required=0, eligible=["elsewhere"], **costs)
    assert booked(everyone, activity).tolist() == [37 * 1000, 0]
    assert booked(outsiders, activity).tolist() == [7 * 1000, 0]


def test_two_hukou_policies_share_the_cost_of_a_person_and_pay_alone_elsewhere():
    activity = Activity(2)
    activity.newly_registered[0, SEAT, Origin.SAME_COUNTY] = 10
    activity.newly_registered[0, TOWN, Origin.SAME_COUNTY] = 4
    costs = {"administration_yuan_per_person": 0, "service_yuan_per_person": 1}
    both = policy("hukou_relaxation", zones=["town", "seat"], years_required=1, **costs)
    seat = policy("hukou_relaxation", zones=["seat"], tenants_eligible=True, **costs)
    assert booked(both, activity, seat)[0] == 4 + 5
    assert booked(seat, activity, both)[0] == 5


# -- housing_subsidy


def test_housing_subsidy_pays_rent_and_purchases_of_eligible_households():
    one = policy(
        "housing_subsidy",
        zones=["seat"],
        rent_yuan_per_household_year=2400,
        yuan_per_purchase=20000,
        eligible=["elsewhere"],
    )
    e = applied(one)
    assert e.rent_subsidy.values[0].tolist() == [[0, 0, 0], [0, 0, 0], [0, 0, 2400]]
    assert e.purchase_subsidy.values[0, SEAT].tolist() == [0, 0, 20000]
    activity = Activity(2)
    activity.renting_households[0, SEAT] = [7, 8, 60]
    activity.purchases[0, SEAT] = [7, 8, 3]
    activity.purchases[0, TOWN] = 50
    assert booked(one, activity).tolist() == [60 * 200 + 3 * 20000, 0]


def test_housing_subsidies_add_up_and_each_books_its_own():
    one = policy("housing_subsidy", rent_yuan_per_household_year=1200)
    other = policy("housing_subsidy", rent_yuan_per_household_year=600)
    assert applied(one, other).rent_subsidy.values[0, SEAT].tolist() == [0, 1800, 1800]
    activity = Activity(2)
    activity.renting_households[1, TOWN, RURAL] = 10
    assert booked(one, activity, other).tolist() == [0, 1000]
    assert booked(other, activity, one).tolist() == [0, 500]


def test_a_smaller_down_payment_costs_the_budget_nothing():
    one = policy("housing_subsidy", zones=["seat"], down_payment_share=0.2)
    assert applied(one).down_payment.values[0].tolist() == [0.3, 0.3, 0.2]
    assert booked(one, busy()).tolist() == [0, 0]


def test_a_down_payment_above_the_present_one_changes_nothing():
    assert not changed(applied(policy("housing_subsidy", down_payment_share=0.5)))


# -- migrant_child_schooling


def test_migrant_child_schooling_opens_places_and_the_exam_to_outsiders_only():
    e = applied(policy("migrant_child_schooling", zones=["seat"], stages=["junior"], exam_years=1))
    junior = 2
    assert changed(e)["school_admission"] == [(c, SEAT, junior, ELSEWHERE) for c in (0, 1)]
    assert e.school_admission.values[0, SEAT, junior, ELSEWHERE] == 1.0
    assert e.exam_years.values[0].tolist() == [0, 0, 1]


def test_migrant_child_schooling_pays_a_twelfth_per_pupil_registered_elsewhere():
    one = policy("migrant_child_schooling", zones=["seat"], stages=["primary", "junior"], yuan_per_pupil_year=1200)
    activity = Activity(2)
    activity.pupils_from_elsewhere[0, SEAT] = [1000, 30, 10, 1000]
    activity.pupils_from_elsewhere[0, TOWN] = 1000
    assert booked(one, activity).tolist() == [40 * 100, 0]
    assert booked(one, activity, one).tolist() == [20 * 100, 0]


# -- school_capacity


def test_school_capacity_adds_places_of_its_stage():
    e = applied(policy("school_capacity", stage="primary", places_per_year=600))
    assert changed(e) == {"school_places": [(0, SEAT, 1), (1, SEAT, 1)]}
    assert e.school_places.values[0, SEAT, 1] == 600


def test_school_capacity_books_building_now_and_running_for_all_built_so_far():
    one = policy(
        "school_capacity", stage="primary", places_per_year=600, yuan_per_place=1000, running_yuan_per_place_year=120
    )
    # 50 places a month; in the third month 150 have been built and cost 10 yuan each a month.
    assert booked(one, Activity(2), month=JANUARY + 2).tolist() == [50 * 1000 + 150 * 10] * 2


def test_school_quality_is_paid_per_pupil_and_raises_the_index():
    one = policy(
        "school_capacity", stage="junior", zones=["village"], quality_gain=0.1, quality_yuan_per_pupil_year=600
    )
    assert applied(one).school_quality.values[0, VILLAGE].tolist() == pytest.approx([1, 1, 1.1, 1])
    activity = Activity(2)
    activity.pupils[0, VILLAGE] = [900, 900, 40, 900]
    assert booked(one, activity).tolist() == [40 * 50, 0]


def test_places_go_into_each_zone_reached_and_are_paid_in_each():
    one = policy("school_capacity", stage="senior", zones=["town", "seat"], places_per_year=120, yuan_per_place=5)
    assert applied(one).school_places.values[0].sum() == 240
    assert booked(one.model_copy(update={"running_yuan_per_place_year": 0.0}), Activity(2))[0] == 2 * 10 * 5


# -- affordable_housing


def test_public_rental_adds_dwellings_and_opens_the_queue():
    e = applied(policy("affordable_housing", kind="public_rental", dwellings_per_year=240, eligible=["local_rural"]))
    assert e.dwellings.values[0, SEAT, Dwelling.PUBLIC_RENTAL] == 240
    assert e.public_rental_access.values[0, SEAT].tolist() == [0, 1, 0]


def test_other_kinds_of_dwelling_have_no_queue():
    e = applied(policy("affordable_housing", kind="for_sale", dwellings_per_year=240))
    assert changed(e) == {"dwellings": [(0, SEAT, Dwelling.FOR_SALE), (1, SEAT, Dwelling.FOR_SALE)]}
    with pytest.raises(ValidationError, match="eligible applies to kind public_rental only"):
        policy("affordable_housing", kind="for_sale", dwellings_per_year=240, eligible=["elsewhere"])


def test_affordable_housing_books_building_and_upkeep_but_no_upkeep_for_sale():
    costs = {"dwellings_per_year": 240, "yuan_per_dwelling": 1000, "upkeep_yuan_per_dwelling_year": 120}
    rental = policy("affordable_housing", kind="public_rental", **costs)
    sale = policy("affordable_housing", kind="for_sale", **costs)
    assert booked(rental, Activity(2), month=JANUARY + 1).tolist() == [20 * 1000 + 40 * 10] * 2
    assert booked(sale, Activity(2), month=JANUARY + 1).tolist() == [20 * 1000] * 2


def test_the_queue_is_open_in_full_from_the_first_month_of_a_ramp():
    one = policy("affordable_housing", kind="public_rental", dwellings_per_year=240, ramp_months=11)
    e = applied(one)
    assert e.dwellings.values[0, SEAT, Dwelling.PUBLIC_RENTAL] == pytest.approx(20)
    assert (e.public_rental_access.values[0, SEAT] == 1).all()


# -- industrial_parks, skills_training


def test_industrial_parks_add_posts_and_book_their_cost():
    one = policy("industrial_parks", sector="services", posts_per_year=1200, yuan_per_post=50000)
    e = applied(one)
    assert changed(e) == {"posts": [(0, SEAT, Sector.SERVICES), (1, SEAT, Sector.SERVICES)]}
    assert e.posts.values[0, SEAT, Sector.SERVICES] == 1200
    assert booked(one, Activity(2)).tolist() == [100 * 50000] * 2


def test_skills_training_offers_places_and_what_they_are_worth():
    one = policy("skills_training", trainees_per_year=1000, earnings_uplift=0.05, ramp_months=1)
    e = applied(one)
    assert e.training_places.values.tolist() == [500, 500]
    assert e.training_uplift.values.tolist() == [0.05, 0.05], "half the trainees learn as much each"


def test_training_policies_pay_for_their_part_of_the_trainees():
    one = policy("skills_training", trainees_per_year=3000, yuan_per_trainee=1000)
    other = policy("skills_training", trainees_per_year=1000, yuan_per_trainee=1000)
    activity = Activity(2)
    activity.trainees[:] = [80, 0]
    assert booked(one, activity).tolist() == [80_000, 0]
    assert booked(one, activity, other).tolist() == [60_000, 0]
    assert booked(other, activity, one).tolist() == [20_000, 0]


# -- land_rights_security, citizenisation_transfer


def test_land_rights_security_raises_the_certified_share_and_pays_per_certificate():
    one = policy("land_rights_security", certified_share=0.9, yuan_per_household=200, ramp_months=1)
    assert applied(one).land_certified.values.tolist() == [0.45, 0.45]
    activity = Activity(2)
    activity.newly_certified[:] = [10, 0]
    assert booked(one, activity).tolist() == [2000, 0]
    assert booked(one, activity, one).tolist() == [1000, 0]


def test_citizenisation_transfer_is_paid_by_origin_from_above():
    one = policy("citizenisation_transfer", same_county_yuan=1000, other_province_yuan=5000)
    assert one.payer == "centre"
    assert applied(one).registration_reward.values[0].tolist() == [1000, 0, 5000]
    activity = Activity(2)
    activity.newly_registered[0, TOWN] = [3, 7, 1]
    activity.newly_registered[0, SEAT] = [1, 0, 1]
    assert booked(one, activity).tolist() == [4 * 1000 + 2 * 5000, 0]


def test_what_is_paid_from_above_is_what_the_county_is_credited():
    transfers = [policy("citizenisation_transfer", same_county_yuan=y, ramp_months=3) for y in (700, 50)]
    activity = busy()
    e = applied(*transfers)
    credited = (e.registration_reward.values * activity.newly_registered.sum(axis=1)).sum(axis=1)
    paid = sum(booked(one, activity) for one in transfers)
    assert credited == pytest.approx(paid)


def test_the_county_cannot_pay_itself_a_transfer():
    with pytest.raises(ValidationError, match="paid by province or centre"):
        policy("citizenisation_transfer", same_county_yuan=1, payer="county")


# -- properties of every lever


@pytest.fixture(params=LEVERS, ids=lambda cls: cls.lever)
def example(request: pytest.FixtureRequest) -> Policy:
    return policy(request.param.lever, **{**request.param.example, "end": "2024-12"})


def test_every_lever_changes_exactly_the_quantities_it_names(example):
    assert set(changed(applied(example))) <= set(example.quantities)
    assert changed(applied(example))


def test_the_examples_together_reach_every_quantity_a_lever_names():
    for cls in LEVERS:
        variants = [cls.example]
        if cls.lever == "hukou_relaxation":
            variants.append({"tenants_eligible": True})
        if cls.lever == "housing_subsidy":
            variants.append({"down_payment_share": 0.1})
        if cls.lever == "school_capacity":
            variants.append({"stage": "primary", "quality_gain": 0.1})
        if cls.lever == "residence_based_services":
            variants.append({"entitlement": 1.0})
        if cls.lever == "health_capacity":
            variants.append({"beds_per_year": 100})
        found = [changed(applied(policy(cls.lever, **fields), village_schools=0.7)) for fields in variants]
        reached = {name for each in found for name in each}
        assert reached == set(cls.quantities), cls.lever


def test_every_lever_books_a_cost_in_a_busy_month(example):
    assert (booked(example, busy()) > 0).all()


def test_no_lever_acts_or_pays_before_its_start(example):
    assert not changed(applied(example, month=JANUARY - 1))
    assert not booked(example, busy(), month=JANUARY - 1).any()


def test_no_lever_acts_after_its_end_and_only_what_was_built_costs(example):
    after = parse_month("2025-01")
    assert not changed(applied(example, month=after))
    cost = booked(example, busy(), month=after)
    assert cost.any() == (example.lever in RUNNING_ON)
    assert (cost < booked(example, busy(), month=after - 1)).all()


def test_a_policy_without_funds_neither_acts_nor_pays(example):
    without = np.zeros(2)
    assert not changed(applied(example, funded=without))
    assert not booked(example, busy(), funded=without).any()


def test_a_county_outside_the_target_is_untouched_and_books_nothing(example):
    only = type(example).model_validate({**example.model_dump(exclude_unset=True), "counties": [341282]})
    cells = [cell for found in changed(applied(only)).values() for cell in found]
    assert cells
    assert all(cell[0] == 0 for cell in cells)
    cost = booked(only, busy())
    assert cost[0] > 0
    assert cost[1] == 0


def test_every_lever_has_texts_and_units_in_both_languages():
    for cls in LEVERS:
        for label in (cls.title, cls.explanation):
            assert label.en.strip()
            assert any("\u4e00" <= character <= "\u9fff" for character in label.zh)
        assert "assumption" in cls.evidence_in("en").lower()
        for name, info in cls.model_fields.items():
            extra = info.json_schema_extra
            assert info.description, (cls.lever, name)
            assert isinstance(extra, dict)
            assert extra["description_zh"], (cls.lever, name)
            if "yuan" in name or "_per_" in name:
                assert extra["unit"], (cls.lever, name)
                assert extra["unit_zh"], (cls.lever, name)


@pytest.mark.parametrize("lever", [cls.lever for cls in LEVERS])
def test_no_lever_accepts_text_or_infinity_as_an_amount(lever):
    cls = all_levers()[lever]
    amounts = [name for name, info in cls.model_fields.items() if "float" in str(info.annotation)]
    assert amounts
    for name in amounts:
        for wrong in ("12", True, float("inf"), float("nan"), -1):
            with pytest.raises(ValidationError):
                policy(lever, **{**cls.example, name: wrong})


@pytest.mark.parametrize(
    ("lever", "fields"),
    [
        ("hukou_relaxation", {}),
        ("housing_subsidy", {}),
        ("school_capacity", {"stage": "primary"}),
        ("citizenisation_transfer", {}),
        ("eldercare_supply", {}),
        ("health_capacity", {}),
        ("social_insurance", {}),
        ("agri_upgrading", {}),
        ("development_finance", {}),
    ],
)
def test_a_policy_that_would_change_nothing_is_refused(lever, fields):
    with pytest.raises(ValidationError, match="changes nothing; set at least one of"):
        policy(lever, **fields)


def test_levers_on_whole_counties_refuse_zones():
    for cls in LEVERS:
        if not cls.zonal():
            with pytest.raises(ValidationError, match="acts on whole counties; leave out 'zones'"):
                policy(cls.lever, **cls.example, zones=["seat"])
    assert {cls.lever for cls in LEVERS if not cls.zonal()} == {
        "skills_training",
        "land_rights_security",
        "citizenisation_transfer",
        "health_capacity",
        "land_exit_compensation",
        "metro_integration",
        "construction_land_quota",
        "development_finance",
    }


# -- dates, ramp, coverage


@given(st.integers(0, 60), st.integers(0, 120), st.integers(-5, 130))
def test_a_ramp_rises_evenly_to_one_and_accrues_its_own_sum(ramp_months, length, offset):
    end = f"{2023 + length // 12}-{length % 12 + 1:02d}"
    one = policy("industrial_parks", posts_per_year=1, ramp_months=ramp_months, end=end)
    month = JANUARY + offset
    assert one.accrued_ramp(month) == pytest.approx(sum(one.ramp(m) for m in range(JANUARY, month + 1)))
    in_force = 0 <= offset <= length
    assert (one.ramp(month) > 0) == in_force
    if in_force and offset:
        assert one.ramp(month - 1) <= one.ramp(month) <= 1
    if in_force and offset >= ramp_months:
        assert one.ramp(month) == 1


def test_what_was_built_under_cuts_is_carried_from_month_to_month():
    one = policy("industrial_parks", posts_per_year=12)
    accrued = np.zeros(2)
    for month, funded in enumerate(([1, 0], [0.5, 0], [0, 1])):
        coverage = one.coverage(JANUARY + month, CODES, np.array(funded, dtype=float), accrued)
        accrued = coverage.accrued
    assert accrued.tolist() == [1.5, 1.0]


def test_zones_and_groups_are_sets_in_a_fixed_order():
    one = policy("hukou_relaxation", years_required=1, zones=["seat", "town", "seat"], eligible=["elsewhere"] * 2)
    assert one.zones == ("town", "seat")
    assert one.eligible == ("elsewhere",)
    assert policy("hukou_relaxation", years_required=1, zones=["town", "seat"], eligible=["elsewhere"]) == one


def test_a_policy_reads_back_what_it_describes(example):
    written = example.describe()
    assert written.pop("lever") == example.lever
    assert type(example).model_validate(written) == example
