"""Training and land certification: what changes a person's skill or a household's land right.

Rule. Training places go by lot to adults of 18-50 without college who are in the labour force and not yet trained; a
trainee's earnings rise by the uplift for good. Contracted land is certified household by household until the share
set by the national campaign, or by policy where that is higher, is reached; a household is asked once a year.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from urbsim.arrays import Floats, anything
from urbsim.kernels import inlined, people_kernel, whole
from urbsim.population import Households, People, years_old
from urbsim.randomness import Decision, Drawn, has_turn, lot, uniform
from urbsim.state.world import World
from urbsim.threads import added_up, part_of, side_by_side

YOUNGEST, OLDEST = 18, 50
_COLLEGE = 4


def advance(world: World, month: int) -> None:
    """Train workers and certify land."""
    _train(world, month)
    _certify(world, month)


def _train(world: World, month: int) -> None:
    environment = world.environment
    places = environment.training_places.values / 12.0
    if not anything(places):
        return
    view = world.population.people.view()

    def count(first: int, last: int) -> Floats:
        eligible = np.zeros(len(world.codes))
        _count_eligible(part_of(view, first, last), eligible, month)
        return eligible

    eligible = added_up(side_by_side(count, view.key.size))
    chance = np.minimum(places / np.maximum(eligible * world.weight, 1.0), 1.0)
    trained = np.zeros(len(world.codes))
    drawn = world.randomness.find_below(Decision.TRAINING, month, view.key, float(chance.max()))
    _give_training(view, chance, environment.training_uplift.values, trained, drawn, month)
    world.activity.trainees[...] = trained * world.weight


@inlined
def _eligible(people: People, i: int, month: int) -> bool:
    if people.alive[i] == 0 or people.zone[i] > 2 or people.work[i] == 0 or people.trained[i] > 0.0:
        return False
    age = years_old(people.birth[i], month)
    return bool(people.schooling[i] < _COLLEGE and YOUNGEST <= age <= OLDEST)


@people_kernel
def _count_eligible(people: People, eligible: Any, month: int) -> None:
    for i in range(people.key.size):
        if _eligible(people, i, month):
            eligible[people.county[i]] += 1.0


@people_kernel
def _give_training(people: People, chance: Any, uplift: Any, trained: Any, drawn: Drawn, month: int) -> None:
    for row in drawn.rows:
        i = whole(row)
        county = people.county[i]
        if _eligible(people, i, month) and uniform(drawn.stream, people.key[i]) < chance[county]:
            people.trained[i] = max(uplift[county], 1e-6)
            people.earnings[i] *= np.exp(uplift[county])
            trained[county] += 1.0


def _certify(world: World, month: int) -> None:
    national, policy = world.values["land.national_certified_share"], world.environment.land_certified.values
    households = world.population.households.view()

    def certify(first: int, last: int) -> Floats:
        certified = np.zeros(len(world.codes))
        _certify_households(part_of(households, first, last), policy, national, certified, month)
        return certified

    certified = added_up(side_by_side(certify, households.key.size))
    world.activity.newly_certified[...] = certified * world.weight


@people_kernel
def _certify_households(households: Households, share: Any, national: float, certified: Any, month: int) -> None:
    """Certify up to the larger of both shares; ``certified`` counts those whom the campaign would not have reached."""
    for h in range(households.key.size):
        if households.certified[h] or households.land[h] <= 0.0 or not has_turn(households.key[h], month):
            continue
        number, county = lot(households.key[h]), households.county[h]
        if number < max(share[county], national):
            households.certified[h] = 1
            certified[county] += number >= national
