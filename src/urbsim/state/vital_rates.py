"""National mortality and fertility by calendar year."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from urbsim.arrays import Floats
from urbsim.region.tables import fertility_table, mortality_table

AGES = 101


class VitalRates:
    """National mortality and fertility by calendar year (UN World Population Prospects 2024, China, medium)."""

    @staticmethod
    @lru_cache(maxsize=64)
    def mortality(year: int) -> Floats:
        """Return deaths per person-year, shape (2 sexes: male, female; 101 ages)."""
        table = mortality_table()
        periods = table["period_start"]
        table = table[periods == max(start for start in periods.unique() if start <= year)]
        rates = np.empty((2, AGES))
        for index, sex in enumerate(("male", "female")):
            rows = table[table["sex"] == sex].sort_values("age")
            rates[index] = rows["mx"].to_numpy()[np.searchsorted(rows["age"], np.arange(AGES), side="right") - 1]
        return rates

    @staticmethod
    @lru_cache(maxsize=64)
    def fertility(year: int) -> Floats:
        """Return births per woman-year, shape (8 five-year age bands from 10,)."""
        table = fertility_table()
        table = table[(table["year"] == year) & table["variant"].isin(["estimate", "medium"]) & (table["age"] < 50)]
        rates = np.zeros(8)
        for age, rate in zip(table["age"], table["asfr"], strict=True):
            rates[int(age) // 5 - 2] = rate
        return rates
