"""Services and insurance: what programmes provide this month, for the people counted at the end of the last.

Rule. A programme states childcare places per 1,000 residents: it runs the places that ordinary provision lacks for as
long as it is in force. It builds elder-care beds every year, and community care up to so many square metres per 100
households; both stay. It pays the insurance premium of a share of those without insurance, by lot, and they are
insured for as long as it pays. Medical beds and staff are the hospitals' (``institutions.Hospital``).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from urbsim.arrays import Floats
from urbsim.codes import Insurance
from urbsim.kernels import people_kernel
from urbsim.months import year_of
from urbsim.population import People
from urbsim.randomness import Decision, uniform
from urbsim.state.services import equip_services
from urbsim.state.world import World

_NONE, _PROGRAMME = int(Insurance.NONE), int(Insurance.PROGRAMME)


def advance(world: World, month: int) -> None:  # noqa: ARG001
    """Provide services, insure people, and count whom programmes pay for."""
    _run_childcare(world)
    _build_eldercare(world)
    equip_services(world.places, world.tally, world.weight, world.values, year_of(world.start))
    _insure(world)
    _count_served(world)


def beyond_ordinary(world: World, name: str) -> Floats:
    """Return how far a quantity lies above its base."""
    quantity = world.environment.quantities[name]
    return np.asarray(np.maximum(quantity.values - quantity.base, 0.0))


def _run_childcare(world: World) -> None:
    places = world.places
    residents = world.tally.stocks[:, :3] * world.weight
    places.childcare_added = beyond_ordinary(world, "childcare_places") / 1000.0 * residents
    newly = np.maximum(places.childcare_added - places.childcare_equipped, 0.0)
    places.childcare_equipped += newly
    world.activity.childcare_places[...] = places.childcare_added
    world.activity.childcare_equipped[...] = newly


def _build_eldercare(world: World) -> None:
    places = world.places
    places.eldercare_added += world.environment.eldercare_places.values / 12.0
    households = world.tally.households.sum(axis=2) * world.weight
    wanted = beyond_ordinary(world, "eldercare_space") / 100.0 * households
    built = np.maximum(wanted - places.eldercare_space_added, 0.0)
    places.eldercare_space_added += built
    world.activity.eldercare_space_built[...] = built


def _insure(world: World) -> None:
    share = world.environment.insured_share.values
    if not (share.any() or world.programme_insures):
        return
    insured = np.zeros(len(world.codes))
    _cover(
        world.population.people.view(),
        share,
        insured,
        # One lot per person for good: whoever is enrolled at a low share stays enrolled at a higher one.
        world.randomness.stream(Decision.INSURANCE, 0),
    )
    world.programme_insures = bool(insured.any())
    world.activity.insured_by_programme[...] = insured * world.weight


@people_kernel
def _cover(people: People, share: Any, insured: Any, stream: np.uint64) -> None:
    for i in range(people.key.size):
        county = people.registration[i]
        if people.alive[i] == 0 or people.insurance[i] not in (_NONE, _PROGRAMME):
            continue
        if county >= 0 and uniform(stream, people.key[i]) < share[county]:
            people.insurance[i] = _PROGRAMME
            insured[county] += 1.0
        else:
            people.insurance[i] = _NONE


def _count_served(world: World) -> None:
    activity, tally, weight = world.activity, world.tally, world.weight
    activity.residents[...] = tally.groups * weight
    activity.pensioners[...] = tally.pensioners * weight
    activity.absent[...] = tally.registered_away * weight
    activity.job_seekers[...] = tally.work[:, :, 4] * weight
