"""The simplified county in LASER (laser-core): a LaserFrame of people, one component per rule, Numba kernels.

As its documentation recommends: properties are preallocated arrays of a frame as narrow as they need be, newborn agents
are taken from its reserve, the dead are marked and not removed, components loop over agents in kernels with `prange`,
and the generator of laser.core is seeded for NumPy and Numba.

It leaves out what `plain_mesa.py` leaves out. All people act at the same time, rule by rule.
"""

from __future__ import annotations

from typing import Any

import numba as nb
import numpy as np
from laser.core import LaserFrame
from laser.core.random import prng
from laser.core.random import seed as seed_generators

from alone import main
from rules import (
    ADULT_AGE,
    COLLEGE,
    COLUMNS,
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
    County,
    Start,
    Table,
    urbanization_rate,
)

WIDTHS = {"birth": np.int32, "spouse": np.int32, "mother": np.int32}
MOST_BIRTHS = 0.02  # a year and person: room for the newborn

kernel = nb.njit(parallel=True, nogil=True, cache=True)
inlined = nb.njit(nogil=True, cache=True, inline="always")


@kernel
def _die(alive: Any, birth: Any, female: Any, spouse: Any, month: int, chance: Any) -> int:
    deaths = 0
    for i in nb.prange(alive.size):
        if alive[i] and np.random.random() < chance[female[i], min((month - birth[i]) // 12, OLDEST)]:
            alive[i] = 0
            deaths += 1
    for i in nb.prange(alive.size):
        if spouse[i] >= 0 and not alive[spouse[i]]:
            spouse[i] = -1
    return deaths


@kernel
def _conceive(alive: Any, birth: Any, female: Any, zone: Any, month: int, chance: Any, mother: Any) -> None:
    for i in nb.prange(alive.size):
        mother[i] = False
        if alive[i] and female[i]:
            age = (month - birth[i]) // 12
            if 15 <= age < 50:
                mother[i] = np.random.random() < chance[1 if zone[i] >= TOWN else 0, age // 5 - 2]


@inlined
def _next_stage(age: int, old: int, luck: float, chances: Any) -> int:
    new = 0
    if 3 <= age < 6:
        new = KINDERGARTEN if old == KINDERGARTEN or luck < chances.kindergarten else 0
    elif 6 <= age < 12:
        new = PRIMARY
    elif 12 <= age < 15:
        new = JUNIOR
    elif 15 <= age < 18:
        new = SENIOR if old == SENIOR or (old == JUNIOR and luck < chances.senior) else 0
    elif 18 <= age < 22:
        new = COLLEGE if old == COLLEGE or (old == SENIOR and luck < chances.college) else 0
    return new


@kernel
def _change_stages(
    alive: Any, birth: Any, female: Any, stage: Any, schooling: Any, work: Any, month: int, chances: Any
) -> None:
    for i in nb.prange(alive.size):
        age = (month - birth[i]) // 12
        if not alive[i] or (stage[i] == 0 and age >= 18):
            continue
        old, new = stage[i], _next_stage(age, stage[i], np.random.random(), chances)
        if new == old:
            continue
        stage[i] = new
        if old > KINDERGARTEN:
            schooling[i] = max(schooling[i], old - 1)
        if new == 0 and age >= ADULT_AGE:
            work[i] = SEEKING if np.random.random() < chances.participation[female[i]] else INACTIVE


@kernel
def _work(alive: Any, birth: Any, stage: Any, zone: Any, work: Any, month: int, offer: Any, chances: Any) -> None:
    for i in nb.prange(alive.size):
        age = (month - birth[i]) // 12
        if not alive[i] or age < ADULT_AGE or stage[i]:
            continue
        here, now, luck = zone[i], work[i], np.random.random()
        if now in (INDUSTRY, SERVICES):
            if age >= RETIREMENT_AGE and np.random.random() < chances.retire:
                work[i] = INACTIVE
            elif luck < offer.separation[here, now]:
                work[i] = SEEKING
        elif now == INACTIVE:
            if age < LAST_ENTRY_AGE and luck < chances.enter:
                work[i] = SEEKING
        elif luck < offer.finding[here] * (chances.farm_search if now == FARM else 1.0):
            work[i] = INDUSTRY if np.random.random() < offer.industry[here] else SERVICES
        elif now == SEEKING and here == VILLAGE and np.random.random() < chances.farm_fallback:
            work[i] = FARM


@inlined
def _liking(to: int, age: int, here: int, work: int, schooling: int, offer: Any, chances: Any) -> float:
    value = chances.attraction[here, to]
    if work:
        value += chances.alpha * offer.log_earnings[to, schooling]
    if here and to < NEAR:
        value += chances.home_age * max(age - HOME_AGE, 0) / 10.0
    return value


@kernel
def _choose(
    alive: Any,
    birth: Any,
    stage: Any,
    zone: Any,
    work: Any,
    schooling: Any,
    here: Any,
    spouse: Any,
    month: int,
    offer: Any,
    chances: Any,
    target: Any,
) -> None:
    target[:] = -1
    for i in nb.prange(alive.size):
        age = (month - birth[i]) // 12
        if not alive[i] or age < ADULT_AGE or stage[i]:
            continue
        if np.random.random() >= chances.hazard[min(age, OLDEST)]:
            continue
        of = spouse[i]
        together = of >= 0 and zone[of] == zone[i]
        if together and of < i:
            continue
        weight, total = np.zeros(5), 0.0
        for to in range(5 if here[i] else NEAR):
            value = _liking(to, age, here[i], work[i], schooling[i], offer, chances)
            if together:
                value = (value + _liking(to, age, here[of], work[of], schooling[of], offer, chances)) / 2.0
            elif of >= 0 and zone[of] != to:
                value -= chances.separation
            weight[to] = np.exp(value - (chances.move if to != zone[i] else 0.0))
            total += weight[to]
        luck, new = np.random.random() * total, 0
        while new < 4 and luck >= weight[new]:
            luck -= weight[new]
            new += 1
        if new != zone[i]:
            target[i] = new
            if together:
                target[of] = new


@kernel
def _follow(alive: Any, birth: Any, zone: Any, mother: Any, month: int, target: Any) -> None:
    for i in nb.prange(alive.size):
        of = mother[i]
        if alive[i] and of >= 0 and month - birth[i] < ADULT_AGE * 12 and target[of] >= 0 and zone[of] == zone[i]:
            target[i] = target[of]


@kernel
def _move(zone: Any, work: Any, target: Any) -> None:
    for i in nb.prange(zone.size):
        if target[i] >= 0:
            zone[i] = target[i]
            if work[i]:
                work[i] = SEEKING


@kernel
def _reclassify(alive: Any, zone: Any, chances: Any) -> None:
    for i in nb.prange(alive.size):
        if alive[i] and zone[i] == VILLAGE and np.random.random() < chances.reclassification:
            zone[i] = SEAT if np.random.random() < chances.seat_share else TOWN


@nb.njit(nogil=True, cache=True)  # type: ignore[untyped-decorator]
def _count(alive: Any, zone: Any, work: Any, counts: Any) -> None:
    counts[:] = 0
    for i in range(alive.size):
        if alive[i]:
            counts[zone[i], work[i]] += 1


class Component:
    """A rule of the month."""

    def __init__(self, model: LaserCounty) -> None:
        self.model, self.people = model, model.people


class Deaths(Component):
    """People die, by age and sex."""

    def step(self) -> None:
        """Mark the dead."""
        p, model = self.people, self.model
        model.deaths += _die(p.alive, p.birth, p.female, p.spouse, model.month, model.offer.death)


class Births(Component):
    """Women give birth, by age and kind of zone."""

    def step(self) -> None:
        """Draw mothers, and take their children from the reserve."""
        p, model, rng, chances = self.people, self.model, prng(), self.model.chances
        _conceive(p.alive, p.birth, p.female, p.zone, model.month, model.offer.birth, p.gives_birth)
        mothers = np.flatnonzero(p.gives_birth)
        first, last = p.add(mothers.size)
        home = (p.zone[mothers] >= NEAR) & (rng.random(mothers.size) < chances.newborn_sent_home)
        p.alive[first:last], p.birth[first:last], p.mother[first:last] = 1, model.month, mothers
        p.female[first:last] = rng.random(mothers.size) >= chances.share_male
        p.zone[first:last] = np.where(home, VILLAGE, p.zone[mothers])
        p.registered_here[first:last] = p.registered_here[mothers]
        model.births += mothers.size


class School(Component):
    """Stages change in September; leaving school opens working life."""

    def step(self) -> None:
        """Move pupils on."""
        p, model = self.people, self.model
        if model.month % 12 == 8:
            _change_stages(p.alive, p.birth, p.female, p.stage, p.schooling, p.work, model.month, model.chances)


class Employment(Component):
    """Adults lose, seek or find a post, or retire."""

    def step(self) -> None:
        """Change the work of adults out of school."""
        p, model = self.people, self.model
        _work(p.alive, p.birth, p.stage, p.zone, p.work, model.month, model.offer, model.chances)


class Residence(Component):
    """Adults reconsider where they live, and move with their family; in January some villagers become urban."""

    def step(self) -> None:
        """Move families."""
        p, model = self.people, self.model
        who = (p.alive, p.birth, p.stage, p.zone, p.work, p.schooling, p.registered_here, p.spouse)
        _choose(*who, model.month, model.offer, model.chances, p.target)
        _follow(p.alive, p.birth, p.zone, p.mother, model.month, p.target)
        _move(p.zone, p.work, p.target)
        if model.month % 12 == 0:
            _reclassify(p.alive, p.zone, model.chances)


class LaserCounty:
    """One county in LASER."""

    def __init__(self, start: Start, months: int, seed: int) -> None:
        seed_generators(seed)
        self.first, self.months, self.month = start.people["birth"].size, months, start.month
        self.births, self.deaths, self.counted = 0, 0, []
        capacity = int(self.first * (1.0 + MOST_BIRTHS * months / 12.0)) + 100
        self.people = LaserFrame(capacity, initial_count=self.first)
        for name in COLUMNS:
            self.people.add_scalar_property(
                name, dtype=WIDTHS.get(name, np.int8), default=-1 if name == "spouse" else 0
            )
            getattr(self.people, name)[:] = start.people[name]
        for name in ("alive", "gives_birth", "target"):
            self.people.add_scalar_property(name, dtype=np.int8)
        self.people.alive[:] = 1
        self.report = LaserFrame(capacity=1)
        self.report.add_vector_property("urbanization_rate", length=months, dtype=np.float64)
        self.counts = np.zeros((5, 5), dtype=np.int64)
        self.count()
        self.county = County(start, self.counts)
        self.chances = self.county.constants
        self.components = [component(self) for component in (Deaths, Births, School, Employment, Residence)]

    def simulate(self) -> None:
        """Simulate all months."""
        for tick in range(self.months):
            self.month += 1
            self.offer = self.county.offer(self.month, self.counts)
            for component in self.components:
                component.step()
            self.count()
            self.counted.append(int(self.counts.sum()))
            self.report.urbanization_rate[tick] = urbanization_rate(self.counts)

    def count(self) -> None:
        """Count people by zone and work."""
        _count(self.people.alive, self.people.zone, self.people.work, self.counts)

    def zones_of_first(self) -> Table:
        """Return where those of the start live, -1 for the dead."""
        return np.where(self.people.alive, self.people.zone, -1)[: self.first]


if __name__ == "__main__":
    main(LaserCounty)
