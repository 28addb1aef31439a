"""Levers that extend a network or better surroundings to more residents of a zone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from pydantic import Field

from urbsim.arrays import Floats
from urbsim.codes import COUNTY_ZONES, Network
from urbsim.labels import Label
from urbsim.policies.base import Number, Policy, ZoneName, Zones, texts
from urbsim.quantities.activity import Activity
from urbsim.quantities.environment import Environment
from urbsim.quantities.quantity import Coverage
from urbsim.units import SHARE_A_YEAR, YUAN_PER_RESIDENT, YUAN_PER_RESIDENT_YEAR


def _small_prior(name: str) -> Label:
    return Label(
        f"assumption: no causal estimate for a county was found; amenity.{name} is a small prior, not an estimate.",
        f"假设：没有找到针对县的因果估计；amenity.{name}是较小的先验，不是估计。",
    )


_EN = (
    "Covers a further share of the residents of each zone every year, at most all of them; what is built stays. Full "
    "coverage adds amenity.{name} to the utility of living there. Paid for every resident newly covered, and upkeep "
    "for all covered so far, also after the end."
)
_ZH = (
    "每年使所覆盖区域内又一部分居民受益，至多覆盖全部居民；建成部分保留。全覆盖时在当地居住的效用增加amenity.{name}。"
    "按新增覆盖居民支付建设费用，对已覆盖居民持续支付运行费用，政策结束后亦然。"
)


class NetworkPolicy(Policy):
    """Cover a share of residents every year; what the levers on networks have in common."""

    network: ClassVar[Network]
    quantities = ("network_coverage",)
    cut_order = 1

    share_per_year: Number = Field(
        gt=0,
        le=1,
        description="residents newly covered a year who would not have been anyway",
        json_schema_extra=texts(SHARE_A_YEAR, "每年新增覆盖、否则不会覆盖的居民比例"),
    )
    yuan_per_resident: Number = Field(
        default=3_000.0,
        ge=0,
        le=500_000,
        description="building, paid for a resident when covered",
        json_schema_extra=texts(YUAN_PER_RESIDENT, "建设费用，在覆盖当月支付"),
    )
    upkeep_yuan_per_resident_year: Number = Field(
        default=50.0,
        ge=0,
        le=50_000,
        description="upkeep and running, for each resident this policy has covered so far",
        json_schema_extra=texts(YUAN_PER_RESIDENT_YEAR, "运行维护费用，按本政策已覆盖居民计"),
    )

    def apply(self, environment: Environment, coverage: Coverage) -> None:
        """Cover more residents of each zone reached."""
        environment.network_coverage.contribute(self.share_per_year, coverage, network=self.network)

    def spending(self, environment: Environment, activity: Activity, coverage: Coverage) -> Floats:
        """Pay for this policy's part of the residents newly covered, and for the upkeep of all it covered."""
        zones = [COUNTY_ZONES.index(zone) for zone in coverage.zones]
        every = environment.network_coverage.values[:, zones, self.network]
        own = (coverage.strength * self.share_per_year)[:, None]
        part = np.divide(own, every, out=np.zeros_like(every), where=every > 0)
        newly: Floats = (part * activity.newly_covered[:, zones, self.network]).sum(axis=1)
        covered = np.minimum(coverage.accrued * self.share_per_year / 12, 1.0)
        upkeep = covered * activity.residents[:, zones].sum(axis=(1, 2)) * self.upkeep_yuan_per_resident_year / 12
        yuan: Floats = newly * self.yuan_per_resident + upkeep
        return yuan


class UtilitiesResilience(NetworkPolicy):
    """Extend and secure water, gas, heating, drainage and power."""

    lever = "utilities_resilience"
    title = Label("Utilities and resilience", "市政公用设施与韧性")
    explanation = Label(_EN.format(name="utilities"), _ZH.format(name="utilities"))
    evidence = _small_prior("utilities")
    network = Network.UTILITIES
    example: ClassVar[Mapping[str, Any]] = {"zones": ["town", "seat"], "share_per_year": 0.1}


class RuralHabitat(NetworkPolicy):
    """Improve village roads, sanitation, waste collection and houses."""

    lever = "rural_habitat"
    title = Label("Rural habitat", "农村人居环境整治")
    explanation = Label(_EN.format(name="habitat"), _ZH.format(name="habitat"))
    evidence = _small_prior("habitat")
    network = Network.HABITAT
    example: ClassVar[Mapping[str, Any]] = {"zones": ["village"], "share_per_year": 0.1, "yuan_per_resident": 2000}

    zones: Zones = Field(
        default=(ZoneName.VILLAGE,),
        min_length=1,
        description="zones reached",
        json_schema_extra=texts(None, "覆盖的区域"),
    )


class GreenEnvironment(NetworkPolicy):
    """Bring parks, clean air and clean water within reach."""

    lever = "green_environment"
    title = Label("Green environment", "生态环境与绿色空间")
    explanation = Label(_EN.format(name="green"), _ZH.format(name="green"))
    evidence = _small_prior("green")
    network = Network.GREEN
    example: ClassVar[Mapping[str, Any]] = {"zones": ["town", "seat"], "share_per_year": 0.1, "yuan_per_resident": 1500}


class DigitalServices(NetworkPolicy):
    """Bring public services online and networks to every home."""

    lever = "digital_services"
    title = Label("Digital services", "数字化服务")
    explanation = Label(_EN.format(name="digital"), _ZH.format(name="digital"))
    evidence = _small_prior("digital")
    network = Network.DIGITAL
    example: ClassVar[Mapping[str, Any]] = {
        "zones": ["village", "town", "seat"],
        "share_per_year": 0.2,
        "yuan_per_resident": 300,
        "upkeep_yuan_per_resident_year": 20,
    }

    zones: Zones = Field(
        default=(ZoneName.VILLAGE, ZoneName.TOWN, ZoneName.SEAT),
        min_length=1,
        description="zones reached",
        json_schema_extra=texts(None, "覆盖的区域"),
    )
