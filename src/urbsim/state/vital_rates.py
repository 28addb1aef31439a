"""National mortality and fertility by calendar year."""

from __future__ import annotations

from functools import cache

import numpy as np

from urbsim.arrays import Floats
from urbsim.region.tables import fertility_table, mortality_table

AGES = 101
BANDS, OLDEST_MOTHER = 8, 50
_SEXES = ("male", "female")


class VitalRates:
    """National mortality and fertility by calendar year (UN World Population Prospects 2024, China, medium)."""

    @staticmethod
    def mortality(year: int) -> Floats:
        """Return deaths per person-year, shape (2 sexes: male, female; 101 ages)."""
        rates = _mortality()
        return rates[max(start for start in rates if start <= year)]

    @staticmethod
    def fertility(year: int) -> Floats:
        """Return births per woman-year, shape (8 five-year age bands from 10,)."""
        return _fertility().get(year, np.zeros(BANDS))


@cache
def _mortality() -> dict[int, Floats]:
    """Return the rates of every period that is in the table, by its first year."""
    table = mortality_table().sort_values("age")
    rates: dict[int, Floats] = {}
    columns = (table[name].tolist() for name in ("period_start", "sex", "age", "mx"))
    for period, sex, age, rate in zip(*columns, strict=True):
        rates.setdefault(int(period), np.empty((2, AGES)))[_SEXES.index(sex), int(age) :] = rate
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
