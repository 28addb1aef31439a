"""Services: what policies provide for the people and households counted at the end of the month.

Rule. A policy states childcare places per 1,000 residents: it runs the places that ordinary provision lacks for as
long as it is in force. It builds elder-care beds every year, and community care up to so many square metres per 100
households; both stay. What a standard lacks is built month by month (``services.built_up``), and what is there at the
end of the month is what was paid for in it. Medical beds and staff are the hospitals' (``institutions.Hospital``).
"""

from __future__ import annotations

import numpy as np

from urbsim.arrays import Floats, anything
from urbsim.months import year_of
from urbsim.state.services import built_up, equip_services
from urbsim.state.world import World


def advance(world: World, month: int) -> None:  # noqa: ARG001
    """Provide places and space for the people and households there are."""
    _run_childcare(world)
    _build_eldercare(world)
    equip_services(world.places, world.tally, world.weight, world.values, year_of(world.start))


def beyond_ordinary(world: World, name: str) -> Floats:
    """Return how far a quantity lies above its base."""
    quantity = world.environment.quantities[name]
    return np.asarray(np.maximum(quantity.values - quantity.base, 0.0))


def _run_childcare(world: World) -> None:
    places = world.places
    per_thousand = world.tally.stocks[:, :3] * world.weight / 1000.0
    missing = beyond_ordinary(world, "childcare_places") * per_thousand
    if not anything(missing):
        places.provision.childcare_added = missing
        return
    standard = world.environment.childcare_places.values * per_thousand
    places.provision.childcare_added = built_up(missing, places.provision.childcare_equipped, standard, world.values)
    newly = np.maximum(places.provision.childcare_added - places.provision.childcare_equipped, 0.0)
    places.provision.childcare_equipped += newly
    world.activity.childcare_places[...] = places.provision.childcare_added
    world.activity.childcare_equipped[...] = newly


def _build_eldercare(world: World) -> None:
    places = world.places
    places.provision.eldercare_added += world.environment.eldercare_places.values / 12.0
    hundreds = world.tally.households.sum(axis=2) * world.weight / 100.0
    missing = beyond_ordinary(world, "eldercare_space") * hundreds
    if not anything(missing):
        return
    standard = world.environment.eldercare_space.values * hundreds
    there = built_up(missing, places.provision.eldercare_space_added, standard, world.values)
    built = np.maximum(there - places.provision.eldercare_space_added, 0.0)
    places.provision.eldercare_space_added += built
    world.activity.eldercare_space_built[...] = built
