"""The rules for people on whole columns, for frameworks whose users write NumPy: Starsim and ambr.

Everybody's columns are as long as the list of all who ever lived, so that a spouse or mother is a position in it. All
people act at the same time, rule by rule; in the plain Mesa model they act one after the other.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rules import (
    ADULT_AGE,
    COLLEGE,
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
    Constants,
    Floats,
    Month,
)

Column = NDArray[Any]


class People(NamedTuple):
    """Columns that the choice of a residence looks at."""

    zone: Column
    work: Column
    schooling: Column
    registered_here: Column
    spouse: Column
    mother: Column


def chance_of_birth(age: Column, female: Column, zone: Column, offer: Month) -> Floats:
    """Return the chance that each gives birth this month."""
    chance = offer.birth[(zone >= TOWN).astype(int), np.clip(age // 5 - 2, 0, 7)]
    return np.where((female == 1) & (age >= 15) & (age < 50), chance, 0.0)


def chance_of_death(age: Column, female: Column, offer: Month) -> Floats:
    """Return the chance that each dies this month."""
    return np.asarray(offer.death[female.astype(int), np.minimum(age, OLDEST)])


def next_stage(age: Column, stage: Column, luck: Floats, chances: Constants) -> Column:
    """Return everybody's stage of the new school year."""
    return np.select(
        [age < 3, age < 6, age < 12, age < 15, age < 18, age < 22],
        [
            0,
            KINDERGARTEN * ((stage == KINDERGARTEN) | (luck < chances.kindergarten)),
            PRIMARY,
            JUNIOR,
            SENIOR * ((stage == SENIOR) | ((stage == JUNIOR) & (luck < chances.senior))),
            COLLEGE * ((stage == COLLEGE) | ((stage == SENIOR) & (luck < chances.college))),
        ],
        0,
    )


def next_work(
    age: Column, zone: Column, work: Column, luck: tuple[Floats, Floats], offer: Month, chances: Constants
) -> Column:
    """Return the work of adults out of school after they lost, sought or found a post, or retired."""
    event, kind = luck
    posted = (work == INDUSTRY) | (work == SERVICES)
    seeking, farming = work == SEEKING, work == FARM
    retired = posted & (age >= RETIREMENT_AGE) & (kind < chances.retire)
    lost = posted & (event < offer.separation[zone, work])
    found = (seeking | farming) & (event < offer.finding[zone] * np.where(farming, chances.farm_search, 1.0))
    fallen_back = seeking & (zone == VILLAGE) & (kind < chances.farm_fallback)
    entered = (work == INACTIVE) & (age < LAST_ENTRY_AGE) & (event < chances.enter)
    post = np.where(kind < offer.industry[zone], INDUSTRY, SERVICES)
    return np.select([retired, lost | entered, found, fallen_back], [INACTIVE, SEEKING, post, FARM], work)


def deciders(who: Column, zone: Column, spouse: Column) -> Column:
    """Return those among ``who`` that decide: the single, people apart from their spouse, and one of a couple."""
    of = spouse[who]
    return who[(of < 0) | (zone[of] != zone[who]) | (who < of)]


def families_move(who: Column, age: Column, luck: Floats, people: People, offer: Month, chances: Constants) -> Any:
    """Return who moves and where to, after deciders of some age chose a zone: they, a spouse with them, children."""
    new = _choice(who, age, luck, people, offer, chances)
    moved = new != people.zone[who]
    who, new = who[moved], new[moved]
    of = people.spouse[who]
    together = (of >= 0) & (people.zone[of] == people.zone[who])
    return np.concatenate([who, of[together]]), np.concatenate([new, new[together]])


def children_move(children: Column, movers: Column, new: Column, people: People) -> Any:
    """Return which children move and where to: those who live with a mother that moves."""
    target = np.full(people.zone.size, -1, dtype=np.int8)
    target[movers] = new
    mother = people.mother[children]
    along = (mother >= 0) & (target[mother] >= 0) & (people.zone[mother] == people.zone[children])
    return children[along], target[mother[along]]


def _choice(who: Column, age: Column, luck: Floats, people: People, offer: Month, chances: Constants) -> Column:
    """Return the zone drawn by utility."""
    zone, of = people.zone[who], people.spouse[who]
    married = of >= 0
    together = married & (people.zone[of] == zone)
    value = _liking(who, age, people, offer, chances)
    value[together] = (value[together] + _liking(of[together], age[together], people, offer, chances)) / 2.0
    everywhere = np.arange(5)
    value -= chances.move * (everywhere != zone[:, None])
    apart = (married & ~together)[:, None] & (everywhere != people.zone[of][:, None])
    value -= chances.separation * apart
    value[(people.registered_here[who] == 0)[:, None] & (everywhere >= NEAR)] = -np.inf
    weight = np.exp(value - value.max(axis=1, keepdims=True)).cumsum(axis=1)
    return np.asarray((weight < luck[:, None] * weight[:, -1:]).sum(axis=1))


def _liking(who: Column, age: Column, people: People, offer: Month, chances: Constants) -> Floats:
    """Return what zones are worth to people by themselves, shape (people, 5)."""
    here = people.registered_here[who].astype(int)
    value = chances.attraction[here].copy()
    value += chances.alpha * offer.log_earnings.T[people.schooling[who]] * (people.work[who] > 0)[:, None]
    value[:, :NEAR] += (here * chances.home_age * np.maximum(age - HOME_AGE, 0) / 10.0)[:, None]
    return value


def leave_school(stage: Column, new: Column, schooling: Column) -> Column:
    """Return the schooling of those whose stage changes."""
    return np.where((stage != new) & (stage > KINDERGARTEN), np.maximum(schooling, stage - 1), schooling)


def first_work(luck: Floats, female: Column, chances: Constants) -> Column:
    """Return what those do who have just left school."""
    return np.where(luck < chances.participation[female.astype(int)], SEEKING, INACTIVE)


def reclassified(luck: tuple[Floats, Floats], chances: Constants) -> tuple[Column, Column]:
    """Return which villagers become urban without moving, and the zone of each."""
    return luck[0] < chances.reclassification, np.where(luck[1] < chances.seat_share, SEAT, TOWN)


def grown_up(age: Column, stage: Column) -> Column:
    """Return who works and chooses a residence."""
    return (age >= ADULT_AGE) & (stage == 0)
