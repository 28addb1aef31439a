"""What indicators read of a world, kept month by month and read for many months at once.

An indicator is a function of counties that takes no notice of their number. Months that stand side by side, as if each
had counties of its own, are therefore observed with one call where each alone would take one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

import numpy as np

from urbsim.arrays import Floats
from urbsim.codes import Cause
from urbsim.observation.indicators import INDICATORS
from urbsim.state.ledger import Book
from urbsim.state.places import Places
from urbsim.state.tally import Tally

if TYPE_CHECKING:
    from urbsim.state.world import World


class MonthSeen(NamedTuple):
    """What indicators read of a world at the end of a month, independent of what becomes of the world."""

    tally: Tally
    places: Mapping[str, Mapping[str, Any]]  # arrays by name, by part of the stocks
    flows: Floats  # (C, causes) of the last year
    books: Mapping[Book, Floats]  # (C,) of the last year
    debt: Floats  # (C,)


def month_of(world: World) -> MonthSeen:
    """Return the month that a world stands at the end of."""
    stocks = {
        part: {name: getattr(getattr(world.places, part), name).copy() for name in names}
        for part, names in read_by_indicators().places.items()
    }
    books = {book: world.ledger.yearly(book) for book in get_args(Book)}
    return MonthSeen(world.tally, stocks, world.accounts.yearly_flows(), books, world.ledger.debt)


class _Read(NamedTuple):
    """What indicators read of a world: names of stocks by part, and names of parameters."""

    places: Mapping[str, tuple[str, ...]]
    values: tuple[str, ...]


@cache
def read_by_indicators() -> _Read:
    """Return what any indicator reads: found out on a world in which nothing is."""
    read: dict[str, dict[str, None]] = {}
    values: dict[str, float] = defaultdict(lambda: 1.0)
    nowhere = SimpleNamespace(
        tally=Tally.nothing(1),
        weight=1.0,
        values=values,
        accounts=_Accounts(np.zeros((1, len(Cause)))),
    )
    nowhere.places = SimpleNamespace(
        **{part: _Watched(stocks, read.setdefault(part, {})) for part, stocks in vars(Places(1)).items()}
    )
    nowhere.ledger = _Ledger(dict.fromkeys(get_args(Book), np.zeros(1)), np.zeros(1))
    for indicator in INDICATORS.values():
        indicator.counts(nowhere)  # type: ignore[arg-type]
    return _Read({part: tuple(names) for part, names in read.items() if names}, tuple(values))


class _Watched:
    """Stocks that note which of them are read."""

    def __init__(self, stocks: object, read: dict[str, None]) -> None:
        self._stocks, self._read = stocks, read

    def __getattr__(self, name: str) -> Any:
        self._read[name] = None
        return getattr(self._stocks, name)


class MonthsTogether:
    """Months of a world side by side: to an indicator, a world of M x C counties."""

    def __init__(self, months: Sequence[MonthSeen], weight: float, values: Mapping[str, float]) -> None:
        self.weight, self.values = weight, values
        self.tally = Tally(*map(np.concatenate, zip(*(month.tally for month in months), strict=True)))
        self.places = SimpleNamespace(
            **{
                part: SimpleNamespace(
                    **{name: np.concatenate([month.places[part][name] for month in months]) for name in arrays}
                )
                for part, arrays in months[0].places.items()
            }
        )
        self.accounts = _Accounts(np.concatenate([month.flows for month in months]))
        debt = np.concatenate([month.debt for month in months])
        self.ledger = _Ledger(
            {book: np.concatenate([each.books[book] for each in months]) for book in get_args(Book)}, debt
        )


class _Accounts:
    def __init__(self, flows: Floats) -> None:
        self._flows = flows

    def yearly(self, cause: Cause) -> Floats:
        return self._flows[:, cause]


class _Ledger:
    def __init__(self, books: Mapping[Book, Floats], debt: Floats) -> None:
        self._books, self.debt = books, debt

    def yearly(self, book: Book) -> Floats:
        return self._books[book]
