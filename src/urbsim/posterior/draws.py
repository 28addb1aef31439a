"""The stored result of the calibration, as scenarios use it: draws of the parameters and of every county's constants.

A draw is a number. The common parameters are those of the evidence stage, in which census parameters and responses to
policies vary together, or of the national stage alone where that has been fitted again since. Draw 0 is the middle of
the posterior: the registry's values, with the constants in the middle of what belongs to it. Draw k from 1 on takes row
k and the constants of each county that belong to it. Constants come, in this order, from the posterior of
the smallest calibrated region that holds the county (draw 0: after the next), from the table of all counties
(``own_constants``), else from the county equation with a spread drawn for the county; what none of them knows has
constants of zero.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd
import yaml

from urbsim.arrays import Floats
from urbsim.codes import FIRST_COUNTY_NUMBER
from urbsim.parameters import DatedValue, moved_by, overlay, registry
from urbsim.posterior import basis, own_constants
from urbsim.posterior.county_equation import LARGEST_CONSTANT, CountyEquation, Response
from urbsim.region.tables import all_county_rows, tables_folder
from urbsim.state.constants import CountyConstants

_SPREAD_SEED = 71
#: File of the evidence stage that holds the hash of the national draws it was made from.
BELONGS_TO = "national.sha256"


@dataclass(frozen=True)
class Draw:
    """Parameters by name (empty for draw 0) and constants of the counties asked for."""

    parameters: Mapping[str, DatedValue]
    constants: CountyConstants


def posteriors_folder() -> Path:
    """Return the folder of stored posteriors: ``national`` and one per calibrated region, by code."""
    return tables_folder().parent / "posteriors"


def national_folder() -> Path:
    """Return the folder of the national stage: census parameters and the county equation."""
    return posteriors_folder() / "national"


def evidence_folder() -> Path:
    """Return the folder of the evidence stage: responses and census parameters together."""
    return posteriors_folder() / "evidence"


def counties_folder() -> Path:
    """Return the folder of every county's own constants."""
    return posteriors_folder() / "counties"


def forget() -> None:
    """Forget what was read, after the stored files changed."""
    for reader in (_common_draws, middle_values, middle_draw, calibrated_regions, _region, equation_in, _own_draws):
        reader.cache_clear()
    own_constants.forget()
    basis.forget()


def draws_of(folder: Path) -> int:
    """Return how many draws a scenario's own posterior holds, 0 where there is none."""
    return max((number for number, *_ in _own_draws(folder)), default=0)


def own_draw(folder: Path, number: int, codes: Sequence[str], year: int) -> Draw:
    """Return one draw of a scenario's own posterior, for counties named by their codes of a census year.

    Each of its draws is a draw of the national stage with constants that were moved, so that a run agrees with what was
    observed. Counties that it does not hold have the constants of that draw.

    Raises
    ------
    ValueError
        If it holds no such draw, or one of a national stage that is no longer there.
    """
    rows = {code: own for (each, code, at), own in _own_draws(folder).items() if each == number and at == year}
    if not rows:
        raise ValueError(f"{folder} holds draws 0 to {draws_of(folder)} of runs from 2010 or 2020; not {number}")
    member = next(iter(rows.values()))[0]
    general = draw(member, codes, year)
    constants = np.array(general.constants.rows(), dtype=float).reshape(-1, 4)
    for position, code in enumerate(codes):
        if code in rows:
            constants[position] = rows[code][1]
    return Draw(general.parameters, CountyConstants.of(constants))


@cache
def _own_draws(folder: Path) -> dict[tuple[int, str, int], tuple[int, Floats]]:
    """Return the member of the national stage and the constants by draw, county and census year."""
    path = folder / "constants.parquet"
    if not path.exists():
        return {}
    table = pd.read_parquet(path)
    values = table[list(CountyConstants._fields)].to_numpy(dtype=float)
    keys = zip(table["draw"], table["code"], table["year"], table["member"], strict=True)
    return {
        (int(number), str(code), int(year)): (int(member), np.round(own, 6))
        for (number, code, year, member), own in zip(keys, values, strict=True)
    }


def available_draws() -> int:
    """Return how many draws the posterior of the common parameters holds, 0 where there is none."""
    return len(_common_draws())


def draw(
    number: int,
    codes: Sequence[str],
    year: int,
    given: Mapping[str, DatedValue] = MappingProxyType({}),
    *,
    regional: bool = True,
) -> Draw:
    """Return one draw for counties named by their codes of a census year.

    ``given`` are parameters that hold in place of the draw's own and the registry's, before a draw's are re-based.
    Without ``regional``, counties have the constants that all counties have, whatever region was calibrated.

    Raises
    ------
    ValueError
        If the posterior holds no such draw.
    """
    if not 0 <= number <= available_draws():
        raise ValueError(f"the posterior holds draws 1 to {available_draws()}, and 0 for its median; not {number}")
    parameters = overlay(_common_draws()[number - 1] if number > 0 else {}, given)
    for name, moves in own_constants.rebased(counties_folder(), number, year).items():
        parameters[name] = moved_by(overlay({name: registry()[name].value}, parameters)[name], moves)
    return Draw(parameters, _constants(number, codes, year, regional))


def hash_of_national() -> str:
    """Return the SHA-256 of the draws of the national stage, empty where there are none."""
    path = national_folder() / "draws.csv"
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest() if path.exists() else ""


def common_draws() -> Path:
    """Return the file of the draws of the common parameters.

    That of the evidence stage, unless the national stage has been fitted again since.
    """
    mark = evidence_folder() / BELONGS_TO
    if mark.exists() and mark.read_text("utf-8").strip() == hash_of_national():
        return evidence_folder() / "draws.csv"
    return national_folder() / "draws.csv"


def _stored_rows() -> pd.DataFrame:
    path = common_draws()
    return pd.read_csv(path, index_col="draw") if path.exists() else pd.DataFrame()


@cache
def _common_draws() -> tuple[Mapping[str, float], ...]:
    table = _stored_rows()
    rows = table[table.index > 0].to_dict("records") if len(table) else []
    return tuple({str(name): float(value) for name, value in row.items()} for row in rows)


@cache
def middle_values() -> Mapping[str, float]:
    """Return the middle of the posterior: row 0 of the evidence stage, else the national draw nearest to the mean."""
    table = _stored_rows()
    number = 0 if 0 in table.index else middle_draw()
    values = table.loc[[number]].to_numpy(dtype=float)[0]
    return {str(name): float(value) for name, value in zip(table.columns, values, strict=True)}


@cache
def middle_draw() -> int:
    """Return the number of the draw nearest to the mean of the posterior, each parameter in standard deviations."""
    table = pd.DataFrame(list(_common_draws()))
    distance = (((table - table.mean()) / table.std()) ** 2).sum(axis=1)
    return int(distance.to_numpy().argmin()) + 1


def _constants(number: int, codes: Sequence[str], year: int, regional: bool) -> CountyConstants:
    found = np.zeros((len(codes), 4))
    unknown = np.ones(len(codes), dtype=bool)
    stored = own_constants.draws_of_constants(counties_folder(), number, codes, year)
    if stored is not None:
        unknown = ~np.array(stored[1], dtype=bool)
        found[~unknown] = stored[0][~unknown]
    for position, code in enumerate(codes):
        posterior = _posterior_of(code, year) if regional else None
        # Every draw of a region errs in its own way; the middle of what all counties have does not.
        if posterior is not None and (number > 0 or unknown[position]):
            unknown[position] = False
            found[position] = posterior[(number or middle_draw()) - 1]
    equation = county_equation()
    former = [
        (position, code)
        for position in np.flatnonzero(unknown).tolist()
        if (code := former_code(codes[position], year))
    ]
    if equation is not None and former:
        places, early = zip(*former, strict=True)
        found[list(places)] = np.tile(prior_constants(equation, early, number), 2)
    # The last bits of a product depend on how many counties are multiplied at once; a county must not.
    return CountyConstants.of(np.round(found, 6))


def prior_constants(equation: CountyEquation, codes: Sequence[str], number: int) -> Floats:
    """Return constants of counties (codes of 2010) from the equation: the mean for draw 0, else with spread; (n, 2)."""
    mean = equation.constants(codes)
    if number == 0:
        return mean
    standard = [np.random.default_rng([_SPREAD_SEED, number, int(code)]).standard_normal(2) for code in codes]
    root = np.linalg.cholesky(equation.prior_covariance(codes))
    drawn = mean + np.einsum("nij,nj->ni", root, np.array(standard))
    return np.asarray(np.clip(drawn, -LARGEST_CONSTANT, LARGEST_CONSTANT))


def former_code(code: str, year: int) -> str:
    """Return the code of 2010 of a county; empty for districts and for counties made of several or of none."""
    if int(code[4:6]) < FIRST_COUNTY_NUMBER:
        return ""
    early = _former_codes().get(code, "") if year != 2010 else code
    return early if len(early) == 6 and int(early[4:6]) >= FIRST_COUNTY_NUMBER else ""


@cache
def _former_codes() -> dict[str, str]:
    rows = all_county_rows(2020)
    return dict(zip(rows["code"], rows["code_other_year"], strict=True))


@cache
def calibrated_regions() -> tuple[str, ...]:
    """Return the codes of regions with a posterior, the smallest regions first."""
    folder = posteriors_folder()
    codes = [path.parent.name for path in folder.glob("*/constants.parquet")] if folder.is_dir() else []
    return tuple(sorted(codes, key=lambda code: (-len(code), code)))


def _posterior_of(code: str, year: int) -> Floats | None:
    for region in calibrated_regions():
        if (year, code) in _region(region):
            return _region(region)[year, code]
    return None


@cache
def _region(region: str) -> dict[tuple[int, str], Floats]:
    """Return the draws of constants of a region by census year of the start and county, each of shape (draws, 4)."""
    table = pd.read_parquet(posteriors_folder() / region / "constants.parquet").sort_values(["year", "code", "draw"])
    return {
        (int(str(year)), str(code)): rows[list(CountyConstants._fields)].to_numpy(dtype=float)
        for (year, code), rows in table.groupby(["year", "code"], sort=False)
    }


def equation_folder() -> Path:
    """Return the folder of the county equation that belongs to the draws of the common parameters."""
    fitted_again = common_draws().parent
    return fitted_again if (fitted_again / "county_equation.csv").exists() else national_folder()


def county_equation() -> CountyEquation | None:
    """Return the county equation that belongs to the draws of the common parameters, None where there is none."""
    return equation_in(equation_folder())


@cache
def equation_in(folder: Path) -> CountyEquation | None:
    """Return the county equation stored in a folder, None where there is none."""
    if not (folder / "county_equation.csv").exists():
        return None
    table = pd.read_csv(folder / "county_equation.csv", index_col="covariate")
    rest = yaml.safe_load((folder / "county_equation.yaml").read_text("utf-8"))
    covariate = table.drop(index="constant")
    return CountyEquation(
        table[["share", "growth"]],
        covariate["centre"],
        covariate["spread"],
        np.array(rest["covariance"], dtype=float),
        tuple(float(penalty) for penalty in rest["penalties"]),
        Response(np.array(rest["response"], dtype=float)),
        pd.read_csv(folder / "unmoved.csv", dtype={"code": str}).set_index("code"),
    )


def store_equation(equation: CountyEquation, folder: Path) -> None:
    """Write a county equation: tables of coefficients and of runs with constants of zero, and a small YAML file."""
    table = equation.coefficients.assign(centre=equation.centre, spread=equation.spread)
    table.rename_axis("covariate").to_csv(folder / "county_equation.csv", float_format="%.8g", lineterminator="\n")
    unmoved = equation.unmoved.rename_axis("code")
    unmoved.to_csv(folder / "unmoved.csv", float_format="%.6g", lineterminator="\n")
    rest = {
        "covariance": [[round(float(value), 8) for value in row] for row in equation.covariance],
        "penalties": [float(penalty) for penalty in equation.penalties],
        "response": [
            [[round(float(term), 6) for term in terms] for terms in row] for row in equation.response.coefficients
        ],
    }
    note = (
        "# Spread of urban share and log growth in provinces left out; response by outcome, constant, power of share.\n"
    )
    (folder / "county_equation.yaml").write_text(note + yaml.safe_dump(rest, default_flow_style=None), encoding="utf-8")
