"""A named quantity: an array over counties that policies contribute to by a rule, and that processes read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from urbsim.arrays import Floats
from urbsim.codes import COUNTY_ZONES, SCHOOL_STAGES, Dwelling, Group, Network, Origin, Sector, Stage, Zone
from urbsim.labels import Label

Rule = Literal["add", "multiply", "highest", "lowest"]
Axis = Literal["zone", "group", "stage", "sector", "origin", "dwelling", "network"]

#: Members of each axis, in array order. Stages begin at kindergarten: index = stage - 1.
AXES: dict[Axis, Sequence[IntEnum]] = {
    "zone": COUNTY_ZONES,
    "group": tuple(Group),
    "stage": SCHOOL_STAGES,
    "sector": tuple(Sector),
    "origin": tuple(Origin),
    "dwelling": tuple(Dwelling),
    "network": tuple(Network),
}


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which counties and zones a policy covers this month, and how strongly.

    ``strength`` has shape (counties,) with values in [0, 1]: ramp x county targeting x share of the cost that the
    budget could fund. ``zones`` are the zones named by the policy. ``accrued``, shape (counties,), is the sum of
    the strengths of all months up to and including this one: a lever that adds A places (posts, dwellings) a year has
    added A x accrued / 12 so far, also after its end.
    """

    strength: Floats
    zones: tuple[Zone, ...] = COUNTY_ZONES
    accrued: Floats = field(default_factory=lambda: np.zeros(1))

    def in_zones(self, counts: Floats) -> Floats:
        """Return the part of ``counts``, shape (counties, zones, ...), that lies in the zones reached."""
        return counts[:, [COUNTY_ZONES.index(zone) for zone in self.zones]]

    def at_full_strength(self) -> Coverage:
        """Return the same coverage without partial strengths: 1 wherever the policy has any strength.

        For the terms of a scheme that do not grow with it: training one half of the trainees does not halve what each
        of them learns.
        """
        return Coverage((self.strength > 0).astype(float), self.zones, self.accrued)


class Declaration(NamedTuple):
    """What a named quantity is, before it has values; ``base`` broadcasts over the last axes."""

    unit: Label
    axes: tuple[Axis, ...]
    rule: Rule
    base: float | tuple[float, ...]


def declare(unit: Label, axes: tuple[Axis, ...], rule: Rule, base: float | tuple[float, ...]) -> Any:
    """Declare a quantity in the body of a class; every instance of ``Environment`` has the quantity in its place.

    Parameters
    ----------
    unit
        Unit, in English and Chinese.
    axes
        Axes after the counties.
    rule
        How contributions combine.
    base
        Value without any policy; it broadcasts over the last axes.
    """
    return Declaration(unit, axes, rule, base)


class Quantity:
    """One named quantity: an array over counties and further axes, with a unit and a rule of combination.

    ``values`` has shape (counties, *axes). ``add`` sums contributions, ``multiply`` multiplies factors, ``highest``
    and ``lowest`` keep the extreme of the base and all contributions. A contribution at partial strength is that
    share of the way from the base (or, for a factor, from 1). ``contributors``, of the same shape, counts the
    contributions in force in each cell, so that policies that pay for the same people can share the cost.
    """

    def __init__(
        self, name: str, unit: str, axes: tuple[Axis, ...], rule: Rule, base: ArrayLike, counties: int
    ) -> None:
        self.name, self.unit, self.axes, self.rule = name, unit, axes, rule
        shape = (counties, *(len(AXES[axis]) for axis in axes))
        self.base: Floats = np.broadcast_to(np.asarray(base, dtype=float), shape).copy()
        self.contributors: Floats = np.zeros(shape)
        self._values = self.base.copy()
        self._parts: list[Floats] = []
        self._known_cells: dict[tuple[Any, ...], tuple[NDArray[np.intp], ...]] = {}
        self._standard: Floats = np.full(shape, -np.inf)  # levels that policies bring the quantity up to
        self._touched = True  # whether something may differ from the base
        self._waits = False  # whether contributions wait to be added up

    @property
    def values(self) -> Floats:
        """The quantity with all contributions, shape (counties, *axes)."""
        if self._waits:
            self._waits = False
            self._values[...] = self._total()
        return self._values

    def set_base(self, values: ArrayLike, *, zone: int | None = None) -> None:
        """Set the value without any policy, of all cells or of a zone, from the next reset on; it broadcasts."""
        self.base[... if zone is None else (slice(None), zone)] = values
        self._touched = True

    def reset(self) -> None:
        """Return to the base values, as before any policy."""
        if not self._touched:
            return
        self._touched = self._waits = False
        self._values[...] = self.base
        self.contributors[...] = 0.0
        self._parts.clear()
        self._standard[...] = -np.inf

    def contribute(
        self, amount: ArrayLike, coverage: Coverage, *, pays: bool = True, **members: IntEnum | Sequence[IntEnum]
    ) -> None:
        """Combine ``amount`` into the quantity where the policy reaches.

        Parameters
        ----------
        amount
            Scalar, or array of shape (counties,), in the unit of the quantity.
        coverage
            Counties, strength and zones. Zones are ignored by a quantity without a zone axis.
        pays
            Whether the policy shares the cost of whom it reaches, and so counts among the ``contributors``.
        **members
            For each further axis, the members to touch (all where it is not named), e.g. ``group=Group.ELSEWHERE``.
        """
        touched, wanted, strength = self._cells(amount, coverage, members)
        if pays:
            self.contributors[touched] += strength > 0
        self._combine(touched, wanted, strength)

    def raise_to(self, level: ArrayLike, coverage: Coverage, **members: IntEnum | Sequence[IntEnum]) -> None:
        """Bring a quantity whose contributions add up to a level at least; where they make it higher, it stays.

        Parameters as those of ``contribute``. At partial strength the level is that share of the way from the base.
        """
        touched, wanted, strength = self._cells(level, coverage, members)
        self.contributors[touched] += strength > 0
        candidate = self.base[touched] + strength * (wanted - self.base[touched])
        self._standard[touched] = np.maximum(self._standard[touched], candidate)
        self._waits = True

    def _cells(
        self, amount: ArrayLike, coverage: Coverage, members: dict[str, IntEnum | Sequence[IntEnum]]
    ) -> tuple[tuple[NDArray[np.intp], ...], Floats, Floats]:
        """Return the cells that a policy touches, what it wants there, and how strongly it acts."""
        unknown = set(members) - set(self.axes)
        if unknown:
            raise ValueError(f"quantity '{self.name}' has no axis {sorted(unknown)}; its axes are {self.axes}")
        if "zone" in self.axes:
            members.setdefault("zone", coverage.zones)
        self._touched = True
        touched = self._touched_by(members)
        shape = (-1,) + (1,) * len(self.axes)
        strength = coverage.strength.reshape(shape)
        wanted = np.asarray(amount, dtype=float)
        return touched, wanted.reshape(shape) if wanted.ndim else wanted, strength

    def _touched_by(self, members: dict[str, IntEnum | Sequence[IntEnum]]) -> tuple[NDArray[np.intp], ...]:
        """Return the cells of some members, as an index; policies touch the same ones month after month."""
        chosen = [members.get(axis) for axis in self.axes]
        name = tuple(each if each is None or isinstance(each, IntEnum) else tuple(each) for each in chosen)
        if name not in self._known_cells:
            indices = (self._indices(axis, each) for axis, each in zip(self.axes, chosen, strict=True))
            self._known_cells[name] = np.ix_(np.arange(len(self.base)), *indices)
        return self._known_cells[name]

    def _combine(self, touched: tuple[NDArray[np.intp], ...], wanted: Floats, strength: Floats) -> None:
        if self.rule in ("highest", "lowest"):
            candidate = self.base[touched] + strength * (wanted - self.base[touched])
            extreme = np.maximum if self.rule == "highest" else np.minimum
            self.values[touched] = extreme(self.values[touched], candidate)
            return
        if self.rule == "multiply":
            part = np.ones(self.base.shape)
            part[touched] = 1.0 + strength * (wanted - 1.0)
        else:
            part = np.zeros(self.base.shape)
            part[touched] = strength * wanted
        self._parts.append(part)
        self._waits = True

    def _total(self) -> Floats:
        # Floating-point sums depend on their order; taking the parts by size in every cell removes the dependence.
        total = self.base.copy()
        for layer in np.sort(np.stack(self._parts), axis=0) if self._parts else ():
            total = total * layer if self.rule == "multiply" else total + layer
        return np.maximum(total, self._standard)

    def _indices(self, axis: Axis, chosen: IntEnum | Sequence[IntEnum] | None) -> NDArray[np.intp]:
        everything = AXES[axis]
        if chosen is None:
            return np.arange(len(everything))
        several = {chosen} if isinstance(chosen, IntEnum) else set(chosen)
        return np.array(sorted(everything.index(member) for member in several), dtype=np.intp)


def stage_index(stage: Stage) -> int:
    """Return the position of a school stage on the ``stage`` axis."""
    return int(stage) - 1
