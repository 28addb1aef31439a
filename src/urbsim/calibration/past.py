"""What happened between the censuses of 2010 and 2020 in every county of 2020 whose territory both know."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from urbsim.region.tables import all_county_rows


@dataclass(frozen=True)
class Past:
    """The codes of 2010 of a county's territory, the change of its urban share (0 to 1), and residents' log growth."""

    former: tuple[str, ...]
    change: float
    growth: float


@cache
def known_pasts() -> dict[str, Past]:
    """Return the past of every county of 2020 that is comparable, districts too, by its code."""
    early, late = (all_county_rows(year).set_index("code") for year in (2010, 2020))
    found = {}
    for code, row in late[late["comparable"]].iterrows():
        former = former_codes(str(row["code_other_year"]), early)
        if former:
            then = early.loc[list(former), ["residents", "urban"]].sum()
            change = float(row["urban"] / row["residents"] - then["urban"] / then["residents"])
            found[str(code)] = Past(former, change, float(np.log(row["residents"] / then["residents"])))
    return found


def former_codes(other: str, early: pd.DataFrame) -> tuple[str, ...]:
    """Return the codes of 2010 in a county's ``code_other_year``, as far as ``early``, indexed by code, has them."""
    return tuple(part for part in other.split("+") if part in early.index)
