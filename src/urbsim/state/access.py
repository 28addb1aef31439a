"""What a place gives to whom: registration and what hangs on it, and school places, by zone and registration group."""

from __future__ import annotations

import numpy as np

from urbsim.arrays import Floats
from urbsim.state.world import World


def registration_access(world: World) -> Floats:
    """Return access to registration and what it gives, in [0, 1], by zone and group, shape (C, 3, 3).

    Access is 1 / (1 + years of residence required), lowered for those who own no dwelling where ownership is required
    and tenants do not qualify, and raised for residents entitled to services without registration. People registered in
    the zone already have full access.
    """
    environment, values = world.environment, world.values
    open_to_tenants = np.maximum(
        1.0 - environment.registration_needs_home.values, environment.registration_tenants.values
    )
    owners = values["registration.expected_owner_share"]
    access = (owners + (1.0 - owners) * open_to_tenants) / (1.0 + environment.registration_years.values)
    access[:, :, 0] = 1.0
    opened = values["registration.services_share"] * environment.service_entitlement.values
    return np.asarray(access + opened * (1.0 - access))


def school_worth(world: World) -> Floats:
    """Return the chance of a school place times its quality by zone, stage and group, shape (C, 3, 4, 3).

    Far from the place of registration the exam rule devalues the senior stage, and by less each earlier one.
    """
    quality, exam = world.environment.school_quality.values, world.environment.exam_years.values
    worth = world.places.schools.chance * quality[:, :, :, None]
    lost = np.minimum(exam / world.values["schooling.exam_years_full"], 1.0) * world.values["schooling.exam_penalty"]
    stages = quality.shape[2]
    for stage in range(stages) if lost.any() else ():
        worth[:, :, stage] *= 1.0 - (stage + 1) / stages * lost[:, None, :]
    return np.asarray(worth)
