"""Cells of many runs summarised: medians, intervals and paired differences; small cells are not shown."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from urbsim.distribution.twins import OUTCOMES
from urbsim.experiment.comparison import compare
from urbsim.observation.dimensions import DIMENSIONS
from urbsim.observation.observe import ALL, FEWEST_AGENTS

SUPPRESSED = f"fewer than {FEWEST_AGENTS} simulated people"
RUN = ["scenario", "draw", "replicate"]
DIFFERENCES = ("difference", "difference_low", "difference_high")
NUMBERS = ["median", "low", "high", *DIFFERENCES]


def summarised(cells: pd.DataFrame, by: Sequence[str], baseline: str, names: Sequence[str]) -> pd.DataFrame:
    """Return median, interval and paired difference of every cell over runs.

    Parameters
    ----------
    cells
        A row per run and cell: scenario, draw, replicate, month (YYYY-MM), the columns of ``by``, value, agents.
    by
        What tells cells apart.
    baseline, names
        The scenario that others are compared with, and all of them in order.

    Returns
    -------
    DataFrame
        Columns scenario, month, those of ``by``, median, low, high, difference, difference_low, difference_high,
        agents (fewest of any run) and ``suppressed``: why the numbers are missing where a run has too few people for
        them, otherwise empty.
    """
    numbered = cells.assign(_cell=_numbers(cells, by))
    series = numbered.rename(columns={"_cell": "place"}).assign(indicator="value")
    table = compare(series, baseline, tuple(dict.fromkeys(cells["month"]))).rename(columns={"place": "_cell"})
    table = table.merge(numbered[["_cell", *by]].drop_duplicates(), on="_cell", how="left")
    table = table.merge(_fewest(numbered), on=["scenario", "month", "_cell"], how="left")
    table = _without_small(table, baseline)
    place = {name: number for number, name in enumerate(names)}
    table = table.assign(_scenario=table["scenario"].astype(str).map(place)).sort_values(
        ["month", "_cell", "_scenario"]
    )
    return table[["scenario", "month", *by, *NUMBERS, "agents", "suppressed"]].reset_index(drop=True)


def _numbers(cells: pd.DataFrame, by: Sequence[str]) -> pd.Series[int]:
    """Return a number for the cell of each row; they follow the order of members, and ``all`` is last."""
    number = pd.Series(0, index=cells.index)
    for name in by:
        members = [*(OUTCOMES if name == "outcome" else DIMENSIONS[name].members), ALL]
        place = {member: position for position, member in enumerate(members)}
        number = number * len(members) + cells[name].map(place).astype(int)
    return number


def _fewest(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the fewest people of any run of each cell; a run that lacks it has none."""
    runs = cells[RUN].drop_duplicates().groupby("scenario").size()
    grouped = cells.groupby(["scenario", "month", "_cell"])["agents"]
    found = pd.DataFrame({"agents": grouped.min(), "present": grouped.size()}).reset_index()
    found.loc[found["present"] < found["scenario"].map(runs), "agents"] = 0
    return found.drop(columns="present")


def _without_small(table: pd.DataFrame, baseline: str) -> pd.DataFrame:
    small = table["agents"] < FEWEST_AGENTS
    cells = table.set_index(["month", "_cell"]).index
    of_baseline = table[small & (table["scenario"] == baseline)].set_index(["month", "_cell"]).index
    table.loc[small, NUMBERS] = np.nan
    table.loc[small | cells.isin(of_baseline), list(DIFFERENCES)] = np.nan
    agents = table["agents"].astype("Int64").mask(small)  # how few they are is not said either
    return table.assign(agents=agents, suppressed=np.where(small, SUPPRESSED, ""))
