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

import mesa
import numpy as np
from mesa.datacollection import DataCollector

from rules import (
    ADULT_AGE,
    COLLEGE,
    COUNTY_ZONES,
    FARM,
    HOME_AGE,
    INACTIVE,
    INDUSTRY,
    JUNIOR,
    KINDERGARTEN,
    LAST_ENTRY_AGE,
    NEAR,
    OLDEST,
    PRIMARY,
    RETIREMENT_AGE,
    SEAT,
    SEEKING,
    SENIOR,
    SERVICES,
    TOWN,
    VILLAGE,
    WORK,
    ZONES,
    County,
    Start,
    Table,
    urbanization_rate,
)


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
        if zone >= NEAR and self.random.random() < model.constants.newborn_sent_home:
            zone = VILLAGE
        female = self.random.random() >= model.constants.share_male
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
        chances, old = self.model.constants, self.stage
        if age < 3 or age >= 22:
            return 0
        if age < 6:
            enters = old == KINDERGARTEN or self.random.random() < chances.kindergarten
            return KINDERGARTEN if enters else 0
        if age < 12:
            return PRIMARY
        if age < 15:
            return JUNIOR
        if age < 18:
            enters = old == SENIOR or (old == JUNIOR and self.random.random() < chances.senior)
            return SENIOR if enters else 0
        enters = old == COLLEGE or (old == SENIOR and self.random.random() < chances.college)
        return COLLEGE if enters else 0

    def work_or_search(self, age: int) -> None:
        """Lose, seek or find a post, or retire."""
        model, work, luck = self.model, self.work, self.random.random()
        if work in (INDUSTRY, SERVICES):
            if age >= RETIREMENT_AGE and self.random.random() < model.constants.retire:
                self.work = INACTIVE
            elif luck < model.separation[self.zone][work]:
                self.work = SEEKING
        elif work == SEEKING:
            if luck < model.finding[self.zone]:
                self.take_post()
            elif self.zone == VILLAGE and self.random.random() < model.constants.farm_fallback:
                self.work = FARM
        elif work == FARM:
            if luck < model.finding[self.zone] * model.constants.farm_search:
                self.take_post()
        elif age < LAST_ENTRY_AGE and luck < model.constants.enter:
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
            value += model.constants.alpha * model.log_earnings[zone][self.schooling]
        if self.registered_here and zone < NEAR:
            value += model.constants.home_age * max(age - HOME_AGE, 0) / 10.0
        if zone != self.zone:
            value -= model.constants.move
        if self.spouse is not None and not together and self.spouse.zone != zone:
            value -= model.constants.separation
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
        chances = self.model.constants
        if self.zone == VILLAGE and self.random.random() < chances.reclassification:
            to_seat = self.random.random() < chances.seat_share
            self.zone = SEAT if to_seat else TOWN


class PlainModel(mesa.Model):
    """One county of `Person` agents.

    Parameters
    ----------
    start
        People and parameters; everybody becomes an agent.
    seed
        Root of the random numbers.
    """

    def __init__(self, start: Start, seed: int = 0) -> None:
        super().__init__(rng=seed)
        self.start, self.month = start, start.month
        self.births = self.deaths = 0
        self.first = self._settle(start.people)
        self.counts = self._count()
        self.county = County(start, self.counts)
        self.constants = self.county.constants
        # Plain lists: an entry of an array takes several times as long to look up.
        self.hazard, self.participation = self.constants.hazard.tolist(), self.constants.participation.tolist()
        self.attraction = self.constants.attraction.tolist()
        self.datacollector = DataCollector(
            model_reporters={
                "population": lambda model: len(model.agents),
                "urbanization_rate": lambda model: urbanization_rate(model.counts),
                "births": "births",
                "deaths": "deaths",
            }
        )

    def step(self) -> None:
        """Simulate one month."""
        self.month += 1
        self.starts_school_year = self.month % 12 == 8
        offered = (array.tolist() for array in self.county.offer(self.month, self.counts))
        self.death_chance, self.birth_chance, self.separation, self.finding, *rest = offered
        self.industry_share, self.log_earnings = rest
        self.agents.shuffle_do("step")
        if self.month % 12 == 0:
            self.agents.do("maybe_reclassify")
        self.counts = self._count()
        self.datacollector.collect(self)

    def zones_of_first(self) -> Table:
        """Return where those of the start live, -1 for the dead."""
        living = set(self.agents)
        return np.array([person.zone if person in living else -1 for person in self.first])

    def close(self) -> None:
        """Let the model's memory go: Mesa keeps the identifiers of every model's agents for good."""
        self.remove_all_agents()
        mesa.Agent._ids.pop(self, None)

    def _settle(self, people: Mapping[str, Table]) -> list[Person]:
        names = ("birth", "female", "zone", "registered_here", "schooling", "stage", "work")
        rows = zip(*(people[name].tolist() for name in names), strict=True)
        persons = [
            Person(self, birth, bool(female), zone, bool(here), *rest) for birth, female, zone, here, *rest in rows
        ]
        for person, spouse, mother in zip(persons, people["spouse"].tolist(), people["mother"].tolist(), strict=True):
            person.spouse = persons[spouse] if spouse >= 0 else None
            if mother >= 0:
                persons[mother].children.append(person)
        return persons

    def _count(self) -> Table:
        """Return people by zone and work, shape (5, 5)."""
        counted = Counter((person.zone, person.work) for person in self.agents)
        return np.array([[counted[zone, work] for work in WORK] for zone in ZONES])
