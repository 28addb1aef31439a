"""The model: the monthly schedule and nothing else.

A month is the list of names in ``UrbanizationModel.step``; each is a module of ``urbsim.processes`` or a class of
institutions, and says its rule in its docstring.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import TYPE_CHECKING

import mesa
from mesa.agent import AgentSet

from urbsim.codes import COUNTY_ZONES, SCHOOL_STAGES, Sector
from urbsim.institutions import CountyGovernment, Employer, Hospital, School
from urbsim.parameters import Parameters
from urbsim.processes import (
    arrivals,
    demography,
    employment,
    housing,
    infrastructure,
    insurance,
    land_exit,
    provision,
    reclassification,
    registration,
    resettlement,
    residence,
    schooling,
    training,
)
from urbsim.programme import Programme
from urbsim.randomness import Randomness
from urbsim.recording import Recorder
from urbsim.region.base import base_population
from urbsim.region.tables import county_rows
from urbsim.start import start_world
from urbsim.tally import count
from urbsim.world import CountyConstants, World

if TYPE_CHECKING:
    from urbsim.region.synthesis import BasePopulation
    from urbsim.results import Results
    from urbsim.scenario.model import Scenario


class UrbanizationModel(mesa.Model):  # type: ignore[misc]
    """One replicate of one scenario.

    Parameters
    ----------
    scenario
        What to simulate.
    seed, replicate
        Together they fix every random draw; the same pair gives the same luck in every scenario.
    base
        A base population to start from, which stays unchanged; synthesised here without it.
    progress
        Called after every month with the months done and the months in all.
    constants
        The counties' own constants; zero without them.
    observed
        Whether indicators and flows are recorded every month. Calibration leaves it out and reads the final state.
    """

    world: World
    recorder: Recorder
    employers: AgentSet
    schools: AgentSet
    hospitals: AgentSet
    governments: AgentSet

    def __init__(
        self,
        scenario: Scenario,
        seed: int = 0,
        replicate: int = 0,
        base: BasePopulation | None = None,
        progress: Callable[[int, int], None] | None = None,
        constants: CountyConstants | None = None,
        observed: bool = True,
    ) -> None:
        super().__init__(rng=seed)
        self.scenario, self.progress, self.observed = scenario, progress, observed
        self.month = scenario.start - 1
        self.parameters = Parameters(scenario.parameters)
        base = base or base_population(scenario, seed, replicate)
        frozen = frozenset(name for name, on in scenario.feedbacks.items() if not on)
        self.world = start_world(
            county_rows(scenario.counties, scenario.base_year),
            base.population.copy(),
            scenario.start,
            Randomness(seed, replicate),
            self.parameters.at(scenario.start),
            frozen,
            constants,
        )
        counties = range(len(scenario.counties))
        for county, zone, sector in product(counties, COUNTY_ZONES, Sector):
            Employer(self, county, zone, sector)
        for county, zone, stage in product(counties, COUNTY_ZONES, SCHOOL_STAGES):
            School(self, county, zone, stage)
        for county in counties:
            Hospital(self, county)
            CountyGovernment(self, county)
        self.employers, self.schools = self.agents_by_type[Employer], self.agents_by_type[School]
        self.hospitals, self.governments = self.agents_by_type[Hospital], self.agents_by_type[CountyGovernment]
        self.programme = Programme(self.world, scenario.policies)
        self.funded = self.programme.funded
        self.recorder = Recorder(self, base.fit)

    def step(self) -> None:
        """Simulate one month."""
        self.month += 1
        month, world = self.month, self.world
        self._open_month()
        self.programme.apply(month)
        world.trends.advance(world.values, world.environment.wage_growth.values, first=month == world.start)
        insurance.advance(world)
        demography.advance(world, month)
        schooling.advance(world, month, self.schools)
        self.employers.do("plan")
        training.advance(world, month)
        employment.advance(world, month)
        infrastructure.advance(world, month)
        housing.advance(world, month)
        land_exit.advance(world, month)
        resettlement.advance(world, month)
        arrivals.advance(world, month)
        residence.advance(world, month)
        registration.advance(world, month)
        reclassification.advance(world, month)
        world.tally = count(world.population, world.provinces, month)
        world.accounts.close_month(world.tally.stocks, month)
        provision.advance(world)
        self.hospitals.do("provide")
        self._settle_budgets()
        if self.observed:
            self.recorder.record()

    def run(self) -> Results:
        """Simulate to the scenario's last month and return the tables."""
        while self.month < self.scenario.until:
            self.step()
            if self.progress:
                self.progress(self.month - self.scenario.start + 1, self.scenario.months)
        return self.recorder.results()

    def close(self) -> None:
        """Let the model's memory go: Mesa keeps the identifiers of every model's agents for good."""
        self.remove_all_agents()
        mesa.Agent._ids.pop(self, None)

    def _open_month(self) -> None:
        world = self.world
        if self.parameters.dated:
            world.values = self.parameters.at(self.month)
        world.accounts.open_month()
        world.open_activity()

    def _settle_budgets(self) -> None:
        """Book what every policy cost, and let each county government fund the next month."""
        costs = self.programme.costs()
        self.programme.want(self.month, costs)
        for government in self.governments:
            self.programme.settle(self.month, costs, government)
        if self.observed:
            self.recorder.book(costs)
