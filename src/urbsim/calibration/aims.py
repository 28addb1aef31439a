"""What runs from a census are to meet: the next census, or what is expected of the first years after the last one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from urbsim.arrays import Floats
from urbsim.calibration.pace import Pace, expected_pace
from urbsim.calibration.past import known_pasts
from urbsim.months import census_month, month_number
from urbsim.posterior.basis import OWN
from urbsim.region.tables import all_county_rows

#: Month at whose end the targets hold, by the census year of the start.
LAST_MONTHS = {2010: census_month(2020) - 1, 2020: month_number(2025, 10)}


@dataclass(frozen=True)
class Aim:
    """What runs from one census are to meet.

    ``targets`` (n, 2) urban share and log growth at ``month``, ``fading`` (n, 2) the part of them that is a county's
    own and fades, ``basis`` per county, ``residents`` (n,) of the census, ``given`` parameters of all runs.
    """

    year: int
    codes: tuple[str, ...]
    start_share: Floats
    targets: Floats
    fading: Floats
    basis: tuple[str, ...]
    residents: Floats
    given: Mapping[str, Mapping[int, float]] = field(default_factory=dict)

    @property
    def month(self) -> int:
        """Month at whose end the targets hold."""
        return LAST_MONTHS[self.year]


def aim_of(year: int) -> Aim:
    """Return what runs from the census of ``year`` are to meet, for every county that something is known of."""
    return _aim_of_2020(expected_pace()) if year == 2020 else _aim_of_2010()


def _aim_of_2020(pace: Pace) -> Aim:
    codes = tuple(sorted(pace.counties.index))
    rows = pace.counties.loc[list(codes)]
    share, residents = (rows[name].to_numpy(dtype=float) for name in ("share", "residents"))
    targets, fading = pace.targets(list(codes)), pace.own_part(list(codes))
    return Aim(2020, codes, share, targets, fading, tuple(rows["basis"]), residents)


def _aim_of_2010() -> Aim:
    early = all_county_rows(2010).set_index("code")
    start = (early["urban"] / early["residents"]).astype(float)
    # Of a unit that was joined from several, every part changes as the whole did.
    found = {
        part: (min(max(float(start[part]) + past.change, 0.0), 1.0), past.growth)
        for past in known_pasts().values()
        for part in past.former
    }
    codes = tuple(sorted(found))
    targets = np.array([found[code] for code in codes])
    share, residents = (np.asarray(column.loc[list(codes)], dtype=float) for column in (start, early["residents"]))
    return Aim(2010, codes, share, targets, np.zeros((len(codes), 2)), (OWN,) * len(codes), residents)
