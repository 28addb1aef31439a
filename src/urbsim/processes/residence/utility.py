"""The utility of living somewhere: what each term of the residence choice measures for a person or couple.

For a deciding adult or couple, utility is averaged over the adults and compares destinations d:

  V_d = alpha (ln(p_d w_d) + l_d / p_d w_d) - gamma ln(1 + km_d) - delta ln(1 + rent_d / income_d) [not owning at d]
      + sigma S_d [child 3-17] + h H_d + i R_d - lambda [leaves land] (1 - certified) land
      + kappa [mother in the county, from 35] + mu [single, 20-34] [owns a seat dwelling]
      - spouses apart - children left - children taken outside - cost of moving (within the county, across its border)
      + home + constant_d

with p_d w_d expected earnings, l_d rent of land left behind, S_d the chance of a school place times its quality, H_d
access to registration and R_d the share of medical cost reimbursed less the local share. Distances are from the zone of
registration. Terms that only policies bring in are described in ``services``, the constants in ``constants``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from urbsim.codes import Tenure, Zone
from urbsim.kernels import inlined, whole
from urbsim.population import NOBODY, Households, People, months_old, years_old
from urbsim.processes.residence import terms
from urbsim.processes.residence.alternatives import Alternatives
from urbsim.processes.residence.destinations import (
    ALONE,
    NEAR,
    OTHER_PROVINCE,
    OTHER_SEAT,
    SEAT,
    TOGETHER,
    VILLAGE,
    WITHOUT_CHILDREN,
    Options,
    destination_of,
    home_county,
    lives_elsewhere,
    spot_of,
)
from urbsim.processes.residence.services import (
    care_need,
    eldercare,
    infants_placed,
    land_made_up_for,
    log_grant,
)
from urbsim.state.tally import ADULT_AGE, household_group

EARNING_AGE_END, CARING_AGE = 55, 35
MOST_CHILDREN = 2  # children whose schooling and company count
_OWNS, _PUBLIC, _ZONE_NEAR = int(Tenure.OWNS), int(Tenure.PUBLIC_RENTAL), int(Zone.NEAR)
_TABLE_NEAR = NEAR - _ZONE_NEAR  # from the zone of somebody outside to the column of the tables
_LOWEST_INCOME = 500.0  # yuan a month that rent is held against at least
_ADULTS_SHARING = 2.0  # adults who share the land of a household


@inlined
def measure(
    people: People, households: Households, alternatives: Alternatives, i: int, options: Options, n: int
) -> None:
    """Fill the quantities of option ``n`` for the person ``i`` or the couple that ``i`` is one of."""
    destination, way, x = options.destinations[n], options.ways[n], options.quantities[n]
    x[:] = 0.0
    spouse, spot = whole(people.spouse[i]), spot_of(people, i, destination)
    with_children = spot
    income = _add_adult(people, households, alternatives, i, spot, x)
    if spouse >= 0:
        if way == ALONE:
            with_children = spot_of(people, spouse, destination_of(people, spouse))
            x[terms.SEPARATION] -= 1.0
        income += _add_adult(people, households, alternatives, spouse, with_children, x)
    mother = i if people.female[i] else spouse
    if mother >= 0:
        if way == WITHOUT_CHILDREN:
            with_children = _children_left(people, households, mother, alternatives.month)
            x[terms.CHILD_LEFT] -= _young_children(people, mother, alternatives.month)
        elif way == TOGETHER and destination > SEAT and people.registration[i] >= 0:
            x[terms.CHILD_AWAY] -= _young_children(people, mother, alternatives.month)
        x[terms.SCHOOL] += school_places(people, alternatives, mother, with_children)
        x[terms.CHILDCARE] += infants_placed(people, alternatives.services, mother, with_children)
    x[terms.HOUSING] -= np.log(
        1.0 + _rent(people, households, alternatives, i, spot, way) / max(income, _LOWEST_INCOME)
    )
    if spouse >= 0:  # housing is one for both, the rest is the mean of the two
        for term in range(x.size):
            if term != terms.HOUSING:
                x[term] *= 0.5


@inlined
def _add_adult(
    people: People, households: Households, alternatives: Alternatives, adult: int, spot: tuple[int, int], x: Any
) -> float:
    """Add what living somewhere is to one adult; return what the adult expects to earn there, yuan a month.

    ``spot`` is a county and a column of the tables. What lies outside a county is seen from one's own.
    """
    services, age = alternatives.services, years_old(people.birth[adult], alternatives.month)
    at = spot[1]
    place = home_county(people, adult) if at > SEAT else spot[0]
    if people.registration[adult] < 0 and at >= NEAR:
        _add_way_back(people, alternatives, adult, age, x)
    else:
        _add_place(people, alternatives, adult, (place, at), age, x)
    x[terms.LAND] -= land_at_risk(people, households, adult, (place, at))
    x[terms.MARRIAGE] += _marries_better(people, households, adult, (place, at), age)
    income = expected_income(people, alternatives, adult, (place, at), age)
    x[terms.LAND_RENT] += land_rent_kept(people, households, alternatives, adult, (place, at)) / max(
        income, _LOWEST_INCOME
    )
    if services.active:
        x[terms.ELDERCARE] += eldercare(services, (place, at), age)
        x[terms.GRANT] += log_grant(people, services, adult, (place, at), age, income)
        x[terms.LAND_EXIT] += land_made_up_for(people, households, services, adult, (place, at))
    return income


@inlined
def _add_place(people: People, alternatives: Alternatives, adult: int, spot: tuple[int, int], age: int, x: Any) -> None:
    """Add what a place is to somebody who is registered in the world or stays in the county."""
    registration, place, at = people.registration[adult], spot[0], spot[1]
    x[terms.CONSTANT] += alternatives.constant[place, at]
    x[terms.PAY] += _log_income(people, alternatives, adult, spot, age)
    if registration == place:
        x[terms.DISTANCE] -= _log_distance_from_home(people, alternatives, adult, at)
        _add_ties(people, alternatives, adult, at, age, x)
    elif registration >= 0:
        _add_away_in_the_world(people, alternatives, adult, place, age, x)
    if at < NEAR:
        x[terms.ACCESS] += alternatives.access[place, at, _group_at(people, adult, spot)]
    if not _lives_at(people, adult, spot):
        inside = at <= SEAT and people.zone[adult] < _ZONE_NEAR and people.county[adult] == place
        x[terms.MOVE_INSIDE if inside else terms.MOVE] -= 1.0


@inlined
def _add_way_back(people: People, alternatives: Alternatives, adult: int, age: int, x: Any) -> None:
    """Add what going back is to somebody registered outside the world: pay there is that of a village."""
    x[terms.HOME] += 1.0
    x[terms.HOME_AGE] += max(age - 45, 0) / 10.0
    x[terms.MOVE] -= 1.0
    x[terms.PAY] += _log_income(people, alternatives, adult, (people.county[adult], VILLAGE), age)


@inlined
def _add_away_in_the_world(
    people: People, alternatives: Alternatives, adult: int, place: int, age: int, x: Any
) -> None:
    """Add what living in another county of the world is to somebody, beside what the zone is to everybody.

    Seen from the county of registration it is one of the other seats, and as far, as dear and as costly to be ill in.
    """
    home = people.registration[adult]
    seen = OTHER_SEAT if alternatives.provinces[home] == alternatives.provinces[place] else OTHER_PROVINCE
    x[terms.CONSTANT] += alternatives.constant[home, seen] - alternatives.constant[place, SEAT]
    x[terms.DISTANCE] -= _log_distance_from_home(people, alternatives, adult, seen)
    _add_insurance(people, alternatives, adult, seen, age, x)


@inlined
def _add_ties(people: People, alternatives: Alternatives, adult: int, at: int, age: int, x: Any) -> None:
    """Add what binds somebody to the county of registration: home, parents, and medical insurance."""
    if at > SEAT:
        _add_insurance(people, alternatives, adult, at, age, x)
        return
    older, registration = max(age - 45, 0), people.registration[adult]
    x[terms.HOME] += 1.0
    x[terms.HOME_AGE] += older / 10.0
    if at == VILLAGE and people.registered_zone[adult] == VILLAGE:
        x[terms.VILLAGE_AGE] += older / 10.0
    mother = people.mother[adult]
    if age >= CARING_AGE and mother >= 0 and people.alive[mother] and _at_home(people, mother, registration):
        x[terms.CARE] += care_need(people, alternatives.services, mother)


@inlined
def _at_home(people: People, person: int, county: int) -> bool:
    return bool(people.zone[person] < _ZONE_NEAR and people.county[person] == county)


@inlined
def _add_insurance(people: People, alternatives: Alternatives, adult: int, at: int, age: int, x: Any) -> None:
    """Add what is lost of reimbursements away from the county of registration; illness weighs more with age."""
    if people.insurance[adult] > 0:  # the uninsured have none to lose
        x[terms.INSURANCE] += alternatives.insurance[people.registration[adult], at] * (1.0 + max(age - 45, 0) / 20.0)


@inlined
def _lives_at(people: People, person: int, spot: tuple[int, int]) -> bool:
    place, at = spot
    if people.zone[person] >= _ZONE_NEAR:
        return bool(at == people.zone[person] + _TABLE_NEAR)
    return bool(people.county[person] == place and people.zone[person] == at)


@inlined
def expects_to_earn(people: People, person: int, age: int) -> bool:
    """Return whether somebody counts on earnings: who works or seeks work, and everybody under 55.

    Adults outside the labour force before that age take up work where there is some; the 2020 census counts many farm
    wives among them.
    """
    return bool(people.work[person] > 0 or age < EARNING_AGE_END)


@inlined
def expected_income(people: People, alternatives: Alternatives, person: int, spot: tuple[int, int], age: int) -> float:
    """Return what a person expects to earn somewhere, yuan a month; 0 for those past working."""
    if not expects_to_earn(people, person, age):
        return 0.0
    base = alternatives.earnings[spot[0], spot[1], people.schooling[person], _group_at(people, person, spot)]
    return float(base * np.exp(people.trained[person])) if people.trained[person] > 0.0 else float(base)


@inlined
def _log_income(people: People, alternatives: Alternatives, person: int, spot: tuple[int, int], age: int) -> float:
    """Return the logarithm of expected income; 0 at every destination for those past working."""
    if not expects_to_earn(people, person, age):
        return 0.0
    skill, group = people.schooling[person], _group_at(people, person, spot)
    return float(alternatives.log_earnings[spot[0], spot[1], skill, group] + people.trained[person])


@inlined
def _log_distance_from_home(people: People, alternatives: Alternatives, person: int, at: int) -> float:
    """Return ln(1 + km) between the zone of registration and a destination, for people registered in the world."""
    county, home = people.registration[person], people.registered_zone[person]
    if at == home:
        return 0.0
    if at > SEAT:
        return float(alternatives.log_distance[county, home, at])
    return float(alternatives.log_distance[county, min(at, home), max(at, home)])


@inlined
def _group_at(people: People, person: int, spot: tuple[int, int]) -> int:
    """Return the registration group somebody would have somewhere."""
    if spot[1] > SEAT or people.registration[person] != spot[0]:
        return 2
    return 0 if people.urban_registered[person] else 1


@inlined
def household_group_at(people: People, households: Households, person: int, partner: int, spot: tuple[int, int]) -> int:
    """Return the registration group of the household somebody would live in somewhere.

    At home it is the household's; where people go it will be that of the first adult among them, which is how
    households are counted. ``partner`` is the spouse who goes along, -1 for none.
    """
    h = people.household[person]
    if spot[1] == households.zone[h] and spot[0] == households.county[h]:
        return household_group(people, households, person)
    return _group_at(people, person if partner < 0 else min(person, partner), spot)


@inlined
def _rent(
    people: People,
    households: Households,
    alternatives: Alternatives,
    person: int,
    spot: tuple[int, int],
    way: int,
) -> float:
    """Return the rent to pay somewhere, yuan a month; 0 for owners."""
    h, place, at = people.household[person], spot[0], spot[1]
    own = households.county[h] == place
    if at == VILLAGE and place == home_county(people, person):
        family = lives_elsewhere(people, person) and people.registered_zone[person] == VILLAGE
        if households.homestead[h] or family:
            return 0.0
    if own and at < OTHER_SEAT and households.tenure[h] == _OWNS and at > VILLAGE:
        return 0.0
    if own and households.tenure[h] == _PUBLIC and at == households.zone[h]:
        return float(alternatives.public_rent * alternatives.market_rent[place, at])
    partner = people.spouse[person] if way != ALONE else NOBODY
    return float(alternatives.rent[place, at, household_group_at(people, households, person, partner, spot)])


@inlined
def land_at_risk(people: People, households: Households, person: int, spot: tuple[int, int]) -> float:
    """Return the contracted land that leaving the village puts at risk, in units of 10 mu."""
    h = people.household[person]
    stays = spot[1] == VILLAGE and spot[0] == home_county(people, person)
    if stays or households.certified[h] or people.urban_registered[person]:
        return 0.0
    return float(households.land[h] / 10.0)


@inlined
def land_rent_kept(
    people: People, households: Households, alternatives: Alternatives, person: int, spot: tuple[int, int]
) -> float:
    """Return an adult's part of the rent that contracted land brings to those who left the village, yuan a month.

    Land that is not certified is let less readily; two adults share it. It is held against income as it is: rent is so
    small a part of it that the logarithm of one and that part differs little from it.
    """
    h = people.household[person]
    stays = spot[1] == VILLAGE and spot[0] == home_county(people, person)
    if stays or households.land[h] <= 0.0 or people.urban_registered[person]:
        return 0.0
    readily = 1.0 if households.certified[h] else alternatives.uncertified_renting
    return float(alternatives.land_rent * households.land[h] * readily / _ADULTS_SHARING)


@inlined
def _marries_better(people: People, households: Households, person: int, spot: tuple[int, int], age: int) -> bool:
    """Return whether somebody is single, of marriage age, and would live in an own seat dwelling."""
    h = people.household[person]
    owns = households.tenure[h] == _OWNS and households.county[h] == spot[0]
    return bool(spot[1] == SEAT and owns and people.spouse[person] < 0 and 20 <= age < 35)


@inlined
def school_places(people: People, alternatives: Alternatives, mother: int, spot: tuple[int, int]) -> float:
    """Return the chance of a place times its quality, summed over (at most two) school-age children of a mother."""
    value, counted = 0.0, 0
    child = people.first_child[mother]
    while child >= 0 and counted < MOST_CHILDREN:
        age = years_old(people.birth[child], alternatives.month)
        if people.alive[child] and 3 <= age < 18:
            stage = 0 if age < 6 else (1 if age < 12 else (2 if age < 15 else 3))
            value += alternatives.school[spot[0], spot[1], stage, _group_at(people, child, spot)]
            counted += 1
        child = people.next_sibling[child]
    return value


@inlined
def _children_left(people: People, households: Households, mother: int, month: int) -> tuple[int, int]:
    """Return the county and zone where a mother's young children are at home, or the mother's household is."""
    child = people.first_child[mother]
    while child >= 0:
        young = people.alive[child] and months_old(people.birth[child], month) < ADULT_AGE * 12
        if young and people.zone[child] < _ZONE_NEAR:
            return int(whole(people.county[child])), int(whole(people.zone[child]))
        child = people.next_sibling[child]
    h = people.household[mother]
    return int(whole(households.county[h])), int(whole(households.zone[h]))


@inlined
def _young_children(people: People, mother: int, month: int) -> int:
    """Return how many children under 16 a mother has, at most two."""
    count = 0
    child = people.first_child[mother]
    while child >= 0 and count < MOST_CHILDREN:
        count += people.alive[child] and months_old(people.birth[child], month) < ADULT_AGE * 12
        child = people.next_sibling[child]
    return count
