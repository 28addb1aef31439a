"""What the runs of each draw of the common parameters are off by, on average over counties.

Constants were fitted at the middle of the posterior. Some provinces, and a sample of counties of all, run under every
draw. Draws were fitted to a decade that began with the people of 2010; from those of 2020 each brings its own number
of absent people home, and goes its own way through the first years. That concerns the country, so the constant of other
provinces and the period effect are re-based, draw by draw, like the constants of counties: the country then grows and
urbanizes from year to year as at the middle of the posterior. What is left of the difference in level from the middle,
regressed on what ``posterior.own_constants`` names, is what is taken out of each draw again, in each kind of world.
Both are measured once, and again with the first corrections in place, because other draws answer otherwise than the
middle. Counties weigh by their residents: provinces are to be right.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from urbsim.arrays import Floats, Mask
from urbsim.calibration.aims import Aim
from urbsim.calibration.decade import PEOPLE as PEOPLE_OF_DECADE
from urbsim.calibration.decade import CountyGroup, closed_group, province_groups, world_groups
from urbsim.calibration.design import SEED
from urbsim.calibration.snapshots import change_of, from_census, snapshots_of
from urbsim.experiment.runner import Runner
from urbsim.labels import bilingual
from urbsim.months import census_month, format_month
from urbsim.parameters import DatedValue, moved_by, overlay, registry
from urbsim.posterior import draws as stored
from urbsim.posterior import own_constants
from urbsim.posterior.own_constants import FAR, OUTCOMES, PERIOD, TERMS, terms_of_level

#: People simulated per county, on average.
PEOPLE = 400
#: Counties of the sample, and one province of how many.
SAMPLE, PROVINCE_OF = 150, 3
#: How often both are measured, each time with the corrections so far.
ROUNDS = 2
#: By how much the constant of other provinces and the period effect are moved in a span of years to see what answers;
#: utility.
TRIED = {FAR: -0.3, PERIOD: 0.2}


@dataclass(frozen=True)
class Worlds:
    """Worlds of counties that run under every draw.

    ``given`` are parameters of all runs, ``folder`` holds the constants, their spread and what is corrected so far. In
    a ``closed`` world residents grow by births and deaths alone, whatever the constants.
    """

    aim: Aim
    groups: Sequence[CountyGroup]
    given: Mapping[str, DatedValue]
    folder: Path
    runner: Runner
    closed: bool = False

    @cached_property
    def known(self) -> Mask:
        """Which counties of the aim live in these worlds."""
        return np.isin(self.aim.codes, [code for group in self.groups for code in group.codes])

    @cached_property
    def codes(self) -> list[str]:
        """Their codes."""
        return [code for code, here in zip(self.aim.codes, self.known, strict=True) if here]

    @property
    def weights(self) -> Floats:
        """Each county's part of the residents, shape (n,)."""
        residents = self.aim.residents[self.known]
        return np.asarray(residents / residents.sum())

    def simulated(
        self, runs: Sequence[tuple[int, Mapping[str, DatedValue]]], months: Sequence[int], stream: int
    ) -> Iterator[tuple[pd.DataFrame, Floats]]:
        """Yield the snapshots of each run, a draw with some parameters, and what it says is not known, shape (n, 2)."""
        aim = self.aim
        tasks = [
            from_census(group, aim.year, months, stored.draw(number, group.codes, aim.year, given), (SEED, stream))
            for group in self.groups  # runs of one world after each other: they share its base population
            for number, given in runs
        ]
        label = bilingual(f"levels of draws from {aim.year}", f"{aim.year} 年起各组抽样的水平")
        parts = dict(self.runner.tables(tasks, label))
        for position, (number, _) in enumerate(runs):
            places = range(len(self.groups))
            counts = pd.concat([snapshots_of(parts[place * len(runs) + position]) for place in places])
            errors = own_constants.errors_at_start(self.folder, number, self.codes, aim.year)
            known = counts.index.get_level_values("code").isin(self.codes)
            yield counts[known], errors if number else np.zeros_like(errors)


def groups_of_levels(aim: Aim, scale: float) -> dict[str, list[CountyGroup]]:
    """Return, by kind of world, some whole provinces, a sample of counties of all provinces, and all provinces."""
    provinces = sorted(province_groups(aim.year, int(PEOPLE * scale)), key=lambda group: group.codes)
    rng = np.random.default_rng([SEED, aim.year])
    chosen = np.sort(rng.choice(len(aim.codes), min(SAMPLE, len(aim.codes)), replace=False))
    sample = [aim.codes[position] for position in chosen]
    alone = world_groups(sample, scale * PEOPLE / PEOPLE_OF_DECADE, aim.year)
    closed = closed_group(aim.year, int(PEOPLE * scale))
    return {"province": provinces[::PROVINCE_OF], "alone": alone, "closed": [closed]}


def moves_of_draws(worlds: Worlds, ends: Mapping[int, int], stream: int) -> pd.Series[float]:
    """Return what re-based parameters are to be moved by in every draw, on top of what they are moved by already.

    With it the residents of these worlds together grow, and urbanize, to each of the months ``ends`` as they do at the
    middle of the posterior, but for what a draw says is not known of them. ``ends`` has the month from which the period
    effect holds that ends there; ``stream`` is that of the random numbers. The index has ``draw``, ``parameter`` and
    ``month`` (YYYY-MM, from which the move holds).
    """
    moved = [(name, month) for name in TRIED for month in ends.values()]
    middle = overlay({name: registry()[name].value for name in TRIED}, worlds.given)
    tried = [{**worlds.given, name: moved_by(middle[name], _span(month, ends, TRIED[name]))} for name, month in moved]
    draws = range(1, stored.available_draws() + 1)
    runs = [(0, worlds.given), *((0, other) for other in tried), *((number, worlds.given) for number in draws)]
    seen = np.array([_of_all(worlds, ends, *run) for run in worlds.simulated(runs, sorted(ends), stream)])
    answers = (seen[1 : len(moved) + 1] - seen[0]) / np.array([[TRIED[name]] for name, _ in moved])
    found = np.linalg.solve(answers.T, (seen[0] - seen[len(moved) + 1 :]).T).T
    keys = [(number, name, format_month(month)) for number in draws for name, month in moved]
    index = pd.MultiIndex.from_tuples(keys, names=["draw", "parameter", "month"])
    return pd.Series(found.ravel(), index, name="moved_by")


def _span(month: int, ends: Mapping[int, int], by: float) -> dict[int, float]:
    """Return a move from a month on that ends where the next span begins."""
    later = [first for first in ends.values() if first > month]
    return {month: by, **({min(later): 0.0} if later else {})}


def _of_all(worlds: Worlds, ends: Mapping[int, int], snapshots: pd.DataFrame, errors: Floats) -> list[float]:
    """Return the mean log growth of some counties to each end, and their urban share there less that of the start."""
    aim, first = worlds.aim, census_month(worlds.aim.year) - 1
    known = {end: worlds.weights @ errors * (end - first) / (aim.month - first) for end in ends}
    start = aim.start_share[worlds.known]
    growth = [worlds.weights @ change_of(snapshots, start, end)[:, 1] - known[end][1] for end in ends]
    sums = snapshots.groupby(level="month")[["urban", "residents"]].sum()
    share = sums["urban"] / sums["residents"]
    return [*growth, *(share[end] - share[0] - known[end][0] for end in ends)]


def levels_of_draws(worlds: Worlds, stream: int) -> pd.DataFrame:
    """Return what every draw's level is off by in some worlds: coefficients of a regression, a row per draw.

    Draws run with the constants that errors and levels give them, because outcomes answer to large ones as curves do.
    ``stream`` is that of the random numbers.
    """
    aim, weights = worlds.aim, np.sqrt(worlds.weights)[:, None]
    terms, start = terms_of_level(worlds.codes, aim.year), aim.start_share[worlds.known]
    runs = [(number, worlds.given) for number in range(stored.available_draws() + 1)]
    simulated = worlds.simulated(runs, (aim.month,), stream)
    middle, *others = [change_of(snapshots, start, aim.month) - errors for snapshots, errors in simulated]
    off = [middle - drawn for drawn in others]
    if worlds.closed:
        off = [each - np.array([0.0, worlds.weights @ each[:, 1]]) for each in off]
    found = [np.linalg.lstsq(terms * weights, each * weights, rcond=None)[0].T.ravel() for each in off]
    columns = [f"{outcome}_{term}" for outcome in OUTCOMES for term in TERMS]
    return pd.DataFrame(found, columns=columns, index=pd.RangeIndex(1, len(found) + 1, name="draw"))
