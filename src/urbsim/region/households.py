"""Households: couples, single adults and lone parents with their minor children, joined until the margins are met.

Every couple and unmarried adult, with the minor children of the woman, begins as a household of its own (a *unit*).
Units are then joined, parents' with children's, in kinds whose numbers solve the county's margins: households by number
of generations (which fixes households in all, and with the residents their mean size) and one-person households:

- children left behind by both parents join grandparents (two generations);
- young families join a parental couple (three generations), a few with a great-grandparent (four);
- unmarried children, and then childless couples, join parents living alone or with younger children (two);
- single people join one another (one generation).

Units whose members are all away keep their place in a parental household, or form a household without residents.

Residents of collective households (residents less household residents: boarding pupils, people in dormitories) belong
to a family household like everybody, but are not counted in it where the margins are met.

Where couples and single people are too few for the county's one-generation households, couples at home exchange
partners with couples of the same age who are away, so that more people live apart from a partner who left.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from urbsim.arrays import Mask
from urbsim.population import NOBODY
from urbsim.region.couples import part_couples
from urbsim.region.individuals import Persons
from urbsim.region.margins import Margins
from urbsim.region.mothers import ADULT_MONTHS
from urbsim.region.sampling import RandomNumbers
from urbsim.region.units import GAP_LIMIT, GENERATION, Units

_OLD = 68 * 12  # great-grandparents
_OLDEST_BOARDER = 50 * 12
_YOUNG = 50 * 12  # couples below join parents
_ANY_AGE = 25 * 12.0  # limit of the gap where nobody closer is left
_GUARDIAN = 35 * 12.0  # how much older the person is who takes in a child without a mother
_EXCHANGES = 4  # each shortens what is missing, by one or two households per exchange
_ROUNDS = 3  # of joining what is too many


def build_households(
    people: Persons, margins: Margins, parameters: Mapping[str, float], random: RandomNumbers
) -> Units:
    """Return the units of the county joined into households as the margins ask."""
    boarding = _collective_members(people, margins.residents - margins.household_residents, parameters, random)
    units = Units(people, boarding, random)
    for _ in range(_EXCHANGES):
        one_generation, alone = _missing_apart(units, margins)
        exchanges = one_generation if one_generation > 0 else (alone + 1) // 2
        if exchanges <= 0 or not part_couples(people, exchanges, one_generation <= 0, random):
            break
        units = Units(people, boarding, random)
    _join_left_behind(units)
    _join_three_generations(units, margins)
    _join_two_and_one_generations(units, margins)
    _join_absent(units, parameters)
    return units


def _collective_members(people: Persons, number: int, parameters: Mapping[str, float], random: RandomNumbers) -> Mask:
    """Choose who lives in collective households: boarding pupils up to a share, then single adults and husbands."""
    young = people.resident & (people.age < _OLDEST_BOARDER)
    pupils = np.flatnonzero(young & (people.age >= 12 * 12) & (people.age < ADULT_MONTHS) & (people.mother != NOBODY))
    adult = young & (people.age >= ADULT_MONTHS)
    single = random.shuffled(np.flatnonzero(adult & (people.spouse == NOBODY)))
    husbands = random.shuffled(np.flatnonzero(adult & (people.spouse != NOBODY) & (people.female == 0)))
    pupils = random.shuffled(pupils)[: int(parameters["synthesis.boarding_share"] * pupils.size)]
    turns = np.argsort(np.concatenate([np.arange(single.size), np.arange(husbands.size)]), kind="stable")
    chosen = np.concatenate([pupils, np.concatenate([single, husbands])[turns]])[:number]
    boarding = np.zeros(people.size, dtype=bool)
    boarding[chosen] = True
    return boarding


def _missing_apart(units: Units, margins: Margins) -> tuple[int, int]:
    """Return by how much one-generation and one-person households will fall short after the joinings to come.

    An exchange of partners adds a household or two of one generation; of couples without minors, two of one person.
    """
    free, one_generation = units.free, units.free & (units.generations == 1)
    left_behind = int(np.sum(free & units.child_only))
    three = int(margins.generations[2:].sum())
    joined = max(int(margins.generations[1]) - int(np.sum(free & (units.generations == 2))) - left_behind + three, 0)
    one = int(np.sum(one_generation)) - 2 * left_behind - three - 2 * joined
    pairs = int(np.sum(one_generation & ~units.single & (units.age < _YOUNG)))
    alone = int(np.sum(one_generation & (units.residents == 1))) - left_behind - max(joined - pairs, 0)
    return int(margins.generations[0]) - one, margins.one_person - alone


def _join_left_behind(units: Units) -> None:
    """Place children without a resident parent with grandparents, then with whoever lives in the zone."""
    for limit in (GAP_LIMIT, GAP_LIMIT, _ANY_AGE, _ANY_AGE):
        for motherless, gap in ((False, GENERATION), (True, _GUARDIAN)):
            children = units.free & units.child_only & ((units.age < ADULT_MONTHS) == motherless)
            hosts = units.free & (units.adults > 0)
            units.join(children, hosts, gap=gap, limit=limit, generations=2)


def _join_three_generations(units: Units, margins: Margins) -> None:
    """Join young families to parents: to couples first, as far as people living alone are needed for their margin."""
    wanted = int(margins.generations[2:].sum())
    spare_alone = max(_counts(units)[2] - margins.one_person, 0)
    for only_couples, number, limit in (
        (True, wanted - spare_alone // 2, GAP_LIMIT),
        (False, wanted, GAP_LIMIT),
        (False, wanted, 2 * GAP_LIMIT),
    ):
        young = units.free & (units.generations == 2) & (units.age < 50 * 12)
        parents = units.free & (units.generations == 1) & (units.age >= 40 * 12) & ~(only_couples & units.single)
        reached = int(np.sum(units.free & (units.generations >= 3)))
        units.join(young, parents, number - reached, limit=limit, generations=3)
    oldest = units.free & (units.generations == 1) & units.single & (units.age >= _OLD)
    with_three = units.free & (units.generations == 3)
    units.join(oldest, with_three, int(margins.generations[3]), -GENERATION, 2 * GAP_LIMIT, generations=4)


def _join_two_and_one_generations(units: Units, margins: Margins) -> None:
    """Solve for the numbers of each kind of joining, then carry them out.

    With a joinings of a one-generation child's unit to a one-generation parent (two fewer of one generation, one more
    of two), b of a single child to parents who have minor children at home, and c of two single people:
    a raises two-generation households to their margin; a, b and c lower one-generation households by 2a + b + c; and
    one-person households fall by one for each single person joined, by two in c. Couples take the place of single
    people in a as far as people living alone would become too few; what one-generation households remain too many after
    b and c are couples, joined last.
    """
    one, two, alone = _counts(units)
    a = max(int(margins.generations[1]) - two, 0)
    rest = max(one - 2 * a - int(margins.generations[0]), 0)
    fewer_alone = alone - margins.one_person
    c = int(np.clip(fewer_alone - a - rest, 0, rest))
    couples = int(np.clip(a + rest - fewer_alone, 0, a))
    b = int(np.clip(fewer_alone - (a - couples) - 2 * c, 0, rest - c))
    free_one = units.free & (units.generations == 1)
    child = free_one & units.single & (units.residents == 1) & (units.age < 45 * 12)
    pair = free_one & ~units.single & (units.age < _YOUNG)
    parent = free_one & (units.age >= 38 * 12)
    units.join(pair, parent, couples, generations=2)
    units.join(child, parent & ~units.single & units.free, a - couples, generations=2)
    short = int(margins.generations[1]) - _counts(units)[1]
    free_one = units.free & (units.generations == 1)
    older = free_one & (units.age >= 36 * 12)
    units.join(free_one & (units.age < 50 * 12), older, short, limit=2 * GAP_LIMIT, generations=2)
    _join_singles(units, b, c)
    _join_surplus(units, margins)


def _join_singles(units: Units, with_parents: int, with_another: int) -> None:
    """Join single people without changing the generations of the household that takes them in."""
    free = units.free
    single = free & units.single & (units.generations == 1) & (units.residents == 1)
    families = free & (units.generations >= 2)
    units.join(single & (units.age < 45 * 12), families, with_parents, limit=2 * GAP_LIMIT)
    single &= units.free
    ranks = units.random.uniform(units.count)
    guests = single & (ranks < 0.5)
    units.join(guests, single & ~guests, with_another, gap=0.0)


def _join_surplus(units: Units, margins: Margins) -> None:
    """Join one-generation units that are still too many to larger families.

    Young couples join parents who have another child at home, old single people relatives of their own age; the latter
    first where too many live alone.
    """
    for _ in range(_ROUNDS):
        one, _, alone = _counts(units)
        surplus, too_many_alone = one - int(margins.generations[0]), alone - margins.one_person
        free_one = units.free & (units.generations == 1)
        families = units.free & (units.generations >= 2)
        old = families & (units.age >= 45 * 12)
        alone_old = free_one & units.single & (units.age >= 45 * 12)
        units.join(alone_old, old, min(surplus, too_many_alone), gap=0.0)
        surplus = _counts(units)[0] - int(margins.generations[0])
        couples = free_one & ~units.single & (units.age < 50 * 12)
        units.join(couples, families & units.free, surplus, limit=2 * GAP_LIMIT)
    surplus = _counts(units)[0] - int(margins.generations[0])
    units.join(units.free & (units.generations == 1), families & units.free, surplus, gap=0.0, limit=2 * GAP_LIMIT)


def _counts(units: Units) -> tuple[int, int, int]:
    """Return the households of one and two generations and of one person, so far."""
    free, generations = units.free, units.generations
    alone = int(np.sum(free & (units.residents == 1)))
    return int(np.sum(free & (generations == 1))), int(np.sum(free & (generations == 2))), alone


def _join_absent(units: Units, parameters: Mapping[str, float]) -> None:
    """Keep absent units in a parental household: unmarried people always, couples in part."""
    away = (units.residents == 0) & (units.root == np.arange(units.count))
    together = units.random.uniform(units.count) < parameters["synthesis.absent_family_with_parents_share"]
    for limit in (GAP_LIMIT, GAP_LIMIT, 2 * GAP_LIMIT, 2 * GAP_LIMIT):
        guests = away & (units.root == np.arange(units.count)) & (units.single | together) & (units.age < 50 * 12)
        units.join(guests, units.free & (units.age >= 36 * 12), limit=limit)
