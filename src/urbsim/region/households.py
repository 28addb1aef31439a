"""Households: couples, single adults and lone parents with their minor children, joined until the margins are met.

Every couple and unmarried adult, with the minor children of the woman, begins as a household of its own (a *unit*).
Units are then joined, parents' with children's, in kinds whose numbers solve the county's margins: households by number
of generations (which fixes households in all, and with the residents their mean size) and one-person households:

- children left behind by both parents join grandparents (two generations);
- young families join a parental couple (three generations), a few with a great-grandparent (four);
- unmarried children, and then childless couples, join parents living alone or with younger children (two);
- single people join one another (one generation).

Units whose members are all away keep their place in a parental household, or form a household without residents.
Members of collective households (residents less household residents) become one-person households outside the margins.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from urbsim.population import NOBODY
from urbsim.region.individuals import Persons
from urbsim.region.margins import Margins
from urbsim.region.mothers import ADULT_MONTHS, OLDEST_MOTHER, YOUNGEST_MOTHER
from urbsim.region.sampling import Draws, pair_nearest

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

_ZONE_APART = 1e5  # added to ages so that only units of the same zone can meet
_GENERATION = 26 * 12.0
_OLD = 68 * 12
_WIDE = 9 * 12.0  # how far, in months, the gap between parent and child may lie from a generation
_ANY_AGE = 25 * 12.0
_GUARDIAN = 35 * 12.0  # how much older the person is who takes in a child without a mother
_ROUNDS = 3  # those who found nobody make way for others


class Units:
    """The units of one county and how they are joined; arrays over units.

    ``root`` names the unit whose household a unit belongs to; ``residents`` and ``generations`` (of residents) and
    ``adults`` (resident) are kept for roots.
    """

    def __init__(self, people: Persons, draws: Draws) -> None:
        self.people, self.draws = people, draws
        self.of_person = _unit_of_each_person(people)
        self.count = int(self.of_person.max(initial=-1)) + 1
        minor = people.age < ADULT_MONTHS
        self._set_cores(np.flatnonzero(~minor), np.flatnonzero(minor))
        self.root = np.arange(self.count)
        self.adults = self._number(people.resident & ~minor)
        children = self._number(people.resident & minor)
        self.residents = self.adults + children
        self.generations = (self.adults > 0).astype(np.int64) + (children > 0)
        self.child_only = (self.adults == 0) & (children > 0)
        self.collective = np.zeros(self.count, dtype=bool)

    def _number(self, chosen: Mask) -> Ints:
        return np.bincount(self.of_person[chosen], minlength=self.count)

    def _set_cores(self, adults: Ints, minors: Ints) -> None:
        """Choose each unit's reference person (the husband, or the adult) and the woman who may be a mother in it."""
        people = self.people
        self.core = np.full(self.count, NOBODY)
        self.woman = np.full(self.count, NOBODY)
        self.core[self.of_person[minors]] = minors
        women, men = adults[people.female[adults] == 1], adults[people.female[adults] == 0]
        self.core[self.of_person[women]] = women
        self.core[self.of_person[men]] = men
        self.woman[self.of_person[women]] = women
        self.single = people.spouse[self.core] == NOBODY
        self.age = people.age[self.core]
        self.zone = people.home[self.core].astype(np.int64)

    @property
    def free(self) -> Mask:
        """Households with residents, outside collective ones."""
        return (self.root == np.arange(self.count)) & (self.residents > 0) & ~self.collective

    def join(
        self,
        guests: Mask,
        hosts: Mask,
        number: float = np.inf,
        gap: float = _GENERATION,
        limit: float = _WIDE,
        generations: int | None = None,
    ) -> None:
        """Join up to ``number`` guests, drawn at random, each to a host of its own zone older by about ``gap`` months.

        ``limit`` is how far the gap may be off; ``generations``, where given, is what the joined households then have.
        """
        waiting = self.draws.shuffled(np.flatnonzero(guests))
        open_ = hosts.copy()
        missing = int(min(max(round(min(number, self.count)), 0), waiting.size))
        for _ in range(_ROUNDS):
            trial, waiting = waiting[:missing], waiting[missing:]
            if not trial.size or not open_.any():
                break
            guest, host = self._pair(trial, np.flatnonzero(open_), gap, limit)
            self._attach(guest, host, gap)
            if generations is not None:
                self.generations[host] = generations
            open_[guest], open_[host] = False, False
            waiting = waiting[~np.isin(waiting, host)]
            missing -= guest.size

    def _pair(self, guests: Ints, hosts: Ints, gap: float, limit: float) -> tuple[Ints, Ints]:
        """Match guests to hosts by zone and age; a host that is itself a guest of this round is left out."""
        hosts = hosts[~np.isin(hosts, guests)]
        deviation = 4 * 12.0 * (self.draws.uniform(guests.size) - 0.5)
        first, second = pair_nearest(
            self.draws,
            self.age[guests] + gap + deviation + _ZONE_APART * self.zone[guests],
            self.age[hosts] + _ZONE_APART * self.zone[hosts],
            limit,
        )
        return guests[first], hosts[second]

    def _attach(self, guest: Ints, host: Ints, gap: float) -> None:
        self.root[guest] = host
        self.residents[host] += self.residents[guest]
        self.adults[host] += self.adults[guest]
        if gap > 0:
            self._link_mothers(guest, host)
        elif gap < 0:
            self._link_mothers(host, guest)

    def _link_mothers(self, younger: Ints, older: Ints) -> None:
        """Make the older unit's woman the mother of the younger one's core person, or of the wife, where ages allow."""
        people, woman = self.people, self.woman[older]
        for child in (self.core[younger], people.spouse[self.core[younger]]):
            known = (child != NOBODY) & (woman != NOBODY)
            gap = np.where(known, people.age[woman] - people.age[child], 0)
            fits = known & (gap >= YOUNGEST_MOTHER) & (gap <= OLDEST_MOTHER) & (people.mother[child] == NOBODY)
            people.mother[child[fits]] = woman[fits]
            woman = np.where(fits, NOBODY, woman)

    def households(self) -> Ints:
        """Return the root unit of every person's household, shape (people,)."""
        root = self.root.copy()
        while True:
            further = root[root]
            if np.array_equal(further, root):
                return root[self.of_person]
            root = further


def _unit_of_each_person(people: Persons) -> Ints:
    """Number the units: an adult with partner, minors with their mother; a motherless minor is a unit alone."""
    head = np.arange(people.size)
    coupled = people.spouse != NOBODY
    head[coupled] = np.minimum(head[coupled], people.spouse[coupled])
    minors = np.flatnonzero((people.age < ADULT_MONTHS) & (people.mother != NOBODY) & ~coupled)
    head[minors] = head[people.mother[minors]]
    return np.unique(head, return_inverse=True)[1].astype(np.int64)


def build_households(people: Persons, margins: Margins, parameters: Mapping[str, float], draws: Draws) -> Units:
    """Return the units of the county joined into households as the margins ask."""
    units = Units(people, draws)
    _set_collective_apart(units, margins)
    _join_left_behind(units)
    _join_three_generations(units, margins)
    _join_two_and_one_generations(units, margins)
    _join_absent(units, parameters)
    return units


def _set_collective_apart(units: Units, margins: Margins) -> None:
    """Take young single residents, urban ones first, as members of collective households."""
    alone = units.free & units.single & (units.residents == 1) & (units.adults == 1) & (units.age < 50 * 12)
    candidates = np.flatnonzero(alone)
    order = np.argsort(units.draws.uniform(candidates.size) + (units.zone[candidates] == 0), kind="stable")
    units.collective[candidates[order[: margins.residents - margins.household_residents]]] = True


def _join_left_behind(units: Units) -> None:
    """Place children without a resident parent with grandparents, then with whoever lives in the zone."""
    for limit in (_WIDE, _WIDE, _ANY_AGE, _ANY_AGE):
        for motherless, gap in ((False, _GENERATION), (True, _GUARDIAN)):
            children = units.free & units.child_only & ((units.age < ADULT_MONTHS) == motherless)
            hosts = units.free & (units.adults > 0)
            units.join(children, hosts, gap=gap, limit=limit, generations=2)


def _join_three_generations(units: Units, margins: Margins) -> None:
    wanted = int(margins.generations[2:].sum())
    for limit in (_WIDE, 2 * _WIDE):
        young = units.free & (units.generations == 2) & (units.age < 50 * 12)
        parents = units.free & (units.generations == 1) & (units.age >= 40 * 12)
        reached = int(np.sum(units.free & (units.generations >= 3)))
        units.join(young, parents, wanted - reached, limit=limit, generations=3)
    oldest = units.free & (units.generations == 1) & units.single & (units.age >= _OLD)
    with_three = units.free & (units.generations == 3)
    units.join(oldest, with_three, int(margins.generations[3]), -_GENERATION, 2 * _WIDE, generations=4)


def _join_two_and_one_generations(units: Units, margins: Margins) -> None:
    """Solve for the numbers of each kind of joining, then carry them out.

    With a joinings of a one-generation child's unit to a one-generation parent (two fewer of one generation, one more
    of two), b of a single child to parents who have minor children at home, and c of two single people:
    a raises two-generation households to their margin; a, b and c lower one-generation households by 2a + b + c; and
    one-person households fall by one for each single person joined, by two in c.
    """
    one, two, alone = _counts(units)
    a = max(int(margins.generations[1]) - two, 0)
    rest = max(one - 2 * a - int(margins.generations[0]), 0)
    fewer_alone = alone - margins.one_person
    c = int(np.clip(fewer_alone - a - rest, 0, rest))
    b = rest - c
    couples = int(np.clip(a + rest - fewer_alone, 0, a))
    free_one = units.free & (units.generations == 1)
    child = free_one & units.single & (units.residents == 1) & (units.age < 45 * 12)
    pair = free_one & ~units.single & (units.age < 45 * 12)
    parent = free_one & (units.age >= 38 * 12)
    units.join(pair, parent, couples, generations=2)
    units.join(child, parent & ~units.single & units.free, a - couples, generations=2)
    short = int(margins.generations[1]) - _counts(units)[1]
    free_one = units.free & (units.generations == 1)
    older = free_one & (units.age >= 36 * 12)
    units.join(free_one & (units.age < 50 * 12), older, short, limit=2 * _WIDE, generations=2)
    _join_singles(units, b, c)


def _join_singles(units: Units, with_parents: int, with_another: int) -> None:
    """Join single people without changing the generations of the household that takes them in."""
    free = units.free
    single = free & units.single & (units.generations == 1) & (units.residents == 1)
    families = free & (units.generations >= 2)
    units.join(single & (units.age < 45 * 12), families, with_parents, limit=2 * _WIDE)
    single &= units.free
    ranks = units.draws.uniform(units.count)
    guests = single & (ranks < 0.5)
    units.join(guests, single & ~guests, with_another, gap=0.0)


def _counts(units: Units) -> tuple[int, int, int]:
    """Return the households of one and two generations and of one person, so far."""
    free, generations = units.free, units.generations
    alone = int(np.sum(free & (units.residents == 1)))
    return int(np.sum(free & (generations == 1))), int(np.sum(free & (generations == 2))), alone


def _join_absent(units: Units, parameters: Mapping[str, float]) -> None:
    """Keep absent units in a parental household: unmarried people always, couples in part."""
    away = (units.residents == 0) & (units.root == np.arange(units.count)) & ~units.collective
    together = units.draws.uniform(units.count) < parameters["synthesis.absent_family_with_parents_share"]
    for limit in (_WIDE, _WIDE, 2 * _WIDE, 2 * _WIDE):
        guests = away & (units.root == np.arange(units.count)) & (units.single | together) & (units.age < 50 * 12)
        units.join(guests, units.free & (units.age >= 36 * 12), limit=limit)
