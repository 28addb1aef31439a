"""Levers on the county's revenue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from pydantic import Field, model_validator

from urbsim.codes import Origin
from urbsim.environment import Activity, Environment, Floats, Reach
from urbsim.labels import Label
from urbsim.policies.base import Number, Payer, Policy, texts
from urbsim.policies.units import YUAN_PER_PERSON


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
    evidence = "assumption: the programmes name the transfer but give no amount."
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
            raise ValueError("payer is county; a transfer to the county is paid by province or centre")
        if not any(self._yuan().values()):
            raise ValueError(
                "changes nothing; set at least one of same_county_yuan, same_province_yuan, other_province_yuan"
            )
        return self

    def _yuan(self) -> dict[Origin, float]:
        return {
            Origin.SAME_COUNTY: self.same_county_yuan,
            Origin.SAME_PROVINCE: self.same_province_yuan,
            Origin.OTHER_PROVINCE: self.other_province_yuan,
        }

    def apply(self, environment: Environment, reach: Reach) -> None:
        """Raise the reward the county is credited per newly registered person."""
        for origin, yuan in self._yuan().items():
            environment.registration_reward.contribute(yuan, reach, origin=origin)

    def spending(self, environment: Environment, activity: Activity, reach: Reach) -> Floats:
        """Pay what the county is credited for this month's new registrations."""
        yuan = np.array([self._yuan()[origin] for origin in Origin])
        earned: Floats = activity.newly_registered.sum(axis=1) @ yuan
        return reach.strength * earned
