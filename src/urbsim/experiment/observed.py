"""What was observed of the places of an experiment, beside what its runs have there."""

from __future__ import annotations

import pandas as pd

from urbsim.experiment.comparison import summarise
from urbsim.experiment.plan import Plan
from urbsim.months import format_month
from urbsim.scenario.model import WHOLE
from urbsim.scenario.own_posterior import fitted_to, is_fitted

#: Charts of single counties with observations are drawn of so many.
_MOST_CHARTS = 12
_COLUMNS = ("place", "month", "indicator", "observed", "tolerance", "source", "target", "fitted")


def observed_values(plan: Plan) -> pd.DataFrame:
    """Return what was observed in the months of the output, of all scenarios together, each once.

    Columns ``place`` (county or the region), ``month``, ``indicator``, ``observed``, ``tolerance``, ``source``,
    ``target`` (not observed, but taken to hold), and ``fitted``: whether the posterior of a scenario was fitted to it.
    """
    used = fitted_to(plan.scenarios)
    every = dict.fromkeys(one for scenario in plan.scenarios for one in scenario.observed)
    rows = [
        (
            plan.world if one.place == WHOLE else one.place,
            format_month(one.month),
            one.indicator,
            one.value,
            one.tolerance,
            one.source,
            one.target,
            is_fitted(one, used),
        )
        for one in every
        if plan.baseline.start <= one.month <= plan.baseline.until
    ]
    table = pd.DataFrame(rows, columns=list(_COLUMNS))
    return table.astype({"target": bool, "fitted": bool}).drop_duplicates(ignore_index=True)


def observed_indicators(plan: Plan) -> list[str]:
    """Return the indicators that were observed of the whole world."""
    table = observed_values(plan)
    return list(dict.fromkeys(table.loc[table["place"] == plan.world, "indicator"]))


def observed_in_counties(plan: Plan) -> list[tuple[str, str]]:
    """Return the counties, of several, and indicators of which something was observed, as many as are drawn."""
    table = observed_values(plan)
    apart = table[table["place"] != plan.world]
    return list(dict.fromkeys(zip(apart["place"], apart["indicator"], strict=True)))[:_MOST_CHARTS]


def observed_beside(plan: Plan, series: pd.DataFrame) -> pd.DataFrame:
    """Return ``observed_values`` beside median and interval of every scenario's runs.

    Further columns ``scenario``, ``median``, ``low``, ``high`` and ``difference`` (median less observed).
    """
    table = observed_values(plan)
    keys = ["place", "month", "indicator"]
    if table.empty:
        return table.assign(scenario=[], median=[], low=[], high=[], difference=[])
    chosen = series.astype(dict.fromkeys(keys, str)).merge(table[keys].drop_duplicates(), on=keys)
    runs = summarise(chosen)
    columns = [*keys, "scenario", "median", "low", "high"]
    both = table.merge(runs.astype(dict.fromkeys((*keys, "scenario"), str))[columns], on=keys, how="inner")
    return both.assign(difference=both["median"] - both["observed"])
