"""Medical insurance that policies pay for.

Rule. A policy pays the premium of a share of those without insurance, by lot, and they are insured for as long as
it pays.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from urbsim.arrays import anything
from urbsim.codes import Insurance
from urbsim.kernels import people_kernel
from urbsim.population import People
from urbsim.randomness import Decision, uniform
from urbsim.state.world import World

_NONE, _SUBSIDISED = int(Insurance.NONE), int(Insurance.SUBSIDISED)


def advance(world: World, month: int) -> None:  # noqa: ARG001
    """Insure people, and count whom policies pay for."""
    share = world.environment.insured_share.values
    if not (anything(share) or world.premiums_paid):
        return
    insured = np.zeros(len(world.codes))
    _cover(
        world.population.people.view(),
        share,
        insured,
        # One lot per person for good: whoever is enrolled at a low share stays enrolled at a higher one.
        world.randomness.stream(Decision.INSURANCE, 0),
    )
    world.premiums_paid = anything(insured)
    world.activity.insured_by_policy[...] = insured * world.weight


@people_kernel
def _cover(people: People, share: Any, insured: Any, stream: np.uint64) -> None:
    for i in range(people.key.size):
        county = people.registration[i]
        if people.alive[i] == 0 or people.insurance[i] not in (_NONE, _SUBSIDISED):
            continue
        if county >= 0 and uniform(stream, people.key[i]) < share[county]:
            people.insurance[i] = _SUBSIDISED
            insured[county] += 1.0
        else:
            people.insurance[i] = _NONE
