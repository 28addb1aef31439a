"""What happened between the censuses of 2010 and 2020 in each county, and which provinces fit and which test.

A county's outcome is known if it has a row in both censuses, is a county or county-level city in both (the code ends in
21 or more), its territory is one unit in both, and its residents changed by less than half in logarithms.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml
from numpy.typing import NDArray

from urbsim.codes import FIRST_COUNTY_NUMBER
from urbsim.region.tables import all_county_rows, tables_folder

#: Five-year age groups whose residents both censuses give, by first age; the last is open.
AGE_GROUPS = (0, *range(5, 90, 5))


def national_folder() -> Path:
    """Return the folder of what belongs to the national stage: the split, priors, targets, runs and posterior."""
    return tables_folder().parent / "national"


@cache
def _split() -> dict[str, Any]:
    text = (national_folder() / "split.yaml").read_text(encoding="utf-8")
    entries: dict[str, Any] = yaml.safe_load(text)
    return entries


def held_out_provinces() -> tuple[str, ...]:
    """Return the two-digit codes of the provinces held out of every national fit since the first."""
    return tuple(_split()["held_out"])


def second_test_provinces() -> tuple[str, ...]:
    """Return the two-digit codes of the provinces whose 2020 came last and serves as a test of its own."""
    return tuple(_split()["second_test"])


def is_county(codes: Iterable[str]) -> NDArray[np.bool_]:
    """Return which codes are of counties and county-level cities."""
    return np.array([int(code[4:6]) >= FIRST_COUNTY_NUMBER for code in codes])


def county_codes() -> tuple[str, ...]:
    """Return the codes of every county and county-level city of the 2010 table, in order."""
    codes = all_county_rows(2010)["code"]
    return tuple(codes[is_county(codes)])


@cache
def _observed() -> pd.DataFrame:
    first = all_county_rows(2010)
    second = all_county_rows(2020).set_index("code")
    first = first[is_county(first["code"])].set_index("code")
    table = pd.DataFrame(
        {"name": first["name"], "province": [code[:2] for code in first.index], **_state(first, "2010")}
    )
    other = first["code_other_year"]
    known = (first["comparable"] & other.isin(second.index)).to_numpy()
    known = known & np.array([int(code[4:6] or 0) >= FIRST_COUNTY_NUMBER if code else False for code in other.str[:6]])
    later = second.reindex(other.where(known, ""))
    for name, values in _state(later, "2020").items():
        table[name] = values.to_numpy()
    table["known"] = known
    return table


def observed() -> pd.DataFrame:
    """Return one row per county of 2010, indexed by code, with its state in both censuses.

    Columns ``name``, ``province`` (two digits), ``known`` (whether the state of 2020 is known), and for each year
    ``residents_Y``, ``urban_Y``, ``share_Y`` (urban, 0 to 1), ``from_county_Y``, ``from_province_Y``, ``from_far_Y``
    (residents registered in another township, by where), ``farm_Y`` (share of the employed), ``rented_Y`` (share of
    households), ``households_Y`` and ``age_A_Y`` (residents by five-year age group from age A). Persons, households or
    shares; not-a-number where 2020 is not known.
    """
    return _observed().copy()


def _state(rows: pd.DataFrame, year: str) -> dict[str, pd.Series[float]]:
    state = {
        "residents": rows["residents"].astype(float),
        "urban": rows["urban"].astype(float),
        "share": rows["urban"] / rows["residents"],
        "from_county": rows["migrants_same_county"].astype(float),
        "from_province": rows["migrants_same_province"].astype(float),
        "from_far": rows["migrants_other_province"].astype(float),
        "farm": rows["farm_share"].astype(float),
        "rented": rows["tenure_rented"].astype(float),
        "households": rows["households"].astype(float),
    }
    for age in AGE_GROUPS:
        names = ("0", "1_4") if age == 0 else ("85_plus",) if age == AGE_GROUPS[-1] else (f"{age}_{age + 4}",)
        state[f"age_{age}"] = sum(  # type: ignore[assignment]
            rows[f"{sex}_{name}"].astype(float) for sex in ("male", "female") for name in names
        )
    return {f"{name}_{year}": values for name, values in state.items()}


@cache
def residents_by_age(year: int) -> dict[int, float]:
    """Return the residents of the whole country, persons, by five-year age group from its first age."""
    state = _state(all_county_rows(year), str(year))
    return {age: float(state[f"age_{age}_{year}"].sum()) for age in AGE_GROUPS}


def training(table: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which rows of ``observed`` have a known outcome and belong to a province that fits."""
    return _known_in(table, held_out_provinces() + second_test_provinces(), inside=False)


def testing(table: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which rows of ``observed`` have a known outcome and belong to a province held out."""
    return _known_in(table, held_out_provinces(), inside=True)


def second_testing(table: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which rows of ``observed`` have a known outcome and belong to a province of the second test."""
    return _known_in(table, second_test_provinces(), inside=True)


def test_set(table: pd.DataFrame) -> NDArray[np.str_]:
    """Return how each row of ``observed`` is reported: the set of provinces it is in, ``unknown`` without an outcome.

    ``cross_validated`` are counties of provinces that fit, which are predicted by fits that left their province out;
    ``held_out`` and ``second_test`` are counties of provinces that never fit.
    """
    sets = np.full(len(table), "cross_validated")
    sets[testing(table)] = "held_out"
    sets[second_testing(table)] = "second_test"
    sets[~table["known"].to_numpy(dtype=bool)] = "unknown"
    return sets


def _known_in(table: pd.DataFrame, provinces: tuple[str, ...], inside: bool) -> NDArray[np.bool_]:
    return np.asarray(table["known"] & (table["province"].isin(provinces) == inside))
