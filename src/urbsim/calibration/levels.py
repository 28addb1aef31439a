"""What the runs of each draw of the common parameters are off by, on average over counties.

Constants were fitted at the middle of the posterior. Some provinces, and a sample of counties of all, run under every
draw. Draws were fitted to a decade that began with the people of 2010; from those of 2020 each brings its own number
of absent people home. That concerns the country, so the constant of other provinces is re-based, draw by draw, like the
constants of counties. What is left of the difference in level from the middle, regressed on what
``posterior.own_constants`` names, is what is taken out of each draw again, in either kind of world: measured once, and
again with the first correction in place, because other draws answer otherwise than the middle. Counties weigh by their
residents: provinces are to be right.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from urbsim.arrays import Floats, Mask
from urbsim.calibration.aims import Aim
from urbsim.calibration.decade import PEOPLE as PEOPLE_OF_DECADE
from urbsim.calibration.decade import CountyGroup, province_groups, world_groups
from urbsim.calibration.design import SEED
from urbsim.calibration.snapshots import change_of, from_census, snapshots_of
from urbsim.experiment.runner import Runner
from urbsim.labels import bilingual
from urbsim.months import census_month
from urbsim.parameters import DatedValue, Parameters, overlay
from urbsim.posterior import draws as stored
from urbsim.posterior import own_constants
from urbsim.posterior.own_constants import OUTCOMES, TERMS, terms_of_level

#: People simulated per county, on average.
PEOPLE = 400
#: Counties of the sample, and one province of how many.
SAMPLE, PROVINCE_OF = 150, 3
#: How often levels are measured, each time with the corrections so far.
ROUNDS = 2
#: By how much the constant of other provinces is lowered to see how growth answers, utility points.
LOWERED = 0.3


def worlds_of_levels(aim: Aim, scale: float) -> tuple[list[CountyGroup], list[CountyGroup]]:
    """Return whole provinces, and worlds of a sample of counties of all provinces."""
    provinces = sorted(province_groups(aim.year, int(PEOPLE * scale)), key=lambda group: group.codes)
    rng = np.random.default_rng([SEED, aim.year])
    chosen = np.sort(rng.choice(len(aim.codes), min(SAMPLE, len(aim.codes)), replace=False))
    sample = [aim.codes[position] for position in chosen]
    return provinces[::PROVINCE_OF], world_groups(sample, scale * PEOPLE / PEOPLE_OF_DECADE, aim.year)


def shifts_of_far(
    aim: Aim, groups: Sequence[CountyGroup], given: Mapping[str, DatedValue], folder: Path, runner: Runner
) -> pd.DataFrame:
    """Return what the constant of other provinces is to be moved by in every draw: columns ``draw`` and ``far``.

    With it the residents of some whole provinces together grow as they do at the middle of the posterior, but for what
    a draw says is not known of them. Arguments are those of ``levels_of_draws``.
    """
    middle = Parameters({}).at(census_month(aim.year))[stored.FAR]
    lowered = {**given, stored.FAR: middle - LOWERED}
    numbers = range(stored.available_draws() + 1)
    runs = [*((number, given) for number in numbers), (0, lowered)]
    known, _ = _codes_of(aim, groups)
    weight = aim.residents[known] / aim.residents[known].sum()
    growth = [float(weight @ outcomes[:, 1]) for outcomes in _outcomes(aim, groups, runs, folder, runner, 0)]
    answer = (growth[-1] - growth[0]) / -LOWERED
    return pd.DataFrame({"draw": number, "far": (growth[0] - growth[number]) / answer} for number in numbers[1:])


def levels_of_draws(
    aim: Aim, groups: Sequence[CountyGroup], given: Mapping[str, DatedValue], folder: Path, runner: Runner, stream: int
) -> pd.DataFrame:
    """Return what every draw's level is off by in some worlds: coefficients of a regression, a row per draw.

    ``given`` are parameters of all runs, ``folder`` holds the constants, their spread and the levels known so far;
    ``stream`` is that of the random numbers. Draws run with the constants that errors and levels give them, because
    outcomes answer to large ones as curves do.
    """
    known, codes = _codes_of(aim, groups)
    terms, weights = terms_of_level(codes, aim.year), np.sqrt(aim.residents[known])[:, None]
    runs = [(number, given) for number in range(stored.available_draws() + 1)]
    middle, *others = _outcomes(aim, groups, runs, folder, runner, stream)
    found = [np.linalg.lstsq(terms * weights, (middle - drawn) * weights, rcond=None)[0].T.ravel() for drawn in others]
    columns = [f"{outcome}_{term}" for outcome in OUTCOMES for term in TERMS]
    return pd.DataFrame(found, columns=columns, index=pd.RangeIndex(1, len(found) + 1, name="draw"))


def _codes_of(aim: Aim, groups: Sequence[CountyGroup]) -> tuple[Mask, list[str]]:
    """Return which counties of an aim live in some worlds, as a mask and as codes."""
    known = np.isin(aim.codes, [code for group in groups for code in group.codes])
    return known, [code for code, here in zip(aim.codes, known, strict=True) if here]


def _outcomes(
    aim: Aim,
    groups: Sequence[CountyGroup],
    runs: Sequence[tuple[int, Mapping[str, DatedValue]]],
    folder: Path,
    runner: Runner,
    stream: int,
) -> Iterator[Floats]:
    """Yield the outcomes (n, 2) of each run, a draw with some parameters, less what the draw says is not known."""
    known, codes = _codes_of(aim, groups)
    tasks = []
    for group in groups:  # runs of one world after each other: they share its base population
        for number, given in runs:
            drawn = stored.draw(number, group.codes, aim.year)
            drawn = replace(drawn, parameters=overlay(drawn.parameters, given))
            tasks.append(from_census(group, aim.year, (aim.month,), drawn, (SEED, stream)))
    parts = dict(runner.tables(tasks, bilingual(f"levels of draws from {aim.year}", f"{aim.year} 年起各组抽样的水平")))
    for position, (number, _) in enumerate(runs):
        counts = pd.concat([snapshots_of(parts[place * len(runs) + position]) for place in range(len(groups))])
        counts = counts[counts.index.get_level_values("code").isin(codes)]
        errors = own_constants.errors_at_start(folder, number, codes, aim.year) if number else 0.0
        yield change_of(counts, aim.start_share[known], aim.month) - errors
