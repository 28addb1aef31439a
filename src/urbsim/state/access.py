"""What a place gives to whom: registration and what hangs on it, and school places, by zone and registration group."""

from __future__ import annotations

import numpy as np

from urbsim.arrays import Floats, anything, remembered
from urbsim.state.world import World


def registration_access(world: World) -> Floats:
    """Return access to registration and what it gives, in [0, 1], by zone and group, shape (C, 3, 3).

    Access is 1 / (1 + years of residence required), lowered for those who own no dwelling where ownership is required
    and tenants do not qualify, and raised for residents entitled to services without registration. People registered in
    the zone already have full access.
    """
    environment, values = world.environment, world.values
    return _access(
        environment.registration_needs_home.values,
        environment.registration_tenants.values,
        environment.registration_years.values,
        environment.service_entitlement.values,
        values["registration.expected_owner_share"],
        values["registration.services_share"],
    )


@remembered
def _access(
    needs_home: Floats, tenants: Floats, years: Floats, entitlement: Floats, owners: float, services: float
) -> Floats:
    open_to_tenants = np.maximum(1.0 - needs_home, tenants)
    access = (owners + (1.0 - owners) * open_to_tenants) / (1.0 + years)
    access[:, :, 0] = 1.0
    return np.asarray(access + services * entitlement * (1.0 - access))


def school_worth(world: World) -> Floats:
    """Return the chance of a school place times its quality by zone, stage and group, shape (C, 3, 4, 3).

    Far from the place of registration the exam rule devalues the senior stage, and by less each earlier one.
    """
    environment, values = world.environment, world.values
    years, penalty = values["schooling.exam_years_full"], values["schooling.exam_penalty"]
    chance, exam = world.places.schools.chance, environment.exam_years.values
    return _school_worth(chance, environment.school_quality.values, exam, years, penalty)


@remembered
def _school_worth(chance: Floats, quality: Floats, exam: Floats, years: float, penalty: float) -> Floats:
    worth = chance * quality[:, :, :, None]
    lost = np.minimum(exam / years, 1.0) * penalty
    stages = quality.shape[2]
    for stage in range(stages) if anything(lost) else ():
        worth[:, :, stage] *= 1.0 - (stage + 1) / stages * lost[:, None, :]
    return np.asarray(worth)
