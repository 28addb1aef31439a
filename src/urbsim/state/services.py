"""Capacity of services for children and the old: ordinary provision, and how many of those who want a place get one.

Rule. Ordinary provision follows the people it serves at the rate of the start: childcare places per resident,
elder-care beds per resident of 65 and over, community care per household. What policies add stands beside it. A
share of families and of old people wants a place; coverage = min(1, places / wanting). Everybody present competes for
the places, so coverage falls as people come. What a policy is worth is the coverage it adds, exactly nothing
without one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from urbsim.arrays import Floats, anything

if TYPE_CHECKING:  # indicators read this module, and a scenario is checked without loading the model
    from urbsim.state.places import Places
    from urbsim.state.tally import Tally
    from urbsim.state.world import World


def equip_services(places: Places, tally: Tally, weight: float, values: Mapping[str, float], start_year: int) -> None:
    """Set places, beds and community space to ordinary provision and what policies have added."""
    residents = tally.stocks[:, :3] * weight
    households = tally.households.sum(axis=2) * weight
    places.provision.childcare_places = (
        values[f"start.childcare_{start_year}"] / 1000.0 * residents + places.provision.childcare_added
    )
    beds = values[f"start.eldercare_beds_{start_year}"] / 1000.0 * tally.old * weight
    places.provision.eldercare_beds = beds + places.provision.eldercare_added
    space = values[f"start.eldercare_space_{start_year}"] / 100.0 * households
    places.provision.eldercare_space = space + places.provision.eldercare_space_added


def built_up(
    missing: Floats | float, present: Floats | float, standard: Floats | float, values: Mapping[str, float]
) -> Floats:
    """Return how much there is this month of what a standard lacks.

    It is all that is ``missing`` beyond ordinary provision, but no more than was ``present`` and what can be built in a
    month: all that the ``standard`` asks for takes ``provision.building_years`` to build from nothing.
    """
    a_month = np.asarray(standard) / (12.0 * values["provision.building_years"])
    return np.asarray(np.minimum(missing, present + a_month), dtype=float)


def eldercare_places(world: World) -> Floats:
    """Return places in elder care, beds and community care, by zone, shape (C, 3)."""
    return (
        world.places.provision.eldercare_beds
        + world.places.provision.eldercare_space / world.values["eldercare.space_per_place"]
    )


def childcare_gain(world: World) -> Floats:
    """Return the share of children under three who have a place thanks to policies, shape (C, 3)."""
    places, share = world.places, world.values["childcare.wanting_share"]
    added = places.provision.childcare_added
    if not anything(added):
        return np.zeros_like(added)
    return _gain(places.provision.childcare_places, added, world.tally.infants * world.weight, share)


def eldercare_gain(world: World) -> Floats:
    """Return the share of people of 65 and over who have a place thanks to policies, shape (C, 3)."""
    places, share = world.places, world.values["eldercare.wanting_share"]
    added = (
        places.provision.eldercare_added
        + places.provision.eldercare_space_added / world.values["eldercare.space_per_place"]
    )
    if not anything(added):
        return np.zeros_like(added)
    return _gain(eldercare_places(world), added, world.tally.old * world.weight, share)


def _gain(supply: Floats, added: Floats, people: NDArray[np.floating], wanting_share: float) -> Floats:
    """Return wanting share x (coverage - coverage without ``added``), 0 exactly where nothing was added."""
    wanting = np.maximum(wanting_share * people, 1.0)
    gain = np.minimum(supply / wanting, 1.0) - np.minimum((supply - added) / wanting, 1.0)
    return np.where(added > 0.0, wanting_share * gain, 0.0)


def staffing_gain(world: World) -> Floats:
    """Return the mean log ratio of doctors and nurses to ordinary staff, shape (C,), 0 exactly without a policy."""
    places = world.places
    if not (anything(places.hospitals.doctors_added) or anything(places.hospitals.nurses_added)):
        return np.zeros_like(places.hospitals.doctors)
    ratios = [
        np.log(total / np.maximum(total - added, 1e-9))
        for total, added in (
            (places.hospitals.doctors, places.hospitals.doctors_added),
            (places.hospitals.nurses, places.hospitals.nurses_added),
        )
    ]
    return np.where(
        places.hospitals.doctors_added + places.hospitals.nurses_added > 0.0, (ratios[0] + ratios[1]) / 2.0, 0.0
    )
