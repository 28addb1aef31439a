"""Where urban growth comes from: yearly change of the urban population (towns and seat) by component."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

COMPONENTS = ("births", "deaths", "villages", "elsewhere", "reclassification")
_URBAN = ("town", "seat")
_BY_CAUSE = {"birth": "births", "death": "deaths", "reclassification": "reclassification"}


def urban_growth(flows: pd.DataFrame, runs: Mapping[str, int]) -> pd.DataFrame:
    """Return the components of urban population change.

    Parameters
    ----------
    flows
        Columns scenario, draw, replicate, month, place, cause, origin, destination, persons.
    runs
        Number of runs by scenario.

    Returns
    -------
    DataFrame
        Columns scenario, year, component (births, deaths, net moves from the county's villages, net moves from
        elsewhere, reclassification) and persons, mean over runs, whole world. The components of a year add up to the
        change of the urban population.
    """
    origin, destination, cause = (flows[name].astype(str) for name in ("origin", "destination", "cause"))
    sign = destination.isin(_URBAN).astype(int) - origin.isin(_URBAN).astype(int)
    component = pd.Series("elsewhere", index=flows.index)
    component[(origin == "village") | (destination == "village")] = "villages"
    component = cause.map(_BY_CAUSE).fillna(component)
    scenario = flows["scenario"].astype(str)
    change = pd.DataFrame(
        {
            "scenario": scenario,
            "year": flows["month"].astype(str).str[:4].astype(int),
            "component": component,
            "persons": flows["persons"] * sign / scenario.map(dict(runs)).astype(float),
        }
    )
    return change[sign != 0].groupby(["scenario", "year", "component"])[["persons"]].sum().reset_index()
