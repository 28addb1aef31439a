"""The seat's size, which the census prints for cities only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from derivation.checks import Report

PLAUSIBLE_SEAT_SHARES = (0.05, 1.0)  # outside: a printing error
WITHOUT_OTHER_TOWNS = 0.999  # says nothing about how seats and towns share
URBAN_SHARE_BOUNDS = (0.02, 0.98)  # keeps the logit finite in wholly urban and wholly rural units


@dataclass(frozen=True)
class SeatRelation:
    """The fitted relation logit(seat / urban) = constant + size ln(residents / 100,000) + urban logit(urban share)."""

    constant: float
    size: float
    urban: float
    observations: int
    residual_sd: float
    share_sd: float
    r_squared: float

    def share(self, units: pd.DataFrame) -> pd.Series:
        """Return the median share of the urban residents who live in the seat, in (0, 1)."""
        return pd.Series(_expit(_regressors(units) @ [self.constant, self.size, self.urban]), index=units.index)


def _expit(value: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-value))


def _logit(share: pd.Series) -> np.ndarray:
    return np.log(share / (1 - share)).to_numpy()


def _regressors(units: pd.DataFrame) -> np.ndarray:
    urban_share = (units["urban"] / units["residents"]).clip(*URBAN_SHARE_BOUNDS)
    size = np.log(units["residents"] / 100_000).to_numpy()
    return np.column_stack([np.ones(len(units)), size, _logit(urban_share)])


def observed_seat_share(units: pd.DataFrame) -> pd.Series:
    """Return the printed built-up population over urban residents; missing where not printed or implausible."""
    share = units["seat_built_up"] / units["urban"]
    return share.where(share.between(*PLAUSIBLE_SEAT_SHARES))


def fit_seat_relation(units: pd.DataFrame, without: Sequence[str] = ()) -> SeatRelation:
    """Fit the relation by least squares on the county-level cities of 2020 with towns besides the seat.

    Cities that a province or a production corps runs directly (codes ..90..) and prefectures are left out:
    they are not the seat of a county. So are the provinces ``without`` (two digits each).
    """
    observed = observed_seat_share(units)
    sample = (
        observed.notna()
        & (units["kind"] == "city")
        & ~units["code"].str.endswith("00")
        & (units["code"].str[2:4] != "90")
        & ~units["code"].str[:2].isin(without)
        & (observed < WITHOUT_OTHER_TOWNS)
        & (units["rural"] > 0)
    )
    x, y = _regressors(units[sample]), _logit(observed[sample])
    coefficients, *_ = np.linalg.lstsq(x, y, rcond=None)
    residual = y - x @ coefficients
    freedom = len(y) - x.shape[1]
    return SeatRelation(
        *(float(value) for value in coefficients),
        observations=len(y),
        residual_sd=float(np.sqrt(residual @ residual / freedom)),
        share_sd=float(np.sqrt(np.mean((observed[sample].to_numpy() - _expit(x @ coefficients)) ** 2))),
        r_squared=float(1 - residual.var() / y.var()),
    )


def add_seat_shares(units: pd.DataFrame, relation: SeatRelation, report: Report) -> None:
    """Write in place the seat's share of urban residents: printed where it is, else from the relation."""
    printed = units["seat_built_up"].notna() & (units["kind"] == "city")
    units.loc[~printed, "seat_built_up"] = np.nan
    observed = observed_seat_share(units)
    for row in units[printed & observed.isna()].itertuples(index=False):
        problem = f"built-up population {row.seat_built_up:.0f} of {row.urban:.0f} urban residents"
        report.add(row.year, row.code, row.name, "seat_share", problem, "estimated instead")
    units["seat_share"] = observed.fillna(relation.share(units))
    units["seat_share_status"] = np.where(observed.notna(), "census", "estimate")
