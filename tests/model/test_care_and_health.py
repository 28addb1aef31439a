"""Places in care, beds and staff: what is provided, who competes for it, what it is worth, by hand calculation."""

from __future__ import annotations

import numpy as np
import pytest

from plainly import from_python
from urbsim.codes import Zone
from urbsim.model import UrbanizationModel
from urbsim.observation.indicators import INDICATORS
from urbsim.policies.base import Payer, Policy
from urbsim.policies.levers.care import ChildcareSupply, EldercareSupply
from urbsim.policies.levers.health import HealthCapacity
from urbsim.processes.residence import services
from urbsim.processes.residence.alternatives import alternatives
from urbsim.processes.residence.destinations import DESTINATIONS
from urbsim.processes.residence.services import service_tables
from urbsim.state.attraction import Attraction
from urbsim.state.services import childcare_gain, eldercare_gain, staffing_gain
from worlds import THREE_COUNTIES, small_model, stepped

care_need = from_python(services.care_need)
eldercare = from_python(services.eldercare)
infants_placed = from_python(services.infants_placed)

VILLAGE, TOWN, SEAT = int(Zone.VILLAGE), int(Zone.TOWN), int(Zone.SEAT)
FROM_PROVINCE = {"start": "2020-11", "payer": Payer.PROVINCE}
NURSERIES = ChildcareSupply(zones=("seat",), places_per_thousand=10, **FROM_PROVINCE)
HOMES = EldercareSupply(zones=("town",), beds_per_year=1200, m2_per_hundred_households=20, **FROM_PROVINCE)
CLINICS = HealthCapacity(beds_per_thousand=7.5, doctors_per_thousand=3.2, nurses_per_thousand=3.8, **FROM_PROVINCE)
SCALE = 0.02
NO_OTHERS = Attraction(np.zeros((1, 1)), np.zeros((1, 1)))


def model_with(policy: Policy | None = None, scale: float = SCALE, **settings: object) -> UrbanizationModel:
    policies = {"policy": policy} if policy else {}
    return small_model(scale=scale, policies=policies, **settings)  # type: ignore[arg-type]


def last_booked(model: UrbanizationModel) -> float:
    month = model.world.ledger.entries[-1][0]
    return sum(row[-1] for row in model.world.ledger.entries if row[0] == month)


def people_of(model: UrbanizationModel, zone: int, low: int, high: int = 200) -> float:
    """Return residents of a zone of an age, in real persons."""
    people = model.world.population.people
    months = model.month - people.birth
    chosen = (people.alive == 1) & (people.zone == zone) & (months >= low * 12) & (months < high * 12)
    return float(chosen.sum() * model.world.weight)


def indicator(model: UrbanizationModel, name: str) -> float:
    return float(INDICATORS[name].by_county(model.world)[0])


# -- ordinary provision


def test_without_a_programme_provision_keeps_its_rate_and_adds_nothing_to_the_bit() -> None:
    model = small_model(counties=THREE_COUNTIES, scale=SCALE)
    for _ in range(18):
        model.step()
        assert not childcare_gain(model.world).any()
        assert not eldercare_gain(model.world).any()
        assert not staffing_gain(model.world).any()
        assert not service_tables(model.world, model.month, Attraction(np.zeros((3, 3)), np.zeros((3, 3)))).active
    for name, rate in (("childcare_places", 1.8), ("doctors", 2.9), ("nurses", 3.34)):
        assert indicator(model, f"{name}_per_thousand") == pytest.approx(rate)
    old = float(model.world.tally.old[0].sum() * model.world.weight)
    assert indicator(model, "eldercare_beds") == pytest.approx(43.1 / 1000 * old)


# -- childcare


def test_childcare_brings_the_seat_to_its_number_of_places_and_costs_what_it_should() -> None:
    """All ten places per 1,000 would take two years to build, so a month adds at most a twenty-fourth of them."""
    model = model_with(NURSERIES)
    most = 0.0
    for month in range(24):
        model.step()
        residents = people_of(model, SEAT, 0)
        added = min((10 - 1.8) / 1000 * residents, most + 10 / 1000 * residents / 24)
        assert model.world.places.provision.childcare_places[0, SEAT] == pytest.approx(1.8 / 1000 * residents + added)
        if month >= 20:  # 8.2 places at 10 / 24 a month take twenty months
            assert model.world.places.provision.childcare_places[0, SEAT] == pytest.approx(10 / 1000 * residents)
        equipped = max(added - most, 0.0)
        most = max(most, added)
        assert last_booked(model) == pytest.approx(equipped * 10_000 + added * 6_000 / 12)
    assert model.world.places.provision.childcare_places[0, TOWN] == pytest.approx(
        1.8 / 1000 * people_of(model, TOWN, 0)
    )


def test_places_in_childcare_are_worth_the_chance_they_give() -> None:
    model = stepped(model_with(NURSERIES), 3)
    world = model.world
    wanting = 0.33 * people_of(model, SEAT, 0, 3)
    supply, added = world.places.provision.childcare_places[0, SEAT], world.places.provision.childcare_added[0, SEAT]
    gain = 0.33 * (min(supply / wanting, 1.0) - (supply - added) / wanting)
    assert childcare_gain(world)[0].tolist() == pytest.approx([0.0, 0.0, gain])
    assert gain > 0.04
    people = world.population.people.view()
    s = service_tables(world, model.month, NO_OTHERS)
    small = (people.alive == 1) & (model.month - people.birth < 36) & (people.mother >= 0)
    mothers, counts = np.unique(people.mother[small], return_counts=True)
    for children in (1, 2):
        mother = int(mothers[counts == children][0])
        assert infants_placed(people, s, mother, (0, SEAT)) == pytest.approx(children * gain)
        assert infants_placed(people, s, mother, (0, TOWN)) == 0.0
    childless = int(np.flatnonzero((people.female == 1) & (people.first_child < 0))[0])
    assert infants_placed(people, s, childless, (0, SEAT)) == 0.0


def test_families_who_come_take_places_from_each_other_and_places_beyond_demand_are_worth_nothing() -> None:
    world = stepped(model_with(NURSERIES), 3).world
    gains = []
    for more in (1, 2, 4):
        world.tally.infants[0, SEAT] *= more
        gains.append(childcare_gain(world)[0, SEAT])
    assert gains[0] > gains[1] > gains[2] > 0
    world.places.provision.childcare_places[0, SEAT] = world.places.provision.childcare_added[0, SEAT] = 1e9
    assert childcare_gain(world)[0, SEAT] == pytest.approx(0.33)


def test_childcare_brings_families_with_small_children_to_the_seat_and_moves_nobody_else_there() -> None:
    parameters = {"childcare.weight": 3.0, "reconsider.floor": 0.3, "provision.building_years": 0.25}
    # Places provided at the end of the first month draw families from the second on.
    plain, helped = (stepped(model_with(one, scale=0.1, parameters=parameters), 4) for one in (None, NURSERIES))
    infants, adults = [], []
    for model in (plain, helped):
        infants.append(people_of(model, SEAT, 0, 3))
        people = model.world.population.people
        childless = (people.first_child < 0) & (people.spouse < 0) & (people.alive == 1) & (people.stage == 0)
        adults.append(set(people.key[childless & (people.zone == SEAT) & (model.month - people.birth > 216)].tolist()))
    assert infants[1] > infants[0]
    assert adults[0] == adults[1]


def test_childcare_closes_when_nobody_pays_for_it() -> None:
    policy = ChildcareSupply(zones=("seat",), places_per_thousand=10, start="2020-11", end="2021-01", payer="province")
    model = stepped(model_with(policy), 4)
    assert not model.world.places.provision.childcare_added.any()
    assert not [row for row in model.world.ledger.entries if row[0] == "2021-02"]


# -- elder care


def test_elder_care_beds_and_space_are_built_and_stay() -> None:
    policy = HOMES.model_copy(update={"end": HOMES.start + 5})
    model = model_with(policy)
    most = 0.0
    for month in range(8):
        model.step()
        households = float(model.world.tally.households[0, TOWN].sum() * model.world.weight)
        old = people_of(model, TOWN, 65)
        months = min(month + 1, 6)
        # 15 m2 are missing of the 20 per 100 households, of which a month builds a twenty-fourth.
        built = min(max(15 / 100 * households - most, 0.0), 20 / 100 * households / 24) if month < 6 else 0.0
        most += built
        assert model.world.places.provision.eldercare_beds[0, TOWN] == pytest.approx(43.1 / 1000 * old + 100 * months)
        assert model.world.places.provision.eldercare_space_added[0, TOWN] == pytest.approx(most)
        expected = (month < 6) * 100 * 60_000 + 100 * months * 3_000 / 12 + built * 3_000
        assert last_booked(model) == pytest.approx(expected)


def test_a_place_in_care_frees_children_and_pleases_the_old_by_the_chance_of_it() -> None:
    model = stepped(model_with(HOMES), 6)
    world, v, places = model.world, model.world.values, model.world.places
    wanting = 0.1 * people_of(model, TOWN, 65)
    ordinary = 0.0431 * people_of(model, TOWN, 65) + places.provision.eldercare_space[0, TOWN] / 15
    ordinary -= places.provision.eldercare_space_added[0, TOWN] / 15
    added = 600 + places.provision.eldercare_space_added[0, TOWN] / 15
    gain = 0.1 * (min((ordinary + added) / wanting, 1.0) - min(ordinary / wanting, 1.0))
    assert eldercare_gain(world)[0].tolist() == pytest.approx([0.0, gain, 0.0], rel=0.02)
    found = eldercare_gain(world)[0, TOWN]
    assert found > 0.01
    people = world.population.people.view()
    s = service_tables(world, model.month, NO_OTHERS)
    age = (model.month - people.birth) // 12
    in_town = np.flatnonzero((people.alive == 1) & (people.zone == TOWN))
    aged = int(in_town[age[in_town] >= 70][0])
    assert care_need(people, s, aged) == pytest.approx(1 - v["eldercare.relief"] * found)
    assert care_need(people, s, int(in_town[age[in_town] == 62][0])) == 1.0
    worth = [eldercare(s, (0, d), int(age[aged])) for d in range(DESTINATIONS)]
    assert worth == pytest.approx([0, found, 0, 0, 0, 0, 0])


def test_elder_care_lets_more_children_go_outside() -> None:
    parameters = {"residence.care": 2.0, "eldercare.relief": 1.0, "eldercare.wanting_share": 1.0}
    policy = EldercareSupply(zones=("village", "town", "seat"), beds_per_year=600_000, **FROM_PROVINCE)
    away = [_children_away(stepped(model_with(one, parameters=parameters), 12)) for one in (None, policy)]
    assert away[1] > away[0]


def _children_away(model: UrbanizationModel) -> int:
    """Count people of 35 and over outside the county whose mother of 65 and over lives in it."""
    people = model.world.population.people
    mother = np.maximum(people.mother, 0)
    parent = (people.mother >= 0) & (people.alive[mother] == 1) & (people.zone[mother] < 3)
    parent &= model.month - people.birth[mother] >= 65 * 12
    return int((parent & (people.alive == 1) & (people.zone >= 3) & (model.month - people.birth >= 420)).sum())


# -- health


def test_hospitals_reach_the_numbers_asked_for_and_costs_follow() -> None:
    """Of 7.5 beds, 3.2 doctors and 3.8 nurses per 1,000 a month builds and employs at most a twenty-fourth."""
    model = model_with(CLINICS)
    ordinary = beds = model.world.places.hospitals.beds[0]
    doctors, nurses = 0.0, 0.0
    for _ in range(24):
        model.step()
        thousands = sum(people_of(model, zone, 0) for zone in (VILLAGE, TOWN, SEAT)) / 1000
        ordinary *= 1.02 ** (1 / 12)
        present = max(beds, ordinary)  # what the trend adds is there already where the standard came first
        built = min(max(7.5 * thousands - present, 0.0), 7.5 * thousands / 24)
        beds = present + built
        places = model.world.places
        assert places.hospitals.beds[0] == pytest.approx(beds)
        doctors = min(0.3 * thousands, doctors + 3.2 * thousands / 24)
        nurses = min(0.46 * thousands, nurses + 3.8 * thousands / 24)
        assert places.hospitals.doctors[0] == pytest.approx(2.9 * thousands + doctors)
        assert places.hospitals.nurses[0] == pytest.approx(3.34 * thousands + nurses)
        staff = doctors * 60_000 + nurses * 40_000
        assert last_booked(model) == pytest.approx(built * 300_000 + staff / 12)
    assert indicator(model, "beds_per_thousand") >= 7.5
    assert indicator(model, "doctors_per_thousand") == pytest.approx(3.2, rel=1e-12)
    assert indicator(model, "nurses_per_thousand") == pytest.approx(3.8, rel=1e-12)


def test_a_standard_of_beds_is_held_and_the_trend_does_not_go_on_on_top_of_it() -> None:
    """With as many residents for good, 7 beds per 1,000 are 7 in every later year, until the trend has more."""
    standard = HealthCapacity(beds_per_thousand=7.0, **FROM_PROVINCE)
    model = model_with(standard, scale=0.002, parameters={"health.beds_growth": 0.04})
    hospital, world = model.hospitals, model.world
    first = 1000 * hospital.first_beds[0] / hospital.residents[0]
    found = []
    for month in range(180):
        world.trends.advance(world.values, np.zeros((1, 3, 3)), first=month == 0)
        model.package.apply(model.scenario.start + month)
        hospital.provide()
        found.append(1000 * world.places.hospitals.beds[0] / hospital.residents[0])
    assert found[0] == pytest.approx(first * 1.04 ** (1 / 12) + 7 / 24)  # not all of it in one month
    reached = next(month for month, beds in enumerate(found) if beds >= 7.0 - 1e-9)
    assert 3 < reached < 12
    overtaken = next(month for month in range(180) if first * 1.04 ** ((month + 1) / 12) > 7.0)
    assert found[reached:overtaken] == pytest.approx([7.0] * (overtaken - reached))
    for month in (overtaken, 179):
        assert found[month] == pytest.approx(first * 1.04 ** ((month + 1) / 12))


def test_beds_added_every_year_come_on_top_of_the_trend_and_cost_what_they_should() -> None:
    policy = HealthCapacity(beds_per_year=240, **FROM_PROVINCE)
    model = model_with(policy, scale=0.002)
    beds = model.world.places.hospitals.beds[0]
    for month in range(6):
        model.step()
        assert model.world.places.hospitals.beds[0] == pytest.approx(
            beds * 1.02 ** ((month + 1) / 12) + 20 * (month + 1)
        )
        assert last_booked(model) == pytest.approx(20 * 300_000)


def test_a_ramp_brings_beds_evenly_from_the_ordinary_number_to_the_standard() -> None:
    policy = HealthCapacity(beds_per_thousand=8.0, ramp_months=35, **FROM_PROVINCE)
    model = model_with(policy, scale=0.01, parameters={"health.beds_growth": 0.0})
    base = indicator(model, "beds_per_thousand")
    for month in (12, 24, 36, 48):
        stepped(model, 12)
        expected = base + min(month / 36, 1.0) * (8.0 - base)
        assert indicator(model, "beds_per_thousand") >= expected - 1e-9
    assert indicator(model, "beds_per_thousand") == pytest.approx(8.0, rel=0.02)


def test_staff_leave_and_beds_stay_when_the_programme_ends() -> None:
    model = stepped(model_with(CLINICS.model_copy(update={"end": CLINICS.start + 2})), 4)
    assert model.world.places.hospitals.beds[0] - model.hospitals.ordinary[0] > 500
    assert indicator(model, "doctors_per_thousand") == pytest.approx(2.9)
    assert not [row for row in model.world.ledger.entries if row[0] == "2021-02"]


def test_beds_and_staff_make_the_county_more_attractive_by_their_logarithm() -> None:
    constants = []
    for policy in (None, CLINICS):
        model = stepped(model_with(policy), 1)
        world = model.world
        world.tally.stocks[...] = 10_000  # the same residents in both
        constants.append(alternatives(world, model.month).constant[0].copy())
        if policy:
            ratio = world.places.hospitals.beds[0] / model.hospitals.ordinary[0]
            staff = (np.log(1 + 3.2 / 24 / 2.9) + np.log(1 + 3.8 / 24 / 3.34)) / 2  # after a month of hiring
    gain = constants[1][:3] - constants[0][:3]
    assert gain == pytest.approx([0.1 * np.log(ratio) + 0.1 * staff] * 3)
    assert constants[1][4:].tolist() == constants[0][4:].tolist()


def test_more_health_care_keeps_more_people_in_the_county() -> None:
    parameters = {"health.crowding": 1.0, "health.staffing": 1.0}
    inside = [
        stepped(model_with(policy, parameters=parameters), 12).world.tally.stocks[0, :3].sum()
        for policy in (None, CLINICS)
    ]
    assert inside[1] > inside[0]
