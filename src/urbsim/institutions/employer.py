"""Employers: how many posts a sector offers in a zone, and at what wage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from urbsim.codes import Sector, Zone
from urbsim.institutions.institution import Institution

if TYPE_CHECKING:
    import mesa

    from urbsim.state.world import World


class Employer(Institution):
    """All employers of one sector in one zone of a county: they offer posts and set the wage."""

    def __init__(self, model: mesa.Model, world: World, county: int, zone: Zone, sector: Sector) -> None:
        super().__init__(model, world, county)
        self.zone, self.sector = zone, sector
        self.cell = (county, int(zone), int(sector))
        places = self.world.places
        self.first_posts = float(places.employers.posts[self.cell])
        self.first_wanted = self.first_posts * (1.0 + self._ahead())
        self.first_wage = float(places.employers.wage[self.cell])
        self.first_labour = max(self._labour(), 1.0)
        self.first_customers = max(self._customers(), 1.0)
        self.added = 0.0  # posts created by policies so far

    @property
    def posts(self) -> float:
        """Posts offered, filled or not."""
        return float(self.world.places.employers.posts[self.cell])

    def _ahead(self) -> float:
        """Return how far the posts wanted are ahead of those there are at the start, as a share of these.

        Posts follow with a lag. Where they grew before the start they are behind by what they grow within it, and
        without this a run would begin with a lag opening: unemployment would rise for two years.
        """
        if self.zone is Zone.VILLAGE or self.sector is Sector.FARM:
            return 0.0
        values = self.world.values
        adjustment = values["employment.posts_adjustment"]
        return values["employment.growth_before"] / (12.0 * adjustment) if adjustment > 0.0 else 0.0

    def _labour(self) -> float:
        """Labour available to the sector in the zone, persons."""
        work = self.world.tally.work[self.cell[:2]]
        if self.sector is Sector.FARM:
            return float(work[1]) * self.world.weight
        return float(work[2:].sum()) * self.world.weight

    def _customers(self) -> float:
        """Income of those served: of the zone, and of the whole county as far as custom is not local; yuan a month."""
        income, local = self.world.places.employers.custom[self.county], self.world.values["employment.local_custom"]
        return float(local * income[self.zone] + (1.0 - local) * income.sum())

    def plan(self) -> None:
        """Adjust posts to trend, labour, capital, customers and policy; set the wage by how scarce labour is."""
        world, values = self.world, self.world.values
        self.added += float(world.environment.posts.values[self.cell]) / 12.0
        self.added += float(world.places.employers.founded[self.cell])
        world.places.employers.founded[self.cell] = 0.0
        if self.sector is Sector.FARM:
            self.added -= float(world.environment.farm_workers_freed.values[self.cell[:2]]) / 12.0
        wanted = max(self.first_wanted * float(world.trends.posts[self.sector]) * self._pull(values) + self.added, 0.0)
        places = world.places
        posts = self.posts + values["employment.posts_adjustment"] * (wanted - self.posts)
        places.employers.posts[self.cell] = posts
        wage = self.first_wage * float(world.trends.wages[self.cell])
        if world.feedback("wages"):
            wage *= self._slack() ** -values["employment.wage_elasticity"]
        places.employers.wage[self.cell] = wage

    def _slack(self) -> float:
        """Return labour relative to what employs it at trend wages: the land's posts on farms, capital elsewhere."""
        if self.sector is not Sector.FARM:
            return float(self.world.places.employers.slack[self.cell[:2]])
        if self.first_posts <= 0.0:
            return 1.0
        per_post = self._labour() / max(self.posts, 1.0)
        return min(max(per_post / (self.first_labour / max(self.first_posts, 1.0)), 0.2), 5.0)

    def _pull(self, values: Mapping[str, float]) -> float:
        """Return posts relative to trend: industry follows labour and capital, services customers, farms neither."""
        if self.sector is Sector.INDUSTRY:
            labour = max(self._labour(), 1.0) / self.first_labour
            capital = float(self.world.places.employers.capital[self.cell[:2]]) / self.first_labour
            absorbed = values["employment.absorption"]
            return float((labour**absorbed * capital ** (1.0 - absorbed)) ** values["employment.industry_elasticity"])
        if self.sector is Sector.SERVICES and self.world.feedback("services_jobs"):
            return float((self._customers() / self.first_customers) ** values["employment.services_elasticity"])
        return 1.0
