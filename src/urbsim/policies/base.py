"""What every policy is: a dated, sourced record that contributes to named quantities and books its cost."""

from __future__ import annotations

from abc import ABC, abstractmethod
from enum import StrEnum
from typing import Annotated, Any, ClassVar

import numpy as np
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, model_validator

from urbsim.codes import Zone
from urbsim.environment import Activity, Environment, Floats, Reach
from urbsim.labels import Label
from urbsim.months import format_month, parse_month


class ZoneName(StrEnum):
    """Zones as written in a scenario file."""

    VILLAGE = "village"
    TOWN = "town"
    SEAT = "seat"

    @property
    def zone(self) -> Zone:
        """The zone's code."""
        return Zone[self.name]


class Payer(StrEnum):
    """Who pays; only what the county pays weighs on the county budget."""

    COUNTY = "county"
    PROVINCE = "province"
    CENTRE = "centre"


def _month(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, str):
        raise ValueError(f"{value!r} is not a month; write YYYY-MM, for example 2025-12")
    return parse_month(value)


#: A month written YYYY-MM in the file, held as a month number.
Month = Annotated[
    int, BeforeValidator(_month, json_schema_input_type=str), PlainSerializer(format_month, return_type=str)
]


class Source(BaseModel):
    """Where a policy or target comes from."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    programme: str = Field(description="programme, e.g. changzhi-2024")
    clause: str = Field(description="number of the clause in the programme")
    given: bool = Field(
        description="true where the programme gives the amount; false where the amount is an assumption"
    )


class Policy(BaseModel, ABC):
    """A dated change of named quantities in some zones of some counties.

    A subclass declares ``lever`` (its name in scenario files), texts in both languages, its evidence, its own fields,
    how it contributes to the environment, and what it spends.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    lever: ClassVar[str]
    title: ClassVar[Label]
    explanation: ClassVar[Label]
    evidence: ClassVar[str]
    quantities: ClassVar[tuple[str, ...]]  # names of the quantities it contributes to
    #: 1 is cut first when the budget is short; policies with the same number are cut in proportion.
    cut_order: ClassVar[int] = 2

    start: Month = Field(description="first month in force, YYYY-MM")
    end: Month | None = Field(default=None, description="last month in force, YYYY-MM; open-ended without it")
    ramp_months: int = Field(default=0, ge=0, le=240, description="months until full strength, rising evenly")
    zones: tuple[ZoneName, ...] = Field(
        default=(ZoneName.TOWN, ZoneName.SEAT), min_length=1, description="zones reached"
    )
    counties: tuple[str, ...] | None = Field(default=None, description="codes of the counties reached; all without it")
    payer: Payer = Field(default=Payer.COUNTY, description="who pays")
    source: Source | None = Field(default=None, description="programme clause the policy comes from")

    @model_validator(mode="after")
    def _ends_after_start(self) -> Policy:
        if self.end is not None and self.end < self.start:
            raise ValueError(f"end {format_month(self.end)} is before start {format_month(self.start)}")
        return self

    def ramp(self, month: int) -> float:
        """Return the strength at a month, 0 outside the dates, rising to 1 over ``ramp_months``."""
        if month < self.start or (self.end is not None and month > self.end):
            return 0.0
        return min(1.0, (month - self.start + 1) / (self.ramp_months + 1))

    def reach(self, month: int, county_codes: tuple[str, ...], funded: Floats) -> Reach:
        """Return the reach this month; ``funded`` is the share of the cost the budget could pay, shape (counties,)."""
        chosen = np.array([self.counties is None or code in self.counties for code in county_codes], dtype=float)
        return Reach(strength=self.ramp(month) * chosen * funded, zones=tuple(name.zone for name in self.zones))

    @abstractmethod
    def apply(self, environment: Environment, reach: Reach) -> None:
        """Contribute this month's amounts to the quantities named in ``quantities``."""

    @abstractmethod
    def spending(self, environment: Environment, activity: Activity, reach: Reach) -> Floats:
        """Return the yuan spent this month by county, shape (counties,), given what happened in the month."""

    def describe(self) -> dict[str, Any]:
        """Return the policy as plain data, as it would be written in a scenario file."""
        return {"lever": self.lever, **self.model_dump(mode="json", exclude_none=True, exclude_defaults=True)}
