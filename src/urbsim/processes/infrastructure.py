"""What policies build into places: networks, faster travel, renewed dwellings; and what residents make of it.

Rule. Networks (utilities, village improvements, green surroundings, digital services) cover a further share of a zone's
residents every month, at most all of them. Minutes saved on trips are opened as the works proceed, and turned into
kilometres at a stated speed; a distance never falls below a stated part of what it was. Old dwellings are renewed at
the yearly share, at most all of them; some of them were let cheaply and are not afterwards. What is built stays.
Coverage and renewal raise the amenity of a zone by small stated priors: assumptions, for want of any estimate.
"""

from __future__ import annotations

import numpy as np

from urbsim.arrays import Floats
from urbsim.codes import Zone
from urbsim.state.world import World

_NEAR = 4  # position of the rest of the province among the destinations of a residence choice


def advance(world: World, month: int) -> None:  # noqa: ARG001
    """Extend networks, open what was built of roads and lines, renew old dwellings."""
    residents = world.tally.stocks[:, :3] * world.weight
    _cover(world, np.asarray(residents, dtype=float))
    environment, places = world.environment, world.places
    places.minutes_saved += environment.travel_minutes_saved.values / 12.0
    places.capital_minutes_saved += environment.capital_minutes_saved.values / 12.0
    _renew(world)


def _cover(world: World, residents: Floats) -> None:
    coverage = world.places.coverage
    newly = np.minimum(world.environment.coverage.values / 12.0, 1.0 - coverage)
    coverage += newly
    world.activity.newly_covered[...] = newly * residents[:, :, None]


def _renew(world: World) -> None:
    environment, places = world.environment, world.places
    wanted = environment.renewal.values / 12.0 * places.old_dwellings
    done = np.minimum(wanted, places.old_dwellings - places.renewed)
    places.renewed += done
    done_share = np.divide(done, wanted, out=np.zeros_like(done), where=wanted > 0.0)
    places.cheap_rentals_lost += environment.cheap_rentals_lost.values / 12.0 * places.old_dwellings * done_share
    world.activity.dwellings_renewed[...] = done


def effective_distances(world: World) -> Floats:
    """Return distances as time saved makes them felt, km, shape (C, 3 zones, 6 destinations).

    The first zone is that of registration, or of two zones in the county the one farther from the seat.
    """
    values, places = world.values, world.places
    km = np.repeat(places.distance[:, None, :], 3, axis=1)
    saved = np.zeros_like(km)
    saved[:, :, Zone.SEAT] = places.minutes_saved / 60.0 * values["travel.speed_local"]
    to_capital = places.capital_minutes_saved / 60.0 * values["travel.speed_capital"]
    saved[:, :, _NEAR] = (values["travel.capital_share"] * to_capital)[:, None]
    return np.maximum(km - saved, values["travel.floor"] * km)
