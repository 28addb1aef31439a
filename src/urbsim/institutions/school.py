"""Schools: whom they admit, and how their places follow demand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from urbsim.codes import Stage, Zone
from urbsim.institutions.institution import Institution

if TYPE_CHECKING:
    import mesa

    from urbsim.state.world import World


class School(Institution):
    """All schools of one stage in one zone of a county: they admit pupils by rule, grow and close with demand."""

    def __init__(self, model: mesa.Model, world: World, county: int, zone: Zone, stage: Stage) -> None:
        super().__init__(model, world, county)
        self.zone, self.stage = zone, stage
        self.cell = (county, int(zone), int(stage) - 1)
        self.number = int(np.ravel_multi_index(self.cell, self.world.places.schools.places.shape))

    @property
    def places(self) -> int:
        """Places that pupils of the sample can fill; the fraction of a place left over is not offered."""
        return int(self.world.places.schools.places[self.cell] * self.world.population.scale + 1e-9)

    def admit(self, entitled: NDArray[np.bool_], groups: NDArray[np.int64], placed: int, learn: bool = True) -> int:
        """Return how many of a queue find a place.

        ``entitled`` and ``groups`` describe the queue in order of admission, entitled applicants first; ``placed``
        pupils keep their place. With ``learn`` the chance of a place seen by families moves to this term's.
        """
        vacancies = max(self.places - placed, 0)
        accepted = min(vacancies, int(entitled.sum()))
        if learn:
            self._announce(groups, accepted, vacancies)
        if self.zone is Zone.VILLAGE:
            self._consolidate(placed + accepted)
        else:
            self._extend(placed + len(entitled))
        return accepted

    def _announce(self, groups: NDArray[np.int64], accepted: int, vacancies: int) -> None:
        chance = self.world.places.schools.chance[self.cell]
        applied = np.bincount(groups, minlength=3)
        won = np.bincount(groups[:accepted], minlength=3)
        untested = self.world.environment.school_admission.values[self.cell] if vacancies > accepted else 0.0
        now = np.where(applied > 0, won / np.maximum(applied, 1), untested)
        chance += self.world.values["schooling.learning"] * (now - chance)

    def _consolidate(self, pupils: int) -> None:
        """Close village schools that fall below the threshold of use, a share of the places at a time."""
        values, places = self.world.values, self.world.places.schools.places
        if pupils < values["schooling.closure_threshold"] * self.places:
            places[self.cell] *= 1.0 - values["schooling.closure_rate"]

    def _extend(self, wanted: int) -> None:
        """Build towards the places that were asked for this term, as counties did without any policy."""
        missing = wanted * self.world.weight - self.world.places.schools.places[self.cell]
        if missing > 0.0:
            self.world.places.schools.places[self.cell] += self.world.values["schooling.expansion"] * missing
