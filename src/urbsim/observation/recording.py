"""Recording: indicators through Mesa's DataCollector, flows and the ledger as rows."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from mesa.datacollection import DataCollector
from numpy.typing import NDArray

from urbsim.codes import Cause
from urbsim.months import format_month
from urbsim.observation.indicators import INDICATORS, Indicator
from urbsim.observation.results import Results
from urbsim.quantities.environment import Floats

if TYPE_CHECKING:
    from urbsim.model import UrbanizationModel

YEAR = 12


def _observe(indicator: Indicator, model: UrbanizationModel) -> Floats:
    """Return an indicator's value by county and, in a world of several, of all together as the last entry."""
    by_county = indicator.by_county(model)
    return by_county if len(by_county) == 1 else np.append(by_county, indicator.of_world(model))


class Recorder:
    """Everything a run leaves behind, gathered month by month."""

    def __init__(self, model: UrbanizationModel, fit: pd.DataFrame) -> None:
        self.model, self.fit = model, fit
        self.collector = DataCollector(
            model_reporters={name: partial(_observe, indicator) for name, indicator in INDICATORS.items()}
        )
        self.months: list[str] = []
        self.flows: list[tuple[str, int, str, str, str, int]] = []
        self.ledger: list[tuple[str, int, str, str, str, float]] = []
        self._year_flows: deque[NDArray[np.int64]] = deque(maxlen=YEAR)
        self._year_money: deque[dict[str, Floats]] = deque(maxlen=YEAR)

    def book(self, costs: Mapping[str, Floats]) -> None:
        """Book the month's cost of each policy, and the money of the county governments."""
        month = format_month(self.model.month)
        for name, by_county in costs.items():
            policy = self.model.scenario.policies[name]
            for county in np.flatnonzero(by_county):
                row = (month, int(county), policy.lever, name, str(policy.payer), float(by_county[county]))
                self.ledger.append(row)
        policies = sum(costs.values(), np.zeros(len(self.model.world.codes)))
        governments = self.model.governments
        ordinary = np.array([government.ordinary for government in governments])
        revenue = np.array([government.revenue for government in governments])
        self._year_money.append({"policies": policies, "spending": ordinary + policies, "revenue": revenue})

    def record(self) -> None:
        """Record the month's indicators and flows; call after ``book``."""
        accounts = self.model.world.accounts
        self._year_flows.append(accounts.flows.sum(axis=(2, 3)))
        month = format_month(self.model.month)
        self.months.append(month)
        self.flows.extend((month, *row) for row in accounts.rows())
        self.collector.collect(self.model)

    def yearly_flow(self, cause: Cause) -> NDArray[np.float64]:
        """Return the flow by county of the last 12 months, shape (C,), in persons of the sample."""
        return np.asarray(
            np.sum([flows[:, cause] for flows in self._year_flows], axis=0) * YEAR / len(self._year_flows)
        )

    def yearly_money(self, kind: str) -> Floats:
        """Return money by county over the last 12 months, shape (C,), yuan; a shorter start is scaled to a year."""
        return np.asarray(np.sum([money[kind] for money in self._year_money], axis=0) * YEAR / len(self._year_money))

    def results(self) -> Results:
        """Return the tables of the months recorded so far."""
        codes = list(self.model.world.codes)
        flows = pd.DataFrame(self.flows, columns=["month", "place", "cause", "origin", "destination", "persons"])
        flows["place"] = np.array(codes)[flows["place"]] if len(flows) else flows["place"]
        flows["persons"] *= self.model.world.weight
        ledger = pd.DataFrame(self.ledger, columns=["month", "place", "lever", "policy", "payer", "yuan"])
        ledger["place"] = np.array(codes)[ledger["place"]] if len(ledger) else ledger["place"]
        limits = self.model.programme.limits.table(codes)
        return Results(self._series(codes), flows, ledger, limits, self.fit)

    def _series(self, codes: list[str]) -> pd.DataFrame:
        places = codes if len(codes) == 1 else [*codes, self.model.scenario.region]
        values = np.array([self.collector.model_vars[name] for name in INDICATORS])  # (indicators, months, places)
        index = pd.MultiIndex.from_product(
            [list(INDICATORS), self.months, places], names=["indicator", "month", "place"]
        )
        series = pd.Series(values.ravel(), index=index, name="value").reset_index()
        return series[["month", "place", "indicator", "value"]]
