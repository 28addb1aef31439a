"""Levels that grow by themselves: an index for each, compounded month by month at the yearly rate then in force.

A month at the rate r multiplies a level by (1 + r)^(1/12). A dated rate acts in the months in which it is in force, and
the level it led to stays. What is counted in the base population (posts, wages, beds) grows from the first month on;
what the registry sets for the first month itself (wages outside, village earnings, prices and rents,
budgets) grows from the second.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from urbsim.arrays import Floats, remembered
from urbsim.codes import COUNTY_ZONES, Sector


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
        self._values: Mapping[str, float] | None = None  # parameters that the factors of a month are of
        self._factors: tuple[Floats, ...] = ()

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
        if values is not self._values:
            self._values, self._factors = values, _monthly_factors(values)
        self.wages *= _monthly(values["employment.wage_growth"] + wage_growth)
        for index, factor in zip(self._indices()[: 3 if first else None], self._factors, strict=False):
            np.multiply(index, factor, out=index)

    def _indices(self) -> tuple[Floats, ...]:
        """Return the levels that grow alike in all counties; the first three do from the first month on."""
        return self.posts, self.pay, self.beds, self.outside_wages, self.village, self.prices, self.budgets


def _monthly_factors(values: Mapping[str, float]) -> tuple[Floats, ...]:
    rates = (
        np.array([values[f"employment.{sector.name.lower()}_trend"] for sector in Sector]),
        values["employment.wage_growth"],
        values["health.beds_growth"],
        np.array([values[f"outside.{name}.wage_growth"] for name in ("near", "far")]),
        values["employment.village_gain"],
        values["housing.price_growth"],
        values["budget.growth"],
    )
    return tuple(_monthly(np.asarray(rate)) for rate in rates)


@remembered
def _monthly(rate: Floats) -> Floats:
    return (1.0 + rate) ** (1.0 / 12.0)
