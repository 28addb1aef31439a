"""Deaths, births and marriages.

Rule. A person dies this month with probability 1 - exp(-m / 12), m the mortality rate of the person's sex, single
year of age and calendar year (UN World Population Prospects 2024, China). A married woman aged 15-49 gives birth
with the national age-specific rate of the year, times a county factor (children per woman in the census of the
start year relative to what national rates explain), times an urban or rural factor, divided by the share married
at that age. Single women and men meet at age-specific rates within the same county and zone and marry in order
of age. Newborns live with the mother; those of absent mothers are sent home with a stated probability. They are
registered with a parent: of parents of whom one is registered in a town or seat, mostly with that one. When a mother
reaches 75 her children look at where they live.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from urbsim.arrays import Floats
from urbsim.codes import Cause, Event, Insurance, Tenure, Zone
from urbsim.kernels import inlined, people_kernel, whole
from urbsim.months import year_of
from urbsim.population import Households, People, months_old, years_old
from urbsim.randomness import Decision, Drawn, child_key, uniform
from urbsim.records import record
from urbsim.state.accounts import NOWHERE, remove
from urbsim.state.tally import MARRIAGE_BANDS
from urbsim.state.world import World

OLDEST = 100
CARE_AGE = 75
FIRST_FERTILE_AGE, LAST_FERTILE_AGE = 15, 49
FIRST_MARRIAGE_AGE, LAST_MARRIAGE_AGE = 18, 55

_BIRTH, _DEATH, _MARRIED = int(Cause.BIRTH), int(Cause.DEATH), int(Event.MARRIED)
_NEEDS_CARE = int(Event.PARENT_NEEDS_CARE)
_RENTS, _TOWN, _NEAR = int(Tenure.RENTS), int(Zone.TOWN), int(Zone.NEAR)
_RESIDENTS_SCHEME = int(Insurance.RESIDENTS)


@record
class Births(NamedTuple):
    """How births of the month come about, and where they are written down."""

    flows: NDArray[np.int64]
    share_male: float
    sent_home: float  # share of newborns of absent mothers who grow up at home
    follows_urban: float  # share registered in town or seat of those with one parent registered there
    stream: np.uint64
    registration: np.uint64  # random stream of the parent whose registration a newborn follows
    month: int


@record
class Weddings(NamedTuple):
    """The couples of the month, and where they live."""

    brides: NDArray[np.int32]
    grooms: NDArray[np.int32]
    new_rural: float  # share who form a household of their own
    new_urban: float
    stream: np.uint64
    month: int


def advance(world: World, month: int) -> None:
    """Let people die, give birth and marry."""
    _die(world, month)
    _give_birth(world, month)
    _marry(world, month)


def _die(world: World, month: int) -> None:
    monthly, highest = world.known(_chance_of_death, year_of(month))
    people = world.population.people.view()
    # Few have a number that could mean death at any age: the rest need no look at age or sex.
    reaches_care = people.birth == month - CARE_AGE * 12
    drawn = world.randomness.find_below(
        Decision.DEATH, month, people.key, highest, reaches_care, lambda drawn: _ends(people, monthly, drawn, month)
    )
    _deaths(people, world.accounts.flows, monthly, drawn, month)


def _chance_of_death(world: World, year: int) -> tuple[Floats, float]:
    """Return the monthly chance of dying by sex and age, shape (2, 101), and the highest."""
    rates = world.vital.mortality(year) * world.values["demography.mortality_factor"]
    monthly = 1.0 - np.exp(-rates / 12.0)
    return monthly, float(monthly.max())


@people_kernel
def _ends(people: People, monthly: Any, drawn: Drawn, month: int) -> int:
    """Leave of the rows drawn those who die and the women who reach the age of care; return how many they are."""
    count = 0
    for row in drawn.rows:
        i = whole(row)
        if people.alive[i] and (_dies(people, i, monthly, drawn.stream, month) or _reaches_care(people, i, month)):
            drawn.rows[count] = i
            count += 1
    return count


@people_kernel
def _deaths(people: People, flows: Any, monthly: Any, drawn: Drawn, month: int) -> None:
    for row in drawn.rows:
        i = whole(row)
        if _dies(people, i, monthly, drawn.stream, month):
            remove(people, flows, i, _DEATH)
        else:
            _alert_children(people, i)


@inlined
def _dies(people: People, i: int, monthly: Any, stream: np.uint64, month: int) -> bool:
    age = min(years_old(people.birth[i], month), OLDEST)
    return bool(uniform(stream, people.key[i]) < monthly[people.female[i], age])


@inlined
def _reaches_care(people: People, i: int, month: int) -> bool:
    return bool(months_old(people.birth[i], month) == CARE_AGE * 12 and people.female[i])


@inlined
def _alert_children(people: People, mother: int) -> None:
    """Make the grown children of a mother who reaches the age of care look at where they live."""
    child = people.first_child[mother]
    while child >= 0:
        if people.alive[child]:
            people.events[child] |= _NEEDS_CARE
        child = people.next_sibling[child]


def monthly_birth_chance(world: World, month: int) -> NDArray[np.float64]:
    """Return the chance that a married woman gives birth this month, shape (counties, 2 (rural, urban), 8 bands)."""
    tally, values = world.tally, world.values
    married, women = tally.married.sum(axis=0), np.maximum(tally.women.sum(axis=0), 1)
    share_married = np.clip(married / women, 0.02, 1.0)
    national = world.vital.fertility(year_of(month)) / share_married * values["demography.fertility_factor"]
    residence = np.array([values["demography.rural_fertility"], values["demography.urban_fertility"]])
    chance = world.fertility_factor[:, None, None] * residence[:, None] * national / 12.0
    return np.asarray(np.minimum(chance, 0.2))


def _give_birth(world: World, month: int) -> None:
    people = world.population.people
    chance, randomness = monthly_birth_chance(world, month), world.randomness
    view = people.view()
    mothers = randomness.find_below(
        Decision.BIRTH, month, people.key, float(chance.max()), keep=lambda drawn: _mothers(view, chance, drawn, month)
    ).rows
    newborns = people.append(mothers.size)
    ratio = world.values["demography.sex_ratio_at_birth"]
    births = Births(
        world.accounts.flows,
        ratio / (1.0 + ratio),
        world.values["demography.newborn_sent_home"],
        world.values["registration.newborn_urban"],
        randomness.stream(Decision.SEX, month),
        randomness.stream(Decision.NEWBORN_REGISTRATION, month),
        month,
    )
    _newborns(people.view(), world.population.households.view(), mothers, newborns.start, births)


@people_kernel
def _mothers(people: People, chance: Any, drawn: Drawn, month: int) -> int:
    """Leave of the rows drawn those who give birth, at the front, and return how many they are."""
    count = 0
    for row in drawn.rows:
        i = whole(row)
        if people.alive[i] == 0 or people.female[i] == 0 or people.spouse[i] < 0:
            continue
        age = years_old(people.birth[i], month)
        if age < FIRST_FERTILE_AGE or age > LAST_FERTILE_AGE:
            continue
        urban = people.zone[i] >= _TOWN
        if uniform(drawn.stream, people.key[i]) < chance[people.county[i], 1 if urban else 0, age // 5 - 2]:
            drawn.rows[count] = i
            count += 1
    return count


@people_kernel
def _newborns(people: People, households: Households, mothers: Any, first_row: int, births: Births) -> None:
    for n in range(mothers.size):
        mother, i = whole(mothers[n]), first_row + n
        key = child_key(people.key[mother], births.month)
        people.key[i] = key
        people.birth[i] = births.month
        people.female[i] = uniform(births.stream, key) >= births.share_male
        home = people.household[mother]
        county, zone = people.county[mother], people.zone[mother]
        if zone >= _NEAR and uniform(births.stream, child_key(key, 1)) < births.sent_home:
            county, zone = households.county[home], households.zone[home]
        people.county[i], people.zone[i] = county, zone
        people.arrival[i] = births.month
        parent = _registering_parent(people, mother, key, births)
        people.registration[i] = people.registration[parent]
        people.registered_zone[i] = people.registered_zone[parent]
        people.urban_registered[i] = people.urban_registered[parent]
        people.insurance[i] = _RESIDENTS_SCHEME
        people.household[i] = home
        people.mother[i] = mother
        people.next_sibling[i] = people.first_child[mother]
        people.first_child[mother] = i
        births.flows[county, _BIRTH, NOWHERE, zone] += 1


@inlined
def _registering_parent(people: People, mother: int, newborn: np.uint64, births: Births) -> int:
    """Return the parent whose registration a newborn follows: of two, mostly the one registered in a town."""
    father = people.spouse[mother]
    if father < 0 or _in_town(people, father) == _in_town(people, mother):
        return int(mother)
    follows_urban = uniform(births.registration, newborn) < births.follows_urban
    return int(mother if _in_town(people, mother) == follows_urban else father)


@inlined
def _in_town(people: People, i: int) -> bool:
    """Return whether somebody is registered in a town or seat of the world."""
    return bool(people.registration[i] >= 0 and people.registered_zone[i] >= _TOWN)


def _marry(world: World, month: int) -> None:
    people, households = world.population.people, world.population.households
    values = world.values
    hazard = np.array([values["demography.marriage_rate_young"], values["demography.marriage_rate_older"]]) / 12.0
    view = people.view()
    men_factor = values["demography.men_per_bride_searching"]
    highest = float(hazard.max()) * max(men_factor, 1.0)
    candidates = world.randomness.find_below(
        Decision.MARRIAGE,
        month,
        people.key,
        highest,
        keep=lambda drawn: _candidates(view, hazard, men_factor, drawn, month),
    ).rows
    ranks = candidates[np.lexsort((view.birth[candidates], _place(view, candidates)))]
    women, men = ranks[view.female[ranks] == 1], ranks[view.female[ranks] == 0]
    brides, grooms = np.empty_like(women), np.empty_like(women)
    couples = _pair(view, women, men, brides, grooms)
    brides, grooms = brides[:couples], grooms[:couples]
    homes = households.append(brides.size)
    weddings = Weddings(
        brides,
        grooms,
        values["demography.new_household_share_rural"],
        values["demography.new_household_share_urban"],
        world.randomness.stream(Decision.PARTNER, month),
        month,
    )
    used = _wed(view, households.view(), weddings, homes.start)
    households.drop_last(brides.size - used)


def _place(view: Any, who: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return one number per county and zone, so that sorting by it brings neighbours together."""
    return np.asarray(view.county[who].astype(np.int64) * len(Zone) + view.zone[who])


@people_kernel
def _candidates(people: People, hazard: Any, men_factor: float, drawn: Drawn, month: int) -> int:
    """Leave of the rows drawn those who look for somebody to marry, at the front, and return how many they are."""
    count = 0
    for row in drawn.rows:
        i = whole(row)
        if people.alive[i] == 0 or people.spouse[i] >= 0:
            continue
        age = years_old(people.birth[i], month)
        if age < FIRST_MARRIAGE_AGE or age > LAST_MARRIAGE_AGE or people.stage[i] > 0:
            continue
        rate = hazard[0] if age < 30 else hazard[1]
        if age < 22:
            rate *= 0.4  # legal age is 20 for women and 22 for men; some marry by custom first
        if people.female[i] == 0:
            rate *= men_factor
        if uniform(drawn.stream, people.key[i]) < rate:
            drawn.rows[count] = i
            count += 1
    return count


@people_kernel
def _pair(people: People, women: Any, men: Any, brides: Any, grooms: Any) -> int:
    """Match women and men of the same county and zone in order of age; both come sorted by place, then age."""
    count = 0
    w, m = 0, 0
    while w < women.size and m < men.size:
        place_w = people.county[women[w]] * 5 + people.zone[women[w]]
        place_m = people.county[men[m]] * 5 + people.zone[men[m]]
        if place_w < place_m:
            w += 1
        elif place_m < place_w:
            m += 1
        elif people.mother[women[w]] >= 0 and people.mother[women[w]] == people.mother[men[m]]:
            m += 1  # siblings do not marry
        else:
            brides[count], grooms[count] = women[w], men[m]
            count, w, m = count + 1, w + 1, m + 1
    return count


@people_kernel
def _wed(people: People, households: Households, weddings: Weddings, first_row: int) -> int:
    """Marry the couples; return how many new households they form, from the row ``first_row`` on."""
    used = 0
    for n in range(weddings.brides.size):
        bride, groom = whole(weddings.brides[n]), whole(weddings.grooms[n])
        people.spouse[bride], people.spouse[groom] = groom, bride
        people.events[bride] |= _MARRIED
        people.events[groom] |= _MARRIED
        zone = people.zone[groom]
        home = people.household[groom]
        new_share = weddings.new_urban if zone in (1, 2) else weddings.new_rural
        if zone < _NEAR and uniform(weddings.stream, people.key[bride]) < new_share:
            h = first_row + used
            used += 1
            households.key[h] = child_key(people.key[bride], weddings.month)
            households.county[h], households.zone[h] = people.county[groom], zone
            households.certified[h], households.homestead[h] = households.certified[home], households.homestead[home]
            households.tenure[h] = _RENTS if zone > 0 else 0
            people.household[groom] = h
            home = h
        _join(people, bride, home, weddings.month)
    return used


@inlined
def _join(people: People, bride: int, home: int, month: int) -> None:
    """Move a bride and her own young children at the same place to a household."""
    former = people.household[bride]
    people.household[bride] = home
    child = people.first_child[bride]
    while child >= 0:
        young = years_old(people.birth[child], month) < FIRST_MARRIAGE_AGE
        if young and people.household[child] == former and people.zone[child] == people.zone[bride]:
            people.household[child] = home
        child = people.next_sibling[child]


assert MARRIAGE_BANDS == LAST_FERTILE_AGE // 5 - 1
