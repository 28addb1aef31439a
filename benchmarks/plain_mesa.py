"""A plain Mesa model of the same county: every person an agent, every rule a method, to compare speed with.

It is written as a Mesa tutorial would: one `Person` agent per person, activated in random order by
`AgentSet.shuffle_do` once a month, with a `DataCollector` for what is observed. It starts from the same synthetic
base population, reads the same registered parameters and the same United Nations rates, and steps by month.

Simplified against urbsim, always to less work:

- no households, dwellings, land, insurance, training, policies, county budget, ledger or registration transfer;
- no new marriages, no arrivals from outside the world; people registered elsewhere stay within the county;
- births at the national rate of all women of an age, married or not, without the county factor;
- school stages by age and draw; places are not rationed, students of a college stay where they live;
- posts grow by their trend, and in services with residents; the wage answers labour beside capital as in urbsim;
- residence: Rogers-Castro hazard without life events and network, then a logit without nests over five zones with
  expected earnings, distance, cost of moving, ties to home and to an absent spouse; couples together and their
  children move as one;
- reclassification by person instead of by household;
- ordinary random numbers instead of keyed ones; zone counts instead of some fifty indicators.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np
from mesa.datacollection import DataCollector

from urbsim.codes import Schooling, Stage, Work, Zone
from urbsim.months import is_month_of_year, year_of
from urbsim.parameters import Parameters
from urbsim.processes.schooling import college_chance
from urbsim.region.distances import distances
from urbsim.region.tables import county_rows
from urbsim.state.vital_rates import VitalRates

if TYPE_CHECKING:
    from urbsim.population import Population
    from urbsim.scenario.model import Scenario

# Plain integers: a member of an enumeration takes several times as long to look up and to compare.
VILLAGE, TOWN, SEAT, NEAR, FAR = (int(zone) for zone in Zone)
INACTIVE, FARM, INDUSTRY, SERVICES, SEEKING = (int(work) for work in Work)
KINDERGARTEN, PRIMARY, JUNIOR, SENIOR, COLLEGE = (int(stage) for stage in Stage if stage)
ZONES = tuple(range(len(Zone)))
COUNTY_ZONES = (VILLAGE, TOWN, SEAT)
ADULT_AGE, OLDEST, RETIREMENT_AGE = 16, 100, 60


class Person(mesa.Agent):
    """One person, who lives, studies, works and moves."""

    model: PlainModel

    def __init__(
        self,
        model: PlainModel,
        birth: int,
        female: bool,
        zone: int,
        registered_here: bool,
        schooling: int = 0,
        stage: int = 0,
        work: int = INACTIVE,
    ) -> None:
        super().__init__(model)
        self.birth, self.female, self.zone, self.registered_here = birth, female, zone, registered_here
        self.schooling, self.stage, self.work = schooling, stage, work
        self.spouse: Person | None = None
        self.children: list[Person] = []

    def step(self) -> None:
        """Live one month."""
        model = self.model
        age = (model.month - self.birth) // 12
        if self.random.random() < model.death_chance[self.female][min(age, OLDEST)]:
            self.die()
            return
        if self.female and 15 <= age < 50:
            self.maybe_give_birth(age)
        if model.starts_school_year and (self.stage or age < 18):
            self.change_stage(age)
        if age < ADULT_AGE or self.stage:
            return
        self.work_or_search(age)
        if self.random.random() < model.hazard[min(age, OLDEST)] and self.decides():
            self.choose_residence(age)

    def die(self) -> None:
        """Leave the model and the family."""
        self.model.deaths += 1
        if self.spouse is not None:
            self.spouse.spouse = None
            self.spouse = None
        self.remove()

    def maybe_give_birth(self, age: int) -> None:
        """Give birth with the chance of the month; the child of an absent mother may be raised at home."""
        model = self.model
        if self.random.random() >= model.birth_chance[self.zone >= TOWN][age // 5 - 2]:
            return
        zone = self.zone
        if zone >= NEAR and self.random.random() < model.values["demography.newborn_sent_home"]:
            zone = VILLAGE
        female = self.random.random() >= model.share_male
        self.children.append(Person(model, model.month, female, zone, self.registered_here))
        model.births += 1

    def change_stage(self, age: int) -> None:
        """Enter, go through or leave school in September; leaving sets the schooling level and opens working life."""
        old, new = self.stage, self.next_stage(age)
        if new == old:
            return
        self.stage = new
        if old > KINDERGARTEN:
            self.schooling = max(self.schooling, old - 1)
        if not new and age >= ADULT_AGE:
            takes_part = self.random.random() < self.model.participation[self.female]
            self.work = SEEKING if takes_part else INACTIVE

    def next_stage(self, age: int) -> int:
        """Return the stage of the new school year."""
        values, old = self.model.values, self.stage
        if age < 3 or age >= 22:
            return 0
        if age < 6:
            enters = old == KINDERGARTEN or self.random.random() < values["schooling.kindergarten_rate"]
            return KINDERGARTEN if enters else 0
        if age < 12:
            return PRIMARY
        if age < 15:
            return JUNIOR
        if age < 18:
            enters = old == SENIOR or (old == JUNIOR and self.random.random() < values["schooling.senior_rate"])
            return SENIOR if enters else 0
        enters = old == COLLEGE or (old == SENIOR and self.random.random() < college_chance(values))
        return COLLEGE if enters else 0

    def work_or_search(self, age: int) -> None:
        """Lose, seek or find a post, or retire."""
        model, work, luck = self.model, self.work, self.random.random()
        if work in (INDUSTRY, SERVICES):
            if age >= RETIREMENT_AGE and self.random.random() < model.retire_chance:
                self.work = INACTIVE
            elif luck < model.separation[self.zone][work]:
                self.work = SEEKING
        elif work == SEEKING:
            if luck < model.finding[self.zone]:
                self.take_post()
            elif self.zone == VILLAGE and self.random.random() < model.values["employment.farm_fallback_rate"]:
                self.work = FARM
        elif work == FARM:
            if luck < model.finding[self.zone] * model.values["employment.farm_search_rate"]:
                self.take_post()
        elif age < 50 and luck < model.enter_chance:
            self.work = SEEKING

    def take_post(self) -> None:
        """Start in industry or services, by their shares of vacancies."""
        self.work = INDUSTRY if self.random.random() < self.model.industry_share[self.zone] else SERVICES

    def decides(self) -> bool:
        """Return whether a person decides: the single, people apart from their spouse, and one of a couple."""
        spouse = self.spouse
        return spouse is None or spouse.zone != self.zone or self.unique_id < spouse.unique_id

    def choose_residence(self, age: int) -> None:
        """Draw a zone by its utility, and move there with the family."""
        spouse = self.spouse
        together = spouse is not None and spouse.zone == self.zone
        adults = [self, spouse] if together else [self]
        zones = ZONES if self.registered_here else COUNTY_ZONES
        values = [sum(adult.utility(zone, age, together) for adult in adults) / len(adults) for zone in zones]
        top = max(values)
        (zone,) = self.random.choices(zones, [math.exp(value - top) for value in values])
        if zone != self.zone:
            self.move(zone, adults)

    def utility(self, zone: int, age: int, together: bool) -> float:
        """Return the value of living in a zone."""
        model = self.model
        value: float = model.attraction[self.registered_here][zone]
        if self.work:
            value += model.alpha * model.log_earnings[zone][self.schooling]
        if self.registered_here and zone < NEAR:
            value += model.values["residence.home_age"] * max(age - 45, 0) / 10.0
        if zone != self.zone:
            value -= model.values["residence.move"]
        if self.spouse is not None and not together and self.spouse.zone != zone:
            value -= model.values["residence.separation"]
        return value

    def move(self, zone: int, adults: list[Person]) -> None:
        """Move with the children under 16 who live here; whoever worked seeks a post at the new place."""
        month, old = self.model.month, self.zone
        mother = next((adult for adult in adults if adult.female), self)
        for child in mother.children:
            if child.zone == old and month - child.birth < ADULT_AGE * 12:
                child.zone = zone
        for adult in adults:
            adult.zone = zone
            if adult.work:
                adult.work = SEEKING

    def maybe_reclassify(self) -> None:
        """Become urban without moving."""
        values = self.model.values
        if self.zone == VILLAGE and self.random.random() < values["reclassification.rate"]:
            to_seat = self.random.random() < values["reclassification.seat_share"]
            self.zone = SEAT if to_seat else TOWN


class PlainModel(mesa.Model):
    """One county of `Person` agents.

    Parameters
    ----------
    scenario
        Region, start and parameters; policies are ignored.
    population
        Base population of one county; everybody alive becomes an agent.
    seed
        Root of the random numbers.
    """

    def __init__(self, scenario: Scenario, population: Population, seed: int = 0) -> None:
        super().__init__(rng=seed)
        self.start, self.month = scenario.start, scenario.start - 1
        self.scenario = scenario
        self.values: Mapping[str, float] = Parameters(scenario.parameters).at(scenario.start)
        self.births = self.deaths = 0
        self._settle(population)
        self._constants()
        self.counts = self._count()
        work = self._workers()
        self.posts = work[:, INDUSTRY : SERVICES + 1] / (1.0 - self.values["employment.vacancy_rate"])
        self.capital = _labour(work)
        self.first_residents = self._residents()
        self.datacollector = DataCollector(
            model_reporters={
                "population": lambda model: len(model.agents),
                "urbanization_rate": PlainModel.urbanization_rate,
                "births": "births",
                "deaths": "deaths",
            }
        )

    def step(self) -> None:
        """Simulate one month."""
        self.month += 1
        self.starts_school_year = is_month_of_year(self.month, 9)
        self._vital_chances()
        self._labour_market()
        self.agents.shuffle_do("step")
        if is_month_of_year(self.month, 1):
            self.agents.do("maybe_reclassify")
        self.counts = self._count()
        self.datacollector.collect(self)

    def urbanization_rate(self) -> float:
        """Return the share of residents of the county who live in towns and the seat."""
        residents = self._residents()
        return float(residents[TOWN:].sum() / max(residents.sum(), 1))

    def close(self) -> None:
        """Let the model's memory go: Mesa keeps the identifiers of every model's agents for good."""
        self.remove_all_agents()
        mesa.Agent._ids.pop(self, None)

    def _settle(self, population: Population) -> None:
        people = population.people
        names = ("birth", "female", "zone", "registration", "schooling", "stage", "work")
        rows = zip(*(people[name].tolist() for name in names), strict=True)
        persons = [
            Person(self, birth, bool(female), zone, registration >= 0, *rest)
            for birth, female, zone, registration, *rest in rows
        ]
        for person, spouse, mother in zip(persons, people.spouse.tolist(), people.mother.tolist(), strict=True):
            person.spouse = persons[spouse] if spouse >= 0 else None
            if mother >= 0:
                persons[mother].children.append(person)

    def _constants(self) -> None:
        v = self.values
        self.alpha = v["residence.alpha"]
        self.hazard = _rogers_castro(v).tolist()
        self.participation = (v["employment.male_participation"], v["employment.female_participation"])
        self.share_male = v["demography.sex_ratio_at_birth"] / (1.0 + v["demography.sex_ratio_at_birth"])
        self.retire_chance = v["employment.retire_posts_rate"] / 12.0
        self.enter_chance = v["employment.enter_rate"] / 12.0
        names = ("village", "town", "seat", "near", "far")
        zeta = [0.0, *(v[f"residence.zeta_{name}"] for name in names[1:])]
        every = distances(county_rows(self.scenario.counties, self.scenario.base_year), v).km[0]
        km = [every[position] for position in (0, 1, 2, 4, 5)]  # less the seats of other counties
        far = [v["residence.gamma"] * math.log1p(each) for each in km]
        home = [v["residence.home"] if zone < NEAR else 0.0 for zone in ZONES]
        self.attraction = (zeta, [z - f + h for z, f, h in zip(zeta, far, home, strict=True)])
        steps = np.array([-6.0, -3.0, 0.0, 3.0, 6.5])  # years of school relative to junior secondary
        self.skill = np.exp(v["employment.return_to_schooling"] * steps)

    def _count(self) -> Counter[tuple[int, int]]:
        """Return persons by zone and work."""
        return Counter((person.zone, person.work) for person in self.agents)

    def _workers(self) -> Any:
        """Return residents by zone of the county and work, shape (3, 5)."""
        return np.array([[self.counts[zone, work] for work in range(len(Work))] for zone in COUNTY_ZONES], dtype=float)

    def _residents(self) -> Any:
        return self._workers().sum(axis=1)

    def _vital_chances(self) -> None:
        """Set the month's chances of death, by sex and age, and of a birth, by rural or urban zone and age band."""
        v, year = self.values, year_of(self.month)
        deaths = VitalRates.mortality(year) * v["demography.mortality_factor"] / 12.0
        self.death_chance = (1.0 - np.exp(-deaths)).tolist()
        rate = VitalRates.fertility(year) * v["demography.fertility_factor"] / 12.0
        self.birth_chance = [
            (rate * v[f"demography.{residence}_fertility"]).tolist() for residence in ("rural", "urban")
        ]

    def _labour_market(self) -> None:
        """Set the month's posts, wages, chances of finding and losing one, and expected earnings."""
        v, work, years = self.values, self._workers(), (self.month - self.start) / 12.0
        served = self._residents() / np.maximum(self.first_residents, 1.0)
        growth = np.array([1.0 + v["employment.industry_trend"], 1.0 + v["employment.services_trend"]]) ** years
        posts = self.posts * growth
        posts[:, 1] *= served ** v["employment.services_elasticity"]
        jobs = work[:, INDUSTRY : SERVICES + 1]
        layoffs = np.maximum(jobs - posts, 0.0) / np.maximum(jobs, 1.0)
        lost = np.minimum(v["employment.separation_rate"] + layoffs, 1.0)
        vacant = np.maximum(posts - jobs * (1.0 - lost), 0.0)
        applicants = work[:, SEEKING] + v["employment.farm_search_rate"] * work[:, FARM] + (jobs * lost).sum(axis=1)
        found = np.minimum(1.0, vacant.sum(axis=1) / np.maximum(applicants, 1.0)) * v["employment.finding_rate"]
        outside = v["outside.separation_rate"]
        self.separation = [[0.0, 0.0, *row] for row in lost.tolist()] + [[0.0, 0.0, outside, outside]] * 2
        self.finding = [*found.tolist(), *[v["outside.finding_rate"]] * 2]
        self.industry_share = [*((vacant[:, 0] + 1e-9) / (vacant.sum(axis=1) + 2e-9)).tolist(), 0.5, 0.5]
        self.log_earnings = np.log(self._expected_earnings(work, posts, years)).tolist()

    def _expected_earnings(self, work: Any, posts: Any, years: float) -> Any:
        """Return expected monthly earnings, yuan, by zone and schooling, shape (5, 5)."""
        v, year = self.values, year_of(self.start)
        expected = np.array([v[f"employment.labour_growth_{name}"] for name in ("village", "town", "seat")])
        gap = np.log(_labour(work) / self.capital)
        self.capital *= np.exp((expected + v["employment.capital_adjustment"] * gap) / 12.0)
        slack = np.clip(_labour(work) / self.capital, 0.2, 5.0)
        ratio = np.array([v[f"start.wage_ratio_{name}"] for name in ("village", "town", "seat")])
        wage = v[f"start.wage_{year}"] * ratio * (1.0 + v["employment.wage_growth"]) ** years
        wage *= slack ** -v["employment.wage_elasticity"]
        chance = np.minimum(posts.sum(axis=1) / np.maximum(work[:, INDUSTRY:].sum(axis=1), 1.0), 1.0)
        away = [
            v["outside.employment"] * v[f"start.wage_{name}_{year}"] * (1.0 + v[f"outside.{name}.wage_growth"]) ** years
            for name in ("near", "far")
        ]
        earnings = np.append(chance * wage, away)[:, None] * self.skill[: len(Schooling)]
        farming = work[VILLAGE, FARM] / max(work[VILLAGE, FARM:].sum(), 1.0)
        farm = v[f"start.wage_{year}"] * v["start.farm_ratio"]
        earnings[VILLAGE] = farming * farm + (1.0 - farming) * earnings[VILLAGE]
        return np.maximum(earnings, 50.0)


def _labour(work: Any) -> Any:
    """Return those who work or seek work outside farming by zone of the county, at least 1."""
    return np.maximum(work[:, INDUSTRY:].sum(axis=1), 1.0)


def _rogers_castro(values: Mapping[str, float]) -> Any:
    """Return the monthly chance of reconsidering by single year of age, shape (101,)."""
    x = np.arange(OLDEST + 1.0) - values["reconsider.peak_age"]
    labour = np.exp(-values["reconsider.descent"] * x - np.exp(-values["reconsider.ascent"] * x))
    return np.minimum((values["reconsider.floor"] + values["reconsider.peak"] * labour) / 12.0, 1.0)
