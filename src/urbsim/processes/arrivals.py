"""Arrivals from outside the world: people registered elsewhere who come to live in a county.

Rule. Arrivals from the rest of the province and from other provinces are a yearly rate per resident registered there,
times exp(response x what the county has gained in worth to a newcomer since the start) (``state.newcomers``), and only
the share that lies outside the world: who comes from inside it moves by choice. They come alone or as a couple, some
with a child, at ages of the form of the reconsideration hazard, most to the seat. Going back is a residence choice.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from urbsim.arrays import Floats, anything
from urbsim.codes import REGISTERED_OTHER_PROVINCE, REGISTERED_SAME_PROVINCE, Cause, Insurance, Tenure, Work
from urbsim.kernels import inlined, people_kernel
from urbsim.population import Households, People, school_age
from urbsim.randomness import Decision, child_key, uniform, uniforms
from urbsim.records import record
from urbsim.state.accounts import NOWHERE
from urbsim.state.newcomers import arrivals_factor
from urbsim.state.world import World

_ARRIVAL, _SEEKING, _RENTS = int(Cause.ARRIVAL), int(Work.SEEKING), int(Tenure.RENTS)
_RESIDENTS_SCHEME = int(Insurance.RESIDENTS)
LARGEST_FAMILY = 3
_UNSEEN = 0.001  # share of residents added to earlier arrivals


@record
class Traits(NamedTuple):
    """Shares among arrivals."""

    couple: float  # who come as a couple
    child: float  # of couples who bring a child
    seat: float  # who go to the seat
    town: float
    college: float
    senior: float


@record
class Arrivals(NamedTuple):
    """Who arrives this month, and where that is written down."""

    counts: NDArray[np.int64]  # (C, 2 origins) households
    keys: NDArray[np.uint64]  # (C, 2) from which the keys of those who come are derived
    traits: Traits
    flows: NDArray[np.int64]
    stream: np.uint64
    month: int


def advance(world: World, month: int) -> None:
    """Let households from outside the world arrive."""
    if not (anything(world.near_open) or anything(world.far_open)):
        return
    people, households = world.population.people, world.population.households
    expected = expected_households(world)
    keys = _keys(world.codes)
    stream = world.randomness.stream(Decision.ARRIVAL, month)
    numbers = uniforms(stream, keys.ravel()).reshape(keys.shape)
    counts = np.floor(expected + numbers).astype(np.int64)
    total = int(counts.sum())
    first_person, first_household = people.append(LARGEST_FAMILY * total).start, households.append(total).start
    traits_stream = world.randomness.stream(Decision.ARRIVAL_TRAITS, month)
    arrivals = Arrivals(counts, keys, _traits(world), world.accounts.flows, traits_stream, month)
    used = _settle(people.view(), households.view(), arrivals, first_person, first_household)
    people.drop_last(LARGEST_FAMILY * total - used)


@lru_cache(maxsize=8)
def _keys(codes: tuple[str, ...]) -> NDArray[np.uint64]:
    return np.array([[int(code) * 2 + origin for origin in range(2)] for code in codes], dtype=np.uint64)


def expected_households(world: World) -> Floats:
    """Return expected arriving households of the sample this month by origin (same, other province), shape (C, 2)."""
    values = world.values
    size = 1.0 + values["arrivals.couple_share"] * (1.0 + values["arrivals.child_share"])
    # Newcomers follow those who came before from the same place; where a sample holds none, a few may still come.
    earlier = world.tally.registered_from[:, 1:] + _UNSEEN * world.tally.residents[:, None]
    rates = np.stack(
        [values["arrivals.same_province"] * world.near_open, values["arrivals.other_province"] * world.far_open], axis=1
    )
    return np.asarray(rates * earlier * arrivals_factor(world) / size / 12.0)


def _traits(world: World) -> Traits:
    return Traits(*(world.values[f"arrivals.{name}_share"] for name in Traits._fields))


@people_kernel
def _settle(people: People, households: Households, arrivals: Arrivals, person: int, household: int) -> int:
    """Create the month's arrivals from the rows ``person`` and ``household`` on; return how many people they are."""
    first, traits, stream = person, arrivals.traits, arrivals.stream
    for county in range(arrivals.counts.shape[0]):
        for origin in range(2):
            for n in range(arrivals.counts[county, origin]):
                key = child_key(child_key(arrivals.keys[county, origin], arrivals.month), n)
                number = uniform(stream, key)
                zone = 2 if number < traits.seat else (1 if number < traits.seat + traits.town else 0)
                households.key[household] = key
                households.county[household], households.zone[household] = county, zone
                households.tenure[household] = _RENTS if zone > 0 else 0
                registration = REGISTERED_SAME_PROVINCE if origin == 0 else REGISTERED_OTHER_PROVINCE
                person = _family(people, households, arrivals, person, household, registration)
                household += 1
    return person - first


@inlined
def _family(
    people: People, households: Households, arrivals: Arrivals, person: int, household: int, registration: int
) -> int:
    """Create one adult, perhaps with a spouse and a child; return the next free row."""
    key, county, zone = households.key[household], households.county[household], households.zone[household]
    traits, stream, month = arrivals.traits, arrivals.stream, arrivals.month
    couple = uniform(stream, child_key(key, 1)) < traits.couple
    age = 18.0 + 30.0 * uniform(stream, child_key(key, 2)) ** 1.6
    female = uniform(stream, child_key(key, 3)) < 0.5
    size = 1
    if couple:
        age = max(age, 22.0)
        size = 3 if uniform(stream, child_key(key, 4)) < traits.child else 2
    for role in range(size):
        i = person + role
        own = child_key(key, 10 + role)
        months = int(age * 12) if role < 2 else int(uniform(stream, own) * min((age - 20.0) * 12.0, 192.0))
        people.key[i], people.birth[i] = own, month - max(months, 0)
        people.female[i] = (
            female if role == 0 else ((not female) if role == 1 else uniform(stream, child_key(own, 1)) < 0.47)
        )
        people.county[i], people.zone[i], people.arrival[i] = county, zone, month
        people.registration[i] = registration
        people.household[i], people.insurance[i] = household, _RESIDENTS_SCHEME
        if role < 2:
            number = uniform(stream, child_key(own, 2))
            people.schooling[i] = (
                4 if number < traits.college else (3 if number < traits.college + traits.senior else 2)
            )
            people.work[i] = _SEEKING
        arrivals.flows[county, _ARRIVAL, NOWHERE, zone] += 1
    if couple:
        people.spouse[person], people.spouse[person + 1] = person + 1, person
    if size == LARGEST_FAMILY:
        mother = person if female else person + 1
        people.mother[person + 2], people.first_child[mother] = mother, person + 2
        _enrol(people, person + 2, month)
    return person + size


@inlined
def _enrol(people: People, child: int, month: int) -> None:
    """Put an arriving child into the school stage of its age; a place has to be found."""
    age = school_age(people.birth[child], month)
    if age >= 6:
        people.stage[child] = 2 if age < 12 else (3 if age < 15 else 4)
        people.schooling[child] = 0 if age < 12 else (1 if age < 15 else 2)
