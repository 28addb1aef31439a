"""Registration is voluntary and never touches land; reclassification moves nobody's household."""

from __future__ import annotations

import numpy as np
import pytest

from urbsim.codes import Cause, Event, Stage, Tenure, Zone
from urbsim.model import UrbanizationModel
from urbsim.months import parse_month
from urbsim.policies.levers.registration import HukouRelaxation
from urbsim.population import Columns, People
from urbsim.processes import demography, housing, reclassification, registration, schooling
from urbsim.randomness import Decision, uniforms
from worlds import THREE_COUNTIES, columns_of, small_model, stepped

MAY = parse_month("2021-05")
OPEN = HukouRelaxation(start="2020-01", years_required=0, home_required=False)


def reclassified() -> tuple[UrbanizationModel, dict[str, dict[str, np.ndarray]]]:
    """Return a model after a month's reclassification alone, and all columns before it."""
    model = stepped(small_model(counties=THREE_COUNTIES, scale=0.02, parameters={"reclassification.rate": 0.0}), 2)
    model.world.values = {**model.world.values, "reclassification.rate": 0.9}
    population = model.world.population
    before = {"people": columns_of(population.people), "households": columns_of(population.households)}
    model.world.accounts.open_month()
    reclassification.advance(model.world, MAY)
    return model, before


def changed_columns(model: UrbanizationModel, before: dict[str, dict[str, np.ndarray]], kind: str) -> set[str]:
    columns = getattr(model.world.population, kind)
    return {name for name in columns if not np.array_equal(columns[name], before[kind][name])}


def village_of(model: UrbanizationModel, counties: np.ndarray, keys: np.ndarray) -> np.ndarray:
    """Return one number for county and village of each household."""
    lots = uniforms(model.world.randomness.stream(Decision.VILLAGE, 0), keys)
    return counties * 100_000 + np.floor(lots * model.world.villages[counties]).astype(int)


def test_reclassification_changes_zones_tenure_and_registration_but_never_land() -> None:
    model, before = reclassified()
    assert changed_columns(model, before, "households") == {"zone", "tenure"}
    assert changed_columns(model, before, "people") == {"zone", "registered_zone", "urban_registered"}


def test_reclassified_households_were_in_villages_and_own_their_house_on_urban_ground() -> None:
    model, before = reclassified()
    households = model.world.population.households
    was = before["households"]["zone"]
    changed = households.zone != was
    assert (was[changed] == Zone.VILLAGE).all()
    assert np.isin(households.zone[changed], (Zone.TOWN, Zone.SEAT)).all()
    assert (households.tenure[changed] == Tenure.OWNS).all()


def test_villages_are_reclassified_whole_and_into_one_zone() -> None:
    model, before = reclassified()
    households = model.world.population.households
    home = np.flatnonzero(before["households"]["zone"] == Zone.VILLAGE)
    village = village_of(model, households.county[home].astype(int), households.key[home])
    zones = {number: set(households.zone[home[village == number]].tolist()) for number in np.unique(village)}
    assert all(len(found) == 1 for found in zones.values())
    assert {next(iter(found)) for found in zones.values()} == {0, 1, 2}


@pytest.mark.parametrize("rate", [0.007, 0.2])
def test_a_villages_chance_is_the_rate_and_the_seats_part_its_share(rate: float) -> None:
    model = small_model(counties=THREE_COUNTIES, scale=0.02, parameters={"reclassification.rate": rate})
    months, share = 600, model.world.values["reclassification.seat_share"]
    fates = np.concatenate([reclassification.choose_villages(model.world, month).fate for month in range(months)])
    expected = fates.size * (1.0 - (1.0 - rate) ** (1 / 12))
    chosen = int((fates > 0).sum())
    assert chosen == pytest.approx(expected, abs=4 * np.sqrt(months * len(THREE_COUNTIES) / 4))  # rounding alone
    assert (fates == Zone.SEAT).sum() == pytest.approx(share * chosen, abs=4 * np.sqrt(share * (1 - share) * chosen))


def test_as_many_villages_as_expected_are_chosen_in_every_month_but_for_rounding() -> None:
    model = small_model(counties=THREE_COUNTIES, scale=0.02, parameters={"reclassification.rate": 0.2})
    expected = model.world.villages * (1.0 - 0.8 ** (1 / 12))
    for month in range(36):
        found = reclassification.choose_villages(model.world, month)
        chosen = np.add.reduceat(found.fate > 0, found.first)
        assert (np.abs(chosen - expected) < 1.0).all()


def test_villages_are_those_of_the_real_county_whatever_the_scale() -> None:
    few, many = (small_model(counties=THREE_COUNTIES, scale=scale) for scale in (0.01, 0.05))
    np.testing.assert_allclose(few.world.villages, many.world.villages, rtol=0.02)
    size = few.world.tally.stocks[:, Zone.VILLAGE] * few.world.weight / few.world.villages
    np.testing.assert_allclose(size, few.world.values["reclassification.village_people"], rtol=0.02)
    np.testing.assert_array_equal(few.world.villages, stepped(few, 3).world.villages)


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


def test_who_is_registered_in_a_reclassified_village_is_registered_in_the_zone_wherever_they_live() -> None:
    model, before = reclassified()
    people, households, was = model.world.population.people, model.world.population.households, before["people"]
    of_village = (was["registered_zone"] == Zone.VILLAGE) & (people.registration >= 0)
    villagers = np.flatnonzero(of_village & (people.alive == 1))
    village = village_of(model, people.registration[villagers].astype(int), households.key[people.household[villagers]])
    fate = {}
    for person, number in zip(villagers, village, strict=True):
        assert fate.setdefault(number, people.registered_zone[person]) == people.registered_zone[person]
    converted = villagers[people.registered_zone[villagers] > 0]
    assert (people.urban_registered[converted] == 1).all()
    absent = converted[was["zone"][converted] >= Zone.NEAR]
    in_town = converted[np.isin(was["zone"][converted], (Zone.TOWN, Zone.SEAT))]
    assert absent.size > 10
    assert in_town.size > 10
    np.testing.assert_array_equal(people.zone[absent], was["zone"][absent])
    at_home = converted[was["zone"][converted] == Zone.VILLAGE]
    np.testing.assert_array_equal(people.registered_zone[at_home], people.zone[at_home])
    strangers = people.registration < 0
    np.testing.assert_array_equal(people.registered_zone[strangers], was["registered_zone"][strangers])


def test_no_month_of_the_year_is_special() -> None:
    model = small_model(counties=THREE_COUNTIES, scale=0.02, parameters={"reclassification.rate": 0.3})
    chosen = np.zeros(12)
    for month in range(240):
        chosen[month % 12] += (reclassification.choose_villages(model.world, month).fate > 0).sum()
    assert np.ptp(chosen) < 0.1 * chosen.mean()


def registered_month() -> tuple[UrbanizationModel, dict[str, dict[str, np.ndarray]]]:
    """Return a model after a month's registration alone under open rules, and all columns before it."""
    model = small_model(
        counties=THREE_COUNTIES,
        scale=0.04,
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
    changed = people.registration != was["registration"]
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


def test_children_follow_a_parent_and_nobody_else() -> None:
    model, before = registered_month()
    people = model.world.population.people
    newly = set(newly_registered(model, before).tolist())
    age = (model.month - people.birth) // 12
    child = np.flatnonzero((people.alive == 1) & (age < 16) & (people.mother >= 0))
    was = before["people"]
    unsettled = (was["registration"][child] != was["county"][child]) | (was["registered_zone"][child] == Zone.VILLAGE)
    mother = people.mother[child]
    father = people.spouse[mother]
    of_mother = np.array([int(i) in newly for i in mother])
    of_father = np.array([int(i) in newly for i in father])
    follows = unsettled & (of_mother | of_father)
    assert (follows & ~of_father).sum() > 5
    assert (follows & ~of_mother).sum() > 5
    assert all(int(i) in newly for i in child[follows])
    for column in (people.registration, people.registered_zone):
        only_her = follows & ~of_father
        np.testing.assert_array_equal(column[child[only_her]], column[mother[only_her]])
        only_him = follows & ~of_mother
        np.testing.assert_array_equal(column[child[only_him]], column[father[only_him]])
    assert not newly & set(child[~follows].tolist())
    assert not any(int(i) in newly for i in np.flatnonzero((age < 16) & (people.mother < 0)))


def test_nobody_registered_in_a_town_or_seat_of_the_county_registers_again() -> None:
    model, before = registered_month()
    was = before["people"]
    newly = newly_registered(model, before)
    already = (was["registered_zone"] > Zone.VILLAGE) & (was["registration"] == was["county"])
    assert not already[newly].any()


def test_the_years_required_are_waited_for() -> None:
    closed = HukouRelaxation(start="2020-01", home_required=False, zones=("town", "seat"))
    years = 2.0
    parameters = {**NO_RATE, "registration.years_required": years, "registration.rate": 0.5}
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
        parameters = {**NO_RATE, "registration.rate": 0.5, "registration.tenants_qualify": 0.0}
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


NO_RATE = {f"registration.{name}": 0.0 for name in ("rate", "school", "purchase", "marriage")}


def transferred(event: str, chance: float, prepare) -> tuple[np.ndarray, np.ndarray]:  # type: ignore[no-untyped-def]
    """Return who transfers in a month in which only one event has a chance, and who met it; both masks of people.

    ``prepare`` makes the event happen and returns whom it happens to.
    """
    parameters = {**NO_RATE, f"registration.{event}": chance}
    model = stepped(small_model(scale=0.1, parameters=parameters, policies={"open": OPEN}), 1)
    people = model.world.population.people
    people.events[...] = 0
    met = prepare(model)
    before = {"people": columns_of(people)}
    registration.advance(model.world, model.month)
    newly = np.zeros(people.size, dtype=bool)
    newly[newly_registered(model, before)] = True
    adult = model.month - people.birth >= 192
    return newly & adult, met & adult & could_transfer(before["people"])


def could_transfer(was: dict[str, np.ndarray]) -> np.ndarray:
    settled = (was["registration"] == was["county"]) & (was["registered_zone"] > Zone.VILLAGE)
    return (was["alive"] == 1) & np.isin(was["zone"], (Zone.TOWN, Zone.SEAT)) & ~settled


def school_entry(model: UrbanizationModel) -> np.ndarray:
    people = model.world.population.people
    people.events[::2] |= np.uint8(Event.CHILD_CHANGES_SCHOOL)
    return people.events & Event.CHILD_CHANGES_SCHOOL > 0


def purchase(model: UrbanizationModel) -> np.ndarray:
    households = model.world.population.households
    households.bought[::3] = model.month
    return (households.bought == model.month)[model.world.population.people.household]


def wives_from_villages(people: Columns[People]) -> None:
    """Register half of all wives in a village: at the start couples are registered together."""
    people.registered_zone[(people.spouse >= 0) & (people.female == 1) & (people.key % 2 == 0)] = Zone.VILLAGE


def marriage(model: UrbanizationModel) -> np.ndarray:
    people = model.world.population.people
    wives_from_villages(people)
    people.events[...] |= np.where(people.spouse >= 0, int(Event.MARRIED), 0).astype(np.uint8)
    spouse = people.spouse
    settled = (people.registration[spouse] == people.county) & (people.registered_zone[spouse] > Zone.VILLAGE)
    return (spouse >= 0) & settled


@pytest.mark.parametrize(
    ("event", "prepare"), [("school", school_entry), ("purchase", purchase), ("marriage", marriage)]
)
@pytest.mark.parametrize("chance", [0.0, 0.3, 1.0])
def test_an_event_brings_transfers_with_its_chance_to_those_it_happens_to(event, prepare, chance) -> None:  # type: ignore[no-untyped-def]
    newly, met = transferred(event, chance, prepare)
    assert met.sum() > 100
    assert not newly[~met].any()
    assert newly.sum() == pytest.approx(chance * met.sum(), abs=4 * np.sqrt(chance * (1 - chance) * met.sum()) + 1e-9)


def test_who_marries_is_registered_where_the_spouse_is_and_need_not_qualify() -> None:
    parameters = {**NO_RATE, "registration.marriage": 1.0, "registration.years_required": 10.0}
    model = stepped(small_model(scale=0.1, parameters=parameters), 1)
    people = model.world.population.people
    met = marriage(model)
    before = {"people": columns_of(people)}
    registration.advance(model.world, model.month)
    joined = np.flatnonzero(met & could_transfer(before["people"]) & (model.month - people.birth >= 192))
    assert joined.size > 100
    np.testing.assert_array_equal(people.registered_zone[joined], people.registered_zone[people.spouse[joined]])
    assert len(set(people.registered_zone[joined].tolist())) == 2


def test_a_purchase_is_dated_and_only_buyers_are() -> None:
    model = stepped(small_model(scale=0.3, parameters={"housing.purchase_rate": 1.0}), 2)
    households = model.world.population.households
    tenure, bought = households.tenure.copy(), households.bought.copy()
    housing.advance(model.world, model.month + 1)
    buyers = (tenure != Tenure.OWNS) & (households.tenure == Tenure.OWNS)
    assert buyers.sum() > 5
    np.testing.assert_array_equal(households.bought, np.where(buyers, model.month + 1, bought))


def test_school_entry_in_september_is_an_event_for_the_registration_of_parents() -> None:
    counts = {}
    for month in ("2021-08", "2021-09"):
        parameters = {**NO_RATE, "registration.school": 1.0}
        model = small_model(scale=0.05, parameters=parameters, policies={"open": OPEN})
        while model.month < parse_month(month):
            model.step()
        counts[month] = float(model.world.activity.newly_registered.sum())
    assert counts["2021-08"] == 0.0
    assert counts["2021-09"] > 0.0


@pytest.mark.parametrize("follows", [0.0, 0.6, 1.0])
def test_newborns_are_registered_with_a_parent(follows: float) -> None:
    parameters = {"registration.newborn_urban": follows, "demography.fertility_factor": 2.0}
    model = stepped(small_model(scale=0.5, parameters=parameters), 1)
    world, people = model.world, model.world.population.people
    wives_from_villages(people)
    first = people.size
    demography.advance(world, model.month + 1)
    people = world.population.people
    born = np.arange(first, people.size)
    mother = people.mother[born]
    father = people.spouse[mother]
    settled = (people.registered_zone > Zone.VILLAGE) & (people.registration >= 0)
    of_two = (father >= 0) & (settled[mother] != settled[father])
    in_town = people.registered_zone[born] > Zone.VILLAGE
    assert of_two.sum() > 30
    spread = 4 * np.sqrt(follows * (1 - follows) * of_two.sum())
    assert in_town[of_two].sum() == pytest.approx(follows * of_two.sum(), abs=spread + 1e-9)
    np.testing.assert_array_equal(people.registered_zone[born[~of_two]], people.registered_zone[mother[~of_two]])


@pytest.mark.parametrize("share", [0.0, 0.4, 1.0])
def test_students_transfer_village_registration_with_the_stated_chance(share: float) -> None:
    model = small_model(scale=0.3, parameters={"registration.college_share": share})
    while model.month < parse_month("2021-08"):
        model.step()
    world, people = model.world, model.world.population.people
    before = columns_of(people)
    schooling.advance(world, parse_month("2021-09"), model.schools)
    students = (people.stage == Stage.COLLEGE) & (before["stage"] != Stage.COLLEGE) & (people.alive == 1)
    students &= (before["registered_zone"] == Zone.VILLAGE) & (before["zone"] < Zone.NEAR)
    moved = students & (people.registered_zone == Zone.SEAT)
    number = int(students.sum())
    assert number > 100
    assert moved.sum() == pytest.approx(share * number, abs=4 * np.sqrt(share * (1 - share) * number) + 1e-9)
    assert (people.urban_registered[moved] == 1).all()
    others = (before["alive"] == 1) & ~moved
    np.testing.assert_array_equal(people.registered_zone[others], before["registered_zone"][others])
