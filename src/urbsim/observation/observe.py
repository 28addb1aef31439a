"""The declarative observer: what is observed, of whom, by what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from urbsim.arrays import Mask
from urbsim.labels import Label, Language
from urbsim.observation.dimensions import DIMENSIONS, OLDEST, Codes
from urbsim.observation.measures import MEASURES, value_of

#: Fewest people of the sample that a cell shown may rest on.
FEWEST_AGENTS = 10
#: What stands in place of a member where all people are meant.
ALL = "all"
ALL_LABEL = Label("all", "合计")


@dataclass(frozen=True)
class Observation:
    """One measure, of some people, told apart by some dimensions.

    Attributes
    ----------
    indicator
        What: a name of ``MEASURES``.
    by
        By what: names of ``DIMENSIONS``; none gives one number for all.
    of
        Of whom: members of dimensions that people must be in; without it everybody the measure is about.
    ages
        First and last year of age of these people.
    """

    indicator: str
    by: tuple[str, ...]
    of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ages: tuple[int, int] | None = None

    def cells(self, people: pd.DataFrame, weight: float) -> pd.DataFrame:
        """Return the value of every group in one month's snapshot.

        Parameters
        ----------
        people
            From ``people.snapshot``.
        weight
            Real persons per person of the sample.

        Returns
        -------
        DataFrame
            A row for each group that anybody is in, and last one for all of them: the dimensions (names of members,
            ``all`` in the last row), ``value`` and ``agents`` (people of the sample that it rests on).
        """
        measure = MEASURES[self.indicator]
        base = measure.base(people) & self.chosen(people)
        rows: list[tuple[Any, ...]] = []
        groups = group_codes(people, self.by)
        whole = base & (groups >= 0)
        # Of each group the people are cut out once; everything else looks at that group alone.
        for number, name in enumerate(group_names(self.by)):
            group = people[whole & (groups == number)]
            if len(group):
                rows.append((*name, *value_of(measure, group, np.ones(len(group), dtype=bool), weight)))
        if self.by:
            rows.append((*(ALL,) * len(self.by), *value_of(measure, people, base, weight)))
        return pd.DataFrame(rows, columns=[*self.by, "value", "agents"])

    def chosen(self, people: pd.DataFrame) -> Mask:
        """Return of which people it speaks, by ``of`` and ``ages``."""
        chosen = np.ones(len(people), dtype=bool)
        for name, members in self.of.items():
            dimension = DIMENSIONS[name]
            positions = [list(dimension.members).index(member) for member in members]
            chosen &= np.isin(dimension.codes(people), positions)
        if self.ages is not None:
            chosen &= people["age"].between(*self.ages).to_numpy()
        return chosen


def group_codes(people: pd.DataFrame, by: Sequence[str]) -> Codes:
    """Return the number of everybody's group among ``group_names``, -1 for people who are in none."""
    found = np.zeros(len(people), dtype=np.int64)
    inside = np.ones(len(people), dtype=bool)
    for name in by:
        dimension = DIMENSIONS[name]
        codes = dimension.codes(people)
        inside &= (codes >= 0) & (codes < len(dimension.members))
        found = found * len(dimension.members) + codes
    return np.where(inside, found, -1)


def group_names(by: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Return the members of every group, the last dimension changing first."""
    return product(*(DIMENSIONS[name].members for name in by))


def member_label(dimension: str, member: str, language: Language) -> str:
    """Return what a member of a dimension, or ``all``, is called."""
    label = ALL_LABEL if member == ALL else DIMENSIONS[dimension].members[member]
    return label.in_language(language)


def with_whom(what: str, observation: Observation, language: Language) -> str:
    """Return what is said of the people of an observation, followed by who they are where that is not everybody."""
    whom = [
        "/".join(member_label(dimension, member, language) for member in members)
        for dimension, members in observation.of.items()
    ]
    if observation.ages is not None:
        first, last = observation.ages
        said = Label(f"{first}–{last} years", f"{first}–{last}岁")
        if last == OLDEST:
            said = Label(f"{first} years and over", f"{first}岁及以上")
        whom.insert(0, said.in_language(language))
    return (
        Label(", ", "，")
        .in_language(language)
        .join([what, *([Label("; ", "；").in_language(language).join(whom)] if whom else [])])
    )
