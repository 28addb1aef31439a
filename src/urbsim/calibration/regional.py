"""The county stage: constants of the counties of a region, given their own two censuses.

Method: ensemble smoother with multiple data assimilation (Emerick & Reynolds 2013, Computers & Geosciences 55). Every
member is one draw of the national parameters with constants of every county from their prior. All members are
simulated from the census of 2010 to that of 2020; each county's constants are then moved by the regression of constants
on outcomes across members, towards the observed outcome plus a draw of its error; twice, each time with twice the error
variance. A last pass simulates the result. Members keep their number: draw k of the constants belongs to draw k of the
parameters.

It is used in place of a sampler on an emulator because one simulation shows the outcomes of all counties, whose
constants hardly touch each other: a hundred counties cost as many runs as one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from urbsim.arrays import Floats
from urbsim.calibration.aims import LAST_MONTHS
from urbsim.calibration.county_files import OBSERVATION_SD
from urbsim.calibration.decade import CountyGroup, counties_of, decade
from urbsim.calibration.pace import expected_pace
from urbsim.calibration.past import former_codes, known_pasts
from urbsim.calibration.snapshots import change_of, from_census, snapshots_of
from urbsim.experiment.runner import Runner
from urbsim.labels import bilingual
from urbsim.posterior import draws as stored
from urbsim.posterior import own_constants
from urbsim.posterior.county_equation import LARGEST_CONSTANT, outcomes_of
from urbsim.region.places import resolve_region
from urbsim.region.tables import all_county_rows
from urbsim.state.constants import CountyConstants

ASSIMILATIONS = 2
#: Part of what runs from 2020 miss that each pass makes good.
REBASING = (0.8, 0.5)
_INSIDE_80 = 1.2816  # standard deviations
SEED = 341282
#: People simulated: of the whole region, and of a county at least and at most.
PEOPLE, FEWEST, MOST = 60_000, 1500, 20_000


@dataclass(frozen=True)
class Unit:
    """A county as it is now, and the codes of 2010 of its territory; ``observed`` is None where not comparable."""

    code: str
    name: str
    former: tuple[str, ...]
    observed: tuple[float, float] | None  # urban share of 2020, log growth of residents


@dataclass(frozen=True)
class CountyEnsemble:
    """Constants (members, units, 2) before and after, and outcomes of each pass (passes, members, units, 2)."""

    units: tuple[Unit, ...]
    prior: Floats
    posterior: Floats
    outcomes: Floats

    def table(self) -> pd.DataFrame:
        """Return the constants of runs from 2010: see ``constants_table``."""
        former = {code: self.posterior[:, number] for number, unit in enumerate(self.units) for code in unit.former}
        return constants_table(2010, {code: np.tile(constants, 2) for code, constants in former.items()})


def constants_table(year: int, constants: Mapping[str, Floats]) -> pd.DataFrame:
    """Return constants (draws, 4) of counties by code as a table: ``year``, ``code``, ``draw`` and the constants."""
    parts = []
    for code, rows in constants.items():
        table = pd.DataFrame(rows.astype(np.float32), columns=list(CountyConstants._fields))
        table.insert(0, "draw", np.arange(1, len(rows) + 1, dtype=np.int32))
        table.insert(0, "code", code)
        parts.append(table)
    found = pd.concat(parts, ignore_index=True)
    found.insert(0, "year", np.int16(year))
    return found


def rebased(region: str, members: int, runner: Runner, scale: float = 1.0) -> dict[str, Floats]:
    """Return the constants of a region's counties for runs from the census of 2020, by code, (members, 4) each.

    The constants of all counties were fitted in worlds of whole provinces. Here every member is simulated in the world
    of the region, and its constants are moved by the inverse response times what it missed of its own expectation.
    """
    codes = tuple(sorted(code for code in resolve_region(region) if code in expected_pace().counties.index))
    if not codes:
        return {}
    share = expected_pace().counties.loc[list(codes), "share"].to_numpy(dtype=float)
    table = own_constants.own_constants(stored.counties_folder(), 2020)
    if table is None:
        raise RuntimeError(
            bilingual(
                "there are no constants of all counties; run 'urbsim calibrate counties' first",
                "没有所有县的常数；请先运行“urbsim calibrate counties”",
            )
        )
    inverse = table.loc[list(codes), own_constants.INVERSE].to_numpy(dtype=float).reshape(-1, 2, 2)
    targets = expected_pace().targets(list(codes))
    numbers = range(1, members + 1)
    found = np.array([_drawn(number, codes) for number in numbers])
    wanted = np.array(
        [targets + own_constants.errors_at_start(stored.counties_folder(), k, codes, 2020) for k in numbers]
    )
    group = group_of(codes, 2020, scale)
    for number, step in enumerate(REBASING):
        tasks = [from_census(group, 2020, (LAST_MONTHS[2020],), _with(found[k - 1], k), (SEED, k)) for k in numbers]
        for position, tables in runner.tables(
            tasks,
            bilingual(
                f"from 2020, pass {number + 1} of {len(REBASING)}",
                f"2020 年起，第 {number + 1} 轮，共 {len(REBASING)} 轮",
            ),
        ):
            missed = wanted[position] - change_of(snapshots_of(tables), share, LAST_MONTHS[2020])
            moved = step * np.einsum("nco,no->nc", inverse, missed)
            found[position] = np.clip(found[position] + np.tile(moved, 2), -LARGEST_CONSTANT, LARGEST_CONSTANT)
    return {code: found[:, position] for position, code in enumerate(codes)}


def _with(constants: Floats, number: int) -> stored.Draw:
    """Return the parameters of a draw with constants (n, 4)."""
    return stored.Draw(stored.draw(number, (), 2020).parameters, CountyConstants.of(constants))


def _drawn(number: int, codes: tuple[str, ...]) -> Floats:
    drawn = own_constants.draws_of_constants(stored.counties_folder(), number, codes, 2020)
    assert drawn is not None
    return drawn[0]


def units_of(region: str) -> tuple[Unit, ...]:
    """Return the counties of a region, a county, prefecture or province given by code or name.

    Raises
    ------
    RegionError
        If there is no such region.
    """
    codes = set(resolve_region(region))
    early = all_county_rows(2010).set_index("code")
    late = all_county_rows(2020).set_index("code")
    units = []
    for code in sorted(codes & set(late.index)):
        row = late.loc[code]
        past, former = known_pasts().get(code), former_codes(str(row["code_other_year"]), early)
        if former:
            share = float(late["urban"].loc[code] / late["residents"].loc[code])
            units.append(Unit(code, str(row["name"]), former, (share, past.growth) if past else None))
    covered = {code for unit in units for code in unit.former}
    for code in sorted((codes & set(early.index)) - covered):
        if str(early.loc[code]["code_other_year"]) == "":
            units.append(Unit(code, str(early.loc[code]["name"]), (code,), None))
    return tuple(units)


def prior_of(units: Sequence[Unit], draw: int) -> Floats:
    """Return constants of the units drawn from their prior, shape (units, 2); districts have a mean of zero."""
    equation = stored.county_equation()
    if equation is None:
        raise RuntimeError(
            bilingual("there is no county equation; run the national stage first", "没有各县方程；请先完成全国拟合")
        )
    return stored.prior_constants(equation, [unit.former[0] for unit in units], draw)


def calibrate(
    units: Sequence[Unit],
    members: int,
    runner: Runner,
    *,
    scale: float = 1.0,
    truth: Floats | None = None,
) -> CountyEnsemble:
    """Return the ensemble of constants of the units given what was observed.

    ``truth`` (units, 2), outcomes to fit in place of the observed ones, is for tests of recovery.
    """
    units = tuple(units)
    prior = np.array([prior_of(units, draw) for draw in range(1, members + 1)])
    observed = np.array([unit.observed or (np.nan, np.nan) for unit in units]) if truth is None else truth
    constants, outcomes = prior, []
    for number in range(ASSIMILATIONS + 1):
        outcomes.append(_simulate_pass(units, constants, number + 1, runner, scale))
        if number < ASSIMILATIONS:
            constants = assimilate(constants, outcomes[-1], observed, float(ASSIMILATIONS), number)
    return CountyEnsemble(units, prior, constants, np.array(outcomes))


def assimilate(constants: Floats, outcomes: Floats, observed: Floats, inflation: float, number: int = 0) -> Floats:
    """Return constants (members, units, 2) moved towards observed outcomes (units, 2); unknown ones stay.

    ``inflation`` multiplies the variance of the observation error; ``number`` of the pass fixes the error drawn.
    """
    moved = constants.copy()
    error = np.diag(inflation * np.square(OBSERVATION_SD))
    noise = np.random.default_rng([SEED, number]).standard_normal(outcomes.shape) * OBSERVATION_SD * np.sqrt(inflation)
    for unit in range(len(observed)):
        if np.isnan(observed[unit]).any():
            continue
        both = np.cov(np.concatenate([constants[:, unit], outcomes[:, unit]], axis=1).T)
        gain = both[:2, 2:] @ np.linalg.inv(both[2:, 2:] + error)
        moved[:, unit] += (observed[unit] + noise[:, unit] - outcomes[:, unit]) @ gain.T
    return moved


def recovery(ensemble: CountyEnsemble) -> pd.DataFrame:
    """Return how constants would be recovered if a member were the truth, one row per member, unit and constant.

    Each member's simulated outcome, with an observation error, is taken as observed and the other members are moved
    towards it once. Columns ``code``, ``constant``, ``truth``, ``estimate`` (mean), ``sd``, and ``inside``: whether
    the truth is within the 80 % interval.
    """
    rows = []
    rng = np.random.default_rng([SEED, 99])
    for member in range(0, len(ensemble.prior), max(1, len(ensemble.prior) // 12)):
        others = np.delete(np.arange(len(ensemble.prior)), member)
        seen = ensemble.outcomes[0, member] + rng.standard_normal((len(ensemble.units), 2)) * OBSERVATION_SD
        found = assimilate(ensemble.prior[others], ensemble.outcomes[0, others], seen, 1.0)
        for unit in range(len(ensemble.units)):
            for constant, name in enumerate(("urban", "outside")):
                values = found[:, unit, constant]
                truth = ensemble.prior[member, unit, constant]
                rows.append((ensemble.units[unit].code, name, truth, values.mean(), values.std(ddof=1)))
    table = pd.DataFrame(rows, columns=["code", "constant", "truth", "estimate", "sd"])
    return table.assign(inside=(table["truth"] - table["estimate"]).abs() < _INSIDE_80 * table["sd"])


def fit_table(ensemble: CountyEnsemble) -> pd.DataFrame:
    """Return per unit and target the observed value, and mean, 10 % and 90 % before and after; percent."""
    rows = []
    shown: tuple[tuple[str, Callable[[Floats], Floats]], ...] = (
        ("urban share 2020, %", lambda values: 100.0 * values),
        ("growth of residents, %", lambda values: 100.0 * np.expm1(values)),
    )
    for number, unit in enumerate(ensemble.units):
        for target, (name, unwrap) in enumerate(shown):
            row: dict[str, object] = {"code": unit.code, "name": unit.name, "target": name}
            row["observed"] = np.nan if unit.observed is None else float(unwrap(np.array(unit.observed[target])))
            for stage, position in (("prior", 0), ("posterior", -1)):
                values = unwrap(ensemble.outcomes[position, :, number, target])
                low, high = np.quantile(values, [0.1, 0.9])
                row |= {stage: values.mean(), f"{stage}_p10": low, f"{stage}_p90": high}
            rows.append(row)
    return pd.DataFrame(rows)


def _simulate_pass(units: tuple[Unit, ...], constants: Floats, number: int, runner: Runner, scale: float) -> Floats:
    """Return the outcomes of every member, shape (members, units, 2)."""
    group = _group(units, scale)
    owner = {code: position for position, unit in enumerate(units) for code in unit.former}
    place = [owner[code] for code in group.codes]
    tasks = [
        decade(group, stored.draw(member, (), 2010).parameters, own[place], SEED, member)
        for member, own in enumerate(constants, 1)
    ]
    outcomes = np.zeros((len(constants), len(units), 2))
    for position, tables in runner.tables(
        tasks, bilingual(f"pass {number} of {ASSIMILATIONS + 1}", f"第 {number} 轮，共 {ASSIMILATIONS + 1} 轮")
    ):
        columns = ["residents_2010", "residents_2020", "urban_2020"]
        together = counties_of(tables)[columns].groupby(np.array(place)).sum()
        together["share_2020"] = together["urban_2020"] / together["residents_2020"]
        outcomes[position] = outcomes_of(together)
    return outcomes


def _group(units: tuple[Unit, ...], scale: float) -> CountyGroup:
    return group_of(tuple(sorted(code for unit in units for code in unit.former)), 2010, scale)


def group_of(codes: tuple[str, ...], year: int, scale: float) -> CountyGroup:
    """Return counties of a census with the share of their people that a fit simulates, at the usual ``scale`` of 1."""
    residents = all_county_rows(year).set_index("code")["residents"].loc[list(codes)]
    people = min(max(PEOPLE / len(codes), FEWEST), MOST)
    return CountyGroup(codes, min(1.0, scale * people / float(residents.mean())))
