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
from urbsim.services import Floats, built_up

if TYPE_CHECKING:
    from urbsim.model import UrbanizationModel
    from urbsim.world import World


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
        self.added += float(world.environment.posts.values[self.cell]) / 12.0
        self.added += float(world.places.founded[self.cell])
        world.places.founded[self.cell] = 0.0
        if self.sector is Sector.FARM:
            self.added -= float(world.environment.farm_workers_freed.values[self.cell[:2]]) / 12.0
        wanted = max(self.first_posts * float(world.trends.posts[self.sector]) * self._pull(values) + self.added, 0.0)
        places = world.places
        posts = self.posts + values["employment.posts_adjustment"] * (wanted - self.posts)
        places.posts[self.cell] = posts
        wage = self.first_wage * float(world.trends.wages[self.cell])
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

    A programme adds beds every year, or sets a standard: beds, doctors or nurses per 1,000 residents. What a standard
    lacks is built or employed month by month (``services.built_up``) until the standard is reached for the residents
    present at the end of the month, and is then held: beds that the trend would add later have been built already.
    Beds stay, staff beyond the ordinary number per resident are employed for as long as the programme pays them.
    """

    def __init__(self, model: UrbanizationModel, county: int) -> None:
        super().__init__(model, county)
        self.ordinary = self.first_beds = float(self.world.places.beds[county])
        self.added = 0.0  # beds of programmes that add so many a year
        self.ahead = 0.0  # beds of a standard that the trend has not caught up with

    @property
    def residents(self) -> float:
        """Residents of the county at the last count, persons."""
        return float(self.world.tally.stocks[self.county, :3].sum() * self.world.weight)

    def provide(self) -> None:
        """Build beds and employ staff for the residents counted at the end of the month."""
        self._build()
        places, activity = self.world.places, self.world.activity
        self._employ("doctors", places.doctors, places.doctors_added, activity.doctors_added)
        self._employ("nurses", places.nurses, places.nurses_added, activity.nurses_added)

    def _build(self) -> None:
        """Add the beds of the trend, of programmes that add beds, and of what a standard lacks."""
        world, county = self.world, self.county
        before, self.ordinary = self.ordinary, self.first_beds * float(world.trends.beds[0])
        self.ahead = max(self.ahead - max(self.ordinary - before, 0.0), 0.0)
        self.added += float(world.environment.hospital_beds.values[county]) / 12.0
        present, wanted = self.ordinary + self.added + self.ahead, self._standard("beds")
        built = float(built_up(max(wanted - present, 0.0), 0.0, wanted, world.values))
        self.ahead += built
        world.activity.beds_built[county] = built
        world.places.beds[county] = present + built

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
        """Return the number that a programme's standard asks for; 0 without a programme."""
        wanted = self._per_thousand(name, "values")
        return wanted if wanted > self._per_thousand(name, "base") else 0.0


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

    def settle(self, costs: dict[str, float], wanted: dict[str, float], cut_order: dict[str, int]) -> dict[str, float]:
        """Close the month's books; return the share of each policy's cost that next month's budget can carry.

        Parameters
        ----------
        costs
            Yuan of this month by policy paid by the county.
        wanted
            Yuan each would have cost without cuts of the budget, which is what it is expected to cost next month.
        cut_order
            1 is cut first.
        """
        world = self.world
        trend = float(world.trends.budgets[0])
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
