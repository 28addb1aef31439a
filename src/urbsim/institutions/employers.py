"""Employers: how many posts a sector offers in a zone, and at what wage."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from urbsim.arrays import Floats
from urbsim.codes import Sector, Work, Zone
from urbsim.institutions.institution import Institution
from urbsim.kernels import inlined, people_kernel
from urbsim.records import record
from urbsim.state.capital import labour_outside_farming

if TYPE_CHECKING:
    import mesa

    from urbsim.state.world import World

_FARM, _INDUSTRY, _SERVICES = (int(sector) for sector in Sector)


@record
class Start(NamedTuple):
    """The state at the start of the run; C counties, 3 zones."""

    posts: Floats  # (C, 3, 3 sectors)
    wanted: Floats  # (C, 3, 3) posts that employers were on the way to
    wage: Floats  # (C, 3, 3)
    farmers: Floats  # (C, 3) persons, at least 1
    labour: Floats  # (C, 3) persons outside farming, at least 1
    customers: Floats  # (C, 3) yuan a month, at least 1


@record
class PostsOffered(NamedTuple):
    """What employers set, and the posts that policies have added to it."""

    posts: Floats  # (C, 3, 3)
    wage: Floats  # (C, 3, 3)
    founded: Floats  # (C, 3, 3) since they last planned
    added: Floats  # (C, 3, 3) so far


@record
class PostConditions(NamedTuple):
    """What employers go by this month."""

    trend: Floats  # (3 sectors,) of posts
    wage_trend: Floats  # (C, 3, 3)
    policies: Floats  # (C, 3, 3) posts a year
    freed: Floats  # (C, 3) farm workers a year that the land does not need any more
    farmers: Floats  # (C, 3) persons
    labour: Floats  # (C, 3) persons outside farming, at least 1
    capital: Floats  # (C, 3)
    slack: Floats  # (C, 3)
    customers: Floats  # (C, 3) yuan a month


@record
class PostResponses(NamedTuple):
    """How employers respond."""

    adjustment: float
    industry: float
    absorption: float
    services: float
    wage: float


class Employers(Institution):
    """All employers of a world, by county, zone and sector: they offer posts and set the wage.

    Attributes
    ----------
    start : Start
        What there was at the start of the run.
    added : array (C, 3, 3)
        Posts created by policies so far.
    """

    def __init__(self, model: mesa.Model, world: World) -> None:
        super().__init__(model, world)
        stocks = world.places.employers
        ahead = np.zeros_like(stocks.posts)
        ahead[:, Zone.TOWN :, _INDUSTRY:] = self._ahead()
        self.start = Start(
            stocks.posts.copy(),
            stocks.posts * (1.0 + ahead),
            stocks.wage.copy(),
            np.maximum(self._farmers(), 1.0),
            labour_outside_farming(world.tally, world.weight),
            np.maximum(self._customers(), 1.0),
        )
        self.added = np.zeros_like(stocks.posts)

    def _ahead(self) -> float:
        """Return how far the posts wanted are ahead of those there are at the start, as a share of these.

        Posts follow with a lag. Where they grew before the start they are behind by what they grow within it, and
        without this a run would begin with a lag opening: unemployment would rise for two years. Villages and farms
        did not grow.
        """
        values = self.world.values
        adjustment = values["employment.posts_adjustment"]
        return values["employment.growth_before"] / (12.0 * adjustment) if adjustment > 0.0 else 0.0

    def _farmers(self) -> Floats:
        """Labour available to farms, persons, shape (C, 3)."""
        return np.asarray(self.world.tally.work[:, :, Work.FARM] * self.world.weight)

    def _customers(self) -> Floats:
        """Income of those served: of the zone, and of the whole county as far as custom is not local; yuan a month."""
        income, local = self.world.places.employers.custom, self.world.values["employment.local_custom"]
        return np.asarray(local * income + (1.0 - local) * income.sum(axis=1, keepdims=True))

    def plan(self) -> None:
        """Adjust posts to trend, labour, capital, customers and policy; set the wage by how scarce labour is."""
        world, values, stocks = self.world, self.world.values, self.world.places.employers
        conditions = PostConditions(
            world.trends.posts,
            world.trends.wages,
            world.environment.posts.values,
            world.environment.farm_workers_freed.values,
            self._farmers(),
            labour_outside_farming(world.tally, world.weight),
            stocks.capital,
            stocks.slack,
            self._customers(),
        )
        responses = PostResponses(
            values["employment.posts_adjustment"],
            values["employment.industry_elasticity"],
            values["employment.absorption"],
            values["employment.services_elasticity"] if world.feedback("services_jobs") else 0.0,
            values["employment.wage_elasticity"] if world.feedback("wages") else 0.0,
        )
        _plan(PostsOffered(stocks.posts, stocks.wage, stocks.founded, self.added), self.start, conditions, responses)


@people_kernel
def _plan(offer: PostsOffered, start: Start, now: PostConditions, responses: PostResponses) -> None:
    counties, zones, sectors = offer.posts.shape
    for county in range(counties):
        for zone in range(zones):
            for sector in range(sectors):
                added = offer.added[county, zone, sector] + now.policies[county, zone, sector] / 12.0
                added += offer.founded[county, zone, sector]
                offer.founded[county, zone, sector] = 0.0
                if sector == _FARM:
                    added -= now.freed[county, zone] / 12.0
                offer.added[county, zone, sector] = added
                pull = _pull(start, now, responses, (county, zone, sector))
                wanted = max(start.wanted[county, zone, sector] * now.trend[sector] * pull + added, 0.0)
                posts = offer.posts[county, zone, sector]
                posts += responses.adjustment * (wanted - posts)
                offer.posts[county, zone, sector] = posts
                wage = start.wage[county, zone, sector] * now.wage_trend[county, zone, sector]
                slack = _slack(start, now, (county, zone), posts) if sector == _FARM else now.slack[county, zone]
                offer.wage[county, zone, sector] = wage * slack**-responses.wage


@inlined
def _slack(start: Start, now: PostConditions, place: tuple[int, int], posts: float) -> float:
    """Return farm labour relative to the land's posts for it."""
    county, zone = place
    first = start.posts[county, zone, _FARM]
    if first <= 0.0:
        return 1.0
    per_post = now.farmers[county, zone] / max(posts, 1.0)
    return float(min(max(per_post / (start.farmers[county, zone] / max(first, 1.0)), 0.2), 5.0))


@inlined
def _pull(start: Start, now: PostConditions, responses: PostResponses, cell: tuple[int, int, int]) -> float:
    """Return posts relative to trend: industry follows labour and capital, services customers, farms neither."""
    county, zone, sector = cell
    if sector == _INDUSTRY:
        labour = now.labour[county, zone] / start.labour[county, zone]
        capital = now.capital[county, zone] / start.labour[county, zone]
        absorbed = responses.absorption
        return float((labour**absorbed * capital ** (1.0 - absorbed)) ** responses.industry)
    if sector == _SERVICES:
        return float((now.customers[county, zone] / start.customers[county, zone]) ** responses.services)
    return 1.0
