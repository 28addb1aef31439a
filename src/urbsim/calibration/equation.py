"""The county equation fitted to what happened between the censuses, and to runs of every county.

How counties changed is regressed once. Every county is then simulated under some draws with the constants expected so
far, to see what a run with constants of zero would bring; no county is simulated with constants that its own province's
outcome went into, so that the hindcast stays blind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from urbsim.arrays import Floats
from urbsim.calibration.decade import simulate_counties
from urbsim.experiment.runner import Runner
from urbsim.posterior import draws as stored
from urbsim.posterior.county_equation import (
    OUTCOMES,
    CountyEquation,
    Response,
    fit_equation,
    fitted_to,
)
from urbsim.posterior.outcomes import county_codes, observed, training

#: Draws under which counties are simulated, and times they are, from constants of zero and from an earlier equation.
DRAWS, PASSES, PASSES_FROM_KNOWN = 4, 3, 2


def fit_equation_of_counties(
    response: Response, known: CountyEquation | None, folder: Path, scale: float, runner: Runner
) -> None:
    """Fit the county equation under the draws of the common parameters that hold now, and store it.

    Counties are first simulated with the constants that ``known`` expects (of zero, where there is none) and then with
    those expected so far. The national stage fits it under its own draws, the evidence stage again under those that
    runs take.
    """
    codes, fitted = county_codes(), _fitted(response, None)[0]
    start = observed().loc[list(codes), "share_2010"].to_numpy(dtype=float)
    answers, constants = response.at(start), np.zeros((len(codes), 2))
    if known is not None:
        constants = blind_constants(codes, replace(fitted, unmoved=known.unmoved))
    for _ in range(PASSES if known is None else PASSES_FROM_KNOWN):
        simulated = simulate_counties(codes, constants, DRAWS, runner, scale=scale).outcomes.mean(axis=0)
        unmoved = simulated - np.einsum("noc,nc->no", answers, constants)
        unmoved[:, 0] -= start
        fitted = replace(fitted, unmoved=pd.DataFrame(unmoved, index=list(codes), columns=OUTCOMES))
        constants = blind_constants(codes, fitted)
    stored.store_equation(fitted, folder)


def blind_constants(codes: Sequence[str], equation: CountyEquation) -> Floats:
    """Return the constants of counties from an equation that never saw their province, shape (n, 2)."""
    constants, changes = equation.constants(codes), _changes()
    own, known = np.array([code[:2] for code in codes]), changes.index.str[:2]
    for province in np.intersect1d(known.unique(), own):
        kept = changes[known != province]
        blind = fitted_to(equation, list(kept.index), kept.to_numpy(dtype=float))
        here = own == province
        constants[here] = blind.constants([code for code, chosen in zip(codes, here, strict=True) if chosen])
    return constants


def left_out(equation: CountyEquation) -> tuple[list[str], Floats]:
    """Return the training counties and what the equation leaves of their changes, provinces left out; (n, 2)."""
    return list(_changes().index), _fitted(equation.response, equation.penalties)[1]


def _fitted(response: Response, penalties: Sequence[float] | None) -> tuple[CountyEquation, Floats]:
    changes = _changes()
    provinces = changes.index.str[:2].to_numpy(dtype=str)
    return fit_equation(list(changes.index), changes.to_numpy(dtype=float), provinces, response, penalties)


def _changes() -> pd.DataFrame:
    """Return how training counties changed: urban share, and log growth of residents."""
    truth = observed()
    truth = truth[training(truth)]
    share = truth["share_2020"] - truth["share_2010"]
    return pd.DataFrame({"share": share, "growth": np.log(truth["residents_2020"] / truth["residents_2010"])})
