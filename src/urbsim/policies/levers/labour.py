"""Levers on finding work and being paid for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field

from urbsim.arrays import Floats
from urbsim.codes import Sector
from urbsim.labels import Label
from urbsim.policies.base import Number, Policy, texts
from urbsim.policies.sharing import shared
from urbsim.quantities.activity import Activity
from urbsim.quantities.environment import Environment
from urbsim.quantities.quantity import Coverage
from urbsim.units import CHANCE, FACTOR, YUAN_PER_PERSON_YEAR


class JobMatching(Policy):
    """Bring job seekers and vacant posts together faster."""

    lever = "job_matching"
    title = Label("Job matching services", "公共就业服务")
    explanation = Label(
        "Multiplies the chance that a job seeker in the zones reached finds one of the vacant posts within a month. It "
        "creates no posts: where there are fewer posts than seekers it changes little, and it cannot exceed certainty. "
        "Paid for everybody who seeks a post there.",
        "按倍数提高所列区域求职者一个月内找到空缺岗位的概率。它不创造岗位：岗位少于求职者时作用很小，概率也不会超过1。"
        "按当地求职人数支付费用。",
    )
    evidence = Label(
        "assumption: published evaluations of training and placement find 0 to 3 points more employment.",
        "假设：已发表的培训和职业介绍评估发现就业提高0至3个百分点。",
    )
    quantities = ("finding_rate",)
    cut_order = 2
    example: ClassVar[Mapping[str, Any]] = {"zones": ["town", "seat"], "rate_factor": 1.15}

    rate_factor: Number = Field(
        ge=0,
        le=5,
        description="factor on the monthly chance of finding a post; factors of several policies multiply",
        json_schema_extra=texts(FACTOR, "每月求职成功率的倍数；多项政策相乘"),
    )
    yuan_per_seeker_year: Number = Field(
        default=600.0,
        ge=0,
        le=50_000,
        description="cost of serving one job seeker, one twelfth each month",
        json_schema_extra=texts(YUAN_PER_PERSON_YEAR, "服务一名求职者的费用，每月十二分之一"),
    )

    def apply(self, environment: Environment, coverage: Coverage) -> None:
        """Multiply the chance of finding a post."""
        environment.finding_rate.contribute(self.rate_factor, coverage)

    def spending(self, environment: Environment, activity: Activity, coverage: Coverage) -> Floats:
        """Pay one twelfth for everybody who seeks a post in the zones."""
        seekers: Floats = coverage.in_zones(activity.job_seekers).sum(axis=1)
        return coverage.strength * seekers * self.yuan_per_seeker_year / 12


class LabourProtection(Policy):
    """Make employers pay the wages they owe."""

    lever = "labour_protection"
    title = Label("Protection of wages", "根治欠薪与劳动权益保障")
    explanation = Label(
        "Lowers the chance that part of a year's wages is held back in the zones reached. What workers outside farming "
        "are paid, and what people expect to earn there, rises by the wages no longer lost. Paid for every worker "
        "covered by inspection.",
        "降低所列区域年内被拖欠工资的概率。非农劳动者实际到手的工资和人们对当地收入的预期，随少损失的工资相应提高。"
        "按监察覆盖的劳动者人数支付费用。",
    )
    evidence = Label(
        "NBS monitoring survey 2016 (recalled, not re-verified): 0.84 % of migrant workers were owed wages, 11,433 "
        "yuan each, so abolishing arrears raises pay by a quarter of a per cent. Yuan per worker: assumption.",
        "国家统计局2016年监测调查（凭记忆，未复核）：0.84%的农民工被拖欠工资，人均11,433元，根治欠薪使工资提高约0.25%。每名劳动者的金额：假设。",
    )
    quantities = ("wage_arrears",)
    cut_order = 2
    example: ClassVar[Mapping[str, Any]] = {"arrears_probability": 0.002}

    arrears_probability: Number = Field(
        ge=0,
        le=1,
        description="chance in a year that wages are held back; never raised",
        json_schema_extra=texts(CHANCE, "年内被拖欠工资的概率；只降不升"),
    )
    yuan_per_worker_year: Number = Field(
        default=20.0,
        ge=0,
        le=10_000,
        description="inspection and wage deposits for one worker outside farming, one twelfth each month",
        json_schema_extra=texts(YUAN_PER_PERSON_YEAR, "每名非农劳动者的监察和工资保证金费用，每月十二分之一"),
    )

    def apply(self, environment: Environment, coverage: Coverage) -> None:
        """Lower the chance of arrears."""
        environment.wage_arrears.contribute(self.arrears_probability, coverage)

    def spending(self, environment: Environment, activity: Activity, coverage: Coverage) -> Floats:
        """Pay one twelfth for every worker outside farming in the zones."""
        outside_farming = activity.workers[:, :, Sector.INDUSTRY :].sum(axis=2)
        workers: Floats = coverage.in_zones(shared(outside_farming, environment.wage_arrears.contributors)).sum(axis=1)
        return coverage.strength * workers * self.yuan_per_worker_year / 12
