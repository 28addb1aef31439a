"""Recording: the month's indicators and flows as rows, from which a run's tables are made."""

from __future__ import annotations

import numpy as np
import pandas as pd

from urbsim.arrays import Floats
from urbsim.months import format_month
from urbsim.observation.indicators import INDICATORS, Indicator
from urbsim.observation.limits import Limits
from urbsim.observation.results import Results
from urbsim.state.world import World

_POSITIONS = {name: position for position, name in enumerate(INDICATORS)}


def _observe(indicator: Indicator, world: World) -> Floats:
    """Return an indicator's value by county and, in a world of several, of all together as the last entry."""
    by_county = indicator.by_county(world)
    return by_county if len(by_county) == 1 else np.append(by_county, indicator.of_world(world))


class Recorder:
    """Everything a run leaves behind, gathered month by month from the first month that is recorded.

    Parameters
    ----------
    world
        What is observed.
    limits
        What cut the policies.
    fit
        Fit of every margin of the base population.
    region
        Name of all counties of the world together, in the tables.
    """

    def __init__(self, world: World, limits: Limits, fit: pd.DataFrame, region: str) -> None:
        self.world, self.limits, self.fit, self.region = world, limits, fit, region
        self.months: list[str] = []
        self.flows: list[tuple[str, int, str, str, str, int]] = []
        self._values: list[Floats] = []  # a month each, shape (indicators, places)

    def record(self, month: int) -> None:
        """Record the month's indicators and flows."""
        self.months.append(format_month(month))
        self.flows.extend((self.months[-1], *row) for row in self.world.accounts.rows())
        self._values.append(np.array([_observe(indicator, self.world) for indicator in INDICATORS.values()]))

    def latest(self, name: str) -> float:
        """Return the last recorded month's value of an indicator, of all counties together."""
        return float(self._values[-1][_POSITIONS[name], -1])

    def results(self) -> Results:
        """Return the tables of the months recorded so far."""
        codes = list(self.world.codes)
        flows = pd.DataFrame(self.flows, columns=["month", "place", "cause", "origin", "destination", "persons"])
        flows["place"] = np.array(codes)[flows["place"]] if len(flows) else flows["place"]
        flows["persons"] *= self.world.weight
        columns = ["month", "place", "lever", "policy", "payer", "yuan"]
        entries = [entry for entry in self.world.ledger.entries if entry.month >= self.months[0]]
        ledger = pd.DataFrame(entries, columns=columns)
        ledger["place"] = np.array(codes)[ledger["place"]] if len(ledger) else ledger["place"]
        return Results(self._series(codes), flows, ledger, self.limits.table(codes), self.fit)

    def _series(self, codes: list[str]) -> pd.DataFrame:
        places = codes if len(codes) == 1 else [*codes, self.region]
        values = np.stack(self._values, axis=1)  # (indicators, months, places)
        index = pd.MultiIndex.from_product(
            [list(INDICATORS), self.months, places], names=["indicator", "month", "place"]
        )
        series = pd.Series(values.ravel(), index=index, name="value").reset_index()
        return series[["month", "place", "indicator", "value"]]
