"""Posts, wages and job matching.

Rule. Employers hold posts by zone and sector. Industry posts follow a trend, the labour that is there and the capital
that follows it; service posts follow residents' income; policies add posts. The land needs fewer farm workers every
year.
Wages are w = A (L / K)^-eta: labour L beside the capital K of the zone moves the wage against its trend.
Each month some workers lose their post; those who seek one, and some who farm, apply in the zone where they live;
with fewer vacancies than applicants the chance is p = min(1, vacancies / applicants). Who finds nothing in a village
can farm, the less readily the more farm workers there are than the land needs; of those beyond its need some give up
farming every month and look for something else, here or elsewhere. Outside the county posts are found and
lost at exogenous rates. Cities, which are the outside and the districts of a world, pay college more than counties do.
Wages outside farming are paid out less what employers hold back, relative to the usual.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from urbsim.arrays import Floats
from urbsim.codes import Event, Sector, Work, Zone
from urbsim.kernels import inlined, people_kernel, whole
from urbsim.population import People, years_old
from urbsim.randomness import Decision, Drawn, find_turns, has_turn, uniform
from urbsim.records import record
from urbsim.state.pay import expected_wages, group_factors, outside_earnings, paid_wages, skill_factors
from urbsim.state.tally import ADULT_AGE, group_of
from urbsim.state.world import World
from urbsim.threads import side_by_side

_INACTIVE, _FARM, _INDUSTRY, _SERVICES, _SEEKING = (int(work) for work in Work)
_VILLAGE, _NEAR = int(Zone.VILLAGE), int(Zone.NEAR)
_LOST_JOB = int(Event.LOST_JOB)
_NON_FARM = slice(int(Sector.INDUSTRY), None)


@record
class Rates(NamedTuple):
    """Monthly rates of leaving and entering work that do not depend on posts."""

    retire_posts: float
    retire_farm: float
    enter: float
    farm_fallback: float
    lose_outside: float
    trained: float  # chance of finding a post of whoever was trained, relative to others


@record
class Market(NamedTuple):
    """Chances of work this month; C counties."""

    find: Floats  # (C, 5 zones) of finding a post
    separation: Floats  # (C, 3, 3 sectors) of losing one
    industry_share: Floats  # (C, 3) of industry among vacant posts
    farm_room: Floats  # (C,) farm workers needed per farm worker, at most 1: how readily farms take in villagers
    farm_search: Floats  # (C, 2) chance that a farm worker applies, land certified or not, relative to who seeks a post
    certified: NDArray[np.uint8]  # (households,) land right certified
    starts: bool  # in the first month of a run nobody has earnings yet


@record
class Pay(NamedTuple):
    """What work pays this month, yuan; C counties."""

    wage: Floats  # (C, 3, 3 sectors) as paid out, junior secondary schooling
    skill: Floats  # (C, 5) earnings by schooling relative to junior secondary
    group: Floats  # (C, 3, 3 groups) earnings by registration relative to the zone's wage
    outside: Floats  # (2, 5) earnings near and far by schooling


@record
class Turnover(NamedTuple):
    """Monthly rates at which posts are lost and found."""

    separation: float
    farm_release: float  # of farm workers beyond the land's need
    finding: float
    finding_outside: float


def advance(world: World, month: int) -> None:
    """Match workers and posts; bring earnings up to date, each person's once a year and everybody's at the start."""
    filled_before: Floats = np.asarray(world.tally.work[:, :, 1:4] * world.weight, dtype=float)
    world.activity.workers[...] = filled_before
    rates, people = world.known(_rates), world.population.people.view()
    market, pay = _market(world, filled_before, month), _pay(world)
    # For most who do not seek a post the number is one at which nothing happens, whatever their age and place.
    highest = 1.0 if market.starts else highest_chance(_of_farmers(market, rates), market.separation, rates)
    certain = find_turns(people.key, month) | (people.work == _SEEKING)
    drawn = world.randomness.find_below(Decision.JOB_SEARCH, month, people.key, highest, certain)
    side_by_side(
        lambda first, last: _work_month(people, market, rates, pay, drawn.part(first, last), month), drawn.rows.size
    )


def _market(world: World, filled: Floats, month: int) -> Market:
    counties, certified = len(filled), world.population.households.certified
    find, separation = np.empty((counties, len(Zone))), np.empty_like(filled)
    shares, room = np.empty((counties, _NEAR)), np.empty(counties)
    search = farm_search(world)
    market = Market(find, separation, shares, room, search, certified, starts=month == world.start)
    work, posts = np.asarray(world.tally.work * world.weight, dtype=float), world.places.employers.posts
    _find_chances(market, posts, filled, work, _turnover(world), world.environment.finding_rate.values)
    world.places.employment.finding_chance = find[:, :_NEAR].copy()
    return market


def _turnover(world: World) -> Turnover:
    values = world.values
    return Turnover(
        values["employment.separation_rate"],
        values["employment.farm_release_rate"],
        values["employment.finding_rate"],
        values["outside.finding_rate"],
    )


@people_kernel
def _find_chances(
    market: Market, posts: Floats, filled: Floats, work: Floats, turnover: Turnover, finding: Floats
) -> None:
    """Fill in the chances of finding and losing a post, the share of industry among vacant posts, room on farms."""
    for county in range(filled.shape[0]):
        for zone in range(_NEAR):
            vacancies, leavers, vacant = 0.0, 0.0, 0.0
            for sector in (1, 2):
                jobs, offered = filled[county, zone, sector], posts[county, zone, sector]
                loss = min(turnover.separation + max(jobs - offered, 0.0) / max(jobs, 1.0), 1.0)
                market.separation[county, zone, sector] = loss
                vacancies += max(offered - jobs * (1.0 - loss), 0.0)
                leavers += jobs * loss
                vacant += max(offered - jobs, 0.0) + 1e-9
            farmers = filled[county, zone, 0]
            beyond_need = max(1.0 - posts[county, zone, 0] / max(farmers, 1.0), 0.0)
            market.separation[county, zone, 0] = turnover.farm_release * beyond_need
            seekers = work[county, zone, _SEEKING] + market.farm_search[county, 0] * work[county, zone, _FARM]
            matching = min(turnover.finding * finding[county, zone], 1.0)
            market.find[county, zone] = min(1.0, vacancies / max(seekers + leavers, 1.0)) * matching
            in_industry = max(posts[county, zone, 1] - filled[county, zone, 1], 0.0) + 1e-9
            market.industry_share[county, zone] = in_industry / vacant
        market.find[county, _NEAR:] = turnover.finding_outside
        workers = work[county, _VILLAGE, _FARM]
        market.farm_room[county] = min(posts[county, _VILLAGE, 0] / max(workers, 1.0), 1.0)


def _of_farmers(market: Market, rates: Rates) -> Floats:
    """Return the highest chances of a post that farm workers have, shape (C, 5 zones)."""
    return np.asarray(market.find * market.farm_search.max() * max(rates.trained, 1.0))


def _pay(world: World) -> Pay:
    return Pay(paid_wages(world), skill_factors(world), group_factors(world), outside_earnings(world))


def _rates(world: World, _: int) -> Rates:
    values = world.values
    return Rates(
        retire_posts=values["employment.retire_posts_rate"] / 12.0,
        retire_farm=values["employment.retire_farm_rate"] / 12.0,
        enter=values["employment.enter_rate"] / 12.0,
        farm_fallback=values["employment.farm_fallback_rate"],
        lose_outside=values["outside.separation_rate"],
        trained=float(np.exp(values["employment.training_finding"])),
    )


def highest_chance(find: Floats, separation: Floats, rates: Rates) -> float:
    """Return a number that the chance of any change of work stays below, for all who do not seek a post.

    ``find`` are the highest chances of a post that farm workers have.
    """
    changes = max(separation.max(), rates.lose_outside, rates.enter, find.max())
    return float(max(rates.retire_posts, rates.retire_farm) + changes)


def off_farm_gain(world: World) -> Floats:
    """Return expected pay outside farming over that of farm work in villages, at least 0.01, shape (C,)."""
    farm = world.places.employers.wage[:, _VILLAGE, Sector.FARM]
    return np.asarray(np.maximum(expected_wages(world)[:, _VILLAGE] / np.maximum(farm, 1.0), 0.01))


def farm_search(world: World) -> Floats:
    """Return how many farm workers apply for a post, relative to those who seek one, shape (C, 2).

    The more it pays beside farming than at the start, the more; those whose land is not certified (second column) less
    readily, for fear of losing it. At the start, with as much land certified as there was, the mean is the rate.
    """
    values = world.values
    gain = np.clip(off_farm_gain(world) / world.first_off_farm, 0.2, 5.0)
    certified = values["employment.farm_search_rate"] * gain / world.first_free
    return np.asarray(certified[:, None] * np.array([1.0, 1.0 - values["employment.land_held"]]))


@people_kernel
def _work_month(people: People, market: Market, rates: Rates, pay: Pay, drawn: Drawn, month: int) -> None:
    for row in drawn.rows:
        i = whole(row)
        if people.alive[i] == 0 or people.stage[i] > 0:
            continue
        age = years_old(people.birth[i], month)
        if age < ADULT_AGE:
            continue
        number, work = uniform(drawn.stream, people.key[i]), people.work[i]
        renewed = market.starts or has_turn(people.key[i], month)
        leaving = _leaving_rate(work, age, people.female[i], rates)
        if number < leaving:
            people.work[i] = _INACTIVE
            people.earnings[i] = 0.0
            continue
        number = (number - leaving) / (1.0 - leaving)
        new = work
        if work == _INACTIVE:
            if age < 50 and number < rates.enter:
                new = _SEEKING
        else:
            new = _next_work(people, i, number, market, rates)
            if new == _SEEKING and work != _SEEKING:
                people.events[i] |= _LOST_JOB
        if new != work or renewed:
            people.work[i] = new
            people.earnings[i] = _earnings(people, i, new, pay)


@inlined
def _next_work(people: People, i: int, number: float, market: Market, rates: Rates) -> int:
    """Return what somebody in the labour force does next month: posts are lost and found, farming taken up and left."""
    work, county, zone = people.work[i], people.county[i], people.zone[i]
    inside = zone < _NEAR
    lose = market.separation[county, zone, work - 1] if inside and work != _SEEKING else rates.lose_outside
    if work in (_INDUSTRY, _SERVICES):
        return _SEEKING if number < lose else work
    chance = market.find[county, zone]
    if work == _FARM:
        chance *= market.farm_search[county, 0 if market.certified[people.household[i]] else 1]
    if people.trained[i] > 0.0:
        chance = min(chance * rates.trained, 1.0)
    if number < chance:
        share = market.industry_share[county, zone] if inside else 0.5
        return _INDUSTRY if number < share * chance else _SERVICES
    if work == _SEEKING and zone == _VILLAGE and number > 1.0 - rates.farm_fallback * market.farm_room[county]:
        return _FARM
    if work == _FARM and inside and number < chance + lose:
        return _SEEKING
    return int(work)


@inlined
def _leaving_rate(work: int, age: int, female: int, rates: Rates) -> float:
    """Chance of leaving the labour force this month; posts are left from 55 (women) or 60 (men), farms from 65."""
    if work == _INACTIVE:
        return 0.0
    if work == _FARM:
        return rates.retire_farm if age >= 65 else 0.0
    return rates.retire_posts if age >= (55 if female else 60) else 0.0


@inlined
def _earnings(people: People, i: int, work: int, pay: Pay) -> float:
    if work in (_INACTIVE, _SEEKING):
        return 0.0
    county, zone = people.county[i], people.zone[i]
    trained = np.exp(people.trained[i]) if people.trained[i] > 0.0 else np.float32(1.0)
    if zone >= _NEAR:
        return float(pay.outside[zone - _NEAR, people.schooling[i]] * trained)
    if work == _FARM:
        return float(pay.wage[county, zone, 0] * trained)
    factor = pay.skill[county, people.schooling[i]] * pay.group[county, zone, group_of(people, i)]
    return float(pay.wage[county, zone, work - 1] * factor * trained)
