"""Targets held against what was simulated: for every scenario the median, the chance of meeting it, and the year.

A target is met in a run when the simulated value is at least, at most or about the target's level. A target that is a
change since a month of the run is compared with the change in that same run. Medians, intervals and probabilities are
over all runs, that is over every pair of parameter draw and replicate.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from urbsim.arrays import Floats, ends_of
from urbsim.experiment.comparison import ends_of_years
from urbsim.months import format_month
from urbsim.observation.indicators import INDICATORS
from urbsim.parameters import Parameters
from urbsim.scenario.model import Comparator, Scenario, Target

#: Share of a level within which a value is at it: arithmetic has so many digits.
HAIR = 1e-9
_TOLERANCE = "targets.about_tolerance"
COLUMNS = (
    "indicator",
    "programme",
    "clause",
    "given",
    "month",
    "comparator",
    "target",
    "tolerance",
    "since",
    "relative_to",
    "reference",
    "scenario",
    "median",
    "low",
    "high",
    "runs",
    "met",
    "probability",
    "year_met",
    "met_until",
)


def distinct_targets(scenarios: Sequence[Scenario]) -> list[Target]:
    """Return every target that some scenario sets, each once, in the order of the indicators and then by month."""
    found = dict.fromkeys(target for scenario in scenarios for target in scenario.targets)
    order = {name: position for position, name in enumerate(INDICATORS)}
    return sorted(found, key=lambda target: (order[target.indicator], target.month))


def targets_met(series: pd.DataFrame, scenarios: Sequence[Scenario], place: str) -> pd.DataFrame:
    """Return how every scenario does against every target that any of them sets.

    Parameters
    ----------
    series
        Columns scenario, draw, replicate, month, place, indicator, value.
    scenarios
        The scenarios simulated.
    place
        The place held against the targets.

    Returns
    -------
    DataFrame
        A row per target and scenario. ``target`` is the level compared with, or the change since the month ``since``;
        ``tolerance`` that of an ``about`` target. ``met`` counts the runs that meet it out of ``runs``, and
        ``probability`` is their share. ``year_met`` is the first year whose December (or last month simulated) has a
        median that meets the target, and ``met_until`` the last one before it no longer does; they are missing where
        there is none. A target outside the months or indicators simulated, or of a value that every run lacks, has 0
        runs and missing values.
    """
    world = series[series["place"] == place]
    rows: list[dict[str, Any]] = []
    for target in distinct_targets(scenarios):
        chosen = world[world["indicator"] == target.indicator]
        for scenario in scenarios:
            runs = _by_run(chosen[chosen["scenario"] == scenario.name])
            tolerance = _tolerance(target, scenario)
            rows.append(_identity(target, tolerance) | {"scenario": scenario.name} | _against(runs, target, tolerance))
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"year_met": "Int64", "met_until": "Int64"})


def _by_run(series: pd.DataFrame) -> pd.DataFrame:
    """Return values by month (rows, YYYY-MM in order) and run (columns: draw, replicate)."""
    text = series.assign(month=series["month"].astype(str))
    return text.pivot(index="month", columns=["draw", "replicate"], values="value").sort_index()


def _tolerance(target: Target, scenario: Scenario) -> float:
    """Return the distance from the target that still counts; missing where the target is a bound."""
    if target.comparator is not Comparator.ABOUT:
        return float("nan")
    if target.tolerance is not None:
        return target.tolerance
    return Parameters(scenario.parameters).at(target.month)[_TOLERANCE] * abs(target.level)


def _identity(target: Target, tolerance: float) -> dict[str, Any]:
    source = target.source
    return {
        "indicator": target.indicator,
        "programme": source.programme if source else None,
        "clause": source.clause if source else None,
        "given": source.given if source else None,
        "month": format_month(target.month),
        "comparator": str(target.comparator),
        "target": target.level,
        "tolerance": tolerance,
        "since": target.since,
        "relative_to": target.relative_to if target.since is None else None,
        "reference": target.reference,
    }


def _against(runs: pd.DataFrame, target: Target, tolerance: float) -> dict[str, Any]:
    month = format_month(target.month)
    if target.since is not None:
        runs = runs - runs.loc[target.since] if target.since in runs.index else runs.iloc[:0]
        runs = runs[runs.index > target.since]
    years = _years_met(runs, target, tolerance)
    values = runs.loc[month].dropna().to_numpy(dtype=float) if month in runs.index else np.empty(0)
    if not len(values):
        return {"runs": 0, "met": 0} | years
    low, high = ends_of(values)
    met = int(meets(values, target, tolerance).sum())
    return {
        "median": float(np.median(values)),
        "low": low,
        "high": high,
        "runs": len(values),
        "met": met,
        "probability": met / len(values),
    } | years


def meets(values: Floats, target: Target, tolerance: float) -> NDArray[np.bool_]:
    """Return which values meet a target; values and result have one shape.

    Decimal fractions are not exact: a value at the very edge counts, such as 7.499999999999999 beds of 7.5.
    """
    slack = HAIR * abs(target.level)
    if target.comparator is Comparator.AT_MOST:
        return np.asarray(values <= target.level + slack)
    if target.comparator is Comparator.ABOUT:
        return np.asarray(np.abs(values - target.level) <= tolerance + slack)
    return np.asarray(values >= target.level - slack)


def _years_met(runs: pd.DataFrame, target: Target, tolerance: float) -> dict[str, int | None]:
    """Return the first year at whose end the median over the runs meets the target, and the last before it fails."""
    if runs.empty:
        return {"year_met": None, "met_until": None}
    months = runs.index.to_series()
    ends = runs[ends_of_years(months, months.iloc[-1])]
    met = meets(ends.median(axis=1).to_numpy(dtype=float), target, tolerance)
    if not met.any():
        return {"year_met": None, "met_until": None}
    first = int(np.argmax(met))
    kept = int(np.argmin(met[first:]))  # 0 where it never fails again
    year = [int(month[:4]) for month in ends.index]
    return {"year_met": year[first], "met_until": year[first + kept - 1] if kept else None}
