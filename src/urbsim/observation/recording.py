"""Recording: the month's indicators and flows as rows, from which a run's tables are made."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from urbsim.arrays import Floats, Ints, ratio
from urbsim.codes import Cause
from urbsim.months import MONTHS, format_month, is_month_of_year
from urbsim.observation.indicators import INDICATORS, Indicator
from urbsim.observation.limits import Limits
from urbsim.observation.months import MonthSeen, MonthsTogether, month_of, read_by_indicators
from urbsim.observation.results import Results
from urbsim.region.places import VERY_MANY, whole_provinces
from urbsim.state.accounts import ENDS, named_cells
from urbsim.state.world import World

_POSITIONS = {name: position for position, name in enumerate(INDICATORS)}
#: Counties of all months together that wait to be observed at one go.
_MOST_WAITING = 256
_FLOWS_OF_A_COUNTY = len(Cause) * ENDS * ENDS


class _Areas:
    """What the tables have of a world beside its counties: provinces that it holds whole among others, and all of it.

    ``names`` are their places in the tables, ``members`` the numbers of the counties of each. A world of one county has
    none.
    """

    def __init__(self, world: World, region: str) -> None:
        codes = np.array(world.codes)
        provinces = whole_provinces(world.codes, int(world.rows["year"].iloc[0]))
        self.names = [*provinces, region] if len(codes) > 1 else []
        self.members = [np.flatnonzero(np.char.startswith(codes, code)) for code in provinces]
        self.members += [np.arange(len(codes))] if len(codes) > 1 else []

    def sums(self, by_county: Floats) -> Floats:
        """Return the sums of counts, shape (months, C), over the counties of each area, shape (months, areas)."""
        if not self.names:
            return np.empty((len(by_county), 0))
        months = [[month[members].sum() for members in self.members] for month in by_county]
        return np.array(months).reshape(len(by_county), len(self.names))


def _observe(indicator: Indicator, months: MonthsTogether, counties: int, areas: _Areas) -> Floats:
    """Return an indicator's value by month and county and, in a world of several, of its areas in the last columns.

    Shape (months, places).
    """
    counts = indicator.counts(cast("World", months))
    top, bottom = (None if count is None else count.reshape(-1, counties) for count in counts)
    assert top is not None
    if bottom is None:
        return np.concatenate([top, areas.sums(top)], axis=1)
    return np.concatenate([ratio(top, bottom), ratio(areas.sums(top), areas.sums(bottom))], axis=1)


class Recorder:
    """Everything a run leaves behind, gathered month by month from the first month that is recorded.

    In a world of very many counties these have a place in the first month, each December and the last month only, and
    flows are of all counties of a province together: what one run leaves would otherwise fill the memory.

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
        self._areas = _Areas(world, region)
        self._thins = len(world.codes) >= VERY_MANY
        self._values: list[Floats] = []  # of some months each, shape (indicators, months, places)
        self._waiting: list[MonthSeen] = []  # to be observed
        self._parameters = world.values  # of the months that wait
        self._of_flows, self._flow_places = _places_of_flows(world.codes, by_province=self._thins)

    def record(self, month: int) -> None:
        """Record the month's indicators and flows."""
        self.months.append(format_month(month))
        self.cells.append(_of_places(*self.world.accounts.cells(), self._of_flows, by_county=not self._thins))
        world = self.world
        if world.values is not self._parameters:
            if any(world.values[name] != self._parameters[name] for name in read_by_indicators().values):
                self._observe_waiting()
            self._parameters = world.values
        self._waiting.append(month_of(world))
        if self._thins or len(self._waiting) * len(world.codes) >= _MOST_WAITING:
            self._observe_waiting()
        if self._thins and len(self._values) > 2 and not is_month_of_year(month - 1, MONTHS):
            self._values[-2] = self._values[-2][:, :, len(world.codes) :].copy()

    def of_world(self) -> Floats:
        """Return what was observed so far of all counties together, shape (indicators, months)."""
        self._observe_waiting()
        return np.concatenate([values[:, :, -1] for values in self._values], axis=1)

    def _observe_waiting(self) -> None:
        if not self._waiting:
            return
        months = MonthsTogether(self._waiting, self.world.weight, self._parameters)
        counties = len(self.world.codes)
        observed = [_observe(indicator, months, counties, self._areas) for indicator in INDICATORS.values()]
        self._values.append(np.array(observed))
        self._waiting.clear()

    def latest(self, name: str) -> float:
        """Return the last recorded month's value of an indicator, of all counties together."""
        self._observe_waiting()
        return float(self._values[-1][_POSITIONS[name], -1, -1])

    def results(self) -> Results:
        """Return the tables of the months recorded so far."""
        codes = list(self.world.codes)
        return Results(self._series(codes), self._flows(), self._ledger(codes), self.limits.table(codes), self.fit)

    def _ledger(self, codes: list[str]) -> pd.DataFrame:
        booked = [each for each in self.world.ledger.booked if each.month >= self.months[0]]
        if not booked:
            return pd.DataFrame([], columns=["month", "place", "lever", "policy", "payer", "yuan"])
        sizes = [each.counties.size for each in booked]
        of_all = {
            name: np.repeat(np.array([getattr(each, name) for each in booked], dtype=object), sizes)
            for name in ("month", "lever", "policy", "payer")
        }
        place = np.array(codes, dtype=object)[np.concatenate([each.counties for each in booked])]
        yuan = np.concatenate([each.yuan for each in booked])
        return pd.DataFrame({"month": of_all.pop("month"), "place": place, **of_all, "yuan": yuan})

    @property
    def flows(self) -> list[tuple[str, int, str, str, str, int]]:
        """The flows recorded so far: month, number of the place, cause, origin, destination, persons of the sample."""
        if not self.cells:
            return []
        columns = self._flow_columns()
        return list(zip(*(column.tolist() for column in columns), strict=True))

    def _flow_columns(self) -> tuple[NDArray[Any], ...]:
        months = np.repeat(np.array(self.months, dtype=object), [where.size for where, _ in self.cells])
        where, persons = (np.concatenate(each) for each in zip(*self.cells, strict=True))
        return (months, *named_cells(where), persons)

    def _flows(self) -> pd.DataFrame:
        names = ["month", "place", "cause", "origin", "destination", "persons"]
        if not any(where.size for where, _ in self.cells):
            return pd.DataFrame([], columns=names)
        flows = pd.DataFrame(dict(zip(names, self._flow_columns(), strict=True)))
        flows["place"] = np.array(self._flow_places)[flows["place"]]
        flows["persons"] *= self.world.weight
        return flows

    def _series(self, codes: list[str]) -> pd.DataFrame:
        self._observe_waiting()
        names, months = np.array([*codes, *self._areas.names], dtype=object), iter(self.months)
        cells: list[tuple[str, NDArray[Any]]] = []
        for values in self._values:
            places = names[-values.shape[2] :]
            cells += [(next(months), places) for _ in range(values.shape[1])]
        whole = np.concatenate([values.reshape(len(INDICATORS), -1) for values in self._values], axis=1)
        month = np.repeat(np.array([month for month, _ in cells], dtype=object), [len(places) for _, places in cells])
        return pd.DataFrame(
            {
                "month": np.tile(month, len(INDICATORS)),
                "place": np.tile(np.concatenate([places for _, places in cells]), len(INDICATORS)),
                "indicator": np.repeat(np.array(list(INDICATORS), dtype=object), whole.shape[1]),
                "value": whole.ravel(),
            }
        )


def _places_of_flows(codes: tuple[str, ...], *, by_province: bool) -> tuple[Ints, list[str]]:
    """Return the number of the place that each county's flows are of, shape (C,), and the places."""
    if not by_province:
        return np.arange(len(codes)), list(codes)
    provinces, number = np.unique([code[:2] for code in codes], return_inverse=True)
    return number, provinces.tolist()


def _of_places(where: Ints, persons: Ints, place: Ints, *, by_county: bool) -> tuple[Ints, Ints]:
    """Return flows of counties, see ``Accounts.cells``, as flows of the places that they are in."""
    if by_county:
        return where, persons
    county, cell = np.divmod(where, _FLOWS_OF_A_COUNTY)
    together = np.bincount(place[county] * _FLOWS_OF_A_COUNTY + cell, weights=persons).astype(np.int64)
    found = np.flatnonzero(together)
    return found, together[found]
