"""The named quantities of jobs, infrastructure, land and budgets, and the counts of a month that their levers pay for.

They belong to ``environment``, which gathers all quantities; all are exactly zero, or not in force, without a policy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from urbsim.codes import COUNTY_ZONES, Network, Sector
from urbsim.labels import Label

if TYPE_CHECKING:
    from urbsim.quantities.environment import Axis, Quantity, Rule

#: A cap on debt that nobody sets, in yearly revenues: policies set lower ones, and the strictest counts.
NO_DEBT_CAP = 10.0

#: Unit, axes, rule of combination and base of every quantity.
PLACE_DECLARATIONS: dict[str, tuple[Label, tuple[Axis, ...], Rule, float]] = {
    "wage_growth": (
        Label("growth a year beyond the trend (0.01 = 1 %)", "超出趋势的年增长率（0.01即1%）"),
        ("zone", "sector"),
        "add",
        0.0,
    ),
    "farm_workers_freed": (Label("farm workers a year", "人/年"), ("zone",), "add", 0.0),
    "coverage": (
        Label("share of residents newly covered a year", "每年新增覆盖的居民比例"),
        ("zone", "network"),
        "add",
        0.0,
    ),
    "travel_minutes_saved": (
        Label("minutes of a trip to the seat, opened a year", "每年建成的到县城单程节省分钟数"),
        ("zone",),
        "add",
        0.0,
    ),
    "capital_minutes_saved": (
        Label("minutes of a trip to the provincial capital, opened a year", "每年建成的到省会单程节省分钟数"),
        (),
        "add",
        0.0,
    ),
    "renewal": (Label("share of old dwellings renewed a year", "每年改造的老旧住房比例"), ("zone",), "add", 0.0),
    "cheap_rentals_lost": (
        Label("share of old dwellings no longer let cheaply, a year", "每年不再低价出租的老旧住房比例"),
        ("zone",),
        "add",
        0.0,
    ),
    "land_quota": (Label("mu a year", "亩/年"), (), "add", 0.0),
    "finance_received": (Label("yuan a year", "元/年"), (), "add", 0.0),
    "finance_owed": (Label("yuan a year to be repaid", "元/年（须偿还）"), (), "add", 0.0),
    "debt_cap": (Label("share of yearly revenue", "占年度财政收入比例"), (), "lowest", NO_DEBT_CAP),
}


class PlaceQuantities:
    """The quantities declared here, as attributes of the environment."""

    wage_growth: Quantity
    farm_workers_freed: Quantity
    coverage: Quantity
    travel_minutes_saved: Quantity
    capital_minutes_saved: Quantity
    renewal: Quantity
    cheap_rentals_lost: Quantity
    land_quota: Quantity
    finance_received: Quantity
    finance_owed: Quantity
    debt_cap: Quantity


class PlaceActivity:
    """What happened this month that levers on places pay for, in real persons, dwellings and mu."""

    def __init__(self, counties: int) -> None:
        zones = len(COUNTY_ZONES)
        #: Stock: people at work by zone and sector.
        self.workers = np.zeros((counties, zones, len(Sector)))
        #: Flow: residents newly covered by a network.
        self.newly_covered = np.zeros((counties, zones, len(Network)))
        #: Flow: old dwellings renewed.
        self.dwellings_renewed = np.zeros((counties, zones))
        #: Flow: mu of land built on under a quota.
        self.land_used = np.zeros(counties)
