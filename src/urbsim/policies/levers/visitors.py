"""Levers on tourism, culture, trade and logistics: service posts, and what a place gains as a place to live."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field

from urbsim.arrays import Floats
from urbsim.codes import Sector
from urbsim.labels import Label
from urbsim.policies.base import Number, ZoneName, Zones, texts
from urbsim.policies.levers.posts import AddedPosts
from urbsim.quantities.activity import Activity
from urbsim.quantities.environment import Environment
from urbsim.quantities.quantity import Coverage
from urbsim.units import UTILITY_POINTS, YUAN_A_YEAR_ZONE


class ServicePosts(AddedPosts):
    """Add service posts, and points of amenity while in force; what the levers here have in common."""

    quantities = ("posts", "amenity")

    amenity_points: Number = Field(
        default=0.01,
        ge=0,
        le=0.5,
        description="what residents of the zones gain while the policy is in force",
        json_schema_extra=texts(UTILITY_POINTS, "政策执行期间所覆盖区域居民的获益"),
    )
    operating_yuan_per_year: Number = Field(
        default=2_000_000.0,
        ge=0,
        le=1e10,
        description="upkeep, events and marketing while in force, one twelfth each month",
        json_schema_extra=texts(YUAN_A_YEAR_ZONE, "执行期间的维护、活动和推广费用，每月十二分之一"),
    )

    def added_sector(self) -> Sector:
        """Return services."""
        return Sector.SERVICES

    def apply(self, environment: Environment, coverage: Coverage) -> None:
        """Add service posts and amenity in each zone reached."""
        super().apply(environment, coverage)
        environment.amenity.contribute(self.amenity_points, coverage)

    def spending(self, environment: Environment, activity: Activity, coverage: Coverage) -> Floats:
        """Pay for the posts added this month and for a month's operation."""
        operation = coverage.strength * len(coverage.zones) * self.operating_yuan_per_year / 12
        posts: Floats = super().spending(environment, activity, coverage)
        return posts + operation


class TourismCulture(ServicePosts):
    """Develop sights, lodging and culture, which gives service posts and some amenity."""

    lever = "tourism_culture"
    title = Label("Tourism and culture", "文旅融合发展")
    explanation = Label(
        "Adds service posts every year in tourism, lodging and culture, and makes the zones somewhat nicer to live in "
        "while it is in force. Visitors are not modelled: the posts are what the programme expects them to bring. The "
        "posts stay when the policy ends, the amenity does not.",
        "每年在旅游、住宿和文化行业新增服务业岗位，执行期间使所覆盖区域的生活环境略有改善。"
        "模型不模拟游客：岗位数即方案预期的带动效果。政策结束后岗位保留，环境改善不保留。",
    )
    evidence = Label(
        "assumption: no causal estimate of a county's support for tourism was found; amenity is a small prior.",
        "假设：没有找到县级旅游扶持的因果估计；amenity是较小的先验。",
    )
    example: ClassVar[Mapping[str, Any]] = {
        "zones": ["town", "seat"],
        "posts_per_year": 300,
        "yuan_per_post": 60000,
        "amenity_points": 0.02,
    }


class CommerceLogistics(ServicePosts):
    """Build markets, shops and depots, which gives service posts and shorter ways to buy things."""

    lever = "commerce_logistics"
    title = Label("Commerce and logistics", "县域商业与物流体系")
    explanation = Label(
        "Adds service posts every year in trade, delivery and storage, and makes daily supplies easier to get in the "
        "zones while it is in force. The posts stay when the policy ends, the amenity does not.",
        "每年在商贸、配送和仓储行业新增服务业岗位，执行期间使所覆盖区域居民购物更便利。"
        "政策结束后岗位保留，便利程度的提升不保留。",
    )
    evidence = Label(
        "assumption: no causal estimate of a county's trade network was found; amenity is a small prior.",
        "假设：没有找到县级商贸网络的因果估计；amenity是较小的先验。",
    )
    example: ClassVar[Mapping[str, Any]] = {
        "zones": ["village", "town"],
        "posts_per_year": 200,
        "yuan_per_post": 40000,
        "amenity_points": 0.01,
    }

    zones: Zones = Field(
        default=(ZoneName.TOWN, ZoneName.SEAT),
        min_length=1,
        description="zones reached",
        json_schema_extra=texts(None, "覆盖的区域"),
    )
