"""Levers that add posts: what they have in common, clusters of industry, and firms brought in from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import Field

from urbsim.arrays import Floats
from urbsim.codes import Sector
from urbsim.labels import Label
from urbsim.policies.base import Number, Policy, ZoneName, Zones, texts
from urbsim.quantities.activity import Activity
from urbsim.quantities.environment import Environment
from urbsim.quantities.quantity import Coverage
from urbsim.units import POSTS_A_YEAR, YUAN_PER_POST


class SectorName(StrEnum):
    """Sectors that offer posts outside farming, as written in a scenario file."""

    INDUSTRY = "industry"
    SERVICES = "services"

    @property
    def sector(self) -> Sector:
        """The sector's code."""
        return Sector[self.name]


class AddedPosts(Policy):
    """Add posts every year at a public cost for each; what the levers on posts have in common."""

    quantities: ClassVar[tuple[str, ...]] = ("posts",)
    cut_order = 1

    zones: Zones = Field(
        default=(ZoneName.SEAT,),
        min_length=1,
        description="zones reached",
        json_schema_extra=texts(None, "覆盖的区域"),
    )
    posts_per_year: Number = Field(
        gt=0,
        le=1_000_000,
        description="posts added beyond those that would have come anyway",
        json_schema_extra=texts(POSTS_A_YEAR, "在原有趋势之外新增的岗位"),
    )
    yuan_per_post: Number = Field(
        default=50_000.0,
        ge=0,
        le=5_000_000,
        description="public cost of one post, paid when it is added",
        json_schema_extra=texts(YUAN_PER_POST, "每个岗位的公共投入，在新增当月支付"),
    )

    def added_sector(self) -> Sector:
        """Return the sector of the posts."""
        raise NotImplementedError

    def apply(self, environment: Environment, coverage: Coverage) -> None:
        """Add posts of the sector in each zone reached."""
        environment.posts.contribute(self.posts_per_year, coverage, sector=self.added_sector())

    def spending(self, environment: Environment, activity: Activity, coverage: Coverage) -> Floats:
        """Pay for the posts added this month."""
        return coverage.strength * len(coverage.zones) * self.posts_per_year / 12 * self.yuan_per_post


class SectorPosts(AddedPosts):
    """Add posts in a sector that the scenario names."""

    sector: SectorName = Field(
        default=SectorName.INDUSTRY,
        description="sector of the posts",
        json_schema_extra=texts(None, "岗位所属产业"),
    )

    def added_sector(self) -> Sector:
        """Return the sector named."""
        return self.sector.sector


class IndustryClusters(SectorPosts):
    """Add posts by helping the county's own leading firms and their suppliers to grow."""

    lever = "industry_clusters"
    title = Label("Industry clusters", "特色产业集群培育")
    explanation = Label(
        "Adds posts in one sector every year by support for the county's own firms: shared facilities, credit, "
        "testing, brands. The posts stay when the policy ends. It adds nothing to wages: write an "
        "innovation_productivity policy beside it where the programme expects that too.",
        "通过支持本县企业（共享设施、信贷、检测、品牌等）每年在一个产业中新增岗位；政策结束后岗位保留。"
        "不直接提高工资：如方案同时预期提高生产率，请另写一项innovation_productivity政策。",
    )
    evidence = Label(
        "Lu, Wang & Zhu 2019 (AEJ: Policy): place-based support raises jobs by entry and expansion of local firms. "
        "Posts a year and yuan per post: assumption unless the scenario names a clause.",
        "Lu、Wang和Zhu 2019（AEJ: Policy）：按地区的扶持通过本地企业新设和扩张增加岗位。"
        "每年岗位数和每个岗位的金额：除非情景注明条款，均为假设。",
    )
    example: ClassVar[Mapping[str, Any]] = {"sector": "industry", "posts_per_year": 1500, "yuan_per_post": 30000}

    yuan_per_post: Number = Field(
        default=30_000.0,
        ge=0,
        le=5_000_000,
        description="public cost of one post, paid when it is added; assumed below that of a new park",
        json_schema_extra=texts(YUAN_PER_POST, "每个岗位的公共投入，在新增当月支付；假定低于新建园区"),
    )


class IndustryRelocation(SectorPosts):
    """Add posts by bringing firms in from other places."""

    lever = "industry_relocation"
    title = Label("Industry relocation", "承接产业转移")
    explanation = Label(
        "Adds posts in one sector every year that firms from other provinces bring with them. Public money pays for "
        "land, premises and moving, booked when the posts come into being. Posts outside the county stay as they are: "
        "one county's share of them is too small to matter there.",
        "每年承接外省企业转移，在一个产业中新增岗位。公共资金用于土地、厂房和搬迁，在岗位形成的当月入账。"
        "县外岗位保持不变：一县所承接的份额对县外影响甚微。",
    )
    evidence = Label(
        "Lu, Wang & Zhu 2019 (AEJ: Policy) find about no firms moving into parks: expect fewer posts than planned. "
        "Posts a year and yuan per post: assumption unless the scenario names a clause.",
        "Lu、Wang和Zhu 2019（AEJ: Policy）发现几乎没有企业迁入园区：实际岗位会少于规划。"
        "每年岗位数和每个岗位的金额：除非情景注明条款，均为假设。",
    )
    example: ClassVar[Mapping[str, Any]] = {"sector": "industry", "posts_per_year": 1000, "yuan_per_post": 80000}

    yuan_per_post: Number = Field(
        default=80_000.0,
        ge=0,
        le=5_000_000,
        description="public cost of one post, paid when it is added; assumed above that of a new park",
        json_schema_extra=texts(YUAN_PER_POST, "每个岗位的公共投入，在新增当月支付；假定高于新建园区"),
    )
