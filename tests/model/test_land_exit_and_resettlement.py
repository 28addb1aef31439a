"""Giving up land for a payment, and resettlement: who takes part, what they gain, what it costs, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from plainly import from_python
from urbsim.codes import Cause, Event, Sector, Tenure, Work
from urbsim.model import UrbanizationModel
from urbsim.policies.base import Payer, Policy
from urbsim.policies.levers.land import LandExitCompensation
from urbsim.policies.levers.migration import Resettlement
from urbsim.processes.residence import services
from urbsim.processes.residence.alternatives import alternatives
from worlds import by_key, small_model, stepped

land_made_up_for = from_python(services.land_made_up_for)

VILLAGE, TOWN, SEAT, NEAR = 0, 1, 2, 3
FROM_PROVINCE = {"start": "2020-11", "payer": Payer.PROVINCE}


def model_with(policy: Policy | None = None, scale: float = 0.02, **settings: object) -> UrbanizationModel:
    policies = {"policy": policy} if policy else {}
    return small_model(scale=scale, policies=policies, **settings)  # type: ignore[arg-type]


def last_booked(model: UrbanizationModel) -> float:
    return sum(row[-1] for row in model.world.ledger.entries if row[0] == model.recorder.months[-1])


# -- land

AT_ONCE = {"land.exit_rate": 12.0, "land.value_spread": 0.0, "land.value_per_mu": 10_000}
#: Nobody moves, marries or buys of their own accord.
STILL = dict.fromkeys(
    (
        *(f"reconsider.{name}" for name in ("floor", "peak", *(event.name.lower() for event in Event))),
        *("reclassification.rate", "housing.purchase_rate", "employment.migrant_substitution"),
        *("demography.marriage_rate_young", "demography.marriage_rate_older"),
    ),
    0.0,
)
OFFER = LandExitCompensation(yuan_per_household=60_000, administration_yuan_per_household=500, **FROM_PROVINCE)


def test_households_in_town_give_up_land_worth_less_than_the_payment_and_keep_the_rest() -> None:
    plain, offered = (stepped(model_with(one, parameters={**AT_ONCE, **STILL}), 1) for one in (None, OFFER))
    before, after = (by_key(model, "land", "households") for model in (plain, offered))
    zone, savings = by_key(plain, "zone", "households"), [by_key(m, "savings", "households") for m in (plain, offered)]
    lived_in = set(keys_lived_in(plain))
    gave_up = {key for key in before if before[key] > 0 and after[key] == 0}
    small = {key for key in lived_in if zone[key] > VILLAGE and 0 < before[key] <= 6.0}
    assert len(gave_up) > 50
    assert gave_up >= small
    assert len(gave_up - small) <= 2  # households whose last member died within the month
    assert all(zone[key] > VILLAGE and before[key] <= 6.0 for key in gave_up)
    for key in gave_up:
        assert savings[1][key] - savings[0][key] == pytest.approx(60_000, rel=1e-4)
    assert last_booked(offered) == pytest.approx(len(gave_up) * offered.world.weight * 60_500)


def test_giving_up_land_is_no_condition_of_registration_and_changes_none() -> None:
    plain, offered = (stepped(model_with(one, parameters=AT_ONCE), 1) for one in (None, OFFER))
    for name in ("registration", "urban_registered", "registered_zone"):
        assert by_key(plain, name) == by_key(offered, name)
    homesteads = [by_key(model, "homestead", "households") for model in (plain, offered)]
    assert homesteads[0] == homesteads[1]


def test_a_higher_payment_finds_more_takers_and_the_same_ones_among_them() -> None:
    gone = []
    for yuan in (20_000, 60_000, 200_000):
        policy = LandExitCompensation(yuan_per_household=yuan, **FROM_PROVINCE)
        model = model_with(policy, parameters=STILL)
        had = by_key(model, "land", "households")
        now = by_key(stepped(model, 6), "land", "households")
        gone.append({key for key in had if had[key] > 0 and now[key] == 0})
    assert gone[0] < gone[1] < gone[2]


def test_the_chance_to_sell_out_offsets_the_fear_for_uncertified_land() -> None:
    model = stepped(model_with(OFFER), 1)
    people, houses = model.world.population.people.view(), model.world.population.households
    s = alternatives(model.world, model.month).services
    age = (model.month - people.birth) // 12
    rural = (people.alive == 1) & (people.zone == VILLAGE) & (people.urban_registered == 0) & (age >= 20) & (age < 50)
    person = int(np.flatnonzero(rural & (people.registration == 0))[0])
    h = people.household[person]
    worth = []
    for mu, certified in ((12.0, 0), (3.0, 0), (12.0, 1)):
        houses.land[h], houses.certified[h] = mu, certified
        worth.append([land_made_up_for(people, houses.view(), s, person, (0, d)) for d in (VILLAGE, SEAT)])
    # 60,000 yuan are 6 mu at 10,000: half of twelve mu at risk, and all of three.
    assert worth == [[0.0, pytest.approx(1.2 * 0.5)], [0.0, pytest.approx(0.3)], [0.0, 0.0]]


def keys_lived_in(model: UrbanizationModel) -> list[int]:
    households = model.world.population.households
    return households.key[households.group >= 0].tolist()


# -- resettlement

MOVE_OUT = Resettlement(
    zones=("town",), households_per_year=2400, eligible_share=0.3, work_support=0.7, **FROM_PROVINCE
)


def resettled_of(model: UrbanizationModel, before: dict[int, int]) -> set[int]:
    """Return the keys of households that moved from a village to a dwelling of their own in town this month."""
    zone, tenure = by_key(model, "zone", "households"), by_key(model, "tenure", "households")
    return {key for key, old in before.items() if old == VILLAGE and zone[key] == TOWN and tenure[key] == Tenure.OWNS}


def test_whole_households_move_by_lot_under_their_own_cause_and_cost_what_they_should() -> None:
    model = model_with(MOVE_OUT, scale=0.05, parameters=STILL)
    total = 0
    for _ in range(6):
        zones = by_key(model, "zone", "households")
        people = model.world.population.people
        at_home = {key for key, zone in by_key(model, "zone").items() if zone == VILLAGE}
        model.step()
        moved = resettled_of(model, zones)
        households = model.world.population.households
        members = np.isin(households.key[people.household], np.array(sorted(moved), dtype=np.uint64))
        members &= (people.alive == 1) & np.isin(people.key, np.array(sorted(at_home), dtype=np.uint64))
        assert (people.zone[members] == TOWN).all()
        flows = model.world.accounts.flows[0, Cause.RESETTLEMENT]
        assert flows[VILLAGE, TOWN] == flows.sum() == members.sum()
        workers = members & (people.work == Work.SERVICES)
        paid = len(moved) * 200_000 + workers.sum() * 20_000
        assert last_booked(model) == pytest.approx(paid * model.world.weight)
        assert (households.land[np.isin(households.key, np.array(sorted(moved), dtype=np.uint64))] > 0).mean() > 0.5
        total += len(moved)
    expected = 1200 * 0.05
    assert abs(total - expected) < 4 * np.sqrt(expected)


def test_the_supported_share_of_workers_has_a_post_that_was_made_for_them() -> None:
    settings = {"scale": 0.05, "parameters": {**STILL, "employment.posts_adjustment": 0.0}}
    policy = MOVE_OUT.model_copy(update={"start": MOVE_OUT.start + 1, "households_per_year": 24_000})
    plain, moved = (stepped(model_with(one, **settings), 2) for one in (None, policy))  # type: ignore[arg-type]
    given = moved.world.activity.resettled_workers[0, TOWN]
    difference = moved.world.places.employers.posts - plain.world.places.employers.posts
    assert difference[0, TOWN, Sector.SERVICES] == pytest.approx(given)
    assert difference.sum() == pytest.approx(given)
    people = moved.world.population.people
    arrived = (people.alive == 1) & (people.zone == TOWN) & (people.arrival == moved.month)
    resettled = arrived & np.isin(people.key, people.key[by_cause(moved)])
    workers = resettled & (people.work > 0) & (moved.month - people.birth < 720)
    supported = (people.work[workers] == Work.SERVICES).sum()
    assert supported * moved.world.weight == pytest.approx(given)
    assert abs(supported - 0.7 * workers.sum()) < 4 * np.sqrt(0.21 * workers.sum())
    wage = moved.world.places.employers.wage[0, TOWN, Sector.SERVICES]
    junior = workers & (people.work == Work.SERVICES) & (people.schooling == 2) & (people.trained == 0)
    assert people.earnings[junior] == pytest.approx(np.full(junior.sum(), wage), rel=1e-5)


def by_cause(model: UrbanizationModel) -> np.ndarray:
    """Return people of households that own a dwelling in town and have land: the resettled of the first month."""
    people, households = model.world.population.people, model.world.population.households
    home = people.household
    return np.flatnonzero((households.tenure[home] == Tenure.OWNS) & (households.zone[home] == TOWN))


def test_more_households_a_year_are_the_same_ones_and_some_more() -> None:
    moved = []
    for number in (1200, 4800):
        policy = MOVE_OUT.model_copy(update={"households_per_year": number})
        model = model_with(policy, scale=0.05, parameters=STILL)
        zones = by_key(model, "zone", "households")
        moved.append(resettled_of(stepped(model, 1), zones))
    assert moved[0] < moved[1]


def test_no_more_move_than_are_eligible_and_the_eligible_are_the_same_every_month() -> None:
    policy = MOVE_OUT.model_copy(update={"households_per_year": 1_000_000, "eligible_share": 0.05})
    model = model_with(policy, scale=0.05, parameters=STILL)
    zones = by_key(model, "zone", "households")
    village = [key for key, zone in zones.items() if zone == VILLAGE]
    first = resettled_of(stepped(model, 1), zones)
    lived_in = len(village)
    assert 0.02 * lived_in < len(first) < 0.06 * lived_in
    zones = by_key(model, "zone", "households")
    assert len(resettled_of(stepped(model, 1), zones)) < 0.1 * len(first)  # only households new to the village


def test_resettlement_raises_the_urban_share_and_the_pay_of_the_resettled() -> None:
    plain, moved = (stepped(model_with(one, scale=0.05), 12) for one in (None, MOVE_OUT))
    assert moved.world.tally.stocks[0, 1] > plain.world.tally.stocks[0, 1]
    assert moved.world.places.housing.dwellings[0, TOWN] - plain.world.places.housing.dwellings[0, TOWN] > 2000
