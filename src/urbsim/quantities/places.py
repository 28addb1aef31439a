"""The named quantities of jobs, infrastructure, land and budgets.

All are exactly zero, or not in force, without a policy.
"""

from __future__ import annotations

from urbsim.labels import Label
from urbsim.quantities.quantity import Quantity, declare

#: A cap on debt that nobody sets, in yearly revenues: policies set lower ones, and the strictest counts.
NO_DEBT_CAP = 10.0


class PlaceQuantities:
    """Productivity, networks, travel, renewal, land and finance."""

    wage_growth: Quantity = declare(
        Label("growth a year beyond the trend (0.01 = 1 %)", "超出趋势的年增长率（0.01即1%）"),
        ("zone", "sector"),
        "add",
        0.0,
    )
    farm_workers_freed: Quantity = declare(Label("farm workers a year", "人/年"), ("zone",), "add", 0.0)
    network_coverage: Quantity = declare(
        Label("share of residents newly covered a year", "每年新增覆盖的居民比例"),
        ("zone", "network"),
        "add",
        0.0,
    )
    travel_minutes_saved: Quantity = declare(
        Label("minutes of a trip to the seat, opened a year", "每年建成的到县城单程节省分钟数"),
        ("zone",),
        "add",
        0.0,
    )
    capital_minutes_saved: Quantity = declare(
        Label("minutes of a trip to the provincial capital, opened a year", "每年建成的到省会单程节省分钟数"),
        (),
        "add",
        0.0,
    )
    renewal: Quantity = declare(
        Label("share of old dwellings renewed a year", "每年改造的老旧住房比例"), ("zone",), "add", 0.0
    )
    cheap_rentals_lost: Quantity = declare(
        Label("share of old dwellings no longer let cheaply, a year", "每年不再低价出租的老旧住房比例"),
        ("zone",),
        "add",
        0.0,
    )
    land_quota: Quantity = declare(Label("mu a year", "亩/年"), (), "add", 0.0)
    finance_received: Quantity = declare(Label("yuan a year", "元/年"), (), "add", 0.0)
    finance_owed: Quantity = declare(Label("yuan a year to be repaid", "元/年（须偿还）"), (), "add", 0.0)
    debt_cap: Quantity = declare(Label("share of yearly revenue", "占年度财政收入比例"), (), "lowest", NO_DEBT_CAP)
