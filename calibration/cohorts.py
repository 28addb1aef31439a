"""Net change of cohorts by age between the censuses, observed and simulated, for many counties and two opposite ones.

    python calibration/cohorts.py [--draws 8] [--jobs 2]

Writes ``hindcast/cohorts.csv``: place, age in 2010, counted (by the censuses), observed (less what the country's own
cohort changed by other than deaths), model (mean over draws), p10, p90; 100 x log ratio of residents of 2020 to
residents ten years younger in 2010.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

from urbsim.calibration.cohort_counts import counting_error
from urbsim.calibration.decade import SEED, counties_of, decade, world_groups
from urbsim.calibration.design import sample_counties
from urbsim.calibration.equation import blind_constants
from urbsim.calibration.summaries import COHORTS
from urbsim.experiment.progress import Progress
from urbsim.experiment.runner import Runner
from urbsim.posterior import draws as stored
from urbsim.posterior.outcomes import observed

PLACES = {"Jieshou": ("341282",), "Zhangzi": ("140428",)}
SAMPLE = "240 training counties"


def main() -> None:
    """Simulate and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=int, default=8)
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()
    rows = []
    for place, codes in {SAMPLE: sample_counties(), **PLACES}.items():
        rows += _rows(place, codes, arguments.draws, arguments.jobs)
    table = pd.DataFrame(rows, columns=["place", "age", "counted", "observed", "model", "p10", "p90"])
    path = Path(__file__).parent / "hindcast" / "cohorts.csv"
    path.parent.mkdir(exist_ok=True)
    table.to_csv(path, index=False, float_format="%.2f", lineterminator="\n")
    print(table.to_string())


def _rows(place: str, codes: tuple[str, ...], draws: int, jobs: int) -> list[tuple[object, ...]]:
    """Return one row per cohort: a county with its own posterior, many with what their columns of 2010 suggest."""
    truth = observed().loc[list(codes)]
    alone = len(codes) == 1
    groups = world_groups(codes, 10.0 if alone else 1.0)
    equation = stored.county_equation()
    if equation is None:
        raise SystemExit("there is no county equation; run 'urbsim calibrate national' first")
    blind = dict(zip(codes, blind_constants(codes, equation), strict=True))
    tasks = []
    for draw in range(1, draws + 1):
        drawn = stored.draw(draw, codes, 2010)
        own = dict(zip(codes, np.stack(drawn.constants, axis=1), strict=True)) if alone else blind
        for group in groups:
            constants = np.array([own[code] for code in group.codes])
            tasks.append(decade(group, drawn.parameters, constants, SEED, draw, draw))
    tables: list[list[pd.DataFrame]] = [[] for _ in range(draws)]
    for position, found in Runner(jobs, Progress(silent=False)).tables(tasks, place):
        tables[position // len(groups)].append(counties_of(found))
    rows: list[tuple[object, ...]] = []
    for age in COHORTS:
        start = truth[f"age_{age}_2010"].sum()
        column = f"age_{age + 10}_2020"
        simulated = [100 * np.log(sum(part[column].sum() for part in parts) / start) for parts in tables]
        low, high = np.quantile(simulated, [0.1, 0.9])
        counted = 100 * np.log(truth[column].sum() / start)
        rows.append((place, age, counted, counted - counting_error(age), np.mean(simulated), low, high))
    return rows


if __name__ == "__main__":
    main()
