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
    """All schools of one stage in one zone of a county: they admit pupils by rule, grow and close with demand.

    Below the senior stage a school fills up beyond its places before it turns children away.
    """

    def __init__(self, model: mesa.Model, world: World, county: int, zone: Zone, stage: Stage) -> None:
        super().__init__(model, world, county)
        self.zone, self.stage = zone, stage
        self.cell = (county, int(zone), int(stage) - 1)
        self.number = int(np.ravel_multi_index(self.cell, self.world.places.schools.places.shape))

    @property
    def places(self) -> float:
        """Places for pupils of the sample, in classes of ordinary size."""
        return float(self.world.places.schools.places[self.cell]) * self.world.population.scale

    @property
    def capacity(self) -> int:
        """Pupils of the sample that can be admitted in all; a fraction of a pupil is not."""
        crowded = 0.0 if self.stage is Stage.SENIOR else self.world.values["schooling.crowding"]
        return int(self.places * (1.0 + crowded) + 1e-9)

    def admit(
        self, entitled: NDArray[np.bool_], groups: NDArray[np.int64], placed: NDArray[np.int64], learn: bool = True
    ) -> int:
        """Return how many of a queue find a place.

        ``entitled`` and ``groups`` describe the queue in order of admission, entitled applicants first; ``placed``
        pupils, by group, keep their place. With ``learn`` the chance of a place that families expect moves to what
        they see this term.
        """
        vacancies = max(self.capacity - int(placed.sum()), 0)
        accepted = min(vacancies, int(entitled.sum()))
        if learn:
            self._announce(placed, groups, accepted)
        if self.zone is Zone.VILLAGE:
            self._consolidate(int(placed.sum()) + accepted)
        else:
            self._extend(int(placed.sum()) + len(entitled))
        return accepted

    def _announce(self, placed: NDArray[np.int64], groups: NDArray[np.int64], accepted: int) -> None:
        """Let families learn the chance of an ordinary place: the group's pupils who have one, less the crowded part.

        Villagers in the senior stage board, and always find a place. Of a group without pupils nothing is seen.
        """
        if self.zone is Zone.VILLAGE and self.stage is Stage.SENIOR:
            return
        pupils = placed + np.bincount(groups, minlength=3)
        seated = placed + np.bincount(groups[:accepted], minlength=3)
        ordinary = min(self.places / max(int(seated.sum()), 1), 1.0)
        chance = self.world.places.schools.chance[self.cell]
        now = np.where(pupils > 0, seated / np.maximum(pupils, 1) * ordinary, chance)
        chance += self.world.values["schooling.learning"] * (now - chance)

    def _consolidate(self, pupils: int) -> None:
        """Close village schools that fall below the threshold of use, a share of the places at a time."""
        values, places = self.world.values, self.world.places.schools.places
        if pupils < values["schooling.closure_threshold"] * self.places:
            places[self.cell] *= 1.0 - values["schooling.closure_rate"]

    def _extend(self, wanted: int) -> None:
        """Build towards the places that were asked for this term, as counties did without any policy and could pay."""
        values, places = self.world.values, self.world.places.schools.places
        missing = wanted * self.world.weight - places[self.cell]
        if missing > 0.0:
            most = values["schooling.building_limit"] * max(places[self.cell], missing)  # the first are built, too
            places[self.cell] += min(values["schooling.expansion"] * missing, most)
