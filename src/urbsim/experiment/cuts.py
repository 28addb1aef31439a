"""What money and land cut from the policies of an ensemble, and counties that went beyond their debt limit."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

#: A share of what was wanted below which it counts as cut; above it is rounding.
WHOLE = 0.9995
_KEYS = ["scenario", "limit", "policy", "lever", "unit"]


def limits_by_year(limits: pd.DataFrame, runs: Mapping[str, int]) -> pd.DataFrame:
    """Return what every policy wanted and what was possible, by county and calendar year, mean over replicates.

    Parameters
    ----------
    limits
        Columns scenario, draw, replicate, year, place, limit, policy, lever, unit, wanted, possible.
    runs
        Number of replicates by scenario.

    Returns
    -------
    DataFrame
        Columns scenario, place, year, limit (money, land or debt), policy, lever, unit, wanted, possible, share.
        ``share`` is what was possible of what was wanted; of debt, wanted is the debt at its worst in the year,
        possible the limit then, and a share below 1 means that the limit was exceeded.
    """
    keys = ["scenario", "place", "year", "limit", "policy", "lever", "unit"]
    return _with_share(_means(limits, keys, runs))


def cuts(limits: pd.DataFrame, runs: Mapping[str, int]) -> pd.DataFrame:
    """Return the policies that money or land cut, over all counties and years, mean over replicates.

    Returns
    -------
    DataFrame
        Columns scenario, limit, policy, lever, unit, wanted, possible, share; the most cut first. An empty policy
        stands for building by developers.
    """
    found = _with_share(_means(limits[limits["limit"].astype(str) != "debt"], _KEYS, runs))
    found = found[found["share"] < WHOLE]
    return found.sort_values(["scenario", "limit", "share", "policy"], kind="stable").reset_index(drop=True)


def debts_beyond_limit(limits: pd.DataFrame, runs: Mapping[str, int]) -> pd.DataFrame:
    """Return where debt exceeded its limit: scenario, place, first year, and debt over limit at its worst."""
    yearly = limits_by_year(limits[limits["limit"].astype(str) == "debt"], runs)
    beyond = yearly[yearly["share"] < WHOLE]
    if beyond.empty:
        return pd.DataFrame(columns=["scenario", "place", "first_year", "worst"])
    grouped = beyond.groupby(["scenario", "place"], sort=True)
    return grouped.agg(first_year=("year", "min"), worst=("share", lambda share: 1.0 / share.min())).reset_index()


def _means(limits: pd.DataFrame, keys: list[str], runs: Mapping[str, int]) -> pd.DataFrame:
    plain = limits.astype({key: str for key in keys if key != "year"})
    sums = plain.groupby(keys, sort=True)[["wanted", "possible"]].sum().reset_index()
    replicates = sums["scenario"].map(dict(runs)).astype(float)
    return sums.assign(wanted=sums["wanted"] / replicates, possible=sums["possible"] / replicates)


def _with_share(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(share=(table["possible"] / table["wanted"]).where(table["wanted"] > 0.0))
