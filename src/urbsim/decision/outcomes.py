"""What a decision looks at in a run: an indicator at a month, what policies have cost by then, where people came from.

Costs are public yuan of the base year, whoever pays, not discounted, from the first month of the output to the month.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from urbsim.arrays import Floats
from urbsim.experiment.errors import ExperimentError
from urbsim.experiment.tables import Tables
from urbsim.labels import Label, bilingual
from urbsim.observation.indicators import INDICATORS
from urbsim.reading.suggestions import did_you_mean, named
from urbsim.reading.wording import listed, quoted
from urbsim.scenario.model import Scenario

#: Where more urban residents come from. The first three are people who would have lived elsewhere in the province or in
#: another county simulated: what one place gains by them, others of the province lose.
SOURCES: Mapping[str, Label] = {
    "near": Label("own people who live elsewhere in the province", "省内县外的本县户籍人口"),
    "other_county": Label("other counties simulated", "模拟区域内的其他县"),
    "villages": Label("own villages", "本县乡村"),
    "far": Label("own people who live in other provinces", "省外的本县户籍人口"),
    "newcomers": Label("people registered elsewhere", "外地户籍人口"),
    "births": Label("births less deaths", "出生减死亡"),
    "reclassification": Label("villages that became urban", "乡村转为城镇"),
}
#: Sources that are a loss of other counties of the province for certain; of newcomers nobody knows the province.
NEIGHBOURS = ("near", "other_county")
_URBAN = ("town", "seat")
_BY_CAUSE = {"birth": "births", "death": "births", "reclassification": "reclassification"}
_BY_END = {"village": "villages", "near": "near", "far": "far", "other_county": "other_county", "outside": "newcomers"}


#: What all policies of a scenario cost by a month: can be bounded and minimised like an indicator.
COST = "cost"
_COST_LABEL = Label("cost of the policies", "政策费用")


def known_indicator(name: str, *, costs: bool = False) -> str:
    """Return the name of the indicator that is meant: by its name, or by its label in either language.

    Parameters
    ----------
    costs
        Whether ``cost`` may be meant, too.

    Raises
    ------
    ExperimentError
        If there is none; the message says which was probably meant.
    """
    labels = {each: indicator.label for each, indicator in INDICATORS.items()}
    labels = {COST: _COST_LABEL, **labels} if costs else labels
    if (known := named(name, labels)) is None:
        hint = did_you_mean(name, labels, labels=labels) or bilingual(
            f"; allowed: {listed(labels)}", f"；允许：{listed(labels)}"
        )
        raise ExperimentError(bilingual(f"there is no indicator {quoted(name)}{hint}", f"没有指标{quoted(name)}{hint}"))
    return known


def place_of(scenario: Scenario) -> str:
    """Return the place in the series that stands for the whole world of a scenario."""
    return scenario.counties[0] if len(scenario.counties) == 1 else scenario.region


def values_at(tables: Tables, place: str, month: str) -> pd.Series[float]:
    """Return every indicator of a place at a month (YYYY-MM), by name."""
    series = tables["series"]
    chosen = series[(series["month"] == month) & (series["place"] == place)]
    return pd.Series(chosen["value"].to_numpy(dtype=float), index=chosen["indicator"].astype(str).to_list())


def value_at(scenario: Scenario, tables: Tables, indicator: str, month: str) -> float:
    """Return an indicator of the whole world at a month.

    Raises
    ------
    ExperimentError
        If it is not defined there.
    """
    value = float(values_at(tables, place_of(scenario), month)[indicator])
    if not np.isfinite(value):
        raise ExperimentError(
            bilingual(
                f"{indicator} has no value in {month}: there is nobody to count; try a larger scale",
                f"{indicator} 在 {month} 没有数值：没有可以统计的人；请提高抽样比例",
            )
        )
    return value


def costs_by_policy(tables: Tables, month: str) -> dict[str, float]:
    """Return the yuan that each policy has cost by the end of a month."""
    ledger = tables["ledger"]
    booked = ledger[ledger["month"].astype(str) <= month]
    return {str(name): float(yuan) for name, yuan in booked.groupby("policy", observed=True)["yuan"].sum().items()}


def urban_sources(tables: Tables, month: str) -> Floats:
    """Return from where urban residents came, net, from the first month of the output to a month.

    Returns
    -------
    array (sources,)
        Persons, in the order of ``SOURCES``. Their sum is the change of the urban residents of all counties.
    """
    flows = tables["flows"]
    flows = flows[flows["month"].astype(str) <= month]
    origin, destination, cause = (flows[name].astype(str) for name in ("origin", "destination", "cause"))
    comes, goes = destination.isin(_URBAN), origin.isin(_URBAN)
    other = origin.where(~goes, destination)  # the end that is not urban
    source = cause.map(_BY_CAUSE).fillna(other.map(_BY_END))
    signed = flows["persons"] * (comes.astype(int) - goes.astype(int))
    net = signed[comes != goes].groupby(source[comes != goes]).sum()
    return net.reindex(list(SOURCES)).fillna(0.0).to_numpy(dtype=float)
