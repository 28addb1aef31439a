"""What is known of a county in 2010 that may tell how it differs from the model's average county.

Columns of the census of 2010, of the county and of the counties around it, and where it lies. Missing values take the
mean of all counties.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import pandas as pd

from urbsim.arrays import Floats
from urbsim.region.distances import areas, great_circle, positions
from urbsim.region.tables import all_county_rows

#: Distances, km, over which the urban residents around a county fade; and a large city, urban residents.
REACHES = (30.0, 100.0, 300.0)
LARGE_CITY = 1_000_000
#: Distance, km, over which a neighbour says less about a county.
REACH_OF_NEIGHBOURS = 20.0
AROUND = "around_"
_SHARES = (
    "nonagricultural_share",
    "employed_share",
    "farm_share",
    "manufacturing_share",
    "construction_share",
    "student_share",
    "tenure_rented",
    "tenure_bought",
    "birth_rate",
    "death_rate",
    "dwelling_area_per_person",
    "rooms_per_household",
    "children_ever_born",
)
_AGES = (0, 5, 10, 15, 20, 25, 30, 40, 65, 75)


def covariates(codes: Sequence[str]) -> pd.DataFrame:
    """Return one row per county code of 2010, in the order given; see the source for the columns."""
    return _all().loc[list(codes)].copy()


def with_surroundings(codes: Sequence[str]) -> pd.DataFrame:
    """Return the covariates of counties and, as ``around_`` columns, those of the counties and districts around them.

    A mean over all others by residents times exp(-km / ``REACH_OF_NEIGHBOURS``), of columns that do not say where a
    county lies.
    """
    return pd.concat([_all(), _around()], axis=1).loc[list(codes)]


@cache
def _around() -> pd.DataFrame:
    own = _all()
    own = own.drop(columns=[*_surroundings(all_county_rows(2010).set_index("code")), "city"])
    place = positions(tuple(own.index))
    weights = np.exp(-great_circle(place, place) / REACH_OF_NEIGHBOURS + own["log_residents"].to_numpy())
    np.fill_diagonal(weights, 0.0)
    means = weights @ own.to_numpy() / weights.sum(axis=1, keepdims=True)
    return pd.DataFrame(means, index=own.index, columns=own.columns).add_prefix(AROUND)


@cache
def _all() -> pd.DataFrame:
    rows = all_county_rows(2010).set_index("code")
    residents = rows["residents"].astype(float)
    share = rows["urban"] / residents
    table = {
        "urban_share": share,
        "urban_share_squared": share**2,
        "log_residents": np.log(residents),
        "log_density": np.log(residents / areas(tuple(rows.index))),
        "household_size": rows["household_residents"] / rows["households"],
        "one_person_households": rows["households_one_person"] / rows["households"],
        "three_generations": rows["households_three_generations"] / rows["households"],
        "log_registered": np.log(rows["registered"] / residents),
        "men_per_woman": rows["male"] / rows["female"],
        "city": (rows["kind"] == "city").astype(float),
        **{name: rows[name].astype(float) for name in _SHARES},
        **{f"log_{name}": np.log1p(100 * rows[name] / residents) for name in _COUNTS},
        **{f"aged_{age}": _aged(rows, age) / residents for age in _AGES},
        **{f"educated_{level}": _educated(rows, names) / residents for level, names in _LEVELS.items()},
        **_surroundings(rows),
    }
    frame = pd.DataFrame(table).astype(float)
    return frame.fillna(frame.mean())


_COUNTS = ("migrants_same_county", "migrants_same_province", "migrants_other_province", "absent_registered")
_LEVELS = {
    "junior": ("junior",),
    "senior": ("senior",),
    "college": ("college", "university"),
}


def _aged(rows: pd.DataFrame, age: int) -> pd.Series[float]:
    names = ("0", "1_4") if age == 0 else (f"{age}_{age + 4}",)
    return sum(rows[f"{sex}_{name}"].astype(float) for sex in ("male", "female") for name in names)  # type: ignore[return-value]


def _educated(rows: pd.DataFrame, levels: tuple[str, ...]) -> pd.Series[float]:
    names = [f"{sex}_education_{level}" for sex in ("male", "female") for level in levels]
    return rows[names].astype(float).sum(axis=1)


def _surroundings(rows: pd.DataFrame) -> dict[str, Floats]:
    """Return how much urban population lies around each county, and how far the nearest cities are (logarithms)."""
    place = positions(tuple(rows.index))
    km = great_circle(place, place)
    np.fill_diagonal(km, np.inf)
    urban = rows["urban"].to_numpy(dtype=float)
    found = {f"urban_within_{reach:.0f}": np.log(np.exp(-km / reach) @ urban + 1.0) for reach in REACHES}
    province = np.array([code[:2] for code in rows.index])
    same = province[:, None] == province[None, :]
    found["urban_in_province"] = np.log((np.exp(-km / 100.0) * same) @ urban + 1.0)
    city = (rows["kind"] == "district").to_numpy()
    prefecture = np.array([code[:4] for code in rows.index])
    totals = pd.Series(np.where(city, urban, 0.0)).groupby(prefecture).transform("sum").to_numpy()
    found["km_to_city"] = np.log(np.where(city, km, np.inf).min(axis=1) + 5.0)
    large = city & (totals > LARGE_CITY)
    found["km_to_large_city"] = np.log(np.where(large, km, np.inf).min(axis=1) + 5.0)
    longitude, latitude = place.T
    return {**found, "longitude": np.degrees(longitude), "latitude": np.degrees(latitude)}
