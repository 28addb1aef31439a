"""Numbers that summarise an ensemble: medians, intervals, differences paired by draw and replicate.

An interval holds a further run four times in five (``arrays.tails``): the 10th to the 90th percentile. With fewer than
nine runs it is their range, which holds less; with one there is none. Runs are pairs of parameter draw and replicate:
an interval shows chance, and the uncertainty of the parameters where they were drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from urbsim.arrays import enough_for, tails
from urbsim.months import format_month, month_number
from urbsim.region.tables import series_table

if TYPE_CHECKING:
    from pandas.core.groupby import SeriesGroupBy

#: Replicates from which an interval holds as much as it says.
ENOUGH_REPLICATES = enough_for()
#: Months compared, beside the first and the last, when they lie inside the run.
MILESTONES = ("2025-12", "2030-12", "2035-12")
#: Indicators printed by default, in order; all are in the files.
HEADLINES = (
    "residents",
    "urbanization_rate",
    "registered_urbanization_rate",
    "seat_residents",
    "employment_rate",
    "school_places_per_pupil",
    "public_spending",
)
_CELL = ["scenario", "place", "indicator", "month"]
_RUN = ["draw", "replicate"]


def horizons(start: int, until: int, latest: int | None = None) -> tuple[str, ...]:
    """Return the months that tables compare: the first of the run, milestones and the latest inside it, and the last.

    ``latest`` is the last month that anything is known of.
    """
    first, last = format_month(start), format_month(until)
    now = () if latest is None else (format_month(latest),)
    inside = sorted(month for month in (*MILESTONES, *now) if first < month < last)
    return tuple(dict.fromkeys((first, *inside, last)))


@cache
def latest_month() -> int:
    """Return the last month of the latest year whose national urban share is published.

    Not today's month: the same experiment gives the same tables whenever it is run.
    """
    rows = series_table().query("place == 'CN' and indicator == 'urbanization_rate'")
    return month_number(int(rows["year"].max()), 12)


def ends_of_years(months: pd.Series[str], until: str) -> pd.Series[bool]:
    """Return which months (YYYY-MM) end a calendar year or the run."""
    return months.str.endswith("-12") | (months == until)


def summarise(series: pd.DataFrame, value: str = "value") -> pd.DataFrame:
    """Return median, low and high over replicates for each scenario, place, indicator and month.

    Parameters
    ----------
    series
        Columns scenario, draw, replicate, month, place, indicator and ``value``.
    value
        The column to summarise.

    Returns
    -------
    DataFrame
        Columns scenario, place, indicator, month, median, low, high, replicates. ``low`` and ``high`` are missing
        where there is one replicate.
    """
    grouped = series.groupby(_CELL, observed=True, sort=False)[value]
    table = pd.concat([grouped.median().rename("median"), interval(grouped)], axis=1)
    table["replicates"] = grouped.count()
    return table.reset_index()


def interval(grouped: SeriesGroupBy[float, Any]) -> pd.DataFrame:
    """Return the interval of the values of each group: columns ``low`` and ``high``, missing for a single value."""
    counts = grouped.count()
    ends = pd.DataFrame({"low": np.nan, "high": np.nan}, index=counts.index)
    for count in set(counts) - {0, 1}:
        here = counts == count
        for name, tail in zip(ends.columns, tails(int(count)), strict=True):
            ends.loc[here, name] = grouped.quantile(tail)[here]
    return ends


def paired_differences(series: pd.DataFrame, baseline: str) -> pd.DataFrame:
    """Return each value minus the baseline's in the same draw and replicate, in a column ``difference``.

    Rows without a partner in the baseline are left out; the baseline's own differences are zero.
    """
    pair = ["place", "indicator", "month", *_RUN]
    reference = series.loc[series["scenario"] == baseline, [*pair, "value"]].rename(columns={"value": "reference"})
    joined = series.merge(reference, on=pair, how="inner", sort=False)
    return joined.assign(difference=joined["value"] - joined["reference"]).drop(columns="reference")


def compare(series: pd.DataFrame, baseline: str, months: Sequence[str]) -> pd.DataFrame:
    """Return values and differences from the baseline at some months.

    Returns
    -------
    DataFrame
        Columns scenario, place, indicator, month, median, low, high, replicates, difference, difference_low,
        difference_high; differences are missing for the baseline.
    """
    chosen = series[series["month"].isin(list(months))]
    values = summarise(chosen)
    gaps = paired_differences(chosen, baseline)
    gaps = gaps[gaps["scenario"] != baseline]
    names = {"median": "difference", "low": "difference_low", "high": "difference_high"}
    gap_table = summarise(gaps, "difference").rename(columns=names).drop(columns="replicates")
    return values.merge(gap_table, on=_CELL, how="left", sort=False)
