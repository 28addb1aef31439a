"""Hold a run of Shanxi's tasks of 2014 against the census of 2020, for pilots and for all other counties.

    cd scenarios/shanxi-2014 && urbsim compare baseline.yaml programme.yaml --scale 0.02 --draws 8 -o RUN_DIR
    python hindsight.py RUN_DIR

A row per group of counties: urban share (per cent of residents) in the censuses of 2010 and 2020 and simulated for
October 2020, medians over runs. ``error`` is what the baseline misses of the census, ``effect`` what the programme
changes, run by run; both with their lowest and highest. An effect that is small beside the errors cannot be seen in the
census. Only counties whose territory is the same in both censuses count. Pilots are an assumption of the scenario,
larger than other counties: the difference between groups is not an estimate of what the real pilots did.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from urbsim.region.tables import county_rows
from urbsim.scenario import Scenario, load_scenario

CENSUS = "2020-10"
RUN = ["draw", "replicate"]
FOLDER = Path(__file__).parent
PILOTS = ("pilots", "key_towns", "mining_towns")


def groups_of(scenario: Scenario) -> dict[str, tuple[str, ...]]:
    """Return the codes of 2010 of every pilot group, of the counties outside all of them, and of all counties."""
    named = {name: tuple(scenario.county_types[name]) for name in PILOTS}
    inside = {code for codes in named.values() for code in codes}
    others = tuple(code for code in scenario.counties if code not in inside)
    return {**named, "others": others, "all": scenario.counties}


def same_territory(codes: Sequence[str]) -> pd.DataFrame:
    """Return code, urban residents and residents in 2010 and 2020 of the counties that did not change their borders."""
    before = county_rows(codes, 2010)
    before = before[before["comparable"] & before["code_other_year"].notna()]
    after = county_rows(before["code_other_year"].tolist(), 2020).set_index("code")
    there = before["code_other_year"].isin(after.index)
    before = before[there].reset_index(drop=True)
    now = after.loc[before["code_other_year"], ["urban", "residents"]].reset_index(drop=True)
    columns = {"code": before["code"], "urban_2010": before["urban"], "residents_2010": before["residents"]}
    return pd.DataFrame({**columns, "urban_2020": now["urban"], "residents_2020": now["residents"]})


def simulated(series: pd.DataFrame) -> pd.DataFrame:
    """Return urban residents and residents in the month of the census by scenario, run and place."""
    chosen = series[(series["month"].astype(str) == CENSUS)]
    chosen = chosen[chosen["indicator"].isin(["urban_residents", "residents"])]
    return chosen.pivot(index=["scenario", *RUN, "place"], columns="indicator", values="value")


def table(census: pd.DataFrame, model: pd.DataFrame, groups: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Return a row per group of counties with the urban share observed and simulated, in per cent.

    The first scenario of ``model`` is the baseline.
    """
    scenarios = list(model.index.get_level_values("scenario").unique())
    rows = []
    for name, codes in groups.items():
        seen = census[census["code"].isin(codes)]
        row: dict[str, object] = {"group": name, "counties": len(seen)}
        observed = {year: _share(seen[f"urban_{year}"].sum(), seen[f"residents_{year}"].sum()) for year in (2010, 2020)}
        row |= {f"census {year}": share for year, share in observed.items()}
        here = model[model.index.isin(seen["code"], level="place")].groupby(level=["scenario", *RUN]).sum()
        shares = _share(here["urban_residents"], here["residents"])
        row |= {scenario: shares.loc[scenario].median() for scenario in scenarios}
        row |= _middle_and_ends("error", shares.loc[scenarios[0]] - observed[2020])
        if len(scenarios) > 1:
            row |= _middle_and_ends("effect", shares.loc[scenarios[1]] - shares.loc[scenarios[0]])
        rows.append(row)
    return pd.DataFrame(rows)


def _middle_and_ends(name: str, values: pd.Series) -> dict[str, float]:
    return {name: values.median(), f"{name}_lowest": values.min(), f"{name}_highest": values.max()}


def _share(urban: Any, residents: Any) -> Any:
    return 100.0 * urban / residents


def main(run: Path) -> None:
    """Print the table of a run folder and write it there as ``hindsight.csv``."""
    scenario = load_scenario(FOLDER / "programme.yaml")
    groups = groups_of(scenario)
    result = table(same_territory(scenario.counties), simulated(pd.read_parquet(run / "series.parquet")), groups)
    result.round(3).to_csv(run / "hindsight.csv", index=False)
    print(result.round(2).to_string(index=False))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("usage: python scenarios/shanxi-2014/hindsight.py RUN_DIR")
    main(Path(sys.argv[1]))
