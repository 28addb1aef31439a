"""Levers on care for small children and for the old."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field, model_validator

from urbsim.arrays import Floats
from urbsim.labels import Label, bilingual
from urbsim.policies.base import Number, Policy, texts
from urbsim.policies.sharing import shared
from urbsim.quantities.activity import Activity
from urbsim.quantities.environment import Environment
from urbsim.quantities.quantity import Coverage
from urbsim.units import (
    BEDS_A_YEAR,
    M2_PER_HUNDRED,
    PER_THOUSAND,
    YUAN_PER_CARE_PLACE,
    YUAN_PER_CARE_PLACE_YEAR,
    YUAN_PER_M2,
)


class ChildcareSupply(Policy):
    """Run childcare places for children under three, up to so many per 1,000 residents."""

    lever = "childcare_supply"
    title = Label("Childcare supply", "托育服务供给")
    explanation = Label(
        "Provides the places for children under three that ordinary provision lacks of the number asked for per 1,000 "
        "residents of each zone reached, equipped month by month and never faster than provision.building_years "
        "allows. Families present compete for them; a higher chance of a place makes the zone "
        "more attractive to parents of small children. Equipping is paid once per place, running for as long as the "
        "policy is in force; places that nobody pays for close.",
        "按每千常住人口的托位标准，逐月补足所列区域普通供给之外缺少的3岁以下托位，建设速度不快于provision.building_years所允许的速度。"
        "在地家庭共同竞争这些托位；入托机会提高，"
        "该区域对有婴幼儿的家庭更有吸引力。每个托位的装备费用一次性支付，运行补助在政策执行期间支付；无人付费的托位随之关闭。",
    )
    evidence = Label(
        "assumption: no estimate of the effect of childcare on moves was found. Jieshou asks for 10 places per 1,000 "
        "residents in new and 8 in existing estates, Changzhi for 4.5 in 2025. About a third of families want a place "
        "(National Health Commission, recalled).",
        "假设：没有找到托育影响迁移的估计。界首要求每千常住人口新建小区10个、已建小区8个托位，长治要求2025年达到4.5个。约三分之一的家庭需要托位（国家卫生健康委，凭记忆）。",
    )
    quantities = ("childcare_places",)
    cut_order = 2
    example: ClassVar[Mapping[str, Any]] = {"places_per_thousand": 4.5, "ramp_months": 36}

    places_per_thousand: Number = Field(
        ge=0,
        le=60,
        description="childcare places per 1,000 residents of the zone; never fewer than ordinary provision",
        json_schema_extra=texts(PER_THOUSAND, "该区域每千常住人口托位数；不低于普通供给"),
    )
    yuan_per_place: Number = Field(
        default=10_000.0,
        ge=0,
        le=500_000,
        description="public cost of equipping one place, paid once",
        json_schema_extra=texts(YUAN_PER_CARE_PLACE, "每个托位的建设装备补助，一次性"),
    )
    running_yuan_per_place_year: Number = Field(
        default=6_000.0,
        ge=0,
        le=200_000,
        description="public cost of running one place beyond what parents pay, one twelfth each month",
        json_schema_extra=texts(YUAN_PER_CARE_PLACE_YEAR, "每个托位扣除家长付费后的运行补助，每月十二分之一"),
    )

    def apply(self, environment: Environment, coverage: Coverage) -> None:
        """Raise the number of places per 1,000 residents."""
        environment.childcare_places.contribute(self.places_per_thousand, coverage)

    def spending(self, environment: Environment, activity: Activity, coverage: Coverage) -> Floats:
        """Pay for places equipped this month and a twelfth of the running of those there are."""
        payers = environment.childcare_places.contributors
        equipped = coverage.in_zones(shared(activity.childcare_equipped, payers)).sum(axis=1)
        running = coverage.in_zones(shared(activity.childcare_places, payers)).sum(axis=1)
        yuan: Floats = equipped * self.yuan_per_place + running * self.running_yuan_per_place_year / 12
        # Strength is already in the number of places: a policy at half strength runs fewer, not cheaper ones.
        return (coverage.strength > 0) * yuan


class EldercareSupply(Policy):
    """Build beds in homes for the elderly, and space for community care."""

    lever = "eldercare_supply"
    title = Label("Elder-care supply", "养老服务供给")
    explanation = Label(
        "Adds beds in homes every year while in force, and builds community care up to so many square metres per 100 "
        "households in each zone reached, never faster than provision.building_years allows; both stay. The old "
        "compete for the places. Who has a place needs the children's presence less, and old people prefer zones where "
        "they find one. Building is booked when it happens; beds are run for good, also after the end; running of "
        "community care is left to its users.",
        "政策执行期间每年新增养老床位，并按每百户面积标准在所列区域建设社区养老服务用房"
        "（不快于provision.building_years所允许的速度）；建成后均保留。"
        "老年人共同竞争服务名额；获得服务的老人对子女在身边照料的需要降低，老年人也更愿意住在有服务的区域。"
        "建设费用在建成时入账；床位运行补助持续支出，政策结束后亦然；社区用房的运行由使用者承担。",
    )
    evidence = Label(
        "assumption: no estimate was found. Jieshou asks for 30 m2 per 100 households in new and 20 in existing "
        "estates. National plans count on care outside the family for a tenth of the old.",
        "假设：没有找到估计。界首要求每百户新建小区30平方米、已建小区20平方米。国家规划按十分之一的老年人由家庭以外照料估算。",
    )
    quantities = ("eldercare_places", "eldercare_space")
    cut_order = 2
    example: ClassVar[Mapping[str, Any]] = {"beds_per_year": 200, "m2_per_hundred_households": 20, "ramp_months": 24}

    beds_per_year: Number = Field(
        default=0.0,
        ge=0,
        le=1_000_000,
        description="beds added beyond those that follow the number of old people anyway",
        json_schema_extra=texts(BEDS_A_YEAR, "在随老年人口增长的普通供给之外新增的床位"),
    )
    m2_per_hundred_households: Number = Field(
        default=0.0,
        ge=0,
        le=1_000,
        description="community elder-care space in each zone reached; never less than ordinary provision",
        json_schema_extra=texts(M2_PER_HUNDRED, "所列区域社区养老服务用房面积标准；不低于普通供给"),
    )
    yuan_per_bed: Number = Field(
        default=60_000.0,
        ge=0,
        le=2_000_000,
        description="public cost of one bed, paid when it is built",
        json_schema_extra=texts(YUAN_PER_CARE_PLACE, "每张床位的建设补助，建成当月支付"),
    )
    running_yuan_per_bed_year: Number = Field(
        default=3_000.0,
        ge=0,
        le=200_000,
        description="public cost of running one bed beyond what residents pay, for each bed built so far",
        json_schema_extra=texts(YUAN_PER_CARE_PLACE_YEAR, "已建床位扣除入住者付费后的运行补助"),
    )
    yuan_per_m2: Number = Field(
        default=3_000.0,
        ge=0,
        le=50_000,
        description="cost of community space, paid when it is built",
        json_schema_extra=texts(YUAN_PER_M2, "社区养老服务用房建设费用，建成当月支付"),
    )

    @model_validator(mode="after")
    def _changes_something(self) -> EldercareSupply:
        if not self.beds_per_year and not self.m2_per_hundred_households:
            raise ValueError(
                bilingual(
                    "changes nothing; set at least one of beds_per_year, m2_per_hundred_households",
                    "没有任何作用；beds_per_year 和 m2_per_hundred_households 至少设一项",
                )
            )
        return self

    def apply(self, environment: Environment, coverage: Coverage) -> None:
        """Add beds; raise the standard of community space."""
        environment.eldercare_places.contribute(self.beds_per_year, coverage)
        if self.m2_per_hundred_households:
            environment.eldercare_space.contribute(self.m2_per_hundred_households, coverage)

    def spending(self, environment: Environment, activity: Activity, coverage: Coverage) -> Floats:
        """Pay for beds and space built this month, and the running of all beds built so far."""
        beds_a_month = len(coverage.zones) * self.beds_per_year / 12
        beds = beds_a_month * (
            coverage.strength * self.yuan_per_bed + coverage.accrued * self.running_yuan_per_bed_year / 12
        )
        if not self.m2_per_hundred_households:
            return beds
        space = shared(activity.eldercare_space_built, environment.eldercare_space.contributors)
        built: Floats = coverage.in_zones(space).sum(axis=1)
        return beds + (coverage.strength > 0) * built * self.yuan_per_m2
