"""National mortality and fertility by calendar year."""

from __future__ import annotations

from functools import cache

import numpy as np

from urbsim.arrays import Floats
from urbsim.region.tables import fertility_table, mortality_table

AGES = 101
BANDS, OLDEST_MOTHER = 8, 50


class VitalRates:
    """National mortality and fertility by calendar year (UN World Population Prospects 2024, China, medium)."""

    @staticmethod
    def mortality(year: int) -> Floats:
        """Return deaths per person-year, shape (2 sexes: male, female; 101 ages)."""
        return _mortality(max(start for start in _periods() if start <= year))

    @staticmethod
    def fertility(year: int) -> Floats:
        """Return births per woman-year, shape (8 five-year age bands from 10,)."""
        return _fertility().get(year, np.zeros(BANDS))


@cache
def _periods() -> tuple[int, ...]:
    return tuple(sorted({int(start) for start in mortality_table()["period_start"]}))


@cache
def _mortality(period: int) -> Floats:
    table = mortality_table()
    table = table[table["period_start"] == period]
    rates = np.empty((2, AGES))
    for index, sex in enumerate(("male", "female")):
        rows = table[table["sex"] == sex].sort_values("age")
        rates[index] = rows["mx"].to_numpy()[np.searchsorted(rows["age"], np.arange(AGES), side="right") - 1]
    return rates


@cache
def _fertility() -> dict[int, Floats]:
    """Return the rates of every year that is in the table."""
    table = fertility_table()
    table = table[table["variant"].isin(["estimate", "medium"]) & (table["age"] < OLDEST_MOTHER)]
    rates: dict[int, Floats] = {}
    for year, age, rate in zip(table["year"].tolist(), table["age"].tolist(), table["asfr"].tolist(), strict=True):
        rates.setdefault(year, np.zeros(BANDS))[int(age) // 5 - 2] = rate
    return rates
