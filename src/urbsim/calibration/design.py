"""A space-filling design of simulated decades.

Points are a scrambled Sobol sequence over the uniform priors (scipy.stats.qmc). Every run also draws constants for
each county, so that the same runs tell how a county's own outcome answers to its constants.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import yaml
from scipy.stats import qmc

from urbsim.arrays import Floats
from urbsim.calibration.decade import CountyGroup, counties_of, decade, world_groups
from urbsim.calibration.summaries import summarise
from urbsim.experiment.runner import Runner
from urbsim.labels import bilingual
from urbsim.parameters import registry
from urbsim.posterior.outcomes import national_folder, observed, training

#: Standard deviation of the constants drawn for each county in a run, utility points.
CONSTANT_SD = 0.4
#: Counties of the national design, and the seed that draws them and the design.
SAMPLE, SEED = 240, 20101101


@cache
def _prior_file() -> dict[str, Any]:
    entries: dict[str, Any] = yaml.safe_load((national_folder() / "priors.yaml").read_text("utf-8"))
    return entries


@cache
def priors() -> dict[str, tuple[float, float]]:
    """Return the bounds of the uniform prior by parameter; constants are net, see ``parameters_at``."""
    entries = _prior_file()
    return {name: (float(bounds[0]), float(bounds[1])) for name, bounds in entries.items() if name != "typical_km"}


def parameters_at(point: Mapping[str, float]) -> dict[str, float]:
    """Return the model's parameters at a point of the prior: constants of destinations are given net of distance.

    net = constant - gamma ln(1 + typical km) - home [outside the county]
    """
    values = dict(point)
    gamma, home = (values.get(name, _registered(name)) for name in ("residence.gamma", "residence.home"))
    for name, km in _prior_file()["typical_km"].items():
        if name in values:
            outside = name in ("residence.zeta_near", "residence.zeta_far")
            values[name] += gamma * float(np.log1p(km)) + outside * home
    return values


def _registered(name: str) -> float:
    value = registry()[name].value
    assert isinstance(value, float | int)
    return float(value)


@dataclass(frozen=True)
class Run:
    """One run of a design: a point of the prior, and the number that fixes constants and the random stream."""

    number: int
    point: Mapping[str, float]
    groups: tuple[CountyGroup, ...]
    constant_sd: float = CONSTANT_SD


def sample_counties(count: int = SAMPLE, seed: int = SEED) -> tuple[str, ...]:
    """Return counties drawn from those that fit, evenly over the starting urban share."""
    table = observed()
    table = table[training(table)].sort_values("share_2010")
    strata = np.array_split(table.index.to_numpy(dtype=object), count)
    rng = np.random.default_rng(seed)
    return tuple(sorted(str(rng.choice(stratum)) for stratum in strata))


def sobol_points(count: int, bounds: Mapping[str, tuple[float, float]], seed: int = SEED) -> pd.DataFrame:
    """Return ``count`` points of a scrambled Sobol sequence within bounds, one column per parameter."""
    low, high = np.array(list(bounds.values())).T
    sobol = qmc.Sobol(len(bounds), scramble=True, rng=np.random.default_rng(seed))
    unit = sobol.random_base2(int(np.ceil(np.log2(max(count, 2)))))[:count]
    return pd.DataFrame(qmc.scale(unit, low, high), columns=list(bounds))


def county_constants(run: Run, group: CountyGroup) -> Floats:
    """Return the constants drawn for the counties of a group in a run, shape (counties, 2), utility points."""
    numbers = [np.random.default_rng([SEED, run.number, int(code)]).standard_normal(2) for code in group.codes]
    return run.constant_sd * np.array(numbers)


@dataclass(frozen=True)
class Design:
    """What came of a design.

    Attributes
    ----------
    runs
        Points and summaries, one row per run, indexed by its number.
    counties
        Columns ``code``, the constants drawn, ``share_2020``, ``growth`` (log, of residents) and ``run``: a row per
        county and run.
    """

    runs: pd.DataFrame
    counties: pd.DataFrame


def run_design(
    points: pd.DataFrame, codes: Sequence[str], runner: Runner, first: int = 0, scale: float = 1.0
) -> Design:
    """Run every point.

    ``first`` is the number of the first point, so that a second wave has its own random stream.
    """
    groups = tuple(world_groups(codes, scale))
    runs = [
        Run(first + number, {str(name): float(value) for name, value in row.items()}, groups)
        for number, row in enumerate(points.to_dict("records"))
    ]
    tasks = [
        decade(group, parameters_at(run.point), county_constants(run, group), SEED, run.number)
        for run in runs
        for group in groups
    ]
    found = dict(runner.tables(tasks, bilingual("simulated decades", "模拟的十年")))
    summaries, counties = [], []
    for position, run in enumerate(runs):
        first_task = position * len(groups)
        tables = [counties_of(found[first_task + number]) for number in range(len(groups))]
        summary, its_counties = _results(run, pd.concat(tables))
        summaries.append(pd.concat([pd.Series(dict(run.point)), summary]).rename(run.number))
        counties.append(its_counties.rename_axis("code").reset_index().assign(run=run.number))
    return Design(pd.DataFrame(summaries).rename_axis("run"), pd.concat(counties, ignore_index=True))


def _results(run: Run, table: pd.DataFrame) -> tuple[pd.Series[float], pd.DataFrame]:
    """Return the summaries of a run, and each county's constants, urban share and log growth of residents."""
    urban, outside = np.concatenate([county_constants(run, group) for group in run.groups]).T
    counties = pd.DataFrame(
        {
            "urban_constant": urban,
            "outside_constant": outside,
            "share_2020": table["share_2020"],
            "growth": np.log(table["residents_2020"] / table["residents_2010"]),
        },
        index=table.index,
    )
    return summarise(table, observed().loc[table.index]), counties.astype(np.float32)
