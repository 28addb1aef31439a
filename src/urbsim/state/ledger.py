"""The money of a world: what every policy cost, month by month, and the county governments' books of the last year."""

from __future__ import annotations

from typing import Literal, NamedTuple, get_args

import numpy as np

from urbsim.arrays import Floats, Ints, anything
from urbsim.months import format_month
from urbsim.state.last_year import LastYear

Book = Literal["policies", "spending", "revenue"]


class Entry(NamedTuple):
    """What one policy cost in one county (by index) in one month, yuan."""

    month: str  # YYYY-MM
    county: int
    lever: str
    policy: str
    payer: str
    yuan: float


class Booking(NamedTuple):
    """What one policy cost in some counties (by index) in one month, yuan."""

    month: str  # YYYY-MM
    counties: Ints
    lever: str
    policy: str
    payer: str
    yuan: Floats


class Ledger:
    """Costs of policies, and the books of C county governments.

    Attributes
    ----------
    booked : list of Booking
        Every policy's costs, month by month, where they are not zero.
    debt : array (C,)
        Yuan each county government owes at the end of the month.
    """

    def __init__(self, counties: int) -> None:
        self.booked: list[Booking] = []
        self.debt: Floats = np.zeros(counties)
        self._books: dict[Book, LastYear] = {book: LastYear() for book in get_args(Book)}

    def book(self, month: int, policy: str, lever: str, payer: str, costs: Floats) -> None:
        """Enter the month's cost of one policy, shape (C,)."""
        if anything(costs):
            counties = np.flatnonzero(costs)
            self.booked.append(Booking(format_month(month), counties, lever, policy, payer, costs[counties]))

    @property
    def entries(self) -> list[Entry]:
        """Every policy's cost in every county, month by month, where it is not zero."""
        return [
            Entry(each.month, county, each.lever, each.policy, each.payer, yuan)
            for each in self.booked
            for county, yuan in zip(each.counties.tolist(), each.yuan.tolist(), strict=True)
        ]

    def close_month(self, policies: Floats, ordinary: Floats, revenue: Floats, debt: Floats) -> None:
        """Close the month's books: cost of all policies, ordinary spending, revenue and debt, yuan, shape (C,) each."""
        self._books["policies"].add(policies)
        self._books["spending"].add(ordinary + policies)
        self._books["revenue"].add(revenue)
        self.debt = debt

    def yearly(self, book: Book) -> Floats:
        """Return money by county over the last 12 months, shape (C,), yuan; a shorter start is scaled to a year."""
        return self._books[book].total()
