"""Back-test of the starting values: counties simulated from the 2010 census to the 2020 census.

The parameters have starting values only; calibration is a later step. This table shows where they land for four
counties and for a random sample of counties, without any constant of a county:

    python calibration/starting_values.py [--scale 0.1] [--replicates 4] [--sample 40]

It writes ``calibration/starting_values.csv`` and prints it. The sample's mean error was looked at when the starting
values were chosen, so these figures describe the fit; they are no validation.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

from urbsim.model import UrbanizationModel
from urbsim.months import month_number
from urbsim.region.tables import all_county_rows
from urbsim.scenario import Scenario

SHOWN = {"341282": "Jieshou", "140428": "Zhangzi", "140423": "Xiangyuan", "411525": "Gushi", "620422": "Huining"}
CENSUS_2010, CENSUS_2020 = month_number(2010, 1), month_number(2020, 10)
SAMPLE_SEED = 3
SAMPLE_SCALE = 0.02
STARTING_BANDS = (0, 25, 35, 45, 60, 100)


def comparable_counties() -> pd.DataFrame:
    """Return counties and county-level cities of both censuses with comparable boundaries, indexed by 2010 code."""
    first, second = all_county_rows(2010), all_county_rows(2020).set_index("code")
    first = first[first["comparable"] & (first["kind"] != "district") & first["code_other_year"].isin(second.index)]
    match = second.loc[first["code_other_year"]]
    table = pd.DataFrame(
        {
            "name": first["name"].to_numpy(),
            "residents_2010": first["residents"].to_numpy(dtype=float),
            "residents_2020": match["residents"].to_numpy(dtype=float),
            "urban_share_2010": (first["urban"] / first["residents"]).to_numpy(),
            "urban_share_2020": (match["urban"] / match["residents"]).to_numpy(),
        },
        index=pd.Index(first["code"], name="code"),
    )
    return table[np.abs(np.log(table["residents_2020"] / table["residents_2010"])) < 0.5]


def simulate_to_2020(codes: tuple[str, ...], scale: float, replicate: int) -> pd.DataFrame:
    """Return the simulated urban share and residents of October 2020 by county."""
    scenario = Scenario("back-test", "world", codes, CENSUS_2010, CENSUS_2020, scale=scale)
    model = UrbanizationModel(scenario, seed=1, replicate=replicate)
    series = model.run().series
    model.close()
    last = series[(series["month"] == "2020-10") & series["place"].isin(codes)]
    return last.pivot(index="place", columns="indicator", values="value")[["urbanization_rate", "residents"]]


def compare(truth: pd.DataFrame, runs: list[pd.DataFrame]) -> pd.DataFrame:
    """Put means over replicates beside the census of 2020; shares in per cent, population errors in per cent."""
    mean = sum(runs[1:], runs[0]) / len(runs)
    table = truth.loc[mean.index].copy()
    table["model_urban_share"] = 100 * mean["urbanization_rate"]
    table[["urban_share_2010", "urban_share_2020"]] *= 100
    table["urban_error_points"] = table["model_urban_share"] - table["urban_share_2020"]
    table["model_residents"] = mean["residents"]
    table["residents_error_percent"] = 100 * (mean["residents"] / table["residents_2020"] - 1)
    return table.round(2)


def change_by_band(table: pd.DataFrame) -> pd.DataFrame:
    """Return counties, and mean observed and simulated change of the urban share in points, by starting share."""
    start = table["urban_share_2010"]
    change = pd.DataFrame(
        {
            "counties": 1,
            "observed": table["urban_share_2020"] - start,
            "simulated": table["model_urban_share"] - start,
        }
    )
    bands = pd.cut(start, STARTING_BANDS)
    return (
        change.groupby(bands, observed=True).agg({"counties": "sum", "observed": "mean", "simulated": "mean"}).round(1)
    )


def main() -> None:
    """Run the four counties one by one and the sample as one world; write and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scale", type=float, default=0.1, help="scale of the four counties")
    parser.add_argument("--replicates", type=int, default=4)
    parser.add_argument("--sample", type=int, default=40, help="counties drawn at random; 0 for none")
    arguments = parser.parse_args()
    truth = comparable_counties()
    shown = pd.concat(
        compare(truth, [simulate_to_2020((code,), arguments.scale, n) for n in range(arguments.replicates)])
        for code in SHOWN
    )
    shown.to_csv(Path(__file__).with_name("starting_values.csv"))
    print(shown.to_string())
    if arguments.sample:
        drawn = np.random.default_rng(SAMPLE_SEED).choice(truth.index, arguments.sample, replace=False)
        sample = compare(truth, [simulate_to_2020(tuple(sorted(drawn)), SAMPLE_SCALE, 0)])
        urban, residents = sample["urban_error_points"], sample["residents_error_percent"]
        print(
            f"{arguments.sample} counties drawn with seed {SAMPLE_SEED}, scale {SAMPLE_SCALE}: urban share "
            f"bias {urban.mean():+.1f}, mean absolute error {urban.abs().mean():.1f} points; residents "
            f"bias {residents.mean():+.1f}, mean absolute error {residents.abs().mean():.1f} %"
        )
        print(change_by_band(sample).to_string())


if __name__ == "__main__":
    main()
