"""Hospitals: beds and staff."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbsim.arrays import Floats
from urbsim.codes import Zone
from urbsim.institutions.institution import Institution
from urbsim.state.services import built_up

if TYPE_CHECKING:
    import mesa

    from urbsim.state.world import World


class Hospital(Institution):
    """The hospitals of a county: beds follow the national trend, staff the residents, both more under a policy.

    A policy adds beds every year, or sets a standard: beds, doctors or nurses per 1,000 residents. What a standard
    lacks is built or employed month by month (``services.built_up``) until the standard is reached for the residents
    present at the end of the month, and is then held: beds that the trend would add later have been built already.
    Beds stay, staff beyond the ordinary number per resident are employed for as long as the policy pays them.
    """

    def __init__(self, model: mesa.Model, world: World, county: int) -> None:
        super().__init__(model, world, county)
        self.ordinary = self.first_beds = float(world.places.hospitals.beds[county])
        self.added = 0.0  # beds of policies that add so many a year
        self.ahead = 0.0  # beds of a standard that the trend has not caught up with

    @property
    def residents(self) -> float:
        """Residents of the county at the last count, persons."""
        return float(self.world.tally.stocks[self.county, : Zone.NEAR].sum()) * self.world.weight

    def provide(self) -> None:
        """Build beds and employ staff for the residents counted at the end of the month."""
        self._build()
        places, activity = self.world.places, self.world.activity
        self._employ("doctors", places.hospitals.doctors, places.hospitals.doctors_added, activity.doctors_added)
        self._employ("nurses", places.hospitals.nurses, places.hospitals.nurses_added, activity.nurses_added)

    def _build(self) -> None:
        """Add the beds of the trend, of policies that add beds, and of what a standard lacks."""
        world, county = self.world, self.county
        before, self.ordinary = self.ordinary, self.first_beds * float(world.trends.beds[0])
        self.ahead = max(self.ahead - max(self.ordinary - before, 0.0), 0.0)
        self.added += float(world.environment.hospital_beds.values[county]) / 12.0
        present, wanted = self.ordinary + self.added + self.ahead, self._standard("beds")
        built = float(built_up(max(wanted - present, 0.0), 0.0, wanted, world.values))
        self.ahead += built
        world.activity.beds_built[county] = built
        world.places.hospitals.beds[county] = present + built

    def _employ(self, name: str, staff: Floats, added: Floats, paid: Floats) -> None:
        """Set staff to the ordinary number per resident, and what a standard lacks."""
        ordinary, wanted = self._per_thousand(name, "base"), self._standard(name)
        missing = max(wanted - ordinary, 0.0)
        added[self.county] = paid[self.county] = built_up(missing, added[self.county], wanted, self.world.values)
        staff[self.county] = ordinary + added[self.county]

    def _per_thousand(self, name: str, which: str) -> float:
        """Return what a number per 1,000 residents comes to; ``which`` is "base" or "values" of the quantity."""
        quantity = self.world.environment.quantities[f"{name}_per_thousand"]
        return float(getattr(quantity, which)[self.county]) / 1000.0 * self.residents

    def _standard(self, name: str) -> float:
        """Return the number that a policy's standard asks for; 0 without a policy."""
        wanted = self._per_thousand(name, "values")
        return wanted if wanted > self._per_thousand(name, "base") else 0.0
