"""Levers on social insurance: medical insurance and pensions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field, model_validator

from urbsim.arrays import Floats
from urbsim.labels import Label, bilingual
from urbsim.policies.base import Number, Policy, ZoneName, Zones, texts
from urbsim.policies.sharing import shared
from urbsim.quantities.activity import Activity
from urbsim.quantities.environment import Environment
from urbsim.quantities.quantity import Coverage
from urbsim.units import SHARE, YUAN_PER_PERSON_MONTH, YUAN_PER_PERSON_YEAR


class SocialInsurance(Policy):
    """Insure the uninsured, reimburse costs away from home like at home, raise pensions."""

    lever = "social_insurance"
    title = Label("Social insurance", "社会保险扩面与衔接")
    explanation = Label(
        "Enrols a share of those registered in the county who have no medical insurance, by lot, for as long as it is "
        "in force. Portability closes the gap between reimbursement at home and elsewhere for all insured people "
        "registered in the county, wherever they live. A pension for everybody of 60 and over who is registered in "
        "the county and lives in the zones reached supports them in part in place of their children, who are then "
        "freer to live elsewhere. Insurance ties people to home and portability unties them: both are part of it.",
        "政策执行期间按抽签为本县户籍中未参保的一定比例人口参加医疗保险。异地结算缩小本县户籍参保人在县外与县内的报销差距。"
        "对居住在所列区域、60岁及以上的本县户籍老人发放养老金，部分替代子女赡养，子女因而更能自由外出。"
        "参保使人更依恋家乡，异地结算则减轻这种束缚，两者都在模型之中。",
    )
    evidence = Label(
        "Eggleston, Sun & Zhan 2018 (WBER): a pension for parents of 60 and over raised out-migration of their adult "
        "children by 1 to 4 points. Reimbursement is 15 points lower elsewhere in the province and 26 in another (2013 "
        "survey, BMJ Open 2022). How much of the tie to parents is support: assumption. Yuan per person: assumption.",
        "Eggleston、Sun和Zhan 2018（WBER）：60岁及以上父母领取养老金，使成年子女外出提高1至4个百分点。"
        "省内异地报销低15个百分点，跨省低26个百分点（2013年调查，BMJ Open 2022）。与父母的联系中有多少是供养："
        "假设。每人金额：假设。",
    )
    quantities = ("insured_share", "insurance_portability", "pension")
    cut_order = 3
    example: ClassVar[Mapping[str, Any]] = {
        "zones": ["village"],
        "insured_share": 0.8,
        "portability": 0.5,
        "pension_yuan_per_person_month": 100,
    }

    zones: Zones = Field(
        default=(ZoneName.VILLAGE, ZoneName.TOWN, ZoneName.SEAT),
        min_length=1,
        description="zones where pensioners are reached; insurance and portability hold for the whole county",
        json_schema_extra=texts(None, "发放养老金的区域；参保和异地结算适用全县"),
    )
    insured_share: Number = Field(
        default=0.0,
        ge=0,
        le=1,
        description="share of those without medical insurance who are enrolled",
        json_schema_extra=texts(SHARE, "未参保人口中由政策参保的比例"),
    )
    portability: Number = Field(
        default=0.0,
        ge=0,
        le=1,
        description="part of the reimbursement gap outside the county that is closed",
        json_schema_extra=texts(SHARE, "县外报销差距的弥合程度"),
    )
    pension_yuan_per_person_month: Number = Field(
        default=0.0,
        ge=0,
        le=20_000,
        description="pension beyond the present one for everybody of 60 and over registered and living here",
        json_schema_extra=texts(
            YUAN_PER_PERSON_MONTH, "本县户籍且在所列区域居住的60岁及以上老人在现有之外增发的养老金"
        ),
    )
    premium_yuan_per_person_year: Number = Field(
        default=900.0,
        ge=0,
        le=20_000,
        description="premium and subsidy of a person enrolled, one twelfth each month",
        json_schema_extra=texts(YUAN_PER_PERSON_YEAR, "每名新参保人的保费和补助，每月十二分之一"),
    )
    portability_yuan_per_absent_year: Number = Field(
        default=150.0,
        ge=0,
        le=20_000,
        description="reimbursements that full portability adds per person away, one twelfth each month",
        json_schema_extra=texts(YUAN_PER_PERSON_YEAR, "完全异地结算时每名外出人员增加的报销支出，每月十二分之一"),
    )

    @model_validator(mode="after")
    def _changes_something(self) -> SocialInsurance:
        if not (self.insured_share or self.portability or self.pension_yuan_per_person_month):
            raise ValueError(
                bilingual(
                    "changes nothing; set at least one of insured_share, portability, pension_yuan_per_person_month",
                    "没有任何作用；insured_share、portability、pension_yuan_per_person_month 至少设一项",
                )
            )
        return self

    def apply(self, environment: Environment, coverage: Coverage) -> None:
        """Enrol, close the gap, raise the pension."""
        environment.pension.contribute(self.pension_yuan_per_person_month, coverage)
        if self.insured_share:
            environment.insured_share.contribute(self.insured_share, coverage)
        if self.portability:
            environment.insurance_portability.contribute(self.portability, coverage)

    def spending(self, environment: Environment, activity: Activity, coverage: Coverage) -> Floats:
        """Pay premiums of those enrolled, reimbursements of those away, and pensions."""
        pensioners: Floats = coverage.in_zones(activity.pensioners).sum(axis=1)
        yuan = coverage.strength * pensioners * self.pension_yuan_per_person_month
        if self.insured_share:
            enrolled = shared(activity.insured_by_policy, environment.insured_share.contributors)
            # Strength is already in the number enrolled.
            yuan = yuan + (coverage.strength > 0) * enrolled * self.premium_yuan_per_person_year / 12
        if self.portability:
            absent = shared(activity.absent, environment.insurance_portability.contributors)
            paid = coverage.strength * self.portability * self.portability_yuan_per_absent_year / 12
            yuan = yuan + absent * paid
        return yuan
