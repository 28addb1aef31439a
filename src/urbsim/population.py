"""The columns of people and households: one array per attribute, one row per person or household.

Rows are never removed, so an index into a column stays valid for a whole run: people who die or leave the
world keep their row with ``alive`` 0. Arrays are allocated with room for births and arrivals; only the first
``people.size`` rows are in use.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import DTypeLike, NDArray

NOBODY = -1

PERSON_COLUMNS: dict[str, DTypeLike] = {
    "key": np.uint64,  # stable identity: same person, same draws, in every scenario
    "birth": np.int32,  # month number of birth
    "female": np.uint8,
    "alive": np.uint8,  # 0 once dead or departed from the world
    "county": np.int32,  # county of residence; for people in near or far, the county they left
    "zone": np.uint8,  # codes.Zone
    "arrival": np.int32,  # month of arrival in the present zone
    "registration": np.int32,  # county of registration, or codes.REGISTERED_*
    "registered_zone": np.uint8,  # zone of the registration, codes.Zone (village, town or seat)
    "urban_registered": np.uint8,
    "schooling": np.uint8,  # codes.Schooling
    "stage": np.uint8,  # codes.Stage
    "has_place": np.uint8,  # 1 where the person's school place is in the zone of residence
    "work": np.uint8,  # codes.Work
    "earnings": np.float32,  # yuan a month
    "trained": np.float32,  # log points of earnings added by training
    "insurance": np.uint8,  # codes.Insurance
    "household": np.int32,  # for people in near or far, the household left at home
    "spouse": np.int32,
    "mother": np.int32,
    "first_child": np.int32,  # of a mother; children form a linked list through next_sibling
    "next_sibling": np.int32,
}
HOUSEHOLD_COLUMNS: dict[str, DTypeLike] = {
    "key": np.uint64,
    "county": np.int32,
    "zone": np.uint8,  # zone of the home; all members resident in the county live there
    "land": np.float32,  # contracted land, mu
    "certified": np.uint8,  # land right certified
    "homestead": np.uint8,
    "tenure": np.uint8,  # codes.Tenure
    "savings": np.float32,  # yuan
}
_DEFAULTS = {
    "alive": 1,
    "household": NOBODY,
    "spouse": NOBODY,
    "mother": NOBODY,
    "first_child": NOBODY,
    "next_sibling": NOBODY,
}


class Columns:
    """A growable set of equally long arrays, read as attributes or with ``columns["name"]``."""

    def __init__(self, types: dict[str, DTypeLike], size: int, capacity: int | None = None) -> None:
        self.size = size
        self._types = types
        room = max(size, capacity or size, 1)
        self._arrays = {name: self._fresh(name, room) for name in types}

    def __getitem__(self, name: str) -> NDArray[np.generic]:
        """Return the rows in use of one column, as a view."""
        return self._arrays[name][: self.size]

    def __getattr__(self, name: str) -> NDArray[np.generic]:
        if name.startswith("_") or name not in self._arrays:
            raise AttributeError(f"no column named '{name}'; there are {', '.join(self._types)}")
        return self._arrays[name][: self.size]

    def __iter__(self) -> Iterator[str]:
        return iter(self._types)

    def append(self, count: int) -> slice:
        """Add ``count`` rows holding defaults; return their slice. Doubles the room when it is short."""
        first, self.size = self.size, self.size + count
        room = len(next(iter(self._arrays.values())))
        if self.size > room:
            more = max(self.size - room, room // 4)
            for name, array in self._arrays.items():
                self._arrays[name] = np.concatenate([array, self._fresh(name, more)])
        return slice(first, self.size)

    def copy(self) -> Columns:
        """Return an independent copy (used to start several scenarios from one base population)."""
        twin = Columns(self._types, self.size, len(next(iter(self._arrays.values()))))
        for name, array in self._arrays.items():
            twin._arrays[name][:] = array
        return twin

    def _fresh(self, name: str, room: int) -> NDArray[np.generic]:
        return np.full(room, _DEFAULTS.get(name, 0), dtype=self._types[name])


class Population:
    """All people and households of a world; ``scale`` is the sampled share of the real population."""

    def __init__(self, people: int, households: int, scale: float = 1.0, spare: float = 0.25) -> None:
        self.people = Columns(PERSON_COLUMNS, people, int(people * (1 + spare)) + 16)
        self.households = Columns(HOUSEHOLD_COLUMNS, households, int(households * (1 + 2 * spare)) + 16)
        self.scale = scale

    def copy(self) -> Population:
        """Return an independent copy."""
        twin = Population(0, 0, self.scale)
        twin.people, twin.households = self.people.copy(), self.households.copy()
        return twin
