"""Every county's own constants, as the calibration stored them: ``posteriors/counties``.

One table per census from which a run starts, ``2010.parquet`` and ``2020.parquet``: the constants at the middle of the
posterior (at the start and in the long run) in a world of the county's whole province, what they are at the start in a
world that holds next to nothing of it and in that of all provinces, and by how much they would have to move for the
urban share and the log growth of residents to be one higher (the inverse response): of the county by itself, and of
all counties of its province together, who then gain little from each other. What is not known is written in these
outcomes: ``spread.csv`` has standard deviations of what all counties, those of a province, and a single county may be
off by, and ``levels.csv`` what the runs of each draw of the common parameters are off by, in each kind of world: a
regression on the county's urban share and on how many are away or came from elsewhere, because where many are away a
draw that brings more of them back grows more. Draws of constants follow from these. How the whole country grows after a
census hangs on the constant of other provinces, and how fast it urbanizes from year to year on the period effect:
``rebased.csv`` has what each draw's are moved by, and from which month.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from urbsim.arrays import Floats
from urbsim.months import parse_month
from urbsim.posterior.county_equation import LARGEST_CONSTANT
from urbsim.region.tables import all_county_rows
from urbsim.state.constants import CountyConstants

#: Outcomes that constants answer to.
OUTCOMES = ("share", "growth")
MIDDLE = list(CountyConstants._fields)
#: Constants (urban, outside) per unit of each outcome.
INVERSE = [f"{constant}_per_{outcome}" for constant in ("urban", "outside") for outcome in OUTCOMES]
#: The same where all counties of the province move together.
TOGETHER = [f"{name}_together" for name in INVERSE]
#: Kinds of world that constants and levels are found in: the whole province, next to nothing of it, all provinces.
WORLDS = ("province", "alone", "closed")
#: Columns of the constants at the start by kind of world.
STARTS = {"province": MIDDLE[:2], **{kind: [f"urban_{kind}", f"outside_{kind}"] for kind in WORLDS[1:]}}
#: Whose error it is, from the largest group to the smallest; that of the long run comes on top.
LEVELS = ("nation", "province", "county", "later")
#: What a draw's level depends on: the share of the start, and people away or from elsewhere per resident.
TERMS = ("one", "share", "share_squared", "away_near", "away_far", "from_near", "from_far")
#: Common parameters that are re-based where the base year changes: the constant of other provinces, the period effect.
FAR, PERIOD = "residence.zeta_far", "residence.period"
_SEED = 72


def draws_of_constants(
    folder: Path, number: int, codes: Sequence[str], year: int
) -> tuple[Floats, tuple[bool, ...]] | None:
    """Return constants of counties in one draw, shape (n, 4), and which counties are in the table.

    None where nothing is stored for runs that start from the census of ``year``. Draw 0 is the middle. Between a
    county alone and the whole province constants go by the share of the province's migrants that live in the world,
    between the province and all provinces by that of the others' migrants. What was not fitted in a world of all
    provinces is there as in one of the province.
    """
    table = own_constants(folder, year)
    if table is None:
        return None
    known = tuple(code in table.index for code in codes)
    rows = table.reindex(list(codes))
    middle, kinds = rows[MIDDLE].to_numpy(dtype=float), kinds_of_world(codes, year)
    known_kinds = [STARTS[kind if STARTS[kind][0] in rows else "province"] for kind in WORLDS]
    starts = np.stack([rows[names].to_numpy(dtype=float) for names in known_kinds])
    middle = middle + np.tile(np.einsum("nk,knc->nc", kinds, starts) - middle[:, :2], 2)
    if number > 0:
        together = _shared_errors(folder, number, codes, year)
        own = _level(folder, number, codes, year) + _of_level(folder, "county", number, codes, year)
        later = own + _of_level(folder, "later", number, codes, year)
        inside = 1.0 - kinds[:, [WORLDS.index("alone")]]
        moved = [_constants_for(rows, inside, together, single) for single in (own, later)]
        middle = middle + np.concatenate(moved, axis=1)
    return np.clip(middle, -LARGEST_CONSTANT, LARGEST_CONSTANT), known


def constants_of_level(folder: Path, number: int, codes: Sequence[str], year: int) -> Floats:
    """Return the part of the constants of a draw that makes up for the level of its common parameters, shape (n, 4).

    The rest of what sets a draw's constants apart from the middle is what is not known of the counties themselves.
    Zero for draw 0 and for counties that are not in the table.
    """
    table = own_constants(folder, year)
    if table is None or number == 0:
        return np.zeros((len(codes), 4))
    inverse = table.reindex(list(codes))[INVERSE].fillna(0.0).to_numpy(dtype=float).reshape(-1, 2, 2)
    level = _level(folder, number, codes, year)
    return np.asarray(np.tile(np.einsum("nco,no->nc", inverse, level), 2))


def _constants_for(rows: pd.DataFrame, inside: Floats, together: Floats, own: Floats) -> Floats:
    """Return by how much constants move outcomes by something that a province has in common and the rest, (n, 2) each.

    Counties of a world that holds little of their province are answered from outside it, as a single one is.
    """
    single, whole = (rows[names].to_numpy(dtype=float).reshape(-1, 2, 2) for names in (INVERSE, TOGETHER))
    common = inside[:, :, None] * whole + (1.0 - inside[:, :, None]) * single
    return np.asarray(np.einsum("nco,no->nc", common, together) + np.einsum("nco,no->nc", single, own))


def rebased(folder: Path, number: int, year: int) -> Mapping[str, Mapping[int, float]]:
    """Return what parameters are moved by in a draw's runs from a census, from which month on; none where unknown."""
    return _rebased(folder).get((year, number), {})


def kinds_of_world(codes: Sequence[str], year: int) -> Floats:
    """Return how much a world of counties is of each of ``WORLDS`` to each of them, shape (n, 3); rows add up to one.

    What is not alone has the share, of the migrants within its province, of those who live in the counties named; of
    this, the closed world has the share of migrants from other provinces, outside the county's own, who live there.
    """
    within, between = (_migrants(year, name) for name in ("migrants_same_province", "migrants_other_province"))
    inside, here = _by_province(within, codes) / _by_province(within), _by_province(between, codes)
    everywhere = _by_province(between)
    closed = (here.sum() - here) / (everywhere.sum() - everywhere)
    provinces = [code[:2] for code in codes]
    known, part = (share.reindex(provinces).fillna(0.0).to_numpy(dtype=float) for share in (inside, closed))
    return np.stack([known * (1.0 - part), 1.0 - known, known * part], axis=1)


def _by_province(mass: pd.Series[float], codes: Sequence[str] | None = None) -> pd.Series[float]:
    """Return the sum of something by province, of the counties named, or of all."""
    chosen = mass if codes is None else mass.where(mass.index.isin(list(codes)), 0.0)
    return chosen.groupby(chosen.index.str[:2]).sum()


@cache
def _migrants(year: int, column: str) -> pd.Series[float]:
    rows = all_county_rows(year).set_index("code")
    return rows[column].astype(float) + 1.0


def _level(folder: Path, number: int, codes: Sequence[str], year: int) -> Floats:
    """Return by how much outcomes of a draw are to be moved for the level of its common parameters, shape (n, 2)."""
    terms, none = terms_of_level(codes, year), np.zeros((len(OUTCOMES), len(TERMS)))
    levels = [terms @ _levels(folder).get((year, number, world), none).T for world in WORLDS]
    return np.asarray(np.einsum("nk,kno->no", kinds_of_world(codes, year), np.stack(levels)))


def terms_of_level(codes: Sequence[str], year: int) -> Floats:
    """Return what a draw's level depends on, of counties of a census, shape (n, terms); 0 for unknown codes."""
    return _terms(year).reindex(list(codes)).fillna(0.0).to_numpy(dtype=float)


@cache
def _terms(year: int) -> pd.DataFrame:
    rows = all_county_rows(year).set_index("code")
    residents = rows["residents"].astype(float)
    share = rows["urban"].astype(float) / residents
    people = ("absent_near", "absent_far", "migrants_same_province", "migrants_other_province")
    parts = [np.minimum(rows[name].astype(float) / residents, 1.0) for name in people]
    return pd.DataFrame(dict(zip(TERMS, [share**0, share, share**2, *parts], strict=True)), index=rows.index)


def errors_at_start(folder: Path, number: int, codes: Sequence[str], year: int) -> Floats:
    """Return what the outcomes expected of counties are off by in a draw: share and log growth, shape (n, 2).

    Log growth is off by less than nothing on average, so that residents are right on average.
    """
    own = _of_level(folder, "county", number, codes, year)
    return np.asarray(_shared_errors(folder, number, codes, year) + own)


def _shared_errors(folder: Path, number: int, codes: Sequence[str], year: int) -> Floats:
    return _of_level(folder, "nation", number, codes, year) + _of_level(folder, "province", number, codes, year)


def _of_level(folder: Path, level: str, number: int, codes: Sequence[str], year: int) -> Floats:
    digits = {"nation": 0, "province": 2}.get(level, 6)
    keys = [int(code[:digits] or 0) for code in codes]
    drawn = np.array([_normal(number, year, LEVELS.index(level), key) for key in keys]).reshape(-1, len(OUTCOMES))
    spread = _spread(folder)[year, level]
    return np.asarray(drawn * spread - np.array([0.0, 0.5]) * spread**2)


@cache
def _normal(number: int, year: int, level: int, key: int) -> Floats:
    """Return standard normal numbers of a draw; draws 2k - 1 and 2k are each other's opposite.

    A few draws then lie around the middle as many do (antithetic variates: Hammersley & Morton 1956, Proceedings of
    the Cambridge Philosophical Society 52).
    """
    pair, sign = (number + 1) // 2, 1.0 if number % 2 else -1.0
    return sign * np.random.default_rng([_SEED, pair, year, level, key]).standard_normal(len(OUTCOMES))


@cache
def own_constants(folder: Path, year: int) -> pd.DataFrame | None:
    """Return the table of constants for runs from a census year by code, None where there is none.

    Columns ``MIDDLE``, ``INVERSE``, ``share`` (urban share of the start, 0 to 1) and ``basis``: ``own`` where the
    county's change between both censuses is known, ``expected`` where it is what its province and level imply.
    """
    path = folder / f"{year}.parquet"
    return pd.read_parquet(path).set_index("code") if path.exists() else None


@cache
def _spread(folder: Path) -> dict[tuple[int, str], Floats]:
    """Return the standard deviations of both outcomes by census year and level."""
    rows = pd.read_csv(folder / "spread.csv").to_dict("records")
    return {(int(row["year"]), str(row["level"])): np.array([float(row[name]) for name in OUTCOMES]) for row in rows}


@cache
def _levels(folder: Path) -> dict[tuple[int, int, str], Floats]:
    """Return the coefficients of both outcomes by census year, draw and kind of world, shape (2, terms) each."""
    path = folder / "levels.csv"
    if not path.exists():
        return {}
    table = pd.read_csv(path)
    names = [f"{outcome}_{term}" for outcome in OUTCOMES for term in TERMS]
    values = table[names].to_numpy(dtype=float).reshape(-1, len(OUTCOMES), len(TERMS))
    keys = zip(table["year"], table["draw"], table["world"], strict=True)
    return {(int(year), int(draw), str(world)): row for (year, draw, world), row in zip(keys, values, strict=True)}


@cache
def _rebased(folder: Path) -> dict[tuple[int, int], dict[str, dict[int, float]]]:
    path = folder / "rebased.csv"
    found: dict[tuple[int, int], dict[str, dict[int, float]]] = {}
    for row in pd.read_csv(path).to_dict("records") if path.exists() else []:
        moves = found.setdefault((int(row["year"]), int(row["draw"])), {}).setdefault(str(row["parameter"]), {})
        moves[parse_month(str(row["month"]))] = float(row["moved_by"])
    return found


def forget() -> None:
    """Forget what was read, after the stored files changed."""
    for reader in (own_constants, _spread, _levels, _rebased):
        reader.cache_clear()
