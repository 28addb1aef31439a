"""Levers on dwellings and what they cost."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import Field, model_validator

from urbsim.arrays import Floats
from urbsim.codes import Dwelling
from urbsim.labels import Label, bilingual
from urbsim.policies.base import GroupName, Groups, Number, Policy, ZoneName, Zones, texts
from urbsim.policies.sharing import by_group, codes
from urbsim.quantities.activity import Activity
from urbsim.quantities.environment import Environment
from urbsim.quantities.quantity import Coverage
from urbsim.units import (
    DWELLINGS_A_YEAR,
    SHARE,
    YUAN_PER_DWELLING,
    YUAN_PER_DWELLING_YEAR,
    YUAN_PER_HOUSEHOLD_YEAR,
    YUAN_PER_PURCHASE,
)


class DwellingName(StrEnum):
    """Kinds of dwelling, as written in a scenario file."""

    FOR_SALE = "for_sale"
    PUBLIC_RENTAL = "public_rental"
    AFFORDABLE_RENTAL = "affordable_rental"
    DORMITORY = "dormitory"

    @property
    def dwelling(self) -> Dwelling:
        """The code of the kind of dwelling."""
        return Dwelling[self.name]


class HousingSubsidy(Policy):
    """Pay eligible households part of their rent or purchase, or ask for a smaller down-payment."""

    lever = "housing_subsidy"
    title = Label("Housing subsidy", "住房补贴")
    explanation = Label(
        "Pays eligible households that rent in the zones named a yearly amount, in monthly twelfths, and eligible "
        "households that buy there an amount once. A smaller down-payment (for instance because a provident-fund "
        "account counts across places) lets households buy earlier; it costs the budget nothing and holds for all "
        "buyers in the zones. Paid to every household that qualifies, also to those who would have rented or bought "
        "anyway.",
        "对在所列区域租房的适用家庭按年补贴（逐月发放十二分之一），对购房的适用家庭一次性补贴。"
        "降低首付比例（如公积金异地互认）可使家庭更早购房，不占用财政资金，对区域内所有购房者有效。"
        "凡符合条件的家庭均可领取，包括没有补贴也会租房或购房的家庭。",
    )
    evidence = Label(
        "assumption: no causal estimate of a county's housing subsidy was found.",
        "假设：没有找到县级住房补贴的因果估计。",
    )
    quantities = ("rent_subsidy", "purchase_subsidy", "down_payment")
    cut_order = 1
    example: ClassVar[Mapping[str, Any]] = {
        "zones": ["seat"],
        "rent_yuan_per_household_year": 2400,
        "yuan_per_purchase": 20000,
        "eligible": ["local_rural", "elsewhere"],
    }

    rent_yuan_per_household_year: Number = Field(
        default=0.0,
        ge=0,
        le=100_000,
        description="paid to a renting household, one twelfth each month",
        json_schema_extra=texts(YUAN_PER_HOUSEHOLD_YEAR, "发给租房家庭，每月十二分之一"),
    )
    yuan_per_purchase: Number = Field(
        default=0.0,
        ge=0,
        le=1_000_000,
        description="paid once to a household that buys a dwelling",
        json_schema_extra=texts(YUAN_PER_PURCHASE, "购房时一次性发放"),
    )
    down_payment_share: Number | None = Field(
        default=None,
        ge=0,
        le=1,
        description="down-payment asked of all buyers in the zones; unchanged without it, never raised",
        json_schema_extra=texts(SHARE, "区域内购房首付比例；不填则不变，只降不升"),
    )
    eligible: Groups = Field(
        default=(GroupName.LOCAL_RURAL, GroupName.ELSEWHERE),
        min_length=1,
        description="groups paid, by registration of the household",
        json_schema_extra=texts(None, "补贴对象（按家庭户籍）"),
    )

    @model_validator(mode="after")
    def _changes_something(self) -> HousingSubsidy:
        paid = self.rent_yuan_per_household_year or self.yuan_per_purchase
        if not paid and self.down_payment_share is None:
            raise ValueError(
                bilingual(
                    "changes nothing; set at least one of rent_yuan_per_household_year, yuan_per_purchase, "
                    "down_payment_share",
                    "没有任何作用；rent_yuan_per_household_year、yuan_per_purchase、down_payment_share 至少设一项",
                )
            )
        return self

    def apply(self, environment: Environment, coverage: Coverage) -> None:
        """Raise what eligible households are paid, lower the down-payment."""
        groups = codes(self.eligible)
        environment.rent_subsidy.contribute(self.rent_yuan_per_household_year, coverage, group=groups)
        environment.purchase_subsidy.contribute(self.yuan_per_purchase, coverage, group=groups)
        if self.down_payment_share is not None:
            environment.down_payment.contribute(self.down_payment_share, coverage)

    def spending(self, environment: Environment, activity: Activity, coverage: Coverage) -> Floats:
        """Pay one twelfth to each eligible renting household and the whole amount for each eligible purchase."""
        renting = by_group(coverage.in_zones(activity.renting_households), self.eligible).sum(axis=1)
        purchases = by_group(coverage.in_zones(activity.purchases), self.eligible).sum(axis=1)
        yuan: Floats = renting * self.rent_yuan_per_household_year / 12 + purchases * self.yuan_per_purchase
        return coverage.strength * yuan


class AffordableHousing(Policy):
    """Build dwellings of one kind every year."""

    lever = "affordable_housing"
    title = Label("Affordable housing", "保障性住房建设")
    explanation = Label(
        "Adds dwellings of one kind every year while the policy is in force; they stay when it ends. Public rental "
        "dwellings are let through a queue that the eligible groups may join. The public cost of building is booked "
        "in the month of building; upkeep goes on for all dwellings built, also after the end.",
        "政策执行期间每年新增某一类住房；政策结束后住房保留。公租房通过轮候分配，适用群体可申请。"
        "建设的公共投入在建成当月入账；已建住房的维护费用持续支出，政策结束后亦然。",
    )
    evidence = Label(
        "assumption: no causal estimate was found. House prices of inland cities did not respond to inflows (32 cities "
        "2007-16), so the effect through prices is small.",
        "假设：没有找到因果估计。内陆城市的房价对人口流入没有反应（32个城市，2007—2016年），因此通过价格的作用较小。",
    )
    quantities = ("dwellings", "public_rental_access")
    cut_order = 1
    example: ClassVar[Mapping[str, Any]] = {
        "kind": "public_rental",
        "dwellings_per_year": 300,
        "eligible": ["local_rural", "elsewhere"],
    }

    zones: Zones = Field(
        default=(ZoneName.SEAT,),
        min_length=1,
        description="zones reached",
        json_schema_extra=texts(None, "覆盖的区域"),
    )
    kind: DwellingName = Field(description="kind of dwelling", json_schema_extra=texts(None, "住房类型"))
    dwellings_per_year: Number = Field(
        gt=0,
        le=1_000_000,
        description="dwellings added beyond those that would have been built anyway",
        json_schema_extra=texts(DWELLINGS_A_YEAR, "在原有趋势之外新增的住房"),
    )
    eligible: Groups = Field(
        default=(GroupName.LOCAL_URBAN, GroupName.LOCAL_RURAL, GroupName.ELSEWHERE),
        min_length=1,
        description="groups that may queue for public rental dwellings; refused for other kinds",
        json_schema_extra=texts(None, "可申请公租房的群体；其他类型住房不得填写"),
    )
    yuan_per_dwelling: Number = Field(
        default=150_000.0,
        ge=0,
        le=5_000_000,
        description="public cost of one dwelling, paid when it is built",
        json_schema_extra=texts(YUAN_PER_DWELLING, "每套住房的公共投入，建成当月支付"),
    )
    upkeep_yuan_per_dwelling_year: Number = Field(
        default=1_000.0,
        ge=0,
        le=100_000,
        description="upkeep beyond what tenants pay, for each dwelling built so far; nothing for dwellings for sale",
        json_schema_extra=texts(YUAN_PER_DWELLING_YEAR, "已建住房扣除租金后的维护费用；出售住房不计"),
    )

    @model_validator(mode="after")
    def _has_a_queue_only_for_public_rental(self) -> AffordableHousing:
        if "eligible" in self.model_fields_set and self.kind is not DwellingName.PUBLIC_RENTAL:
            raise ValueError(
                bilingual(
                    f"eligible applies to kind public_rental only; leave it out for {self.kind}",
                    f"eligible 只适用于 kind 为 public_rental 的情形；{self.kind} 请去掉它",
                )
            )
        return self

    def apply(self, environment: Environment, coverage: Coverage) -> None:
        """Add dwellings; open the queue of public rental to the eligible groups."""
        environment.dwellings.contribute(self.dwellings_per_year, coverage, dwelling=self.kind.dwelling)
        if self.kind is DwellingName.PUBLIC_RENTAL:
            opened = coverage.at_full_strength()
            environment.public_rental_access.contribute(1.0, opened, group=codes(self.eligible))

    def spending(self, environment: Environment, activity: Activity, coverage: Coverage) -> Floats:
        """Pay for the dwellings built this month and the upkeep of all built so far."""
        built_a_month = len(coverage.zones) * self.dwellings_per_year / 12
        upkeep = 0.0 if self.kind is DwellingName.FOR_SALE else self.upkeep_yuan_per_dwelling_year / 12
        return built_a_month * (coverage.strength * self.yuan_per_dwelling + coverage.accrued * upkeep)
