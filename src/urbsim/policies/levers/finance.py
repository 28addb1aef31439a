"""Levers on the county's revenue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from pydantic import Field, model_validator

from urbsim.arrays import Floats
from urbsim.codes import Origin
from urbsim.labels import Label, bilingual
from urbsim.policies.base import Number, Payer, Policy, texts
from urbsim.quantities.activity import Activity
from urbsim.quantities.environment import Environment
from urbsim.quantities.places import NO_DEBT_CAP
from urbsim.quantities.quantity import Coverage
from urbsim.units import SHARE, SHARE_OF_REVENUE, YUAN_A_YEAR, YUAN_PER_PERSON


class CitizenisationTransfer(Policy):
    """Reward the county from above for every person it newly registers."""

    lever = "citizenisation_transfer"
    title = Label("Citizenisation transfer", "农业转移人口市民化奖励资金")
    explanation = Label(
        "The centre or the province pays the county for every person newly registered in a town or the seat, by where "
        "the person was registered before. It is revenue of the county and spending of the payer; it changes nobody's "
        "choice directly, only what the county can afford.",
        "中央或省级按新落户到镇和县城的人数、依其原户籍地奖励县级财政。对县级是收入，对支付方是支出；"
        "它不直接改变个人选择，只影响县级财力。",
    )
    evidence = Label(
        "assumption: the programmes name the transfer but give no amount.",
        "假设：规划提到该项转移支付，但没有给出金额。",
    )
    quantities = ("registration_reward",)
    example: ClassVar[Mapping[str, Any]] = {
        "same_county_yuan": 1000,
        "same_province_yuan": 3000,
        "other_province_yuan": 5000,
        "payer": "centre",
    }

    payer: Payer = Field(
        default=Payer.CENTRE,
        description="who pays; the county cannot pay itself",
        json_schema_extra=texts(None, "由谁支付；县级不能奖励自己"),
    )
    same_county_yuan: Number = Field(
        default=0.0,
        ge=0,
        le=500_000,
        description="for a person registered in a village of the county before",
        json_schema_extra=texts(YUAN_PER_PERSON, "原户籍在本县农村的人口"),
    )
    same_province_yuan: Number = Field(
        default=0.0,
        ge=0,
        le=500_000,
        description="for a person registered elsewhere in the province before",
        json_schema_extra=texts(YUAN_PER_PERSON, "原户籍在省内其他县市的人口"),
    )
    other_province_yuan: Number = Field(
        default=0.0,
        ge=0,
        le=500_000,
        description="for a person registered in another province before",
        json_schema_extra=texts(YUAN_PER_PERSON, "原户籍在外省的人口"),
    )

    @model_validator(mode="after")
    def _is_paid_from_above(self) -> CitizenisationTransfer:
        if self.payer is Payer.COUNTY:
            raise ValueError(
                bilingual(
                    "payer is county; a transfer to the county is paid by province or centre",
                    "payer 是 county；对县的转移支付只能由 province 或 centre 承担",
                )
            )
        if not any(self._yuan().values()):
            raise ValueError(
                bilingual(
                    "changes nothing; set at least one of same_county_yuan, same_province_yuan, other_province_yuan",
                    "没有任何作用；same_county_yuan、same_province_yuan、other_province_yuan 至少设一项",
                )
            )
        return self

    def _yuan(self) -> dict[Origin, float]:
        return {
            Origin.SAME_COUNTY: self.same_county_yuan,
            Origin.SAME_PROVINCE: self.same_province_yuan,
            Origin.OTHER_PROVINCE: self.other_province_yuan,
        }

    def apply(self, environment: Environment, coverage: Coverage) -> None:
        """Raise the reward the county is credited per newly registered person."""
        for origin, yuan in self._yuan().items():
            environment.registration_reward.contribute(yuan, coverage, origin=origin)

    def spending(self, environment: Environment, activity: Activity, coverage: Coverage) -> Floats:
        """Pay what the county is credited for this month's new registrations."""
        yuan = np.array([self._yuan()[origin] for origin in Origin])
        earned: Floats = activity.newly_registered.sum(axis=1) @ yuan
        return coverage.strength * earned


class DevelopmentFinance(Policy):
    """Give or lend the county money from above, or cap what it may owe."""

    lever = "development_finance"
    title = Label("Development finance", "开发性资金与债务限额")
    explanation = Label(
        "The centre or the province gives or lends the county a yearly amount, in monthly twelfths: revenue that "
        "policies can be paid from. The part to be repaid adds to the county's debt, free of interest. A debt cap "
        "replaces the registry's limit (budget.debt_limit) while in force, whether higher or lower; the strictest of "
        "several counts, and it holds in full from the first month. Only what need not be repaid is spending of the "
        "payer.",
        "中央或省级每年向本县拨付或出借一笔资金，逐月发放十二分之一，计入可用于各项政策的收入。"
        "须偿还部分计入县级债务，不计利息。债务上限在执行期间取代参数budget.debt_limit，可高可低；"
        "多项并存时取最严，自首月起全额有效。只有无须偿还的部分计为支付方的支出。",
    )
    evidence = Label(
        "assumption: the programmes name funds and special bonds but no yearly amount for a county.",
        "假设：规划提到基金和专项债券，但没有给出每县每年的金额。",
    )
    quantities = ("finance_received", "finance_owed", "debt_cap")
    cut_order = 3
    example: ClassVar[Mapping[str, Any]] = {
        "yuan_per_year": 200000000,
        "repaid_share": 0.5,
        "debt_cap": 0.8,
        "payer": "province",
    }

    payer: Payer = Field(
        default=Payer.PROVINCE,
        description="who gives or lends; the county cannot do so itself",
        json_schema_extra=texts(None, "由谁拨付或出借；县级不能自拨"),
    )
    yuan_per_year: Number = Field(
        default=0.0,
        ge=0,
        le=1e12,
        description="money given or lent to each county reached, one twelfth each month",
        json_schema_extra=texts(YUAN_A_YEAR, "拨付或出借给每个覆盖县的资金，每月十二分之一"),
    )
    repaid_share: Number = Field(
        default=0.0,
        ge=0,
        le=1,
        description="part of it that is a loan",
        json_schema_extra=texts(SHARE, "其中须偿还的比例"),
    )
    debt_cap: Number | None = Field(
        default=None,
        ge=0,
        le=NO_DEBT_CAP,
        description="what the county may owe; as the registry says without it",
        json_schema_extra=texts(SHARE_OF_REVENUE, "县级债务上限；不填则按参数表"),
    )

    @model_validator(mode="after")
    def _changes_something(self) -> DevelopmentFinance:
        if self.payer is Payer.COUNTY:
            raise ValueError(
                bilingual(
                    "payer is county; the money is given or lent by province or centre",
                    "payer 是 county；资金只能由 province 或 centre 拨付或出借",
                )
            )
        if not self.yuan_per_year and self.debt_cap is None:
            raise ValueError(
                bilingual(
                    "changes nothing; set at least one of yuan_per_year, debt_cap",
                    "没有任何作用；yuan_per_year 和 debt_cap 至少设一项",
                )
            )
        return self

    def apply(self, environment: Environment, coverage: Coverage) -> None:
        """Credit the money, owe the part to be repaid, cap the debt."""
        environment.finance_received.contribute(self.yuan_per_year, coverage)
        environment.finance_owed.contribute(self.yuan_per_year * self.repaid_share, coverage)
        if self.debt_cap is not None:
            environment.debt_cap.contribute(self.debt_cap, coverage.at_full_strength())

    def spending(self, environment: Environment, activity: Activity, coverage: Coverage) -> Floats:
        """Pay a twelfth of what need not be repaid."""
        return coverage.strength * self.yuan_per_year * (1.0 - self.repaid_share) / 12
