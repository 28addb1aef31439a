"""Those whose rules a policy changes look again, the more the larger the change, over months; and nobody else."""

from __future__ import annotations

import numpy as np
import pytest

from plainly import from_python
from urbsim.arrays import Floats
from urbsim.codes import Group, Zone
from urbsim.model import UrbanizationModel
from urbsim.policies.levers.registration import HukouRelaxation
from urbsim.processes.residence import attention
from urbsim.processes.residence.attention import hazards
from urbsim.state.rules import rates_of_looking, spread_news, take_for_known
from worlds import small_model

chance_of_looking = from_python(attention.chance_of_looking)
may_decide = from_python(attention.may_decide)
rate_from_news = from_python(attention.rate_from_news)

SEAT, NEAR = int(Zone.SEAT), int(Zone.NEAR)
RULES = {"residence.hukou": 0.5, "reconsider.rule_change": 0.8, "reconsider.rule_months": 10.0}
#: What taking the years of residence away is worth to villagers, at half a point of utility for full access.
OPENED = 0.5 * 0.65 / 2.0


@pytest.fixture
def model() -> UrbanizationModel:
    model = small_model(scale=0.01, parameters=RULES)
    take_for_known(model.world)
    return model


def rates(model: UrbanizationModel) -> Floats:
    """Return the rate at which news of rules makes each person look, shape (N,)."""
    people, table = model.world.population.people.view(), rates_of_looking(model.world)
    return np.array([rate_from_news(people, i, table) for i in range(people.key.size)])


def test_rules_that_stay_are_no_news(model: UrbanizationModel) -> None:
    spread_news(model.world)
    assert not rates_of_looking(model.world).any()


def test_a_rule_for_villagers_concerns_villagers_of_the_county_here_and_away(model: UrbanizationModel) -> None:
    people = model.world.population.people
    model.world.environment.registration_years.values[0, SEAT, 1] = 0.0
    spread_news(model.world)
    concerned = (people.registration == 0) & (people.urban_registered == 0)
    assert ((rates(model) > 0.0) == concerned).all()
    assert rates(model)[concerned] == pytest.approx(0.8 * OPENED / 10.0)
    assert (people.zone[concerned] >= NEAR).sum() > 500


def test_a_rule_for_strangers_concerns_those_who_live_in_the_county(model: UrbanizationModel) -> None:
    people = model.world.population.people
    model.world.environment.registration_years.values[0, SEAT, 2] = 0.0
    spread_news(model.world)
    assert ((rates(model) > 0.0) == (people.registration < 0)).all()
    assert (rates(model) > 0.0).sum() > 20


def test_insurance_that_pays_elsewhere_concerns_all_who_are_registered(model: UrbanizationModel) -> None:
    people = model.world.population.people
    model.world.environment.insurance_portability.values[0] = 1.0
    spread_news(model.world)
    assert ((rates(model) > 0.0) == (people.registration == 0)).all()


def test_news_is_responded_to_over_months_and_then_is_none(model: UrbanizationModel) -> None:
    villagers = (0, int(Group.LOCAL_RURAL))
    model.world.environment.registration_years.values[0, SEAT, 1] = 0.0
    seen = []
    for _ in range(120):
        spread_news(model.world)
        seen.append(rates_of_looking(model.world)[villagers])
    assert seen[:3] == pytest.approx([0.013 * 0.9**month for month in range(3)])
    assert sum(seen) == pytest.approx(0.8 * OPENED, rel=1e-4)  # in the end as many looks as the change is worth


def test_a_ramp_makes_as_many_look_as_a_step(model: UrbanizationModel) -> None:
    environment, total = model.world.environment, 0.0
    for month in range(150):
        environment.service_entitlement.values[0, SEAT, 1] = min(month / 30, 1.0)  # services without registration
        spread_news(model.world)
        total += rates_of_looking(model.world)[0, int(Group.LOCAL_RURAL)]
    worth = model.world.values["registration.services_share"] * 0.5 * (1.0 - 0.65 / 2.0)
    assert total == pytest.approx(0.8 * worth, rel=1e-3)


def test_a_change_taken_back_is_no_news(model: UrbanizationModel) -> None:
    years = model.world.environment.registration_years.values
    before = float(years[0, SEAT, 1])
    for value in (0.0, before):
        years[0, SEAT, 1] = value
        spread_news(model.world)
    left = rates_of_looking(model.world)[0, int(Group.LOCAL_RURAL)]
    assert left == pytest.approx(0.1 * 0.8 * OPENED / 10.0)  # what those responded to who are quick


def test_news_adds_to_the_chance_of_looking_of_either_of_a_couple(model: UrbanizationModel) -> None:
    people, month = model.world.population.people.view(), model.world.start
    quiet = hazards(model.world)
    model.world.environment.registration_years.values[0, SEAT, 1] = 0.0
    spread_news(model.world)
    loud, rate = hazards(model.world), 0.8 * OPENED / 10.0
    couples = {True: 0, False: 0}
    for i in range(people.key.size):
        if not may_decide(people, i, month):
            continue
        spouse = int(people.spouse[i])
        concerned = any(
            people.registration[one] == 0 and people.urban_registered[one] == 0 for one in (i, spouse) if one >= 0
        )
        couples[concerned] += 1
        before, after = (chance_of_looking(people, i, 0, each, month) for each in (quiet, loud))
        assert 1.0 - after == pytest.approx((1.0 - before) * (np.exp(-rate) if concerned else 1.0))
        assert after <= loud.highest
    assert min(couples.values()) > 50


def test_a_policy_of_later_is_news_from_its_month_and_one_from_before_never() -> None:
    later, before = (
        HukouRelaxation(start=start, zones=("seat",), years_required=0, tenants_eligible=True, payer="province")
        for start in ("2021-01", "2020-01")
    )
    for policy, month in ((later, 2), (before, None)):
        model = small_model(scale=0.005, parameters=RULES, policies={"hukou": policy})
        news_in = []
        for number in range(4):
            for step in model.schedule:
                step()
            if rates_of_looking(model.world).any():
                news_in.append(number)
        assert news_in == ([] if month is None else [2, 3])
