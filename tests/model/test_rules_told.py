"""Those whose rules a policy changes are told, and nobody else."""

from __future__ import annotations

import numpy as np
import pytest

from urbsim.codes import Event, Zone
from urbsim.model import UrbanizationModel
from urbsim.policies.levers.registration import HukouRelaxation
from urbsim.state.rules import learn, tell
from worlds import small_model

TOLD, SEAT, NEAR = int(Event.RULE_CHANGE), int(Zone.SEAT), int(Zone.NEAR)


@pytest.fixture
def model() -> UrbanizationModel:
    model = small_model(scale=0.01, parameters={"residence.hukou": 0.5})
    model.world.population.people.events[...] = 0
    learn(model.world)
    return model


def told(model: UrbanizationModel) -> np.ndarray:
    people = model.world.population.people
    return (people.events & TOLD) > 0


def test_nobody_is_told_of_rules_that_stay(model: UrbanizationModel) -> None:
    tell(model.world)
    assert not told(model).any()


def test_a_rule_for_villagers_is_told_to_villagers_of_the_county_here_and_away(model: UrbanizationModel) -> None:
    people = model.world.population.people
    model.world.environment.registration_years.values[0, SEAT, 1] = 0.0  # half a point of access at 0.65 of it
    tell(model.world)
    concerned = (people.alive == 1) & (people.registration == 0) & (people.urban_registered == 0)
    assert (told(model) == concerned).all()
    assert (people.zone[concerned] >= NEAR).sum() > 500


def test_a_rule_for_strangers_is_told_to_those_who_live_in_the_county(model: UrbanizationModel) -> None:
    people = model.world.population.people
    model.world.environment.registration_years.values[0, SEAT, 2] = 0.0
    tell(model.world)
    assert (told(model) == ((people.alive == 1) & (people.registration < 0))).all()
    assert told(model).sum() > 20


def test_insurance_that_pays_elsewhere_is_told_to_all_who_are_registered(model: UrbanizationModel) -> None:
    people = model.world.population.people
    model.world.environment.insurance_portability.values[0] = 1.0
    tell(model.world)
    assert (told(model) == ((people.alive == 1) & (people.registration == 0))).all()


def test_a_ramp_is_told_in_steps(model: UrbanizationModel) -> None:
    people, environment = model.world.population.people, model.world.environment
    at = []
    for step in range(31):
        environment.service_entitlement.values[0, SEAT, 1] = step / 30  # towards services without registration
        people.events[...] = 0
        tell(model.world)
        if told(model).any():
            at.append(step)
    worth = model.world.values["registration.services_share"] * 0.5 * (1.0 - 0.65 / 2.0)
    assert len(at) == int(worth / 0.05) or len(at) == int(worth / (0.05 + worth / 30))
    assert len(at) >= 1


def test_a_policy_of_later_is_told_in_its_month_and_one_from_before_never() -> None:
    later, before = (
        HukouRelaxation(start=start, zones=("seat",), years_required=0, tenants_eligible=True, payer="province")
        for start in ("2021-01", "2020-01")
    )
    for policy, month in ((later, 2), (before, None)):
        model = small_model(scale=0.005, parameters={"residence.hukou": 0.5}, policies={"hukou": policy})
        people, told_in = model.world.population.people, []
        for number in range(4):
            for step in model.schedule:
                step()
                if step.name == "policies" and ((people.events & TOLD) > 0).any():
                    told_in.append(number)
        assert told_in == ([] if month is None else [month])
