"""Who looks again at where they live, and what draws or repels them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pytest

from plainly import plainly
from urbsim.codes import Cause, Event, Tenure, Zone
from urbsim.model import UrbanizationModel
from urbsim.processes.residence.attention import (
    Hazards,
    chance_of_looking,
    event_chances,
    fall_with_stay,
    find_deciders,
    hazard_by_age,
    hazards,
    network_multiplier,
)
from urbsim.randomness import Randomness
from urbsim.state.accounts import END_NAMES
from worlds import by_key, small_model, small_scenario, stepped, without_the_absent

MOVE = Cause.MOVE
VILLAGE, TOWN, SEAT, NEAR, FAR = (int(zone) for zone in Zone)
#: No news of rules in a world of one county.
QUIET = np.zeros((1, 4))


def moves(model: UrbanizationModel, months: int = 6) -> np.ndarray:
    """Return moves by origin and destination over some months, without those to college."""
    total = np.zeros((len(END_NAMES), len(END_NAMES)), dtype=int)
    for _ in range(months):
        model.step()
        total += model.world.accounts.flows[:, MOVE].sum(axis=0)
    return total


def moves_with(parameters: Mapping[str, float], months: int = 6, scale: float = 0.05) -> np.ndarray:
    return moves(small_model(scale=scale, parameters=parameters), months)


@pytest.mark.parametrize(("location", "ascent", "descent"), [(19.0, 0.4, 0.06), (24.0, 0.8, 0.1), (16.0, 0.3, 0.05)])
def test_the_hazard_of_looking_peaks_at_the_age_of_the_rogers_castro_curve(
    location: float, ascent: float, descent: float
) -> None:
    names = {"peak_age": location, "ascent": ascent, "descent": descent}
    model = small_model(scale=0.002, parameters={f"reconsider.{name}": value for name, value in names.items()})
    hazard = hazard_by_age(model.world)
    mode = location + np.log(ascent / descent) / ascent  # where the curve's derivative is zero
    assert abs(int(hazard.argmax()) - mode) <= 1.0
    assert (np.diff(hazard[int(mode) + 1 :]) < 0).all()
    assert hazard[90] == pytest.approx(model.world.values["reconsider.floor"] / 12.0, rel=0.5)
    assert ((hazard >= 0) & (hazard <= 1)).all()


def test_nobody_looks_without_hazard_and_events() -> None:
    names = ("peak", "floor", *(event.name.lower() for event in Event))
    model = small_model(parameters={f"reconsider.{name}": 0.0 for name in names})
    assert moves(model, 3).sum() == 0


@pytest.mark.parametrize("event", list(Event))
def test_a_life_event_makes_people_look_with_its_stated_chance(event: Event) -> None:
    parameters = {"reconsider.peak": 0.0, "reconsider.floor": 0.0, f"reconsider.{event.name.lower()}": 0.4}
    model = small_model(scale=0.02, parameters=parameters)
    people = model.world.population.people
    people.events[...] = 0
    age = (model.month - people.birth) // 12
    single = (people.alive == 1) & (people.spouse < 0) & (people.stage == 0) & (age >= 16)
    people.events[single] = int(event)
    network = network_multiplier(model.world)
    hazards = Hazards(np.zeros(101), event_chances(model.world), network, np.ones(361), QUIET, highest=0.0)
    found = find_deciders(people.view(), hazards, Randomness(3), model.month)
    expected = 0.4 * single.sum()
    assert abs(found.size - expected) < 4.0 * np.sqrt(0.6 * expected)
    assert single[found].all()


def test_the_longer_people_are_away_the_rarer_they_look() -> None:
    fall = fall_with_stay({"reconsider.duration": 0.5})
    at = [fall[12 * years] for years in (0, 1, 5, 20)]
    assert at == pytest.approx([1.0, 2.0**-0.5, 6.0**-0.5, 21.0**-0.5])
    assert (fall_with_stay({"reconsider.duration": 0.0}) == 1.0).all()


def test_at_the_start_the_away_look_as_often_as_others_of_their_age() -> None:
    model = small_model(scale=0.02, parameters={"reconsider.duration": 0.6})
    world, people = model.world, model.world.population.people
    plain, now = hazard_by_age(world), hazards(world)
    age = np.minimum((world.start - people.birth) // 12, 100)
    away = (people.alive == 1) & (people.stage == 0) & (age >= 16)
    away &= (people.zone >= NEAR) | (people.registration != people.county)
    chance = plainly(chance_of_looking)
    looks = np.array([chance(people.view(), i, 0, now, world.start) for i in np.flatnonzero(away)])
    assert away.sum() > 1000
    assert looks.mean() == pytest.approx(plain[age[away]].mean(), rel=1e-9)
    assert looks.max() <= now.highest
    home = np.flatnonzero((people.alive == 1) & (people.stage == 0) & (people.zone == SEAT) & ~away & (age >= 16))[:50]
    assert [chance(people.view(), i, 0, now, world.start) for i in home] == pytest.approx(plain[age[home]].tolist())
    first = int(np.flatnonzero(away)[0])
    people.arrival[first] = world.start
    fresh = chance(people.view(), first, 0, now, world.start)
    assert chance(people.view(), first, 0, now, world.start + 60) / fresh == pytest.approx(
        6.0**-0.6 * plain[min(age[first] + 5, 100)] / plain[age[first]], rel=0.02
    )


def test_a_couple_decides_once_and_together() -> None:
    model = small_model(scale=0.02)
    people = model.world.population.people
    hazards = Hazards(np.ones(101), np.zeros(len(Event)), np.ones(1), np.ones(361), QUIET, highest=1.0)
    found = find_deciders(people.view(), hazards, Randomness(3), model.month)
    deciders = set(found.tolist())
    couples = np.flatnonzero((people.spouse >= 0) & (people.alive == 1) & (people.stage == 0))
    couples = couples[people.stage[people.spouse[couples]] == 0]
    assert couples.size > 1000
    assert all((int(i) in deciders) != (int(people.spouse[i]) in deciders) for i in couples)
    away = people.zone >= NEAR
    apart = couples[away[couples] & ~away[people.spouse[couples]]]
    assert apart.size > 20
    assert all(int(i) in deciders for i in apart)


def test_couples_and_their_young_children_arrive_in_the_same_home() -> None:
    parameters = {"residence.zeta_seat": 5.0, "reconsider.floor": 0.3}
    model = stepped(small_model(scale=0.01, parameters=parameters), 6)
    people = model.world.population.people
    moved = (people.alive == 1) & (people.zone == SEAT) & (people.arrival == model.month) & (people.spouse >= 0)
    couples = np.flatnonzero(moved)
    assert couples.size > 20
    np.testing.assert_array_equal(people.household[couples], people.household[people.spouse[couples]])
    mothers = couples[people.female[couples] == 1]
    children = np.flatnonzero((people.alive == 1) & np.isin(people.mother, mothers))
    young = children[model.month - people.birth[children] < 16 * 12]
    assert young.size > 5
    assert (people.zone[young] == SEAT).all()


def test_co_villagers_away_make_villagers_look_more() -> None:
    left = []
    for more in (0.0, 0.5, 1.0):
        model = small_model(scale=0.05, parameters={"reconsider.network": 2.0})
        tally = model.world.tally
        tally.village_adults_away[...] += (more * (tally.village_adults - tally.village_adults_away)).astype(int)
        left.append(moves(model, 1)[VILLAGE, :5].sum())
    assert left[0] < left[1] < left[2]


def test_without_an_effect_of_the_network_co_villagers_away_change_nothing() -> None:
    alone = {"parameters": {"reconsider.network": 0.0}, "frozen": ("services_jobs",)}  # they send money home
    models = [small_model(scale=0.02, **alone) for _ in range(2)]
    models[1].world.tally.village_adults_away[...] = models[1].world.tally.village_adults
    for model in models:
        model.step()
    assert models[0].recorder.flows == models[1].recorder.flows


#: What a change of parameters does to moves: (higher parameters, origins, destinations, more of them?).
SIGNS: dict[str, tuple[dict[str, float], list[int], list[int], bool]] = {
    "wages in other provinces pull people there": ({"start.wage_far_2020": 6500.0}, [0, 1, 2], [FAR], True),
    "wages in other provinces hold people there": ({"start.wage_far_2020": 6500.0}, [FAR], [0, 1, 2], False),
    "wages in the province pull people there": ({"start.wage_near_2020": 6000.0}, [0, 1, 2], [NEAR], True),
    "local wages draw people back": ({"start.wage_2020": 5500.0}, [NEAR, FAR], [0, 1, 2], True),
    "seat rents keep people away": ({"housing.rent_to_wage_seat": 0.8}, [0, 1, NEAR, FAR], [SEAT], False),
    "rents outside keep people at home": ({"outside.far.rent_share": 0.6}, [0, 1, 2], [FAR], False),
    "distance keeps people near": ({"residence.gamma": 1.0}, [0, 1, 2], [FAR], False),
    "the cost of leaving the county holds people": ({"residence.move": 5.0}, [0, 1, 2], [NEAR, FAR], False),
    "the cost of moving in the county holds people": ({"residence.move_inside": 5.0}, [0, 1, 2], [0, 1, 2], False),
    "ties to home bring people back": ({"residence.home": 2.0}, [NEAR, FAR], [0, 1, 2], True),
    "lost reimbursement keeps people at home": ({"insurance.gap_far": -0.6}, [0, 1, 2], [FAR], False),
    "better seat schools draw families": ({"schooling.quality_seat": 2.0}, [0, 1, NEAR, FAR], [SEAT], True),
}


@pytest.mark.parametrize("sign", SIGNS)
def test_moves_respond_in_the_direction_of(sign: str) -> None:
    higher, origins, destinations, more = SIGNS[sign]
    counts = [moves_with(parameters)[np.ix_(origins, destinations)].sum() for parameters in ({}, higher)]
    assert (counts[1] > counts[0]) == more
    assert counts[0] != counts[1]


def test_certified_land_lets_more_villagers_leave() -> None:
    left = []
    for share in (0.0, 1.0):
        parameters = {"land.national_certified_share": share, "residence.land": 2.0}
        model = small_model(scale=0.05, parameters=parameters)
        households = model.world.population.households
        households.certified[...] = 0
        left.append(moves(model)[VILLAGE, :5].sum())
    assert left[1] > left[0]


NO_MARRIAGES = {"demography.marriage_rate_young": 0.0, "demography.marriage_rate_older": 0.0}
Pick = Callable[[UrbanizationModel], np.ndarray]


def residents_who_left(model: UrbanizationModel, who: Pick) -> tuple[int, set[int]]:
    """Return how many seat residents there were of a kind, and the keys of those who left it within a month."""
    people = model.world.population.people
    keys = people.key[who(model)].tolist()
    model.step()
    zone, alive = by_key(model, "zone"), by_key(model, "alive")
    return len(keys), {key for key in keys if alive[key] and zone[key] != SEAT}


def seat_residents_by_tenure(owners: bool) -> Pick:
    """Pick adults of the seat who decide within one household: singles, and couples under one roof."""

    def who(model: UrbanizationModel) -> np.ndarray:
        people, households = model.world.population.people, model.world.population.households
        owned = (households.tenure[people.household] == Tenure.OWNS) == owners
        adult = (people.alive == 1) & (people.zone == SEAT) & ((model.month - people.birth) // 12 >= 16)
        one_roof = (people.spouse < 0) | (people.household[people.spouse] == people.household)
        return np.flatnonzero(adult & owned & one_roof)

    return who


def test_dearer_seat_dwellings_drive_out_those_who_do_not_own_and_no_owner() -> None:
    left: dict[bool, list[set[int]]] = {True: [], False: []}
    for rent in (0.2, 0.9):
        for owners in (True, False):
            parameters = {"housing.rent_to_wage_seat": rent, "reconsider.floor": 0.3, **NO_MARRIAGES}
            model = small_model(scale=0.05, parameters=parameters)
            count, gone = residents_who_left(model, seat_residents_by_tenure(owners))
            assert count > 500
            left[owners].append(gone)
    assert left[True][0] == left[True][1]
    assert left[False][0] < left[False][1]  # the same people, and more


def test_strangers_to_the_world_who_leave_the_county_depart_from_it() -> None:
    model = small_model(scale=0.05, parameters={"reconsider.floor": 0.6, "residence.home": 3.0})
    people = model.world.population.people
    strangers = np.flatnonzero((people.alive == 1) & (people.registration < 0) & (people.zone < NEAR))
    departed = sum(row[-1] for row in stepped(model, 3).recorder.flows if row[2] == "departure")
    still = strangers[(people.alive[strangers] == 1) & (people.registration[strangers] < 0)]
    assert departed > 30
    alone = still[people.spouse[still] < 0]
    adults = alone[(model.month - people.birth[alone]) // 12 >= 16]
    assert (people.zone[adults] < NEAR).all()


def test_all_moves_of_a_closed_world_stay_in_it() -> None:
    """A world that holds a whole province has no rest of the province to go to, and a whole country nothing outside."""
    model = small_model(small_scenario(scale=0.01))
    model.world.distances.inside[...] = 1.0
    model.world.distances.far_inside[...] = 1.0
    without_the_absent(model.world)  # who would fetch their families
    assert moves(model, 3)[:3, NEAR:].sum() == 0
    assert moves(small_model(scale=0.01), 3)[:3, NEAR].sum() > 0
