"""The results whose causes are looked for, in words and units."""

from __future__ import annotations

from dataclasses import dataclass

from urbsim.labels import Label


@dataclass(frozen=True)
class WatchedIndicator:
    """A result at the scenario's last month; the value of the indicator is multiplied by ``factor``."""

    indicator: str
    label: Label
    unit: Label
    factor: float = 1.0


_PERCENT = Label("points", "百分点")
#: What the analysis watches.
OUTCOMES = (
    WatchedIndicator("urbanization_rate", Label("resident urbanization rate", "常住人口城镇化率"), _PERCENT, 100.0),
    WatchedIndicator(
        "seat_residents", Label("residents of the county seat", "县城常住人口"), Label("thousand", "千人"), 1e-3
    ),
    WatchedIndicator(
        "registered_urbanization_rate", Label("registered urbanization rate", "户籍人口城镇化率"), _PERCENT, 100.0
    ),
)
