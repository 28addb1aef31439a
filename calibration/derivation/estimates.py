"""What the census does not publish: the seat's size, registered people in 2020, registered people away."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from derivation.checks import Report

PLAUSIBLE_SEAT_SHARES = (0.05, 1.0)  # outside: a printing error
WITHOUT_OTHER_TOWNS = 0.999  # says nothing about how seats and towns share
URBAN_SHARE_BOUNDS = (0.02, 0.98)  # keeps the logit finite in wholly urban and wholly rural units

# China's growth between the two censuses was natural growth: the sum over the years is fixed by the totals,
# 2016-20 by published birth and death rates.
NATURAL_GROWTH_2010_2020 = math.log(141178 / 133972)
# How much of a county's own distance from the national rate of 2010 lasts. Registered people of Fuyang grew by
# 4.6 % to 2016 and 5.4 % to 2018, which implies 0.14 to 0.20; its residents' rates overstate it.
OWN_RATE_WEIGHT = 0.2
YEARS_BETWEEN_CENSUSES = 10


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


def fit_seat_relation(units: pd.DataFrame) -> SeatRelation:
    """Fit the relation by least squares on the county-level cities of 2020 with towns besides the seat.

    Cities that a province or a production corps runs directly (codes ..90..) and prefectures are left out:
    they are not the seat of a county.
    """
    observed = observed_seat_share(units)
    sample = (
        observed.notna()
        & (units["kind"] == "city")
        & ~units["code"].str.endswith("00")
        & (units["code"].str[2:4] != "90")
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


def carried_forward(registered: float, natural_rate: float, national_rate: float) -> float:
    """Return registered people in 2020 from those in 2010.

    `natural_rate` and `national_rate` are natural growth per person-year in 2010, of the county and of all
    counties. Transfers of registration between counties are ignored.
    """
    own = OWN_RATE_WEIGHT * (natural_rate - national_rate) * YEARS_BETWEEN_CENSUSES
    return registered * math.exp(NATURAL_GROWTH_2010_2020 + own)


def add_registered(early: pd.DataFrame, late: pd.DataFrame, former: dict[str, tuple[str, ...]], report: Report) -> None:
    """Write in place the registered people of both years, with status and basis, and those who are away."""
    early["registered_status"] = early["registered_basis"] = "census"
    late["registered_status"] = "estimate"
    late["registered_basis"] = [
        "carried_forward" if code in former else "residents_less_migrants" for code in late["code"]
    ]
    present = late["residents"] - late["migrants_same_province"] - late["migrants_other_province"]
    carried = carried_forward_by_code(early, former)
    late["registered"] = late["code"].map(carried).fillna(present.clip(lower=0))
    for code, name in late.loc[~late["code"].isin(former), ["code", "name"]].itertuples(index=False):
        treatment = "registered = residents less migrants from elsewhere"
        report.add(2020, code, name, "no_2010_match", "new unit or boundaries changed", treatment)
    for units in (early, late):
        add_absent(units, report)


def carried_forward_by_code(early: pd.DataFrame, former: dict[str, tuple[str, ...]]) -> dict[str, float]:
    """Return registered people in 2020 by 2020 code, for every unit whose 2010 codes are known."""
    people = dict(zip(early["code"], early["residents"], strict=True))
    registered = dict(zip(early["code"], early["registered"], strict=True))
    births_less_deaths = (early["birth_rate"] - early["death_rate"]) * early["residents"]
    natural = dict(zip(early["code"], births_less_deaths, strict=True))
    national = sum(natural.values()) / sum(people.values())
    return {
        code: round(
            carried_forward(
                sum(registered[old] for old in olds),
                sum(natural[old] for old in olds) / sum(people[old] for old in olds),
                national,
            )
        )
        for code, olds in former.items()
    }


def add_absent(units: pd.DataFrame, report: Report) -> None:
    """Write in place the registered people who live outside the county; a negative number becomes zero."""
    arrivals = units["migrants_same_province"] + units["migrants_other_province"]
    away = units["registered"] - units["residents"] + arrivals
    for row, number in zip(units[away < 0].itertuples(index=False), away[away < 0], strict=True):
        problem = f"registered - residents + migrants from elsewhere = {number:.0f}"
        report.add(row.year, row.code, row.name, "absent_registered", problem, "set to 0")
    units["absent_registered"] = away.clip(lower=0)


def add_matches(early: pd.DataFrame, late: pd.DataFrame, former: dict[str, tuple[str, ...]]) -> None:
    """Write in place each unit's code(s) in the other census (joined by +), and whether it can be compared."""
    later = {old: code for code, olds in former.items() for old in olds}
    late["code_other_year"] = ["+".join(former.get(code, ())) for code in late["code"]]
    late["comparable"] = late["code"].isin(former)
    early["code_other_year"] = [later.get(code, "") for code in early["code"]]
    early["comparable"] = [len(former.get(later.get(code, ""), ())) == 1 for code in early["code"]]
