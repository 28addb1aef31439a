"""Giving up contracted land for a payment, which is voluntary and never a condition of registration.

Rule. Farm households that live in a town or the seat and still hold contracted land in a village consider an offer, if
there is one, at a yearly rate. They accept where the payment reaches what the land is worth to them: its size times a
value per mu that differs between households for good (logistic in logarithms). Whoever accepts is paid into savings
and holds no contracted land any more; homestead and registration stay as they are.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from urbsim.arrays import Floats, anything
from urbsim.kernels import people_kernel
from urbsim.population import Households
from urbsim.randomness import Decision, uniform
from urbsim.records import record
from urbsim.state.world import World


@record
class Offer(NamedTuple):
    """What is offered this month for land given up, and what land is worth to a household."""

    payment: Floats  # (C,) yuan a household
    chance: Floats  # (C,) of considering it
    value_per_mu: float  # yuan
    spread: float  # of the value, logistic in logarithms
    stream: np.uint64  # random stream of considering, and that of a household's valuation
    worth_stream: np.uint64


def advance(world: World, month: int) -> None:
    """Let households that have left the village give up their land for the payment offered."""
    environment, values = world.environment, world.values
    payment, access = environment.land_exit_payment.values, environment.land_exit_access.values
    if not anything(payment * access):
        return
    exits = np.zeros(len(world.codes))
    _exit(
        world.population.households.view(),
        Offer(
            payment,
            np.minimum(access * values["land.exit_rate"] / 12.0, 1.0),
            values["land.value_per_mu"],
            values["land.value_spread"],
            world.randomness.stream(Decision.LAND_EXIT, month),
            world.randomness.stream(Decision.LAND_VALUE, 0),  # the same valuation every month
        ),
        exits,
    )
    world.activity.land_exits[...] = exits * world.weight


@people_kernel
def _exit(households: Households, offer: Offer, exits: Any) -> None:
    for h in range(households.key.size):
        if households.group[h] < 0 or households.zone[h] == 0 or households.land[h] <= 0.0:
            continue
        county = households.county[h]
        if uniform(offer.stream, households.key[h]) >= offer.chance[county]:
            continue
        rank = min(max(uniform(offer.worth_stream, households.key[h]), 1e-9), 1.0 - 1e-9)
        worth = households.land[h] * offer.value_per_mu * (rank / (1.0 - rank)) ** offer.spread
        if offer.payment[county] >= worth:
            households.land[h] = 0.0
            households.savings[h] += offer.payment[county]
            exits[county] += 1.0
