"""The simplified county in Starsim: people with states, one module per rule, random numbers from its distributions.

As its user guide recommends: states are arrays of the people, rules are modules of the integration loop that act on
arrays of agents, an analyzer counts. Common random numbers are off, which its authors offer for speed.

It leaves out what `plain_mesa.py` leaves out. Age is counted from the month of birth instead of Starsim's own age,
which saves a column; those who die in a month still act in it, because Starsim resolves deaths after all modules.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import starsim as ss

import columns
from alone import main
from columns import People
from rules import ADULT_AGE, COLUMNS, NEAR, OLDEST, SEEKING, VILLAGE, County, Start, Table, count, urbanization_rate

ss.options(verbose=0, crn=False)
WIDTHS = {"birth": np.int32, "spouse": np.int64, "mother": np.int64}


class Rule(ss.Demographics):
    """A rule of the month, with the county at hand."""

    def __init__(self, county: County) -> None:
        super().__init__()
        self.county, self.chances = county, county.constants

    @property
    def month(self) -> int:
        """The month being simulated."""
        return self.county.start.month + 1 + int(self.sim.ti)

    def age(self, uids: Any) -> Any:
        """Return ages in full years."""
        return (self.month - self.sim.people.birth[uids]) // 12


class Offer(Rule):
    """Sets what the month offers, before anybody acts."""

    def step(self) -> None:
        """Look at last month's counts."""
        self.county.offered = self.county.offer(self.month, self.county.counts)


class Deaths(Rule):
    """People die, by age and sex."""

    def __init__(self, county: County) -> None:
        super().__init__(county)
        self.dies = ss.bernoulli(p=0.0)

    def step(self) -> None:
        """Draw who dies."""
        people, uids = self.sim.people, self.sim.people.auids
        self.dies.set(p=columns.chance_of_death(self.age(uids), people.sex[uids], self.county.offered))
        dead = self.dies.filter(uids)
        people.request_death(dead)
        spouse = people.spouse[dead]
        people.spouse[ss.uids(spouse[spouse >= 0])] = -1


class Births(Rule):
    """Women give birth, by age and kind of zone."""

    def __init__(self, county: County) -> None:
        super().__init__(county)
        self.gives_birth, self.sent_home = ss.bernoulli(p=0.0), ss.bernoulli(p=self.chances.newborn_sent_home)
        self.is_boy, self.total = ss.bernoulli(p=self.chances.share_male), 0

    def step(self) -> None:
        """Draw mothers, and add their children."""
        people, uids = self.sim.people, self.sim.people.auids
        zone = people.zone[uids]
        self.gives_birth.set(p=columns.chance_of_birth(self.age(uids), people.sex[uids], zone, self.county.offered))
        mothers = self.gives_birth.filter(uids)
        children = people.grow(len(mothers))
        if len(children) == 0:
            return
        people.birth[children], people.mother[children], people.spouse[children] = self.month, mothers, -1
        people.sex[children] = ~self.is_boy.rvs(children)
        people.registered_here[children] = people.registered_here[mothers]
        home = (people.zone[mothers] >= NEAR) & self.sent_home.rvs(children)
        people.zone[children] = np.where(home, VILLAGE, people.zone[mothers])
        self.total += len(children)


class School(Rule):
    """Stages change in September; leaving school opens working life."""

    def __init__(self, county: County) -> None:
        super().__init__(county)
        self.luck, self.takes_part = ss.random(), ss.random()

    def step(self) -> None:
        """Move pupils on."""
        if self.month % 12 != 8:
            return
        people, uids = self.sim.people, self.sim.people.auids
        young = uids[(self.age(uids) < 18) | (people.stage[uids] > 0)]
        age, old = self.age(young), people.stage[young]
        new = columns.next_stage(age, old, self.luck.rvs(young), self.chances)
        people.schooling[young] = columns.leave_school(old, new, people.schooling[young])
        people.stage[young] = new
        left = young[(old > 0) & (new == 0) & (age >= ADULT_AGE)]
        people.work[left] = columns.first_work(self.takes_part.rvs(left), people.sex[left], self.chances)


class Employment(Rule):
    """Adults lose, seek or find a post, or retire."""

    def __init__(self, county: County) -> None:
        super().__init__(county)
        self.event, self.kind = ss.random(), ss.random()

    def step(self) -> None:
        """Change the work of adults out of school."""
        people, uids = self.sim.people, self.sim.people.auids
        who = uids[columns.grown_up(self.age(uids), people.stage[uids])]
        luck = self.event.rvs(who), self.kind.rvs(who)
        offer = self.county.offered
        people.work[who] = columns.next_work(
            self.age(who), people.zone[who], people.work[who], luck, offer, self.chances
        )


class Residence(Rule):
    """Adults reconsider where they live, and move with their family."""

    def __init__(self, county: County) -> None:
        super().__init__(county)
        self.reconsiders, self.luck = ss.bernoulli(p=0.0), ss.random()

    def step(self) -> None:
        """Draw who looks around, let them choose, and move families."""
        people, uids = self.sim.people, self.sim.people.auids
        ages = self.age(uids)
        grown = columns.grown_up(ages, people.stage[uids])
        self.reconsiders.set(p=self.chances.hazard[np.minimum(ages[grown], OLDEST)])
        seen = People(*(np.asarray(people[name].raw) for name in People._fields))
        who = columns.deciders(self.reconsiders.filter(uids[grown]), seen.zone, seen.spouse)
        luck = self.luck.rvs(ss.uids(who))
        movers, new = columns.families_move(who, self.age(who), luck, seen, self.county.offered, self.chances)
        children, along = columns.children_move(uids[ages < ADULT_AGE], movers, new, seen)
        for moving, target in ((ss.uids(movers), new), (ss.uids(children), along)):
            people.zone[moving] = target
        working = ss.uids(movers[seen.work[movers] > 0])
        people.work[working] = SEEKING


class Reclassification(Rule):
    """In January some villagers become urban without moving."""

    def __init__(self, county: County) -> None:
        super().__init__(county)
        self.becomes_urban, self.where = ss.random(), ss.random()

    def step(self) -> None:
        """Change zones."""
        if self.month % 12 != 0:
            return
        people, uids = self.sim.people, self.sim.people.auids
        villagers = uids[people.zone[uids] == VILLAGE]
        luck = self.becomes_urban.rvs(villagers), self.where.rvs(villagers)
        changed, zone = columns.reclassified(luck, self.chances)
        people.zone[villagers[changed]] = zone[changed]


class Counts(ss.Analyzer):
    """Counts people by zone and work, after deaths."""

    def __init__(self, county: County) -> None:
        super().__init__()
        self.county = county

    def init_results(self) -> None:
        """Keep the urbanization rate beside what Starsim records of people."""
        super().init_results()
        self.define_results(ss.Result("urbanization_rate", dtype=float, label="Urbanization rate"))

    def step(self) -> None:
        """Count."""
        people = self.sim.people
        living = people.alive.uids
        self.county.counts = count(people.zone[living], people.work[living])
        self.results.urbanization_rate[self.ti] = urbanization_rate(self.county.counts)


class StarsimCounty:
    """One county in Starsim."""

    def __init__(self, start: Start, months: int, seed: int) -> None:
        self.first = start.people["birth"].size
        states = [
            ss.Arr("sex" if name == "female" else name, dtype=WIDTHS.get(name, np.int8), nan=0, default=0)
            for name in COLUMNS
        ]
        people = ss.People(self.first, extra_states=states)
        counts = count(start.people["zone"], start.people["work"])
        self.county = county = County(start, counts)
        county.counts = counts
        self.rules = [rule(county) for rule in (Offer, Deaths, Births, School, Employment, Residence, Reclassification)]
        self.sim = ss.Sim(
            people=people,
            demographics=self.rules,
            analyzers=Counts(county),
            start=0,
            stop=months - 1,
            dt=1,
            rand_seed=seed,
            use_aging=False,
            copy_inputs=False,
            verbose=0,
        )
        self.sim.init()
        for name in COLUMNS:
            people["sex" if name == "female" else name][:] = start.people[name]

    def simulate(self) -> None:
        """Simulate all months."""
        self.sim.run()
        self.counts = self.county.counts
        self.counted = [int(each) for each in self.sim.results.n_alive]
        self.deaths, self.births = int(self.sim.results.new_deaths.sum()), self.rules[2].total

    def zones_of_first(self) -> Table:
        """Return where those of the start live, -1 for the dead."""
        people = self.sim.people
        return np.where(people.alive.raw[: self.first], people.zone.raw[: self.first], -1)


if __name__ == "__main__":
    main(StarsimCounty)
