"""Levers on farmers' rights to land."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field

from urbsim.environment import Activity, Environment, Floats, Reach
from urbsim.labels import Label
from urbsim.policies.base import Number, Policy, texts
from urbsim.policies.units import SHARE, YUAN_PER_HOUSEHOLD, shared


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
    evidence = (
        "Adamopoulos et al. 2024 (QJE) and Ngai, Pissarides & Wang 2019 (JEEA): insecure land rights hold labour on "
        "the farm; sign only. Amounts: assumption."
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

    def apply(self, environment: Environment, reach: Reach) -> None:
        """Raise the share of farm households certified."""
        environment.land_certified.contribute(self.certified_share, reach)

    def spending(self, environment: Environment, activity: Activity, reach: Reach) -> Floats:
        """Pay for the households certified this month."""
        # Strength is already in the number certified: a programme at half strength certifies fewer, not cheaper.
        households = shared(activity.newly_certified, environment.land_certified.contributors)
        return (reach.strength > 0) * households * self.yuan_per_household
