"""The residents and absent registered people of one county as single persons: age, sex, zone, education, marriage.

The joint table of zone x sex x age group x education x marriage starts from national odds and is fitted to the
county's margins by iterative proportional fitting, all counties at once. Persons are then drawn systematically from the
fitted table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from urbsim.arrays import Floats, Ints
from urbsim.codes import COUNTY_ZONES, Zone
from urbsim.population import NOBODY
from urbsim.region import patterns
from urbsim.region.margins import Margins
from urbsim.region.proportional_fitting import SMALLEST, fit_shares, fit_tables
from urbsim.region.sampling import RandomNumbers, capped, choose, largest_remainder

_GROUPS = len(patterns.AGE_GROUPS)
_ADULT_GROUP = 4  # first age group that may marry or leave alone: 15-19
#: Shape of the joint table: zone, sex, age group, education attended or attained, married or not.
SHAPE = (len(COUNTY_ZONES), 2, _GROUPS, 5, 2)


@dataclass
class Persons:
    """People of one county, one array entry each; links are indices into the same arrays.

    ``home`` is the zone of the home, ``zone`` where the person lives (near or far for absent people), ``age`` months at
    the census, ``level`` education attended or attained (Schooling codes).
    """

    home: NDArray[np.uint8]
    zone: NDArray[np.uint8]
    female: NDArray[np.uint8]
    group: NDArray[np.uint8]
    age: NDArray[np.int32]
    level: NDArray[np.uint8]
    married: NDArray[np.bool_]
    spouse: NDArray[np.int32] = field(init=False)
    mother: NDArray[np.int32] = field(init=False)

    def __post_init__(self) -> None:
        self.spouse = np.full(self.home.size, NOBODY, dtype=np.int32)
        self.mother = np.full(self.home.size, NOBODY, dtype=np.int32)

    @property
    def size(self) -> int:
        """Number of people."""
        return int(self.home.size)

    @property
    def resident(self) -> NDArray[np.bool_]:
        """Who lives in the county."""
        return self.zone <= Zone.SEAT


def fit_joint_tables(counties: Sequence[Margins]) -> Floats:
    """Return the expected residents by zone, sex, age group, education and marriage, shape (counties, *SHAPE).

    Raises
    ------
    FittingError
        If the margins of a county contradict each other; it names the county.
    """
    totals = [np.stack(margin) for margin in zip(*map(_joint_totals, counties), strict=True)]
    seeds = np.stack([_joint_seed(margins.census) for margins in counties])
    names = [f"county {margins.code}" for margins in counties]
    return fit_tables(seeds, ([1, 2], [0], [1, 3], [1, 4]), totals, names)


def _joint_seed(census: int) -> Floats:
    married = patterns.MARRIED[census].T
    return np.asarray(
        patterns.ZONE_ODDS_BY_AGE.T[:, None, :, None, None]
        * patterns.ZONE_ODDS_BY_LEVEL[:, None, None, :, None]
        * patterns.LEVEL_BY_AGE[census][None, None, :, :, None]
        * np.stack([1.0 - married, married], axis=-1)[None, :, :, None, :]
    )


def _joint_totals(margins: Margins) -> list[Floats]:
    """Return sex x age group, zones, sex x education and sex x marriage, nothing empty, adding up to the same."""
    by_sex = margins.age_sex.sum(axis=0).astype(float)
    married = np.minimum(margins.married, by_sex)
    targets = (margins.age_sex.T, margins.zones, margins.levels, np.stack([by_sex - married, married], axis=1))
    by_sex = np.maximum(by_sex, SMALLEST)
    floored = [np.maximum(target, SMALLEST) for target in targets]
    return [
        total * (by_sex / total.sum(axis=1))[:, None] if total.ndim == 2 else total * (by_sex.sum() / total.sum())
        for total in floored
    ]


def draw_residents(margins: Margins, table: Floats, random: RandomNumbers) -> Persons:
    """Return the residents: age by sex and residents by zone exact, education and marriage to within a few persons."""
    cells = np.repeat(np.arange(2 * _GROUPS), margins.age_sex.T.ravel())  # sex, then age group
    by_zone = table.sum(axis=(3, 4)).reshape(3, -1).T
    zone = _draw_zones(margins, cells, by_zone, random)
    female, group = (cells // _GROUPS).astype(np.uint8), (cells % _GROUPS).astype(np.uint8)
    age = draw_ages(group, _mean_by_group(margins.age_sex), random)
    level, married = draw_traits(table, zone, female, group, age, random)
    return Persons(zone, zone.copy(), female, group, age, level, married)


def _draw_zones(margins: Margins, cells: Ints, by_zone: Floats, random: RandomNumbers) -> NDArray[np.uint8]:
    """Split village from urban, then town from seat: two-way splits keep both totals whole."""
    village = np.stack([by_zone[:, Zone.VILLAGE], by_zone[:, 1:].sum(axis=1)], axis=1)
    zone = choose(random, cells, _refit(village, cells, np.array([margins.zones[0], margins.zones[1:].sum()])))
    urban = np.flatnonzero(zone)
    zone[urban] += choose(random, cells[urban], _refit(by_zone[:, 1:], cells[urban], margins.zones[1:]))
    return zone


def _refit(odds: Floats, cells: Ints, numbers: Ints) -> Floats:
    """Fit a table of cells x 2 to the people at hand in each cell and the number in each category."""
    people = np.bincount(cells, minlength=len(odds)).astype(float)
    return fit_shares(odds, people, numbers.astype(float))


def _mean_by_group(age_sex: Ints) -> Floats:
    """People per month of age in each group."""
    density: Floats = age_sex.sum(axis=1) / np.diff(patterns.AGE_EDGES)
    return density


def draw_ages(group: NDArray[np.uint8], density: Floats, random: RandomNumbers) -> NDArray[np.int32]:
    """Return ages in months: within a group the density slopes towards its neighbours; 85 and over it decays."""
    edges = patterns.AGE_EDGES
    width = np.diff(edges).astype(float)
    centre = edges[:-1] + width / 2
    slope = np.gradient(density, centre) * width / np.maximum(density, SMALLEST)
    slope = np.clip(slope, -1.2, 1.2)
    slope[[0, -1]] = 0.0
    position = _stratified(group, random)
    lean = slope[group]
    flat = np.abs(lean) < 1e-6
    lean = np.where(flat, 1.0, lean)
    start = 1.0 - lean / 2  # density on the unit interval: start + lean * x
    sloped = (-start + np.sqrt(start**2 + 2.0 * lean * position)) / lean
    share = np.where(flat, position, sloped)
    old = group == _GROUPS - 1
    share[old] = np.minimum(-np.log1p(-position[old]) * 48.0 / width[-1], 0.99)  # mean four years above 85
    months = np.minimum(share * width[group], width[group] - 1).astype(np.int32)
    return np.asarray(edges.astype(np.int32)[group] + months)


def _stratified(group: NDArray[np.uint8], random: RandomNumbers) -> Floats:
    """Return evenly spread positions in [0, 1) within each group, in random order."""
    order = random.order(group.astype(np.int64))
    counts = np.bincount(group, minlength=_GROUPS)
    first = np.cumsum(counts) - counts
    position = np.empty(group.size)
    ranks = np.arange(group.size) - first[group[order]]
    position[order] = (ranks + 0.5) / counts[group[order]]
    return position


def draw_traits(
    table: Floats,
    zone: NDArray[np.uint8],
    female: NDArray[np.uint8],
    group: NDArray[np.uint8],
    age: NDArray[np.int32],
    random: RandomNumbers,
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Return education and marriage given zone, sex and age group; among the under-25s older people are further on."""
    cells = (female.astype(np.int64) * _GROUPS + group) * 3 + zone
    levels = table.sum(axis=4).transpose(1, 2, 0, 3).reshape(-1, 5)
    young = group <= _ADULT_GROUP + 1
    noise = random.uniform(cells.size)
    blur = np.where(group < _ADULT_GROUP, 12.0, 60.0)  # leavers of junior school are of every age from 15
    within = np.where(young, age - patterns.AGE_EDGES[group], 0) + blur * noise
    level = choose_in_order(random, cells, levels, within)
    marriage = table.transpose(1, 2, 0, 3, 4).reshape(-1, 2)
    married = choose(random, cells * 5 + level, marriage) == 1
    return level, married & (group >= _ADULT_GROUP)


def choose_in_order(random: RandomNumbers, cells: Ints, weights: Floats, within: Floats) -> NDArray[np.uint8]:
    """Choose as ``choose``, then hand out each cell's categories so that they rise with ``within``."""
    chosen = choose(random, cells, weights)
    order = np.lexsort((within, cells))
    sorted_categories = np.lexsort((chosen, cells))
    result = np.empty_like(chosen)
    result[order] = chosen[sorted_categories]
    return result


def draw_absent(
    margins: Margins, residents: Persons, table: Floats, parameters: Mapping[str, float], random: RandomNumbers
) -> Persons:
    """Return the registered people who live outside: ages that smooth the resident pyramid, most from villages."""
    counts = absent_pyramid(margins, parameters)
    cells = np.repeat(np.arange(2 * _GROUPS), counts.T.ravel())
    female, group = (cells // _GROUPS).astype(np.uint8), (cells % _GROUPS).astype(np.uint8)
    home = choose(random, cells, np.tile(margins.zones * patterns.LEAVING_BY_ZONE + SMALLEST, (2 * _GROUPS, 1)))
    far = margins.absent_far / max(margins.absent, 1)
    beyond = choose(random, cells * 3 + home, np.tile([1.0 - far, far], (6 * _GROUPS, 1)))
    age = draw_ages(group, _mean_by_group(counts), random)
    level, married = draw_traits(table + SMALLEST * (table > 0), home, female, group, age, random)
    away = Persons(home, (Zone.NEAR + beyond).astype(np.uint8), female, group, age, level, married)
    _balance_marriages(residents, away, random)
    return away


def absent_pyramid(margins: Margins, parameters: Mapping[str, float]) -> Ints:
    """Return absent people by age group and sex (19, 2).

    Adults are half those that fill the dents of the resident pyramid below a multiple of the national one, half a
    Rogers-Castro age pattern; ``synthesis.absent_child_share`` of all are children who went along.
    """
    counts = np.zeros((_GROUPS, 2))
    children = margins.absent * parameters["synthesis.absent_child_share"]
    accompanying = patterns.ACCOMPANYING_BY_AGE[:, None] * patterns.PYRAMID[margins.census][:_ADULT_GROUP]
    counts[:_ADULT_GROUP] = children * accompanying / accompanying.sum()
    adults = margins.absent - children
    pattern = patterns.LEAVING_BY_AGE * patterns.PYRAMID[margins.census]
    smooth = parameters["synthesis.absent_smoothing"]
    gaps = _dents(margins, adults) * (patterns.LEAVING_BY_AGE > 0)
    counts += adults * (1.0 - smooth) * pattern / pattern.sum()
    counts += adults * smooth * (gaps if gaps.sum() > 0 else pattern) / (gaps.sum() or pattern.sum())
    return largest_remainder(counts, margins.absent) if margins.absent else np.zeros((_GROUPS, 2), dtype=np.int64)


def _dents(margins: Margins, adults: float) -> Floats:
    """Return what is missing below that multiple of the national pyramid which leaves about ``adults`` missing."""
    national = patterns.PYRAMID[margins.census]
    able = patterns.LEAVING_BY_AGE > 0
    low, high = 0.0, 20.0 * margins.residents / national.sum() + adults
    for _ in range(60):
        middle = (low + high) / 2
        missing = np.maximum(middle * national - margins.age_sex, 0.0)[able].sum()
        low, high = (middle, high) if missing < adults else (low, middle)
    return np.maximum(low * national - margins.age_sex, 0.0)


def _balance_marriages(residents: Persons, away: Persons, random: RandomNumbers) -> None:
    """Marry as many absent men and women of each home zone as makes all wives and husbands equal in number."""
    odds = patterns.MARRIED[2010]
    for zone in COUNTY_ZONES:
        at_home = residents.married & (residents.home == zone)
        missing_husbands = int(np.sum(at_home & (residents.female == 1))) - int(
            np.sum(at_home & (residents.female == 0))
        )
        absent = away.home == zone
        both = int(np.sum(absent & away.married))
        for sex, sign in ((0, 1), (1, -1)):
            adults = np.flatnonzero(absent & (away.female == sex) & (away.group >= _ADULT_GROUP))
            chance = capped(odds[away.group[adults], sex], (both + sign * missing_husbands) / 2, np.ones(adults.size))
            order = random.order(away.group[adults].astype(np.int64))
            reached = np.floor(np.cumsum(chance[order]) + random.one())
            away.married[adults[order]] = np.diff(reached, prepend=0.0) > 0
