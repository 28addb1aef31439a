"""What every policy is: a dated, sourced record that contributes to named quantities and books its cost."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from pathlib import PurePath
from typing import Annotated, Any, ClassVar, NamedTuple, TypeVar

import numpy as np
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    Strict,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)

from urbsim.arrays import Floats
from urbsim.codes import Group, Zone
from urbsim.labels import Label, Language, bilingual
from urbsim.months import format_month, parse_month
from urbsim.quantities.activity import Activity
from urbsim.quantities.environment import DECLARATIONS, Environment
from urbsim.quantities.quantity import Coverage


class ZoneName(StrEnum):
    """Zones as written in a scenario file."""

    VILLAGE = "village"
    TOWN = "town"
    SEAT = "seat"

    @property
    def zone(self) -> Zone:
        """The zone's code."""
        return Zone[self.name]


class GroupName(StrEnum):
    """Groups of residents by registration, as written in a scenario file."""

    LOCAL_URBAN = "local_urban"
    LOCAL_RURAL = "local_rural"
    ELSEWHERE = "elsewhere"

    @property
    def group(self) -> Group:
        """The group's code."""
        return Group[self.name]


class Payer(StrEnum):
    """Who pays; only what the county pays weighs on the county budget."""

    COUNTY = "county"
    PROVINCE = "province"
    CENTRE = "centre"

    @property
    def label(self) -> Label:
        """Who that is, in both languages."""
        return _PAYERS[self]


_PAYERS = {
    Payer.COUNTY: Label("county", "县级"),
    Payer.PROVINCE: Label("province", "省级"),
    Payer.CENTRE: Label("centre", "中央"),
}


def _month(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, str):
        raise ValueError(
            bilingual(
                f"{value!r} is not a month; write YYYY-MM, for example 2025-12",
                f"{value!r} 不是月份；请写 YYYY-MM，例如 2025-12",
            )
        )
    return parse_month(value)


#: A month written YYYY-MM in the file, held as a month number.
Month = Annotated[
    int, BeforeValidator(_month, json_schema_input_type=str), PlainSerializer(format_month, return_type=str)
]


@lru_cache(maxsize=256)
def _reached(counties: tuple[str, ...] | None, codes: tuple[str, ...]) -> Floats:
    """Return 1 for each of the counties of a world that is one of ``counties``, else 0; None stands for all."""
    return np.isin(codes, codes if counties is None else counties).astype(float)


@lru_cache(maxsize=16)
def _zones(names: tuple[ZoneName, ...]) -> tuple[Zone, ...]:
    return tuple(name.zone for name in names)


def _county_code(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Member = TypeVar("Member", bound=StrEnum)


def in_order(members: tuple[Member, ...]) -> tuple[Member, ...]:
    """Drop repetitions and put members in the order of their enumeration, so that a list means a set."""
    return tuple(member for member in type(members[0]) if member in members) if members else members


#: Amounts refuse text and yes/no, which would otherwise be read as numbers.
Number = Annotated[float, Strict()]
Count = Annotated[int, Strict()]
Switch = Annotated[bool, Strict()]
Zones = Annotated[tuple[ZoneName, ...], AfterValidator(in_order)]
Groups = Annotated[tuple[GroupName, ...], AfterValidator(in_order)]
CountyCode = Annotated[str, BeforeValidator(_county_code), StringConstraints(pattern=r"^\d{6}$")]


def texts(unit: Label | None, zh: str) -> Any:
    """Return the part of a field's schema that pydantic does not know: its unit and its Chinese description."""
    units = {"unit": unit.en, "unit_zh": unit.zh} if unit else {}
    return {**units, "description_zh": zh}


class LeverOrigin(NamedTuple):
    """Where a lever of the user's own was read from.

    ``files`` holds the path, relative to the folder of the lever file, and the SHA-256 of every file that was read
    there when the lever file was run: itself, the modules it imports, data.
    """

    path: str
    class_name: str
    files: tuple[tuple[str, str], ...]

    @property
    def spec(self) -> str:
        """What a scenario file in the same folder writes after ``lever:``."""
        return f"{PurePath(self.path).name}:{self.class_name}"

    @property
    def digest(self) -> str:
        """A short name of the content of all files."""
        return hashlib.sha256(repr(self.files).encode()).hexdigest()[:8]


class Source(BaseModel):
    """Where a policy or target comes from."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    programme: str = Field(
        description="programme, e.g. changzhi-2024", json_schema_extra=texts(None, "规划，例如 changzhi-2024")
    )
    clause: str = Field(
        description="number of the clause in the programme", json_schema_extra=texts(None, "该规划中条款的编号")
    )
    given: Switch = Field(
        default=False,
        description="true where the programme gives the amount; false where the amount is an assumption",
        json_schema_extra=texts(None, "规划写明数量为 true；数量为假设则为 false"),
    )


_LONGEST_PART = 100


def _name_of_part(value: str) -> str:
    if not value.strip() or not value.isprintable() or len(value) > _LONGEST_PART:
        raise ValueError(
            bilingual(
                f"the name of a part is one line of 1 to {_LONGEST_PART} characters",
                f"部分的名称只能写一行，1 至 {_LONGEST_PART} 个字符",
            )
        )
    return value


PartText = Annotated[str, AfterValidator(_name_of_part)]


class Part(BaseModel):
    """Name of the part of a plan that a policy belongs to, in both languages."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    en: PartText
    zh: PartText

    @property
    def label(self) -> Label:
        """The name as text for users."""
        return Label(self.en, self.zh)


def _both_languages(value: object) -> object:
    return {"en": value, "zh": value} if isinstance(value, str) else value


_PART_SCHEMA = {
    "oneOf": [
        {"type": "string"},
        {
            "type": "object",
            "properties": {"en": {"type": "string"}, "zh": {"type": "string"}},
            "required": ["en", "zh"],
            "additionalProperties": False,
        },
    ]
}
#: A part as a scenario file names it: one text for both languages, or one each.
PartName = Annotated[Part, BeforeValidator(_both_languages), WithJsonSchema(_PART_SCHEMA)]


class Policy(BaseModel, ABC):
    """A dated change of named quantities in some zones of some counties.

    A subclass declares ``lever`` (its name in scenario files), texts in both languages, its evidence, its own fields,
    how it contributes to the environment, and what it spends.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    lever: ClassVar[str]
    title: ClassVar[Label]
    explanation: ClassVar[Label]
    evidence: ClassVar[str | Label]
    quantities: ClassVar[tuple[str, ...]]  # names of the quantities it contributes to
    #: 1 is cut first when the budget is short; policies with the same number are cut in proportion.
    cut_order: ClassVar[int] = 2
    #: The lever's own fields in an example for the reference; required fields at least.
    example: ClassVar[Mapping[str, Any]] = {}
    #: Set where the class was read from a user's file.
    origin: ClassVar[LeverOrigin | None] = None

    start: Month = Field(
        description="first month in force, YYYY-MM", json_schema_extra=texts(None, "开始执行的月份，YYYY-MM")
    )
    end: Month | None = Field(
        default=None,
        description="last month in force, YYYY-MM; open-ended without it",
        json_schema_extra=texts(None, "执行的最后月份，YYYY-MM；不填则一直执行"),
    )
    ramp_months: Count = Field(
        default=0,
        ge=0,
        le=240,
        description="months before full strength, rising evenly",
        json_schema_extra=texts(Label("months", "月"), "逐月均匀加强、达到全部力度之前的月数"),
    )
    zones: Zones = Field(
        default=(ZoneName.TOWN, ZoneName.SEAT),
        min_length=1,
        description="zones reached",
        json_schema_extra=texts(None, "覆盖的区域"),
    )
    counties: tuple[CountyCode, ...] | None = Field(
        default=None,
        min_length=1,
        description="six-digit codes of the counties reached; all without it",
        json_schema_extra=texts(None, "覆盖的县（六位代码）；不填则为全部"),
    )
    county_types: tuple[str, ...] | None = Field(
        default=None,
        min_length=1,
        description="types of county reached, as the scenario defines them, beside those named by counties",
        json_schema_extra=texts(None, "覆盖的县域类型（在情景中定义），与counties所列的县合并"),
    )
    payer: Payer = Field(
        default=Payer.COUNTY,
        description="who pays; only what the county pays weighs on its budget",
        json_schema_extra=texts(None, "由谁支付；只有县级支付计入本县预算"),
    )
    part: PartName | None = Field(
        default=None,
        description="part of the plan it belongs to: text, or {en: text, zh: text}",
        json_schema_extra=texts(None, "所属的方案部分：文本，或{en: 文本, zh: 文本}"),
    )
    source: Source | None = Field(
        default=None,
        description="programme clause the policy comes from",
        json_schema_extra=texts(None, "政策所依据的文件条款"),
    )

    @classmethod
    def evidence_in(cls, language: Language) -> str:
        """Return the evidence; as it was written where it is in one language only."""
        return cls.evidence if isinstance(cls.evidence, str) else cls.evidence.in_language(language)

    @classmethod
    def zonal(cls) -> bool:
        """Return whether the lever acts by zone; one that does not refuses the field ``zones``."""
        return any("zone" in DECLARATIONS[name].axes for name in cls.quantities)

    @model_validator(mode="after")
    def _ends_after_start(self) -> Policy:
        if self.end is not None and self.end < self.start:
            raise ValueError(
                bilingual(
                    f"end {format_month(self.end)} is before start {format_month(self.start)}",
                    f"结束月 {format_month(self.end)} 早于起始月 {format_month(self.start)}",
                )
            )
        return self

    @model_validator(mode="after")
    def _names_zones_only_where_they_matter(self) -> Policy:
        if "zones" in self.model_fields_set and not self.zonal():
            raise ValueError(
                bilingual(
                    f"{self.lever} acts on whole counties; leave out 'zones'",
                    f"{self.lever} 作用于整个县；请去掉“zones”",
                )
            )
        return self

    @model_validator(mode="after")
    def _knows_the_counties_of_its_types(self) -> Policy:
        if self.county_types and self.counties is None:
            raise ValueError(
                bilingual(
                    "county_types have a meaning in a scenario only; name the counties in 'counties'",
                    "county_types 只在情景文件中有意义；请在“counties”中写明各县",
                )
            )
        return self

    def ramp(self, month: int) -> float:
        """Return the strength at a month, 0 outside the dates, rising to 1 after ``ramp_months`` months."""
        if month < self.start or (self.end is not None and month > self.end):
            return 0.0
        return min(1.0, (month - self.start + 1) / (self.ramp_months + 1))

    def accrued_ramp(self, month: int) -> float:
        """Return the sum of ``ramp`` over all months up to and including ``month``."""
        last = month if self.end is None else min(month, self.end)
        in_force = max(0, last - self.start + 1)
        rising = min(in_force, self.ramp_months)
        return rising * (rising + 1) / 2 / (self.ramp_months + 1) + (in_force - rising)

    def coverage(
        self, month: int, county_codes: tuple[str, ...], funded: Floats, accrued_before: Floats | None = None
    ) -> Coverage:
        """Return the coverage in one month.

        Parameters
        ----------
        month
            Month number.
        county_codes
            Codes of the counties of the world, in the order of its arrays.
        funded
            Share of the cost that the budget could pay, shape (counties,), from 0 to 1.
        accrued_before
            ``accrued`` of the previous month's coverage. Without it the policy counts as funded at this month's share
            since its start.
        """
        chosen, ramp = _reached(self.counties, county_codes), self.ramp(month)
        strength = ramp * chosen * funded
        if accrued_before is None:
            accrued_before = (self.accrued_ramp(month) - ramp) * chosen * funded
        return Coverage(strength, _zones(self.zones), accrued_before + strength)

    @abstractmethod
    def apply(self, environment: Environment, coverage: Coverage) -> None:
        """Contribute this month's amounts to the quantities named in ``quantities``."""

    @abstractmethod
    def spending(self, environment: Environment, activity: Activity, coverage: Coverage) -> Floats:
        """Return the yuan spent this month by county, shape (counties,), given what happened in the month.

        The cost of building is booked in the month of building. Running costs of what was built follow
        ``coverage.accrued`` and so go on after the policy's end.
        """

    @classmethod
    def spec(cls) -> str:
        """Return what a scenario file writes after ``lever:``."""
        return cls.origin.spec if cls.origin else cls.lever

    def describe(self) -> dict[str, Any]:
        """Return the policy as plain data, as it would be written in a scenario file."""
        return {"lever": self.spec(), **self.model_dump(mode="json", exclude_none=True, exclude_defaults=True)}
