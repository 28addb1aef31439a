"""The resolved scenario: what a simulation needs to know, after inheritance and checking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from urbsim.labels import Label
from urbsim.months import year_of
from urbsim.parameters import DatedValue
from urbsim.policies.base import Policy, Source

#: Feedbacks that a scenario can freeze, for the partial-equilibrium answer beside the general one.
FEEDBACKS: Mapping[str, Label] = {
    "wages": Label("wages respond to labour supply", "工资随劳动力供给变化"),
    "prices": Label("house prices and rents respond to demand", "房价和房租随需求变化"),
    "schools": Label("school places fill up", "学位随入学人数变化"),
    "network": Label("earlier migrants draw later ones", "先迁者带动后迁者"),
    "services_jobs": Label("services jobs follow residents", "服务业岗位随常住人口变化"),
    "budget": Label("the county budget limits policies", "县级财政约束政策"),
}


@dataclass(frozen=True)
class Target:
    """A programme's target for one indicator at one month."""

    indicator: str
    month: int
    value: float
    source: Source | None = None


@dataclass(frozen=True)
class Scenario:
    """A region, a period, parameters that differ from the registry, dated policies, and targets.

    ``counties`` are six-digit codes in ascending order; ``start`` and ``until`` are month numbers, both simulated.
    ``county_types`` are groups of counties that policies name; a policy's own ``counties`` hold those of its types.
    ``origins`` maps a dotted key to the ``file:line`` it was written at. Two scenarios are equal when they simulate the
    same, wherever they were written.
    """

    name: str
    region: str
    counties: tuple[str, ...]
    start: int
    until: int
    scale: float = 1.0
    description: str = ""
    parameters: Mapping[str, DatedValue] = field(default_factory=dict)
    county_types: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    policies: Mapping[str, Policy] = field(default_factory=dict)
    targets: tuple[Target, ...] = ()
    feedbacks: Mapping[str, bool] = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict, compare=False)
    path: Path | None = field(default=None, compare=False)

    @property
    def base_year(self) -> int:
        """The census year the base population is synthesised from."""
        return year_of(self.start)

    @property
    def months(self) -> int:
        """Number of months simulated."""
        return self.until - self.start + 1
