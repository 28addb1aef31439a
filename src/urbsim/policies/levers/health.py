"""Levers on hospitals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from pydantic import Field, model_validator

from urbsim.arrays import Floats
from urbsim.labels import Label, bilingual
from urbsim.policies.base import Number, Policy, texts
from urbsim.policies.sharing import shared
from urbsim.quantities.activity import Activity
from urbsim.quantities.environment import Environment
from urbsim.quantities.quantity import Coverage
from urbsim.units import HOSPITAL_BEDS_A_YEAR, PER_THOUSAND, YUAN_PER_BED, YUAN_PER_PERSON_YEAR

_KINDS = ("beds", "doctors", "nurses")


class HealthCapacity(Policy):
    """Add hospital beds every year, or bring beds, doctors and nurses up to so many per 1,000 residents."""

    lever = "health_capacity"
    title = Label("Health capacity", "医疗卫生服务能力提升")
    explanation = Label(
        "Adds hospital beds every year while in force, and builds the beds and employs the doctors and nurses that the "
        "county lacks of the numbers asked for per 1,000 residents, month by month and never faster than "
        "provision.building_years allows. A standard that is reached is held: beds that the county would have added "
        "later are there already. More of them per resident make the county more attractive against the outside; "
        "residents who come share them. Beds are paid when built and stay. Staff beyond ordinary staffing are paid and "
        "at work for as long as the policy is in force.",
        "政策执行期间每年新增医疗床位；并按每千常住人口标准逐月补足全县缺少的医疗床位、执业（助理）医师和注册护士，"
        "建设速度不快于provision.building_years所允许的速度。达到标准后予以保持：本县日后原本会新增的床位已提前建成。"
        "人均资源增加使本县相对县外更有吸引力，新来居民与原居民共享。床位在建成当月支付并保留；"
        "超出普通配置的医护人员在政策执行期间由政策支付报酬并在岗。",
    )
    evidence = Label(
        "assumption: the weight of beds and staff in the choice where to live is set small. Jieshou asks for 7.5 beds, "
        "3.2 doctors and 3.8 nurses per 1,000 residents in 2025.",
        "假设：床位和医务人员在选择住处时的权重取值较小。界首要求2025年每千常住人口床位7.5张、医师3.2名、护士3.8名。",
    )
    quantities = ("hospital_beds", "beds_per_thousand", "doctors_per_thousand", "nurses_per_thousand")
    cut_order = 2
    example: ClassVar[Mapping[str, Any]] = {
        "beds_per_thousand": 7.5,
        "doctors_per_thousand": 3.2,
        "nurses_per_thousand": 3.8,
        "ramp_months": 35,
    }

    beds_per_year: Number = Field(
        default=0.0,
        ge=0,
        le=100_000,
        description="hospital beds added beyond those that the county adds anyway",
        json_schema_extra=texts(HOSPITAL_BEDS_A_YEAR, "在原有趋势之外新增的医疗床位"),
    )
    beds_per_thousand: Number = Field(
        default=0.0,
        ge=0,
        le=30,
        description="hospital beds; a county that has more keeps them",
        json_schema_extra=texts(PER_THOUSAND, "医疗床位数；已高于该标准的县保持不变"),
    )
    doctors_per_thousand: Number = Field(
        default=0.0,
        ge=0,
        le=20,
        description="practising and assistant doctors; never fewer than ordinary staffing",
        json_schema_extra=texts(PER_THOUSAND, "执业（助理）医师数；不低于普通配置"),
    )
    nurses_per_thousand: Number = Field(
        default=0.0,
        ge=0,
        le=30,
        description="registered nurses; never fewer than ordinary staffing",
        json_schema_extra=texts(PER_THOUSAND, "注册护士数；不低于普通配置"),
    )
    yuan_per_bed: Number = Field(
        default=300_000.0,
        ge=0,
        le=5_000_000,
        description="public cost of one bed with building and equipment, paid when it is built",
        json_schema_extra=texts(YUAN_PER_BED, "每张床位含房屋设备的公共投入，建成当月支付"),
    )
    yuan_per_doctor_year: Number = Field(
        default=60_000.0,
        ge=0,
        le=1_000_000,
        description="public part of the pay of a doctor beyond ordinary staffing, one twelfth each month",
        json_schema_extra=texts(YUAN_PER_PERSON_YEAR, "超出普通配置的医师报酬中由财政负担的部分，每月十二分之一"),
    )
    yuan_per_nurse_year: Number = Field(
        default=40_000.0,
        ge=0,
        le=1_000_000,
        description="public part of the pay of a nurse beyond ordinary staffing, one twelfth each month",
        json_schema_extra=texts(YUAN_PER_PERSON_YEAR, "超出普通配置的护士报酬中由财政负担的部分，每月十二分之一"),
    )

    @model_validator(mode="after")
    def _changes_something(self) -> HealthCapacity:
        if not self.beds_per_year and not any(self._asked().values()):
            names = ", ".join(["beds_per_year", *(f"{kind}_per_thousand" for kind in _KINDS)])
            raise ValueError(
                bilingual(f"changes nothing; set at least one of {names}", f"没有任何作用；{names} 至少设一项")
            )
        return self

    def _asked(self) -> dict[str, float]:
        return {kind: float(getattr(self, f"{kind}_per_thousand")) for kind in _KINDS}

    def apply(self, environment: Environment, coverage: Coverage) -> None:
        """Add beds; raise the numbers per 1,000 residents that are asked for."""
        environment.hospital_beds.contribute(self.beds_per_year, coverage)
        for kind, number in self._asked().items():
            if number:
                environment.quantities[f"{kind}_per_thousand"].contribute(number, coverage)

    def spending(self, environment: Environment, activity: Activity, coverage: Coverage) -> Floats:
        """Pay for the beds added and built this month and a twelfth of the pay of the staff added."""
        asked = self._asked()
        costs = {
            "beds": activity.beds_built * self.yuan_per_bed,
            "doctors": activity.doctors_added * self.yuan_per_doctor_year / 12,
            "nurses": activity.nurses_added * self.yuan_per_nurse_year / 12,
        }
        yuan = sum(
            (
                shared(cost, environment.quantities[f"{kind}_per_thousand"].contributors)
                for kind, cost in costs.items()
                if asked[kind]
            ),
            np.zeros_like(coverage.strength),
        )
        added = coverage.strength * self.beds_per_year / 12 * self.yuan_per_bed
        # Strength is already in the numbers built and employed up to a standard.
        return added + (coverage.strength > 0) * yuan
