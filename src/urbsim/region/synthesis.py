"""Synthesis of the base population: every resident and every absent registered person of some counties.

Each county is made from its own margins and its own random numbers. Its residents do not depend on which other counties
are in the world, but for one thing: whom they belong to.

1. ``margins``: the county's control totals, multiplied by the scale and made whole;
2. ``individuals``: the joint tables of all counties fitted to the margins, persons from them, and the absent
   registered people;
3. ``couples`` and ``mothers``: partners, and the mothers of minors;
4. ``households``: units joined until households by generation, in all, and of one person are met;
5. ``registration``: in-migrant households, where and how households are registered, then the mothers of adults
   elsewhere in the county;
6. ``activity`` and ``dwellings``: enrolment, schooling, work, insurance; land, homestead, dwelling, savings;
7. ``whereabouts``: the county where each absent person lives, and where each resident from elsewhere is registered;
8. ``company``: who is absent from one county of the world and lives in another is there once, as a resident.

The census is taken as the state on the first day of the start month: nobody in it is born in that month. Earnings are
left 0: the model sets them from its wages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from urbsim.arrays import Floats, Ints, Mask
from urbsim.codes import REGISTERED_OTHER_PROVINCE, REGISTERED_SAME_PROVINCE, Stage, Work, Zone
from urbsim.labels import bilingual
from urbsim.population import NOBODY, Columns, People, Population, birth_month
from urbsim.randomness import Decision, Randomness
from urbsim.region import activity, dwellings, fit, patterns, registration
from urbsim.region.company import represent_once
from urbsim.region.couples import marry
from urbsim.region.households import build_households
from urbsim.region.individuals import Persons, draw_absent, draw_residents, fit_joint_tables
from urbsim.region.margins import Margins, read_margins
from urbsim.region.mothers import ADULT_MONTHS, mother_of_adults, mother_of_minors
from urbsim.region.sampling import RandomNumbers
from urbsim.region.whereabouts import OUTSIDE, Whereabouts, assign, whereabouts

Table = dict[str, NDArray[Any]]

_PERSON_LINKS = ("spouse", "mother")


@dataclass(frozen=True)
class BasePopulation:
    """A synthetic population and how well it fits.

    ``fit`` has one row per county, margin and category: ``county`` (code), ``margin``, ``category``, ``target``,
    ``synthetic`` and ``error``, in synthetic people or households (1 stands for 1 / scale real ones).
    """

    population: Population
    fit: pd.DataFrame

    def fit_summary(self) -> pd.DataFrame:
        """Return per margin the total absolute error in per cent and the worst cell."""
        return fit.summarise_fit(self.fit)


@dataclass(frozen=True)
class _County:
    """Columns of one county's people and households, with links counted from 0.

    ``origin`` and ``host`` (people,) are the counties where residents from elsewhere are registered and where absent
    people live, ``OUTSIDE`` for everybody else.
    """

    people: Table
    households: Table
    fit: pd.DataFrame
    origin: NDArray[np.int16]
    host: NDArray[np.int16]


def synthesise(
    counties: pd.DataFrame, month: int, scale: float, randomness: Randomness, parameters: Mapping[str, float]
) -> BasePopulation:
    """Return the base population of all counties in the order of their rows.

    Parameters
    ----------
    counties
        Rows of the county tables, one per county, all of one census.
    month
        Start month; ages are those of the census, on its first day.
    scale
        Share of the real population to make, in (0, 1]. The margins are multiplied by it before they are made whole,
        so the sample consists of whole households and its size is right to half a person per county.
    randomness
        The same seed gives the same bytes; a county has the same residents alone and in any company.
    parameters
        Values by registered name; those named ``synthesis.*`` are read.

    Raises
    ------
    ValueError
        If the scale is outside (0, 1], there is no county, or a county has no residents.
    """
    if not 0.0 < scale <= 1.0:
        raise ValueError(bilingual(f"scale {scale} is outside (0, 1]", f"抽样比例 {scale} 超出 (0, 1]"))
    if counties.empty:
        raise ValueError(bilingual("no county to synthesise", "没有可以合成人口的县"))
    stream = randomness.stream(Decision.SYNTHESIS, month)
    ratios = {year: parameters[f"synthesis.registered_urban_share_{year}_ratio"] for year in patterns.CENSUS_YEARS}
    margins = [read_margins(row, scale, ratios) for _, row in counties.iterrows()]
    tables = fit_joint_tables(margins)
    where = whereabouts(margins[0].census, parameters)
    codes = tuple(own.code for own in margins)
    members = where.members(codes)
    population, fits, elsewhere = Population(0, 0, scale), [], []
    for index, (own, joint) in enumerate(zip(margins, tables, strict=True)):
        county = _synthesise_county(own, joint, month, stream, parameters, where)
        if index == 0:  # not before, so that the memory the county needed serves again
            _make_room(population, margins)
        fits.append(county.fit)
        elsewhere.append(_settle(population, index, county, members))
    provinces = np.array([int(code[:2]) for code in codes])
    population = represent_once(population, np.concatenate(elsewhere), provinces)
    return BasePopulation(population, pd.concat(fits, ignore_index=True))


def _synthesise_county(
    margins: Margins,
    joint: Floats,
    month: int,
    stream: np.uint64,
    parameters: Mapping[str, float],
    exchange: Whereabouts,
) -> _County:
    random = RandomNumbers(stream, margins.code)
    people = _persons(margins, joint, parameters, random)
    marry(people, parameters, random)
    mother_of_minors(people, parameters, random)
    units = build_households(people, margins, parameters, random)
    home, order = _number_households(units.households(), people.home)
    joined = units.joined()
    del units
    where = registration.register(people, home, margins, parameters, random)
    mother_of_adults(people, registration.origin_zone(where), parameters, random)
    doing = activity.occupy(people, margins, month, parameters, random)
    reference = np.unique(home, return_index=True)[1]
    zone = people.home[reference]
    elsewhere = where.in_migrant[reference]
    rural = (where.elsewhere[reference] == 0) & (where.zone[reference] == 0) & ~where.urban[reference]
    occupied = np.bincount(home[people.resident], minlength=zone.size) > 0
    earning = people.resident & np.isin(doing.work, (Work.INDUSTRY, Work.SERVICES))
    earners = np.bincount(home[earning], minlength=zone.size)
    homes = dwellings.Homes(zone, rural, elsewhere, occupied, earners)
    holdings = dwellings.endow(homes, margins, parameters, random)
    origin, host = _origins(home, where, margins, exchange, random), _hosts(people, margins, exchange, random)
    households: Table = {"key": random.keys(zone.size, households=True), "zone": zone, **vars(holdings)}
    measured = fit.measure(margins, people, joined, where, doing, holdings)
    table = _person_columns(people, home, where, doing, month)
    del people, home, where, doing, holdings  # what is put in order next is most of the memory
    return _County(_in_order(table, order, random), households, measured, origin[order], host[order])


def _origins(
    home: Ints, where: registration.Registration, margins: Margins, exchange: Whereabouts, random: RandomNumbers
) -> NDArray[np.int16]:
    """Return the county of registration of residents from elsewhere, household by household, shape (people,)."""
    members = np.bincount(home)
    given = np.full(members.size, OUTSIDE, dtype=np.int16)
    for origin in (REGISTERED_SAME_PROVINCE, REGISTERED_OTHER_PROVINCE):
        households = np.unique(home[where.elsewhere == origin])
        counties = exchange.origins(margins.code, far=origin == REGISTERED_OTHER_PROVINCE)
        given[households] = assign(random, counties, members[households])
    return np.asarray(given[home])


def _hosts(people: Persons, margins: Margins, exchange: Whereabouts, random: RandomNumbers) -> NDArray[np.int16]:
    """Return the county where absent people live, couples and their children together, shape (people,)."""
    given = np.full(people.size + 1, OUTSIDE, dtype=np.int16)  # the last entry answers for -1
    for zone in (Zone.NEAR, Zone.FAR):
        there = np.append(people.zone == zone, False)
        head = np.arange(people.size)
        along = there[:-1] & there[people.spouse] & (people.spouse < head)
        head[along] = people.spouse[along]
        children = there[:-1] & there[people.mother] & (people.age < ADULT_MONTHS)
        head[children] = head[people.mother[children]]
        groups, sizes = np.unique(head[there[:-1]], return_counts=True)
        given[groups] = assign(random, exchange.hosts(margins.code, far=zone == Zone.FAR), sizes)
        given[:-1][there[:-1]] = given[head[there[:-1]]]
    return np.asarray(given[:-1])


def _persons(margins: Margins, joint: Floats, parameters: Mapping[str, float], random: RandomNumbers) -> Persons:
    residents = draw_residents(margins, joint, random)
    away = draw_absent(margins, residents, joint, parameters, random)
    names = ("home", "zone", "female", "group", "age", "level", "married")
    return Persons(*(np.concatenate([getattr(residents, name), getattr(away, name)]) for name in names))


def _number_households(root: Ints, home: NDArray[np.uint8]) -> tuple[Ints, Ints]:
    """Return households numbered by zone, shape (people,), and the order of people that puts members side by side."""
    order = np.lexsort((root, home))
    starts = np.concatenate([[True], root[order][1:] != root[order][:-1]])
    number = np.empty(root.size, dtype=np.int64)
    number[order] = np.cumsum(starts) - 1
    return number, order


def _person_columns(
    people: Persons, home: Ints, where: registration.Registration, doing: activity.Occupation, month: int
) -> Table:
    return {
        "birth": birth_month(people.age, month),
        "female": people.female,
        "zone": people.zone,
        "arrival": birth_month(where.months, month),
        "registration": where.elsewhere,
        "registered_zone": where.zone,
        "urban_registered": where.urban,
        "schooling": doing.schooling,
        "stage": doing.stage,
        "has_place": doing.stage != Stage.NONE,
        "work": doing.work,
        "insurance": doing.insurance,
        "household": home,
        "spouse": people.spouse,
        "mother": people.mother,
    }


def _in_order(table: Table, order: Ints, random: RandomNumbers) -> Table:
    """Put people in a new order, links with them, and give them their keys."""
    place = np.empty(order.size + 1, dtype=np.int32)
    place[order] = np.arange(order.size)
    place[NOBODY] = NOBODY  # the last entry answers for -1
    types = Columns(People, 0).types()
    moved: Table = {"key": random.keys(order.size)}
    for name in list(table):  # each is given up for the one in order, which is narrower
        column = table.pop(name)[order]
        moved[name] = place[column] if name in _PERSON_LINKS else column.astype(types[name])
    return moved


def _make_room(population: Population, margins: list[Margins]) -> None:
    """Make room for the people and households of all counties, and for those who will come."""
    population.people.make_room(int(1.25 * sum(own.residents + own.absent for own in margins)) + 16)
    population.households.make_room(int(1.5 * sum(own.households for own in margins)) + 16)


def _settle(population: Population, index: int, county: _County, members: NDArray[np.int16]) -> Mask:
    """Put a county beside those before it: links, households and registrations count from the county's first row.

    Its own columns are given up on the way. ``members`` numbers the world's counties, as ``Whereabouts.members`` does.
    Returns who is absent and lives in another county of the world, shape (people,).
    """
    own, homes = county.people, county.households
    first_person, first_household = population.people.size, population.households.size
    for name in _PERSON_LINKS:
        own[name] = np.where(own[name] == NOBODY, NOBODY, own[name] + first_person)
    own["household"] = own["household"] + first_household
    origin = np.where(own["registration"] == 0, np.int16(index), members[county.origin])
    own["registration"] = np.where(origin == OUTSIDE, own["registration"], origin)
    persons = population.people.append(own["key"].size, own)
    dwellings_ = population.households.append(homes["key"].size, homes)
    population.people.county[persons], population.households.county[dwellings_] = index, index
    return np.asarray(members[county.host] != OUTSIDE)
