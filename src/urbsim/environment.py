"""The named quantities of zones and government that policies write and processes read.

A policy never touches people: it contributes to a *named quantity*, and the processes read the quantity.
Every month the quantities return to their base values and each active policy contributes anew; contributions
to one quantity combine by the quantity's own stated rule, whatever the order of the policies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from urbsim.codes import COUNTY_ZONES, SCHOOL_STAGES, Dwelling, Group, Origin, Sector, Stage, Zone

Floats = NDArray[np.float64]
Rule = Literal["add", "multiply", "highest", "lowest"]
Axis = Literal["zone", "group", "stage", "sector", "origin", "dwelling"]

#: Members of each axis, in array order. Stages begin at kindergarten: index = stage - 1.
AXES: dict[Axis, Sequence[IntEnum]] = {
    "zone": COUNTY_ZONES,
    "group": tuple(Group),
    "stage": SCHOOL_STAGES,
    "sector": tuple(Sector),
    "origin": tuple(Origin),
    "dwelling": tuple(Dwelling),
}


@dataclass(frozen=True, slots=True)
class Reach:
    """Which counties and zones a policy reaches this month, and how strongly.

    ``strength`` has shape (counties,) with values in [0, 1]: ramp x county targeting x share of the cost that the
    budget could fund. ``zones`` are the zones named by the policy.
    """

    strength: Floats
    zones: tuple[Zone, ...] = COUNTY_ZONES


class Quantity:
    """One named quantity: an array over counties and further axes, with a unit and a rule of combination.

    ``values`` has shape (counties, *axes). ``add`` sums contributions, ``multiply`` multiplies factors, ``highest``
    and ``lowest`` keep the extreme of the base and all contributions. A contribution at partial strength is that
    share of the way from the base (or, for a factor, from 1).
    """

    def __init__(
        self, name: str, unit: str, axes: tuple[Axis, ...], rule: Rule, base: ArrayLike, counties: int
    ) -> None:
        self.name, self.unit, self.axes, self.rule = name, unit, axes, rule
        shape = (counties, *(len(AXES[axis]) for axis in axes))
        self.base: Floats = np.broadcast_to(np.asarray(base, dtype=float), shape).copy()
        self.values: Floats = self.base.copy()

    def reset(self) -> None:
        """Return to the base values, as before any policy."""
        self.values[...] = self.base

    def contribute(self, amount: ArrayLike, reach: Reach, **members: IntEnum | Sequence[IntEnum]) -> None:
        """Combine ``amount`` into the quantity where the policy reaches.

        Parameters
        ----------
        amount
            Scalar, or array of shape (counties,), in the unit of the quantity.
        reach
            Counties, strength and zones. Zones are ignored by a quantity without a zone axis.
        **members
            For each further axis, the members to touch (all where it is not named), e.g. ``group=Group.ELSEWHERE``.
        """
        unknown = set(members) - set(self.axes)
        if unknown:
            raise ValueError(f"quantity '{self.name}' has no axis {sorted(unknown)}; its axes are {self.axes}")
        if "zone" in self.axes:
            members.setdefault("zone", reach.zones)
        touched = np.ix_(np.arange(len(self.base)), *(self._indices(axis, members.get(axis)) for axis in self.axes))
        shape = (-1,) + (1,) * len(self.axes)
        strength = reach.strength.reshape(shape)
        wanted = np.broadcast_to(np.asarray(amount, dtype=float), reach.strength.shape).reshape(shape)
        self._combine(touched, wanted, strength)

    def _combine(self, touched: tuple[NDArray[np.intp], ...], wanted: Floats, strength: Floats) -> None:
        values, base = self.values, self.base
        if self.rule == "add":
            values[touched] += wanted * strength
        elif self.rule == "multiply":
            values[touched] *= 1.0 + strength * (wanted - 1.0)
        else:
            candidate = base[touched] + strength * (wanted - base[touched])
            extreme = np.maximum if self.rule == "highest" else np.minimum
            values[touched] = extreme(values[touched], candidate)

    def _indices(self, axis: Axis, chosen: IntEnum | Sequence[IntEnum] | None) -> NDArray[np.intp]:
        everything = AXES[axis]
        if chosen is None:
            return np.arange(len(everything))
        several = [chosen] if isinstance(chosen, IntEnum) else list(chosen)
        return np.array([everything.index(member) for member in several], dtype=np.intp)


class Environment:
    """All quantities of a world of ``counties`` counties.

    Levers contribute to the quantities named here; a new lever may need a new one, which is one line in ``_DECLARED``
    and one annotation.
    """

    registration_years: Quantity
    registration_needs_home: Quantity
    registration_tenants: Quantity
    registration_reward: Quantity
    school_admission: Quantity
    exam_years: Quantity
    school_places: Quantity
    school_quality: Quantity
    dwellings: Quantity
    public_rental_access: Quantity
    rent_subsidy: Quantity
    purchase_subsidy: Quantity
    down_payment: Quantity
    posts: Quantity
    training_places: Quantity
    training_uplift: Quantity
    land_certified: Quantity
    finding_rate: Quantity
    amenity: Quantity

    #: name, unit, axes, rule, base before the region's own values are set
    _DECLARED: tuple[tuple[str, str, tuple[Axis, ...], Rule, float], ...] = (
        ("registration_years", "years of residence required", ("zone", "group"), "lowest", 3.0),
        (
            "registration_needs_home",
            "1 where an owned dwelling is required",
            ("zone", "group"),
            "lowest",
            1.0,
        ),
        ("registration_tenants", "1 where tenants qualify", ("zone", "group"), "highest", 0.0),
        ("registration_reward", "yuan per newly registered person", ("origin",), "add", 0.0),
        (
            "school_admission",
            "share of vacant places open to the group",
            ("zone", "stage", "group"),
            "highest",
            1.0,
        ),
        ("exam_years", "years of local schooling before the local exam", ("group",), "lowest", 0.0),
        ("school_places", "places a year", ("zone", "stage"), "add", 0.0),
        ("school_quality", "index, 1 = national mean", ("zone", "stage"), "add", 1.0),
        ("dwellings", "dwellings a year", ("zone", "dwelling"), "add", 0.0),
        ("public_rental_access", "1 where the group may queue", ("zone", "group"), "highest", 0.0),
        ("rent_subsidy", "yuan per household and year", ("zone", "group"), "add", 0.0),
        ("purchase_subsidy", "yuan per purchase", ("zone", "group"), "add", 0.0),
        ("down_payment", "share of the price", ("zone",), "lowest", 0.3),
        ("posts", "posts a year", ("zone", "sector"), "add", 0.0),
        ("training_places", "trainees a year", (), "add", 0.0),
        ("training_uplift", "log points of earnings", (), "highest", 0.0),
        ("land_certified", "share of farm households", (), "highest", 0.0),
        ("finding_rate", "factor on the chance of finding a post", ("zone",), "multiply", 1.0),
        ("amenity", "points of utility", ("zone",), "add", 0.0),
    )

    def __init__(self, counties: int) -> None:
        self.counties = counties
        self.quantities: dict[str, Quantity] = {}
        for name, unit, axes, rule, base in self._DECLARED:
            self.quantities[name] = Quantity(name, unit, axes, rule, base, counties)
            setattr(self, name, self.quantities[name])

    def reset(self) -> None:
        """Return every quantity to its base, before the month's policies contribute."""
        for quantity in self.quantities.values():
            quantity.reset()


class Activity:
    """What happened this month that levers pay for: counts in real persons, households or dwellings.

    Filled by the processes, read by ``Policy.spending``; shapes follow the quantity they belong to.
    """

    def __init__(self, counties: int) -> None:
        zones, groups = len(COUNTY_ZONES), len(Group)
        self.renting_households = np.zeros((counties, zones, groups))
        self.purchases = np.zeros((counties, zones, groups))
        self.new_registrations = np.zeros((counties, len(Origin)))
        self.trainees = np.zeros(counties)
        self.newly_certified = np.zeros(counties)
        self.pupils_from_elsewhere = np.zeros((counties, zones, len(SCHOOL_STAGES)))
        self.public_rental_households = np.zeros((counties, zones))

    def clear(self) -> None:
        """Set every count to zero at the start of a month."""
        for counts in vars(self).values():
            counts[...] = 0.0


def stage_index(stage: Stage) -> int:
    """Return the position of a school stage on the ``stage`` axis."""
    return int(stage) - 1
