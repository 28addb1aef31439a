"""Registration choice: people who qualify may transfer their registration (hukou) to where they live.

Rule. A resident of a town or seat who is registered in a village or elsewhere qualifies after the years of residence
required, if the household owns its dwelling or tenants qualify (or ownership is not required). Somebody who
qualifies applies with a yearly rate that rises with schooling children and falls with contracted land whose right
is not certified. Transfer is voluntary and never costs the land right. Children under 16 follow the mother.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from urbsim.codes import Tenure
from urbsim.kernels import inlined, people_kernel
from urbsim.population import Households, People, months_old, years_old
from urbsim.randomness import Decision, lot, uniform
from urbsim.state.tally import group_of, origin_of
from urbsim.state.world import World

_OWNS, _PUBLIC = int(Tenure.OWNS), int(Tenure.PUBLIC_RENTAL)
ADULT_AGE = 16


def advance(world: World, month: int) -> None:
    """Let people who qualify and gain enough transfer their registration."""
    environment, values = world.environment, world.values
    transferred = np.zeros_like(world.activity.newly_registered)
    _transfer(
        world.population.people.view(),
        world.population.households.view(),
        environment.registration_years.values * 12.0,
        environment.registration_needs_home.values,
        environment.registration_tenants.values,
        np.array([values[f"registration.{name}"] for name in ("rate", "child", "land")]),
        world.provinces,
        world.randomness.stream(Decision.REGISTRATION, month),
        transferred,
        month,
    )
    world.activity.newly_registered[...] = transferred * world.weight


@people_kernel
def _transfer(
    people: People,
    households: Households,
    months: Any,
    needs_home: Any,
    tenants: Any,
    w: Any,
    provinces: Any,
    stream: np.uint64,
    transferred: Any,
    month: int,
) -> None:
    for i in range(people.key.size):
        zone = people.zone[i]
        if people.alive[i] == 0 or zone < 1 or zone > 2:
            continue
        if people.urban_registered[i] and people.registration[i] == people.county[i]:
            continue
        if years_old(people.birth[i], month) < ADULT_AGE:
            continue
        luck = uniform(stream, people.key[i])
        if luck >= w[0] / 12.0 * np.exp(2.0 * w[1]):  # cannot be reached whatever the family; saves the rest
            continue
        county, group = people.county[i], group_of(people, i)
        if month - people.arrival[i] < months[county, zone, group]:
            continue
        if not _housed(households, people.household[i], needs_home[county, zone, group], tenants[county, zone, group]):
            continue
        gain = w[1] * min(_pupils(people, i, month), 2)
        h = people.household[i]
        if households.certified[h] == 0:
            gain -= w[2] * households.land[h] / 10.0
        if luck < w[0] / 12.0 * np.exp(gain):
            _register(people, i, county, zone, provinces, transferred, month)


@inlined
def _housed(households: Households, h: int, needs_home: float, tenants: float) -> bool:
    """Return whether the dwelling qualifies; at partial strength of a rule, households above the strength wait."""
    tenure = households.tenure[h]
    if tenure in (_OWNS, _PUBLIC):
        return True
    return bool(lot(households.key[h]) < max(1.0 - needs_home, tenants))


@inlined
def _pupils(people: People, mother: int, month: int) -> int:
    count = 0
    child = people.first_child[mother]
    while child >= 0:
        count += people.alive[child] and 36 <= months_old(people.birth[child], month) < 216
        child = people.next_sibling[child]
    return count


@inlined
def _register(people: People, i: int, county: int, zone: int, provinces: Any, transferred: Any, month: int) -> None:
    _enter(people, i, county, zone, provinces, transferred)
    child = people.first_child[i]
    while child >= 0:
        young = months_old(people.birth[child], month) < ADULT_AGE * 12
        if (
            people.alive[child]
            and young
            and not (people.urban_registered[child] and people.registration[child] == county)
        ):
            _enter(people, child, county, zone, provinces, transferred)
        child = people.next_sibling[child]


@inlined
def _enter(people: People, i: int, county: int, zone: int, provinces: Any, transferred: Any) -> None:
    # The tally tells urban and rural apart among those registered here already; the origin of both is the same county.
    transferred[county, zone, max(origin_of(people, i, provinces) - 1, 0)] += 1.0
    people.registration[i] = county
    people.registered_zone[i] = zone
    people.urban_registered[i] = 1
