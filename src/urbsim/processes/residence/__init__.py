"""Residence choice: who reconsiders this month, and where they go.

Rule. An adult who is not at school looks again with a hazard by age of the form of Rogers and Castro (1981); life
events of the month (leaving school, marriage, a child changing school, losing a post, no school place, a parent who
needs care, a seat dwelling within coverage), and a rule that a policy changed for them, add their own chance. For
people away from their county it falls with the years since they came. For villagers at home the hazard is multiplied by
exp(phi n), n the share of the village's adults already away. A couple living together decides as one; of a couple
living apart the one away decides. The choice among destinations is a nested logit with nests "in the county" and
"outside"; couples going outside choose between the whole family, both without children, and one alone.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from urbsim.arrays import Floats
from urbsim.codes import COUNTY_ZONES
from urbsim.population import Households, People
from urbsim.processes.residence.alternatives import alternatives
from urbsim.processes.residence.attention import find_deciders, hazards
from urbsim.processes.residence.choice import Choice, decide_all, workspace
from urbsim.processes.residence.destinations import Options
from urbsim.processes.residence.relocation import MOST_MOVERS, Changed, Movement, resident_members
from urbsim.processes.residence.returning import welcome
from urbsim.processes.residence.terms import coefficients
from urbsim.randomness import Decision
from urbsim.state.world import World


class Round(NamedTuple):
    """The choices of one month: who decides, what on, and what is needed to carry it out."""

    people: People
    households: Households
    movement: Movement
    choice: Choice
    options: Options  # those of whoever decided last
    deciders: NDArray[np.int32]  # rows of people, in the order in which they decide


def advance(world: World, month: int) -> None:
    """Let people whose turn it is choose where to live, and move them."""
    this_month = open_round(world, month)
    decide_all(*this_month)
    close_round(world, this_month)


def open_round(world: World, month: int) -> Round:
    """Find out who decides this month, and on what; nobody has moved yet."""
    people, households = world.population.people.view(), world.population.households
    deciders = find_deciders(people, hazards(world), world.randomness, month)
    rows = households.append(2 * deciders.size)
    movement = Movement(
        flows=world.accounts.flows,
        members=resident_members(people, households.size),
        changed=Changed(np.zeros(people.key.size, dtype=np.uint8), np.zeros(households.size, dtype=np.uint8)),
        next_household=np.array([rows.start], dtype=np.int64),
        returned=np.zeros((len(world.codes), len(COUNTY_ZONES)), dtype=np.int64),
        movers=np.empty(MOST_MOVERS, dtype=np.int64),
        month=month,
    )
    choice = month_choice(world, month)
    return Round(people, households.view(), movement, choice, workspace(), deciders)


def month_choice(world: World, month: int) -> Choice:
    """Return what the choices of a month depend on beside the people."""
    return Choice(
        alternatives(world, month),
        world.known(_coefficients),
        world.values["residence.nest"],
        world.randomness.stream(Decision.DESTINATION, month),
        world.randomness.stream(Decision.OTHER_COUNTY, month),
    )


def _coefficients(world: World, _: int) -> Floats:
    return coefficients(world)


def close_round(world: World, done: Round) -> None:
    """Give back the households that were not needed, and let those who returned be known."""
    households = world.population.households
    households.drop_last(households.size - int(done.movement.next_household[0]))
    welcome(world, np.asarray(done.movement.returned * world.weight, dtype=float))
