"""Registration choice: people who qualify may transfer their registration (hukou) to where they live.

Rule. A resident of a town or seat who is registered in a village or in another county qualifies after the years of
residence required, if the household owns its dwelling or tenants qualify (or ownership is not required). Somebody who
qualifies applies with a yearly rate that rises with schooling children and falls with contracted land whose right
is not certified, and beside it with a chance of its own in the month in which a child enters a school or the household
buys its dwelling. Who marries somebody registered in a town or seat of the county may join that registration without
qualifying. Transfer is voluntary and never costs the land right. Children under 16 follow either parent.

Two more ways to a registration belong to other processes: a newborn's follows one of the parents (``demography``), and
college students may transfer theirs (``schooling``).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from urbsim.arrays import Floats, Mask
from urbsim.codes import Event, Tenure, Zone
from urbsim.kernels import inlined, people_kernel, whole
from urbsim.population import Households, People, months_old, years_old
from urbsim.randomness import Decision, Drawn, lot, uniform
from urbsim.records import record
from urbsim.state.tally import ADULT_AGE, group_of, origin_of
from urbsim.state.world import World
from urbsim.threads import part_of, side_by_side

_OWNS, _PUBLIC, _VILLAGE = int(Tenure.OWNS), int(Tenure.PUBLIC_RENTAL), int(Zone.VILLAGE)
_MARRIED, _CHILD = int(Event.MARRIED), int(Event.CHILD_CHANGES_SCHOOL)


@record
class Rules(NamedTuple):
    """Who may register in a zone this month, by county, zone and group, shape (C, 3, 3) each."""

    months: Floats  # of residence required
    needs_home: Floats  # share of applicants who must own a dwelling
    tenants: Floats  # share of tenants who qualify


@record
class RegistrationResponse(NamedTuple):
    """How many of those who qualify apply."""

    rate: float  # a year
    child: float  # log points for each child of school age
    land: float  # log points lost for 10 mu of land that is not certified
    school: float  # chance in the month in which a child enters a school
    purchase: float  # chance in the month in which the household buys its dwelling
    marriage: float  # chance in the month of marriage to somebody registered in a town or seat


@record
class Transfers(NamedTuple):
    """Where transfers of the month are counted."""

    counts: Floats  # (C, 3, 3) by zone and origin
    provinces: NDArray[np.int64]  # (C,) number of each county's province
    month: int


def advance(world: World, month: int) -> None:
    """Let people who qualify and gain enough transfer their registration."""
    environment = world.environment
    people, households = world.population.people.view(), world.population.households.view()
    response = world.known(_response)
    # Without an event of the month nobody has a higher chance, whatever the family.
    usual = response.rate / 12.0 * float(np.exp(2.0 * response.child))
    certain = np.empty(people.key.size, dtype=bool)
    bought = households.bought == month
    side_by_side(
        lambda first, last: _find_events(part_of(people, first, last), bought, certain[first:last]), certain.size
    )
    drawn = world.randomness.find_below(Decision.REGISTRATION, month, people.key, usual, certain)
    rules = Rules(
        environment.registration_years.values * 12.0,
        environment.registration_needs_home.values,
        environment.registration_tenants.values,
    )
    transferred = np.zeros_like(world.activity.newly_registered)
    _transfer(people, households, rules, response, drawn, Transfers(transferred, world.provinces, month))
    world.activity.newly_registered[...] = transferred * world.weight


def _response(world: World, _: int) -> RegistrationResponse:
    return RegistrationResponse(*(world.values[f"registration.{name}"] for name in RegistrationResponse._fields))


@people_kernel
def _find_events(people: People, bought: Mask, certain: Mask) -> None:
    """Note who married, whose child enters a school, and whose household ``bought`` its dwelling this month."""
    for i in range(people.key.size):
        certain[i] = (people.events[i] & (_MARRIED | _CHILD) != 0) | bought[people.household[i]]


@people_kernel
def _transfer(
    people: People,
    households: Households,
    rules: Rules,
    response: RegistrationResponse,
    drawn: Drawn,
    transfers: Transfers,
) -> None:
    month = transfers.month
    for row in drawn.rows:
        i = whole(row)
        zone = people.zone[i]
        if people.alive[i] == 0 or zone < 1 or zone > 2 or _settled(people, i, people.county[i]):
            continue
        if years_old(people.birth[i], month) < ADULT_AGE:
            continue
        number = uniform(drawn.stream, people.key[i])
        bought = households.bought[people.household[i]] == month
        spouse, stays = people.spouse[i], 1.0
        if people.events[i] & _MARRIED and spouse >= 0 and _settled(people, spouse, people.county[i]):
            stays = 1.0 - response.marriage
            zone = people.registered_zone[spouse] if number < response.marriage else zone
        if _qualifies(people, households, rules, i, month):
            stays *= 1.0 - _chance(people, households, response, i, month)
            stays *= (1.0 - response.purchase) if bought else 1.0
        if number < 1.0 - stays:
            _register(people, i, zone, transfers)


@inlined
def _settled(people: People, i: int, county: int) -> bool:
    """Return whether somebody is registered in a town or the seat of a county."""
    return bool(people.registration[i] == county and people.registered_zone[i] != _VILLAGE)


@inlined
def _chance(people: People, households: Households, response: RegistrationResponse, i: int, month: int) -> float:
    """Return the chance of applying this month of somebody who qualifies, by the rate or as a child enters school."""
    gain = response.child * min(_pupils(people, i, month), 2)
    h = people.household[i]
    if households.certified[h] == 0:
        gain -= response.land * households.land[h] / 10.0
    chance = min(response.rate / 12.0 * np.exp(gain), 1.0)
    if people.events[i] & _CHILD:
        chance = 1.0 - (1.0 - chance) * (1.0 - response.school)
    return float(chance)


@inlined
def _qualifies(people: People, households: Households, rules: Rules, i: int, month: int) -> bool:
    """Return whether somebody has lived in the zone for long enough, in a dwelling that qualifies.

    At partial strength of a rule, households above the strength wait.
    """
    county, zone, group, h = people.county[i], people.zone[i], group_of(people, i), people.household[i]
    if month - people.arrival[i] < rules.months[county, zone, group]:
        return False
    if households.tenure[h] in (_OWNS, _PUBLIC):
        return True
    open_to_tenants = max(1.0 - rules.needs_home[county, zone, group], rules.tenants[county, zone, group])
    return bool(lot(households.key[h]) < open_to_tenants)


@inlined
def _pupils(people: People, mother: int, month: int) -> int:
    count = 0
    child = people.first_child[mother]
    while child >= 0:
        count += people.alive[child] and 36 <= months_old(people.birth[child], month) < 216
        child = people.next_sibling[child]
    return count


@inlined
def _register(people: People, i: int, zone: int, transfers: Transfers) -> None:
    """Register somebody and the children under 16 in a zone of the county where the person lives."""
    place = (people.county[i], zone)
    _enter(people, i, place, transfers)
    mother = i if people.female[i] else people.spouse[i]
    child = people.first_child[mother] if mother >= 0 else -1
    while child >= 0:
        young = months_old(people.birth[child], transfers.month) < ADULT_AGE * 12
        if people.alive[child] and young and not _settled(people, child, place[0]):
            _enter(people, child, place, transfers)
        child = people.next_sibling[child]


@inlined
def _enter(people: People, i: int, place: tuple[int, int], transfers: Transfers) -> None:
    county, zone = place
    # The tally tells urban and rural apart among those registered here already; the origin of both is the same county.
    transfers.counts[county, zone, max(origin_of(people, i, transfers.provinces) - 1, 0)] += 1.0
    people.registration[i] = county
    people.registered_zone[i] = zone
    people.urban_registered[i] = 1
