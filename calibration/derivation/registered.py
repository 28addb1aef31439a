"""Registered people of each county at both censuses, such that everybody who is registered lives somewhere.

The census of 2010 prints them, that of 2020 does not. For 2020 they come from the County Statistical Yearbook at the
end of 2023, carried back, else from 2010 and 2020. How many people are registered in a province but live in another
follows from registered people, residents and migrants, and is also printed by the census; both are weighed, and
registered people are moved, each in proportion to its variance, until the accounts of provinces and the country close.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from derivation.checks import Report

# China's growth between the two censuses was natural growth: the sum over the years is fixed by the totals,
# 2016-20 by published birth and death rates.
NATURAL_GROWTH_2010_2020 = math.log(141178 / 133972)
# How much of a county's own distance from the national rate of 2010 lasts. Registered people of Fuyang grew by
# 4.6 % to 2016 and 5.4 % to 2018, which implies 0.14 to 0.20; its residents' rates overstate it.
OWN_RATE_WEIGHT = 0.2
YEARS_BETWEEN_CENSUSES = 10

# Standard deviations of registered people, in logs. That of `carried_forward` is from comparing it with the yearbook in
# provinces outside the second test (0.09 of 178 districts, 0.07 of 1,002 counties); the others are assumptions, of the
# yearbook besides its rounding.
SPREAD = {"census": 0.02, "yearbook_2023": 0.02, "carried_forward": 0.09, "residents_less_migrants": 0.15}
MOST_REGISTERED_PER_RESIDENT = 2.5  # the county that sends most people away has 1.8: above is a misprint

# People registered in a province who live in another, ten thousands: table 7-3 of the censuses of 2010 and 2020
# (Tabulation on the Population Census). Recalled, not re-verified: an assumption. The provinces of 2010 add up to the
# printed 8,588 exactly, those of 2020 to 12,455 of 12,484; Anhui's 1,152 is also in the published series.
LIVING_IN_OTHER_PROVINCES: dict[int, dict[str, float]] = {
    2010: {
        "11": 27, "12": 27, "13": 350, "14": 108, "15": 107, "21": 101, "22": 137, "23": 255, "31": 25, "32": 306,
        "33": 185, "34": 962, "35": 167, "36": 579, "37": 310, "41": 863, "42": 589, "43": 723, "44": 88, "45": 419,
        "46": 26, "50": 351, "51": 891, "52": 405, "53": 148, "54": 6, "61": 196, "62": 159, "63": 24, "64": 23,
        "65": 30,
    },
    2020: {
        "11": 47, "12": 56, "13": 548, "14": 196, "15": 180, "21": 190, "22": 241, "23": 393, "31": 37, "32": 422,
        "33": 236, "34": 1152, "35": 261, "36": 634, "37": 428, "41": 1610, "42": 599, "43": 804, "44": 174, "45": 811,
        "46": 40, "50": 418, "51": 1036, "52": 845, "53": 302, "54": 14, "61": 299, "62": 345, "63": 43, "64": 37,
        "65": 58,
    },
}  # fmt: skip
# Relative standard deviations: of those figures, and of a province's registered people. The second is what the two ways
# differ by; it is larger in 2010, when millions were registered twice, abroad or not at all.
SPREAD_OF_PRINTED_AWAY = {2010: 0.03, 2020: 0.10}
SPREAD_OF_PROVINCE = {2010: 0.03, 2020: 0.012}

Floats = NDArray[np.float64]


def carried_forward(registered: float, natural_rate: float, national_rate: float) -> float:
    """Return registered people in 2020 from those in 2010.

    `natural_rate` and `national_rate` are natural growth per person-year in 2010, of the county and of all
    counties. Transfers of registration between counties are ignored.
    """
    own = OWN_RATE_WEIGHT * (natural_rate - national_rate) * YEARS_BETWEEN_CENSUSES
    return registered * math.exp(NATURAL_GROWTH_2010_2020 + own)


def present_registered(units: pd.DataFrame) -> pd.Series:
    """Return residents who are registered in the county, or in another district of its city."""
    return units["residents"] - units["migrants_same_province"] - units["migrants_other_province"]


def add_registered(
    early: pd.DataFrame,
    late: pd.DataFrame,
    former: dict[str, tuple[str, ...]],
    yearbook: pd.DataFrame,
    report: Report,
) -> None:
    """Write in place ``registered`` (persons) of both censuses with status, basis, spread, and ``absent_registered``.

    ``yearbook`` holds the bounds ``low`` and ``high`` of ``yearbook.registered_at_census`` by 2020 code.
    """
    early["registered_printed"] = early["registered"]
    late["registered_printed"] = np.nan
    _check_printed(early, report)
    estimate_2020(early, late, former, yearbook, report)
    for year, units in ((2010, early), (2020, late)):
        close_accounts(units, year, report)


def _check_printed(early: pd.DataFrame, report: Report) -> None:
    early["registered_status"] = early["registered_basis"] = "census"
    wrong = early["registered"] > MOST_REGISTERED_PER_RESIDENT * early["residents"]
    for row in early[wrong].itertuples(index=False):
        problem = f"{row.registered:.0f} registered people, {row.residents:.0f} residents"
        report.add(
            2010, row.code, row.name, "registered", problem, "registered = residents less migrants from elsewhere"
        )
    early.loc[wrong, "registered"] = present_registered(early)[wrong]
    early.loc[wrong, "registered_status"] = "estimate"
    early.loc[wrong, "registered_basis"] = "residents_less_migrants"
    early["registered_spread"] = early["registered_basis"].map(SPREAD)


def estimate_2020(
    early: pd.DataFrame, late: pd.DataFrame, former: dict[str, tuple[str, ...]], yearbook: pd.DataFrame, report: Report
) -> None:
    """Write in place registered people of 2020 before accounts are closed, with status, basis and spread."""
    present = present_registered(late)
    estimate = late["code"].map(estimated_by_code(early, late, former))
    known = estimate.notna()
    late["registered_status"] = "estimate"
    late["registered_basis"] = np.where(known, "carried_forward", "residents_less_migrants")
    estimate = estimate.fillna(present.clip(lower=0))
    late["registered_spread"] = late["registered_basis"].map(SPREAD)
    low, high = (late["code"].map(yearbook[bound]) for bound in ("low", "high"))
    usable = low.notna() & (high >= present)
    for row, most in zip(late[low.notna() & ~usable].itertuples(index=False), high[low.notna() & ~usable], strict=True):
        problem = f"the yearbook has at most {most:.0f} registered people, less than live here"
        report.add(2020, row.code, row.name, "registered", problem, "estimated instead")
    late["registered"] = np.where(usable, estimate.clip(lower=low, upper=high), estimate)
    late.loc[usable, "registered_basis"] = "yearbook_2023"
    rounding = (high - low) / math.sqrt(12) / late["registered"]
    late.loc[usable, "registered_spread"] = np.hypot(SPREAD["yearbook_2023"], rounding)[usable]
    for code, name in late.loc[late["registered_basis"] == "residents_less_migrants", ["code", "name"]].to_numpy():
        treatment = "registered = residents less migrants from elsewhere"
        report.add(2020, code, name, "no_2010_match", "new unit or boundaries changed", treatment)


def estimated_by_code(early: pd.DataFrame, late: pd.DataFrame, former: dict[str, tuple[str, ...]]) -> dict[str, float]:
    """Return registered people in 2020 by 2020 code without the yearbook, for every unit whose 2010 codes are known.

    The geometric mean of two: those of 2010 carried forward, which knows no transfer of registration; and those present
    in 2020 with as many away as in 2010, which knows transfers into the county but not that more have left since.
    """
    present = dict(zip(late["code"], present_registered(late), strict=True))
    registered = dict(zip(early["code"], early["registered"], strict=True))
    away = dict(zip(early["code"], (early["registered"] - present_registered(early)).clip(lower=0), strict=True))
    carried = carried_forward_by_code(early, former)
    return {
        code: math.sqrt(carried[code] * max(present[code] + sum(away[old] for old in olds), 1.0))
        for code, olds in former.items()
        if registered.keys() >= set(olds)
    }


def carried_forward_by_code(early: pd.DataFrame, former: dict[str, tuple[str, ...]]) -> dict[str, float]:
    """Return registered people of 2010 carried forward, by 2020 code, for every unit whose 2010 codes are known."""
    people = dict(zip(early["code"], early["residents"], strict=True))
    registered = dict(zip(early["code"], early["registered"], strict=True))
    births_less_deaths = (early["birth_rate"] - early["death_rate"]) * early["residents"]
    natural = dict(zip(early["code"], births_less_deaths, strict=True))
    national = sum(natural.values()) / sum(people.values())
    return {
        code: carried_forward(
            sum(registered[old] for old in olds),
            sum(natural[old] for old in olds) / sum(people[old] for old in olds),
            national,
        )
        for code, olds in former.items()
    }


def close_accounts(units: pd.DataFrame, year: int, report: Report) -> None:
    """Move registered people in place until those away from home are the migrants that were counted.

    Afterwards, over the country, people away are as many as residents registered elsewhere, and in each province those
    away in other provinces are its account: registered people less residents plus migrants from other provinces. Nobody
    is away a negative number of times. ``absent_registered`` is written.
    """
    present = present_registered(units).to_numpy(dtype=float)
    spread = units["registered_spread"].to_numpy(dtype=float)
    start = moved_to_total(units["registered"].to_numpy(dtype=float), spread, present, float(units["residents"].sum()))
    province = units["code"].str[:2].to_numpy()
    beyond = people_in_other_provinces(units, start, year)
    absent = np.zeros(len(units), dtype=np.int64)
    for code, number in beyond.items():
        here = province == code
        near = float(units.loc[here, "migrants_same_province"].sum())
        total = float(present[here].sum()) + near + number
        moved = moved_to_total(start[here], spread[here], present[here], total)
        absent[here] = rounded_to_total(np.maximum(moved - present[here], 0.0), round(near + number))
        before = float(units.loc[here, "registered"].sum())
        follows = number + before - total
        problem = (
            f"{before:.0f} registered people leave {follows:.0f} in other provinces, {number:.0f} are taken to be there"
        )
        treatment = f"registered people moved to {total:.0f}"
        report.add(year, f"{code}0000", units.loc[here, "province"].iloc[0], "registered_account", problem, treatment)
    raised = (absent == 0) & (units["registered"].to_numpy() < present)
    for row, floor in zip(units[raised].itertuples(index=False), present[raised], strict=True):
        problem = f"registered - residents + migrants from elsewhere = {row.registered - floor:.0f}"
        report.add(year, row.code, row.name, "absent_registered", problem, "registered raised, nobody away")
    units["absent_registered"] = absent
    units["registered"] = present.astype(np.int64) + absent


def people_in_other_provinces(units: pd.DataFrame, registered: Floats, year: int) -> dict[str, int]:
    """Return how many people registered in each province live in another; together all migrants between provinces.

    The precision-weighted mean of what follows from ``registered`` and of what the census prints.
    """
    frame = units[["residents", "migrants_other_province"]].assign(registered=registered, code=units["code"].str[:2])
    sums = frame.groupby("code").sum()
    migrants = float(sums["migrants_other_province"].sum())
    follows = sums["registered"] - sums["residents"] + sums["migrants_other_province"]
    printed = pd.Series(LIVING_IN_OTHER_PROVINCES[year], dtype=float).reindex(sums.index) * 1e4
    printed *= migrants / printed.sum()
    variance = (SPREAD_OF_PROVINCE[year] * sums["registered"]) ** 2
    variance_of_printed = (SPREAD_OF_PRINTED_AWAY[year] * printed) ** 2
    joint = 1 / (1 / variance + 1 / variance_of_printed)
    mean = joint * (follows / variance + printed / variance_of_printed)
    closed = (mean + (migrants - mean.sum()) * joint / joint.sum()).clip(lower=0)
    whole = rounded_to_total((closed * migrants / closed.sum()).to_numpy(), round(migrants))
    return dict(zip(sums.index, whole.tolist(), strict=True))


def moved_to_total(values: Floats, spread: Floats, floor: Floats, total: float) -> Floats:
    """Return values >= floor that add up to a total, the logs moved in proportion to their variance.

    ``spread`` holds standard deviations in logs.
    """

    def moved(step: float) -> Floats:
        return np.maximum(values * np.exp(step * spread**2), floor)

    scale = float((spread**2).max())
    low, high = -10.0 / scale, 10.0 / scale
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if moved(middle).sum() < total else (low, middle)
    return moved(high)


def rounded_to_total(values: Floats, total: int) -> NDArray[np.int64]:
    """Return whole numbers nearest to values that add up to a total: the largest remainders are rounded up."""
    whole = np.floor(values).astype(np.int64)
    order = np.argsort(-(values - whole), kind="stable")
    missing = total - int(whole.sum())
    if not 0 <= missing <= len(values):
        raise ValueError(f"{len(values)} numbers that add up to {values.sum():.1f} cannot be rounded to {total}")
    whole[order[:missing]] += 1
    return whole
