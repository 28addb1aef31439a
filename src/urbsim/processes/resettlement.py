"""Resettlement: whole households of eligible villages move to a town or the seat, into a dwelling built for them.

Rule. A share of village households lives in villages that are eligible, by a lot of the household for good. Of these,
so many households a year move, by lot; all who live at home go along, members away stay away. The dwelling is theirs.
Land, homestead and registration stay. Workers of the household below 60 lose their work; the supported share gets a
post in services that is created for them, the others seek one like anybody who moves.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from urbsim.arrays import Floats, anything
from urbsim.codes import COUNTY_ZONES, Cause, Group, Sector, Tenure, Work, Zone
from urbsim.kernels import people_kernel
from urbsim.population import Households, People, months_old
from urbsim.randomness import Decision, uniform
from urbsim.records import record
from urbsim.state.accounts import relocate
from urbsim.state.pay import group_factors, paid_wages, skill_factors
from urbsim.state.world import World

_RESETTLEMENT, _OWNS = int(Cause.RESETTLEMENT), int(Tenure.OWNS)
_SEEKING, _SERVICES, _NEAR = int(Work.SEEKING), int(Work.SERVICES), int(Zone.NEAR)
WORKING_AGE_END = 60
STAYS = -1


@record
class Support(NamedTuple):
    """Work for those who move: who gets some, and what it pays."""

    share: Floats  # (C, 3) of workers with a post created for them, by zone
    wage: Floats  # (C, 3) of villagers in services, yuan a month
    skill: Floats  # (C, 5) earnings by schooling relative to junior secondary
    stream: np.uint64


def advance(world: World, month: int) -> None:
    """Move this month's households, and give work to the supported share of their workers."""
    monthly = world.environment.resettled_households.values / 12.0
    if not anything(monthly):
        return
    goes_to = _pick_households(world, monthly, month)
    households, places = world.population.households, world.places
    moving = np.flatnonzero(goes_to > 0)
    cells = households.county[moving], goes_to[moving]
    moved, placed = np.zeros_like(monthly), np.zeros_like(monthly)
    np.add.at(moved, cells, 1.0)
    people = world.population.people.view()
    _move(
        people,
        goes_to,
        world.accounts.flows,
        Support(
            world.environment.resettlement_work.values,
            paid_wages(world)[:, :, Sector.SERVICES] * group_factors(world)[:, :, Group.LOCAL_RURAL],
            skill_factors(world),
            world.randomness.stream(Decision.RESETTLEMENT_WORK, month),
        ),
        placed,
        month,
    )
    households.zone[moving] = goes_to[moving]
    households.tenure[moving] = _OWNS
    places.housing.dwellings += moved * world.weight
    places.housing.expected += moved * world.weight  # they are for those who move in: developers go on as before
    posts = np.zeros_like(places.employers.posts)
    posts[:, :, Sector.SERVICES] = placed * world.weight
    places.employers.found_posts(posts)
    world.activity.resettled[...] = moved * world.weight
    world.activity.resettled_workers[...] = placed * world.weight


def _pick_households(world: World, monthly: Floats, month: int) -> NDArray[np.int64]:
    """Return the zone each household moves to this month, ``STAYS`` for most."""
    households = world.population.households
    eligible = (households.group >= 0) & (households.zone == Zone.VILLAGE)
    lots = np.empty((2, households.size))
    fixed = world.randomness.stream(Decision.ELIGIBLE_VILLAGE, 0)
    for n, stream in enumerate((fixed, world.randomness.stream(Decision.RESETTLEMENT, month))):
        _fill_lots(households.view(), stream, lots[n])
    eligible &= lots[0] < world.environment.resettlement_eligible.values[households.county]
    number = np.bincount(households.county[eligible], minlength=len(monthly)) * world.weight
    chance = np.cumsum(monthly / np.maximum(number, 1.0)[:, None], axis=1)
    goes_to = np.full(households.size, STAYS, dtype=np.int64)
    for zone in reversed(COUNTY_ZONES):
        picked = eligible & (lots[1] < np.minimum(chance[households.county, zone], 1.0))
        goes_to[picked] = zone
    return goes_to


@people_kernel
def _fill_lots(households: Households, stream: np.uint64, lots: Any) -> None:
    for h in range(lots.size):
        lots[h] = uniform(stream, households.key[h])


@people_kernel
def _move(people: People, goes_to: Any, flows: Any, support: Support, placed: Any, month: int) -> None:
    for i in range(people.key.size):
        if people.alive[i] == 0 or people.zone[i] >= _NEAR:
            continue
        zone = goes_to[people.household[i]]
        if zone <= 0:
            continue
        county = people.county[i]
        relocate(people, flows, i, (county, zone), month, _RESETTLEMENT)
        people.has_place[i] = 0
        if people.work[i] == 0:
            continue
        people.work[i], people.earnings[i] = _SEEKING, 0.0
        young = months_old(people.birth[i], month) < WORKING_AGE_END * 12
        if young and uniform(support.stream, people.key[i]) < support.share[county, zone]:
            people.work[i] = _SERVICES
            pay = support.wage[county, zone] * support.skill[county, people.schooling[i]]
            people.earnings[i] = pay * np.exp(people.trained[i])
            placed[county, zone] += 1.0
