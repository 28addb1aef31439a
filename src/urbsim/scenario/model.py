"""The resolved scenario: what a simulation needs to know, after inheritance and checking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from urbsim.months import year_of
from urbsim.parameters import DatedValue
from urbsim.policies.base import Policy, Source


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
    ``origins`` maps a dotted key to the ``file:line`` it was written at.
    """

    name: str
    region: str
    counties: tuple[str, ...]
    start: int
    until: int
    scale: float = 1.0
    description: str = ""
    parameters: Mapping[str, DatedValue] = field(default_factory=dict)
    policies: Mapping[str, Policy] = field(default_factory=dict)
    targets: tuple[Target, ...] = ()
    feedbacks: Mapping[str, bool] = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict)
    path: Path | None = None

    @property
    def base_year(self) -> int:
        """The census year the base population is synthesised from."""
        return year_of(self.start)

    @property
    def months(self) -> int:
        """Number of months simulated."""
        return self.until - self.start + 1
