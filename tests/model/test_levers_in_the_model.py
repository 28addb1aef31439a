"""Every lever moves its quantity in a whole run, in the documented direction, and books what it cost.

Runs with and without a policy share their random numbers, so that a difference is the policy's. Costs are counted by
hand from the columns of people and households before and after each month, not from what the model says happened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import pytest

from urbsim.codes import Sector, Tenure, Zone
from urbsim.model import UrbanizationModel
from urbsim.observation.indicators import INDICATORS
from urbsim.policies.base import Payer, Policy
from urbsim.policies.levers.employment import IndustrialParks, SkillsTraining
from urbsim.policies.levers.finance import CitizenisationTransfer
from urbsim.policies.levers.housing import AffordableHousing, HousingSubsidy
from urbsim.policies.levers.land import LandRightsSecurity
from urbsim.policies.levers.registration import HukouRelaxation
from urbsim.policies.levers.schooling import MigrantChildSchooling, SchoolCapacity
from worlds import base_of, small_model, small_scenario, stepped

SCALE, REPLICATES = 0.05, 2
MONTHS = 33  # to September 2022, when school places have just been filled
START = {"start": "2021-02"}
FREE = {**START, "payer": Payer.PROVINCE}  # paid from above: no budget limits it
FROM_PROVINCE = {"start": "2020-11", "payer": Payer.PROVINCE}


@dataclass(frozen=True)
class Effect:
    """What a policy should do to an observation at the end of the run: raise it (+1) or lower it (-1)."""

    policy: Policy
    observe: Callable[[UrbanizationModel], float]
    sign: int
    parameters: dict[str, float] = field(default_factory=dict)


def indicator(name: str) -> Callable[[UrbanizationModel], float]:
    return lambda model: float(INDICATORS[name].by_county(model.world)[0])


def trainee_earnings(model: UrbanizationModel) -> float:
    """Return the mean earnings of the people a training policy of this start would train or has trained."""
    people = model.world.population.people
    age = (model.month - people.birth) // 12
    paid = (people.alive == 1) & (people.zone < 3) & (people.earnings > 0) & (people.schooling < 4)
    return float(people.earnings[paid & (age >= 20) & (age < 45)].mean())


def strangers_with_place(model: UrbanizationModel) -> float:
    """Return the share of pupils registered elsewhere in the seat's primary and junior schools who have a place."""
    tally = model.world.tally
    people = model.world.population.people
    pupils = (
        (people.alive == 1) & (people.zone == Zone.SEAT) & np.isin(people.stage, (2, 3)) & (people.registration != 0)
    )
    return float(tally.placed_strangers[0, Zone.SEAT, 1:3].sum() / pupils.sum())


def owners(model: UrbanizationModel) -> float:
    """Count owners, not their share: easier purchases also bring villagers, who rent at first."""
    return float(model.world.tally.households[0, 1:, Tenure.OWNS].sum())


def public_renters(model: UrbanizationModel) -> float:
    return float(model.world.tally.households[0, Zone.SEAT, Tenure.PUBLIC_RENTAL])


def certified_land(model: UrbanizationModel) -> float:
    households = model.world.population.households
    return float(households.land[households.certified == 1].sum())


def seat_posts(model: UrbanizationModel) -> float:
    return float(model.world.places.employers.posts[0, Zone.SEAT].sum())


def junior_pupils_without_place(model: UrbanizationModel) -> float:
    tally = model.world.tally
    return float((tally.pupils - tally.placed)[0, Zone.SEAT, 2])


SCARCE = {
    "schooling.reserve_urban": 0.0,
    "schooling.expansion": 0.0,
    "schooling.crowding": 0.0,
}  # nobody else builds school places
PARK = IndustrialParks(posts_per_year=10_000, **FREE)
HUKOU = HukouRelaxation(years_required=0, home_required=False, **FREE)
EFFECTS: dict[str, Effect] = {
    "open registration raises the registered urban share": Effect(HUKOU, indicator("registered_urbanization_rate"), +1),
    "rent subsidies bring people to the seat": Effect(
        HousingSubsidy(zones=("seat",), rent_yuan_per_household_year=6000, **FREE), indicator("seat_residents"), +1
    ),
    "purchase subsidies and small down-payments raise ownership": Effect(
        HousingSubsidy(yuan_per_purchase=60_000, down_payment_share=0.1, **FREE),
        owners,
        +1,
        {"housing.family_help": 0.3},  # with much of it nobody waits for savings
    ),
    "school places leave fewer pupils without one": Effect(
        SchoolCapacity(stage="junior", places_per_year=4000, **FREE), junior_pupils_without_place, -1, SCARCE
    ),
    "better schools bring people to the seat": Effect(
        SchoolCapacity(stage="primary", quality_gain=1.0, **FREE), indicator("seat_residents"), +1
    ),
    "parks add posts": Effect(PARK, seat_posts, +1),
    "parks raise employment": Effect(PARK, indicator("employment_rate"), +1),
    "training raises earnings": Effect(
        SkillsTraining(trainees_per_year=80_000, earnings_uplift=0.1, **FREE), trainee_earnings, +1
    ),
    "open admission places migrants' children": Effect(
        MigrantChildSchooling(zones=("seat",), admitted_share=1.0, exam_years=0, **FREE),
        strangers_with_place,
        +1,
        {"arrivals.same_province": 0.08, "schooling.reserve_urban": 0.5},  # the rule binds, not the places
    ),
    "public rental houses tenants": Effect(
        AffordableHousing(kind="public_rental", dwellings_per_year=2000, **FREE), public_renters, +1
    ),
    "affordable rentals lower rents": Effect(
        AffordableHousing(kind="affordable_rental", dwellings_per_year=3000, **FREE), indicator("seat_rent"), -1
    ),
    "dwellings for sale lower the price": Effect(
        AffordableHousing(kind="for_sale", dwellings_per_year=3000, **FREE), indicator("seat_price"), -1
    ),
    "certification certifies land": Effect(LandRightsSecurity(certified_share=1.0, **FREE), certified_land, +1),
    "rewards raise the county's revenue": Effect(
        CitizenisationTransfer(same_county_yuan=10_000, payer="centre", **START), indicator("county_revenue"), +1
    ),
}


def run_of(policies: dict[str, Policy], parameters: dict[str, float], replicate: int) -> UrbanizationModel:
    parameters = {"land.national_certified_share": 0.5, **parameters}
    scenario = small_scenario(scale=SCALE, policies=policies, parameters=parameters)
    return stepped(UrbanizationModel(scenario, 1, replicate, base=base_of(scenario, 1, replicate)), MONTHS)


@cache
def without_policies(parameters: tuple[tuple[str, float], ...], replicate: int) -> UrbanizationModel:
    """Return the run that the effects of all policies under the same parameters are measured against."""
    return run_of({}, dict(parameters), replicate)


@pytest.mark.parametrize("name", EFFECTS)
def test_in_every_replicate(name: str) -> None:
    effect = EFFECTS[name]
    for replicate in range(REPLICATES):
        without = effect.observe(without_policies(tuple(effect.parameters.items()), replicate))
        with_policy = effect.observe(run_of({"policy": effect.policy}, effect.parameters, replicate))
        assert np.sign(with_policy - without) == effect.sign, (replicate, without, with_policy)


def months_of(model: UrbanizationModel, months: int = 12) -> Iterator[dict[str, float]]:
    """Step month by month and yield the yuan booked in each, by policy."""
    for _ in range(months):
        seen = len(model.world.ledger.entries)
        model.step()
        rows = model.world.ledger.entries[seen:]
        yield {policy: yuan for _, _, _, policy, _, yuan in rows}


def model_with(policy: Policy, **settings: object) -> UrbanizationModel:
    return small_model(scale=SCALE, policies={"policy": policy}, **settings)  # type: ignore[arg-type]


def test_open_registration_costs_a_sum_for_everybody_who_newly_registers() -> None:
    policy = HukouRelaxation(years_required=0, home_required=False, zones=("seat",), **FROM_PROVINCE)
    others = ("reclassification.rate", "demography.fertility_factor", "registration.college_share")
    parameters = dict.fromkeys(others, 0.0)
    model, total = model_with(policy, parameters=parameters), 0
    before = _registrations(model)
    for booked in months_of(model):
        after = _registrations(model)
        newly = [key for key, where in after.items() if before.get(key, _ELSEWHERE) != where and where[0] == 0]
        assert {after[key] for key in newly} <= {(0, Zone.SEAT, 1), (0, Zone.TOWN, 1)}
        in_seat = sum(after[key][1] == Zone.SEAT for key in newly)
        assert booked.get("policy", 0.0) == pytest.approx(in_seat * model.world.weight * 5200.0)
        total, before = total + in_seat, after
    assert total > 50


_ELSEWHERE = (-1, 0, 0)


def _registrations(model: UrbanizationModel) -> dict[int, tuple[int, int, int]]:
    """Return everybody's county and zone of registration, and whether it is urban, by key."""
    people = model.world.population.people
    columns = (people[name].tolist() for name in ("registration", "registered_zone", "urban_registered"))
    return dict(zip(people.key.tolist(), zip(*columns, strict=True), strict=True))


def test_rent_subsidies_cost_a_twelfth_for_every_eligible_renting_household_of_the_month_before() -> None:
    policy = HousingSubsidy(
        rent_yuan_per_household_year=2400, eligible=("elsewhere",), zones=("town",), **FROM_PROVINCE
    )
    model, renting = model_with(policy), []
    tenants = _tenants_from_elsewhere(model)
    for booked in months_of(model):
        assert booked["policy"] == pytest.approx(tenants * model.world.weight * 200.0)
        tenants = _tenants_from_elsewhere(model)
        renting.append(tenants)
    assert min(renting) > 5


def _tenants_from_elsewhere(model: UrbanizationModel) -> int:
    """Count renting households of the towns whose first resident member is registered elsewhere."""
    people, households = model.world.population.people, model.world.population.households
    resident = np.flatnonzero((people.alive == 1) & (people.zone < 3))
    homes, first = np.unique(people.household[resident], return_index=True)
    stranger = people.registration[resident[first]] != people.county[resident[first]]
    renting = (households.zone[homes] == Zone.TOWN) & (households.tenure[homes] == Tenure.RENTS)
    return int((stranger & renting).sum())


def test_purchase_subsidies_cost_a_sum_for_every_dwelling_bought() -> None:
    everybody = ("local_urban", "local_rural", "elsewhere")
    policy = HousingSubsidy(yuan_per_purchase=30_000, eligible=everybody, **FROM_PROVINCE)
    model = model_with(policy, parameters={"reclassification.rate": 0.0})
    households, bought = model.world.population.households, 0
    owned = int((households.tenure == Tenure.OWNS).sum())
    for booked in months_of(model):
        now = int((households.tenure == Tenure.OWNS).sum())
        assert booked.get("policy", 0.0) == pytest.approx((now - owned) * model.world.weight * 30_000.0)
        bought, owned = bought + now - owned, now
    assert bought > 20


def test_schooling_of_migrants_children_costs_a_twelfth_for_every_placed_pupil_of_the_month_before() -> None:
    policy = MigrantChildSchooling(zones=("seat",), stages=("primary",), yuan_per_pupil_year=1200, **FROM_PROVINCE)
    model, seen = model_with(policy), 0
    pupils = _placed_strangers(model)
    for booked in months_of(model):
        assert booked.get("policy", 0.0) == pytest.approx(pupils * model.world.weight * 100.0)
        pupils = _placed_strangers(model)
        seen += pupils
    assert seen > 50


def _placed_strangers(model: UrbanizationModel) -> int:
    people = model.world.population.people
    placed = (people.alive == 1) & (people.zone == Zone.SEAT) & (people.stage == 2) & (people.has_place == 1)
    return int((placed & (people.registration != people.county)).sum())


def test_school_places_cost_their_building_once_and_their_running_for_good() -> None:
    policy = SchoolCapacity(
        stage="primary",
        places_per_year=1200,
        yuan_per_place=30_000,
        running_yuan_per_place_year=6000,
        start="2021-01",
        end="2021-04",
        payer="province",
    )
    booked = [month.get("policy", 0.0) for month in months_of(model_with(policy))]
    building, running = 100 * 30_000, 100 * 6000 / 12
    built = [0, 0, 1, 2, 3, 4, 4, 4, 4, 4, 4, 4]
    expected = [(2 <= month <= 5) * building + number * running for month, number in enumerate(built)]
    assert booked == pytest.approx(expected)


def test_school_places_of_a_policy_are_there_to_be_filled() -> None:
    policy = SchoolCapacity(stage="senior", places_per_year=1200, **FROM_PROVINCE)
    alone = {"schooling.expansion": 0.0, "reclassification.rate": 0.0}  # nobody else adds places
    both = (small_model(scale=SCALE, parameters=alone), model_with(policy, parameters=alone))
    models = [stepped(model, 8) for model in both]
    places = [model.world.places.schools.places for model in models]
    difference = places[1] - places[0]
    assert difference[0, Zone.SEAT, 3] == pytest.approx(800)
    assert difference[0].sum() == pytest.approx(800)


def test_public_rental_costs_building_and_upkeep_and_houses_no_more_than_were_built() -> None:
    policy = AffordableHousing(
        kind="public_rental",
        dwellings_per_year=2400,
        yuan_per_dwelling=100_000,
        upkeep_yuan_per_dwelling_year=1200,
        **FROM_PROVINCE,
    )
    model = model_with(policy)
    first = model.world.tally.households[0, Zone.SEAT, Tenure.PUBLIC_RENTAL]
    for month, booked in enumerate(months_of(model), start=1):
        assert booked["policy"] == pytest.approx(200 * 100_000 + 200 * month * 100)
        housed = model.world.tally.households[0, Zone.SEAT, Tenure.PUBLIC_RENTAL]
        assert (
            housed * model.world.weight
            <= model.world.places.housing.public_rental[0, Zone.SEAT] + 40 * model.world.weight
        )
    assert housed > first


def test_parks_cost_a_sum_for_every_post_added_and_the_posts_come_into_being() -> None:
    policy = IndustrialParks(posts_per_year=2400, yuan_per_post=50_000, **FROM_PROVINCE)
    parameters = {"employment.posts_adjustment": 1.0, "employment.industry_elasticity": 0.0}
    with_park = model_with(policy, parameters=parameters)
    assert [booked["policy"] for booked in months_of(with_park)] == pytest.approx([200 * 50_000.0] * 12)
    without = stepped(small_model(scale=SCALE, parameters=parameters), 12)
    added = with_park.world.places.employers.posts - without.world.places.employers.posts
    assert added[0, Zone.SEAT, Sector.INDUSTRY] == pytest.approx(2400)


def test_training_costs_a_sum_for_everybody_trained_who_then_earns_the_uplift_more() -> None:
    policy = SkillsTraining(trainees_per_year=12_000, earnings_uplift=0.1, yuan_per_trainee=1500, **FROM_PROVINCE)
    model = model_with(policy)
    people, trained = model.world.population.people, 0
    for booked in months_of(model):
        now = int((people.trained > 0).sum())
        assert booked["policy"] == pytest.approx((now - trained) * model.world.weight * 1500.0)
        trained = now
    assert trained * model.world.weight == pytest.approx(12_000, abs=4 * np.sqrt(12_000 * model.world.weight))
    np.testing.assert_allclose(people.trained[people.trained > 0], 0.1, rtol=1e-6)


def test_a_trainee_who_keeps_the_post_earns_exactly_the_uplift_more_than_untrained() -> None:
    policy = SkillsTraining(trainees_per_year=100_000, earnings_uplift=0.2, start="2021-02", payer="province")
    models = [stepped(model, 4) for model in (small_model(scale=SCALE), model_with(policy))]
    plain, with_training = (model.world.population.people for model in models)
    same = (with_training.trained[: plain.size] > 0) & (plain.earnings > 0)
    same &= (with_training.work[: plain.size] == plain.work) & (with_training.zone[: plain.size] == plain.zone)
    ratio = with_training.earnings[: plain.size][same] / plain.earnings[same]
    assert same.sum() > 100
    assert np.median(ratio) == pytest.approx(np.exp(0.2), rel=1e-5)


def test_certification_costs_a_sum_for_every_household_newly_certified() -> None:
    policy = LandRightsSecurity(certified_share=1.0, ramp_months=8, yuan_per_household=200, **FROM_PROVINCE)
    model = model_with(policy, parameters={"land.national_certified_share": 0.0})
    households = model.world.population.households
    households.certified[...] = 0
    certified = 0
    keys = set()
    for booked in months_of(model, 33):  # each household, and one that divides from it, is asked once a year
        now = {int(key) for key in households.key[(households.certified == 1) & (households.land > 0)]}
        divided = len(keys) and now - keys  # households that divided this month took their certificate along
        total = booked.get("policy", 0.0) / 200.0 / model.world.weight
        assert total == pytest.approx(round(total))
        assert total <= len(divided or now)
        certified += round(total)
        keys = now
    with_land = (households.land > 0).sum()
    assert (households.certified[households.land > 0] == 1).all()
    assert 0.8 * with_land < certified <= with_land


def test_rewards_are_revenue_of_the_county_and_spending_of_the_centre() -> None:
    policy = CitizenisationTransfer(
        same_county_yuan=1000, same_province_yuan=3000, other_province_yuan=5000, start="2020-11"
    )
    plain, rewarded = small_model(scale=SCALE), model_with(policy)
    total = 0.0
    for without, booked in zip(months_of(plain), months_of(rewarded), strict=True):
        assert without == {}
        gained = rewarded.governments.revenue[0] - plain.governments.revenue[0]
        by_origin = rewarded.world.activity.newly_registered[0].sum(axis=0)
        assert gained == pytest.approx(by_origin @ [1000.0, 3000.0, 5000.0], rel=1e-6, abs=1.0)
        assert booked.get("policy", 0.0) == pytest.approx(gained, rel=1e-6, abs=1.0)
        assert rewarded.governments.policy_spending[0] == 0.0
        total += gained
    assert total > 0


def test_payments_stop_with_the_policy() -> None:
    policy = HousingSubsidy(rent_yuan_per_household_year=2400, start="2021-01", end="2021-03", payer="province")
    booked = [month.get("policy", 0.0) > 0 for month in months_of(model_with(policy))]
    assert booked == [False] * 2 + [True] * 3 + [False] * 7


def test_costs_rise_evenly_over_the_ramp() -> None:
    policy = IndustrialParks(posts_per_year=1200, yuan_per_post=1000, ramp_months=3, **FROM_PROVINCE)
    booked = [month["policy"] for month in months_of(model_with(policy), 6)]
    assert booked == pytest.approx([25_000, 50_000, 75_000, 100_000, 100_000, 100_000])
