"""The utility of a residence choice, term by term, by hand on four people.

The woman (50) and the man (52) are married, farm, are insured, and live in the village of county 0 where they are
registered, with their son of 10 and 6 mu of land that is not certified. Her mother of 75 lives next door. What the
destinations offer is made of round numbers, so that every expected number can be checked in one's head.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pytest

from plainly import plainly
from urbsim.codes import Group, Insurance, Schooling, Tenure, Work, Zone
from urbsim.months import parse_month
from urbsim.population import Columns, Households, People
from urbsim.processes.residence import month_choice, terms
from urbsim.processes.residence.alternatives import Alternatives, alternatives
from urbsim.processes.residence.choice import Choice, find_options, workspace
from urbsim.processes.residence.destinations import (
    ALONE,
    FAR,
    HERE_SEAT,
    HERE_TOWN,
    HERE_VILLAGE,
    NEAR,
    OTHER_PROVINCE,
    OTHER_SEAT,
    SEAT,
    TOGETHER,
    TOWN,
    VILLAGE,
    WITHOUT_CHILDREN,
)
from urbsim.processes.residence.services import ServiceTables
from urbsim.processes.residence.terms import TERMS, coefficients
from urbsim.state.attraction import Attraction
from worlds import small_model

MONTH = parse_month("2020-01")
WOMAN, MAN, SON, GRANDMOTHER = range(4)
COUNTIES = 2
NAMES = [name for name, value in vars(terms).items() if name.isupper() and isinstance(value, int)]
#: The parameter of every term, by hand.
COEFFICIENTS = {
    "PAY": "residence.alpha",
    "GRANT": "residence.alpha",
    "LAND_RENT": "residence.alpha",
    "DISTANCE": "residence.gamma",
    "HOUSING": "residence.delta",
    "SCHOOL": "residence.sigma",
    "CHILDCARE": "childcare.weight",
    "ELDERCARE": "eldercare.weight",
    "ACCESS": "residence.hukou",
    "INSURANCE": "residence.insurance",
    "LAND": "residence.land",
    "LAND_EXIT": "residence.land",
    "CARE": "residence.care",
    "MARRIAGE": "residence.marriage",
    "SEPARATION": "residence.separation",
    "CHILD_LEFT": "residence.child_left",
    "CHILD_AWAY": "residence.child_away",
    "MOVE": "residence.move",
    "MOVE_INSIDE": "residence.move_inside",
    "HOME": "residence.home",
    "HOME_AGE": "residence.home_age",
    "VILLAGE_AGE": "residence.village_age",
}


class Village(NamedTuple):
    """The four people and their two households."""

    people: Columns[People]
    households: Columns[Households]

    def option(self, offers: Alternatives, person: int, destination: int, way: int = TOGETHER) -> dict[str, float]:
        """Return what is not zero of an option's quantities, by term."""
        options = self.options(offers, person)
        return options[destination, way]

    def options(self, offers: Alternatives, person: int) -> dict[tuple[int, int], dict[str, float]]:
        space = workspace()
        choice = Choice(offers, np.zeros(len(TERMS)), 0.5, np.uint64(0), np.uint64(0))
        count = plainly(find_options)(self.people.view(), self.households.view(), choice, person, space)
        return {
            (int(space.destinations[n]), int(space.ways[n])): {
                name: float(space.quantities[n, getattr(terms, name)])
                for name in NAMES
                if space.quantities[n, getattr(terms, name)] != 0.0
            }
            for n in range(count)
        }


@pytest.fixture
def village() -> Village:
    people, households = Columns(People, 4), Columns(Households, 2)
    people.key[...] = [1, 2, 3, 4]
    people.birth[...] = [parse_month(month) for month in ("1970-01", "1968-01", "2010-01", "1945-01")]
    people.female[...] = [1, 0, 0, 1]
    people.schooling[...] = Schooling.JUNIOR
    people.work[...] = [Work.FARM, Work.FARM, Work.INACTIVE, Work.INACTIVE]
    people.insurance[...] = Insurance.RESIDENTS
    people.household[...] = [0, 0, 0, 1]
    people.spouse[...] = [MAN, WOMAN, -1, -1]
    people.mother[...] = [GRANDMOTHER, -1, WOMAN, -1]
    people.first_child[...] = [SON, -1, -1, WOMAN]
    households.key[...] = [1, 2]
    households.land[...], households.homestead[...] = [6.0, 0.0], 1
    households.group[...] = Group.LOCAL_RURAL
    return Village(people, households)


@pytest.fixture
def offers() -> Alternatives:
    """Pay, rent and so on rise: village, town, seat, other seat, near, far; most in the seat of another province."""
    step = np.array([0.0, 1.0, 2.0, 3.0, 6.0, 4.0, 5.0])  # in the order of the tables
    earnings = np.broadcast_to((1_000.0 * (step + 1.0))[None, :, None, None], (COUNTIES, 7, 5, 3)).copy()
    market = np.broadcast_to(100.0 * (step + 1.0), (COUNTIES, 7)).copy()  # 100 in the village to 600 far away
    rent = np.repeat(market[:, :, None], 3, axis=2)
    rent[:, SEAT, Group.LOCAL_RURAL] = 180.0  # 300 less a subsidy of 120 for the rural of the county
    stages, groups = np.arange(4.0), np.arange(3.0)
    school = 0.1 * (step + 1.0)[:, None, None] + 0.01 * stages[:, None] + 0.001 * groups
    access = 0.1 * (step + 1.0)[:, None] + 0.01 * groups
    home = np.arange(3.0)
    zero, none = np.zeros((COUNTIES, 7)), np.zeros((COUNTIES, 3))
    return Alternatives(
        month=MONTH,
        earnings=earnings,
        log_earnings=np.log(earnings),
        rent=rent,
        market_rent=market,
        public_rent=0.4,
        school=np.broadcast_to(school, (COUNTIES, 7, 4, 3)).copy(),
        access=np.broadcast_to(access, (COUNTIES, 7, 3)).copy(),
        land_rent=0.0,
        uncertified_renting=0.5,
        insurance=np.broadcast_to([0.0, 0.0, 0.0, -0.15, -0.26, -0.15, -0.26], (COUNTIES, 7)).copy(),
        constant=np.broadcast_to(0.1 * step, (COUNTIES, 7)) + np.array([[0.0], [0.05]]),
        exists=np.ones((COUNTIES, 7), dtype=bool),
        log_distance=np.broadcast_to(0.5 * step + 0.1 * home[:, None], (COUNTIES, 3, 7)).copy(),
        provinces=np.array([34, 34]),
        seats=Attraction(np.ones((COUNTIES, COUNTIES)), np.ones((COUNTIES, COUNTIES))),
        services=ServiceTables(False, MONTH, zero, zero, none, none, zero, np.zeros(COUNTIES)),
    )


def expect(found: dict[str, float], **expected: float) -> None:
    assert found == {name.upper(): pytest.approx(value) for name, value in expected.items()}


# -- the couple


def test_rent_of_the_land_left_behind_is_half_of_it_where_it_is_not_certified(
    village: Village, offers: Alternatives
) -> None:
    offers = offers._replace(land_rent=50.0)  # a mu and month
    seat = {"certified": 50.0 * 6 / 2 / 3_000, "not": 50.0 * 6 * 0.5 / 2 / 3_000}  # half for each, of 3,000 yuan earned
    assert village.option(offers, WOMAN, SEAT)["LAND_RENT"] == pytest.approx(seat["not"])
    assert village.option(offers, WOMAN, FAR, ALONE)["LAND_RENT"] == pytest.approx(50.0 * 6 * 0.5 / 2 / 6_000 / 2)
    assert "LAND_RENT" not in village.option(offers, WOMAN, VILLAGE)
    village.households.certified[...] = 1
    assert village.option(offers, WOMAN, SEAT)["LAND_RENT"] == pytest.approx(seat["certified"])
    village.people.urban_registered[...] = 1
    assert "LAND_RENT" not in village.option(offers, WOMAN, SEAT)


def test_pay_goes_by_the_registration_group_that_somebody_has_there(village: Village, offers: Alternatives) -> None:
    pay = offers.log_earnings.copy()
    pay[:, SEAT] += np.log([2.0, 1.1, 0.9])  # local urban, local rural, from elsewhere
    found = village.option(offers._replace(log_earnings=pay), WOMAN, SEAT)
    assert found["PAY"] == pytest.approx(np.log(3_000 * 1.1))
    village.people.registration[:2] = 1
    found = village.option(offers._replace(log_earnings=pay), WOMAN, HERE_SEAT)
    assert found["PAY"] == pytest.approx(np.log(3_000 * 0.9))


def test_staying_in_the_village(village: Village, offers: Alternatives) -> None:
    expect(
        village.option(offers, WOMAN, VILLAGE),
        pay=np.log(1_000),
        school=(0.1 + 0.01 + 0.001) / 2,  # village, primary, local rural; one child of two parents
        access=0.1 + 0.01,
        care=1 / 2,  # her mother
        home=1.0,
        home_age=(0.5 + 0.7) / 2,  # 5 and 7 years above 45, in tens
        village_age=(0.5 + 0.7) / 2,
    )  # the homestead costs nothing, nobody moves, land is not at risk


def test_going_to_the_seat_together(village: Village, offers: Alternatives) -> None:
    expect(
        village.option(offers, WOMAN, SEAT),
        pay=np.log(3_000),
        distance=-0.5 * 2,  # ln(1 + km) from the village to the seat
        housing=-np.log(1 + 180 / 6_000),  # one rent, with the subsidy, against two incomes
        school=(0.3 + 0.01 + 0.001) / 2,
        access=0.3 + 0.01,
        land=-0.6,  # 6 mu, in tens
        care=1 / 2,
        move_inside=-1.0,
        home=1.0,
        home_age=0.6,
        constant=0.2,
    )


def test_going_to_a_seat_of_another_county_makes_strangers(village: Village, offers: Alternatives) -> None:
    expect(
        village.option(offers, WOMAN, OTHER_SEAT),
        pay=np.log(4_000),
        distance=-0.5 * 3,
        housing=-np.log(1 + 400 / 8_000),
        school=(0.4 + 0.01 + 0.002) / 2,  # registered elsewhere
        access=0.4 + 0.02,
        insurance=-0.15 * (1.25 + 1.35) / 2,  # weighs more with age: 1 + 5 / 20, 1 + 7 / 20
        land=-0.6,
        child_away=-1 / 2,
        move=-1.0,
        constant=0.3,
    )


def test_going_far_with_the_child(village: Village, offers: Alternatives) -> None:
    expect(
        village.option(offers, WOMAN, FAR, TOGETHER),
        pay=np.log(6_000),
        distance=-0.5 * 5,
        housing=-np.log(1 + 600 / 12_000),
        school=(0.6 + 0.01 + 0.002) / 2,
        insurance=-0.26 * (1.25 + 1.35) / 2,
        land=-0.6,
        child_away=-1 / 2,
        move=-1.0,
        constant=0.5,
    )


def test_going_far_without_the_child_leaves_it_to_the_village_school(village: Village, offers: Alternatives) -> None:
    found = village.option(offers, WOMAN, FAR, WITHOUT_CHILDREN)
    assert found["CHILD_LEFT"] == pytest.approx(-1 / 2)
    assert "CHILD_AWAY" not in found
    assert found["SCHOOL"] == pytest.approx((0.1 + 0.01 + 0.001) / 2)
    together = village.option(offers, WOMAN, FAR, TOGETHER)
    same = set(found) - {"CHILD_LEFT", "SCHOOL"}
    assert {name: found[name] for name in same} == {name: together[name] for name in same}


def test_of_a_couple_one_going_far_alone_each_has_half_a_say(village: Village, offers: Alternatives) -> None:
    expect(
        village.option(offers, WOMAN, FAR, ALONE),
        pay=(np.log(6_000) + np.log(1_000)) / 2,
        distance=-0.5 * 5 / 2,
        housing=-np.log(1 + 600 / 7_000),  # her rent, both incomes
        school=(0.1 + 0.01 + 0.001) / 2,  # the child stays with the father
        access=(0.1 + 0.01) / 2,
        insurance=-0.26 * 1.25 / 2,
        land=-0.6 / 2,
        separation=-1 / 2,
        move=-1 / 2,
        home=1 / 2,
        home_age=0.7 / 2,
        village_age=0.7 / 2,
        constant=0.5 / 2,
    )  # the care of her mother is lost


def test_utility_is_the_sum_of_terms_and_of_a_couple_the_mean_of_two(village: Village, offers: Alternatives) -> None:
    """The man alone in the world decides as the couple would if she were like him."""
    space, ones = workspace(), np.ones(len(TERMS))
    choice = Choice(offers, ones, 0.5, np.uint64(0), np.uint64(0))
    plainly(find_options)(village.people.view(), village.households.view(), choice, WOMAN, space)
    assert space.utilities[0] == pytest.approx(np.log(1_000) + 0.0555 + 0.11 + 0.5 + 1.0 + 0.6 + 0.6)
    # Twins: the same person twice, without child or mother, is worth what one of them is, but for the shared rent.
    people = village.people
    people.birth[WOMAN], people.mother[WOMAN], people.first_child[WOMAN] = people.birth[MAN], -1, -1
    pair = village.option(offers, WOMAN, TOWN)
    people.spouse[:2] = -1
    one = village.option(offers, MAN, TOWN)
    assert pair.pop("HOUSING") == pytest.approx(-np.log(1 + 200 / 4_000))
    assert one.pop("HOUSING") == pytest.approx(-np.log(1 + 200 / 2_000))
    assert pair == pytest.approx(one)


# -- single people, children, strangers


def test_owning_a_seat_dwelling_is_worth_something_to_the_single_of_20_to_34_who_live_in_it(
    village: Village, offers: Alternatives
) -> None:
    people, households = village.people, village.households
    people.spouse[...] = -1
    households.tenure[0], households.zone[0], people.zone[MAN] = Tenure.OWNS, Zone.SEAT, Zone.SEAT
    for birth, age, worth in (("2000-02", 19, 0.0), ("2000-01", 20, 1.0), ("1985-02", 34, 1.0), ("1985-01", 35, 0.0)):
        people.birth[MAN] = parse_month(birth)
        assert age == (MONTH - people.birth[MAN]) // 12
        assert village.option(offers, MAN, SEAT).get("MARRIAGE", 0.0) == worth
        assert "MARRIAGE" not in village.option(offers, MAN, TOWN)
    people.birth[MAN], people.spouse[MAN], people.spouse[WOMAN] = parse_month("1995-01"), WOMAN, MAN
    assert "MARRIAGE" not in village.option(offers, MAN, SEAT)


def test_tenants_of_public_rental_pay_a_share_of_the_market_rent_and_no_subsidy(
    village: Village, offers: Alternatives
) -> None:
    people, households = village.people, village.households
    people.spouse[...], people.zone[MAN] = -1, Zone.SEAT
    households.zone[0], households.tenure[0] = Zone.SEAT, Tenure.PUBLIC_RENTAL
    housing = [village.option(offers, MAN, at)["HOUSING"] for at in (TOWN, SEAT)]
    assert housing == pytest.approx([-np.log(1 + 200 / 2_000), -np.log(1 + 0.4 * 300 / 3_000)])
    households.tenure[0] = Tenure.RENTS
    assert village.option(offers, MAN, SEAT)["HOUSING"] == pytest.approx(-np.log(1 + 180 / 3_000))
    households.tenure[0] = Tenure.OWNS
    assert "HOUSING" not in village.option(offers, MAN, SEAT)


def test_rent_is_that_of_the_households_group_where_it_is_and_of_its_first_adult_where_people_go(
    village: Village, offers: Alternatives
) -> None:
    """The couple's household counts as rural; she is registered in another province, and comes first of the two."""
    people, households = village.people, village.households
    people.registration[WOMAN] = -2
    assert village.option(offers, WOMAN, SEAT)["HOUSING"] == pytest.approx(-np.log(1 + 300 / 6_000))
    households.zone[0], households.tenure[0], people.zone[:2] = Zone.SEAT, Tenure.RENTS, Zone.SEAT
    assert village.option(offers, WOMAN, SEAT)["HOUSING"] == pytest.approx(-np.log(1 + 180 / 6_000))
    households.group[0] = Group.ELSEWHERE  # as counted, its first adult being she
    assert village.option(offers, WOMAN, SEAT)["HOUSING"] == pytest.approx(-np.log(1 + 300 / 6_000))


def test_certified_land_and_land_of_the_urban_are_not_at_risk(village: Village, offers: Alternatives) -> None:
    assert village.option(offers, WOMAN, SEAT)["LAND"] == pytest.approx(-0.6)
    village.people.urban_registered[MAN] = 1
    assert village.option(offers, WOMAN, SEAT)["LAND"] == pytest.approx(-0.3)
    village.households.certified[0] = 1
    assert "LAND" not in village.option(offers, WOMAN, SEAT)


def test_no_more_than_two_children_count_and_none_from_16(village: Village, offers: Alternatives) -> None:
    people = village.people
    people.first_child[WOMAN], people.next_sibling[SON] = SON, GRANDMOTHER  # the fourth is her second child now
    people.mother[WOMAN], people.birth[GRANDMOTHER] = -1, parse_month("2004-02")  # 15 years old
    far = [village.option(offers, WOMAN, FAR, way) for way in (TOGETHER, WITHOUT_CHILDREN)]
    assert far[0]["CHILD_AWAY"] == pytest.approx(-2 / 2)
    assert far[1]["CHILD_LEFT"] == pytest.approx(-2 / 2)
    assert far[0]["SCHOOL"] == pytest.approx((0.612 + 0.632) / 2)  # primary and senior, far away
    people.birth[GRANDMOTHER] = parse_month("2004-01")  # 16
    assert village.option(offers, WOMAN, FAR, TOGETHER)["CHILD_AWAY"] == pytest.approx(-1 / 2)


def test_who_is_registered_outside_the_world_stays_in_the_county_or_goes_home(
    village: Village, offers: Alternatives
) -> None:
    people = village.people
    people.spouse[...], people.registration[MAN], people.zone[MAN] = -1, -2, Zone.SEAT
    village.households.zone[0] = Zone.SEAT
    found = village.options(offers, MAN)
    assert set(found) == {(VILLAGE, TOGETHER), (TOWN, TOGETHER), (SEAT, TOGETHER), (FAR, TOGETHER)}
    home = found[FAR, TOGETHER]
    assert home.pop("HOUSING") < 0
    assert home.pop("LAND") == pytest.approx(-0.6)
    expect(home, pay=np.log(1_000), home=1.0, home_age=0.7, move=-1.0)
    assert found[SEAT, TOGETHER]["ACCESS"] == pytest.approx(0.3 + 0.02)
    assert "HOME" not in found[SEAT, TOGETHER]


def test_who_is_registered_in_another_county_of_the_world_sees_places_from_there(
    village: Village, offers: Alternatives
) -> None:
    people = village.people
    people.spouse[...], people.registration[MAN], people.zone[MAN] = -1, 1, Zone.SEAT
    village.households.zone[0] = Zone.SEAT
    found = village.options(offers, MAN)
    assert {destination for destination, _ in found} == set(range(HERE_SEAT + 1))
    # The seat where he lives is an "other seat" of county 1: constant 0.3 + 0.05 instead of 0.2, and its distance.
    here = found[HERE_SEAT, TOGETHER]
    assert here["CONSTANT"] == pytest.approx(0.35)
    assert here["DISTANCE"] == pytest.approx(-0.5 * 3)
    assert here["INSURANCE"] == pytest.approx(-0.15 * 1.35)
    assert not {"MOVE", "HOME"} & set(here)
    assert found[HERE_TOWN, TOGETHER]["CONSTANT"] == pytest.approx(0.25)
    assert found[HERE_VILLAGE, TOGETHER]["HOUSING"] == pytest.approx(-np.log(1 + 100 / 1_000))  # no homestead there
    assert found[NEAR, TOGETHER]["CONSTANT"] == pytest.approx(0.45)
    # In another province it is one of the seats there.
    offers.provinces[1] = 62
    here = village.option(offers, MAN, HERE_SEAT)
    assert here["CONSTANT"] == pytest.approx(0.6 + 0.05)
    assert here["DISTANCE"] == pytest.approx(-0.5 * 6)
    assert here["INSURANCE"] == pytest.approx(-0.26 * 1.35)


def test_who_lives_in_another_county_of_the_world_can_go_home_to_the_village_and_the_seat(
    village: Village, offers: Alternatives
) -> None:
    people = village.people
    people.spouse[...], people.registration[MAN], people.zone[MAN] = -1, 1, Zone.SEAT
    village.households.zone[0], village.households.homestead[0] = Zone.SEAT, 0
    offers.earnings[1], offers.log_earnings[1] = 2.0 * offers.earnings[0], offers.log_earnings[0] + np.log(2.0)
    home = village.option(offers, MAN, VILLAGE)
    expect(  # pay and constant of county 1, where the family has its homestead
        home, pay=np.log(2_000), access=0.11, home=1.0, home_age=0.7, village_age=0.7, move=-1.0, constant=0.05
    )
    seat = village.option(offers, MAN, SEAT)
    assert seat["PAY"] == pytest.approx(np.log(6_000))
    assert seat["HOUSING"] == pytest.approx(-np.log(1 + 180 / 6_000))
    assert seat["HOME"] == 1.0
    assert seat["CONSTANT"] == pytest.approx(0.25)


def test_who_is_where_nobody_can_go_may_stay(village: Village, offers: Alternatives) -> None:
    """In a world that holds the whole province nobody goes to the rest of it, and who is there is not driven out."""
    offers.exists[:, NEAR] = False
    assert not [way for at, way in village.options(offers, WOMAN) if at == NEAR]
    village.people.spouse[...], village.people.zone[MAN] = -1, Zone.NEAR
    stays = village.option(offers, MAN, NEAR)
    assert stays["CONSTANT"] == pytest.approx(0.4)
    assert "MOVE" not in stays


def test_a_stranger_can_go_home_whatever_the_world_holds(village: Village, offers: Alternatives) -> None:
    offers.exists[:, [NEAR, FAR]] = False
    people = village.people
    people.spouse[...], people.zone[MAN] = -1, Zone.SEAT
    for registration, home in ((-1, NEAR), (-2, FAR)):
        people.registration[MAN] = registration
        assert {at for at, _ in village.options(offers, MAN)} == {VILLAGE, TOWN, SEAT, home}


def test_a_couple_can_go_to_another_province_in_the_world_as_to_one_outside(
    village: Village, offers: Alternatives
) -> None:
    options = village.options(offers, WOMAN)
    for way in (TOGETHER, WITHOUT_CHILDREN, ALONE):
        inside, outside = options[OTHER_PROVINCE, way], options[FAR, way]
        assert set(inside) >= set(outside)
    assert options[OTHER_PROVINCE, TOGETHER]["DISTANCE"] == pytest.approx(-0.5 * 6)
    assert options[OTHER_PROVINCE, WITHOUT_CHILDREN]["CHILD_LEFT"] == pytest.approx(-1 / 2)


def test_the_old_count_on_no_pay_and_the_uninsured_lose_no_reimbursement(
    village: Village, offers: Alternatives
) -> None:
    people = village.people
    found = village.options(offers, GRANDMOTHER)
    assert "PAY" not in found[SEAT, TOGETHER]
    assert found[FAR, TOGETHER]["INSURANCE"] == pytest.approx(-0.26 * (1 + 30 / 20))
    assert found[SEAT, TOGETHER]["HOME_AGE"] == pytest.approx(3.0)
    assert found[SEAT, TOGETHER]["HOUSING"] == pytest.approx(-np.log(1 + 180 / 500))  # at least 500 yuan
    people.insurance[GRANDMOTHER] = Insurance.NONE
    assert "INSURANCE" not in village.option(offers, GRANDMOTHER, FAR)


# -- coefficients


@pytest.mark.parametrize("name", NAMES)
def test_every_term_has_its_parameter_as_coefficient(name: str) -> None:
    parameters = {parameter: 0.011 * (number + 1) for number, parameter in enumerate(sorted({*COEFFICIENTS.values()}))}
    world = _world(parameters)
    assert set(NAMES) == {*COEFFICIENTS, "CONSTANT"}
    expected = parameters[COEFFICIENTS[name]] if name in COEFFICIENTS else 1.0
    assert coefficients(world)[getattr(terms, name)] == expected


def _world(parameters: dict[str, float]) -> Any:
    world = small_model(scale=0.002).world
    world.values = {**world.values, **parameters}
    return world


def test_the_nest_and_the_rent_of_public_tenants_are_those_of_the_registry() -> None:
    world = _world({"residence.nest": 0.37, "residence.public_rent": 0.21})
    choice = month_choice(world, MONTH)
    assert choice.nest == 0.37
    assert choice.alternatives.public_rent == 0.21


# -- what destinations offer


def test_a_rent_subsidy_lowers_the_monthly_rent_by_a_twelfth_of_the_yearly_amount_in_towns_and_seats() -> None:
    world = small_model(scale=0.002).world
    world.places.housing.rent[0] = [100.0, 200.0, 300.0]
    world.environment.rent_subsidy.values[0] = [[600.0] * 3, [0.0, 1_200.0, 0.0], [0.0, 600.0, 12_000.0]]
    found = alternatives(world, MONTH)
    assert found.rent[0, :OTHER_SEAT].tolist() == [
        [100.0, 100.0, 100.0],  # nobody in a village is paid
        [200.0, 100.0, 200.0],
        [300.0, 250.0, 0.0],  # never below nothing
    ]
    assert found.market_rent[0, :OTHER_SEAT].tolist() == [100.0, 200.0, 300.0]


def test_the_exam_rule_devalues_the_senior_stage_most() -> None:
    """Three years of six, at a penalty of a half, cost a quarter of the senior stage, and of earlier ones less."""
    world = _world({"schooling.exam_years_full": 6.0, "schooling.exam_penalty": 0.5})
    world.places.schools.chance[...] = 0.8
    world.environment.school_quality.values[...] = 1.0
    world.environment.exam_years.values[0] = [0.0, 0.0, 3.0]
    school = alternatives(world, MONTH).school[0, SEAT]
    assert school[:, Group.LOCAL_RURAL].tolist() == [0.8] * 4
    lost = [0.25 * share for share in (1 / 4, 2 / 4, 3 / 4, 1)]  # kindergarten, primary, junior, senior
    assert school[:, Group.ELSEWHERE] == pytest.approx([0.8 * (1 - part) for part in lost])
