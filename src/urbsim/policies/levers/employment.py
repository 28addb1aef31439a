"""Levers on posts and skills."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from pydantic import Field

from urbsim.arrays import Floats
from urbsim.labels import Label
from urbsim.policies.base import Number, Policy, texts
from urbsim.policies.levers.posts import SectorPosts
from urbsim.quantities.activity import Activity
from urbsim.quantities.environment import Environment
from urbsim.quantities.quantity import Coverage
from urbsim.units import LOG_POINTS, TRAINEES_A_YEAR, YUAN_PER_TRAINEE


class IndustrialParks(SectorPosts):
    """Add posts by building and servicing an industrial park."""

    lever = "industrial_parks"
    title = Label("Industrial parks", "产业园区建设")
    explanation = Label(
        "Adds posts in one sector every year while the policy is in force; the posts stay when it ends. Public money "
        "pays for land, roads and utilities of the park, booked when the posts come into being.",
        "政策执行期间每年在一个产业中新增岗位；政策结束后岗位保留。"
        "公共资金用于园区的土地、道路和公用设施，在岗位形成的当月入账。",
    )
    evidence = Label(
        "Lu, Wang & Zhu 2019 (AEJ: Policy): parks raise jobs through entry and expansion of firms, with about no firms "
        "moving in. Posts a year and yuan per post: assumption unless the scenario names a clause.",
        "Lu、Wang和Zhu 2019（AEJ: Policy）：园区通过企业新设和扩张增加岗位，几乎没有企业迁入。"
        "每年岗位数和每个岗位的金额：除非情景注明条款，均为假设。",
    )
    example: ClassVar[Mapping[str, Any]] = {"sector": "industry", "posts_per_year": 2000, "yuan_per_post": 60000}


class SkillsTraining(Policy):
    """Train workers, which raises what they can earn outside farming."""

    lever = "skills_training"
    title = Label("Skills training", "职业技能培训")
    explanation = Label(
        "Offers a number of training places every year in the county. Whoever is trained earns more from then on, by "
        "the uplift. Paid for every person trained.",
        "每年在县内提供一定数量的培训名额。参训者此后的收入按提升幅度增加。按实际培训人数支付费用。",
    )
    evidence = Label(
        "assumption, set low: published evaluations of vocational training find 0 to 3 points more employment; "
        "the gain in earnings has no source.",
        "假设，取值偏低：已发表的职业培训评估发现就业提高0至3个百分点；收入的提高没有来源。",
    )
    quantities = ("training_places", "training_uplift")
    example: ClassVar[Mapping[str, Any]] = {"trainees_per_year": 3000, "earnings_uplift": 0.03}

    trainees_per_year: Number = Field(
        gt=0,
        le=1_000_000,
        description="training places offered",
        json_schema_extra=texts(TRAINEES_A_YEAR, "提供的培训名额"),
    )
    earnings_uplift: Number = Field(
        default=0.03,
        ge=0,
        le=0.5,
        description="earnings gained by a trainee; the highest counts where several policies train",
        json_schema_extra=texts(LOG_POINTS, "参训者的收入提升；多项政策并存时取最高"),
    )
    yuan_per_trainee: Number = Field(
        default=1_500.0,
        ge=0,
        le=200_000,
        description="cost of training one person",
        json_schema_extra=texts(YUAN_PER_TRAINEE, "培训一人的费用"),
    )

    def apply(self, environment: Environment, coverage: Coverage) -> None:
        """Offer places, and set what a trainee gains."""
        environment.training_places.contribute(self.trainees_per_year, coverage)
        environment.training_uplift.contribute(self.earnings_uplift, coverage.at_full_strength())

    def spending(self, environment: Environment, activity: Activity, coverage: Coverage) -> Floats:
        """Pay for the persons trained on this policy's part of all places."""
        own, every = coverage.strength * self.trainees_per_year, environment.training_places.values
        part = np.divide(own, every, out=np.zeros_like(own), where=every > 0)
        return part * activity.trainees * self.yuan_per_trainee
