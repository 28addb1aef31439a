"""Residence choice: who reconsiders this month, and where they go.

Rule. An adult who is not at school looks again with a hazard by age of the form of Rogers and Castro (1981); life
events of the month (leaving school, marriage, a child changing school, losing a post, no school place, a parent who
needs care, a seat dwelling within reach) add their own chance. For villagers at home the hazard is multiplied by
exp(phi n), n the share of the village's adults already away. A couple living together decides as one; of a couple
living apart the one away decides. The choice among destinations is a nested logit with nests "in the county" and
"outside"; couples going outside choose between the whole family, both without children, and one alone.
"""

from __future__ import annotations

import numpy as np

from urbsim.codes import COUNTY_ZONES
from urbsim.processes.residence.alternatives import other_seat_weights, tables
from urbsim.processes.residence.attention import event_chances, find_deciders, hazard_by_age, network_multiplier
from urbsim.processes.residence.choice import decide_all, workspace
from urbsim.processes.residence.relocation import Movement, count_members
from urbsim.processes.residence.returning import welcome
from urbsim.processes.residence.utility import weights
from urbsim.randomness import Decision
from urbsim.state.world import World


def advance(world: World, month: int) -> None:
    """Let people whose turn it is choose where to live, and move them."""
    people, households = world.population.people, world.population.households
    view = people.view()
    chosen = find_deciders(
        view,
        hazard_by_age(world),
        event_chances(world),
        network_multiplier(world),
        world.randomness.draws(Decision.RECONSIDER, month, view.key),
        month,
    )
    seats = other_seat_weights(world)
    rows = households.append(2 * chosen.size)
    houses = households.view()
    members = np.zeros(households.size, dtype=np.int32)
    count_members(view, members)
    returned = np.zeros((len(world.codes), len(COUNTY_ZONES)), dtype=np.int64)
    movement = Movement(world.accounts.flows, members, np.array([rows.start], dtype=np.int64), returned)
    decide_all(
        view,
        houses,
        movement,
        weights(world),
        tables(world, month, seats),
        np.cumsum(seats, axis=1),
        chosen,
        workspace(),
        world.randomness.stream(Decision.DESTINATION, month),
        world.randomness.stream(Decision.OTHER_COUNTY, month),
        month,
    )
    households.drop_last(households.size - int(movement.next_household[0]))
    welcome(world, np.asarray(returned * world.weight, dtype=float))
    view.events[...] = 0
