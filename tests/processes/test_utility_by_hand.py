"""What every term of the utility measures for four people, by hand, and what their utility comes to."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from urbsim.codes import Insurance, Schooling, Tenure, Work, Zone
from urbsim.months import parse_month
from urbsim.population import Columns, Households, People
from urbsim.processes.residence import terms
from urbsim.processes.residence.alternatives import Alternatives
from urbsim.processes.residence.choice import workspace
from urbsim.processes.residence.destinations import (
    ALONE,
    FAR,
    NEAR,
    SEAT,
    TOGETHER,
    TOWN,
    VILLAGE,
    WITHOUT_CHILDREN,
)
from urbsim.processes.residence.services import ServiceTables
from urbsim.processes.residence.terms import TERMS, utility
from urbsim.processes.residence.utility import measure
from worlds import small_model

MONTH = parse_month("2022-06")
SINGLE, WIFE, HUSBAND, SCHOOLGIRL, BABY, AWAY, HIS_MOTHER = range(7)
AGES = (30, 36, 38, 8, 2, 60, 82)
OF_SINGLE, OF_COUPLE, OF_MOTHER = range(3)  # households
EARNINGS = (2000.0, 2500.0, 3000.0, 50.0, 4000.0, 5000.0)
KM = (0.0, 10.0, 30.0, 0.0, 300.0, 1000.0)


@pytest.fixture
def population() -> tuple[Columns[People], Columns[Households]]:
    """Villagers registered in their village: a single woman, a couple with two children, a man far away, his mother."""
    people, households = Columns(People, 7), Columns(Households, 3)
    people.key[...] = np.arange(1, 8)
    people.birth[...] = MONTH - 12 * np.array(AGES)
    people.female[...] = [1, 1, 0, 1, 0, 0, 1]
    people.zone[AWAY] = Zone.FAR
    people.schooling[...] = Schooling.JUNIOR
    people.work[[SINGLE, WIFE, HUSBAND, AWAY]] = Work.FARM
    people.insurance[...] = Insurance.RESIDENTS
    people.household[...] = [OF_SINGLE, OF_COUPLE, OF_COUPLE, OF_COUPLE, OF_COUPLE, OF_MOTHER, OF_MOTHER]
    people.spouse[[WIFE, HUSBAND]] = [HUSBAND, WIFE]
    people.mother[[SCHOOLGIRL, BABY, AWAY]] = [WIFE, WIFE, HIS_MOTHER]
    people.first_child[[WIFE, HIS_MOTHER]] = [SCHOOLGIRL, AWAY]
    people.next_sibling[SCHOOLGIRL] = BABY
    households.land[...] = [6.0, 8.0, 0.0]
    households.homestead[...] = 1
    households.group[...] = 1
    return people, households


def alternatives() -> Alternatives:
    """Return one county, its destinations in the order village, town, seat, other seats (none), near, far."""
    zeros, by_zone = np.zeros((1, 6)), np.zeros((1, 3))
    earnings = np.repeat(np.array(EARNINGS)[None, :, None], 5, axis=2)
    rent = np.repeat(np.array([0.0, 300.0, 600.0, 0.0, 800.0, 1000.0])[None, :, None], 3, axis=2)
    rent[0, SEAT, 1] = 500.0  # a subsidy for rural households
    school = np.zeros((1, 6, 4, 3))
    school[0, :, 1] = np.array([0.5, 0.6, 0.9, 0.0, 0.2, 0.3])[:, None]  # primary school
    access = np.zeros((1, 6, 3))
    access[0, :3, 1] = [1.0, 0.4, 0.25]
    distance = np.zeros((1, 3, 6))
    distance[0, VILLAGE] = np.log1p(KM)
    return Alternatives(
        month=MONTH,
        earnings=earnings,
        log_earnings=np.log(earnings),
        rent=rent,
        market_rent=np.array([[0.0, 300.0, 600.0, 0.0, 800.0, 1000.0]]),
        public_rent=0.5,
        school=school,
        access=access,
        insurance=np.array([[0.0, 0.0, 0.0, 0.0, -0.2, -0.3]]),
        constant=np.array([[0.0, -0.2, 0.1, -np.inf, 0.8, 1.5]]),
        log_distance=distance,
        seats=np.ones((1, 1)),
        services=ServiceTables(False, MONTH, zeros, zeros, by_zone, by_zone, zeros, np.zeros(1)),
    )


def measured(
    population: tuple[Columns[People], Columns[Households]], person: int, destination: int, way: int = TOGETHER
) -> dict[int, float]:
    """Return the quantities of one option that are not zero, by term."""
    options = workspace()
    options.destinations[0], options.ways[0] = destination, way
    measure(population[0].view(), population[1].view(), alternatives(), person, options, 0)
    return {term: float(quantity) for term, quantity in enumerate(options.quantities[0]) if quantity}


def ln(number: float) -> float:
    return float(np.log(number))


#: Who, where to, how, and every quantity that is not zero.
BY_HAND: dict[str, tuple[int, int, int, Mapping[int, float]]] = {
    "a single woman stays in her village": (
        SINGLE, VILLAGE, TOGETHER,
        {terms.PAY: ln(2000), terms.ACCESS: 1, terms.HOME: 1},  # she has a homestead: no rent
    ),
    "a single woman goes to the seat": (
        SINGLE, SEAT, TOGETHER,
        {
            terms.PAY: ln(3000), terms.DISTANCE: -ln(31), terms.HOUSING: -ln(1 + 500 / 3000), terms.ACCESS: 0.25,
            terms.LAND: -0.6, terms.MOVE: -1, terms.HOME: 1, terms.CONSTANT: 0.1,
        },
    ),
    "a single woman goes near": (
        SINGLE, NEAR, TOGETHER,
        {
            terms.PAY: ln(4000), terms.DISTANCE: -ln(301), terms.HOUSING: -ln(1 + 800 / 4000), terms.INSURANCE: -0.2,
            terms.LAND: -0.6, terms.MOVE: -1, terms.CONSTANT: 0.8,
        },
    ),
    # Of a couple each quantity is the mean of the two; the children of both count half for each.
    "a couple goes to the town": (
        WIFE, TOWN, TOGETHER,
        {
            terms.PAY: ln(2500), terms.DISTANCE: -ln(11), terms.HOUSING: -ln(1 + 300 / 5000), terms.ACCESS: 0.4,
            terms.SCHOOL: 0.6 / 2, terms.LAND: -0.8, terms.MOVE: -1, terms.HOME: 1, terms.CONSTANT: -0.2,
        },
    ),
    "a couple takes both children far away": (
        WIFE, FAR, TOGETHER,
        {
            terms.PAY: ln(5000), terms.DISTANCE: -ln(1001), terms.HOUSING: -ln(1 + 1000 / 10000), terms.SCHOOL: 0.15,
            terms.INSURANCE: -0.3, terms.LAND: -0.8, terms.CHILD_AWAY: -2 / 2, terms.MOVE: -1, terms.CONSTANT: 1.5,
        },
    ),
    "a couple leaves both children in the village": (
        WIFE, FAR, WITHOUT_CHILDREN,
        {
            terms.PAY: ln(5000), terms.DISTANCE: -ln(1001), terms.HOUSING: -ln(1 + 1000 / 10000), terms.SCHOOL: 0.25,
            terms.INSURANCE: -0.3, terms.LAND: -0.8, terms.CHILD_LEFT: -2 / 2, terms.MOVE: -1, terms.CONSTANT: 1.5,
        },
    ),
    "one of a couple goes far away alone": (
        WIFE, FAR, ALONE,  # the spouse stays in the village, with the children
        {
            terms.PAY: (ln(5000) + ln(2000)) / 2, terms.DISTANCE: -ln(1001) / 2, terms.HOUSING: -ln(1 + 1000 / 7000),
            terms.SCHOOL: 0.5 / 2, terms.ACCESS: 1 / 2, terms.INSURANCE: -0.3 / 2, terms.LAND: -0.8 / 2,
            terms.SEPARATION: -1 / 2, terms.MOVE: -1 / 2, terms.HOME: 1 / 2, terms.CONSTANT: 1.5 / 2,
        },
    ),
    # Fifteen years above 45: illness weighs 1 + 15/20, home and village 1.5 tens of years.
    "a man of sixty stays far away": (
        AWAY, FAR, TOGETHER,
        {
            terms.PAY: ln(5000), terms.DISTANCE: -ln(1001), terms.HOUSING: -ln(1 + 1000 / 5000),
            terms.INSURANCE: -0.3 * 1.75, terms.CONSTANT: 1.5,
        },
    ),
    "a man of sixty comes back to his mother in the village": (
        AWAY, VILLAGE, TOGETHER,
        {
            terms.PAY: ln(2000), terms.ACCESS: 1, terms.CARE: 1, terms.MOVE: -1, terms.HOME: 1, terms.HOME_AGE: 1.5,
            terms.VILLAGE_AGE: 1.5,
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BY_HAND)
def test_quantities_by_hand(case: str, population: tuple[Columns[People], Columns[Households]]) -> None:
    person, destination, way, expected = BY_HAND[case]
    assert measured(population, person, destination, way) == pytest.approx(dict(expected))


def test_owning_and_public_rental_in_the_seat(population: tuple[Columns[People], Columns[Households]]) -> None:
    people, households = population
    people.zone[SINGLE], households.zone[OF_SINGLE] = Zone.SEAT, Zone.SEAT
    households.tenure[OF_SINGLE] = Tenure.PUBLIC_RENTAL
    stays = measured(population, SINGLE, SEAT)
    assert stays[terms.HOUSING] == pytest.approx(-ln(1 + 0.5 * 600 / 3000))  # half the market rent, no subsidy on top
    assert terms.MARRIAGE not in stays
    households.tenure[OF_SINGLE] = Tenure.OWNS
    stays = measured(population, SINGLE, SEAT)
    assert terms.HOUSING not in stays
    assert stays[terms.MARRIAGE] == 1.0  # single, 20 to 34, in an own seat dwelling
    people.birth[SINGLE] -= 5 * 12
    assert terms.MARRIAGE not in measured(population, SINGLE, SEAT)


def test_land_is_at_risk_unless_certified_or_registered_as_urban(
    population: tuple[Columns[People], Columns[Households]],
) -> None:
    people, households = population
    households.certified[OF_SINGLE] = 1
    assert terms.LAND not in measured(population, SINGLE, SEAT)
    households.certified[OF_SINGLE], people.urban_registered[SINGLE] = 0, 1
    assert terms.LAND not in measured(population, SINGLE, SEAT)


#: The term of each parameter. What lowers utility has a negative quantity, so all coefficients count as they are.
PARAMETERS = {
    "residence.gamma": terms.DISTANCE, "residence.delta": terms.HOUSING, "residence.sigma": terms.SCHOOL,
    "childcare.weight": terms.CHILDCARE, "eldercare.weight": terms.ELDERCARE, "residence.hukou": terms.ACCESS,
    "residence.insurance": terms.INSURANCE, "residence.care": terms.CARE, "residence.marriage": terms.MARRIAGE,
    "residence.separation": terms.SEPARATION, "residence.child_left": terms.CHILD_LEFT,
    "residence.child_away": terms.CHILD_AWAY, "residence.move": terms.MOVE, "residence.home": terms.HOME,
    "residence.home_age": terms.HOME_AGE, "residence.village_age": terms.VILLAGE_AGE,
}  # fmt: skip


def test_every_coefficient_is_the_parameter_of_its_term() -> None:
    parameters = {name: 0.01 * number for number, name in enumerate(PARAMETERS, start=10)}
    model = small_model(scale=0.002, parameters={**parameters, "residence.alpha": 1.25, "residence.land": 0.35})
    found = terms.coefficients(model.world)
    assert {name: found[term] for name, term in PARAMETERS.items()} == parameters
    assert found[[terms.PAY, terms.GRANT]].tolist() == [1.25, 1.25]
    assert found[[terms.LAND, terms.LAND_EXIT]].tolist() == [0.35, 0.35]
    assert found[terms.CONSTANT] == 1.0
    assert {term.coefficient for term in TERMS} == {*PARAMETERS, "residence.alpha", "residence.land", terms.POINTS}


def test_utility_is_the_sum_of_coefficients_times_quantities() -> None:
    quantities, weights = np.zeros(len(TERMS)), np.ones(len(TERMS))
    quantities[[terms.PAY, terms.MOVE, terms.CONSTANT]] = [8.0, -1.0, 0.5]
    weights[[terms.PAY, terms.MOVE]] = [1.5, 3.0]
    assert utility(quantities, weights) == 1.5 * 8.0 - 3.0 + 0.5
