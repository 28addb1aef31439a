"""Population accounts: every change of a zone's population, by cause, from where to where.

The accounts close exactly: stock at the end of a month = stock before + entries - exits, in every county and
zone, to the person. ``close_month`` proves it against a fresh count and raises if it is not so.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from urbsim.codes import Cause, Zone
from urbsim.kernels import inlined, people_kernel
from urbsim.months import format_month
from urbsim.population import People
from urbsim.state.last_year import LastYear

#: Two ends of a flow beyond the five zones.
NOWHERE = 5  # not yet born, dead, or a place outside the world
OTHER_COUNTY = 6  # another county of the world
ENDS = 7

END_NAMES = (*(zone.name.lower() for zone in Zone), "outside", "other_county")
_END_NAMES = np.array(END_NAMES, dtype=object)
_CAUSE_NAMES = np.array([cause.name.lower() for cause in Cause], dtype=object)


class AccountsError(RuntimeError):
    """The population accounts of a month do not close: a process changed people without recording it."""


@inlined
def record_move(flows: Any, cause: int, county: int, zone: int, new_county: int, new_zone: int) -> None:
    """Record one person's change of county or zone in ``flows``, shape (counties, causes, ends, ends)."""
    if county == new_county:
        flows[county, cause, zone, new_zone] += 1
    else:
        flows[county, cause, zone, OTHER_COUNTY] += 1
        flows[new_county, cause, OTHER_COUNTY, new_zone] += 1


@inlined
def relocate(people: People, flows: Any, person: int, to: tuple[int, int], month: int, cause: int) -> None:
    """Change where one person lives, ``to`` a county and zone, and record it."""
    county, zone = to
    if people.county[person] == county and people.zone[person] == zone:
        return
    record_move(flows, cause, people.county[person], people.zone[person], county, zone)
    people.county[person] = county
    people.zone[person] = zone
    people.arrival[person] = month


@inlined
def remove(people: People, flows: Any, person: int, cause: int) -> None:
    """Take a person out of the population (death, or departure from the world), and record it."""
    flows[people.county[person], cause, people.zone[person], NOWHERE] += 1
    people.alive[person] = 0
    spouse = people.spouse[person]
    if spouse >= 0:
        people.spouse[spouse] = -1
        people.spouse[person] = -1


@people_kernel
def _add_up(flows: NDArray[np.int64], stocks: NDArray[np.int64], by_cause: NDArray[np.int64]) -> None:
    """Add flows to the stocks they lead to, take them from those they come from, and count them by cause."""
    zones = stocks.shape[1]
    for county in range(flows.shape[0]):
        for cause in range(flows.shape[1]):
            for origin in range(ENDS):
                for end in range(ENDS):
                    persons = flows[county, cause, origin, end]
                    if persons == 0:
                        continue
                    by_cause[county, cause] += persons
                    if end < zones:
                        stocks[county, end] += persons
                    if origin < zones:
                        stocks[county, origin] -= persons


class Accounts:
    """Flows of the current month and the stocks they must explain, in persons of the sample."""

    def __init__(self, stocks: NDArray[np.int64]) -> None:
        self.stocks = stocks.copy()  # (counties, 5 zones)
        self.flows = np.zeros((len(stocks), len(Cause), ENDS, ENDS), dtype=np.int64)
        self._year = LastYear()  # flows by county and cause

    def open_month(self) -> None:
        """Forget the flows of the month before."""
        self.flows[...] = 0

    def close_month(self, counted: NDArray[np.int64], month: int) -> None:
        """Check that stocks before plus flows equal the stocks ``counted`` now, shape (counties, 5 zones)."""
        expected, by_cause = self.stocks.copy(), np.zeros(self.flows.shape[:2], dtype=np.int64)
        _add_up(self.flows, expected, by_cause)
        if not np.array_equal(expected, counted):
            county, zone = np.argwhere(expected != counted)[0]
            raise AccountsError(
                f"accounts do not close in {format_month(month)}, county index {county}, "
                f"{Zone(int(zone)).name.lower()}: "
                f"expected {expected[county, zone]} people, counted {counted[county, zone]}"
            )
        self.stocks = counted.copy()
        self._year.add(by_cause)

    def yearly(self, cause: Cause) -> NDArray[np.float64]:
        """Return the flow by county of the last 12 months, shape (C,), persons of the sample.

        In the first year the months so far are scaled to a year.
        """
        return self.yearly_flows()[:, cause]

    def yearly_flows(self) -> NDArray[np.float64]:
        """Return the flows by county and cause of the last 12 months, shape (C, causes), as ``yearly`` has them."""
        return self._year.total()

    def cells(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the month's non-zero flows: where they stand in ``flows``, row by row, and how many persons."""
        flat = self.flows.ravel()
        where = np.flatnonzero(flat)
        return where, flat[where]


def named_cells(
    where: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.object_], NDArray[np.object_], NDArray[np.object_]]:
    """Return county, cause, origin and destination of flows, by where they stand in ``Accounts.flows``."""
    shape = (int(where.max(initial=0)) // (len(Cause) * ENDS * ENDS) + 1, len(Cause), ENDS, ENDS)
    county, cause, origin, destination = np.unravel_index(where, shape)
    return county, _CAUSE_NAMES[cause], _END_NAMES[origin], _END_NAMES[destination]
