"""Rules that policies change: what they are worth to whom, and who is told when that changes.

Rule. Where the worth of the rules of a zone to a registration group has moved by more than a threshold since people
were last told, everybody of that group who lives in the county, or is registered there and away, is told: an event of
the month, which makes some look at where they live. A ramp is told in steps. In the first month of a run nobody is
told: what is in force then has been known.
"""

from __future__ import annotations

import numpy as np

from urbsim.arrays import Floats, Mask
from urbsim.codes import Event, Group
from urbsim.kernels import people_kernel
from urbsim.population import People
from urbsim.state.access import registration_access
from urbsim.state.pay import expected_wages
from urbsim.state.world import World

_TOLD = np.uint8(Event.RULE_CHANGE)
_LEAST_PAY = 500.0


def tell(world: World) -> None:
    """Let those know whom a change of rules concerns; call after policies have written the month's quantities."""
    inside, outside, known = worth_inside(world), worth_outside(world), world.rules_told
    threshold = world.values["reconsider.rule_threshold"]
    moved: Mask = np.asarray((np.abs(inside - known.inside) > threshold).any(axis=1))
    moved_outside: Mask = np.asarray(np.abs(outside - known.outside) > threshold)
    if moved.any() or moved_outside.any():
        known.inside = np.where(moved[:, None], inside, known.inside)
        known.outside = np.where(moved_outside, outside, known.outside)
        _note(world.population.people.view(), moved, moved_outside)


def learn(world: World) -> None:
    """Take the rules of the month for known."""
    world.rules_told.inside, world.rules_told.outside = worth_inside(world), worth_outside(world)


def worth_inside(world: World) -> Floats:
    """Return what rules of the zones are worth to the registration groups, in utility, shape (C, 3, 3).

    Access to registration, admission to schools (a child's, over the stages), and what is paid towards rent.
    """
    environment, values = world.environment, world.values
    admission = environment.school_admission.values * environment.school_quality.values[:, :, :, None]
    worth = values["residence.hukou"] * registration_access(world)
    worth += values["residence.sigma"] * admission.mean(axis=2)
    pay = np.maximum(expected_wages(world), _LEAST_PAY)[:, :, None]
    worth += values["residence.delta"] * np.log1p(environment.rent_subsidy.values / 12.0 / pay)
    return np.asarray(worth)


def worth_outside(world: World) -> Floats:
    """Return what medical insurance that pays elsewhere is worth to those who live away, in utility, shape (C,)."""
    gap = world.values["residence.insurance"] * world.values["insurance.gap_far"]
    return np.asarray(gap * world.environment.insurance_portability.values)


@people_kernel
def _note(people: People, moved: Mask, moved_outside: Mask) -> None:
    for i in range(people.key.size):
        if people.alive[i] == 0:
            continue
        county, registration = people.county[i], people.registration[i]
        told = people.zone[i] < 3 and registration != county and moved[county, 2]
        if registration >= 0:
            told = told or moved[registration, 0 if people.urban_registered[i] else 1] or moved_outside[registration]
        if told:
            people.events[i] |= _TOLD


assert (int(Group.LOCAL_URBAN), int(Group.LOCAL_RURAL), int(Group.ELSEWHERE)) == (0, 1, 2)
