"""What limits cut: policies without money or land, ordinary building without land, counties at their debt limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from urbsim.arrays import Floats
from urbsim.months import year_of

Limit = Literal["money", "land", "debt"]
UNITS: dict[Limit, str] = {"money": "yuan", "land": "mu", "debt": "yuan"}
COLUMNS = ["year", "place", "limit", "policy", "lever", "unit", "wanted", "possible"]


class _Key(NamedTuple):
    year: int
    county: int
    limit: Limit
    policy: str


class Limits:
    """What was wanted and what was possible, by calendar year, county, limit and policy.

    ``levers`` names the lever of every policy; months before ``first`` are not noted. An empty policy stands for
    what happens without one: building by developers, or the county's debt as a whole.
    """

    def __init__(self, levers: Mapping[str, str], first: int) -> None:
        self.levers, self.first = levers, first
        self._sums: dict[_Key, tuple[float, float]] = {}

    def note(self, limit: Limit, month: int, policy: str, wanted: Floats, possible: Floats) -> None:
        """Add what a policy wanted this month and what was possible of it, shape (C,) each."""
        if month < self.first:
            return
        for county in np.flatnonzero(wanted):
            key = _Key(year_of(month), int(county), limit, policy)
            before = self._sums.get(key, (0.0, 0.0))
            self._sums[key] = (before[0] + float(wanted[county]), before[1] + float(possible[county]))

    def note_debt(self, month: int, county: int, debt: float, limit: float) -> None:
        """Keep the month of the year in which debt was highest against its limit, both in yuan."""
        if month < self.first:
            return
        key = _Key(year_of(month), county, "debt", "")
        highest = self._sums.get(key, (0.0, 1.0))
        if debt * highest[1] > highest[0] * limit:
            self._sums[key] = (debt, limit)

    def take_over(self, other: Limits) -> None:
        """Go on from what another has noted."""
        self._sums = dict(other._sums)

    def table(self, codes: Sequence[str]) -> pd.DataFrame:
        """Return all of it: year, place, limit, policy, lever, unit, wanted, possible.

        ``wanted`` and ``possible`` are sums of the year; of ``debt`` they are the debt and its limit in the month in
        which the limit was nearest or farthest exceeded.
        """
        lever = {**self.levers, "": ""}
        rows = [
            (key.year, codes[key.county], key.limit, key.policy, lever[key.policy], UNITS[key.limit], *amounts)
            for key, amounts in sorted(self._sums.items())
        ]
        # Without rows nothing else would say that a year is a number.
        return pd.DataFrame(rows, columns=COLUMNS).astype({"year": int, "wanted": float, "possible": float})
