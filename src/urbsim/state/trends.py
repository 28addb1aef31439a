"""Levels that grow by themselves: an index for each, compounded month by month at the yearly rate then in force.

A month at the rate r multiplies a level by (1 + r)^(1/12). A dated rate acts in the months in which it is in force, and
the level it led to stays. What is counted in the base population (posts, wages, beds) grows from the first month on;
what the registry sets for the first month itself (wages outside, village earnings, prices and rents,
budgets) grows from the second.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from urbsim.codes import COUNTY_ZONES, Sector

Floats = NDArray[np.float64]


class Trends:
    """Indices of ``counties`` counties, 1 at the start; multiply what was there at the start by them."""

    def __init__(self, counties: int) -> None:
        self.posts: Floats = np.ones(len(Sector))
        self.wages: Floats = np.ones((counties, len(COUNTY_ZONES), len(Sector)))
        self.pay: Floats = np.ones(1)  # wages in the county as they would grow without policies
        self.beds: Floats = np.ones(1)
        self.outside_wages: Floats = np.ones(2)  # near, far
        self.village: Floats = np.ones(1)  # village earnings relative to wages
        self.prices: Floats = np.ones(1)  # of dwellings, and rents
        self.budgets: Floats = np.ones(1)  # ordinary spending and transfers per resident

    def advance(self, values: Mapping[str, float], wage_growth: Floats, first: bool) -> None:
        """Grow by one month.

        Parameters
        ----------
        values
            Parameters of the month.
        wage_growth
            Growth of wages beyond their trend, share a year, shape (C, 3, 3).
        first
            Whether this is the first month of the run.
        """
        _grow(self.posts, np.array([values[f"employment.{sector.name.lower()}_trend"] for sector in Sector]))
        _grow(self.wages, values["employment.wage_growth"] + wage_growth)
        _grow(self.pay, values["employment.wage_growth"])
        _grow(self.beds, values["health.beds_growth"])
        if first:
            return
        _grow(self.outside_wages, np.array([values[f"outside.{name}.wage_growth"] for name in ("near", "far")]))
        _grow(self.village, values["employment.village_gain"])
        _grow(self.prices, values["housing.price_growth"])
        _grow(self.budgets, values["budget.growth"])


def _grow(index: Floats, rate: Floats | float) -> None:
    index *= (1.0 + np.asarray(rate)) ** (1.0 / 12.0)
