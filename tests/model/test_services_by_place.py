"""Services by residence and in villages: what access and quality are worth, by hand, and which way they work."""

from __future__ import annotations

import numpy as np
import pytest

from urbsim.model import UrbanizationModel
from urbsim.parameters import registry
from urbsim.policies.base import Payer, Policy
from urbsim.policies.levers.services import ResidenceBasedServices, RuralServiceEqualisation
from urbsim.processes.residence.alternatives import Alternatives, alternatives
from worlds import small_model, stepped

VILLAGE, TOWN, SEAT = 0, 1, 2
FROM_PROVINCE = {"start": "2020-11", "payer": Payer.PROVINCE}
PERMIT = ResidenceBasedServices(zones=("seat",), entitlement=0.8, yuan_per_person_year=1200, **FROM_PROVINCE)
VILLAGES = RuralServiceEqualisation(service_ratio=0.9, school_ratio=0.9, yuan_per_resident_year=120, **FROM_PROVINCE)


def model_with(policy: Policy | None = None, scale: float = 0.02, **settings: object) -> UrbanizationModel:
    policies = {"policy": policy} if policy else {}
    return small_model(scale=scale, policies=policies, **settings)  # type: ignore[arg-type]


def alternatives_of(model: UrbanizationModel) -> Alternatives:
    return alternatives(model.world, model.month)


def last_booked(model: UrbanizationModel) -> float:
    return sum(row[-1] for row in model.world.ledger.entries if row[0] == model.recorder.months[-1])


def test_entitlement_gives_its_part_of_what_registration_would_add() -> None:
    plain, opened = (alternatives_of(stepped(model_with(one), 1)).access[0] for one in (None, PERMIT))
    expected = plain.copy()
    expected[SEAT, 2] += 0.5 * 0.8 * (1 - plain[SEAT, 2])  # services are half of the value of registration
    np.testing.assert_allclose(opened, expected, rtol=1e-12)
    assert opened[SEAT, 2] > plain[SEAT, 2]


def test_entitled_people_are_paid_for_as_they_were_counted() -> None:
    model = model_with(PERMIT)
    people = model.world.population.people
    strangers = int(((people.alive == 1) & (people.zone == SEAT) & (people.registration != 0)).sum())
    model.step()
    assert strangers > 100
    assert last_booked(model) == pytest.approx(strangers * model.world.weight * 0.8 * 100)


def test_services_by_residence_keep_strangers_in_the_seat_and_move_no_local() -> None:
    parameters = {"residence.hukou": 4.0, "reconsider.floor": 0.3}
    locals_, strangers = [], []
    for policy in (None, PERMIT):
        model = stepped(model_with(policy, scale=0.2, parameters=parameters), 1)
        people = model.world.population.people
        seat = (people.alive == 1) & (people.zone == SEAT)
        strangers.append(int((seat & (people.registration < 0)).sum()))
        own = seat & (people.registration == 0) & (people.spouse < 0) & (model.month - people.birth >= 240)
        locals_.append(set(people.key[own].tolist()))
    assert strangers[1] > strangers[0]
    assert locals_[0] == locals_[1]


def test_better_services_are_worth_the_logarithm_of_their_quality_and_schools_reach_the_ratio() -> None:
    plain, better = (alternatives_of(stepped(model_with(one), 1)) for one in (None, VILLAGES))
    gain = better.constant[0, :3] - plain.constant[0, :3]
    # What is left beside the gain of the villages is the crowding of hospitals, the same in every zone.
    weight = float(registry()["services.weight"].value)
    assert gain - gain[SEAT] == pytest.approx([weight * np.log(0.9 / 0.6), 0.0, 0.0], abs=1e-12)
    assert better.school[0, VILLAGE, 1] / plain.school[0, VILLAGE, 1] == pytest.approx(np.full(3, 0.9 / 0.7), rel=1e-9)


def test_village_services_are_paid_per_villager_and_hold_people_in_villages() -> None:
    plain, better = (model_with(one, scale=0.05) for one in (None, VILLAGES))
    for _ in range(12):
        villagers = int(better.world.tally.stocks[0, VILLAGE])
        plain.step()
        better.step()
        assert last_booked(better) == pytest.approx(villagers * better.world.weight * 10)
    assert better.world.tally.stocks[0, VILLAGE] > plain.world.tally.stocks[0, VILLAGE]
