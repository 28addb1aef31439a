"""Counties of one world side by side: where each stands at the end, how it got there, and what a scenario changes."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from urbsim.experiment.comparison import paired_differences, summarise
from urbsim.region.places import all_places

#: What a county is shown by.
COUNTY_INDICATORS = ("residents", "urbanization_rate", "registered_urbanization_rate", "seat_residents")
_ROW = ["scenario", "place", "indicator"]
_RUN = ["draw", "replicate"]
_BOUNDS = ("", "_low", "_high")


def county_table(
    series: pd.DataFrame,
    counties: Sequence[str],
    baseline: str,
    first: str,
    last: str,
    indicators: Sequence[str] = COUNTY_INDICATORS,
) -> pd.DataFrame:
    """Return every county's state at the end of the run, its change, and the difference a scenario makes.

    Parameters
    ----------
    series
        Columns scenario, draw, replicate, month, place, indicator, value.
    counties
        Six-digit codes, in the order of the rows wanted.
    baseline
        The scenario that the others are compared with.
    first, last
        Months (YYYY-MM) of the start and the end.
    indicators
        Names of the indicators wanted.

    Returns
    -------
    DataFrame
        A row per county, indicator and scenario: place, name (Chinese), pinyin, indicator, scenario, runs, start,
        value, change (from start to end in the same run) and difference (from the baseline in the same draw and
        replicate), the last three with ``_low`` and ``_high``. Differences are missing for the baseline.
    """
    chosen = series[series["place"].isin(list(counties)) & series["indicator"].isin(list(indicators))]
    end, start = (chosen[chosen["month"] == month] for month in (last, first))
    began = start[[*_ROW, *_RUN, "value"]].rename(columns={"value": "start"})
    joined = end.merge(began, on=[*_ROW, *_RUN], how="left", sort=False)
    joined["change"] = joined["value"] - joined["start"]
    gaps = paired_differences(end, baseline)
    parts = [
        _columns(joined, "value", "value", keep_runs=True),
        joined.groupby(_ROW, observed=True, sort=False)["start"].median(),
        _columns(joined, "change", "change"),
        _columns(gaps[gaps["scenario"] != baseline], "difference", "difference"),
    ]
    table = pd.concat(parts, axis=1).reset_index()
    return _ordered(table, counties, indicators, list(pd.unique(series["scenario"].astype(str))))


def _columns(series: pd.DataFrame, value: str, name: str, *, keep_runs: bool = False) -> pd.DataFrame:
    """Return median, low and high of a column by scenario, place and indicator, named after ``name``."""
    names = dict(zip(("median", "low", "high"), (name + bound for bound in _BOUNDS), strict=True))
    table = summarise(series, value).rename(columns={**names, "replicates": "runs"}).set_index(_ROW)
    return table[[*(["runs"] if keep_runs else []), *names.values()]]


def _ordered(
    table: pd.DataFrame, counties: Sequence[str], indicators: Sequence[str], scenarios: Sequence[str]
) -> pd.DataFrame:
    """Return the rows by county, indicator and scenario as given, with names."""
    known = {place.code: place for place in all_places()}
    for column, order in (("place", counties), ("indicator", indicators), ("scenario", scenarios)):
        table[column] = pd.Categorical(table[column].astype(str), categories=list(order))
    table = table.sort_values(["place", "indicator", "scenario"], kind="stable").reset_index(drop=True)
    codes = table["place"].astype(str)
    table.insert(1, "name", [known[code].name if code in known else code for code in codes])
    table.insert(2, "pinyin", [known[code].short_pinyin if code in known else code for code in codes])
    amounts = [f"{name}{bound}" for name in ("value", "change", "difference") for bound in _BOUNDS]
    return table[["place", "name", "pinyin", "indicator", "scenario", "runs", "start", *amounts]]
