"""Finding work, being paid for it, and coming back to it: magnitudes by hand, directions in whole runs."""

from __future__ import annotations

import numpy as np
import pytest

from plainly import from_python
from urbsim import randomness
from urbsim.codes import Cause, Sector, Work, Zone
from urbsim.model import UrbanizationModel
from urbsim.policies.base import Payer, Policy
from urbsim.policies.levers.labour import JobMatching, LabourProtection
from urbsim.policies.levers.migration import ReturnTalent
from urbsim.processes.residence import services
from urbsim.processes.residence.alternatives import alternatives
from urbsim.processes.residence.destinations import DESTINATIONS
from urbsim.state.pay import paid_wages
from worlds import small_model, stepped

has_turn = from_python(randomness.has_turn)

log_grant = from_python(services.log_grant)

SEAT, NEAR = int(Zone.SEAT), int(Zone.NEAR)
FROM_PROVINCE = {"start": "2020-11", "payer": Payer.PROVINCE}


def model_with(policy: Policy | None = None, scale: float = 0.02, **settings: object) -> UrbanizationModel:
    policies = {"policy": policy} if policy else {}
    return small_model(scale=scale, policies=policies, **settings)  # type: ignore[arg-type]


def last_booked(model: UrbanizationModel) -> float:
    return sum(row[-1] for row in model.world.ledger.entries if row[0] == model.recorder.months[-1])


# -- job matching


def test_matching_multiplies_the_chance_of_a_post_up_to_certainty() -> None:
    chances = []
    for factor in (1.0, 1.1, 3.0):
        policy = JobMatching(zones=("seat",), rate_factor=factor, **FROM_PROVINCE)
        model = stepped(model_with(policy, parameters={"employment.finding_rate": 0.5}), 1)
        chances.append(model.world.places.employment.finding_chance[0].copy())
    assert chances[1] / chances[0] == pytest.approx([1.0, 1.0, 1.1])
    assert chances[2] / chances[0] == pytest.approx([1.0, 1.0, 2.0])  # certain to find a post that there is


def test_matching_costs_by_the_seekers_of_the_month_before_and_leaves_fewer_of_them() -> None:
    parameters = {"employment.finding_rate": 0.3}
    policy = JobMatching(rate_factor=2.0, yuan_per_seeker_year=600, **FROM_PROVINCE)
    plain, helped = (model_with(one, parameters=parameters) for one in (None, policy))
    for _ in range(6):
        people = helped.world.population.people
        seeking = (people.alive == 1) & np.isin(people.zone, (1, 2)) & (people.work == Work.SEEKING)
        seeking &= people.stage == 0
        seekers = int(seeking.sum())
        helped.step()
        plain.step()
        assert last_booked(helped) == pytest.approx(seekers * helped.world.weight * 50)
    unemployed = [model.world.tally.work[0, 1:, Work.SEEKING].sum() for model in (plain, helped)]
    assert unemployed[1] < unemployed[0]


# -- wages held back


def test_wages_no_longer_held_back_raise_pay_by_what_was_lost() -> None:
    policy = LabourProtection(zones=("seat",), arrears_probability=0.0, **FROM_PROVINCE)
    parameters = {"employment.arrears_probability": 0.1, "employment.arrears_loss": 0.5}
    model = stepped(model_with(policy, parameters=parameters), 1)
    ratio = paid_wages(model.world)[0] / model.world.places.employers.wage[0]
    assert ratio[:2].ravel().tolist() == [1.0] * 6
    assert ratio[SEAT] == pytest.approx([1.0, 1 / 0.95, 1 / 0.95])


def test_workers_of_the_seat_earn_and_people_expect_exactly_that_much_more() -> None:
    parameters = {"employment.arrears_probability": 0.1, "employment.arrears_loss": 0.5, "reclassification.rate": 0.0}
    policy = LabourProtection(
        zones=("seat",), arrears_probability=0.0, yuan_per_worker_year=24, start="2021-01", payer="province"
    )
    plain, protected = (stepped(model_with(one, parameters=parameters), 2) for one in (None, policy))
    workers = int(protected.world.tally.work[0, SEAT, 2:4].sum())
    expected = []
    for model in (plain, protected):
        model.step()
        expected.append(alternatives(model.world, model.month).earnings[0, SEAT])
    assert last_booked(protected) == pytest.approx(workers * protected.world.weight * 2)
    one, other = (model.world.population.people for model in (plain, protected))
    size = min(one.size, other.size)
    same = (one.key[:size] == other.key[:size]) & (one.zone[:size] == SEAT) & (other.zone[:size] == SEAT)
    same &= np.isin(one.work[:size], (Work.INDUSTRY, Work.SERVICES)) & (one.work[:size] == other.work[:size])
    same &= (one.stage[:size] == 0) & (plain.month - one.birth[:size] >= 192)
    same &= np.array([has_turn(key, plain.month) for key in one.key[:size]])  # earnings are renewed once a year
    assert same.sum() > 100
    np.testing.assert_allclose(other.earnings[:size][same] / one.earnings[:size][same], 1 / 0.95, rtol=1e-5)
    same_posts = plain.world.tally.work[0, SEAT, 2:].sum() / protected.world.tally.work[0, SEAT, 2:].sum()
    assert expected[1] / expected[0] == pytest.approx(np.full((5, 3), 1 / 0.95), rel=abs(1 - same_posts) + 1e-9)


def test_paid_wages_bring_people_to_the_seat() -> None:
    parameters = {"employment.arrears_probability": 0.3, "employment.arrears_loss": 0.5}
    policy = LabourProtection(zones=("seat",), arrears_probability=0.0, **FROM_PROVINCE)
    seat = [
        stepped(model_with(one, scale=0.05, parameters=parameters), 6).world.tally.stocks[0, SEAT]
        for one in (None, policy)
    ]
    assert seat[1] > seat[0]


# -- return

GRANT = ReturnTalent(
    zones=("seat",), yuan_per_returnee=36_000, firms_per_thousand=100, posts_per_firm=10, **FROM_PROVINCE
)


def test_a_grant_is_weighed_against_the_income_of_some_years_by_people_outside_only() -> None:
    model = stepped(model_with(GRANT, parameters={"returning.horizon_years": 3.0}), 1)
    people = model.world.population.people.view()
    s = alternatives(model.world, model.month).services
    age = (model.month - people.birth) // 12
    grown = (people.alive == 1) & (people.registration == 0) & (age >= 20) & (age < 50)
    outside = int(np.flatnonzero(grown & (people.zone >= NEAR))[0])
    inside = int(np.flatnonzero(grown & (people.zone == 0))[0])
    value = [log_grant(people, s, outside, (0, d), 30, 2000.0) for d in range(DESTINATIONS)]
    assert value == pytest.approx([0, 0, np.log(1 + 1000 / 2000), 0, 0, 0, 0])  # 36,000 over three years
    assert [log_grant(people, s, inside, (0, d), 30, 2000.0) for d in range(DESTINATIONS)] == [0.0] * DESTINATIONS


def test_returnees_are_counted_paid_and_found_their_posts() -> None:
    still = {"employment.posts_adjustment": 0.0, "reclassification.rate": 0.0}
    model = model_with(GRANT, scale=0.05, parameters=still)
    total = 0.0
    for _ in range(6):
        before = _adults_outside(model)
        posts = model.world.places.employers.posts.copy()
        model.step()
        people = model.world.population.people
        here = (
            (people.alive == 1) & (people.zone == SEAT) & (people.registration == 0) & (people.arrival == model.month)
        )
        keys = set(people.key[here & (model.month - people.birth >= 192)].tolist())
        returned = len(keys & before) * model.world.weight
        firms = returned * 100 / 1000
        assert last_booked(model) == pytest.approx(returned * 36_000 + firms * 30_000)
        founded = model.world.places.employers.posts - posts
        assert founded[0, SEAT].sum() == pytest.approx(firms * 10)
        assert founded[0, SEAT, Sector.FARM] == 0.0
        assert not founded[0, :SEAT].any()
        total += returned
    assert total > 1000


def _adults_outside(model: UrbanizationModel) -> set[int]:
    people = model.world.population.people
    return set(people.key[(people.alive == 1) & (people.zone >= NEAR)].tolist())


def test_posts_founded_by_returnees_stay_when_employers_adjust() -> None:
    stiff = {"employment.industry_elasticity": 0.0, "employment.services_elasticity": 0.0}
    parameters = {**stiff, "reclassification.rate": 0.0}  # villages would take their posts along
    plain, helped = (model_with(one, scale=0.05, parameters=parameters) for one in (None, GRANT))
    founded = 0.0
    for _ in range(12):
        plain.step()
        helped.step()
        founded += helped.world.activity.returnees[0, SEAT]
    difference = helped.world.places.employers.posts - plain.world.places.employers.posts
    assert difference[0, SEAT].sum() == pytest.approx(founded)  # 100 firms of 10 posts for every 1,000
    assert founded > 1000


def test_grants_bring_more_people_back() -> None:
    returned = []
    for policy in (None, GRANT):
        model, number = model_with(policy, scale=0.05), 0
        for _ in range(3):
            model.step()
            number += model.world.accounts.flows[0, Cause.MOVE, NEAR:5, SEAT].sum()
        returned.append(number)
    assert returned[1] > returned[0]
