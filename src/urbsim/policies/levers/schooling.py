"""Levers on schools: how many places there are, how good they are, and who may have one."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, Field, model_validator

from urbsim.arrays import Floats
from urbsim.codes import Group, Stage
from urbsim.labels import Label, bilingual
from urbsim.policies.base import Number, Policy, ZoneName, Zones, in_order, texts
from urbsim.policies.sharing import shared
from urbsim.quantities.activity import Activity
from urbsim.quantities.environment import Environment
from urbsim.quantities.quantity import Coverage, stage_index
from urbsim.units import (
    PLACES_A_YEAR,
    QUALITY_POINTS,
    SHARE,
    YEARS,
    YUAN_PER_PLACE,
    YUAN_PER_PLACE_YEAR,
    YUAN_PER_PUPIL_YEAR,
)


class StageName(StrEnum):
    """School stages, as written in a scenario file."""

    KINDERGARTEN = "kindergarten"
    PRIMARY = "primary"
    JUNIOR = "junior"
    SENIOR = "senior"

    @property
    def stage(self) -> Stage:
        """The stage's code."""
        return Stage[self.name]


Stages = Annotated[tuple[StageName, ...], AfterValidator(in_order)]


class MigrantChildSchooling(Policy):
    """Admit children registered elsewhere to public schools, and to the local exam."""

    lever = "migrant_child_schooling"
    title = Label("Schooling of migrants' children", "随迁子女入学")
    explanation = Label(
        "Raises the share of vacant public school places that is open to children registered elsewhere, in the zones "
        "and stages named, and can lower the years of local schooling they need before they may sit the local exam. "
        "Paid for every pupil registered elsewhere in those schools, also those who were admitted before.",
        "提高所列区域、学段公办学校空余学位对外地户籍子女开放的比例，并可缩短其参加本地升学考试所需的就读年限。"
        "按这些学校中全部外地户籍在校生支付费用，包括此前已入学的学生。",
    )
    evidence = Label(
        "NBS migrant monitoring survey 2023: 90 % of migrants' children in primary and 91 % in junior school attend "
        "public schools. Effect on moves and yuan per pupil: assumption.",
        "国家统计局2023年农民工监测调查：随迁子女小学90%、初中91%在公办学校就读。对迁移的作用和每名学生的金额：假设。",
    )
    quantities = ("school_admission", "exam_years")
    cut_order = 3
    example: ClassVar[Mapping[str, Any]] = {
        "zones": ["seat"],
        "stages": ["primary", "junior"],
        "admitted_share": 1.0,
        "exam_years": 0,
    }

    stages: Stages = Field(
        default=(StageName.PRIMARY, StageName.JUNIOR),
        min_length=1,
        description="school stages opened",
        json_schema_extra=texts(None, "开放的学段"),
    )
    admitted_share: Number = Field(
        default=1.0,
        ge=0,
        le=1,
        description="share of vacant places open to children registered elsewhere; never lowered",
        json_schema_extra=texts(SHARE, "空余学位对外地户籍子女开放的比例；只升不降"),
    )
    exam_years: Number | None = Field(
        default=None,
        ge=0,
        le=12,
        description="years of local schooling before the local exam, for the whole county; unchanged without it",
        json_schema_extra=texts(YEARS, "参加本地升学考试所需就读年限（全县适用）；不填则不变"),
    )
    yuan_per_pupil_year: Number = Field(
        default=1_000.0,
        ge=0,
        le=100_000,
        description="public funds that follow a pupil registered elsewhere, one twelfth each month",
        json_schema_extra=texts(YUAN_PER_PUPIL_YEAR, "随外地户籍学生拨付的公用经费，每月十二分之一"),
    )

    def apply(self, environment: Environment, coverage: Coverage) -> None:
        """Open vacant places, shorten the wait for the exam."""
        stages = [name.stage for name in self.stages]
        environment.school_admission.contribute(self.admitted_share, coverage, stage=stages, group=Group.ELSEWHERE)
        if self.exam_years is not None:
            environment.exam_years.contribute(self.exam_years, coverage, group=Group.ELSEWHERE)

    def spending(self, environment: Environment, activity: Activity, coverage: Coverage) -> Floats:
        """Pay one twelfth for each pupil registered elsewhere in the zones and stages reached."""
        payers = environment.school_admission.contributors[..., Group.ELSEWHERE]
        pupils = coverage.in_zones(shared(activity.pupils_from_elsewhere, payers))
        chosen: Floats = pupils[:, :, [stage_index(name.stage) for name in self.stages]].sum(axis=(1, 2))
        return coverage.strength * chosen * self.yuan_per_pupil_year / 12


class SchoolCapacity(Policy):
    """Build school places of one stage every year, or raise the quality of its schools."""

    lever = "school_capacity"
    title = Label("School capacity", "学校学位建设")
    explanation = Label(
        "Adds school places of one stage every year while the policy is in force; the places stay when it ends. It "
        "can also raise the quality of the stage's schools while in force. Building is booked in the month of "
        "building; teachers and running costs go on for all places built, also after the end; quality is paid per "
        "pupil.",
        "政策执行期间每年新增某一学段的学位；政策结束后学位保留。也可在执行期间提高该学段的办学质量。"
        "建设费用在建成当月入账；已建学位的教师和运行费用持续支出，政策结束后亦然；质量提升按在校生数支付。",
    )
    evidence = Label(
        "assumption: no estimate of the share of families that move to accompany a pupil was found. Liu, Feng & "
        "Brandon 2018: moves within a county are about schools, marriage and housing.",
        "假设：没有找到为陪读而迁移的家庭所占比重的估计。Liu、Feng和Brandon 2018：县内迁移的原因是上学、婚姻和住房。",
    )
    quantities = ("school_places", "school_quality")
    cut_order = 2
    example: ClassVar[Mapping[str, Any]] = {"stage": "primary", "places_per_year": 800, "yuan_per_place": 30000}

    zones: Zones = Field(
        default=(ZoneName.SEAT,),
        min_length=1,
        description="zones reached",
        json_schema_extra=texts(None, "覆盖的区域"),
    )
    stage: StageName = Field(description="school stage", json_schema_extra=texts(None, "学段"))
    places_per_year: Number = Field(
        default=0.0,
        ge=0,
        le=1_000_000,
        description="places added beyond those that would have been built anyway",
        json_schema_extra=texts(PLACES_A_YEAR, "在原有趋势之外新增的学位"),
    )
    quality_gain: Number = Field(
        default=0.0,
        ge=0,
        le=1,
        description="rise of the quality index while in force",
        json_schema_extra=texts(QUALITY_POINTS, "执行期间办学质量指数的提升"),
    )
    yuan_per_place: Number = Field(
        default=30_000.0,
        ge=0,
        le=1_000_000,
        description="public cost of one place, paid when it is built",
        json_schema_extra=texts(YUAN_PER_PLACE, "每个学位的建设费用，建成当月支付"),
    )
    running_yuan_per_place_year: Number = Field(
        default=8_000.0,
        ge=0,
        le=200_000,
        description="teachers and running costs, for each place built so far",
        json_schema_extra=texts(YUAN_PER_PLACE_YEAR, "已建学位的教师和运行费用"),
    )
    quality_yuan_per_pupil_year: Number = Field(
        default=500.0,
        ge=0,
        le=200_000,
        description="cost of the rise in quality, one twelfth each month; nothing without quality_gain",
        json_schema_extra=texts(YUAN_PER_PUPIL_YEAR, "提升质量的费用，每月十二分之一；未设质量提升则不计"),
    )

    @model_validator(mode="after")
    def _changes_something(self) -> SchoolCapacity:
        if not self.places_per_year and not self.quality_gain:
            raise ValueError(
                bilingual(
                    "changes nothing; set at least one of places_per_year, quality_gain",
                    "没有任何作用；places_per_year 和 quality_gain 至少设一项",
                )
            )
        return self

    def apply(self, environment: Environment, coverage: Coverage) -> None:
        """Add places and quality of the stage in each zone reached."""
        environment.school_places.contribute(self.places_per_year, coverage, stage=self.stage.stage)
        environment.school_quality.contribute(self.quality_gain, coverage, stage=self.stage.stage)

    def spending(self, environment: Environment, activity: Activity, coverage: Coverage) -> Floats:
        """Pay for places built this month, the running of all built so far, and quality for every pupil."""
        built_a_month = len(coverage.zones) * self.places_per_year / 12
        places = built_a_month * (
            coverage.strength * self.yuan_per_place + coverage.accrued * self.running_yuan_per_place_year / 12
        )
        if not self.quality_gain:
            return places
        pupils: Floats = coverage.in_zones(activity.pupils)[:, :, stage_index(self.stage.stage)].sum(axis=1)
        return places + coverage.strength * pupils * self.quality_yuan_per_pupil_year / 12
