"""The named quantities of zones and government that policies write and processes read.

A policy never touches people: it contributes to a *named quantity*, and the processes read the quantity.
Every month the quantities return to their base values and each active policy contributes anew; contributions
to one quantity combine by the quantity's own stated rule. The result does not depend on the order of the
policies, to the last bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from urbsim.codes import COUNTY_ZONES, SCHOOL_STAGES, Dwelling, Group, Network, Origin, Sector, Stage, Zone
from urbsim.labels import Label
from urbsim.quantities.places import PLACE_DECLARATIONS, PlaceActivity, PlaceQuantities
from urbsim.quantities.services import SERVICE_DECLARATIONS, ServiceActivity, ServiceQuantities

Floats = NDArray[np.float64]
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
class Reach:
    """Which counties and zones a policy reaches this month, and how strongly.

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

    def at_full_strength(self) -> Reach:
        """Return the same reach without partial strengths: 1 wherever the policy has any strength.

        For the terms of a scheme that do not grow with it: training one half of the trainees does not halve what each
        of them learns.
        """
        return Reach((self.strength > 0).astype(float), self.zones, self.accrued)


class Declaration(NamedTuple):
    """What a named quantity is, before it has values; ``base`` broadcasts over the last axes."""

    unit: Label
    axes: tuple[Axis, ...]
    rule: Rule
    base: float | tuple[float, ...]


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
        self.values: Floats = self.base.copy()
        self.contributors: Floats = np.zeros(shape)
        self._parts: list[Floats] = []
        self._standard: Floats = np.full(shape, -np.inf)  # levels that policies bring the quantity up to

    def reset(self) -> None:
        """Return to the base values, as before any policy."""
        self.values[...] = self.base
        self.contributors[...] = 0.0
        self._parts.clear()
        self._standard[...] = -np.inf

    def contribute(
        self, amount: ArrayLike, reach: Reach, *, pays: bool = True, **members: IntEnum | Sequence[IntEnum]
    ) -> None:
        """Combine ``amount`` into the quantity where the policy reaches.

        Parameters
        ----------
        amount
            Scalar, or array of shape (counties,), in the unit of the quantity.
        reach
            Counties, strength and zones. Zones are ignored by a quantity without a zone axis.
        pays
            Whether the policy shares the cost of whom it reaches, and so counts among the ``contributors``.
        **members
            For each further axis, the members to touch (all where it is not named), e.g. ``group=Group.ELSEWHERE``.
        """
        touched, wanted, strength = self._cells(amount, reach, members)
        if pays:
            self.contributors[touched] += strength > 0
        self._combine(touched, wanted, strength)

    def raise_to(self, level: ArrayLike, reach: Reach, **members: IntEnum | Sequence[IntEnum]) -> None:
        """Bring a quantity whose contributions add up to a level at least; where they make it higher, it stays.

        Parameters as those of ``contribute``. At partial strength the level is that share of the way from the base.
        """
        touched, wanted, strength = self._cells(level, reach, members)
        self.contributors[touched] += strength > 0
        candidate = self.base[touched] + strength * (wanted - self.base[touched])
        self._standard[touched] = np.maximum(self._standard[touched], candidate)
        self.values[...] = self._total()

    def _cells(
        self, amount: ArrayLike, reach: Reach, members: dict[str, IntEnum | Sequence[IntEnum]]
    ) -> tuple[tuple[NDArray[np.intp], ...], Floats, Floats]:
        """Return the cells that a policy touches, what it wants there, and how strongly it acts."""
        unknown = set(members) - set(self.axes)
        if unknown:
            raise ValueError(f"quantity '{self.name}' has no axis {sorted(unknown)}; its axes are {self.axes}")
        if "zone" in self.axes:
            members.setdefault("zone", reach.zones)
        touched = np.ix_(np.arange(len(self.base)), *(self._indices(axis, members.get(axis)) for axis in self.axes))
        shape = (-1,) + (1,) * len(self.axes)
        strength = reach.strength.reshape(shape)
        wanted = np.broadcast_to(np.asarray(amount, dtype=float), reach.strength.shape).reshape(shape)
        return touched, wanted, strength

    def _combine(self, touched: tuple[NDArray[np.intp], ...], wanted: Floats, strength: Floats) -> None:
        if self.rule in ("highest", "lowest"):
            candidate = self.base[touched] + strength * (wanted - self.base[touched])
            extreme = np.maximum if self.rule == "highest" else np.minimum
            self.values[touched] = extreme(self.values[touched], candidate)
            return
        part = np.full_like(self.base, 1.0 if self.rule == "multiply" else 0.0)
        part[touched] = 1.0 + strength * (wanted - 1.0) if self.rule == "multiply" else strength * wanted
        self._parts.append(part)
        self.values[...] = self._total()

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


#: Every named quantity. Shares and yes/no rules run from 0 to 1: at 0.5 half of the people come under the rule.
DECLARATIONS: dict[str, Declaration] = {
    "registration_years": Declaration(
        Label("years of residence required", "要求居住年限（年）"), ("zone", "group"), "lowest", 3.0
    ),
    "registration_needs_home": Declaration(
        Label("share of applicants who must own a dwelling", "须有自有住房的申请人比例"),
        ("zone", "group"),
        "lowest",
        1.0,
    ),
    "registration_tenants": Declaration(
        Label("share of tenants who qualify", "可落户的租房者比例"), ("zone", "group"), "highest", 0.0
    ),
    "registration_reward": Declaration(
        Label("yuan per newly registered person", "元/新落户人口"), ("origin",), "add", 0.0
    ),
    "school_admission": Declaration(
        Label("share of vacant places open to the group", "空余学位对该群体开放的比例"),
        ("zone", "stage", "group"),
        "highest",
        (1.0, 1.0, 0.9),
    ),
    "exam_years": Declaration(
        Label("years of local schooling before the local exam", "参加本地升学考试所需就读年限（年）"),
        ("group",),
        "lowest",
        (0.0, 0.0, 3.0),
    ),
    "school_places": Declaration(Label("places a year", "个学位/年"), ("zone", "stage"), "add", 0.0),
    "school_quality": Declaration(
        Label("index, 1 = national mean", "指数，全国平均为1"), ("zone", "stage"), "add", 1.0
    ),
    "dwellings": Declaration(Label("dwellings a year", "套/年"), ("zone", "dwelling"), "add", 0.0),
    "public_rental_access": Declaration(
        Label("share of the group that may queue", "可申请轮候的群体比例"), ("zone", "group"), "highest", 0.0
    ),
    "rent_subsidy": Declaration(
        Label("yuan per renting household and year", "元/租房户·年"), ("zone", "group"), "add", 0.0
    ),
    "purchase_subsidy": Declaration(Label("yuan per purchase", "元/套"), ("zone", "group"), "add", 0.0),
    "down_payment": Declaration(Label("share of the price", "占房价比例"), ("zone",), "lowest", 0.3),
    "posts": Declaration(Label("posts a year", "个岗位/年"), ("zone", "sector"), "add", 0.0),
    "training_places": Declaration(Label("trainees a year", "人/年"), (), "add", 0.0),
    "training_uplift": Declaration(Label("log points of earnings", "收入对数点"), (), "highest", 0.0),
    "land_certified": Declaration(Label("share of farm households", "占农户比例"), (), "highest", 0.0),
    "finding_rate": Declaration(
        Label("factor on the chance of finding a post", "找到工作概率的倍数"), ("zone",), "multiply", 1.0
    ),
    "amenity": Declaration(Label("points of utility", "效用点"), ("zone",), "add", 0.0),
    **{name: Declaration(*entry) for name, entry in {**SERVICE_DECLARATIONS, **PLACE_DECLARATIONS}.items()},
}


class Environment(ServiceQuantities, PlaceQuantities):
    """All quantities of a world of ``counties`` counties.

    Levers contribute to the quantities named here; a new lever may need a new one, which is one entry in
    ``DECLARATIONS`` and one annotation.
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

    def __init__(self, counties: int) -> None:
        self.counties = counties
        self.quantities: dict[str, Quantity] = {}
        for name, (unit, axes, rule, base) in DECLARATIONS.items():
            self.quantities[name] = Quantity(name, unit.en, axes, rule, base, counties)
            setattr(self, name, self.quantities[name])

    def reset(self) -> None:
        """Return every quantity to its base, before the month's policies contribute."""
        for quantity in self.quantities.values():
            quantity.reset()


class Activity(ServiceActivity, PlaceActivity):
    """What happened this month that levers pay for: counts in real persons, households or dwellings.

    Filled by the processes, already re-weighted to the real population; read by ``Policy.spending``. A stock is the
    number present this month, a flow the number of events in the month.
    """

    def __init__(self, counties: int) -> None:
        super().__init__(counties)
        zones, groups, stages = len(COUNTY_ZONES), len(Group), len(SCHOOL_STAGES)
        #: Stock: households renting on the market, by zone and group of the household.
        self.renting_households = np.zeros((counties, zones, groups))
        #: Flow: dwellings bought by households, by zone of the dwelling and group of the household.
        self.purchases = np.zeros((counties, zones, groups))
        #: Flow: persons newly registered, by zone of the new registration and origin.
        self.newly_registered = np.zeros((counties, zones, len(Origin)))
        #: Flow: persons who were trained.
        self.trainees = np.zeros(counties)
        #: Flow: farm households whose land right was certified.
        self.newly_certified = np.zeros(counties)
        #: Stock: pupils in the schools of a zone.
        self.pupils = np.zeros((counties, zones, stages))
        #: Stock: those of them who are registered elsewhere.
        self.pupils_from_elsewhere = np.zeros((counties, zones, stages))

    def clear(self) -> None:
        """Set every count to zero at the start of a month."""
        for counts in vars(self).values():
            counts[...] = 0.0


def stage_index(stage: Stage) -> int:
    """Return the position of a school stage on the ``stage`` axis."""
    return int(stage) - 1
