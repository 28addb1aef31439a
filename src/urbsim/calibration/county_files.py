"""Tables of all counties' constants that hold rows of both censuses, and what is not known of what they are to meet."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from urbsim.calibration.pace import YEARS, expected_pace, settings
from urbsim.posterior.basis import OWN
from urbsim.posterior.own_constants import LEVELS, OUTCOMES

#: Standard deviation of an observed outcome of 2010-20: urban share (1.5 points), log growth of residents. Assumption:
#: redrawn borders of towns and villages, and people counted in the wrong place.
OBSERVATION_SD = (0.015, 0.015)


def spread_of(year: int) -> pd.DataFrame:
    """Return the standard deviations of what outcomes may be off by, by level; see the source for their reasons."""
    rows = dict.fromkeys(LEVELS, (0.0, 0.0))
    if year == 2010:
        rows["county"] = OBSERVATION_SD
    else:
        pace, kept = expected_pace(), settings()
        own = pace.counties[["own", "own_growth"]][pace.counties["basis"] == OWN].std(ddof=1)
        # What a county does not keep of its own is replaced by something new of the same spread (an AR(1) process).
        renewed = [np.sqrt(1.0 - kept[name] ** 2) for name in ("kept_share", "kept_growth")]
        growth = own["own_growth"] / kept["kept_growth"]
        rows["county"] = (YEARS * renewed[0] * own["own"], YEARS * renewed[1] * growth)
        rows["province"] = (YEARS * pace.residual_sd[0], YEARS * pace.residual_sd[1])
        rows["nation"] = (YEARS * kept["national_sd"][0], YEARS * kept["national_sd"][1])
        rows["later"] = rows["county"]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=list(OUTCOMES)).rename_axis("level")
    return table.reset_index()


def write_rows(table: pd.DataFrame | None, path: Path, year: int) -> None:
    """Write the rows of a census year into a table, in place of those it held of the year; None for no rows."""
    kept = pd.read_csv(path, dtype={"code": str}) if path.exists() else pd.DataFrame({"year": []})
    parts = [kept[kept["year"] != year]]
    if table is not None:
        parts.append(table.assign(year=year)[["year", *table.columns]])
    parts = [part for part in parts if len(part)]  # an empty one would make numbers of the other objects
    if not parts:
        path.unlink(missing_ok=True)
        return
    table = pd.concat(parts, ignore_index=True)
    keys = [name for name in ("year", "draw", "level", "code") if name in table]
    table.sort_values(keys, kind="stable").to_csv(path, index=False, float_format="%.6g", lineterminator="\n")
