"""Levers on what stands and what may be built: renewal of old dwellings, and the quota of construction land."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from pydantic import Field

from urbsim.arrays import Floats
from urbsim.codes import COUNTY_ZONES
from urbsim.labels import Label
from urbsim.policies.base import Number, Policy, ZoneName, Zones, texts
from urbsim.quantities.activity import Activity
from urbsim.quantities.environment import Environment
from urbsim.quantities.quantity import Coverage
from urbsim.units import MU_A_YEAR, SHARE, SHARE_A_YEAR, YUAN_PER_DWELLING, YUAN_PER_MU


class UrbanRenewal(Policy):
    """Renew old dwellings, some of which were let cheaply."""

    lever = "urban_renewal"
    title = Label("Urban renewal", "城市更新与老旧小区改造")
    explanation = Label(
        "Renews a share of the old dwellings of each zone every year (renewal.old_share of the dwellings at the "
        "start), at most all of them; what is renewed stays. Living there gets better by amenity.renewal times the "
        "renewed share of all dwellings. Some of the dwellings were let cheaply and are not afterwards: the mean rent "
        "rises as if so many affordable rentals were lost (housing.affordable_discount). No dwelling is pulled down.",
        "每年改造所覆盖区域的一部分老旧住房（期初住房的renewal.old_share），至多全部改造；改造成果保留。"
        "居住效用按已改造住房占全部住房的比例乘以amenity.renewal提高。其中一部分原为低价出租，改造后不再低价："
        "平均房租按同等数量的保障性租赁住房减少计算而上升（housing.affordable_discount）。不拆除住房。",
    )
    evidence = Label(
        "assumption: no causal estimate for a county was found; amenity.renewal is a small prior, the share of cheap "
        "rentals lost is the scenario's own.",
        "假设：没有找到针对县的因果估计；amenity.renewal是较小的先验，低价出租房减少的比例由情景自定。",
    )
    quantities = ("renewal", "cheap_rentals_lost")
    cut_order = 1
    example: ClassVar[Mapping[str, Any]] = {"zones": ["seat"], "share_per_year": 0.1, "rentals_lost_share": 0.2}

    zones: Zones = Field(
        default=(ZoneName.SEAT,),
        min_length=1,
        description="zones reached",
        json_schema_extra=texts(None, "覆盖的区域"),
    )
    share_per_year: Number = Field(
        gt=0,
        le=1,
        description="old dwellings renewed a year",
        json_schema_extra=texts(SHARE_A_YEAR, "每年改造的老旧住房比例"),
    )
    rentals_lost_share: Number = Field(
        default=0.15,
        ge=0,
        le=1,
        description="renewed dwellings that were let cheaply and are not afterwards",
        json_schema_extra=texts(SHARE, "改造住房中原为低价出租、改造后不再低价的比例"),
    )
    yuan_per_dwelling: Number = Field(
        default=30_000.0,
        ge=0,
        le=5_000_000,
        description="public cost of renewing one dwelling",
        json_schema_extra=texts(YUAN_PER_DWELLING, "改造一套住房的公共投入"),
    )

    def apply(self, environment: Environment, coverage: Coverage) -> None:
        """Renew old dwellings, and lose the cheap rentals among them."""
        environment.renewal.contribute(self.share_per_year, coverage)
        environment.cheap_rentals_lost.contribute(self.share_per_year * self.rentals_lost_share, coverage)

    def spending(self, environment: Environment, activity: Activity, coverage: Coverage) -> Floats:
        """Pay for this policy's part of the dwellings renewed this month."""
        zones = [COUNTY_ZONES.index(zone) for zone in coverage.zones]
        every = environment.renewal.values[:, zones]
        own = (coverage.strength * self.share_per_year)[:, None]
        part = np.divide(own, every, out=np.zeros_like(every), where=every > 0)
        renewed: Floats = (part * activity.dwellings_renewed[:, zones]).sum(axis=1)
        return renewed * self.yuan_per_dwelling


class ConstructionLandQuota(Policy):
    """Set the land that may be built on every year; without such a policy nothing limits building."""

    lever = "construction_land_quota"
    title = Label("Construction land quota", "新增建设用地指标")
    explanation = Label(
        "Sets how many mu the county may build on a year: a twelfth every month, the rest kept until December. "
        "Dwellings and posts added by policies go first, all in the same proportion where the land does not suffice, "
        "and developers' dwellings get what is left (land.mu_per_dwelling, land.mu_per_industry_post, "
        "land.mu_per_service_post). What has no land is not built and not paid for; the run says how much was held "
        "back. Quotas of several policies add up. It holds in full from the first month, whatever the ramp. Without "
        "such a policy land limits nothing, so that a first quota can only hold back, and a second one releases.",
        "规定本县每年可用于建设的土地亩数：每月十二分之一，未用部分保留至当年12月。政策新增的住房和岗位优先，"
        "土地不足时同比例削减，开发商住房使用剩余部分（land.mu_per_dwelling、land.mu_per_industry_post、"
        "land.mu_per_service_post）。没有用地的部分不建设也不付费，结果中列明未能实施的数量。多项指标相加。"
        "自首月起全额有效，与逐步加强无关。没有此类政策时土地不构成约束：第一项指标只会限制，追加的指标则是放松。",
    )
    evidence = Label(
        "assumption: areas per dwelling and post are rules of thumb; the quota is the scenario's own.",
        "假设：每套住房和每个岗位的用地面积为经验数；指标由情景自定。",
    )
    quantities = ("land_quota",)
    cut_order = 3
    example: ClassVar[Mapping[str, Any]] = {"mu_per_year": 1000, "yuan_per_mu": 100000}

    mu_per_year: Number = Field(
        ge=0,
        le=1_000_000,
        description="land that may be built on; 0 stops all building",
        json_schema_extra=texts(MU_A_YEAR, "每年可用于建设的土地；0即停止全部建设"),
    )
    yuan_per_mu: Number = Field(
        default=0.0,
        ge=0,
        le=10_000_000,
        description="public cost of preparing a mu, paid when it is built on",
        json_schema_extra=texts(YUAN_PER_MU, "每亩土地前期整理的公共投入，使用当月支付"),
    )

    def apply(self, environment: Environment, coverage: Coverage) -> None:
        """Add to the county's quota."""
        environment.land_quota.contribute(self.mu_per_year, coverage.at_full_strength())

    def spending(self, environment: Environment, activity: Activity, coverage: Coverage) -> Floats:
        """Pay for this policy's part of the land built on this month."""
        own = (coverage.strength > 0) * self.mu_per_year
        every = environment.land_quota.values
        part: Floats = np.divide(own, every, out=np.zeros_like(every), where=every > 0)
        return part * activity.land_used * self.yuan_per_mu
