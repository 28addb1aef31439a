"""The model: the monthly schedule and nothing else.

A month is the list of names in ``UrbanizationModel.month_steps``; each is a module of ``urbsim.processes`` or a class
of institutions, and says its rule in its docstring. ``model.schedule`` is that list, with the CPU time of every step.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import TYPE_CHECKING, Protocol

from urbsim.agents import mesa
from urbsim.institutions.employers import Employers
from urbsim.institutions.governments import Governments
from urbsim.institutions.hospitals import Hospitals
from urbsim.institutions.schools import Schools
from urbsim.observation.collector import IndicatorCollector
from urbsim.observation.recording import Recorder
from urbsim.parameters import Parameters
from urbsim.policies.package import PolicyPackage
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
from urbsim.randomness import Randomness
from urbsim.region.base import base_population
from urbsim.region.figures import CountyFigures, with_registered
from urbsim.region.tables import county_rows
from urbsim.schedule import Schedule, Step, carry_out
from urbsim.start import start_world
from urbsim.state.capital import invest
from urbsim.state.constants import CountyConstants
from urbsim.state.income import zone_income
from urbsim.state.rules import spread_news, take_for_known
from urbsim.state.tally import count
from urbsim.state.world import World

if TYPE_CHECKING:
    from urbsim.observation.results import Results
    from urbsim.region.synthesis import BasePopulation
    from urbsim.scenario.model import Scenario


class ProcessModule(Protocol):
    """A module of ``urbsim.processes``."""

    __name__: str

    def advance(self, world: World, month: int) -> None:
        """Carry out one month of the process."""


class UrbanizationModel(mesa.Model):  # type: ignore[misc]
    """One replicate of one scenario.

    Parameters
    ----------
    scenario
        What to simulate.
    seed, replicate
        Together they fix every random draw; the same pair gives the same random numbers in every scenario.
    base
        A base population to start from; synthesised here without it.
    keeps_base
        Whether the base population stays as it is, for others; a model that may have it needs half the memory.
    progress
        Called after every month with the months done and the months in all.
    constants
        The counties' own constants; zero without them.
    observed
        Whether indicators and flows are recorded every month, from the scenario's ``start`` on. Calibration leaves it
        out and reads the final state.

    Attributes
    ----------
    datacollector : mesa.DataCollector
        The indicators of all counties together by month, as Mesa's tools look for them.
    schedule : tuple of Step
        The month, step by step: each has a name, can be called, and knows the CPU seconds it has taken.
    """

    scenario: Scenario = None  # type: ignore[assignment]  # hides Mesa 3.5's property, which writes into the scenario
    world: World
    recorder: Recorder

    def __init__(
        self,
        scenario: Scenario,
        seed: int = 0,
        replicate: int = 0,
        base: BasePopulation | None = None,
        progress: Callable[[int, int], None] | None = None,
        constants: CountyConstants | None = None,
        observed: bool = True,
        keeps_base: bool = True,
    ) -> None:
        super().__init__(rng=seed)
        self.scenario, self.progress, self.observed = scenario, progress, observed
        self.month = scenario.census - 1
        self.parameters = Parameters(scenario.parameters)
        keeps_base = keeps_base and base is not None
        base = base or base_population(scenario, seed, replicate)
        frozen = frozenset(name for name, on in scenario.feedbacks.items() if not on)
        self.world = start_world(
            with_registered(county_rows(scenario.counties, scenario.base_year), scenario.county_data),
            base.population.copy() if keeps_base else base.population,
            scenario.census,
            Randomness(seed, replicate),
            self.parameters.at(scenario.census),
            frozen,
            constants,
            CountyFigures(scenario.counties, scenario.county_data),
        )
        self.employers, self.schools = Employers(self, self.world), Schools(self, self.world)
        self.hospitals, self.governments = Hospitals(self, self.world), Governments(self, self.world)
        self.package = PolicyPackage(self.world, scenario.policies, scenario.start)
        self.funded = self.package.funded
        self.recorder = Recorder(self.world, self.package.limits, base.fit, scenario.region)
        self.datacollector = IndicatorCollector()
        self.schedule = self.month_steps()

    def month_steps(self) -> Schedule:
        """Return the steps of a month, in order."""
        return (
            Step("opening", self._open_month),
            Step("policies", self._apply_policies),
            Step("trends", self._grow),
            self._of(insurance),
            self._of(demography),
            Step("schooling", lambda: schooling.advance(self.world, self.month, self.schools)),
            Step("employers", self._plan_posts),
            self._of(training),
            self._of(employment),
            self._of(infrastructure),
            self._of(housing),
            self._of(land_exit),
            self._of(resettlement),
            self._of(arrivals),
            self._of(residence),
            self._of(registration),
            self._of(reclassification),
            Step("count", self._count),
            self._of(provision),
            Step("hospitals", self.hospitals.provide),
            Step("budgets", self._settle_budgets),
            Step("records", self._record),
        )

    def _of(self, process: ProcessModule) -> Step:
        """Return the step that a process is."""
        name = process.__name__.rpartition(".")[2]
        return Step(name, lambda: process.advance(self.world, self.month))

    def step(self) -> None:
        """Simulate one month."""
        carry_out(self.schedule)

    def branch(self, scenario: Scenario) -> UrbanizationModel:
        """Return a model of its own in this state, which goes on with another scenario.

        Where both scenarios have been the same so far, it is the model that the other would have become from its start:
        random numbers go by person and month, not by what was drawn before.
        """
        world = self.world
        unchanging = (world.rows, world.distances, world.constants, self.recorder.fit)
        growing = (world.ledger.booked, self.recorder.cells)  # rows are added and never changed
        memo: dict[int, object] = {id(each): each for each in unchanging} | {id(rows): list(rows) for rows in growing}
        memo |= {id(self.schedule): (), id(self.progress): None}
        twin = deepcopy(self, memo)
        twin.follow(scenario)
        twin.schedule = twin.month_steps()
        return twin

    def follow(self, scenario: Scenario) -> None:
        """Go on with another scenario, which has been the same so far."""
        self.scenario, self.parameters = scenario, Parameters(scenario.parameters)
        self.world.values = self.parameters.at(max(self.month, scenario.census))
        self.package = self.package.succeeded_by(scenario.policies)
        self.funded, self.recorder.limits = self.package.funded, self.package.limits

    def run(self) -> Results:
        """Simulate to the scenario's last month and return the tables."""
        while self.month < self.scenario.until:
            self.step()
            if self.progress:
                self.progress(self.month - self.scenario.census + 1, self.scenario.months)
        return self.recorder.results()

    def close(self) -> None:
        """Let the model's memory go; it is of no use afterwards.

        Mesa 3.3 keeps every model for good, to number its agents. Steps hold their model and the model its steps:
        Python would let go of them sometime, by how many objects there are, which says nothing of how large they are.
        """
        if not self.__dict__:
            return  # closed before
        self.remove_all_agents()
        getattr(mesa.Agent, "_ids", {}).pop(self, None)  # Mesa 3.5 has no such register
        self.__dict__.clear()

    def _open_month(self) -> None:
        self.month += 1
        world = self.world
        if self.parameters.changes_in(self.month):
            world.values = self.parameters.at(self.month)
        world.accounts.open_month()
        world.open_activity()

    def _grow(self) -> None:
        """Let the levels that grow by themselves grow by a month, at the rates of the month."""
        world = self.world
        world.trends.advance(world.values, world.environment.wage_growth.values, first=self.month == world.start)

    def _count(self) -> None:
        """Close the month: forget its events, count everybody, prove that its flows explain every change.

        What residents have to spend is noted then, for employers to plan next month's posts by.
        """
        world = self.world
        world.population.people.events[...] = 0  # everybody has had the chance to act on them
        world.tally = count(world.population, world.provinces, self.month)
        world.accounts.close_month(world.tally.stocks, self.month)
        world.places.employers.custom = zone_income(world)

    def _apply_policies(self) -> None:
        """Let policies write the month's quantities, and those know whose rules they changed."""
        self.package.apply(self.month)
        if self.month == self.world.start:
            take_for_known(self.world)
        elif self.package.policies:
            spread_news(self.world)

    def _plan_posts(self) -> None:
        """Let capital grow, and let employers plan posts and wages."""
        invest(self.world)
        self.employers.plan()

    def _settle_budgets(self) -> None:
        """Book what every policy cost, and let county governments fund the next month."""
        costs, governments = self.package.costs(), self.governments
        self.package.want(self.month, costs)
        self.package.settle(self.month, costs, governments)
        booked = self.package.book(self.month, costs)
        self.world.ledger.close_month(booked, governments.ordinary, governments.revenue, governments.debt)

    def _record(self) -> None:
        """Record the month, from the first month of the output on; the months before it only lead there."""
        if self.observed and self.month >= self.scenario.start:
            self.recorder.record(self.month)
            self.datacollector.collect(self)
