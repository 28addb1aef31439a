"""Institutions as Mesa agents: employers, schools, hospitals and county governments.

People and households are columns because there are a million of them; institutions are few and decide one by one.
An agent holds its own rule and its state at the start of the run; the stocks it manages are entries of ``Places``,
so that kernels can read them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import mesa
import numpy as np
from numpy.typing import NDArray

from urbsim.codes import Sector, Stage, Zone
from urbsim.months import year_of

if TYPE_CHECKING:
    from urbsim.model import UrbanizationModel
    from urbsim.state.world import World


class Institution(mesa.Agent):  # type: ignore[misc]
    """An institution of one county."""

    model: UrbanizationModel

    def __init__(self, model: UrbanizationModel, county: int) -> None:
        super().__init__(model)
        self.county = county

    @property
    def world(self) -> World:
        """The world the institution acts in."""
        return self.model.world


class Employer(Institution):
    """All employers of one sector in one zone of a county: they offer posts and set the wage."""

    def __init__(self, model: UrbanizationModel, county: int, zone: Zone, sector: Sector) -> None:
        super().__init__(model, county)
        self.zone, self.sector = zone, sector
        self.cell = (county, int(zone), int(sector))
        places = self.world.places
        self.first_posts = float(places.posts[self.cell])
        self.first_wage = float(places.wage[self.cell])
        self.first_labour = max(self._labour(), 1.0)
        self.first_customers = max(self._customers(), 1.0)
        self.added = 0.0  # posts created by policies so far
        self.trend = 1.0  # posts relative to the start, from the sector's own trend
        self.wage_trend = 1.0

    @property
    def posts(self) -> float:
        """Posts offered, filled or not."""
        return float(self.world.places.posts[self.cell])

    def _labour(self) -> float:
        """Labour available to the sector in the zone, persons."""
        work = self.world.tally.work[self.cell[:2]]
        if self.sector is Sector.FARM:
            return float(work[1]) * self.world.weight
        return float(work[2:].sum()) * self.world.weight

    def _customers(self) -> float:
        """Residents served: those of the zone, and of the whole county as far as custom is not local."""
        stocks, local = self.world.tally.stocks[self.county], self.world.values["employment.local_custom"]
        return float(local * stocks[self.zone] + (1.0 - local) * stocks[:3].sum()) * self.world.weight

    def plan(self) -> None:
        """Adjust posts to trend, labour, customers and policy; set the wage by tightness."""
        world, values = self.world, self.world.values
        name = self.sector.name.lower()
        self.trend *= (1.0 + values[f"employment.{name}_trend"]) ** (1.0 / 12.0)
        growth = values["employment.wage_growth"] + float(world.environment.wage_growth.values[self.cell])
        self.wage_trend *= (1.0 + growth) ** (1.0 / 12.0)
        self.added += float(world.environment.posts.values[self.cell]) / 12.0
        self.added += float(world.places.founded[self.cell])
        world.places.founded[self.cell] = 0.0
        if self.sector is Sector.FARM:
            self.added -= float(world.environment.farm_workers_freed.values[self.cell[:2]]) / 12.0
        wanted = max(self.first_posts * self.trend * self._pull(values) + self.added, 0.0)
        places = world.places
        posts = self.posts + values["employment.posts_adjustment"] * (wanted - self.posts)
        places.posts[self.cell] = posts
        wage = self.first_wage * self.wage_trend
        if world.feedback("wages") and self.first_posts > 0:
            labour_per_post = self._labour() / max(posts, 1.0)
            slack = labour_per_post / (self.first_labour / max(self.first_posts, 1.0))
            wage *= min(max(slack, 0.2), 5.0) ** -values["employment.wage_elasticity"]
        places.wage[self.cell] = wage

    def _pull(self, values: Mapping[str, float]) -> float:
        """Return posts relative to trend: industry follows labour, services follow customers, farms neither."""
        if self.sector is Sector.INDUSTRY:
            return float((max(self._labour(), 1.0) / self.first_labour) ** values["employment.industry_elasticity"])
        if self.sector is Sector.SERVICES and self.world.feedback("services_jobs"):
            return float((self._customers() / self.first_customers) ** values["employment.services_elasticity"])
        return 1.0


class School(Institution):
    """All schools of one stage in one zone of a county: they admit pupils by rule, grow and close with demand."""

    def __init__(self, model: UrbanizationModel, county: int, zone: Zone, stage: Stage) -> None:
        super().__init__(model, county)
        self.zone, self.stage = zone, stage
        self.cell = (county, int(zone), int(stage) - 1)
        self.number = int(np.ravel_multi_index(self.cell, self.world.places.school_places.shape))

    @property
    def places(self) -> int:
        """Places that pupils of the sample can fill; the fraction of a place left over is not offered."""
        return int(self.world.places.school_places[self.cell] * self.world.population.scale + 1e-9)

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
        chance = self.world.places.school_chance[self.cell]
        applied = np.bincount(groups, minlength=3)
        won = np.bincount(groups[:accepted], minlength=3)
        untested = self.world.environment.school_admission.values[self.cell] if vacancies > accepted else 0.0
        now = np.where(applied > 0, won / np.maximum(applied, 1), untested)
        chance += self.world.values["schooling.learning"] * (now - chance)

    def _consolidate(self, pupils: int) -> None:
        """Close village schools that fall below the threshold of use, a share of the places at a time."""
        values, places = self.world.values, self.world.places.school_places
        if pupils < values["schooling.closure_threshold"] * self.places:
            places[self.cell] *= 1.0 - values["schooling.closure_rate"]

    def _extend(self, wanted: int) -> None:
        """Build towards the places that were asked for this term, as counties did without any programme."""
        missing = wanted * self.world.weight - self.world.places.school_places[self.cell]
        if missing > 0.0:
            self.world.places.school_places[self.cell] += self.world.values["schooling.expansion"] * missing


class Hospital(Institution):
    """The hospitals of a county: beds follow the national trend, staff the residents, both more under a programme.

    A programme sets beds, doctors or nurses per 1,000 residents. Missing beds are built and stay. Missing staff are
    employed for as long as the programme pays them. Ordinary staff stay at the starting number per resident.
    """

    def __init__(self, model: UrbanizationModel, county: int) -> None:
        super().__init__(model, county)

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


class CountyGovernment(Institution):
    """A county's budget: it collects revenue, pays ordinary spending and its policies, and borrows up to a limit.

    Amounts are yuan a month. A policy whose cost the budget cannot carry is funded in part the month after; policies
    with the lowest ``cut_order`` are cut first.
    """

    def __init__(self, model: UrbanizationModel, county: int) -> None:
        super().__init__(model, county)
        values = self.world.values
        self.ordinary_per_resident = values[f"budget.ordinary_spending_{year_of(self.world.start)}"] / 12.0
        self.debt = 0.0
        self.revenue = self.ordinary = self.policy_spending = self.reward = 0.0
        #: Transfers from above that balance the budget at the start, per resident.
        self.transfer_per_resident = 0.0
        self.start_balanced()

    @property
    def residents(self) -> float:
        """Residents of the county, persons."""
        return float(self.world.tally.stocks[self.county, :3].sum()) * self.world.weight

    def start_balanced(self) -> None:
        """Set transfers so that ordinary spending is covered at the start."""
        gap = self.ordinary_per_resident * self.residents - self._tax() - self._land_sales()
        self.transfer_per_resident = max(gap, 0.0) / max(self.residents, 1.0)

    def _tax(self) -> float:
        places, work = self.world.places, self.world.tally.work[self.county, :, 2:4] * self.world.weight
        return float((work * places.wage[self.county, :, 1:]).sum()) * self.world.values["budget.tax_share"]

    def _land_sales(self) -> float:
        places, values = self.world.places, self.world.values
        sold = places.built[self.county, :, 0] * places.price[self.county] * values["housing.dwelling_area"]
        return float(sold.sum()) * values["budget.land_share"]

    @property
    def debt_limit(self) -> float:
        """Yuan the county may owe: a share of yearly revenue, set by the registry or the strictest policy."""
        cap = self.world.environment.debt_cap
        capped = cap.contributors[self.county] > 0
        share = float(cap.values[self.county]) if capped else self.world.values["budget.debt_limit"]
        return share * 12.0 * self.revenue

    def settle(
        self, costs: dict[str, float], wanted: dict[str, float], cut_order: dict[str, int], years: float
    ) -> dict[str, float]:
        """Close the month's books; return the share of each policy's cost that next month's budget can carry.

        Parameters
        ----------
        costs
            Yuan of this month by policy paid by the county.
        wanted
            Yuan each would have cost without cuts of the budget, which is what it is expected to cost next month.
        cut_order
            1 is cut first.
        years
            Years since the start of the run, for the trend of spending and transfers.
        """
        world, values = self.world, self.world.values
        trend = (1.0 + values["budget.growth"]) ** years
        rewards = world.environment.registration_reward.values[self.county]
        self.reward = float(world.activity.newly_registered[self.county].sum(axis=0) @ rewards)
        self.ordinary = self.ordinary_per_resident * self.residents * trend
        transfers = self.transfer_per_resident * self.residents * trend
        received = float(world.environment.finance_received.values[self.county]) / 12.0
        owed = float(world.environment.finance_owed.values[self.county]) / 12.0
        self.revenue = self._tax() + self._land_sales() + transfers + self.reward + received
        self.policy_spending = sum(costs.values())
        balance = self.revenue - self.ordinary - self.policy_spending
        # A surplus repays debt; what is left is not carried over, so that no scenario lives on old reserves.
        self.debt = max(self.debt + owed - balance, 0.0)
        return self._fund(wanted, cut_order)

    def _fund(self, wanted: dict[str, float], cut_order: dict[str, int]) -> dict[str, float]:
        """Share out what revenue and borrowing leave for policies, those cut last first."""
        if not self.world.feedback("budget"):
            return dict.fromkeys(wanted, 1.0)
        credit = (self.debt_limit - self.debt) / self.world.values["budget.borrowing_months"]
        room = self.revenue - self.ordinary + credit
        funded: dict[str, float] = {}
        for order in sorted({cut_order[name] for name in wanted}, reverse=True):
            names = [name for name in wanted if cut_order[name] == order]
            total = sum(wanted[name] for name in names)
            share = 1.0 if total <= max(room, 0.0) else max(room, 0.0) / total
            funded |= dict.fromkeys(names, share)
            room -= total * share
        return funded
