"""What the national stage compares: a few dozen numbers of many counties together, in the model and in the censuses."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import numpy as np
import pandas as pd
import yaml

from urbsim.calibration.cohort_counts import counting_error
from urbsim.labels import Label
from urbsim.posterior.outcomes import national_folder

BANDS = ((10, 25), (25, 35), (35, 45), (45, 60), (60, 80))
COHORTS = range(5, 60, 5)


@dataclass(frozen=True, slots=True)
class CalibrationTarget:
    """A number the model is compared with: whether it is fitted, what the model may miss, and where it comes from."""

    name: str
    use: Literal["fit", "check"]
    discrepancy: float
    unit: str
    label: Label
    observed: float | None  # None where it is computed from the censuses
    source: str


@cache
def targets() -> dict[str, CalibrationTarget]:
    """Return the targets of the national stage by name, in order."""
    entries: dict[str, dict[str, Any]] = yaml.safe_load((national_folder() / "targets.yaml").read_text("utf-8"))
    return {name: _target(name, entry) for name, entry in entries.items()}


def _target(name: str, entry: dict[str, Any]) -> CalibrationTarget:
    published = None if entry["observed"] == "census" else float(entry["observed"])
    source = entry.get("source", "censuses of 2010 and 2020")
    return CalibrationTarget(
        name, entry["use"], entry["discrepancy"], entry["unit"], Label(*entry["label"]), published, source
    )


def observed_summaries(outcomes: pd.DataFrame) -> pd.Series[float]:
    """Return the observed value of every target for some counties of ``outcomes.observed``.

    Cohorts less what the country's own cohorts change by counting: no move between counties can bring that about.
    """
    measured = summarise(outcomes, outcomes)
    for age in COHORTS:
        measured[f"cohort_{age}"] -= counting_error(age)
    return pd.Series({n: measured[n] if t.observed is None else t.observed for n, t in targets().items()})


def summarise(table: pd.DataFrame, outcomes: pd.DataFrame) -> pd.Series[float]:
    """Return the value of every target in one table of counties.

    Parameters
    ----------
    table
        Simulated (``decade.simulate``) or observed states of both censuses, one row per county.
    outcomes
        Rows of ``outcomes.observed`` for the same counties: bands and cohorts start from the census.
    """
    start = 100 * outcomes["share_2010"]
    change = 100 * (table["share_2020"] - table["share_2010"])
    growth = 100 * np.log(table["residents_2020"] / table["residents_2010"])
    residents = table["residents_2020"].sum()
    urban_growth = outcomes["urban_2020"].sum() - outcomes["urban_2010"].sum()  # the observed one: a steady yardstick
    found = {f"change_{low}_{high}": change[(start >= low) & (start < high)].mean() for low, high in BANDS}
    found["residents_10_35"] = growth[start < 35].mean()
    found["residents_35_80"] = growth[start >= 35].mean()
    for origin in ("county", "province", "far"):
        found[f"from_{origin}"] = 100 * table[f"from_{origin}_2020"].sum() / residents
    for age in COHORTS:
        ratio = table[f"age_{age + 10}_2020"].sum() / outcomes[f"age_{age}_2010"].sum()
        found[f"cohort_{age}"] = 100 * np.log(ratio)
    found["children_0"] = 100 * table["age_0_2020"].sum() / residents
    found["farm_ratio"] = table["farm_2020"].mean() / table["farm_2010"].mean()
    found["rented"] = 100 * table["rented_2020"].mean()
    seat = [table[f"seat_{year}"].sum() / table[f"urban_{year}"].sum() for year in (2010, 2020) if "seat_2020" in table]
    found["seat_part"] = 100 * (seat[1] - seat[0]) if seat else np.nan
    found["registered_rate"] = _registered_rate(table, "2020") - _registered_rate(table, "2010")
    moved = table["reclassified"].sum() if "reclassified" in table else np.nan
    found["reclassified"] = 100 * moved / urban_growth
    inside = table["moved"].sum() if "moved" in table else np.nan
    found["moved_inside"] = 100 * inside / urban_growth
    found["local_workers"] = (
        100 * table["local_2020"].sum() / table["outgoing_2020"].sum() if "local_2020" in table else np.nan
    )
    found["rise_from_county"] = 100 * (table["from_county_2020"].sum() - table["from_county_2010"].sum()) / urban_growth
    return pd.Series(found)[list(targets())]


def _registered_rate(table: pd.DataFrame, year: str) -> float:
    """Return registered people of all counties who are registered in town or seat, per cent; only the model knows."""
    if f"registered_{year}" not in table:
        return np.nan
    return float(100 * table[f"registered_urban_{year}"].sum() / table[f"registered_{year}"].sum())
