"""The comparisons that studies make, on tables of persons or counties.

Each takes values before and after, one per unit in the same order, and which units were treated. Units without a value
in either survey (not-a-number) are left out, as people whom a second interview does not find are.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from urbsim.arrays import Floats, Mask


def difference_in_differences(before: Floats, after: Floats, treated: Mask) -> float:
    """Return the mean change of the treated less that of the untreated, in the unit of the values."""
    change = np.asarray(after, dtype=float) - np.asarray(before, dtype=float)
    found = np.isfinite(change)
    return float(change[found & treated].mean() - change[found & ~treated].mean())


def growth_difference(before: Floats, after: Floats, treated: Mask) -> float:
    """Return by how many per cent the mean of the treated grew more than that of the untreated.

    Means, not logarithms of single values, are compared, so that people without income count.
    """
    found = np.isfinite(before) & np.isfinite(after)
    growth = [float(after[chosen].mean() / before[chosen].mean()) for chosen in (found & treated, found & ~treated)]
    return 100.0 * (growth[0] / growth[1] - 1.0)


def relative_change(after: float, before: float) -> float:
    """Return by how many per cent one value is above another; not-a-number where there is nothing to compare with."""
    return 100.0 * (after / before - 1.0) if before else float("nan")


def adjusted_slope(outcome: Floats, exposure: Floats, controls: pd.DataFrame) -> float:
    """Return the slope of an outcome on an exposure in a linear regression with a dummy for each value of controls."""
    dummies = pd.get_dummies(controls.astype("category"), drop_first=True).to_numpy(dtype=float)
    design = np.column_stack([exposure, np.ones(len(exposure)), dummies])
    coefficients, *_ = np.linalg.lstsq(design, np.asarray(outcome, dtype=float), rcond=None)
    return float(coefficients[0])
