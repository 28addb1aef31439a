"""Levers on travel: minutes saved to the county seat and to the provincial capital."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
from pydantic import Field, model_validator

from urbsim.arrays import Floats
from urbsim.labels import Label, bilingual
from urbsim.policies.base import Count, Number, Policy, ZoneName, Zones, texts
from urbsim.quantities.activity import Activity
from urbsim.quantities.environment import Environment
from urbsim.quantities.quantity import Coverage
from urbsim.units import MINUTES, MONTHS, YUAN, YUAN_A_YEAR


class Works(Policy):
    """Works that take some months to build and stay; what the levers on travel have in common.

    While the policy is in force the works go on; short of money they take longer, and cost no less.
    """

    cut_order = 1

    minutes_saved: Number = Field(
        gt=0,
        le=600,
        description="saved on a single trip once all is built",
        json_schema_extra=texts(MINUTES, "全部建成后单程节省的时间"),
    )
    build_months: Count = Field(
        default=36,
        ge=1,
        le=240,
        description="months of building at full strength; what is built by then opens month by month",
        json_schema_extra=texts(MONTHS, "按全部力度施工所需月数；逐月投入使用"),
    )
    yuan_total: Number = Field(
        ge=0,
        le=1e12,
        description="public cost of the whole works, spread over the building",
        json_schema_extra=texts(YUAN, "全部工程的公共投入，按施工进度支付"),
    )
    upkeep_yuan_per_year: Number = Field(
        default=0.0,
        ge=0,
        le=1e10,
        description="upkeep and running of all that is built, also after the end",
        json_schema_extra=texts(YUAN_A_YEAR, "已建部分的养护和运营费用，政策结束后亦然"),
    )

    def built_this_month(self, coverage: Coverage) -> Floats:
        """Return the share of the works built this month, shape (C,)."""
        left = np.maximum(self.build_months - (coverage.accrued - coverage.strength), 0.0)
        return np.minimum(coverage.strength, left) / self.build_months

    def opened(self, coverage: Coverage) -> tuple[float, Coverage]:
        """Return the minutes a year, and the coverage that makes this month's twelfth of them what opens this month."""
        return 12.0 * self.minutes_saved, replace(coverage, strength=self.built_this_month(coverage))

    def spending(self, environment: Environment, activity: Activity, coverage: Coverage) -> Floats:
        """Pay for what is built this month, and for the upkeep of all that is built."""
        built = np.minimum(coverage.accrued / self.build_months, 1.0)
        return self.built_this_month(coverage) * self.yuan_total + built * self.upkeep_yuan_per_year / 12


class LocalTransport(Works):
    """Build roads or run buses that bring villages or towns nearer to the county seat."""

    lever = "local_transport"
    title = Label("Transport within the county", "县域交通")
    explanation = Label(
        "Shortens trips between villages or towns and the county seat, as the works proceed; what is built stays. In "
        "the residence choice distance weighs less then: minutes become kilometres at the speed travel.speed_local, "
        "and no distance falls below travel.floor of what it was. Daily commuting is not modelled, so that nearer "
        "villages lose people to the seat more readily, and none stay for the better connection.",
        "随工程推进缩短乡村或建制镇到县城的出行时间，建成部分保留。居住选择中距离的影响随之减小："
        "节省的分钟数按travel.speed_local折算为公里，有效距离不低于原距离的travel.floor。"
        "模型不含每日通勤，因此只会使人更容易迁往县城，不会因交通改善而留在乡村。",
    )
    evidence = Label(
        "Zhang & Zhao 2013: moving 10 % farther needs 15 % more wage (sign and order). Effect of a local road on "
        "moves, speed and costs: assumption.",
        "Zhang和Zhao 2013：迁移距离远10%，工资须高15%（方向和量级）。本地道路对迁移、速度和费用的作用：假设。",
    )
    quantities = ("travel_minutes_saved",)
    example: ClassVar[Mapping[str, Any]] = {
        "zones": ["village"],
        "minutes_saved": 10,
        "build_months": 36,
        "yuan_total": 300000000,
        "upkeep_yuan_per_year": 6000000,
    }

    zones: Zones = Field(
        default=(ZoneName.VILLAGE, ZoneName.TOWN),
        min_length=1,
        description="zones brought nearer to the seat: village, town or both, together for yuan_total",
        json_schema_extra=texts(None, "与县城之间出行缩短的区域：乡村、建制镇或两者，yuan_total为合计"),
    )

    @model_validator(mode="after")
    def _leads_to_the_seat(self) -> LocalTransport:
        if ZoneName.SEAT in self.zones:
            raise ValueError(
                bilingual(
                    "minutes are saved on trips to the seat; write village, town or both in 'zones'",
                    "节省的是前往县城的时间；请在“zones”中写 village、town 或两者",
                )
            )
        return self

    def apply(self, environment: Environment, coverage: Coverage) -> None:
        """Open what is built this month."""
        environment.travel_minutes_saved.contribute(*self.opened(coverage))


class MetroIntegration(Works):
    """Build a road or line that brings the county nearer to the provincial capital."""

    lever = "metro_integration"
    title = Label("Integration with the capital's region", "融入省会都市圈")
    explanation = Label(
        "Shortens trips to the provincial capital, as the works proceed; what is built stays. In the residence choice "
        "the rest of the province comes nearer: minutes become kilometres at travel.speed_capital, weighted by "
        "travel.capital_share, and no distance falls below travel.floor of what it was. People leave more readily, "
        "also from villages; firms that move out to the county are not part of it: write industry_relocation for them.",
        "随工程推进缩短到省会的出行时间，建成部分保留。居住选择中省内其他地区随之变近："
        "节省的分钟数按travel.speed_capital折算为公里并乘以travel.capital_share，有效距离不低于原距离的travel.floor。"
        "人口更容易外出；企业外迁到本县不在其内，请另写industry_relocation政策。",
    )
    evidence = Label(
        "Zhang & Zhao 2013: moving 10 % farther needs 15 % more wage (sign and order). Effect of one line on moves, "
        "speed, weight of the capital and costs: assumption.",
        "Zhang和Zhao 2013：迁移距离远10%，工资须高15%（方向和量级）。一条线路对迁移、速度、"
        "省会的权重和费用的作用：假设。",
    )
    quantities = ("capital_minutes_saved",)
    example: ClassVar[Mapping[str, Any]] = {
        "minutes_saved": 20,
        "build_months": 48,
        "yuan_total": 800000000,
        "upkeep_yuan_per_year": 10000000,
        "payer": "province",
    }

    def apply(self, environment: Environment, coverage: Coverage) -> None:
        """Open what is built this month."""
        environment.capital_minutes_saved.contribute(*self.opened(coverage))
