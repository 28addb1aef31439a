"""Units: couples, single adults and lone parents with their minor children, and the households they are joined into."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from urbsim.arrays import Ints, Mask
from urbsim.population import NOBODY
from urbsim.region.individuals import Persons
from urbsim.region.mothers import ADULT_MONTHS, OLDEST_MOTHER, YOUNGEST_MOTHER
from urbsim.region.sampling import RandomNumbers, pair_nearest

GENERATION = 26 * 12.0
GAP_LIMIT = 9 * 12.0  # how far, in months, the gap between parent and child may lie from a generation
_ZONE_APART = 1e5  # added to ages so that only units of the same zone can meet
_ROUNDS = 3  # those who found nobody make way for others


class Joined(NamedTuple):
    """The households with residents that units were joined into, shape (households,) both."""

    generations: Ints  # of residents
    residents: Ints


class Units:
    """The units of one county and how they are joined; arrays over units.

    ``boarding`` (people,) tells which residents live in collective households and are not counted here.

    ``root`` names the unit whose household a unit belongs to; ``residents`` and ``generations`` (of residents) and
    ``adults`` (resident) are kept for roots.
    """

    def __init__(self, people: Persons, boarding: Mask, random: RandomNumbers) -> None:
        self.people, self.boarding, self.random = people, boarding, random
        here = people.resident & ~boarding
        self.of_person = _unit_of_each_person(people)
        self.count = int(self.of_person.max(initial=-1)) + 1
        minor = people.age < ADULT_MONTHS
        self._set_cores(np.flatnonzero(~minor), np.flatnonzero(minor))
        self.root = np.arange(self.count)
        self.adults = self._number(here & ~minor)
        children = self._number(here & minor)
        self.residents = self.adults + children
        self.generations = (self.adults > 0).astype(np.int64) + (children > 0)
        self.child_only = (self.adults == 0) & (children > 0)

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
        """Households with residents that count."""
        return np.asarray((self.root == np.arange(self.count)) & (self.residents > 0))

    def join(
        self,
        guests: Mask,
        hosts: Mask,
        number: float = np.inf,
        gap: float = GENERATION,
        limit: float = GAP_LIMIT,
        generations: int | None = None,
    ) -> None:
        """Join up to ``number`` guests, drawn at random, each to a host of its own zone older by about ``gap`` months.

        ``limit`` is how far the gap may be off; ``generations``, where given, is what the joined households then have.
        """
        waiting = self.random.shuffled(np.flatnonzero(guests))
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
        deviation = 4 * 12.0 * (self.random.uniform(guests.size) - 0.5)
        first, second = pair_nearest(
            self.random,
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

    def joined(self) -> Joined:
        """Return what the households have come to, which is all that is left to know once people are numbered."""
        free = self.free
        return Joined(self.generations[free], self.residents[free])

    def households(self) -> Ints:
        """Return the root unit of every person's household, shape (people,)."""
        root = self.root.copy()
        while True:
            further = root[root]
            if np.array_equal(further, root):
                return root[self.of_person]
            root = further


def _unit_of_each_person(people: Persons) -> Ints:
    """Return unit numbers: an adult with partner, minors with their mother; a motherless minor is a unit alone."""
    head = np.arange(people.size)
    coupled = people.spouse != NOBODY
    head[coupled] = np.minimum(head[coupled], people.spouse[coupled])
    minors = np.flatnonzero((people.age < ADULT_MONTHS) & (people.mother != NOBODY) & ~coupled)
    head[minors] = head[people.mother[minors]]
    return np.unique(head, return_inverse=True)[1].astype(np.int64)
