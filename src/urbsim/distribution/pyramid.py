"""Residents by five-year age group and sex: the age pyramid."""

from __future__ import annotations

import numpy as np
import pandas as pd

from urbsim.codes import Zone
from urbsim.distribution.summary import SUPPRESSED
from urbsim.observation.observe import FEWEST_AGENTS

#: Years of an age group, and the first year of the last one, which has no end.
YEARS, LAST = 5, 85
AGES = (*(f"{low}-{low + YEARS - 1}" for low in range(0, LAST, YEARS)), f"{LAST}+")
SEXES = ("male", "female")


def pyramid_cells(people: pd.DataFrame, weight: float) -> pd.DataFrame:
    """Return residents by age group and sex: ``age``, ``sex``, ``value`` (real persons), ``agents``."""
    residents = people[people["zone"] < Zone.NEAR]
    group = np.minimum(residents["age"].to_numpy() // YEARS, len(AGES) - 1)
    counts = np.bincount(group * 2 + residents["female"].to_numpy(), minlength=2 * len(AGES))
    return pd.DataFrame(
        {
            "age": np.repeat(AGES, 2),
            "sex": np.tile(SEXES, len(AGES)),
            "value": counts * weight,
            "agents": counts,
        }
    )


def pyramid(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the median pyramid over runs; groups of fewer people of the sample than may be shown are missing.

    Parameters
    ----------
    cells
        Those of all runs: scenario, draw, replicate, month, age, sex, value, agents.

    Returns
    -------
    DataFrame
        Columns scenario, month, age, sex, persons, suppressed (why they are missing, or empty).
    """
    grouped = cells.groupby(["scenario", "month", "age", "sex"], sort=False)
    table = grouped.agg(persons=("value", "median"), fewest=("agents", "min")).reset_index()
    small = table["fewest"] < FEWEST_AGENTS
    table.loc[small, "persons"] = np.nan
    return table.drop(columns="fewest").assign(suppressed=np.where(small, SUPPRESSED, ""))
