"""The utility of living somewhere: what each term of the residence choice measures for a person or couple.

For a deciding adult or couple, utility is averaged over the adults and compares destinations d:

  V_d = alpha ln(p_d w_d) - gamma ln(1 + km_d) - delta ln(1 + rent_d / income_d) [not owning at d]
      + sigma S_d [child 3-17] + h H_d + i R_d - lambda [leaves land] (1 - certified) land
      + kappa [mother in the county, from 35] + mu [single, 20-34] [owns a seat dwelling]
      - spouses apart - children left - children taken outside - cost of moving (within the county, across its border)
      + home + constant_d

with p_d w_d expected earnings, S_d the chance of a school place times its quality, H_d access to registration and
R_d the share of medical cost reimbursed less the local share. Distances are from the village of registration. Terms
that only policies bring in are described in ``services``, the constants in ``constants``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from urbsim.codes import Tenure, Zone
from urbsim.kernels import inlined
from urbsim.population import NOBODY, Households, People, months_old, years_old
from urbsim.processes.residence import terms
from urbsim.processes.residence.alternatives import Alternatives
from urbsim.processes.residence.destinations import (
    ALONE,
    NEAR,
    OTHER_SEAT,
    SEAT,
    TOGETHER,
    VILLAGE,
    WITHOUT_CHILDREN,
    Options,
    destination_of,
)
from urbsim.processes.residence.services import (
    care_need,
    eldercare,
    infants_placed,
    land_made_up_for,
    log_grant,
)
from urbsim.state.tally import ADULT_AGE, group_of, household_group

EARNING_AGE_END, CARING_AGE = 55, 35
MOST_CHILDREN = 2  # children whose schooling and company count
_OWNS, _PUBLIC, _ZONE_NEAR = int(Tenure.OWNS), int(Tenure.PUBLIC_RENTAL), int(Zone.NEAR)
_LOWEST_INCOME = 500.0  # yuan a month that rent is held against at least


@inlined
def measure(
    people: People, households: Households, alternatives: Alternatives, i: int, options: Options, n: int
) -> None:
    """Fill the quantities of option ``n`` for the person ``i`` or the couple that ``i`` is one of."""
    destination, way, x = options.destinations[n], options.ways[n], options.quantities[n]
    x[:] = 0.0
    spouse = people.spouse[i]
    at = destination
    income = _add_adult(people, households, alternatives, i, at, x)
    if spouse >= 0:
        if way == ALONE:
            at = destination_of(people, spouse)
            x[terms.SEPARATION] -= 1.0
        income += _add_adult(people, households, alternatives, spouse, at, x)
    mother = i if people.female[i] else spouse
    if mother >= 0:
        children_at = at  # children of a couple living apart stay with the one who stays
        if way == WITHOUT_CHILDREN:
            children_at = households.zone[people.household[mother]]
            x[terms.CHILD_LEFT] -= _young_children(people, mother, alternatives.month)
        elif way == TOGETHER and destination >= NEAR:
            x[terms.CHILD_AWAY] -= _young_children(people, mother, alternatives.month)
        x[terms.SCHOOL] += school_places(people, alternatives, mother, children_at)
        x[terms.CHILDCARE] += infants_placed(people, alternatives.services, mother, children_at)
    x[terms.HOUSING] -= np.log(
        1.0 + _rent(people, households, alternatives, i, destination, way) / max(income, _LOWEST_INCOME)
    )
    if spouse >= 0:  # housing is one for both, the rest is the mean of the two
        for term in range(x.size):
            if term != terms.HOUSING:
                x[term] *= 0.5


@inlined
def _add_adult(
    people: People, households: Households, alternatives: Alternatives, adult: int, at: int, x: Any
) -> float:
    """Add what living at a destination is to one adult; return what the adult expects to earn there, yuan a month."""
    services, age = alternatives.services, years_old(people.birth[adult], alternatives.month)
    if people.registration[adult] < 0 and at > SEAT:
        _add_way_back(people, alternatives, adult, age, x)
    else:
        _add_place(people, alternatives, adult, at, age, x)
    x[terms.LAND] -= land_at_risk(people, households, adult, at)
    x[terms.MARRIAGE] += _marries_better(people, households, adult, at, age)
    income = expected_income(people, alternatives, adult, at, age)
    if services.active:
        x[terms.ELDERCARE] += eldercare(people, services, adult, at, age)
        x[terms.GRANT] += log_grant(people, services, adult, at, age, income)
        x[terms.LAND_EXIT] += land_made_up_for(people, households, services, adult, at)
    return income


@inlined
def _add_place(people: People, alternatives: Alternatives, adult: int, at: int, age: int, x: Any) -> None:
    """Add what a place is to somebody who is registered in the world or stays in the county."""
    county, registration = people.county[adult], people.registration[adult]
    x[terms.CONSTANT] += alternatives.constant[county, at]
    x[terms.PAY] += _log_income(people, alternatives, adult, at, age)
    if registration == county:
        x[terms.DISTANCE] -= _log_distance_from_home(people, alternatives, adult, at)
        _add_ties(people, alternatives, adult, at, age, x)
    elif registration >= 0:
        _add_away_in_the_world(alternatives, county, registration, at, x)
    if at < NEAR:
        x[terms.ACCESS] += alternatives.access[county, at, _group_at(people, adult, at)]
    here = destination_of(people, adult)
    if at != here:
        x[terms.MOVE_INSIDE if max(at, here) <= SEAT else terms.MOVE] -= 1.0


@inlined
def _add_way_back(people: People, alternatives: Alternatives, adult: int, age: int, x: Any) -> None:
    """Add what going back is to somebody registered outside the world: pay there is that of a village."""
    x[terms.HOME] += 1.0
    x[terms.HOME_AGE] += max(age - 45, 0) / 10.0
    x[terms.MOVE] -= 1.0
    x[terms.PAY] += _log_income(people, alternatives, adult, VILLAGE, age)


@inlined
def _add_away_in_the_world(alternatives: Alternatives, county: int, registration: int, at: int, x: Any) -> None:
    """Add what staying or going on is to somebody registered in another county of the world.

    Where such a person lives is a destination "other seats" of the county of registration, and is valued as that.
    """
    if at == VILLAGE:
        x[terms.HOME] += 1.0  # stands for the village of registration
        return
    seen, here = (OTHER_SEAT, SEAT) if at <= SEAT else (at, at)
    x[terms.CONSTANT] += alternatives.constant[registration, seen] - alternatives.constant[county, here]
    x[terms.DISTANCE] -= alternatives.log_distance[registration, VILLAGE, seen]


@inlined
def _add_ties(people: People, alternatives: Alternatives, adult: int, at: int, age: int, x: Any) -> None:
    """Add what binds somebody to the county of registration: home, parents, and medical insurance."""
    older = max(age - 45, 0)
    if at > SEAT:
        # The uninsured have no reimbursement to lose; illness weighs more with age.
        if people.insurance[adult] > 0:
            x[terms.INSURANCE] += alternatives.insurance[people.county[adult], at] * (1.0 + older / 20.0)
        return
    x[terms.HOME] += 1.0
    x[terms.HOME_AGE] += older / 10.0
    if at == VILLAGE and people.registered_zone[adult] == VILLAGE:
        x[terms.VILLAGE_AGE] += older / 10.0
    mother = people.mother[adult]
    if age >= CARING_AGE and mother >= 0 and people.alive[mother] and people.zone[mother] < _ZONE_NEAR:
        x[terms.CARE] += care_need(people, alternatives.services, mother)


@inlined
def expects_to_earn(people: People, person: int, age: int) -> bool:
    """Return whether somebody counts on earnings: who works or seeks work, and everybody under 55.

    Adults outside the labour force before that age take up work where there is some; the 2020 census counts many farm
    wives among them.
    """
    return bool(people.work[person] > 0 or age < EARNING_AGE_END)


@inlined
def expected_income(people: People, alternatives: Alternatives, person: int, at: int, age: int) -> float:
    """Return what a person expects to earn at a destination, yuan a month; 0 for those past working."""
    if not expects_to_earn(people, person, age):
        return 0.0
    base = alternatives.earnings[people.county[person], at, people.schooling[person]]
    return float(base * np.exp(people.trained[person])) if people.trained[person] > 0.0 else float(base)


@inlined
def _log_income(people: People, alternatives: Alternatives, person: int, at: int, age: int) -> float:
    """Return the logarithm of expected income; 0 at every destination for those past working."""
    if not expects_to_earn(people, person, age):
        return 0.0
    skill = people.schooling[person]
    return float(alternatives.log_earnings[people.county[person], at, skill] + people.trained[person])


@inlined
def _log_distance_from_home(people: People, alternatives: Alternatives, person: int, at: int) -> float:
    """Return ln(1 + km) between the zone of registration and a destination, for people registered in the county."""
    home = people.registered_zone[person]
    if at == home:
        return 0.0
    if at > SEAT:
        return float(alternatives.log_distance[people.county[person], home, at])
    return float(alternatives.log_distance[people.county[person], min(at, home), max(at, home)])


@inlined
def _group_at(people: People, person: int, at: int) -> int:
    """Return the registration group somebody would have at a destination."""
    return 2 if at == OTHER_SEAT else group_of(people, person)


@inlined
def household_group_at(people: People, households: Households, person: int, partner: int, at: int) -> int:
    """Return the registration group of the household somebody would live in at a destination.

    At home it is the household's; where people go it will be that of the first adult among them, which is how
    households are counted. ``partner`` is the spouse who goes along, -1 for none.
    """
    if at == OTHER_SEAT:
        return 2
    if at == households.zone[people.household[person]]:
        return household_group(people, households, person)
    return group_of(people, person if partner < 0 else min(person, partner))


@inlined
def _rent(people: People, households: Households, alternatives: Alternatives, person: int, at: int, way: int) -> float:
    """Return the rent to pay at a destination, yuan a month; 0 for owners."""
    h, county = people.household[person], people.county[person]
    if at == VILLAGE and households.homestead[h]:
        return 0.0
    if at < OTHER_SEAT and households.tenure[h] == _OWNS and at > VILLAGE:
        return 0.0
    if households.tenure[h] == _PUBLIC and at == households.zone[h]:
        return float(alternatives.public_rent * alternatives.market_rent[county, at])
    partner = people.spouse[person] if way != ALONE else NOBODY
    return float(alternatives.rent[county, at, household_group_at(people, households, person, partner, at)])


@inlined
def land_at_risk(people: People, households: Households, person: int, at: int) -> float:
    """Return the contracted land that leaving the village puts at risk, in units of 10 mu."""
    h = people.household[person]
    if at == VILLAGE or households.certified[h] or people.urban_registered[person]:
        return 0.0
    return float(households.land[h] / 10.0)


@inlined
def _marries_better(people: People, households: Households, person: int, at: int, age: int) -> bool:
    """Return whether somebody is single, of marriage age, and would live in an own seat dwelling."""
    owns = households.tenure[people.household[person]] == _OWNS
    return bool(at == SEAT and owns and people.spouse[person] < 0 and 20 <= age < 35)


@inlined
def school_places(people: People, alternatives: Alternatives, mother: int, at: int) -> float:
    """Return the chance of a place times its quality, summed over (at most two) school-age children of a mother."""
    value, counted = 0.0, 0
    child = people.first_child[mother]
    while child >= 0 and counted < MOST_CHILDREN:
        age = years_old(people.birth[child], alternatives.month)
        if people.alive[child] and 3 <= age < 18:
            stage = 0 if age < 6 else (1 if age < 12 else (2 if age < 15 else 3))
            group = _group_at(people, child, at)
            value += alternatives.school[people.county[mother], at, stage, group]
            counted += 1
        child = people.next_sibling[child]
    return value


@inlined
def _young_children(people: People, mother: int, month: int) -> int:
    """Return how many children under 16 a mother has, at most two."""
    count = 0
    child = people.first_child[mother]
    while child >= 0 and count < MOST_CHILDREN:
        count += people.alive[child] and months_old(people.birth[child], month) < ADULT_AGE * 12
        child = people.next_sibling[child]
    return count
