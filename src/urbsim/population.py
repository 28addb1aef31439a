"""The columns of people and households: one array per attribute, one row per person or household.

Rows are never removed, so an index into a column stays valid for a whole run: people who die or leave the
world keep their row with ``alive`` 0. Arrays are allocated with room for births and arrivals; only the first
``people.size`` rows are in use.

**Ages.** A person born in month b is m - b months old in month m: 0 in the month of birth. That is the age reached by
the end of the month, so it is what a count at the end of the month finds and what all processes of the month go by.
The base population is as of the first day of the start month, which is the end of the month before: its people were
born in that month or earlier, and nobody in it is born in the start month. A school year begins on the first day of
September, so school ages are those reached by the end of August.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Generic, NamedTuple, TypeVar, get_args, get_type_hints

import numpy as np
from numpy.typing import NDArray

from urbsim.kernels import plain
from urbsim.records import record

NOBODY = -1
SCHOOL_YEAR = 9  # the month of the year that begins the school year


@plain
def months_old(birth: Any, month: Any) -> Any:
    """Return the age in completed months at the end of a month, of one person or of an array of birth months."""
    return month - birth


@plain
def years_old(birth: Any, month: Any) -> Any:
    """Return the age in completed years at the end of a month, of one person or of an array of birth months."""
    return (month - birth) // 12


def birth_month(age: Any, start: Any) -> Any:
    """Return when people were born who are ``age`` months old on the first day of the month ``start``."""
    return start - 1 - age


@plain
def school_age(birth: Any, month: Any) -> Any:
    """Return the age in completed years on the first day of the school year that a month belongs to."""
    return years_old(birth, month - (month + 1 - SCHOOL_YEAR) % 12 - 1)


@record
class People(NamedTuple):
    """The columns of people, one entry per person; the field's type is the column's type.

    Each is as narrow as what it holds: month numbers and the counties of the world stay below 32,768. What is reckoned
    with a column that could go beyond is widened first.
    """

    key: NDArray[np.uint64]  # stable identity: same person, same draws, in every scenario
    birth: NDArray[np.int16]  # month number of birth
    female: NDArray[np.uint8]
    alive: NDArray[np.uint8]  # 0 once dead or departed from the world
    county: NDArray[np.int16]  # county of residence; for people in near or far, the county of their home
    zone: NDArray[np.uint8]  # codes.Zone
    arrival: NDArray[np.int16]  # month of arrival in the present zone
    registration: NDArray[np.int16]  # county of registration, or codes.REGISTERED_*
    registered_zone: NDArray[np.uint8]  # zone of the registration, codes.Zone (village, town or seat)
    urban_registered: NDArray[np.uint8]  # urban status; the registered rate goes by registered_zone
    schooling: NDArray[np.uint8]  # codes.Schooling
    stage: NDArray[np.uint8]  # codes.Stage
    has_place: NDArray[np.uint8]  # 1 where the pupil has a school place in the zone of residence
    work: NDArray[np.uint8]  # codes.Work
    earnings: NDArray[np.float32]  # yuan a month
    trained: NDArray[np.float32]  # log points of earnings added by training
    insurance: NDArray[np.uint8]  # codes.Insurance
    household: NDArray[np.int32]  # for people in near or far, the household left at home
    spouse: NDArray[np.int32]
    mother: NDArray[np.int32]
    first_child: NDArray[np.int32]  # of a mother; children form a linked list through next_sibling
    next_sibling: NDArray[np.int32]
    events: NDArray[np.uint8]  # life events of the month, bits of codes.Event


@record
class Households(NamedTuple):
    """The columns of households, one entry per household."""

    key: NDArray[np.uint64]
    county: NDArray[np.int16]
    zone: NDArray[np.uint8]  # zone of the home; all members resident in the county live there
    land: NDArray[np.float32]  # contracted land, mu
    certified: NDArray[np.uint8]  # land right certified
    rented: NDArray[np.float32]  # contracted land rented out, mu, settled once a year
    homestead: NDArray[np.uint8]
    tenure: NDArray[np.uint8]  # codes.Tenure, of the dwelling in a town or seat
    bought: NDArray[np.int16]  # month in which the dwelling was bought, 0 before the start
    savings: NDArray[np.float32]  # yuan
    income: NDArray[np.float32]  # yuan a month, renewed once a year
    group: NDArray[np.int8]  # codes.Group as counted last: of the first adult resident, NOBODY where nobody lives


_DEFAULTS = {
    "alive": 1,
    "household": NOBODY,
    "spouse": NOBODY,
    "mother": NOBODY,
    "first_child": NOBODY,
    "next_sibling": NOBODY,
    "group": NOBODY,
}


#: Rows beyond those in use that are filled with defaults at once.
_AHEAD = 256

View = TypeVar("View", bound=tuple[Any, ...])


def element_type(annotation: Any) -> Any:
    """Return the element type of an annotation such as ``NDArray[np.uint8]``, however NumPy spells the alias."""
    while inner := get_args(annotation):
        annotation = inner[-1]
    return annotation


class Columns(Generic[View]):
    """A growable set of equally long arrays, read as attributes, with ``columns["name"]``, or all together as a view.

    Parameters
    ----------
    kind
        Named tuple of arrays whose annotations give the names and types of the columns.
    size
        Rows in use.
    capacity
        Rows allocated; at least ``size``.
    """

    def __init__(self, kind: type[View], size: int, capacity: int | None = None) -> None:
        self.size = size
        self._kind = kind
        self._view: View | None = None
        room = max(size, capacity or size, 1)
        self._arrays = {name: np.empty(room, dtype) for name, dtype in self.types().items()}
        self._fill(slice(0, size), {})
        self._ready = size  # rows in use, and those beyond them that hold defaults

    def types(self) -> dict[str, Any]:
        """Return the element type of each column by name, in order."""
        return {name: element_type(hint) for name, hint in get_type_hints(self._kind).items()}

    def __getitem__(self, name: str) -> NDArray[Any]:
        """Return the rows in use of one column, as a view."""
        return self._arrays[name][: self.size]

    def __getattr__(self, name: str) -> NDArray[Any]:
        if name.startswith("_") or name not in self._arrays:
            raise AttributeError(f"no column named '{name}'")
        return self._arrays[name][: self.size]

    def __iter__(self) -> Iterator[str]:
        return iter(self._arrays)

    def __getstate__(self) -> dict[str, Any]:
        """Return what a copy needs: the rows in use, and no view, which would be of other arrays."""
        rows = {name: self[name] for name in self._arrays}
        return {**self.__dict__, "_view": None, "_arrays": rows, "_ready": self.size}

    def view(self) -> View:
        """Return the rows in use of all columns as one named tuple, as compiled kernels take them."""
        if self._view is None:
            self._view = self._kind(*[array[: self.size] for array in self._arrays.values()])
        return self._view

    def append(self, count: int, table: dict[str, NDArray[Any]] | None = None) -> slice:
        """Add ``count`` rows; return their slice. Makes room where it is short.

        They hold the columns of ``table``, shape (count,) each, which are given up one by one, and defaults in all
        others.
        """
        first, last = self.size, self.size + count
        if not count:
            return slice(first, first)
        self._view = None
        if last > self.room:
            self.make_room(last + self.room // 4)
        self.size = last
        if table:
            self._fill(slice(first, last), table)
        elif last > self._ready:  # some more at once: a month takes a few rows at a time
            ahead = min(last + _AHEAD, self.room)
            self._fill(slice(self._ready, ahead), {})
            last = ahead
        self._ready = max(self._ready, last)
        return slice(first, first + count)

    def drop_last(self, count: int) -> None:
        """Give back the last ``count`` rows, which were appended and not written to."""
        if count:
            self._view = None
            self.size -= count

    def keep(self, rows: NDArray[np.int64]) -> None:
        """Keep some rows only, in order, shape (kept,); column by column, for all are never there twice."""
        for array in self._arrays.values():
            array[: rows.size] = array[rows]
        self._view = None
        self.size = self._ready = rows.size

    def copy(self) -> Columns[View]:
        """Return an independent copy (used to start several scenarios from one base population)."""
        twin = Columns(self._kind, 0)
        twin.size, twin._arrays = self.size, dict(self._arrays)
        twin.make_room(self.room)
        return twin

    @property
    def room(self) -> int:
        """Rows allocated."""
        return len(next(iter(self._arrays.values())))

    def make_room(self, room: int) -> None:
        """Take new arrays of so many rows, at least those in use. Rows nobody has used take no memory yet."""
        for name, array in self._arrays.items():
            self._arrays[name] = np.empty(room, array.dtype)
            self._arrays[name][: self.size] = array[: self.size]
        self._view, self._ready = None, self.size

    def _fill(self, rows: slice, table: dict[str, NDArray[Any]]) -> None:
        given = list(table)
        for name in given:
            self._arrays[name][rows] = table.pop(name)
        for name in self._arrays.keys() - given:
            self._arrays[name][rows] = _DEFAULTS.get(name, 0)


class Population:
    """All people and households of a world; ``scale`` is the sampled share of the real population."""

    def __init__(self, people: int, households: int, scale: float = 1.0, spare: float = 0.25) -> None:
        self.people = Columns(People, people, int(people * (1 + spare)) + 16)
        self.households = Columns(Households, households, int(households * (1 + 2 * spare)) + 16)
        self.scale = scale

    def copy(self) -> Population:
        """Return an independent copy."""
        twin = Population(0, 0, self.scale)
        twin.people, twin.households = self.people.copy(), self.households.copy()
        return twin
