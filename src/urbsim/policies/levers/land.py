"""Levers on farmers' rights to land."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field

from urbsim.arrays import Floats
from urbsim.labels import Label
from urbsim.policies.base import Number, Policy, texts
from urbsim.policies.sharing import shared
from urbsim.quantities.activity import Activity
from urbsim.quantities.environment import Environment
from urbsim.quantities.quantity import Coverage
from urbsim.units import SHARE, YUAN_PER_HOUSEHOLD


class LandRightsSecurity(Policy):
    """Certify contracted land, so that leaving the village does not put it at risk."""

    lever = "land_rights_security"
    title = Label("Security of land rights", "农村土地承包权确权保障")
    explanation = Label(
        "Raises the share of farm households whose contracted land is certified. Who holds a certificate keeps the "
        "land when moving to town, so the fear of losing it no longer holds people back. Giving up land is never a "
        "condition of registration. Paid for every household newly certified.",
        "提高已完成承包地确权颁证的农户比例。持证农户进城后仍保有土地，不再因担心失地而不敢离开。"
        "放弃土地绝不作为落户条件。按新颁证户数支付费用。",
    )
    evidence = Label(
        "Adamopoulos et al. 2024 (QJE) and Ngai, Pissarides & Wang 2019 (JEEA): insecure land rights hold labour on "
        "the farm; sign only. Amounts: assumption.",
        "Adamopoulos等2024（QJE）、Ngai、Pissarides和Wang 2019（JEEA）：地权不稳把劳动力留在农业；只有方向。"
        "数量：假设。",
    )
    quantities = ("land_certified",)
    example: ClassVar[Mapping[str, Any]] = {"certified_share": 0.98, "ramp_months": 24}

    certified_share: Number = Field(
        ge=0,
        le=1,
        description="share of farm households certified at full strength; a county already above it stays there",
        json_schema_extra=texts(SHARE, "达到全部力度时已确权农户比例；原本更高的县保持不变"),
    )
    yuan_per_household: Number = Field(
        default=200.0,
        ge=0,
        le=50_000,
        description="surveying and certifying one household's land, paid once",
        json_schema_extra=texts(YUAN_PER_HOUSEHOLD, "一户承包地的测绘与颁证费用，一次性"),
    )

    def apply(self, environment: Environment, coverage: Coverage) -> None:
        """Raise the share of farm households certified."""
        environment.land_certified.contribute(self.certified_share, coverage)

    def spending(self, environment: Environment, activity: Activity, coverage: Coverage) -> Floats:
        """Pay for the households certified this month."""
        # Strength is already in the number certified: a policy at half strength certifies fewer, not cheaper.
        households = shared(activity.newly_certified, environment.land_certified.contributors)
        return (coverage.strength > 0) * households * self.yuan_per_household


class LandExitCompensation(Policy):
    """Offer a payment to households in towns that give up their contracted land of their own will."""

    lever = "land_exit_compensation"
    title = Label("Paid voluntary exit from land", "承包地自愿有偿退出")
    explanation = Label(
        "Offers a payment to farm households that live in a town or the seat and still hold contracted land in a "
        "village. Those who value their land less accept. The payment goes to their savings. Nobody has to accept, "
        "homestead and registration stay as they are, and whoever keeps the land can register all the same. People "
        "who fear for uncertified land are freer to leave the village, because they can sell out.",
        "向居住在镇和县城、仍持有农村承包地的农户提出有偿退出。对土地估值低于补偿的农户会接受，补偿计入其储蓄。"
        "退出完全自愿；宅基地和户籍不变，保留土地者同样可以落户。担心未确权土地的村民因可有偿退出而更敢离开。",
    )
    evidence = Label(
        "assumption: no study of the response to a payment was found; land is valued at its discounted rent.",
        "假设：没有找到对补偿的响应的研究；土地按贴现的租金估值。",
    )
    quantities = ("land_exit_payment", "land_exit_access")
    cut_order = 1
    example: ClassVar[Mapping[str, Any]] = {"yuan_per_household": 60_000}

    yuan_per_household: Number = Field(
        gt=0,
        le=5_000_000,
        description="payment for all contracted land of a household; the highest counts where several policies pay",
        json_schema_extra=texts(YUAN_PER_HOUSEHOLD, "退出全部承包地的一次性补偿；多项政策并存时取最高"),
    )
    offered_share: Number = Field(
        default=1.0,
        ge=0,
        le=1,
        description="share of such households that are made the offer when they consider it",
        json_schema_extra=texts(SHARE, "考虑退出时可获得补偿方案的农户比例"),
    )
    administration_yuan_per_household: Number = Field(
        default=500.0,
        ge=0,
        le=50_000,
        description="handling one exit, paid once",
        json_schema_extra=texts(YUAN_PER_HOUSEHOLD, "办理一户退出的费用，一次性"),
    )

    def apply(self, environment: Environment, coverage: Coverage) -> None:
        """Offer the payment; a policy at partial strength makes fewer offers, not smaller ones."""
        environment.land_exit_payment.contribute(self.yuan_per_household, coverage.at_full_strength())
        environment.land_exit_access.contribute(self.offered_share, coverage)

    def spending(self, environment: Environment, activity: Activity, coverage: Coverage) -> Floats:
        """Pay the households that gave up land this month."""
        payment = environment.land_exit_payment
        exits = shared(activity.land_exits, payment.contributors)
        return (coverage.strength > 0) * exits * (payment.values + self.administration_yuan_per_household)
