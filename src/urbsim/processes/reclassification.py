"""Reclassification: village residents in built-up cells become urban without moving.

Rule. Every January a share of village households is reclassified, most to town and the rest to the seat's fringe.
Their land, homestead and registration stay; people registered in the village are then registered in the zone.
About a third of China's urban growth 2010-15 came this way (Gan et al. 2025).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from urbsim.codes import Cause, Tenure, Zone
from urbsim.kernels import people_kernel
from urbsim.months import is_month_of_year
from urbsim.population import Households, People
from urbsim.randomness import Decision, uniform
from urbsim.state.accounts import record_move
from urbsim.state.rezoning import carry_stocks, zoning
from urbsim.state.world import World

_CAUSE, _OWNS = int(Cause.RECLASSIFICATION), int(Tenure.OWNS)
_TOWN, _SEAT = int(Zone.TOWN), int(Zone.SEAT)


def advance(world: World, month: int) -> None:
    """Reclassify village households in January."""
    if not is_month_of_year(month, 1):
        return
    values = world.values
    people, households = world.population.people.view(), world.population.households.view()
    zones, before = zoning(world), households.zone.copy()
    _choose(
        households,
        values["reclassification.rate"],
        values["reclassification.seat_share"],
        world.randomness.stream(Decision.RECLASSIFICATION, month),
    )
    _carry_over(people, households, before, world.accounts.flows)
    carry_stocks(world, zones)


@people_kernel
def _choose(households: Households, rate: float, seat_share: float, stream: np.uint64) -> None:
    for h in range(households.key.size):
        if households.zone[h] != 0:
            continue
        number = uniform(stream, households.key[h])
        if number < rate:
            households.zone[h] = _SEAT if number < rate * seat_share else _TOWN
            households.tenure[h] = _OWNS  # the family's own house, now on urban ground


@people_kernel
def _carry_over(people: People, households: Households, before: Any, flows: Any) -> None:
    for i in range(people.key.size):
        if people.alive[i] == 0:
            continue
        h = people.household[i]
        zone = households.zone[h]
        if zone == before[h]:
            continue
        county = people.county[i]
        if people.registered_zone[i] == 0 and people.registration[i] == county:
            people.registered_zone[i] = zone
        if people.zone[i] == 0:
            record_move(flows, _CAUSE, county, 0, county, zone)
            people.zone[i] = zone
