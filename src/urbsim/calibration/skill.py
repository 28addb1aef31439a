"""How good predictions of 2020 are: errors, bias and coverage, by groups of counties, beside simple rules."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import pandas as pd

BANDS = (0.0, 10.0, 25.0, 35.0, 45.0, 60.0, 80.0, 100.01)
MODEL = "urbsim"
_OF_TARGET = ("mae", "bias", "coverage_80", "coverage_90")
_SKILL = ["counties", *(f"{target}_{what}" for target in ("share", "residents") for what in _OF_TARGET)]
_RULES = ["rule", "set", "counties", "share_mae", "share_bias", "residents_mae", "residents_bias"]


def errors(found: pd.DataFrame) -> pd.DataFrame:
    """Return the errors of a hindcast's counties with a known outcome.

    Columns ``share`` (points, predicted less observed), ``residents`` (100 x log ratio), and whether the 80 % and 90 %
    intervals of each hold the observed value (``share_in_80`` ...).
    """
    known = found[found["set"] != "unknown"]
    table = pd.DataFrame(
        {
            "share": known["share_2020"] - known["share_observed"],
            "residents": 100 * np.log(known["residents_2020"] / known["residents_observed"]),
        }
    )
    for target in ("share", "residents"):
        seen = known[f"{target}_observed"]
        for name, low, high in (("80", "p10", "p90"), ("90", "p05", "p95")):
            table[f"{target}_in_{name}"] = seen.between(known[f"{target}_{low}"], known[f"{target}_{high}"])
    return table


def bands(share: pd.Series[float]) -> pd.Series[str]:
    """Return the names of the bands that urban shares, in percent, lie in."""
    edges = [f"{low:.0f}-{min(high, 100):.0f} %" for low, high in pairwise(BANDS)]
    return pd.cut(share, list(BANDS), labels=edges, right=False).astype(str)


def groups(found: pd.DataFrame) -> Mapping[str, pd.Series[str]]:
    """Return the ways to group counties: by set, by starting band within a set, by province."""
    return {
        "set": found["set"],
        "band": found["set"] + ", " + bands(found["share_2010"]),
        "province": found["province"],
    }


def skill(table: pd.DataFrame, by: pd.Series[str]) -> pd.DataFrame:
    """Return counties, mean absolute error, bias and coverage (percent) of both targets, one row per group."""
    rows = {}
    for group, part in table.groupby(by.loc[table.index], sort=True):
        row: dict[str, float] = {"counties": len(part)}
        for target in ("share", "residents"):
            row[f"{target}_mae"] = float(part[target].abs().mean())
            row[f"{target}_bias"] = float(part[target].mean())
            for interval in ("80", "90"):
                row[f"{target}_coverage_{interval}"] = 100 * float(part[f"{target}_in_{interval}"].mean())
        rows[str(group)] = row
    return pd.DataFrame.from_dict(rows, orient="index", columns=_SKILL).rename_axis("group")


def beside_simple_rules(found: pd.DataFrame, rules: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return mean absolute error and bias of every rule and of the model, by set; residents as 100 x log ratio."""
    known = found[found["set"] != "unknown"]
    seen = {"share": known["share_observed"], "residents": known["residents_observed"]}
    ours = pd.DataFrame({"share": known["share_2020"], "residents": known["residents_2020"]})
    rows = []
    for name, guess in {**rules, MODEL: ours}.items():
        share = guess.loc[known.index, "share"] - seen["share"]
        residents = 100 * np.log(guess.loc[known.index, "residents"] / seen["residents"])
        for group in sorted(known["set"].unique()):
            here = known["set"] == group
            rows.append(
                {
                    "rule": name,
                    "set": group,
                    "counties": int(here.sum()),
                    "share_mae": float(share[here].abs().mean()),
                    "share_bias": float(share[here].mean()),
                    "residents_mae": float(residents[here].abs().mean()),
                    "residents_bias": float(residents[here].mean()),
                }
            )
    return pd.DataFrame(rows, columns=_RULES)


def change_by_band(found: pd.DataFrame) -> pd.DataFrame:
    """Return the mean observed and predicted change of the urban share, points, by set and starting band."""
    known = found[found["set"] != "unknown"]
    change = pd.DataFrame(
        {
            "counties": 1,
            "observed": known["share_observed"] - known["share_2010"],
            "model": known["share_2020"] - known["share_2010"],
        }
    )
    by = groups(known)["band"]
    return change.groupby(by).agg({"counties": "sum", "observed": "mean", "model": "mean"}).rename_axis("group")


def with_province_constants(found: pd.DataFrame) -> float:
    """Return the mean absolute error of the share if every province's mean error were known, points.

    It uses the outcome that it predicts, so it is no prediction: it shows how much of the error is the province's.
    """
    share = errors(found)["share"]
    return float((share - share.groupby(found["province"].loc[share.index]).transform("mean")).abs().mean())
