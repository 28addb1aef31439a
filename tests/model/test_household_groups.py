"""A household's registration group is one thing: how it is counted, what it is paid, and what it reckons with."""

from __future__ import annotations

import numpy as np
import pytest

from plainly import plainly
from urbsim.codes import Event, Group, Tenure, Work, Zone
from urbsim.model import UrbanizationModel
from urbsim.months import parse_month
from urbsim.policies.levers.housing import HousingSubsidy
from urbsim.population import NOBODY, Population
from urbsim.processes import housing
from urbsim.processes.residence import month_choice
from urbsim.processes.residence.utility import household_group_at
from urbsim.state.tally import count
from worlds import by_key, small_model, stepped

JANUARY = parse_month("2021-01")
CAN_AFFORD = int(Event.CAN_AFFORD_SEAT)
PROVINCES = np.array([34])


def homes(*members: list[tuple[int, int, int]]) -> Population:
    """Return households in the seat, each of members (age, registration, urban-registered)."""
    population = Population(sum(map(len, members)), len(members))
    people, households = population.people, population.households
    rows = [(home, *member) for home, household in enumerate(members) for member in household]
    home, age, registration, urban = (np.array(column) for column in zip(*rows, strict=True))
    people.key[...] = np.arange(len(rows)) + 1
    people.household[...], people.birth[...] = home, JANUARY - 12 * age
    people.registration[...], people.urban_registered[...] = registration, urban
    people.zone[...] = households.zone[...] = Zone.SEAT
    households.key[...] = np.arange(len(members)) + 1
    households.tenure[...] = Tenure.RENTS
    return population


def test_a_household_has_the_group_of_its_first_adult_at_home() -> None:
    population = homes(
        [(40, 0, 1), (38, -2, 0)],  # the urban local comes first
        [(8, -1, 0), (40, 0, 0), (38, -2, 0)],  # children do not count where there is an adult
        [(15, 0, 0), (9, -2, 0)],  # but where there is none
        [(50, 0, 1), (49, -1, 0)],  # the first of these is away
        [(70, 0, 1)],  # away
    )
    population.people.zone[[7, 9]] = Zone.FAR
    tally = count(population, PROVINCES, JANUARY)
    groups = [Group.LOCAL_URBAN, Group.LOCAL_RURAL, Group.LOCAL_RURAL, Group.ELSEWHERE, NOBODY]
    assert population.households.group.tolist() == groups
    assert tally.tenants[0, Zone.SEAT].tolist() == [1, 2, 1]
    assert count(population, PROVINCES, JANUARY).tenants[0, Zone.SEAT].tolist() == [1, 2, 1]  # as before


def test_a_purchase_subsidy_brings_a_seat_dwelling_within_reach_of_the_groups_it_is_for() -> None:
    """A seat dwelling takes 100,000 yuan of savings, and 40,000 less of the rural of the county."""
    population = homes([(40, 0, 1)] * 2, [(40, 0, 0)] * 2, [(40, -2, 0)] * 2, [(40, 0, 0)] * 2)
    people, households = population.people, population.households
    people.spouse[...] = [1, 0, 3, 2, 5, 4, 7, 6]
    households.savings[...] = [70_000, 70_000, 70_000, 59_000]
    count(population, PROVINCES, JANUARY)
    needed, members = np.array([[100_000.0, 60_000.0, 100_000.0]]), np.arange(8, dtype=np.int32)
    plainly(housing._notice_affordable)(people.view(), households.view(), members, needed)
    assert (people.events & CAN_AFFORD > 0).tolist() == [False] * 2 + [True] * 2 + [False] * 4
    # Of a household with nobody at home it is the registration of who thinks about it.
    people.events[...], people.zone[2:4] = 0, Zone.FAR
    count(population, PROVINCES, JANUARY)
    assert households.group[1] == NOBODY
    plainly(housing._notice_affordable)(people.view(), households.view(), members, needed)
    assert (people.events & CAN_AFFORD > 0).tolist() == [False] * 2 + [True] * 2 + [False] * 4
    # Nobody looks in a month that is not the household's.
    people.events[...], members = 0, np.delete(members, [2, 3])
    plainly(housing._notice_affordable)(people.view(), households.view(), members, needed)
    assert (people.events & CAN_AFFORD == 0).all()


def test_only_the_group_that_is_paid_looks_at_the_seat() -> None:
    """The whole way: a subsidy for the rural of the county alerts some of them, and nobody of another group."""
    policy = HousingSubsidy(
        start="2021-01", zones=("seat",), yuan_per_purchase=60_000, eligible=("local_rural",), payer="province"
    )
    alerted, groups = [], {}
    for policies in ({}, {"subsidy": policy}):
        model = stepped(small_model(scale=0.1, policies=policies), 2)
        for step in model.schedule:
            step()
            if step.name == "housing":
                break
        people, households = model.world.population.people, model.world.population.households
        chosen = people.events & CAN_AFFORD > 0
        alerted.append(set(people.key[chosen].tolist()))
        group = households.group[people.household]
        groups |= dict(zip(people.key.tolist(), group.tolist(), strict=True))
    assert alerted[0] <= alerted[1]
    newly = {groups[key] for key in alerted[1] - alerted[0]}
    assert len(alerted[1] - alerted[0]) > 10
    assert newly <= {Group.LOCAL_RURAL, NOBODY}


def test_the_group_reckoned_with_is_the_group_counted_after_the_move() -> None:
    """Everybody who moved within the county as a couple or alone is counted in the group the choice went by."""
    parameters = {"reconsider.floor": 0.8, "residence.move": 0.5, "residence.move_inside": 0.5}
    model = small_model(scale=0.05, parameters=parameters)
    for step in model.schedule:
        if step.name == "residence":
            break
        step()
    people, households = model.world.population.people, model.world.population.households
    before = _reckoned(model)
    for step in model.schedule[[step.name for step in model.schedule].index("residence") :]:
        if step.name in ("registration", "reclassification"):
            continue
        step()
    moved = np.flatnonzero((people.arrival == model.month) & (people.alive == 1) & (people.zone < Zone.NEAR))
    checked = 0
    members = np.bincount(people.household[(people.alive == 1) & (people.zone < Zone.NEAR)], minlength=households.size)
    for i in moved:
        key, spouse = int(people.key[i]), people.spouse[i]
        couple = spouse >= 0
        alone = members[people.household[i]] == (2 if couple else 1)
        if key not in before or not alone or (couple and people.household[spouse] != people.household[i]):
            continue
        if couple and people.arrival[spouse] != model.month:
            continue
        county, by_zone = before[key]
        if people.county[i] == county:
            assert households.group[people.household[i]] == by_zone[people.zone[i]]
            checked += 1
    assert checked > 50


def _reckoned(model: UrbanizationModel) -> dict[int, tuple[int, list[int]]]:
    """Return the county of everybody adult, and the group their household would have in each of its zones."""
    people, households = model.world.population.people.view(), model.world.population.households.view()
    find = plainly(household_group_at)
    adults = np.flatnonzero((people.alive == 1) & (people.stage == 0) & (model.month - people.birth >= 192))
    return {
        int(people.key[i]): (
            int(people.county[i]),
            [int(find(people, households, i, people.spouse[i], (people.county[i], zone))) for zone in range(3)],
        )
        for i in adults
    }


def test_rent_subsidies_are_paid_to_the_households_whose_rent_they_lower() -> None:
    """2,400 yuan a year for the rural of the county: 200 a month less for them, and 200 a month for each of them."""
    policy = HousingSubsidy(
        start="2020-11", rent_yuan_per_household_year=2_400, eligible=("local_rural",), payer="province"
    )
    plain, helped = (stepped(small_model(scale=0.02, policies=each), 1) for each in ({}, {"rent": policy}))
    tenants = plain.world.tally.tenants  # as counted at the end of the month before it is paid
    rents = [month_choice(model.world, model.month).alternatives.rent[0] for model in (plain, helped)]
    lowered = rents[0] - rents[1]
    assert lowered[Zone.TOWN : Zone.SEAT + 1].max(axis=0).tolist() == pytest.approx([0.0, 200.0, 0.0])
    assert not lowered[Zone.VILLAGE].any()
    before = helped.world.tally.tenants[0, 1:, Group.LOCAL_RURAL].sum() * helped.world.weight
    helped.step()
    booked = [row[-1] for row in helped.world.ledger.entries if row[0] == "2020-12"]
    assert booked == pytest.approx([200.0 * before])
    assert tenants.sum() > 0


def test_pensions_free_the_children_of_those_who_get_them() -> None:
    """A mother who lives in the county and is registered elsewhere gets no pension here."""
    from urbsim.processes.residence.services import ServiceTables, care_need

    population = homes([(70, 0, 0)], [(70, -2, 0)], [(59, 0, 0)])
    relief = np.full((1, 3), 0.4)
    none = np.zeros((1, 6))
    tables = ServiceTables(True, JANUARY, none, none, relief, np.zeros((1, 3)), none, np.zeros(1))
    need = [plainly(care_need)(population.people.view(), tables, mother) for mother in range(3)]
    assert need == pytest.approx([0.6, 1.0, 1.0])
    tally = count(population, PROVINCES, JANUARY)
    assert tally.pensioners[0].tolist() == [0, 0, 1]


def test_nobodys_group_is_left_over_from_a_household_that_was_dissolved() -> None:
    model = stepped(small_model(scale=0.01), 6)
    people, households = model.world.population.people, model.world.population.households
    here = (people.alive == 1) & (people.zone < Zone.NEAR)
    lived_in = np.bincount(people.household[here], minlength=households.size) > 0
    np.testing.assert_array_equal(households.group != NOBODY, lived_in)
    assert model.world.tally.tenants.sum() == np.sum(lived_in & (households.tenure == Tenure.RENTS))
    assert set(by_key(model, "group", "households").values()) == {-1, 0, 1, 2}
    assert int(Work.INACTIVE) == 0
