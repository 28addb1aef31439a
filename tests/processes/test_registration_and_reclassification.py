"""Registration is voluntary and never touches land; reclassification moves nobody's household."""

from __future__ import annotations

import numpy as np
import pytest

from urbsim.codes import Cause, Tenure, Zone
from urbsim.model import UrbanizationModel
from urbsim.months import parse_month
from urbsim.policies.levers.registration import HukouRelaxation
from urbsim.processes import reclassification, registration
from worlds import THREE_COUNTIES, columns_of, small_model, stepped

JANUARY = parse_month("2021-01")
OPEN = HukouRelaxation(start="2020-01", years_required=0, home_required=False)


def reclassified(rate: float = 0.05) -> tuple[UrbanizationModel, dict[str, dict[str, np.ndarray]]]:
    """Return a model after reclassification alone, and all columns before it."""
    model = stepped(small_model(counties=THREE_COUNTIES, scale=0.02, parameters={"reclassification.rate": rate}), 2)
    population = model.world.population
    before = {"people": columns_of(population.people), "households": columns_of(population.households)}
    model.world.accounts.open_month()
    reclassification.advance(model.world, JANUARY)
    return model, before


def changed_columns(model: UrbanizationModel, before: dict[str, dict[str, np.ndarray]], kind: str) -> set[str]:
    columns = getattr(model.world.population, kind)
    return {name for name in columns if not np.array_equal(columns[name], before[kind][name])}


def test_reclassification_changes_zones_and_tenure_only() -> None:
    model, before = reclassified()
    assert changed_columns(model, before, "households") == {"zone", "tenure"}
    assert changed_columns(model, before, "people") == {"zone", "registered_zone"}


def test_reclassified_households_were_in_villages_and_own_their_house_on_urban_ground() -> None:
    model, before = reclassified()
    households = model.world.population.households
    was = before["households"]["zone"]
    changed = households.zone != was
    assert (was[changed] == Zone.VILLAGE).all()
    assert np.isin(households.zone[changed], (Zone.TOWN, Zone.SEAT)).all()
    assert (households.tenure[changed] == Tenure.OWNS).all()


def test_the_share_reclassified_is_the_rate_and_its_split_the_seats_share() -> None:
    model, before = reclassified()
    households = model.world.population.households
    villages = before["households"]["zone"] == Zone.VILLAGE
    number, rate = int(villages.sum()), model.world.values["reclassification.rate"]
    urban = households.zone[villages]
    assert abs((urban > 0).sum() - rate * number) < 4 * np.sqrt(rate * number)
    share, chosen = model.world.values["reclassification.seat_share"], int((urban > 0).sum())
    assert abs((urban == Zone.SEAT).sum() - share * chosen) < 4 * np.sqrt(share * (1 - share) * chosen)


def test_reclassified_residents_stay_in_their_household_and_are_recorded_as_such() -> None:
    model, before = reclassified()
    people, households = model.world.population.people, model.world.population.households
    alive = people.alive == 1
    changed = alive & (people.zone != before["people"]["zone"])
    assert changed.sum() > 50
    assert (before["people"]["zone"][changed] == Zone.VILLAGE).all()
    np.testing.assert_array_equal(people.zone[changed], households.zone[people.household[changed]])
    flows = model.world.accounts.flows
    assert flows[:, Cause.RECLASSIFICATION].sum() == changed.sum() == flows.sum()


def test_absent_members_of_reclassified_households_stay_away_and_are_registered_in_the_new_zone() -> None:
    model, before = reclassified()
    people, households = model.world.population.people, model.world.population.households
    home_changed = households.zone[people.household] != before["households"]["zone"][people.household]
    absent = (people.alive == 1) & (people.zone >= Zone.NEAR) & home_changed
    absent &= (before["people"]["registered_zone"] == Zone.VILLAGE) & (people.registration == people.county)
    assert absent.sum() > 10
    np.testing.assert_array_equal(people.registered_zone[absent], households.zone[people.household[absent]])
    np.testing.assert_array_equal(people.zone[absent], before["people"]["zone"][absent])


@pytest.mark.parametrize("month", ["2021-02", "2021-07", "2021-12"])
def test_reclassification_happens_in_january_only(month: str) -> None:
    model = stepped(small_model(parameters={"reclassification.rate": 0.05}), 1)
    zones = model.world.population.households.zone.copy()
    reclassification.advance(model.world, parse_month(month))
    np.testing.assert_array_equal(model.world.population.households.zone, zones)


def registered_month() -> tuple[UrbanizationModel, dict[str, dict[str, np.ndarray]]]:
    """Return a model after a month's registration alone under open rules, and all columns before it."""
    model = small_model(
        counties=THREE_COUNTIES,
        scale=0.05,
        parameters={"registration.rate": 0.5},
        policies={"open": OPEN},
    )
    stepped(model, 2)
    population = model.world.population
    before = {"people": columns_of(population.people), "households": columns_of(population.households)}
    model.month += 1
    registration.advance(model.world, model.month)
    return model, before


def test_registration_changes_nothing_of_households_and_so_never_their_land() -> None:
    model, before = registered_month()
    assert changed_columns(model, before, "households") == set()
    names = {"registration", "registered_zone", "urban_registered"}
    changed = changed_columns(model, before, "people")
    assert names - {"registration"} <= changed <= names


def newly_registered(model: UrbanizationModel, before: dict[str, dict[str, np.ndarray]]) -> np.ndarray:
    people, was = model.world.population.people, before["people"]
    changed = (people.registration != was["registration"]) | (people.urban_registered != was["urban_registered"])
    return np.flatnonzero(changed | (people.registered_zone != was["registered_zone"]))


def test_who_registers_lives_in_a_town_or_seat_and_is_registered_there_as_urban() -> None:
    model, before = registered_month()
    people = model.world.population.people
    newly = newly_registered(model, before)
    age = (model.month - people.birth) // 12
    adults = newly[age[newly] >= 16]
    assert adults.size > 50
    assert np.isin(people.zone[adults], (Zone.TOWN, Zone.SEAT)).all()
    np.testing.assert_array_equal(people.registration[adults], people.county[adults])
    np.testing.assert_array_equal(people.registered_zone[adults], people.zone[adults])
    assert (people.urban_registered[newly] == 1).all()
    assert model.world.activity.newly_registered.sum() == pytest.approx(newly.size * model.world.weight)


def test_children_follow_the_mother_and_only_her() -> None:
    model, before = registered_month()
    people = model.world.population.people
    newly = set(newly_registered(model, before).tolist())
    age = (model.month - people.birth) // 12
    child = np.flatnonzero((people.alive == 1) & (age < 16) & (people.mother >= 0))
    follows = np.array([int(people.mother[i]) in newly for i in child])
    assert follows.sum() > 10
    with_mother = child[follows]
    mothers = people.mother[with_mother]
    np.testing.assert_array_equal(people.registration[with_mother], people.registration[mothers])
    np.testing.assert_array_equal(people.registered_zone[with_mother], people.registered_zone[mothers])
    assert not newly & set(child[~follows].tolist())
    assert not any(int(i) in newly for i in np.flatnonzero((age < 16) & (people.mother < 0)))


def test_nobody_registered_in_the_county_as_urban_registers_again() -> None:
    model, before = registered_month()
    was = before["people"]
    newly = newly_registered(model, before)
    already = (was["urban_registered"] == 1) & (was["registration"] == was["county"])
    assert not already[newly].any()


def test_the_years_required_are_waited_for() -> None:
    closed = HukouRelaxation(start="2020-01", home_required=False, zones=("town", "seat"))
    years = 2.0
    parameters = {"registration.years_required": years, "registration.rate": 0.5}
    model = stepped(small_model(scale=0.02, parameters=parameters, policies={"closed": closed}), 1)
    before = {"people": columns_of(model.world.population.people)}
    registration.advance(model.world, model.month + 1)
    people = model.world.population.people
    newly = newly_registered(model, before)
    adults = newly[(model.month + 1 - people.birth[newly]) // 12 >= 16]
    assert adults.size > 5
    assert (model.month + 1 - people.arrival[adults] >= 12 * years).all()


def test_tenants_wait_where_a_home_of_ones_own_is_asked_for() -> None:
    def tenants_and_owners(home_required: bool) -> tuple[int, int]:
        policy = HukouRelaxation(start="2020-01", years_required=0, home_required=home_required)
        parameters = {"registration.rate": 0.5, "registration.tenants_qualify": 0.0}
        model = stepped(small_model(scale=0.05, parameters=parameters, policies={"policy": policy}), 1)
        before = {"people": columns_of(model.world.population.people)}
        registration.advance(model.world, model.month + 1)
        people, households = model.world.population.people, model.world.population.households
        newly = newly_registered(model, before)
        adults = newly[(model.month + 1 - people.birth[newly]) // 12 >= 16]
        tenure = households.tenure[people.household[adults]]
        return int((tenure == Tenure.RENTS).sum()), int((tenure == Tenure.OWNS).sum())

    asked, dropped = tenants_and_owners(True), tenants_and_owners(False)
    assert asked[0] == 0
    assert dropped[0] > 5
    assert asked[1] == dropped[1] > 5


@pytest.mark.parametrize(("parameter", "sign"), [("registration.child", +1), ("registration.land", -1)])
def test_schoolchildren_speed_up_registration_and_uncertified_land_slows_it(parameter: str, sign: int) -> None:
    counts = []
    for value in (0.0, 1.5):
        parameters = {parameter: value, "land.national_certified_share": 0.0, "registration.rate": 0.3}
        model = small_model(scale=0.05, parameters=parameters, policies={"open": OPEN})
        households = model.world.population.households
        households.certified[...] = 0
        stepped(model, 1)
        counts.append(float(model.world.activity.newly_registered.sum()))
    assert np.sign(counts[1] - counts[0]) == sign
