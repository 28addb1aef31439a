"""How much of a cohort's change between the censuses is counting: the country's own cohorts change by it as well.

Hardly anybody crosses the country's border, so a cohort of all residents can only die. Of 99.9 million people aged
15-19 whom the census of 2010 counted, that of 2020 counted 91.9 million aged 25-29: eight per cent were counted twice
in 2010 or missed in 2020, and no model of who moves between counties can or should lose them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np

from urbsim.arrays import Floats
from urbsim.posterior.outcomes import residents_by_age
from urbsim.state.vital_rates import VitalRates

_YEARS = range(2010, 2020)


@cache
def counting_error(age: int) -> float:
    """Return what the censuses' counting does to the cohort aged ``age`` to ``age`` + 4 in 2010, 100 x log ratio.

    The change of all residents of the country in that cohort, less its deaths by the life tables that the model uses.
    Positive where 2020 counted more of the cohort than can have lived.
    """
    first, later = residents_by_age(2010)[age], residents_by_age(2020)[age + 10]
    return float(100 * np.log(later / first) - 100 * log_survival(age))


def log_survival(age: int, mortality: Callable[[int], Floats] = VitalRates.mortality) -> float:
    """Return the log of the share of a cohort that lives from 2010 to 2020, of both sexes and five single years alike.

    ``mortality`` gives deaths per person-year of a calendar year, by sex and age.
    """
    ages = np.arange(age, age + 5)
    rates = [mortality(year)[:, ages + passed] for passed, year in enumerate(_YEARS)]
    return float(np.log(np.exp(-np.sum(rates, axis=0)).mean()))
