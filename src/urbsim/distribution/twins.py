"""The same person with and without a plan: what the plan, and what others did because of it, changed for each.

A person has the same key and the same random numbers in every scenario of a draw and replicate. So a person whose place
of living, post, school place, dwelling or income differs has it from the plan: directly, or because the plan changed
what others left over. Whoever gains a post may take it from somebody else; the net column is what is added.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from urbsim.arrays import Mask
from urbsim.codes import Zone
from urbsim.labels import Label
from urbsim.observation.measures import has_post, housed, placed, pupil, resident
from urbsim.observation.observe import ALL, group_codes, group_names

#: Income by head must differ by so much (share of what it is without the plan) for somebody to be better or worse off.
NOTICEABLE = 0.05
#: Yuan a month that differ noticeably where there is no income without the plan.
NOTICEABLE_YUAN = 50.0


@dataclass(frozen=True)
class Pair:
    """The same people, row by row, without and with the plan, at the end of one month."""

    without: pd.DataFrame
    plan: pd.DataFrame

    @classmethod
    def of(cls, without: pd.DataFrame, plan: pd.DataFrame) -> Pair:
        """Return those who are alive in both and live in the county in one of them or both."""
        keys = (without["key"].to_numpy(), plan["key"].to_numpy())
        _, here, there = np.intersect1d(*keys, assume_unique=True, return_indices=True)
        left, right = without.iloc[here].reset_index(drop=True), plan.iloc[there].reset_index(drop=True)
        either = resident(left) | resident(right)
        return cls(left[either].reset_index(drop=True), right[either].reset_index(drop=True))


@dataclass(frozen=True, slots=True)
class TwinOutcome:
    """What can happen to somebody because of a plan; ``unit`` is ``share`` or what the mean change is in."""

    name: str
    label: Label
    unit: str = "share"


OUTCOMES: dict[str, TwinOutcome] = {
    outcome.name: outcome
    for outcome in (
        TwinOutcome("better_off", Label("better off (income +5 % or more)", "受益（收入增加5%及以上）")),
        TwinOutcome("worse_off", Label("worse off (income −5 % or more)", "受损（收入减少5%及以上）")),
        TwinOutcome("income_change", Label("change of income by head", "人均收入变化"), "yuan/month"),
        TwinOutcome("moved", Label("lives elsewhere because of it", "因此居住地不同")),
        TwinOutcome("urban_gained", Label("in town or seat because of it", "因此住在城镇")),
        TwinOutcome("urban_lost", Label("in town or seat without it only", "否则住在城镇")),
        TwinOutcome("post_gained", Label("has a post because of it", "因此有非农岗位")),
        TwinOutcome("post_lost", Label("has a post without it only", "否则有非农岗位")),
        TwinOutcome("school_place_gained", Label("pupil has a place because of it", "因此有学位（学生）")),
        TwinOutcome("school_place_lost", Label("pupil has a place without it only", "否则有学位（学生）")),
        TwinOutcome("dwelling_gained", Label("own or public dwelling because of it", "因此有自有或公租住房")),
        TwinOutcome("dwelling_lost", Label("own or public dwelling without it only", "否则有自有或公租住房")),
    )
}
_PUPILS_ONLY = ("school_place_gained", "school_place_lost")


def outcomes_of(pair: Pair) -> pd.DataFrame:
    """Return what happened to everybody: a column per name of ``OUTCOMES``, 1 or 0, yuan for the change of income.

    A school place concerns pupils in both worlds; of others it is missing.
    """
    without, plan = pair.without, pair.plan
    before, after = (table["income"].to_numpy(dtype=float) for table in (without, plan))
    threshold = np.where(before > 0.0, NOTICEABLE * before, NOTICEABLE_YUAN)
    change = after - before
    urban = [np.isin(table["zone"].to_numpy(), (Zone.TOWN, Zone.SEAT)) for table in (without, plan)]
    elsewhere = (without["zone"] != plan["zone"]) | (without["county"] != plan["county"])
    flags: dict[str, Any] = {
        "better_off": change >= threshold,
        "worse_off": -change >= threshold,
        "income_change": change,
        "moved": elsewhere,
        **_gained_and_lost("urban", *urban),
        **_gained_and_lost("post", has_post(without), has_post(plan)),
        **_gained_and_lost("school_place", placed(without), placed(plan)),
        **_gained_and_lost("dwelling", housed(without), housed(plan)),
    }
    found = pd.DataFrame({name: np.asarray(flags[name], dtype=float) for name in OUTCOMES})
    found.loc[~(pupil(without) & pupil(plan)), list(_PUPILS_ONLY)] = np.nan
    return found


def _gained_and_lost(name: str, without: Mask, plan: Mask) -> dict[str, Mask]:
    return {f"{name}_gained": plan & ~without, f"{name}_lost": without & ~plan}


def twin_cells(pair: Pair, by: Sequence[str], chosen: Mask | None = None) -> pd.DataFrame:
    """Return shares of people by what the plan did to them, by what they are without it.

    Parameters
    ----------
    pair
        The same people without and with the plan.
    by
        Dimensions that tell them apart, of the world without the plan.
    chosen
        Which of the pair to look at; everybody without it.

    Returns
    -------
    DataFrame
        A row for each group and outcome, and last those of all: the dimensions, ``outcome``, ``value`` (share of the
        people concerned, or mean yuan a month) and ``agents`` (how many are concerned).
    """
    keep = np.ones(len(pair.without), dtype=bool) if chosen is None else chosen
    found, groups = outcomes_of(pair)[keep], group_codes(pair.without, by)[keep]
    rows = [row for number, name in enumerate(group_names(by)) for row in _rows(name, found[groups == number])]
    if by:
        rows += _rows((ALL,) * len(by), found)
    return pd.DataFrame(rows, columns=[*by, "outcome", "value", "agents"])


def _rows(name: tuple[str, ...], found: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    counts, means = found.count(), found.mean()
    for outcome in OUTCOMES:
        if counts[outcome]:
            yield (*name, outcome, float(means[outcome]), int(counts[outcome]))
