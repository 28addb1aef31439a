"""What money and land cut from the policies of an ensemble, and counties that went beyond their debt limit."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

#: A share of what was wanted below which it counts as cut; above it is rounding.
WHOLE = 0.9995
_KEYS = ["scenario", "limit", "policy", "lever", "unit"]


def limits_by_year(limits: pd.DataFrame, runs: Mapping[str, int]) -> pd.DataFrame:
    """Return what every policy wanted and what was possible, by county and calendar year, mean over runs.

    Parameters
    ----------
    limits
        Columns scenario, draw, replicate, year, place, limit, policy, lever, unit, wanted, possible.
    runs
        Number of runs by scenario.

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
    """Return the policies that money or land cut, over all counties and years, mean over runs.

    Returns
    -------
    DataFrame
        Columns scenario, limit, policy, lever, unit, wanted, possible, share and first_year, the first calendar year
        of a cut in any county and run. Scenarios in their order, the most cut first. An empty policy stands for what
        happens without one: building by developers, ordinary spending.
    """
    plain = _text(limits[limits["limit"].astype(str) != "debt"], _KEYS)
    short = plain[plain["possible"] < WHOLE * plain["wanted"]]
    first = short.groupby(_KEYS, sort=True)["year"].min().rename("first_year")
    found = _with_share(_means(plain, _KEYS, runs))
    found = found[found["share"] < WHOLE].join(first, on=_KEYS)
    return _in_order(found.astype({"first_year": int}), runs, ["limit", "share", "policy"])


def debts_beyond_limit(limits: pd.DataFrame, runs: Mapping[str, int]) -> pd.DataFrame:
    """Return the counties whose debt exceeded its limit in some run.

    Returns
    -------
    DataFrame
        Columns scenario, place, first_year (the first in any run), worst (debt over limit at its highest in any run and
        year), debt and limit (yuan, then) and runs (how many exceeded the limit). Scenarios in their order, the worst
        first.
    """
    keys = ["scenario", "place"]
    debts = _text(limits[limits["limit"].astype(str) == "debt"], keys)
    beyond = debts[debts["possible"] < WHOLE * debts["wanted"]].drop(columns="limit")
    beyond = beyond.assign(worst=beyond["wanted"] / beyond["possible"])
    worst = beyond.sort_values("worst", ascending=False, kind="stable").drop_duplicates(keys).set_index(keys)
    pairs = beyond.drop_duplicates([*keys, "draw", "replicate"])
    table = pd.DataFrame(
        {
            "first_year": beyond.groupby(keys)["year"].min(),
            "worst": worst["worst"],
            "debt": worst["wanted"],
            "limit": worst["possible"],
            "runs": pairs.groupby(keys).size(),
        }
    )
    return _in_order(table.reset_index(), runs, ["worst"], ascending=False)


def _text(limits: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return the table with categories as plain text, so that groups without rows do not appear."""
    return limits.astype(dict.fromkeys(keys, str))


def _in_order(table: pd.DataFrame, runs: Mapping[str, int], by: list[str], *, ascending: bool = True) -> pd.DataFrame:
    """Return rows by scenario, in the scenarios' order, and then by other columns."""
    position = table["scenario"].map({name: number for number, name in enumerate(runs)})
    sorted_rows = table.assign(_position=position).sort_values(
        ["_position", *by], ascending=[True, *[ascending] * len(by)], kind="stable"
    )
    return sorted_rows.drop(columns="_position").reset_index(drop=True)


def _means(limits: pd.DataFrame, keys: list[str], runs: Mapping[str, int]) -> pd.DataFrame:
    plain = _text(limits, [key for key in keys if key != "year"])
    sums = plain.groupby(keys, sort=True)[["wanted", "possible"]].sum().reset_index()
    number = sums["scenario"].map(dict(runs)).astype(float)
    return sums.assign(wanted=sums["wanted"] / number, possible=sums["possible"] / number)


def _with_share(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(share=(table["possible"] / table["wanted"]).where(table["wanted"] > 0.0))
