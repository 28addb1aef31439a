"""Levers that bring people to a place: back from outside, or out of villages that cannot be lived in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from pydantic import Field, model_validator

from urbsim.arrays import Floats
from urbsim.labels import Label, bilingual
from urbsim.policies.base import Number, Policy, ZoneName, texts
from urbsim.policies.sharing import shared
from urbsim.quantities.activity import Activity
from urbsim.quantities.environment import Environment
from urbsim.quantities.quantity import Coverage
from urbsim.units import HOUSEHOLDS_A_YEAR, SHARE, YUAN_PER_HOUSEHOLD, YUAN_PER_PLACED_WORKER, YUAN_PER_RETURNEE


class ReturnTalent(Policy):
    """Pay people to come back, and help them to found firms."""

    lever = "return_talent"
    title = Label("Return of talent and entrepreneurs", "引导人才返乡创业")
    explanation = Label(
        "Pays a grant to every adult registered in the county who comes back from outside to the zones reached, and "
        "helps some of them to found firms, which add posts. People outside weigh the grant against the income of "
        "some years. It is paid to all who return, also to those who would have come anyway, and used up in settling "
        "and founding, not saved.",
        "向从县外返回所列区域的每名本县户籍成年人发放补助，并扶持其中一部分人创办企业、新增岗位。"
        "在外人员会将补助与数年收入相权衡。补助发给所有返乡者，包括原本就会返回的人；补助用于安家创业，不计入储蓄。",
    )
    evidence = Label(
        "assumption: a pilot of return entrepreneurs raised rural income in the county by 1 to 5 % without spill-over; "
        "firms per returnee, posts per firm and how a grant is weighed have no source.",
        "假设：返乡创业试点使县内农村收入提高1%至5%，没有外溢；每名返乡者创办的企业数、每家企业的岗位数和补贴的权重没有来源。",
    )
    quantities = ("return_grant", "returnee_posts")
    cut_order = 2
    example: ClassVar[Mapping[str, Any]] = {"zones": ["seat"], "yuan_per_returnee": 10_000}

    yuan_per_returnee: Number = Field(
        ge=0,
        le=1_000_000,
        description="grant to one returnee, paid once; the highest counts where several policies pay",
        json_schema_extra=texts(YUAN_PER_RETURNEE, "一次性返乡补助；多项政策并存时取最高"),
    )
    firms_per_thousand: Number = Field(
        default=20.0,
        ge=0,
        le=1_000,
        description="firms founded thanks to the policy per 1,000 returnees",
        json_schema_extra=texts(
            Label("firms per 1,000 returnees", "家企业/千名返乡人员"), "每千名返乡人员因政策创办的企业"
        ),
    )
    posts_per_firm: Number = Field(
        default=6.0,
        ge=0,
        le=1_000,
        description="posts of one firm, the founder's included",
        json_schema_extra=texts(Label("posts per firm", "个岗位/企业"), "每家企业的岗位数，含创办者"),
    )
    yuan_per_firm: Number = Field(
        default=30_000.0,
        ge=0,
        le=5_000_000,
        description="public support of one firm, paid when it is founded",
        json_schema_extra=texts(Label("yuan per firm", "元/企业"), "每家企业的公共扶持，创办时支付"),
    )

    def apply(self, environment: Environment, coverage: Coverage) -> None:
        """Offer the grant, and let returnees found posts."""
        environment.return_grant.contribute(self.yuan_per_returnee, coverage)
        environment.returnee_posts.contribute(self.firms_per_thousand * self.posts_per_firm, coverage)

    def spending(self, environment: Environment, activity: Activity, coverage: Coverage) -> Floats:
        """Pay the grant to this month's returnees, and support the firms they found."""
        grant = environment.return_grant
        # At partial strength the grant itself is smaller, so what is paid is the grant as it was offered.
        grants = coverage.in_zones(shared(activity.returnees * grant.values, grant.contributors)).sum(axis=1)
        firms: Floats = coverage.in_zones(activity.returnees).sum(axis=1) * self.firms_per_thousand / 1000
        yuan: Floats = (coverage.strength > 0) * grants + coverage.strength * firms * self.yuan_per_firm
        return yuan


class Resettlement(Policy):
    """Move whole households out of eligible villages to a town or the seat, with a dwelling and with work."""

    lever = "resettlement"
    title = Label("Resettlement with work support", "易地搬迁与就业帮扶")
    explanation = Label(
        "Moves a number of households a year from eligible villages to each zone reached, into dwellings built for "
        "them, and gives a share of their workers a post. Members who live elsewhere stay there. Households keep "
        "contracted land, homestead and registration, and may move on or back like anybody. Moves are recorded under "
        "their own cause. Paid for every household moved and every worker given a post.",
        "每年将若干户从符合条件的村庄搬迁到每个所列区域，入住专门建设的住房，并为一定比例的劳动力安排岗位。"
        "在外成员不随迁。搬迁户保留承包地、宅基地和户籍，此后可与他人一样再次选择去留。搬迁在流动账户中单列原因。"
        "按搬迁户数和安置就业人数支付费用。",
    )
    evidence = Label(
        "assumption: relocation to a town raised the income of the relocated by 5 to 15 %; number of households, share "
        "of eligible villages and costs have no source here.",
        "假设：搬迁到镇使搬迁户收入提高5%至15%；户数、符合条件的村的比例和费用没有来源。",
    )
    quantities = ("resettled_households", "resettlement_eligible", "resettlement_work")
    cut_order = 1
    example: ClassVar[Mapping[str, Any]] = {"zones": ["town"], "households_per_year": 300}

    households_per_year: Number = Field(
        gt=0,
        le=1_000_000,
        description="households moved; fewer where not enough are eligible",
        json_schema_extra=texts(HOUSEHOLDS_A_YEAR, "搬迁户数；符合条件的家庭不足时相应减少"),
    )
    eligible_share: Number = Field(
        default=0.1,
        ge=0,
        le=1,
        description="share of village households in villages that may be moved and that agree to it",
        json_schema_extra=texts(SHARE, "位于可搬迁村庄且自愿搬迁的乡村家庭比例"),
    )
    work_support: Number = Field(
        default=0.6,
        ge=0,
        le=1,
        description="share of workers under 60 of the households who are given a post",
        json_schema_extra=texts(SHARE, "60岁以下劳动力获得岗位安置的比例"),
    )
    yuan_per_household: Number = Field(
        default=200_000.0,
        ge=0,
        le=5_000_000,
        description="dwelling, land and moving of one household, paid when it moves",
        json_schema_extra=texts(YUAN_PER_HOUSEHOLD, "每户住房、用地和搬迁费用，搬迁当月支付"),
    )
    yuan_per_worker: Number = Field(
        default=20_000.0,
        ge=0,
        le=1_000_000,
        description="creating the post of one worker, paid once",
        json_schema_extra=texts(YUAN_PER_PLACED_WORKER, "为一名劳动力创造岗位的费用，一次性"),
    )

    @model_validator(mode="after")
    def _moves_to_town_or_seat(self) -> Resettlement:
        if ZoneName.VILLAGE in self.zones:
            raise ValueError(
                bilingual(
                    "zones holds village; households are resettled from villages to town or seat",
                    "zones 中有 village；安置是把农户从村迁到镇或县城",
                )
            )
        return self

    def apply(self, environment: Environment, coverage: Coverage) -> None:
        """Ask for the moves; open them to the eligible, and work to the supported share."""
        environment.resettled_households.contribute(self.households_per_year, coverage)
        opened = coverage.at_full_strength()
        environment.resettlement_eligible.contribute(self.eligible_share, opened)
        environment.resettlement_work.contribute(self.work_support, opened)

    def spending(self, environment: Environment, activity: Activity, coverage: Coverage) -> Floats:
        """Pay for this policy's part of the households moved and of their workers given a post."""
        own = (coverage.strength * self.households_per_year)[:, None]
        every = coverage.in_zones(environment.resettled_households.values)
        part = np.divide(own, every, out=np.zeros_like(every), where=every > 0)
        households = (part * coverage.in_zones(activity.resettled)).sum(axis=1)
        workers = (part * coverage.in_zones(activity.resettled_workers)).sum(axis=1)
        yuan: Floats = households * self.yuan_per_household + workers * self.yuan_per_worker
        return yuan
