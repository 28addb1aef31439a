"""Social insurance: who is insured, what portability and pensions change, and what they cost, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from plainly import from_python
from urbsim.codes import Insurance, Zone
from urbsim.model import UrbanizationModel
from urbsim.policies.base import Payer, Policy
from urbsim.policies.levers.insurance import SocialInsurance
from urbsim.processes.residence import services
from urbsim.processes.residence.alternatives import alternatives
from urbsim.processes.residence.destinations import FAR, NEAR, OTHER_PROVINCE, OTHER_SEAT, SEAT, TOWN, VILLAGE
from worlds import small_model, stepped

care_need = from_python(services.care_need)

FROM_PROVINCE = {"start": "2020-01", "payer": Payer.PROVINCE}
SCALE = 0.02


def model_with(policy: Policy | None = None, scale: float = SCALE, **settings: object) -> UrbanizationModel:
    policies = {"policy": policy} if policy else {}
    return small_model(scale=scale, policies=policies, **settings)  # type: ignore[arg-type]


def last_booked(model: UrbanizationModel) -> float:
    return sum(row[-1] for row in model.world.ledger.entries if row[0] == model.recorder.months[-1])


def with_insurance(model: UrbanizationModel, scheme: Insurance) -> set[int]:
    people = model.world.population.people
    return set(people.key[(people.alive == 1) & (people.insurance == scheme) & (people.registration == 0)].tolist())


def test_a_share_of_the_uninsured_is_enrolled_by_lot_and_paid_for() -> None:
    model = model_with(SocialInsurance(insured_share=0.6, premium_yuan_per_person_year=600, **FROM_PROVINCE))
    uninsured = with_insurance(model, Insurance.NONE)
    model.step()
    enrolled = with_insurance(model, Insurance.SUBSIDISED)
    assert enrolled <= uninsured
    assert abs(len(enrolled) - 0.6 * len(uninsured)) < 4 * np.sqrt(0.24 * len(uninsured))
    # Enrolled before the deaths of the month; nobody dies twice, so at most these few are missing.
    paid = last_booked(model) / (50 * model.world.weight)
    assert paid == pytest.approx(round(paid))
    assert 0 <= round(paid) - len(enrolled) < 0.02 * len(enrolled)


def test_more_is_the_same_people_and_some_more_and_the_end_leaves_them_uninsured() -> None:
    some, many = (
        with_insurance(
            stepped(model_with(SocialInsurance(insured_share=share, **FROM_PROVINCE)), 2), Insurance.SUBSIDISED
        )
        for share in (0.3, 0.7)
    )
    assert some < many
    ended = stepped(model_with(SocialInsurance(insured_share=0.3, start="2020-01", end="2020-02", payer="province")), 3)
    assert not with_insurance(ended, Insurance.SUBSIDISED)
    assert with_insurance(ended, Insurance.NONE) == with_insurance(stepped(model_with(), 3), Insurance.NONE)


def test_portability_closes_its_part_of_the_gap_and_costs_by_those_away() -> None:
    policy = SocialInsurance(portability=0.4, portability_yuan_per_absent_year=120, **FROM_PROVINCE)
    model = model_with(policy)
    people = model.world.population.people
    away = ((people.alive == 1) & (people.registration == 0) & (people.zone >= 3)).sum()
    model.step()
    gaps = alternatives(model.world, model.month).insurance[0]
    assert gaps[[VILLAGE, TOWN, SEAT]] == pytest.approx(0.0)
    assert gaps[[OTHER_SEAT, NEAR]] == pytest.approx(-0.15 * 0.6)
    assert gaps[[OTHER_PROVINCE, FAR]] == pytest.approx(-0.26 * 0.6)
    assert last_booked(model) == pytest.approx(away * model.world.weight * 0.4 * 10)


def test_portability_lets_more_people_stay_outside() -> None:
    parameters = {"residence.insurance": 5.0}
    policy = SocialInsurance(portability=1.0, **FROM_PROVINCE)
    outside = [
        stepped(model_with(one, parameters=parameters), 6).world.tally.stocks[0, 3:].sum() for one in (None, policy)
    ]
    assert outside[1] > outside[0]


def test_insuring_the_uninsured_ties_them_to_home() -> None:
    parameters = {"residence.insurance": 5.0, "synthesis.employees_insurance_share": 0.0}
    outside = []
    for policy in (None, SocialInsurance(insured_share=1.0, **FROM_PROVINCE)):
        model = model_with(policy, parameters=parameters)
        people = model.world.population.people
        people.insurance[...] = int(Insurance.NONE)
        outside.append(stepped(model, 6).world.tally.stocks[0, 3:].sum())
    assert outside[1] < outside[0]


def test_pensions_are_paid_to_the_old_who_are_registered_and_live_there() -> None:
    policy = SocialInsurance(zones=("village",), pension_yuan_per_person_month=100, **FROM_PROVINCE)
    model = model_with(policy)
    people = model.world.population.people
    old = (people.alive == 1) & (people.zone == Zone.VILLAGE) & (people.registration == 0)
    old &= model.month - people.birth >= 720
    number = int(old.sum())
    model.step()
    assert number > 500
    assert last_booked(model) == pytest.approx(number * model.world.weight * 100)


def test_a_pension_takes_over_its_part_of_the_support_of_a_parent_from_sixty() -> None:
    policy = SocialInsurance(zones=("village",), pension_yuan_per_person_month=100, **FROM_PROVINCE)
    model = stepped(model_with(policy, parameters={"pension.relief": 0.5}), 1)
    people = model.world.population.people.view()
    s = alternatives(model.world, model.month).services
    age = (model.month - people.birth) // 12

    def first(zone: Zone, years: int) -> int:
        return int(np.flatnonzero((people.alive == 1) & (people.zone == zone) & (age == years))[0])

    assert care_need(people, s, first(Zone.VILLAGE, 61)) == pytest.approx(1 - 0.5 * 100 / 497)
    assert care_need(people, s, first(Zone.VILLAGE, 59)) == 1.0
    assert care_need(people, s, first(Zone.SEAT, 61)) == 1.0


def test_a_pension_beyond_living_cost_relieves_no_more_than_support() -> None:
    policy = SocialInsurance(pension_yuan_per_person_month=5000, **FROM_PROVINCE)
    model = stepped(model_with(policy, parameters={"pension.relief": 0.5}), 1)
    assert (alternatives(model.world, model.month).services.pension_relief == 0.5).all()


def children_away(model: UrbanizationModel) -> int:
    """Count people of 35 and over outside whose mother of 60 and over lives in the county."""
    people = model.world.population.people
    mother = np.maximum(people.mother, 0)
    parent = (people.mother >= 0) & (people.alive[mother] == 1) & (people.zone[mother] < 3)
    parent &= model.month - people.birth[mother] >= 720
    return int((parent & (people.alive == 1) & (people.zone >= 3) & (model.month - people.birth >= 420)).sum())


def test_a_pension_for_parents_sends_more_of_their_children_outside_and_nobody_else_in_its_first_month() -> None:
    policy = SocialInsurance(pension_yuan_per_person_month=500, **FROM_PROVINCE)
    models = [stepped(model_with(one, scale=0.1), 1) for one in (None, policy)]
    assert children_away(models[1]) > children_away(models[0])
    zones = [
        dict(zip(m.world.population.people.key.tolist(), m.world.population.people.zone.tolist(), strict=True))
        for m in models
    ]
    differing = [key for key, zone in zones[0].items() if zones[1].get(key) != zone]
    assert differing
    people = models[0].world.population.people
    adults = np.isin(people.key, np.array(differing, dtype=np.uint64)) & (models[0].month - people.birth >= 192)
    couples = np.flatnonzero(adults)
    for person in couples:
        spouse = people.spouse[person]
        assert people.mother[person] >= 0 or (spouse >= 0 and people.mother[spouse] >= 0)
