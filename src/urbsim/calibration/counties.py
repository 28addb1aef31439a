"""Every county's own constants: those with which a run meets what is known or expected of the county.

A run from the census of 2010 is to meet the census of 2020. A run from that of 2020 is to go on as ``calibration.pace``
expects: the constants are re-based where the base year changes (Train 2009, Discrete Choice Methods with Simulation,
chapter 2.8), so that the two starts, whose state comes from different questionnaires, do not bend the path.

All counties of a province are one world. From constants of zero, each pass simulates every province at the middle of
the posterior with a new random stream, and moves each county's constants by the inverse response times what it missed,
by less each time: a stochastic approximation (Robbins & Monro 1951, Annals of Mathematical Statistics 22), which
averages the noise of small samples away instead of fitting it. The response itself comes of runs of one luck: constants
drawn at random tell how a county answers to its own, and constants raised for all of a province how its counties
answer together. They gain less then, as they gain from each other. Further passes find the constants for two other
kinds of world: one that holds little of the county's province, and that of all provinces, where who leaves arrives
elsewhere. At the end worlds of each kind run under every draw of the common parameters: how far each draw's level lies
from the middle's in them (``levels``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from urbsim.arrays import Floats
from urbsim.calibration.aims import Aim, aim_of
from urbsim.calibration.county_files import spread_of, write_rows
from urbsim.calibration.decade import PEOPLE as PEOPLE_OF_DECADE
from urbsim.calibration.decade import CountyGroup, closed_group, province_groups, world_groups
from urbsim.calibration.design import SEED
from urbsim.calibration.levels import ROUNDS, Worlds, groups_of_levels, levels_of_draws, moves_of_draws
from urbsim.calibration.pace import YEARS, expected_pace, published_shares, settings
from urbsim.calibration.snapshots import change_of, from_census, snapshots_of
from urbsim.calibration.vital import vital_factors
from urbsim.experiment.runner import Runner
from urbsim.experiment.tables import write_parquet
from urbsim.labels import bilingual
from urbsim.months import CENSUS_YEARS, census_month, format_month, parse_month, year_of
from urbsim.parameters import DatedValue
from urbsim.posterior import draws as stored
from urbsim.posterior.county_equation import LARGEST_CONSTANT, Response
from urbsim.posterior.own_constants import INVERSE, MIDDLE, STARTS, TOGETHER, WORLDS
from urbsim.state.constants import CountyConstants

LAST_CENSUS = CENSUS_YEARS[-1]
#: Part of what is missed that each pass makes good, by census year; the first pass is at zero. What chance in one pass
#: moves a share by stays in the constants to the factor 0.43 after the last of six of them, 0.27 after fourteen.
STEPS: dict[int, tuple[float, ...]] = {2010: (1.0, 0.7, 0.5, 0.35, 0.25, 0.2)}
STEPS[2020] = (*STEPS[2010], 0.16, 0.14, 0.12, 0.11, 0.1, 0.09, 0.08, 0.075)
#: Part of what a province misses on the average of its residents that each pass makes good: it holds next to no noise.
STEP_TOGETHER = 0.8
#: The same of more passes in worlds that hold little of a province, and in that of all provinces.
STEPS_ALONE, STEPS_CLOSED = (0.7, 0.4, 0.3), (0.6, 0.4, 0.3, 0.25)
#: People simulated per county of a province, on average: by census year, and for births and deaths.
PEOPLE, PEOPLE_OF_VITAL = {2010: 1200, 2020: 2400}, 400
#: The response is a polynomial in the urban share of the start, of so many terms.
POWERS = 3
#: Standard deviation of the constants drawn for the response, and what those of a province are raised by; utility.
CONSTANT_SD = 0.4


@dataclass(frozen=True)
class Fit:
    """Constants at the middle of the posterior (n, 2), the inverse responses (n, 2, 2), and the period effect.

    ``inverse`` is that of a county by itself, ``together`` that of all counties of its province. ``passes`` has a row
    per pass: the kind of world, mean and standard deviation of what was missed, share in points, growth in percent.
    """

    constants: Floats
    inverse: Floats
    together: Floats
    period: Mapping[int, float]
    passes: pd.DataFrame


def fit_counties(year: int, folder: Path, runner: Runner, scale: float = 1.0) -> Fit:
    """Fit the constants of all counties for runs from the census of ``year`` and write them.

    ``scale`` multiplies the people simulated. Writes ``YEAR.parquet``, ``passes_YEAR.csv``, the rows of the year in
    ``spread.csv`` and, for 2020, ``levels.csv``, what the level of every draw is off by, ``period.csv``, what changed
    after the census by parameter and month, and ``rebased.csv``, what every draw differs by in that.
    """
    folder.mkdir(parents=True, exist_ok=True)
    aim = aim_of(year)
    if year == LAST_CENSUS:
        aim = replace(aim, given=vital_factors(province_groups(year, int(PEOPLE_OF_VITAL * scale)), runner))
    found = _approximate(aim, runner, scale)
    worlds = _other_worlds(aim, found, scale)
    others = {each.kind: _in_another_world(aim, found, each, runner) for each in worlds}
    _write_constants(aim, found, {kind: constants for kind, (constants, _) in others.items()}, folder)
    passes = pd.concat([found.passes, *(told for _, told in others.values())])
    passes.to_csv(folder / f"passes_{aim.year}.csv", index=False, float_format="%.4f", lineterminator="\n")
    write_rows(spread_of(year), folder / "spread.csv", year)
    stored.forget()
    if year == LAST_CENSUS:
        _write_levels(aim, _given(aim, found.period), folder, runner, scale)
    return found


def _write_levels(aim: Aim, given: Mapping[str, DatedValue], folder: Path, runner: Runner, scale: float) -> None:
    """Measure what the level of every draw is off by, and again what is left of it, and write the sums.

    What the country as a whole is off by comes first. From 2010 nothing is taken out of draws: they were fitted to the
    years that followed, and what they disagree about is what is not known of these.
    """
    groups = groups_of_levels(aim, scale)
    worlds = {kind: Worlds(aim, some, given, folder, runner, kind == "closed") for kind, some in groups.items()}
    for path in (folder / "levels.csv", folder / "rebased.csv"):
        write_rows(None, path, aim.year)
    moves: pd.Series[float] | float = 0.0
    levels: pd.DataFrame | float = 0.0
    for number in range(ROUNDS):
        stored.forget()
        moves = moves_of_draws(worlds[WORLDS[0]], _period_ends(aim.year), number) + moves
        write_rows(moves.rename("moved_by").reset_index(), folder / "rebased.csv", aim.year)
        stored.forget()
        levels = (
            pd.concat({kind: levels_of_draws(some, number) for kind, some in worlds.items()}, names=["world"]) + levels
        )
        write_rows(levels.reset_index(), folder / "levels.csv", aim.year)
    stored.forget()


def _approximate(aim: Aim, runner: Runner, scale: float) -> Fit:
    groups = province_groups(aim.year, int(PEOPLE[aim.year] * scale))
    constants, period = np.zeros((len(aim.codes), 2)), _flat_period(aim.year)
    tried = CONSTANT_SD * np.array([np.random.default_rng([SEED, int(code)]).standard_normal(2) for code in aim.codes])
    first = _simulated(aim, groups, constants, period, runner, 0)
    response = _response(aim, tried, _simulated(aim, groups, tried, period, runner, 0).outcomes - first.outcomes)
    inverse: Floats = np.asarray(np.linalg.inv(response.at(aim.start_share)), dtype=float)
    together = _inverse_together(aim, groups, first.outcomes, period, runner)
    passes = []
    for number, step in enumerate(STEPS[aim.year]):
        fading = _with_later(aim, constants, inverse)
        seen = first if number == 0 else _simulated(aim, groups, fading, period, runner, number)
        missed = aim.targets - seen.outcomes
        passes.append(missed)
        mean = _mean_of_province(aim, missed)
        moved = STEP_TOGETHER * np.einsum("nco,no->nc", together, mean)
        constants = _bounded(constants + moved + step * np.einsum("nco,no->nc", inverse, missed - mean))
        period = _moved_period(aim, period, seen, response, step)
    return Fit(constants, inverse, together, period, _told(WORLDS[0], passes))


@dataclass(frozen=True)
class AnotherWorld:
    """Worlds of another kind than a county's whole province, in which its constants are to do the same.

    ``common`` is the inverse response (n, 2, 2) by which what a province misses on average is made good, ``first`` the
    number of the first pass.
    """

    kind: str
    groups: Sequence[CountyGroup]
    common: Floats
    steps: Sequence[float]
    first: int

    @property
    def closed(self) -> bool:
        """Whether residents grow by births and deaths alone, whatever the constants.

        What all counties together miss of their growth is no constant's to mend then.
        """
        return self.kind == "closed"


def _other_worlds(aim: Aim, found: Fit, scale: float) -> list[AnotherWorld]:
    """Return worlds that hold little of any province and, from 2020, that of all provinces.

    In the first people come from outside by a rate and leave for good; in the other who leaves a province arrives in
    another one, and nobody comes from outside.
    """
    groups = world_groups(aim.codes, scale * PEOPLE[aim.year] / PEOPLE_OF_DECADE, aim.year)
    everything, first = [closed_group(aim.year, int(PEOPLE[aim.year] * scale))], len(STEPS[aim.year]) + len(STEPS_ALONE)
    alone = AnotherWorld("alone", groups, found.inverse, STEPS_ALONE, len(STEPS[aim.year]))
    closed = AnotherWorld("closed", everything, found.together, STEPS_CLOSED, first)
    return [alone, closed] if aim.year == LAST_CENSUS else [alone]


def _in_another_world(aim: Aim, found: Fit, world: AnotherWorld, runner: Runner) -> tuple[Floats, pd.DataFrame]:
    """Return the constants (n, 2) with which counties meet the same in worlds of another kind, and its passes."""
    constants, passes = found.constants, []
    for number, step in enumerate(world.steps, world.first):
        fading = _with_later(aim, constants, found.inverse)
        missed = aim.targets - _simulated(aim, world.groups, fading, found.period, runner, number).outcomes
        if world.closed:
            missed[:, 1] -= aim.residents @ missed[:, 1] / aim.residents.sum()
        passes.append(missed)
        mean = _mean_of_province(aim, missed)
        moved = np.einsum("nco,no->nc", world.common, mean)
        wanted = constants + moved + step * np.einsum("nco,no->nc", found.inverse, missed - mean)
        constants = _bounded(_share_kept(wanted, world.common) if world.closed else wanted)
    return constants, _told(world.kind, passes)


def _share_kept(constants: Floats, inverse: Floats) -> Floats:
    """Return constants (n, 2) whose urban part makes up in the urban share for what the bound takes of the other.

    In a closed world Beijing and Shanghai stand at the bound. Their growth cannot be met there; what is missed of it,
    pass after pass, must not be asked of the constant of towns and seat.
    """
    taken = _bounded(constants)[:, 1] - constants[:, 1]
    return np.stack([constants[:, 0] + inverse[:, 0, 1] / inverse[:, 1, 1] * taken, constants[:, 1]], axis=1)


def _told(kind: str, passes: Sequence[Floats]) -> pd.DataFrame:
    """Return a row per pass in worlds of a kind: what was missed (n, 2), share in points, growth in percent."""
    rows = [[kind, number, *(100 * each.mean(axis=0)), *(100 * each.std(axis=0))] for number, each in enumerate(passes)]
    return pd.DataFrame(rows, columns=["world", "pass", "share_mean", "growth_mean", "share_sd", "growth_sd"])


def _inverse_together(
    aim: Aim, groups: Sequence[CountyGroup], first: Floats, period: Mapping[int, float], runner: Runner
) -> Floats:
    """Return by how much the constants of a whole province move for its outcomes to be one higher, (n, 2, 2).

    ``first`` are the outcomes with constants of zero.
    """
    moved = []
    for raised in CONSTANT_SD * np.eye(2):
        seen = _simulated(aim, groups, np.tile(raised, (len(aim.codes), 1)), period, runner, 0)
        moved.append(_mean_of_province(aim, seen.outcomes - first) / CONSTANT_SD)
    return np.asarray(np.linalg.inv(np.stack(moved, axis=2)), dtype=float)


def _mean_of_province(aim: Aim, values: Floats) -> Floats:
    """Return the residents' mean of the county's province in place of each county's own, shape (n, 2)."""
    weight, home = pd.Series(aim.residents), [code[:2] for code in aim.codes]
    sums = pd.DataFrame(values).mul(weight, axis=0).groupby(home).transform("sum")
    return sums.div(weight.groupby(home).transform("sum"), axis=0).to_numpy(dtype=float)


def _with_later(aim: Aim, constants: Floats, inverse: Floats) -> Floats:
    """Return constants (n, 2) with those of the long run, when a county's own part is gone; (n, 4)."""
    later = _bounded(constants - np.einsum("nco,no->nc", inverse, aim.fading))
    return np.concatenate([constants, later], axis=1)


@dataclass(frozen=True)
class Seen:
    """Outcomes of the counties of an aim (n, 2), and the urban share of all of them at the months of the period."""

    outcomes: Floats
    national: Mapping[int, float]


def _simulated(
    aim: Aim, groups: Sequence[CountyGroup], constants: Floats, period: Mapping[int, float], runner: Runner, number: int
) -> Seen:
    """Simulate every group at the middle of the posterior; counties without an aim have constants of zero."""
    own = dict(zip(aim.codes, constants, strict=True))
    parameters = _given(aim, period)
    months = sorted({*_period_ends(aim.year), aim.month})
    tasks = [from_census(group, aim.year, months, _drawn(parameters, own, group), (SEED, number)) for group in groups]
    label = bilingual(f"provinces from {aim.year}, pass {number + 1}", f"{aim.year} 年起的各省，第 {number + 1} 轮")
    counts = pd.concat([snapshots_of(tables) for _, tables in runner.tables(tasks, label)])
    national = counts.groupby(level="month")[["urban", "residents"]].sum()
    shares = (national["urban"] / national["residents"]).to_dict()
    known = counts[counts.index.get_level_values("code").isin(aim.codes)]
    return Seen(
        change_of(known, aim.start_share, aim.month), {int(str(month)): float(share) for month, share in shares.items()}
    )


def _response(aim: Aim, constants: Floats, moved: Floats) -> Response:
    """Return how outcomes answer to constants, from what random constants (n, 2) moved them by (n, 2)."""
    powers = np.stack([aim.start_share**power for power in range(POWERS)], axis=1)
    regressors = np.concatenate([constants[:, [0]] * powers, constants[:, [1]] * powers, powers], axis=1)
    slopes = np.linalg.lstsq(regressors, moved, rcond=None)[0]
    return Response(np.asarray(slopes[: 2 * POWERS].T.reshape(2, 2, POWERS), dtype=float))


def _bounded(constants: Floats) -> Floats:
    return np.asarray(np.clip(constants, -LARGEST_CONSTANT, LARGEST_CONSTANT))


def _period_ends(year: int) -> dict[int, int]:
    """Return the months at whose end the national share is matched, and from when the effect of each holds."""
    if year != 2020:
        return {}
    return {parse_month(end): parse_month(start) for end, start in settings()["period"].items()}


def _flat_period(year: int) -> dict[int, float]:
    return dict.fromkeys(_period_ends(year).values(), 0.0)


def _moved_period(
    aim: Aim, period: Mapping[int, float], seen: Seen, response: Response, step: float
) -> dict[int, float]:
    """Move the period effect of each span of years by what the national change missed; the mean effect stays zero."""
    ends = _period_ends(aim.year)
    if not ends:
        return {}
    residents = expected_pace().counties.loc[list(aim.codes), "residents"].to_numpy(dtype=float)
    urban_response = response.at(aim.start_share)[:, 0, 0]
    a_year = float((urban_response * residents).sum() / residents.sum()) / YEARS
    published = published_shares()
    wanted_start = float((aim.start_share * residents).sum() / residents.sum())
    moved, weights, before = {}, [], census_month(aim.year) - 1
    sampled = seen.national[0]
    for end, start in ends.items():
        year = year_of(end)
        wanted = published[year] - wanted_start
        found = seen.national[end] - sampled
        years = (end - before) / 12.0
        moved[start] = period[start] + step * (wanted - found) / (a_year * years)
        weights.append(years)
        wanted_start, sampled, before = published[year], seen.national[end], end
    mean = float(np.average(list(moved.values()), weights=weights))
    return {start: value - mean for start, value in moved.items()}


def _write_constants(aim: Aim, found: Fit, others: Mapping[str, Floats], folder: Path) -> None:
    middle = _with_later(aim, found.constants, found.inverse)
    columns = [*MIDDLE, *(name for kind in others for name in STARTS[kind])]
    table = pd.DataFrame(np.concatenate([middle, *others.values()], axis=1), columns=columns)
    inverses = np.concatenate([found.inverse.reshape(-1, 4), found.together.reshape(-1, 4)], axis=1)
    table = pd.concat([table, pd.DataFrame(inverses, columns=[*INVERSE, *TOGETHER])], axis=1).astype(np.float32)
    table = table.assign(share=aim.start_share.astype(np.float32), basis=list(aim.basis))
    table.insert(0, "code", list(aim.codes))
    write_parquet(table, folder / f"{aim.year}.parquet")
    write_rows(table[["code", "basis"]].copy(), folder / "basis.csv", aim.year)
    given = _given(aim, found.period)
    if given:
        rows = [[name, format_month(month), value] for name, dated in given.items() for month, value in dated.items()]
        pd.DataFrame(rows, columns=["parameter", "month", "value"]).to_csv(
            folder / "period.csv", index=False, float_format="%.4f", lineterminator="\n"
        )


def _drawn(parameters: Mapping[str, DatedValue], own: Mapping[str, Floats], group: CountyGroup) -> stored.Draw:
    """Return parameters with the constants of a group; counties without an aim have constants of zero."""
    none = np.zeros(len(next(iter(own.values()))))
    return stored.Draw(parameters, CountyConstants.of(np.array([own.get(code, none) for code in group.codes])))


def _given(aim: Aim, period: Mapping[int, float]) -> dict[str, Mapping[int, float]]:
    """Return the parameters of all runs, by month: what is given, and the period effect."""
    return {**aim.given, "residence.period": period} if period else {}
