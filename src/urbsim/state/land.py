"""Construction land: a yearly quota of the county that building by policies and by developers has to fit.

Rule. Without a quota nothing is limited. With one, a twelfth of it is released every month; what is not built on stays
available until the end of the calendar year and then lapses. Dwellings and posts take a stated area each. Policies go
first, all in the same proportion where the land does not suffice; developers get what is left. Posts that employers
add by themselves need no new land: they fill what is built.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from urbsim.arrays import Floats, anything
from urbsim.codes import Sector
from urbsim.months import is_month_of_year
from urbsim.quantities.environment import Environment
from urbsim.state.world import World

#: Two-digit codes of the provinces of the eastern coast, from Beijing to Guangdong.
_EASTERN = (11, 12, 31, 32, 33, 35, 37, 44, 46)
#: Quantities whose policies build on land.
LAND_USES = frozenset({"dwellings", "posts"})


def land_of_policies(environment: Environment, values: Mapping[str, float]) -> Floats:
    """Return the mu that this month's building by policies takes, shape (C,)."""
    dwellings = np.maximum(environment.dwellings.values, 0.0).sum(axis=(1, 2))
    posts = np.maximum(environment.posts.values, 0.0).sum(axis=1)
    industry = values["land.mu_per_industry_post"] * posts[:, Sector.INDUSTRY]
    services = values["land.mu_per_service_post"] * posts[:, Sector.SERVICES]
    return np.asarray((values["land.mu_per_dwelling"] * dwellings + industry + services) / 12.0)


def release(world: World, month: int) -> None:
    """Release this month's land where a quota is in force; in January last year's remainder lapses."""
    places, quota = world.places, world.environment.land_quota
    limited = quota.contributors > 0
    if not (anything(limited) or anything(places.land.limited)):
        return
    kept = places.land.limited & limited & (not is_month_of_year(month, 1))
    places.land.left = np.where(kept, places.land.left, 0.0) + np.where(limited, quota.values / 12.0, 0.0)
    places.land.limited = limited


def permitted(world: World, wanted: Floats) -> Floats:
    """Return the share of ``wanted`` mu, shape (C,), that the land left allows; 1 where there is no quota."""
    places = world.places
    short = places.land.limited & (wanted > places.land.left)
    return np.divide(places.land.left, wanted, out=np.ones_like(wanted), where=short)


def take(world: World, mu: Floats) -> None:
    """Take ``mu`` of land, shape (C,), from what is left under a quota."""
    places = world.places
    used = np.where(places.land.limited, np.minimum(mu, places.land.left), 0.0)
    places.land.left = places.land.left - used
    world.activity.land_used += used


def land_gives_way(world: World) -> Floats:
    """Return how far dwellings can follow prices relative to a county inland, shape (C,): less in the east and cities.

    What is built on already gives way to nobody; new land is scarcest where most has been built on.
    """
    return world.known(_land_gives_way)


def _land_gives_way(world: World, _: int) -> Floats:
    values = world.values
    east = np.where(np.isin(world.provinces, _EASTERN), values["housing.eastern_land"], 1.0)
    return np.asarray(east * np.where(world.districts, values["housing.city_land"], 1.0))


def limit_developers(world: World, dwellings: Floats) -> Floats:
    """Return the dwellings, shape (C, 3), that developers can build of those they want to, and take their land."""
    places = world.places
    if not anything(places.land.limited):
        places.land.wanted[...] = places.land.given[...] = 0.0
        return dwellings
    wanted = world.values["land.mu_per_dwelling"] * dwellings.sum(axis=1)
    share = permitted(world, wanted)
    places.land.wanted = np.where(places.land.limited, wanted, 0.0)
    places.land.given = places.land.wanted * share
    take(world, places.land.given)
    return np.asarray(dwellings * share[:, None])
