"""Levers on the transfer of registration (hukou)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from pydantic import Field, model_validator

from urbsim.arrays import Floats
from urbsim.codes import Group, Origin
from urbsim.labels import Label, bilingual
from urbsim.policies.base import GroupName, Groups, Number, Policy, Switch, texts
from urbsim.policies.sharing import codes, shared
from urbsim.quantities.activity import Activity
from urbsim.quantities.environment import Environment
from urbsim.quantities.quantity import Coverage
from urbsim.units import YEARS, YUAN_PER_PERSON

#: The group a newly registered person belonged to, by the origin of the registration given up.
_GROUP_OF_ORIGIN = {
    Origin.SAME_COUNTY: Group.LOCAL_RURAL,
    Origin.SAME_PROVINCE: Group.ELSEWHERE,
    Origin.OTHER_PROVINCE: Group.ELSEWHERE,
}


class HukouRelaxation(Policy):
    """Open urban registration: fewer years of residence, no home of one's own, tenants on a par with owners."""

    lever = "hukou_relaxation"
    title = Label("Relaxation of registration (hukou) rules", "放宽落户条件")
    explanation = Label(
        "Lowers what residents must show before they may transfer their registration to the zones named: years of "
        "residence, a dwelling of their own. Tenants can be put on a par with owners. The strictest rule in force "
        "yields to the most open one. Registration stays voluntary and never costs the land right. Paid once for "
        "every person who registers while the policy is in force.",
        "降低居民将户籍迁入所列区域的门槛：缩短居住年限、取消自有住房要求，也可以让租房者与购房者享有同等落户权利。"
        "多项政策并存时以最宽松的规定为准。落户始终出于自愿，且不以放弃土地权益为条件。"
        "政策执行期间，每新落户一人支付一次费用。",
    )
    evidence = Label(
        "An, Qin, Wu & You 2024 (JOLE): where registration was opened, the share in rural employment fell by 2 to 5 "
        "points and natives' wages did not fall. Yuan per person: assumption.",
        "An、Qin、Wu和You 2024（JOLE）：放开落户的地方，农村就业比重下降2至5个百分点，本地人工资没有下降。"
        "每人金额：假设。",
    )
    quantities = ("registration_years", "registration_needs_home", "registration_tenants")
    cut_order = 3
    example: ClassVar[Mapping[str, Any]] = {
        "zones": ["town", "seat"],
        "years_required": 0.5,
        "home_required": False,
        "eligible": ["local_rural", "elsewhere"],
    }

    years_required: Number | None = Field(
        default=None,
        ge=0,
        le=10,
        description="years of residence asked for; unchanged without it",
        json_schema_extra=texts(YEARS, "要求的居住年限；不填则不变"),
    )
    home_required: Switch = Field(
        default=True,
        description="false drops the requirement to own a dwelling; true leaves it as it is",
        json_schema_extra=texts(None, "否：取消自有住房要求；是：维持原规定"),
    )
    tenants_eligible: Switch = Field(
        default=False,
        description="true lets tenants qualify like owners; false leaves the rule as it is",
        json_schema_extra=texts(None, "是：租房者与购房者同等落户；否：维持原规定"),
    )
    eligible: Groups = Field(
        default=(GroupName.LOCAL_RURAL, GroupName.ELSEWHERE),
        min_length=1,
        description="groups whose rules change, by present registration",
        json_schema_extra=texts(None, "适用群体（按现有户籍）"),
    )
    administration_yuan_per_person: Number = Field(
        default=200.0,
        ge=0,
        le=100_000,
        description="handling one transfer, paid once",
        json_schema_extra=texts(YUAN_PER_PERSON, "办理一人落户的行政费用，一次性"),
    )
    service_yuan_per_person: Number = Field(
        default=5_000.0,
        ge=0,
        le=500_000,
        description="public services opened to the person, paid once",
        json_schema_extra=texts(YUAN_PER_PERSON, "为新落户人口开通公共服务的费用，一次性"),
    )

    @model_validator(mode="after")
    def _changes_something(self) -> HukouRelaxation:
        if self.years_required is None and self.home_required and not self.tenants_eligible:
            raise ValueError(
                bilingual(
                    "changes nothing; set at least one of years_required, home_required: false, tenants_eligible: true",
                    "没有任何作用；years_required、home_required: false、tenants_eligible: true 至少设一项",
                )
            )
        return self

    def apply(self, environment: Environment, coverage: Coverage) -> None:
        """Lower the requirements of the eligible groups in the zones reached."""
        groups = codes(self.eligible)
        if self.years_required is not None:
            environment.registration_years.contribute(self.years_required, coverage, group=groups)
        # Contributed even where it changes nothing: its contributors are the policies that share the cost.
        environment.registration_needs_home.contribute(float(self.home_required), coverage, group=groups)
        environment.registration_tenants.contribute(float(self.tenants_eligible), coverage, group=groups)

    def spending(self, environment: Environment, activity: Activity, coverage: Coverage) -> Floats:
        """Pay for every person of an eligible group newly registered in the zones reached."""
        persons = np.zeros_like(coverage.strength)
        for origin, group in _GROUP_OF_ORIGIN.items():
            if group in codes(self.eligible):
                payers = environment.registration_needs_home.contributors[:, :, group]
                persons += coverage.in_zones(shared(activity.newly_registered[:, :, origin], payers)).sum(axis=1)
        return coverage.strength * persons * (self.administration_yuan_per_person + self.service_yuan_per_person)
