"""The figures of one census in English columns, with printing errors mended and reported."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from pandas.api.types import is_numeric_dtype

from derivation.checks import Report
from derivation.columns import (
    AGE_BANDS,
    COUNTS,
    EDUCATION,
    GENERATIONS,
    LONG_FORM,
    MARITAL,
    MEANS,
    MIGRANTS,
    OCCUPATIONS,
    RATES_2010,
    SERVICES,
    SEXES,
)
from derivation.repair import close_totals, flag, joined

INDUSTRIES = ("farming", "mining", "manufacturing", "utilities", "construction")
TENURES = ("rented", "self_built", "bought", "inherited", "other_tenure")
# Printed so in the tents after the earthquake of April 2010 (Yushu), but useless as a dwelling stock.
LEAST_ROOMS_PER_HOUSEHOLD = 1.0


def numbers(cells: pd.Series) -> pd.Series:
    """Return cells as numbers; not-a-number for a blank or an unreadable one.

    Two cells of 2010 hold two figures separated by blanks: the first is taken, and the totals tell.
    """
    values = pd.to_numeric(cells, errors="coerce")
    unread = cells.notna() & values.isna()
    if unread.any():
        values[unread] = pd.to_numeric(cells[unread].str.split().str[0], errors="coerce")
    return values


def unit_values(identity: pd.DataFrame, units: pd.DataFrame, year: int, report: Report) -> pd.DataFrame:
    """Return identity columns and every figure of the units, printing errors mended."""
    frame = pd.concat([identity, counts(units, year), means(units, year)], axis=1)
    raw = pd.concat([identity[["code", "year", "name"]], long_form(units, year)], axis=1)
    mend_signs(frame, frame, report)
    mend_signs(frame, raw, report)
    mend_counts(frame, year, report)
    mend_long_form(frame, raw, year, report)
    bad = frame["rooms_per_household"] < LEAST_ROOMS_PER_HOUSEHOLD
    flag(frame, bad, "dwellings", "fewer rooms than households: temporary shelter", report)
    return pd.concat([frame, shares(raw)], axis=1)


def counts(units: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the columns counted for everybody (persons or households); a blank cell means nobody."""
    frame = pd.DataFrame({english: numbers(units[heading]) for english, heading in COUNTS[year].items()})
    filled = [column for column in frame.columns if column != "seat_built_up"]
    frame[filled] = frame[filled].fillna(0)
    if year == 2010:
        for rate, heading in RATES_2010.items():
            frame[rate] = numbers(units[heading]) / (100 if rate == "nonagricultural_share" else 1000)
    return frame


def long_form(units: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the long-form figures (a tenth of households); a blank cell means nobody."""
    frame = pd.DataFrame({english: numbers(units[heading]) for english, heading in LONG_FORM[year].items()})
    for place, heading in enumerate(SERVICES[year]):
        frame[f"services_{place}"] = numbers(units[heading])
    frame["occupations"] = numbers(units[OCCUPATIONS])
    return frame.fillna(0)


def means(units: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the printed averages: rooms per household, square metres per person, children per woman 15-64."""
    return pd.DataFrame({e: numbers(units[h]) for e, h in MEANS[year].items()})


def mend_signs(frame: pd.DataFrame, figures: pd.DataFrame, report: Report) -> None:
    """Read in place a count with a stray minus sign without it; whether that was meant, the totals tell.

    `frame` receives the quality flag; `figures` holds the numbers and may be the same frame.
    """
    for heading in [column for column in figures.columns if is_numeric_dtype(figures[column])]:
        for row in figures.index[figures[heading] < 0]:
            unit, printed = frame.loc[row], figures.loc[row, heading]
            treatment = f"{heading} {printed:g} -> {-printed:g}"
            report.add(unit["year"], unit["code"], unit["name"], "negative_count", "a negative count", treatment)
            figures.loc[row, heading] = -printed
            frame.loc[row, "quality"] = joined(unit["quality"], "negative_count_mended")


def mend_counts(frame: pd.DataFrame, year: int, report: Report) -> None:
    """Check in place that parts add up to their printed totals, and mend the one cell that is out of line."""
    close_totals(frame, frame, ("male", "female"), frame["residents"], "sex_total", report)
    close_totals(frame, frame, ("urban", "rural"), frame["residents"], "urban_rural_total", report)
    close_totals(frame, frame, GENERATIONS, frame["households"], "generation_total", report)
    for sex, _ in SEXES:
        ages = [f"{sex}_{band}" for band, _, _ in AGE_BANDS]
        close_totals(frame, frame, ages, frame[sex], f"{sex}_age_total", report)
        # Schooling is asked from age 6: four fifths of the band 5-9.
        pupils = frame[sex] - frame[f"{sex}_0"] - frame[f"{sex}_1_4"] - 0.2 * frame[f"{sex}_5_9"]
        levels = [f"{sex}_education_{e}" for e, h10, _ in EDUCATION if h10 or year == 2020]
        close_totals(frame, frame, levels, pupils.round(), f"{sex}_education_total", report, tolerance=0.05)
    outsiders = frame[list(MIGRANTS)].sum(axis=1) > frame["residents"]
    flag(frame, outsiders, "migrants", "more people registered elsewhere than residents", report)


def mend_long_form(frame: pd.DataFrame, raw: pd.DataFrame, year: int, report: Report) -> None:
    """Do the same for the long form; totals that contradict a second printed total are not used."""
    services = [f"services_{place}" for place in range(len(SERVICES[year]))]
    jobs = raw["employed"].where(raw["employed"] == raw["occupations"])
    close_totals(frame, raw, (*INDUSTRIES, *services), jobs, "industry_total", report, tolerance=0.001)
    tenures = [tenure for tenure in TENURES if tenure in raw]
    close_totals(frame, raw, tenures, raw["long_form_households"], "tenure_total", report, tolerance=0.001)
    for sex, _ in SEXES:
        states = [f"{sex}_{state}" for state, _ in MARITAL]
        adults = raw[f"{sex}_15_plus"].where(raw["male_15_plus"] + raw["female_15_plus"] == raw["both_15_plus"])
        close_totals(frame, raw, states, adults, f"{sex}_marital_total", report, tolerance=0.001)


def _share(part: pd.Series, whole: pd.Series) -> pd.Series:
    return part / whole.where(whole > 0)


def shares(raw: pd.DataFrame) -> pd.DataFrame:
    """Return long-form shares, each in [0, 1]: of adults, of the employed, of either sex 15+, of households."""
    services = raw.filter(regex=r"^services_\d+$").sum(axis=1)
    industry = raw[["mining", "manufacturing", "utilities", "construction"]].sum(axis=1)
    working = raw["farming"] + industry + services
    frame = pd.DataFrame(
        {
            "employed_share": _share(raw["employed"], raw["adults"]),
            "farm_share": _share(raw["farming"], working),
            "industry_share": _share(industry, working),
            "services_share": _share(services, working),
            "manufacturing_share": _share(raw["manufacturing"], working),
            "construction_share": _share(raw["construction"], working),
        }
    )
    if "students" in raw:
        frame["student_share"] = _share(raw["students"], raw["adults"])
    for sex, _ in SEXES:
        frame = frame.join(_parts(raw, [f"{sex}_{state}" for state, _ in MARITAL]).add_suffix("_share"))
    return frame.join(tenure_shares(raw))


def tenure_shares(raw: pd.DataFrame) -> pd.DataFrame:
    """Return the four tenures as shares of long-form households; inherited dwellings count as other."""
    tenures = raw[["rented", "self_built", "bought"]].copy()
    tenures["other"] = raw["other_tenure"] + raw.get("inherited", 0)
    return _parts(tenures, list(tenures.columns)).add_prefix("tenure_")


def _parts(raw: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    whole = raw[list(columns)].sum(axis=1)
    return raw[list(columns)].div(whole.where(whole > 0), axis=0)
