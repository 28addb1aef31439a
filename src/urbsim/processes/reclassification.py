"""Reclassification: whole villages become urban without moving.

Rule. Every household belongs to a village of its county, by its key; a village holds so many people of the real county,
whatever the scale. Each month some villages are chosen, so that a village's chance is the yearly rate: as many as are
expected, rounded up or down by lot, and which ones by lot. Households that live in a chosen village live in a town from
then on, or in the seat's fringe, and own their house there. Who is registered in it, the absent too, is registered in
the zone as urban (撤村改居). Land and homestead stay.

About a third of China's urban growth 2010-15 came this way (Gan et al. 2025).
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from urbsim.arrays import Ints, anything
from urbsim.codes import Cause, Tenure, Zone
from urbsim.kernels import inlined, people_kernel, whole
from urbsim.population import Households, People
from urbsim.randomness import Decision, child_key, uniform, uniforms
from urbsim.records import record
from urbsim.state.accounts import ENDS
from urbsim.state.rezoning import carry_stocks, zoning
from urbsim.state.world import World
from urbsim.threads import added_up, part_of, side_by_side

_CAUSE, _OWNS = int(Cause.RECLASSIFICATION), int(Tenure.OWNS)
_TOWN, _SEAT = int(Zone.TOWN), int(Zone.SEAT)
#: Bits of a village's key below those of its county; the last number is the county's own.
_VILLAGE_BITS = np.uint64(32)
_COUNTY = np.uint64((1 << 32) - 1)


@record
class Villages(NamedTuple):
    """The villages of all counties side by side, and what becomes of them this month."""

    first: Ints  # (C,) number of the county's first village
    number: Ints  # (C,) of villages
    fate: NDArray[np.uint8]  # (all villages,) codes.Zone that each becomes, 0 where it stays a village
    stream: np.uint64  # that tells which village a household belongs to, the same in every month


def advance(world: World, month: int) -> None:
    """Turn the villages of the month into parts of towns and of the seat."""
    villages = choose_villages(world, month)
    if anything(villages.fate):
        people, households = world.population.people.view(), world.population.households.view()
        zones, fates = zoning(world), np.empty(households.key.size, dtype=np.uint8)
        side_by_side(
            lambda first, last: _find_fates(part_of(households, first, last), villages, fates[first:last]), fates.size
        )

        def carry(first: int, last: int) -> Ints:
            moved = np.zeros((len(world.codes), ENDS), dtype=np.int64)
            _carry_over(part_of(people, first, last), households, villages, fates, moved)
            return moved

        world.accounts.flows[:, _CAUSE, Zone.VILLAGE] += added_up(side_by_side(carry, people.key.size))
        _carry_homes_over(households, fates)
        carry_stocks(world, zones)


def choose_villages(world: World, month: int) -> Villages:
    """Return what becomes of every village this month."""
    number = world.villages
    first = np.cumsum(number) - number
    fate = np.zeros(int(number.sum()), dtype=np.uint8)
    stream = world.randomness.stream(Decision.RECLASSIFICATION, month)
    chance = 1.0 - (1.0 - world.values["reclassification.rate"]) ** (1.0 / 12.0)
    counties = _keys(world.codes)
    chosen = np.floor(number * chance + uniforms(stream, counties | _COUNTY)).astype(np.int64)
    _draw_villages(chosen, counties, first, fate, stream, world.values["reclassification.seat_share"])
    return Villages(first, number, fate, world.randomness.stream(Decision.VILLAGE, 0))


@people_kernel
def _draw_villages(
    chosen: Ints, counties: NDArray[np.uint64], first: Ints, fate: NDArray[np.uint8], stream: np.uint64, at_seat: float
) -> None:
    """Make so many ``chosen`` villages of each county a part of the seat or of a town: those of the lowest numbers."""
    of_zone = child_key(stream, 1)
    for county in range(chosen.size):
        fates = fate[first[county] : first[county + 1] if county + 1 < first.size else fate.size]
        for _ in range(min(chosen[county], fates.size)):
            lowest, found = 2.0, 0
            for village in range(fates.size):
                number = uniform(stream, counties[county] | np.uint64(village))
                if number < lowest and fates[village] == 0:
                    lowest, found = number, village
            seat = uniform(of_zone, counties[county] | np.uint64(found)) < at_seat
            fates[found] = _SEAT if seat else _TOWN


@lru_cache(maxsize=8)
def _keys(codes: tuple[str, ...]) -> NDArray[np.uint64]:
    return np.array([int(code) for code in codes], dtype=np.uint64) << _VILLAGE_BITS


@inlined
def _fate(villages: Villages, county: int, household: np.uint64) -> int:
    """Return what becomes of the village in a county that a household, by its key, belongs to."""
    village = int(uniform(villages.stream, household) * villages.number[county])
    return int(villages.fate[villages.first[county] + village])


@people_kernel
def _find_fates(households: Households, villages: Villages, fates: NDArray[np.uint8]) -> None:
    """Fill in what becomes of every household's village in the county of its home."""
    for h in range(households.key.size):
        fates[h] = _fate(villages, households.county[h], households.key[h])


@inlined
def _fate_seen_from(
    households: Households, villages: Villages, fates: NDArray[np.uint8], county: int, household: int
) -> int:
    """Return what becomes of a household's village in a county, which is nearly always that of its home."""
    if villages.number.size == 1 or households.county[household] == county:
        return int(fates[household])
    return _fate(villages, county, households.key[household])


@people_kernel
def _carry_over(
    people: People, households: Households, villages: Villages, fates: NDArray[np.uint8], moved: Ints
) -> None:
    """Let people who live in a chosen village live in its new zone, and who is registered there be registered in it.

    ``moved`` counts the former by county and new zone.
    """
    for i in range(people.key.size):
        registered = (people.registered_zone[i] == 0) & (people.registration[i] >= 0)
        if people.alive[i] == 0 or not (registered or people.zone[i] == 0):
            continue
        h = whole(people.household[i])
        if registered:
            zone = _fate_seen_from(households, villages, fates, people.registration[i], h)
            if zone > 0:
                people.registered_zone[i], people.urban_registered[i] = zone, 1
        if people.zone[i] == 0:
            county = people.county[i]
            zone = _fate_seen_from(households, villages, fates, county, h)
            if zone > 0:
                moved[county, zone] += 1
                people.zone[i] = zone


@people_kernel
def _carry_homes_over(households: Households, fates: NDArray[np.uint8]) -> None:
    for h in range(households.key.size):
        if households.zone[h] == 0 and fates[h] > 0:
            households.zone[h] = fates[h]
            households.tenure[h] = _OWNS  # the family's own house, now on urban ground
