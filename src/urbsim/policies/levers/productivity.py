"""Levers on what work yields: wages by innovation, farm income by upgrading."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field, model_validator

from urbsim.arrays import Floats
from urbsim.codes import Sector
from urbsim.labels import Label, bilingual
from urbsim.policies.base import Number, Policy, ZoneName, Zones, texts
from urbsim.policies.levers.posts import SectorName
from urbsim.quantities.activity import Activity
from urbsim.quantities.environment import Environment
from urbsim.quantities.quantity import Coverage
from urbsim.units import GROWTH_A_YEAR, WORKERS_A_YEAR, YUAN_PER_WORKER, YUAN_PER_WORKER_YEAR


class InnovationProductivity(Policy):
    """Raise what a sector can pay by new products, machines and methods."""

    lever = "innovation_productivity"
    title = Label("Innovation and productivity", "创新与生产率提升")
    explanation = Label(
        "Lets the wage level of one sector grow faster than its trend while in force; the level reached stays when the "
        "policy ends. Wages still respond to how much labour there is. Paid for every worker of the sector in the "
        "zones.",
        "执行期间使某一产业的工资水平增长快于其趋势；政策结束后已达到的水平保留。工资仍随劳动力供给变化。"
        "按所覆盖区域该产业的全部从业人员支付费用。",
    )
    evidence = Label(
        "assumption: no estimate was found of what a county's spending on innovation does to wages; growth and cost "
        "are the scenario's own.",
        "假设：没有找到县级创新支出影响工资的估计；增长和费用由情景自定。",
    )
    quantities = ("wage_growth",)
    example: ClassVar[Mapping[str, Any]] = {"sector": "industry", "growth_per_year": 0.01}

    zones: Zones = Field(
        default=(ZoneName.TOWN, ZoneName.SEAT),
        min_length=1,
        description="zones reached",
        json_schema_extra=texts(None, "覆盖的区域"),
    )
    sector: SectorName = Field(
        default=SectorName.INDUSTRY,
        description="sector whose wages grow",
        json_schema_extra=texts(None, "工资增长的产业"),
    )
    growth_per_year: Number = Field(
        gt=0,
        le=0.2,
        description="growth of the wage level beyond its trend",
        json_schema_extra=texts(GROWTH_A_YEAR, "工资水平超出趋势的增长"),
    )
    yuan_per_worker_year: Number = Field(
        default=500.0,
        ge=0,
        le=100_000,
        description="public support for each worker of the sector, one twelfth each month",
        json_schema_extra=texts(YUAN_PER_WORKER_YEAR, "该产业每名从业者对应的公共投入，每月十二分之一"),
    )

    def apply(self, environment: Environment, coverage: Coverage) -> None:
        """Add to the growth of the sector's wage level."""
        environment.wage_growth.contribute(self.growth_per_year, coverage, sector=self.sector.sector)

    def spending(self, environment: Environment, activity: Activity, coverage: Coverage) -> Floats:
        """Pay a twelfth for each worker of the sector in the zones reached."""
        workers: Floats = coverage.in_zones(activity.workers)[:, :, self.sector.sector].sum(axis=1)
        return coverage.strength * workers * self.yuan_per_worker_year / 12


class AgriUpgrading(Policy):
    """Raise farm income and need fewer farm workers: levelled fields, machines, processing, better crops."""

    lever = "agri_upgrading"
    title = Label("Upgrading of farming", "农业提质增效")
    explanation = Label(
        "Lets farm income grow faster than its trend, and every year lowers the number of farm workers the land needs; "
        "both stay when the policy ends. Nobody is sent away: fewer take up farming, and those who stay share what "
        "there is to earn, which holds back some of the gain in income until others leave. Paid a yearly amount for "
        "every farm worker and an amount once for every worker freed.",
        "使务农收入增长快于其趋势，并逐年减少所需农业劳动力；政策结束后两者均保留。不强制任何人离开：新务农者减少，"
        "留下的人分享同一份收入，因此在部分人转出之前收入增幅会被摊薄。按务农人数每年支付，并按转移的劳动力一次性支付。",
    )
    evidence = Label(
        "assumption. Adamopoulos et al. 2024 (QJE): what holds labour on farms holds back farm income; sign only. "
        "Growth, workers freed and costs are the scenario's own.",
        "假设。Adamopoulos等2024（QJE）：把劳动力留在农业的因素压低农业收入；只有方向。增长、释放的劳动力和费用由情景自定。",
    )
    quantities = ("wage_growth", "farm_workers_freed")
    example: ClassVar[Mapping[str, Any]] = {"income_growth_per_year": 0.02, "workers_freed_per_year": 800}

    zones: Zones = Field(
        default=(ZoneName.VILLAGE,),
        min_length=1,
        description="zones whose farms are reached",
        json_schema_extra=texts(None, "覆盖的区域"),
    )
    income_growth_per_year: Number = Field(
        default=0.0,
        ge=0,
        le=0.2,
        description="growth of farm income beyond its trend",
        json_schema_extra=texts(GROWTH_A_YEAR, "务农收入超出趋势的增长"),
    )
    workers_freed_per_year: Number = Field(
        default=0.0,
        ge=0,
        le=1_000_000,
        description="farm workers no longer needed, beyond the trend; at most all of them",
        json_schema_extra=texts(WORKERS_A_YEAR, "超出趋势减少的农业用工；至多为全部"),
    )
    yuan_per_farm_worker_year: Number = Field(
        default=500.0,
        ge=0,
        le=100_000,
        description="support for each farm worker, one twelfth each month; nothing without income_growth_per_year",
        json_schema_extra=texts(YUAN_PER_WORKER_YEAR, "每名务农者的支持资金，每月十二分之一；未设收入增长则不计"),
    )
    yuan_per_worker_freed: Number = Field(
        default=10_000.0,
        ge=0,
        le=1_000_000,
        description="machines and land works for each worker freed, paid once",
        json_schema_extra=texts(YUAN_PER_WORKER, "每转移一名劳动力所需的机械和田间工程费用，一次性"),
    )

    @model_validator(mode="after")
    def _changes_something(self) -> AgriUpgrading:
        if not self.income_growth_per_year and not self.workers_freed_per_year:
            raise ValueError(
                bilingual(
                    "changes nothing; set at least one of income_growth_per_year, workers_freed_per_year",
                    "没有任何作用；income_growth_per_year 和 workers_freed_per_year 至少设一项",
                )
            )
        return self

    def apply(self, environment: Environment, coverage: Coverage) -> None:
        """Add to the growth of farm income, and to the farm workers no longer needed."""
        environment.wage_growth.contribute(self.income_growth_per_year, coverage, sector=Sector.FARM)
        environment.farm_workers_freed.contribute(self.workers_freed_per_year, coverage)

    def spending(self, environment: Environment, activity: Activity, coverage: Coverage) -> Floats:
        """Pay a twelfth for each farm worker and an amount for each worker freed this month."""
        farmers: Floats = coverage.in_zones(activity.workers)[:, :, Sector.FARM].sum(axis=1)
        support = farmers * self.yuan_per_farm_worker_year / 12 if self.income_growth_per_year else 0.0
        freed = len(coverage.zones) * self.workers_freed_per_year / 12 * self.yuan_per_worker_freed
        return coverage.strength * (support + freed)
