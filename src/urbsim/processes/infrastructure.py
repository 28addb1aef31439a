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
from urbsim.state.world import World


def advance(world: World, month: int) -> None:  # noqa: ARG001
    """Extend networks, open what was built of roads and lines, renew old dwellings."""
    residents = world.tally.stocks[:, :3] * world.weight
    _cover(world, np.asarray(residents, dtype=float))
    environment, places = world.environment, world.places
    places.infrastructure.minutes_saved += environment.travel_minutes_saved.values / 12.0
    places.infrastructure.capital_minutes_saved += environment.capital_minutes_saved.values / 12.0
    _renew(world)


def _cover(world: World, residents: Floats) -> None:
    coverage = world.places.infrastructure.network_coverage
    newly = np.minimum(world.environment.network_coverage.values / 12.0, 1.0 - coverage)
    coverage += newly
    world.activity.newly_covered[...] = newly * residents[:, :, None]


def _renew(world: World) -> None:
    environment, places = world.environment, world.places
    wanted = environment.renewal.values / 12.0 * places.infrastructure.old_dwellings
    done = np.minimum(wanted, places.infrastructure.old_dwellings - places.infrastructure.renewed)
    places.infrastructure.renewed += done
    done_share = np.divide(done, wanted, out=np.zeros_like(done), where=wanted > 0.0)
    places.infrastructure.cheap_rentals_lost += (
        environment.cheap_rentals_lost.values / 12.0 * places.infrastructure.old_dwellings * done_share
    )
    world.activity.dwellings_renewed[...] = done
