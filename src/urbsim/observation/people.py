"""Who everybody is at the end of a month: one row a person, from which groups are counted and twins compared.

The income of somebody who lives in the county is that of the household by head (``state.income``): what its members at
home earn and what members away send, own produce, transfers, pensions of policies and rent of land, over the members at
home. Of somebody away it is what is left of the own earnings.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from urbsim.arrays import Floats, Mask, ratio
from urbsim.codes import Group, Zone
from urbsim.population import NOBODY, People, years_old
from urbsim.state.income import household_income
from urbsim.state.tally import ADULT_AGE, PENSION_AGE
from urbsim.state.world import World

FIFTHS = 5


class HouseholdType(IntEnum):
    """Households by the members who live at home."""

    ONE_PERSON = 0
    OLD_PEOPLE = 1  # two or more, all of pension age
    ADULTS = 2  # no children under 16
    MOTHER_AND_CHILDREN = 3  # a child whose mother lives there too, with whoever else
    CHILDREN_WITHOUT_MOTHER = 4  # children, none of them with the mother


def snapshot(world: World, month: int) -> pd.DataFrame:
    """Return everybody who is alive at the end of a month, those of the counties who live outside among them.

    Returns
    -------
    DataFrame
        A row per person of the sample: ``month``, ``key`` (the same person has the same in every scenario), ``age``
        (years), ``female``, ``county`` (index; of people away that of their home), ``zone`` (codes.Zone), ``group``
        (codes.Group), ``registered`` (zone of registration, -1 of people registered outside the world), ``away`` (from
        the county of registration: 0 no, 1 in its province, 2 in another), ``schooling``, ``stage``, ``has_place``,
        ``work``, ``earnings`` (yuan a month), ``tenure`` (of the household), ``household_type`` (-1 of people away),
        ``mother_elsewhere``, ``arrival`` (month of arrival in the present zone), ``income`` (yuan a month, see above)
        and ``fifth`` (0 to 4 by that income among residents, -1 of people away).
    """
    everybody, households = world.population.people.view(), world.population.households.view()
    alive = everybody.alive == 1
    at_home = alive & (everybody.zone < Zone.NEAR)
    members = _by_household(everybody, at_home, len(households.key))
    income = _income(world, everybody, at_home, members, month)
    kinds = _household_types(everybody, at_home, members, month)
    columns: dict[str, NDArray[Any]] = {
        "key": everybody.key,
        "age": years_old(everybody.birth, month).astype(np.int16),
        "female": everybody.female,
        "county": everybody.county,
        "zone": everybody.zone,
        "group": _groups(everybody),
        "registered": np.where(everybody.registration >= 0, everybody.registered_zone, -1).astype(np.int8),
        "away": _whereabouts(everybody, world.provinces),
        "schooling": everybody.schooling,
        "stage": everybody.stage,
        "has_place": everybody.has_place,
        "work": everybody.work,
        "earnings": everybody.earnings,
        "tenure": households.tenure[everybody.household],
        "household_type": np.where(at_home, kinds[everybody.household], NOBODY).astype(np.int8),
        "mother_elsewhere": _mother_elsewhere(everybody).astype(np.uint8),
        "arrival": everybody.arrival,
        "income": income.astype(np.float32),
    }
    people = pd.DataFrame({name: values[alive] for name, values in columns.items()})
    people.insert(0, "month", np.full(len(people), month, dtype=np.int32))
    return people.assign(fifth=_fifths(people))


def _by_household(people: People, who: Mask, households: int, weights: Floats | None = None) -> Floats:
    """Return how many of some people each household has, or the sum of their weights, shape (households,)."""
    chosen = None if weights is None else weights[who]
    return np.bincount(people.household[who], weights=chosen, minlength=households).astype(float)


def _income(world: World, people: People, at_home: Mask, members: Floats, month: int) -> Floats:
    kept = 1.0 - world.values["housing.remitted_share"]
    by_head = np.nan_to_num(ratio(household_income(world, month), members))
    return np.where(at_home, by_head[people.household], kept * people.earnings.astype(float))


def _household_types(people: People, at_home: Mask, members: Floats, month: int) -> NDArray[np.int8]:
    age = years_old(people.birth, month)
    count = len(members)
    children = _by_household(people, at_home & (age < ADULT_AGE), count)
    old = _by_household(people, at_home & (age >= PENSION_AGE), count)
    mother = people.mother
    with_mother = at_home & (mother >= 0) & (age < ADULT_AGE)
    with_mother &= at_home[mother] & (people.household[mother] == people.household)
    mothers = _by_household(people, with_mother, count)
    kind = HouseholdType
    found = np.select(
        [members == 1, (children == 0) & (old == members), children == 0, mothers > 0],
        [kind.ONE_PERSON, kind.OLD_PEOPLE, kind.ADULTS, kind.MOTHER_AND_CHILDREN],
        kind.CHILDREN_WITHOUT_MOTHER,
    )
    return found.astype(np.int8)


def _groups(people: People) -> NDArray[np.int8]:
    local = np.where(people.urban_registered == 1, Group.LOCAL_URBAN, Group.LOCAL_RURAL)
    return np.where(people.registration == people.county, local, Group.ELSEWHERE).astype(np.int8)


def _whereabouts(people: People, provinces: NDArray[np.int64]) -> NDArray[np.int8]:
    """Return 1 for people who live outside their county of registration in its province, 2 for those in another."""
    other = provinces[np.maximum(people.registration, 0)] != provinces[people.county]
    elsewhere = np.where(people.registration != people.county, np.where(other, 2, 1), 0)
    outside = np.where(people.zone >= Zone.NEAR, 1 + people.zone.astype(np.int8) - Zone.NEAR, elsewhere)
    return np.where(people.registration >= 0, outside, 0).astype(np.int8)


def _mother_elsewhere(people: People) -> Mask:
    mother = people.mother
    apart = (people.zone[mother] != people.zone) | (people.county[mother] != people.county)
    return np.asarray((mother >= 0) & (people.alive[mother] == 1) & apart)


def _fifths(people: pd.DataFrame) -> NDArray[np.int8]:
    """Return the fifth of residents that each belongs to, from the poorest; equal incomes are ranked by key."""
    fifths = np.full(len(people), NOBODY, dtype=np.int8)
    residents = np.flatnonzero(people["zone"] < Zone.NEAR)
    keys, income = (people[name].to_numpy()[residents] for name in ("key", "income"))
    order = residents[np.lexsort((keys, income))]
    fifths[order] = np.arange(len(order)) * FIFTHS // max(len(order), 1)
    return fifths
