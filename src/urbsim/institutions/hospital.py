"""Hospitals: beds and staff."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbsim.institutions.institution import Institution

if TYPE_CHECKING:
    import mesa

    from urbsim.state.world import World


class Hospital(Institution):
    """The hospitals of a county: beds follow the national trend, staff the residents, both more under a programme.

    A programme sets beds, doctors or nurses per 1,000 residents. Missing beds are built and stay. Missing staff are
    employed for as long as the programme pays them. Ordinary staff stay at the starting number per resident.
    """

    def __init__(self, model: mesa.Model, world: World, county: int) -> None:
        super().__init__(model, world, county)

    @property
    def residents(self) -> float:
        """Residents of the county at the last count, persons."""
        return float(self.world.tally.stocks[self.county, :3].sum() * self.world.weight)

    @property
    def beds_per_thousand(self) -> float:
        """Beds per 1,000 residents."""
        return 1000.0 * float(self.world.places.beds[self.county]) / max(self.residents, 1.0)

    def plan(self) -> None:
        """Add beds at the trend's monthly rate and those of a programme; staff the hospitals."""
        places, activity, county = self.world.places, self.world.activity, self.county
        ordinary = places.beds[county] - places.beds_added[county]
        ordinary *= (1.0 + self.world.values["health.beds_growth"]) ** (1.0 / 12.0)
        missing = self._missing("beds", float(ordinary))
        activity.beds_built[county] = max(missing - places.beds_added[county], 0.0)
        places.beds_added[county] = max(missing, places.beds_added[county])
        places.beds[county] = ordinary + places.beds_added[county]
        for name, stock, added, paid in (
            ("doctors", places.doctors, places.doctors_added, activity.doctors_added),
            ("nurses", places.nurses, places.nurses_added, activity.nurses_added),
        ):
            stock[county] = self._per_thousand(name, "base")
            added[county] = paid[county] = self._missing(name, float(stock[county]))
            stock[county] += added[county]

    def _per_thousand(self, name: str, which: str) -> float:
        """Return what a number per 1,000 residents comes to; ``which`` is "base" or "values" of the quantity."""
        quantity = self.world.environment.quantities[f"{name}_per_thousand"]
        return float(getattr(quantity, which)[self.county]) / 1000.0 * self.residents

    def _missing(self, name: str, ordinary: float) -> float:
        """Return what a programme has to add to the ordinary number; nothing without a programme."""
        wanted = self._per_thousand(name, "values")
        return max(wanted - ordinary, 0.0) if wanted > self._per_thousand(name, "base") else 0.0
