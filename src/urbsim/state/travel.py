"""How far places are, once time saved on trips is felt as distance."""

from __future__ import annotations

import numpy as np

from urbsim.arrays import Floats, anything
from urbsim.codes import Zone
from urbsim.state.world import World

#: Positions of other seats of the province and of the rest of it among the destinations of a residence choice.
_IN_THE_PROVINCE = (3, 5)


def time_is_saved(world: World) -> bool:
    """Return whether any trip takes less time than at the start."""
    infrastructure = world.places.infrastructure
    return anything(infrastructure.minutes_saved) or anything(infrastructure.capital_minutes_saved)


def effective_distances(world: World) -> Floats:
    """Return distances as time saved makes them felt, km, shape (C, 3 zones, 7 destinations).

    The first zone is that of registration, or of two zones in the county the one farther from the seat.
    """
    values, places = world.values, world.places
    km = np.repeat(places.infrastructure.distance[:, None, :], 3, axis=1)
    saved = np.zeros_like(km)
    saved[:, :, Zone.SEAT] = places.infrastructure.minutes_saved / 60.0 * values["travel.speed_local"]
    to_capital = places.infrastructure.capital_minutes_saved / 60.0 * values["travel.speed_capital"]
    saved[:, :, _IN_THE_PROVINCE] = (values["travel.capital_share"] * to_capital)[:, None, None]
    return np.maximum(km - saved, values["travel.floor"] * km)
