"""The simplified county in ambr: people as columns of a Polars frame, the vectorized lane.

As its documentation recommends for many agents: `step_vectorized`, columns read with `agents.numpy`, rules on arrays,
and whole columns written with `agents.set`; model reporters record. Numba is installed beside it (its extra `perf`).

It leaves out what `plain_mesa.py` leaves out. The dead keep their row, so that a spouse or mother is a position.
"""

from __future__ import annotations

from typing import Any

import ambr as am
import numpy as np

import columns
from alone import main
from columns import People
from rules import ADULT_AGE, COLUMNS, NEAR, OLDEST, SEEKING, VILLAGE, County, Start, Table, count, urbanization_rate

WIDTHS = {"birth": np.int32, "spouse": np.int64, "mother": np.int64}


class AmbrCounty(am.Model):  # type: ignore[misc]
    """One county in ambr."""

    model_reporters = {  # noqa: RUF012
        "population": lambda model: int(model.counts.sum()),
        "urbanization_rate": lambda model: urbanization_rate(model.counts),
        "births": lambda model: model.births,
        "deaths": lambda model: model.deaths,
    }

    def __init__(self, start: Start, months: int, seed: int) -> None:
        super().__init__({"steps": months, "seed": seed, "show_progress": False})
        self.first, self.month, self.births, self.deaths = start.people["birth"].size, start.month, 0, 0
        self.counts = count(start.people["zone"], start.people["work"])
        self.county = County(start, self.counts)
        self.chances = self.county.constants
        people = {name: start.people[name].astype(WIDTHS.get(name, np.int8)) for name in COLUMNS}
        self.add_agents(self.first, alive=np.ones(self.first, dtype=bool), **people)

    def simulate(self) -> None:
        """Simulate all months."""
        results = self.cpu(mode="vectorized").run()
        self.counted = results.model["population"].to_list()

    def step_vectorized(self) -> None:
        """Simulate one month."""
        self.month += 1
        self.offer = self.county.offer(self.month, self.counts)
        self.die()
        self.give_birth()
        if self.month % 12 == 8:
            self.change_stages()
        self.work()
        self.choose_residence()
        if self.month % 12 == 0:
            self.reclassify()
        alive, zone, work = self.agents.numpy("alive", "zone", "work")
        self.counts = count(zone[alive], work[alive])

    def die(self) -> None:
        """Let people die, by age and sex."""
        alive, birth, female, spouse = self.agents.numpy("alive", "birth", "female", "spouse")
        chance = columns.chance_of_death((self.month - birth) // 12, female, self.offer)
        dies = alive & (self.rng.random(alive.size) < chance)
        widowed = spouse[dies]
        spouse = spouse.copy()
        spouse[widowed[widowed >= 0]] = -1
        self.deaths += int(dies.sum())
        self.agents.set(alive=alive & ~dies, spouse=spouse)

    def give_birth(self) -> None:
        """Draw mothers, and add their children."""
        alive, birth, female, zone, here = self.agents.numpy("alive", "birth", "female", "zone", "registered_here")
        chance = columns.chance_of_birth((self.month - birth) // 12, female, zone, self.offer)
        mothers = np.flatnonzero(alive & (self.rng.random(alive.size) < chance))
        born = mothers.size
        if born == 0:
            return
        home = (zone[mothers] >= NEAR) & (self.rng.random(born) < self.chances.newborn_sent_home)
        self.add_agents(
            born,
            alive=np.ones(born, dtype=bool),
            birth=np.full(born, self.month, dtype=np.int32),
            female=(self.rng.random(born) >= self.chances.share_male).astype(np.int8),
            zone=np.where(home, VILLAGE, zone[mothers]).astype(np.int8),
            registered_here=here[mothers],
            **{name: np.zeros(born, dtype=np.int8) for name in ("schooling", "stage", "work")},
            spouse=np.full(born, -1, dtype=np.int64),
            mother=mothers,
        )
        self.births += born

    def change_stages(self) -> None:
        """Move pupils on; leaving school opens working life."""
        alive, birth, stage, schooling, work, female = self._copies(
            "alive", "birth", "stage", "schooling", "work", "female"
        )
        age = (self.month - birth) // 12
        who = np.flatnonzero(alive & ((age < 18) | (stage > 0)))
        old, new = stage[who], columns.next_stage(age[who], stage[who], self.rng.random(who.size), self.chances)
        schooling[who], stage[who] = columns.leave_school(old, new, schooling[who]), new
        left = who[(old > 0) & (new == 0) & (age[who] >= ADULT_AGE)]
        work[left] = columns.first_work(self.rng.random(left.size), female[left], self.chances)
        self.agents.set(stage=stage, schooling=schooling, work=work)

    def work(self) -> None:
        """Change the work of adults out of school."""
        alive, birth, stage, zone = self.agents.numpy("alive", "birth", "stage", "zone")
        (work,) = self._copies("work")
        age = (self.month - birth) // 12
        who = np.flatnonzero(alive & columns.grown_up(age, stage))
        luck = self.rng.random(who.size), self.rng.random(who.size)
        work[who] = columns.next_work(age[who], zone[who], work[who], luck, self.offer, self.chances)
        self.agents.set(work=work)

    def choose_residence(self) -> None:
        """Draw who looks around, let them choose, and move families."""
        alive, birth, stage = self.agents.numpy("alive", "birth", "stage")
        seen = People(*self.agents.numpy(*People._fields))
        age = (self.month - birth) // 12
        looks = self.rng.random(alive.size) < self.chances.hazard[np.minimum(age, OLDEST)]
        looks &= alive & columns.grown_up(age, stage)
        who = columns.deciders(np.flatnonzero(looks), seen.zone, seen.spouse)
        luck = self.rng.random(who.size)
        movers, new = columns.families_move(who, age[who], luck, seen, self.offer, self.chances)
        children = np.flatnonzero(alive & (age < ADULT_AGE))
        children, along = columns.children_move(children, movers, new, seen)
        zone, work = seen.zone.copy(), seen.work.copy()
        zone[movers], zone[children] = new, along
        work[movers[work[movers] > 0]] = SEEKING
        self.agents.set(zone=zone, work=work)

    def reclassify(self) -> None:
        """Let some villagers become urban without moving."""
        alive, zone = self._copies("alive", "zone")
        villagers = np.flatnonzero(alive & (zone == VILLAGE))
        luck = self.rng.random(villagers.size), self.rng.random(villagers.size)
        changed, new = columns.reclassified(luck, self.chances)
        zone[villagers[changed]] = new[changed]
        self.agents.set(zone=zone)

    def zones_of_first(self) -> Table:
        """Return where those of the start live, -1 for the dead."""
        alive, zone = self.agents.numpy("alive", "zone")
        return np.where(alive, zone, -1)[: self.first]

    def _copies(self, *names: str) -> list[Any]:
        """Return columns that may be written to: those of ambr are read-only."""
        return [self.agents.numpy(name).copy() for name in names]


if __name__ == "__main__":
    main(AmbrCounty)
