"""Levers on who may use public services, and on how good they are outside the seat."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field

from urbsim.arrays import Floats
from urbsim.codes import COUNTY_ZONES, Zone
from urbsim.labels import Label
from urbsim.policies.base import GroupName, Groups, Number, Policy, ZoneName, Zones, texts
from urbsim.policies.sharing import codes, shared
from urbsim.quantities.activity import Activity
from urbsim.quantities.environment import Environment
from urbsim.quantities.quantity import Coverage
from urbsim.units import RATIO, SHARE, YUAN_PER_PERSON_YEAR

_SEAT = COUNTY_ZONES.index(Zone.SEAT)


class ResidenceBasedServices(Policy):
    """Open public services to residents by where they live, not by where they are registered."""

    lever = "residence_based_services"
    title = Label("Services by residence", "常住地基本公共服务")
    explanation = Label(
        "Gives holders of a residence permit part or all of the public services that registration gives: they value "
        "the zones reached more without transferring their registration, and their children are admitted to vacant "
        "school places at least to the same extent. Registration itself is not changed. Paid for every person "
        "entitled who lives in the zones.",
        "使居住证持有人享有户籍所附公共服务的一部分或全部：无须迁移户籍，所列区域对他们的价值也会提高，"
        "其子女入读空余学位的比例不低于该程度。户籍本身不变。按居住在所列区域的享有人数支付费用。",
    )
    evidence = Label(
        "assumption: that services are half of what registration is worth has no source. NBS survey 2023: 90 % of "
        "migrants' children in primary school attend public schools.",
        "假设：公共服务占户口价值的一半没有来源。国家统计局2023年调查：随迁子女小学90%在公办学校就读。",
    )
    quantities = ("service_entitlement", "school_admission")
    cut_order = 3
    example: ClassVar[Mapping[str, Any]] = {"zones": ["seat"], "entitlement": 1.0}

    entitlement: Number = Field(
        ge=0,
        le=1,
        description="part of the public services of registered residents that permit holders may use",
        json_schema_extra=texts(SHARE, "居住证持有人可享有的户籍居民公共服务比例"),
    )
    eligible: Groups = Field(
        default=(GroupName.ELSEWHERE,),
        min_length=1,
        description="groups entitled, by present registration",
        json_schema_extra=texts(None, "适用群体（按现有户籍）"),
    )
    yuan_per_person_year: Number = Field(
        default=800.0,
        ge=0,
        le=100_000,
        description="cost of all services of registration for one person, one twelfth each month",
        json_schema_extra=texts(YUAN_PER_PERSON_YEAR, "一人享有全部户籍公共服务的费用，每月十二分之一"),
    )

    def apply(self, environment: Environment, coverage: Coverage) -> None:
        """Entitle the groups named to services and school places."""
        groups = codes(self.eligible)
        environment.service_entitlement.contribute(self.entitlement, coverage, group=groups)
        # Here everybody entitled is paid for, per person; pupils from elsewhere are by policies that say so.
        environment.school_admission.contribute(self.entitlement, coverage, pays=False, group=groups)

    def spending(self, environment: Environment, activity: Activity, coverage: Coverage) -> Floats:
        """Pay one twelfth of the entitled part of the cost for every person entitled."""
        persons = coverage.in_zones(shared(activity.residents, environment.service_entitlement.contributors))
        entitled: Floats = persons[:, :, codes(self.eligible)].sum(axis=(1, 2))
        return coverage.strength * entitled * self.entitlement * self.yuan_per_person_year / 12


class RuralServiceEqualisation(Policy):
    """Bring services of the villages nearer to those of the seat."""

    lever = "rural_service_equalisation"
    title = Label("Equal services in the countryside", "城乡基本公共服务均等化")
    explanation = Label(
        "Raises the quality of everyday public services (health posts, culture, water, elder clubs) in the zones "
        "reached to a ratio of the seat's, and with school_ratio the quality of their schools likewise. Better "
        "services hold people in villages: the lever can slow urbanization. Paid per resident of the zones.",
        "将所列区域的日常公共服务（卫生室、文化、供水、老年活动等）质量提高到县城的一定比例；"
        "设 school_ratio 时学校质量亦然。服务改善会留住村民，因而可能减缓城镇化。按所列区域常住人口支付费用。",
    )
    evidence = Label(
        "assumption: weak evidence; the weight of services in the choice where to live is a small stated prior.",
        "假设：依据薄弱；公共服务在选择住处时的权重是写明的较小先验。",
    )
    quantities = ("service_quality", "school_quality")
    cut_order = 2
    example: ClassVar[Mapping[str, Any]] = {"service_ratio": 0.8, "school_ratio": 0.85, "ramp_months": 36}

    zones: Zones = Field(
        default=(ZoneName.VILLAGE,),
        min_length=1,
        description="zones reached",
        json_schema_extra=texts(None, "覆盖的区域"),
    )
    service_ratio: Number = Field(
        ge=0,
        le=1,
        description="quality of services relative to the seat; never lowered",
        json_schema_extra=texts(RATIO, "公共服务质量与县城之比；只升不降"),
    )
    school_ratio: Number | None = Field(
        default=None,
        ge=0,
        le=1,
        description="quality of schools relative to the seat; unchanged without it, never lowered",
        json_schema_extra=texts(RATIO, "学校质量与县城之比；不填则不变，只升不降"),
    )
    yuan_per_resident_year: Number = Field(
        default=150.0,
        ge=0,
        le=50_000,
        description="cost for each resident of the zones, one twelfth each month",
        json_schema_extra=texts(YUAN_PER_PERSON_YEAR, "按所列区域常住人口计算的费用，每月十二分之一"),
    )

    def apply(self, environment: Environment, coverage: Coverage) -> None:
        """Raise the quality of services, and the quality of schools up to the ratio."""
        environment.service_quality.contribute(self.service_ratio, coverage)
        if self.school_ratio is None:
            return
        seat = environment.school_quality.base[:, _SEAT, 0]
        environment.school_quality.raise_to(self.school_ratio * seat, coverage)

    def spending(self, environment: Environment, activity: Activity, coverage: Coverage) -> Floats:
        """Pay one twelfth for every resident of the zones reached."""
        residents: Floats = coverage.in_zones(activity.residents).sum(axis=(1, 2))
        return coverage.strength * residents * self.yuan_per_resident_year / 12
