"""Population accounts and the consistency of people and households, month by month."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from urbsim.codes import Cause, Stage, Zone
from urbsim.model import UrbanizationModel
from urbsim.parameters import registry
from urbsim.policies.levers.housing import HousingSubsidy
from urbsim.policies.levers.migration import Resettlement
from urbsim.policies.levers.registration import HukouRelaxation
from urbsim.state.accounts import AccountsError
from worlds import JIESHOU, THREE_COUNTIES, base_of, small_model, small_scenario, stepped

ZONE_NAMES = [zone.name.lower() for zone in Zone]
PARAMETERS_THAT_MOVE_PEOPLE = (
    "reconsider.peak",
    "reconsider.floor",
    "residence.move",
    "residence.home",
    "residence.zeta_seat",
    "residence.zeta_far",
    "demography.fertility_factor",
    "demography.mortality_factor",
    "demography.newborn_sent_home",
    "demography.marriage_rate_young",
    "reclassification.rate",
    "arrivals.same_province",
    "schooling.college_rate",
)
POLICIES = {
    "none": {},
    "hukou": {"hukou": HukouRelaxation(start="2020-12", home_required=False, years_required=0)},
    "subsidy": {"subsidy": HousingSubsidy(start="2020-12", rent_yuan_per_household_year=3000)},
}


@st.composite
def drawn_models(draw: st.DrawFn) -> UrbanizationModel:
    known = registry()
    names = draw(st.lists(st.sampled_from(PARAMETERS_THAT_MOVE_PEOPLE), max_size=5, unique=True))
    parameters = {name: draw(st.floats(known[name].low, known[name].high)) for name in names}
    counties = draw(st.sampled_from([JIESHOU, THREE_COUNTIES]))
    policies = POLICIES[draw(st.sampled_from(sorted(POLICIES)))]
    scenario = small_scenario(counties, scale=0.003, parameters=parameters, policies=policies)
    seed, replicate = draw(st.integers(0, 2)), draw(st.integers(0, 1))
    return UrbanizationModel(scenario, seed, replicate, base=base_of(scenario, seed, replicate))


def counted(model: UrbanizationModel) -> np.ndarray:
    """Count people by county and zone straight from the columns."""
    people = model.world.population.people
    alive = people.alive == 1
    stocks = np.zeros((len(model.world.codes), len(Zone)), dtype=int)
    np.add.at(stocks, (people.county[alive], people.zone[alive]), 1)
    return stocks


def apply_flows(stocks: np.ndarray, rows: list[tuple[Any, ...]]) -> np.ndarray:
    """Return the stocks after the recorded flows: one end loses, the other gains."""
    after = stocks.copy()
    for _, county, _, origin, destination, persons in rows:
        if origin in ZONE_NAMES:
            after[county, ZONE_NAMES.index(origin)] -= persons
        if destination in ZONE_NAMES:
            after[county, ZONE_NAMES.index(destination)] += persons
    return after


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(drawn_models())
def test_stocks_of_every_month_county_and_zone_follow_from_recorded_flows_alone(model: UrbanizationModel) -> None:
    stocks, seen = counted(model), 0
    for _ in range(14):
        model.step()
        stocks = apply_flows(stocks, model.recorder.flows[seen:])
        seen = len(model.recorder.flows)
        np.testing.assert_array_equal(stocks, counted(model))
        np.testing.assert_array_equal(stocks, model.world.tally.stocks)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(drawn_models())
def test_people_and_households_stay_consistent_every_month(model: UrbanizationModel) -> None:
    for _ in range(14):
        model.step()
        assert_consistent(model)


def assert_consistent(model: UrbanizationModel) -> None:
    people, households = model.world.population.people, model.world.population.households
    alive = np.flatnonzero(people.alive == 1)
    home = people.household[alive]
    assert (home >= 0).all()
    np.testing.assert_array_equal(people.county[alive], households.county[home])
    resident = alive[people.zone[alive] < Zone.NEAR]
    np.testing.assert_array_equal(people.zone[resident], households.zone[people.household[resident]])
    assert np.unique(people.key).size == people.size
    assert (people.birth[alive] <= model.month).all()
    assert_spouses_agree(people)
    assert_children_are_listed_once(people)


def assert_spouses_agree(people: Any) -> None:
    married = np.flatnonzero((people.spouse >= 0) & (people.alive == 1))
    partner = people.spouse[married]
    np.testing.assert_array_equal(people.spouse[partner], married)
    assert (people.alive[partner] == 1).all()
    assert (people.female[partner] != people.female[married]).all()


def assert_children_are_listed_once(people: Any) -> None:
    listed = defaultdict(list)
    for mother in np.flatnonzero(people.first_child >= 0):
        child = people.first_child[mother]
        while child >= 0:
            listed[int(child)].append(int(mother))
            child = people.next_sibling[child]
    with_mother = {int(i): [int(people.mother[i])] for i in np.flatnonzero(people.mother >= 0)}
    assert dict(listed) == with_mother
    children = np.array(sorted(with_mother))
    assert (people.birth[children] > people.birth[people.mother[children]]).all()


def test_registered_totals_add_up_over_residents_and_absent_people() -> None:
    model = stepped(small_model(counties=THREE_COUNTIES, scale=0.02), 14)
    people, tally = model.world.population.people, model.world.tally
    alive = people.alive == 1
    for county in range(3):
        mine = alive & (people.registration == county)
        at_home = mine & (people.county == county) & (people.zone < Zone.NEAR)
        assert tally.registered[county] == mine.sum()
        assert tally.registered_away[county] == (mine & ~at_home).sum()
        assert tally.registered_urban[county] == (mine & (people.registered_zone > Zone.VILLAGE)).sum()
        guests = mine & (people.county != county) & (people.zone < Zone.NEAR)  # all counties are of one province
        assert guests.sum() > 0
        assert tally.away[county, 0] == (mine & (people.zone == Zone.NEAR)).sum() + guests.sum()
        assert tally.away[county, 1] == (mine & (people.zone == Zone.FAR)).sum()
        assert tally.groups[county, :, :2].sum() == at_home.sum()
        assert tally.groups[county].sum() == tally.stocks[county, :3].sum()
    assert (alive & (people.registration < 0)).sum() + tally.registered.sum() == tally.stocks.sum()


def test_nobody_dead_or_departed_is_counted_or_comes_back() -> None:
    model = small_model(parameters={"demography.mortality_factor": 2.0})
    gone: set[int] = set()
    for _ in range(14):
        model.step()
        people = model.world.population.people
        dead = set(people.key[people.alive == 0].tolist())
        assert gone <= dead
        gone = dead
        assert model.world.tally.stocks.sum() == people.size - len(dead)
        work, pupils = model.world.tally.work.sum(), model.world.tally.children.sum()
        assert work + pupils == model.world.tally.stocks[:, :3].sum()
    assert gone


def test_contracted_land_is_neither_made_nor_lost_when_households_divide() -> None:
    model = small_model(counties=THREE_COUNTIES, parameters={"reconsider.peak": 2.0, "residence.move": 0.0})
    households = model.world.population.households
    before, size = households.land.astype(float).sum(), households.size
    stepped(model, 14)
    assert households.size > size + 100
    assert households.land.min() >= 0.0
    assert households.land.astype(float).sum() == pytest.approx(before, rel=1e-5)  # columns hold single precision


@pytest.mark.parametrize("change", ["zone", "alive", "county"])
def test_moving_a_person_without_a_record_raises(change: str, monkeypatch: pytest.MonkeyPatch) -> None:
    model = stepped(small_model(counties=THREE_COUNTIES), 1)
    people = model.world.population.people
    person = int(np.flatnonzero((people.alive == 1) & (people.zone == Zone.SEAT) & (people.county == 0))[0])

    def meddle(world: Any, month: int) -> None:
        if change == "zone":
            people.zone[person] = Zone.TOWN
        elif change == "alive":
            people.alive[person] = 0
        else:
            people.county[person] = 1

    monkeypatch.setattr("urbsim.processes.reclassification.advance", meddle)
    with pytest.raises(AccountsError, match="accounts do not close in 2020-12, county index 0"):
        model.step()


def test_every_flow_has_ends_that_fit_its_cause() -> None:
    policy = Resettlement(start="2020-12", households_per_year=3000, eligible_share=1.0, payer="province")
    model = stepped(small_model(counties=THREE_COUNTIES, policies={"resettlement": policy}), 14)
    seen = set()
    for _, _, cause, origin, destination, persons in model.recorder.flows:
        assert persons > 0
        seen.add(cause)
        if cause in ("birth", "arrival"):
            assert (origin, destination in ZONE_NAMES) == ("outside", True)
        elif cause in ("death", "departure"):
            assert (origin in ZONE_NAMES, destination) == (True, "outside")
        elif cause in ("reclassification", "resettlement"):
            assert origin == "village"
            assert destination in ("town", "seat")
        else:
            assert "outside" not in (origin, destination)
            assert origin != destination
    assert seen == {cause.name.lower() for cause in Cause}


def test_what_leaves_one_county_for_another_arrives_there() -> None:
    model = small_model(counties=THREE_COUNTIES, scale=0.02, parameters={"residence.zeta_near": 8.0})
    model.world.distances.inside[...] = 0.9
    crossings = 0
    for _ in range(6):
        model.step()
        flows = model.world.accounts.flows[:, Cause.MOVE]
        assert flows[:, :, 6].sum() == flows[:, 6, :].sum()
        crossings += int(flows[:, :, 6].sum())
    assert crossings > 20


def test_school_leavers_who_enter_college_live_outside_the_county() -> None:
    model = stepped(small_model(), 7)
    people = model.world.population.people
    before = set(people.key[people.stage == Stage.COLLEGE].tolist())
    stepped(model, 5)
    entrants = [
        i
        for i in np.flatnonzero((people.stage == Stage.COLLEGE) & (people.alive == 1))
        if int(people.key[i]) not in before
    ]
    assert len(entrants) > 10
    assert (people.zone[entrants] >= Zone.NEAR).all()


def test_pupils_are_three_to_twenty_three_years_old() -> None:
    model = stepped(small_model(), 12)
    people = model.world.population.people
    age = (model.month - people.birth[(people.alive == 1) & (people.stage > 0)]) // 12
    assert age.min() >= 3
    assert age.max() <= 23
