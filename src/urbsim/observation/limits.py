"""What limits cut: policies without money or land, ordinary building without land, counties at their debt limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from urbsim.arrays import Floats, anything
from urbsim.months import year_of

Limit = Literal["money", "land", "debt"]
UNITS: dict[Limit, str] = {"money": "yuan", "land": "mu", "debt": "yuan"}
COLUMNS = ["year", "place", "limit", "policy", "lever", "unit", "wanted", "possible"]


class _Key(NamedTuple):
    year: int
    limit: Limit
    policy: str


class Limits:
    """What was wanted and what was possible, by calendar year, county, limit and policy.

    ``levers`` names the lever of every policy; months before ``first`` are not noted. An empty policy stands for
    what happens without one: building by developers, or the county's debt as a whole.
    """

    def __init__(self, levers: Mapping[str, str], first: int) -> None:
        self.levers, self.first = levers, first
        self._noted: dict[_Key, tuple[Floats, Floats]] = {}  # wanted and possible, shape (C,) each

    def note(self, limit: Limit, month: int, policy: str, wanted: Floats, possible: Floats) -> None:
        """Add what a policy wanted this month and what was possible of it, shape (C,) each."""
        if month < self.first or not anything(wanted):
            return
        sums = self._sums(_Key(year_of(month), limit, policy), len(wanted))
        some = wanted != 0.0
        for total, amount in zip(sums, (wanted, possible), strict=True):
            np.add(total, amount, out=total, where=some)

    def _sums(self, key: _Key, counties: int) -> tuple[Floats, Floats]:
        """Return what is noted so far, zero at first."""
        if key not in self._noted:
            self._noted[key] = np.zeros(counties), np.zeros(counties)
        return self._noted[key]

    def note_debt(self, month: int, debt: Floats, limit: Floats) -> None:
        """Keep of each county the month of the year in which debt was highest against its limit, yuan, shape (C,)."""
        if month < self.first:
            return
        highest = self._noted.setdefault(_Key(year_of(month), "debt", ""), (np.zeros_like(debt), np.ones_like(debt)))
        higher = debt * highest[1] > highest[0] * limit
        for kept, found in zip(highest, (debt, limit), strict=True):
            kept[higher] = found[higher]

    def take_over(self, other: Limits) -> None:
        """Go on from what another has noted."""
        self._noted = {key: (wanted.copy(), possible.copy()) for key, (wanted, possible) in other._noted.items()}

    def table(self, codes: Sequence[str]) -> pd.DataFrame:
        """Return all of it: year, place, limit, policy, lever, unit, wanted, possible.

        ``wanted`` and ``possible`` are sums of the year; of ``debt`` they are the debt and its limit in the month in
        which the limit was nearest or farthest exceeded.
        """
        lever = {**self.levers, "": ""}
        cells = sorted(
            (key.year, int(county), key.limit, key.policy, float(wanted[county]), float(possible[county]))
            for key, (wanted, possible) in self._noted.items()
            for county in np.flatnonzero(wanted)
        )
        rows = [
            (year, codes[county], limit, policy, lever[policy], UNITS[limit], *amounts)
            for year, county, limit, policy, *amounts in cells
        ]
        # Without rows nothing else would say that a year is a number.
        return pd.DataFrame(rows, columns=COLUMNS).astype({"year": int, "wanted": float, "possible": float})
