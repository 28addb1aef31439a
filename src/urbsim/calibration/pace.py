"""What counties' own past and the country's years after 2020 imply for the first five years from the census of 2020.

Written down before anything was simulated (``calibration/national/after_2020.yaml`` holds the numbers):

- A county's pace of 2010-20 (urban share a year) has an expected part, what its province and its urban share imply
  (least squares; the second set of test provinces does not fit what the share implies), and an own part, what is
  left. A county whose past is not known has the expected part alone.
- After 2020 the expected part goes on at a ratio common to all (``period``), which meets the country's published
  urban share. Of an own part above the expected ``kept_share`` goes on. One below slows down as the expected part
  does: who did not urbanize does not begin to lose urban share because the country slows. No county falls below
  ``floor`` of what is expected of it: where shares fell in 2010-20, borders of towns were redrawn.
- Residents of a province grow by the natural growth of 2021 and net migration: a mean, by the precision of each, of
  what the past decade implies (fitted across provinces) and of what 2021 itself shows. A county differs from its
  province by ``kept_growth`` of what it differed by in 2010-20.

Provinces' years from 2022 on are not used.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import yaml
from scipy.optimize import brentq

from urbsim.arrays import Floats
from urbsim.calibration.past import known_pasts
from urbsim.posterior.basis import EXPECTED, OWN
from urbsim.posterior.outcomes import national_folder, second_test_provinces
from urbsim.region.tables import all_county_rows, provinces_table, series_table

#: Months from the census of 1 November 2020 to the end of 2021, and to the end of the years that are matched.
MONTHS_TO_2021 = 14
YEARS = 5.0
HIGHEST_SHARE = 0.998


@dataclass(frozen=True)
class Pace:
    """What is expected of counties of 2020 in the first five years.

    Attributes
    ----------
    counties
        By code: ``share`` (urban share of the census, 0 to 1), ``residents``, ``past`` (share of 0 to 1 a year,
        2010-20; not-a-number where unknown), ``expected`` (its expected part), ``own`` (its own part, 0 where unknown),
        ``pace`` (a year after 2020), ``growth`` (log, a year after 2020), ``basis`` (``own`` or ``expected``).
    provinces
        By two-digit code: ``growth_2021`` (log, a year), ``natural`` (a year), ``past`` (log growth a year 2010-20),
        ``growth`` (a year after 2020).
    period
        Ratio at which the expected part of the pace of 2010-20 goes on after 2020.
    residual_sd
        What is unknown of provinces a year: of the share, the spread of 2021 around what is expected; of the growth
        (log), what is left after the past and 2021 were weighed.
    """

    counties: pd.DataFrame
    provinces: pd.DataFrame
    period: float
    residual_sd: tuple[float, float]

    def targets(self, codes: list[str]) -> Floats:
        """Return the urban share and the log growth of residents after five years, shape (n, 2)."""
        rows = self.counties.loc[codes]
        share = np.clip((rows["share"] + YEARS * rows["pace"]).to_numpy(dtype=float), 0.0, HIGHEST_SHARE)
        return np.stack([share, YEARS * rows["growth"].to_numpy(dtype=float)], axis=1)

    def own_part(self, codes: list[str]) -> Floats:
        """Return the part of the targets that is the county's own and fades, shape (n, 2)."""
        rows = self.counties.loc[codes]
        share = YEARS * (rows["pace"] - self.period * rows["expected"]).to_numpy(dtype=float)
        return np.stack([share, YEARS * rows["own_growth"].to_numpy(dtype=float)], axis=1)


@cache
def settings() -> dict[str, Any]:
    """Return the numbers written down beforehand."""
    found: dict[str, Any] = yaml.safe_load((national_folder() / "after_2020.yaml").read_text(encoding="utf-8"))
    return found


@cache
def expected_pace() -> Pace:
    """Return what is expected of every county of 2020."""
    counties, kept = _past_of_counties(), settings()
    counties["expected"], counties["own"] = _expected_and_own(counties)
    provinces, growth_sd = _provinces(counties)
    home = counties["province"]
    own_growth = counties["past_growth"] - home.map(provinces["past"])
    counties["own_growth"] = kept["kept_growth"] * own_growth.fillna(0.0)
    # What counties keep of their own must not change their province's growth.
    drift = (counties["own_growth"] * counties["residents"]).groupby(home).sum() / provinces["residents"]
    counties["own_growth"] -= home.map(drift)
    counties["growth"] = home.map(provinces["growth"]) + counties["own_growth"]
    period = _period(counties)
    counties["pace"] = _pace(counties, period)
    share_sd = _share_residual_sd(counties, provinces)
    return Pace(counties, provinces, period, (share_sd, growth_sd))


def _past_of_counties() -> pd.DataFrame:
    """Return the counties of 2020 with what is known of their pace in 2010-20."""
    late = all_county_rows(2020).set_index("code")
    table = pd.DataFrame({
        "province": [code[:2] for code in late.index],
        "district": (late["kind"] == "district").to_numpy(),
        "residents": late["residents"].astype(float),
        "share": (late["urban"] / late["residents"]).astype(float),
    })  # fmt: skip
    table["past"], table["past_growth"] = np.nan, np.nan
    for code, past in known_pasts().items():
        table.loc[code, ["past", "past_growth"]] = past.change / 10.0, past.growth / 10.0
    table["basis"] = np.where(table["past"].notna(), OWN, EXPECTED)
    return table


def _expected_and_own(counties: pd.DataFrame) -> tuple[Floats, Floats]:
    """Split the past pace: least squares on provinces and the share before, weights equal."""
    known = counties["past"].notna().to_numpy()
    # The share of ten years before, in place of that of 2020, which holds the pace itself.
    typical = counties["past"].groupby(counties["province"]).transform("mean")
    before = (counties["share"] - 10.0 * counties["past"].fillna(typical).fillna(counties["past"].mean())).clip(0, 1)
    levels = np.column_stack([before, before**2, before**3, counties["district"].astype(float)])
    fits = known & ~counties["province"].isin(second_test_provinces()).to_numpy()
    provinces = pd.get_dummies(counties["province"][fits]).to_numpy(dtype=float)
    slopes = np.linalg.lstsq(np.column_stack([levels[fits], provinces]), counties["past"][fits], rcond=None)[0]
    of_level = levels @ slopes[: levels.shape[1]]
    of_province = (counties["past"] - of_level).groupby(counties["province"]).transform("mean").to_numpy(dtype=float)
    expected = of_level + of_province
    own = np.where(known, counties["past"] - expected, 0.0)
    return expected, np.asarray(own, dtype=float)


def published_shares() -> dict[int, float]:
    """Return the country's urban share at the end of each year after 2020, 0 to 1."""
    rows = series_table().query("place == 'CN' and indicator == 'urbanization_rate' and year > 2020")
    return {int(year): float(value) for year, value in zip(rows["year"], rows["value"], strict=True)}


def _pace(counties: pd.DataFrame, period: float) -> Floats:
    """Return the pace after 2020 of every county, urban share a year."""
    kept = settings()
    expected, own = (counties[name].to_numpy(dtype=float) for name in ("expected", "own"))
    pace = period * expected + np.where(own > 0.0, kept["kept_share"], period) * own
    return np.asarray(np.maximum(pace, kept["floor"] * period * np.maximum(expected, 0.0)))


def _period(counties: pd.DataFrame) -> float:
    """Return the ratio at which the counties together meet the country's urban share after five years."""
    published = published_shares()
    before, after = published[2020 + int(YEARS) - 1], published[2020 + int(YEARS)]
    wanted = before + (after - before) * 10.0 / 12.0  # at the end of October

    def missed(period: float) -> float:
        share = np.clip(counties["share"] + YEARS * _pace(counties, period), 0.0, HIGHEST_SHARE)
        residents = counties["residents"] * np.exp(YEARS * counties["growth"])
        return float((share * residents).sum() / residents.sum()) - wanted

    return float(brentq(missed, 0.0, 2.0))


def _provinces(counties: pd.DataFrame) -> tuple[pd.DataFrame, float]:
    """Return what is expected of provinces' residents, and the sd of what is unknown of it, log a year."""
    residents = counties["residents"].groupby(counties["province"]).sum()
    early = all_county_rows(2010)
    before = early["residents"].groupby(early["code"].str[:2]).sum().reindex(residents.index)
    table = pd.DataFrame({"residents": residents, "past": np.log(residents / before) / 10.0})
    end_2021 = provinces_table().query("year == 2021").set_index("code")["residents"]
    table["growth_2021"] = np.log(end_2021 / residents) * 12.0 / MONTHS_TO_2021
    vital = provinces_table().query("year == 2021").set_index("code")
    table["natural"] = vital["birth_rate"] - vital["death_rate"]
    kept = settings()
    migration = table["growth_2021"] - table["natural"]
    # The province whose epidemic year hides its trend does not fit the rule.
    fits = ~table.index.isin(kept["left_out_of_growth"])
    line = np.polynomial.Polynomial.fit(table["past"][fits], migration[fits], 1)
    implied = line(table["past"])
    sd = float(np.std(migration[fits] - implied[fits], ddof=2))
    weight = sd**2 / (sd**2 + kept["noise_of_2021"] ** 2)
    net = weight * migration + (1.0 - weight) * implied
    # Between provinces nobody gets lost.
    net -= (net * residents).sum() / residents.sum()
    table["growth"] = table["natural"] + kept["later_natural"] + net
    # What is left unknown of the trend after both were weighed.
    return table, float(np.sqrt(weight) * kept["noise_of_2021"])


def _share_residual_sd(counties: pd.DataFrame, provinces: pd.DataFrame) -> float:
    """Return the standard deviation of provinces' urban share in 2021 less what is expected, a year."""
    weight = counties["residents"]
    home = counties["province"]
    base = (counties["share"] * weight).groupby(home).sum() / provinces["residents"]
    pace = (counties["pace"] * weight).groupby(home).sum() / provinces["residents"]
    seen = provinces_table().query("year == 2021").set_index("code")["urban_share"]
    off = (seen - base) * 12.0 / MONTHS_TO_2021 - pace
    return float((off - off.mean()).std(ddof=1))
