"""Recording: the month's indicators and flows as rows, from which a run's tables are made."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from urbsim.arrays import Floats, Ints, ratio
from urbsim.months import format_month
from urbsim.observation.indicators import INDICATORS, Indicator
from urbsim.observation.limits import Limits
from urbsim.observation.months import MonthSeen, MonthsTogether, month_of
from urbsim.observation.results import Results
from urbsim.state.accounts import named_cells
from urbsim.state.world import World

_POSITIONS = {name: position for position, name in enumerate(INDICATORS)}


#: Counties of all months together that wait to be observed at one go.
_MOST_WAITING = 256


def _observe(indicator: Indicator, months: MonthsTogether, counties: int) -> Floats:
    """Return an indicator's value by month and county and, in a world of several, of all together as the last column.

    Shape (months, places).
    """
    top, bottom = indicator.counts(cast("World", months))
    by_county = (top if bottom is None else ratio(top, bottom)).reshape(-1, counties)
    if counties == 1:
        return by_county
    whole = _sums(top, counties) if bottom is None else ratio(_sums(top, counties), _sums(bottom, counties))
    return np.concatenate([by_county, whole[:, None]], axis=1)


def _sums(by_county: Floats, counties: int) -> Floats:
    return np.array([month.sum() for month in by_county.reshape(-1, counties)])


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
        self.cells: list[tuple[Ints, Ints]] = []  # a month each, see ``Accounts.cells``
        self._values: list[Floats] = []  # of some months each, shape (indicators, months, places)
        self._waiting: list[MonthSeen] = []  # to be observed
        self._parameters = world.values  # of the months that wait

    def record(self, month: int) -> None:
        """Record the month's indicators and flows."""
        self.months.append(format_month(month))
        self.cells.append(self.world.accounts.cells())
        world = self.world
        if world.values is not self._parameters:
            self._observe_waiting()
            self._parameters = world.values
        self._waiting.append(month_of(world))
        if len(self._waiting) * len(world.codes) >= _MOST_WAITING:
            self._observe_waiting()

    def observed(self) -> Floats:
        """Return what was observed so far, shape (indicators, months, places)."""
        self._observe_waiting()
        return np.concatenate(self._values, axis=1)

    def _observe_waiting(self) -> None:
        if not self._waiting:
            return
        months = MonthsTogether(self._waiting, self.world.weight, self._parameters)
        counties = len(self.world.codes)
        self._values.append(np.array([_observe(indicator, months, counties) for indicator in INDICATORS.values()]))
        self._waiting.clear()

    def latest(self, name: str) -> float:
        """Return the last recorded month's value of an indicator, of all counties together."""
        self._observe_waiting()
        return float(self._values[-1][_POSITIONS[name], -1, -1])

    def results(self) -> Results:
        """Return the tables of the months recorded so far."""
        codes = list(self.world.codes)
        columns = ["month", "place", "lever", "policy", "payer", "yuan"]
        entries = [entry for entry in self.world.ledger.entries if entry.month >= self.months[0]]
        ledger = pd.DataFrame(entries, columns=columns)
        ledger["place"] = np.array(codes)[ledger["place"]] if len(ledger) else ledger["place"]
        return Results(self._series(codes), self._flows(codes), ledger, self.limits.table(codes), self.fit)

    @property
    def flows(self) -> list[tuple[str, int, str, str, str, int]]:
        """The flows recorded so far: month, county, cause, origin, destination, persons of the sample."""
        if not self.cells:
            return []
        columns = self._flow_columns()
        return list(zip(*(column.tolist() for column in columns), strict=True))

    def _flow_columns(self) -> tuple[NDArray[Any], ...]:
        months = np.repeat(np.array(self.months, dtype=object), [where.size for where, _ in self.cells])
        where, persons = (np.concatenate(each) for each in zip(*self.cells, strict=True))
        return (months, *named_cells(where), persons)

    def _flows(self, codes: list[str]) -> pd.DataFrame:
        names = ["month", "place", "cause", "origin", "destination", "persons"]
        if not any(where.size for where, _ in self.cells):
            return pd.DataFrame([], columns=names)
        flows = pd.DataFrame(dict(zip(names, self._flow_columns(), strict=True)))
        flows["place"] = np.array(codes)[flows["place"]]
        flows["persons"] *= self.world.weight
        return flows

    def _series(self, codes: list[str]) -> pd.DataFrame:
        places = codes if len(codes) == 1 else [*codes, self.region]
        values = self.observed()
        index = pd.MultiIndex.from_product(
            [list(INDICATORS), self.months, places], names=["indicator", "month", "place"]
        )
        series = pd.Series(values.ravel(), index=index, name="value").reset_index()
        return series[["month", "place", "indicator", "value"]]
