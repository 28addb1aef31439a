"""What the runs of each draw of the common parameters are off by, on average over counties.

Constants were fitted at the middle of the posterior. Some provinces, and a sample of counties of all, run under every
draw; the difference in level from the middle, regressed on what ``posterior.own_constants`` names, is what is taken out
of each draw again, in either kind of world. Counties weigh by their residents: provinces are to be right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from urbsim.calibration.aims import Aim
from urbsim.calibration.decade import PEOPLE as PEOPLE_OF_DECADE
from urbsim.calibration.decade import CountyGroup, province_groups, world_groups
from urbsim.calibration.design import SEED
from urbsim.calibration.snapshots import change_of, from_census, snapshots_of
from urbsim.experiment.runner import Runner
from urbsim.labels import bilingual
from urbsim.parameters import DatedValue, overlay
from urbsim.posterior import draws as stored
from urbsim.posterior import own_constants
from urbsim.posterior.own_constants import OUTCOMES, TERMS, terms_of_level

#: People simulated per county, on average.
PEOPLE = 800
#: Counties of the sample, and one province of how many.
SAMPLE, PROVINCE_OF = 150, 3


def worlds_of_levels(aim: Aim, scale: float) -> tuple[list[CountyGroup], list[CountyGroup]]:
    """Return whole provinces, and worlds of a sample of counties of all provinces."""
    provinces = sorted(province_groups(aim.year, int(PEOPLE * scale)), key=lambda group: group.codes)
    rng = np.random.default_rng([SEED, aim.year])
    chosen = np.sort(rng.choice(len(aim.codes), min(SAMPLE, len(aim.codes)), replace=False))
    sample = [aim.codes[position] for position in chosen]
    return provinces[::PROVINCE_OF], world_groups(sample, scale * PEOPLE / PEOPLE_OF_DECADE, aim.year)


def levels_of_draws(
    aim: Aim, groups: Sequence[CountyGroup], given: Mapping[str, DatedValue], folder: Path, runner: Runner
) -> pd.DataFrame:
    """Return what every draw's level is off by in some worlds: coefficients of a regression by draw.

    ``given`` are parameters of all runs, ``folder`` holds the constants and their spread. Draws run with the constants
    that errors give them, because outcomes answer to large ones as curves do.
    """
    numbers = range(stored.available_draws() + 1)
    tasks = []
    for number in numbers:
        for group in groups:
            drawn = stored.draw(number, group.codes, aim.year)
            drawn = replace(drawn, parameters=overlay(drawn.parameters, given))
            tasks.append(from_census(group, aim.year, (aim.month,), drawn, (SEED, 0)))
    parts = dict(runner.tables(tasks, bilingual(f"levels of draws from {aim.year}", f"{aim.year} 年起各组抽样的水平")))
    known = np.isin(aim.codes, [code for group in groups for code in group.codes])
    share, codes = aim.start_share[known], [code for code, here in zip(aim.codes, known, strict=True) if here]
    terms, weights = terms_of_level(codes, aim.year), np.sqrt(aim.residents[known])[:, None]
    outcomes = []
    for number in numbers:
        counts = pd.concat([snapshots_of(parts[number * len(groups) + place]) for place in range(len(groups))])
        counts = counts[counts.index.get_level_values("code").isin(codes)]
        errors = own_constants.errors_at_start(folder, number, codes, aim.year) if number else 0.0
        outcomes.append(change_of(counts, share, aim.month) - errors)
    found = [
        np.linalg.lstsq(terms * weights, (outcomes[0] - drawn) * weights, rcond=None)[0].T.ravel()
        for drawn in outcomes[1:]
    ]
    columns = [f"{outcome}_{term}" for outcome in OUTCOMES for term in TERMS]
    table = pd.DataFrame(found, columns=columns)
    table.insert(0, "draw", range(1, len(found) + 1))
    return table
