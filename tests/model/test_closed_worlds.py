"""Worlds of several counties that exchange people: what leaves one arrives in another, and strangers can go home."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from urbsim.codes import Cause, Stage, Zone
from urbsim.model import UrbanizationModel
from urbsim.observation.indicators import INDICATORS
from urbsim.processes.arrivals import expected_households
from urbsim.processes.residence.alternatives import alternatives
from urbsim.processes.residence.destinations import FAR, NEAR, OTHER_PROVINCE, OTHER_SEAT
from urbsim.state.world import World
from worlds import THREE_COUNTIES, small_model, stepped, without_the_absent

TWO_PROVINCES = (*THREE_COUNTIES, "341282")
NEAR_ZONE = int(Zone.NEAR)


def closed(world: World) -> World:
    """Make the counties of a world all there is."""
    world.distances.inside[...], world.distances.far_inside[...] = 1.0, 1.0
    return world


def make_guests(world: World) -> None:
    """Register strangers to the world in other counties of it, of the same or of another province."""
    people = world.population.people
    first = world.provinces[people.county] == world.provinces[0]
    for registration, homes in ((-1, (1, 3)), (-2, (3, 0))):
        strangers = people.registration == registration
        people.registration[strangers] = np.where(first, *homes)[strangers]


@cache
def whole_world() -> tuple[UrbanizationModel, int, np.ndarray]:
    """Return a closed world after September, its people at the start, and flows by cause, origin and destination."""
    model = small_model(counties=TWO_PROVINCES, scale=0.02, parameters={"reconsider.floor": 0.2})
    world, people = closed(model.world), model.world.population.people
    # Nobody is outside a world that is all there is: strangers are of the other counties.
    make_guests(world)
    without_the_absent(world)
    start, flows = int(np.sum(people.alive)), np.zeros_like(world.accounts.flows)
    for _ in range(11):
        model.step()
        flows += model.world.accounts.flows
    return model, start, flows.sum(axis=0)


def test_in_a_world_of_everything_people_change_by_births_and_deaths_only() -> None:
    model, start, flows = whole_world()
    by_cause = flows.sum(axis=(1, 2))
    assert by_cause[Cause.ARRIVAL] == by_cause[Cause.DEPARTURE] == 0
    now = int(np.sum(model.world.population.people.alive))
    assert now == start + by_cause[Cause.BIRTH] - by_cause[Cause.DEATH]
    assert (model.world.population.people.zone[model.world.population.people.alive == 1] < NEAR_ZONE).all()


def test_in_a_world_of_everything_departures_are_the_others_arrivals() -> None:
    model, _, flows = whole_world()
    moves = flows[Cause.MOVE]
    assert moves[:, 6].sum() == moves[6].sum() > 50
    people, provinces = model.world.population.people, model.world.provinces
    elsewhere = (people.alive == 1) & (people.registration != people.county) & (people.arrival >= model.scenario.start)
    other = provinces[people.registration] != provinces[people.county]
    assert np.sum(elsewhere & other) > 20
    assert np.sum(elsewhere & ~other) > 20


def test_students_go_to_college_in_the_world_as_far_as_it_holds_the_rest() -> None:
    people = whole_world()[0].world.population.people
    students = (people.alive == 1) & (people.stage == Stage.COLLEGE) & (people.arrival >= 12)
    new = students & (people.arrival == people.arrival[students].max())
    assert np.sum(new) > 20
    assert (people.zone[new] == Zone.SEAT).all()
    homes = whole_world()[0].world.population.households
    assert (homes.county[people.household[new]] == people.county[new]).all()


def test_people_away_are_as_many_in_any_company() -> None:
    """Those who live in another county of the world are counted with those outside it, near and far."""

    def away(*counties: str) -> np.ndarray:
        world = small_model(counties=tuple(sorted(counties)), scale=0.05).world
        county = world.codes.index(THREE_COUNTIES[0])
        return np.array([INDICATORS[f"residents_{where}"].by_county(world)[county] for where in ("near", "far")])

    alone, together = away(THREE_COUNTIES[0]), away(*THREE_COUNTIES, "140403", "341282", "440305")
    assert alone == pytest.approx([21_160, 8_860], rel=0.01)
    assert together == pytest.approx(alone, rel=0.03)


def test_arrivals_are_of_what_lies_outside_the_world() -> None:
    world = small_model(counties=THREE_COUNTIES, scale=0.02).world
    world.distances.inside[...], world.distances.far_inside[...] = 0.0, 0.0
    whole = expected_households(world)
    world.distances.inside[...], world.distances.far_inside[...] = 0.25, 0.6
    assert expected_households(world) == pytest.approx(whole * [0.75, 0.4])


def test_destinations_exist_as_far_as_the_world_holds_them() -> None:
    world = small_model(counties=TWO_PROVINCES, scale=0.002).world
    assert alternatives(world, world.start).exists[:, OTHER_SEAT].tolist() == [True, True, True, False]
    assert alternatives(world, world.start).exists[:, [OTHER_PROVINCE, NEAR, FAR]].all()
    closed(world)
    assert not alternatives(world, world.start).exists[:, [NEAR, FAR]].any()


def test_what_a_world_holds_of_a_destination_is_worth_what_the_rest_is() -> None:
    """Each part has its share of the mass within the nest, and pays what the whole pays."""
    world = small_model(counties=TWO_PROVINCES, scale=0.01).world
    world.distances.inside[...], world.distances.far_inside[...] = 0.25, 0.1
    offers, values = alternatives(world, world.start), world.values
    for inside, outside, share, pay, zeta in (
        (OTHER_SEAT, NEAR, 0.25, values["start.wage_near_2020"], "near"),
        (OTHER_PROVINCE, FAR, 0.1, values["start.wage_far_2020"], "far"),
    ):
        premium = offers.constant[0, inside] - values["residence.nest"] * np.log(share)
        zeta_and_period = values[f"residence.zeta_{zeta}"]
        zeta_and_period += values["residence.period_outside"] * values["residence.period"]
        premium -= zeta_and_period
        assert premium == pytest.approx(values["residence.alpha"] * np.log(pay / values["start.wage_2020"]))
        whole = offers.constant[0, outside] - values["residence.nest"] * np.log(1.0 - share)
        assert whole == pytest.approx(zeta_and_period)


def test_people_of_other_counties_of_the_world_return_home() -> None:
    model = small_model(counties=TWO_PROVINCES, scale=0.02, parameters={"reconsider.floor": 0.9, "residence.home": 6.0})
    people = model.world.population.people
    make_guests(model.world)
    guests = np.flatnonzero((people.registration != people.county) & (people.zone < NEAR_ZONE))
    other = model.world.provinces[people.registration[guests]] != model.world.provinces[people.county[guests]]
    stepped(model, 8)
    living = people.alive[guests] == 1
    back = people.county[guests] == people.registration[guests]
    for kind in (other, ~other):
        assert np.sum(living & kind) > 50
        assert np.mean(back[living & kind]) > 0.3
    assert set(people.zone[guests][living & back].tolist()) >= {0, 1, 2}


def test_a_stranger_whose_home_is_outside_may_leave_a_world_of_the_whole_province() -> None:
    model = small_model(
        counties=THREE_COUNTIES, scale=0.05, parameters={"reconsider.floor": 0.9, "residence.home": 6.0}
    )
    closed(model.world)
    people = model.world.population.people
    for registration in (-1, -2):
        strangers = np.flatnonzero((people.registration == registration) & (people.alive == 1))
        assert strangers.size > 50
    before = {r: np.sum((people.registration == r) & (people.alive == 1)) for r in (-1, -2)}
    stepped(model, 6)
    for registration, persons in before.items():
        assert np.sum((people.registration == registration) & (people.alive == 1)) < 0.8 * persons


def test_who_is_near_when_the_world_closes_is_not_driven_out() -> None:
    """Without the rest of the province to go to, those who are there leave it no faster than they would."""

    def left(is_closed: bool) -> float:
        model = small_model(counties=THREE_COUNTIES, scale=0.05, parameters={"reconsider.floor": 0.3})
        if is_closed:
            closed(model.world)
        people = model.world.population.people
        near = np.flatnonzero((people.zone == NEAR_ZONE) & (people.alive == 1))
        stepped(model, 6)
        return float(np.mean(people.zone[near] != NEAR_ZONE))

    assert 0.0 < left(True) < 1.2 * left(False)
