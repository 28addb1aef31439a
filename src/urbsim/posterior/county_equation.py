"""How a county's constants follow from its own columns of 2010: the prior of every county.

How counties of the training provinces changed between both censuses (urban share, and residents in logarithms) is
regressed on their covariates and their neighbours' by ridge regression; the penalties and the spread of what is left
come from predictions for provinces left out, one by one. A run with constants of zero changes otherwise. What it is
expected to miss is the difference: regressing the miss itself would carry what the run has wrong of single counties
into the prediction. The runs of the design, in which every county had constants of its own, tell by how much the two
outcomes answer to the two constants (the response matrix J, which varies with the starting share); J^-1 turns what is
expected to be missed into constants, and the spread that is left into their prior covariance. That spread is the
largest part of the uncertainty of a single county.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from urbsim.arrays import Floats
from urbsim.posterior.covariates import AROUND, covariates, with_surroundings

PENALTIES = (3.0, 10.0, 30.0, 100.0, 300.0, 1000.0)
#: What the county's own columns say counts for more: those of its neighbours enter in so many standard deviations.
SPREAD_OF_NEIGHBOURS = 2.0
OUTCOMES = ["share", "growth"]
#: Constants beyond these would come of a border that changed, not of a county's character.
LARGEST_CONSTANT = 2.5
_RESPONSE_TERMS = 3  # 1, s, s^2 of the starting urban share s
_RESPONSE_RANGE = (0.1, 0.7)


@dataclass(frozen=True)
class Response:
    """How urban share and log growth answer to the constants: shape (2 outcomes, 2 constants, terms of the share)."""

    coefficients: Floats

    def at(self, start_share: Floats) -> Floats:
        """Return J for each county, shape (n, 2, 2): rows are outcomes, columns constants.

        Beyond the shares that the runs hold many of, J is that of the nearest of them: where nearly everybody is urban,
        the share hardly answers to anything, and J could not be inverted.
        """
        share = np.clip(start_share, *_RESPONSE_RANGE)
        powers = np.stack([share**power for power in range(_RESPONSE_TERMS)], axis=1)
        return np.asarray(np.einsum("ock,nk->noc", self.coefficients, powers))


@dataclass(frozen=True)
class CountyEquation:
    """The prior of county constants: mean from ridge regression on covariates, covariance from what is left.

    ``coefficients`` has one row per covariate and ``constant``, columns ``share`` (change of the urban share, 2010-20)
    and ``growth`` (log growth of residents); covariates are standardised by ``centre`` and ``spread``. ``covariance``
    (2, 2) is of the two outcomes of provinces left out; ``penalties`` are of the two regressions. ``unmoved``, indexed
    by code, holds the same two outcomes of runs with constants of zero.
    """

    coefficients: pd.DataFrame
    centre: pd.Series[float]
    spread: pd.Series[float]
    covariance: Floats
    penalties: tuple[float, ...]
    response: Response
    unmoved: pd.DataFrame

    def expected(self, codes: Sequence[str]) -> Floats:
        """Return the change of the urban share and the log growth expected of counties, shape (n, 2)."""
        columns = list(self.centre.index)
        standard = (with_surroundings(codes)[columns].to_numpy() - self.centre.to_numpy()) / self.spread.to_numpy()
        weights = self.coefficients.drop(index="constant").to_numpy()
        return np.asarray(standard @ weights + self.coefficients.loc[["constant"]].to_numpy(), dtype=float)

    def missed(self, codes: Sequence[str]) -> Floats:
        """Return what a run with constants of zero is expected to miss, shape (n, 2); 0 of what was not simulated."""
        unmoved = self.unmoved.reindex(list(codes))[OUTCOMES].to_numpy(dtype=float)
        return np.asarray(np.nan_to_num(self.expected(codes) - unmoved, nan=0.0))

    def constants(self, codes: Sequence[str]) -> Floats:
        """Return the prior mean of the constants of counties, by their codes of 2010, shape (n, 2)."""
        return implied_constants(self.missed(codes), self._response_of(codes))

    def prior_covariance(self, codes: Sequence[str]) -> Floats:
        """Return the prior covariance of the constants of counties, shape (n, 2, 2)."""
        inverse = np.linalg.inv(self._response_of(codes))
        return np.asarray(inverse @ self.covariance @ inverse.transpose(0, 2, 1))

    def _response_of(self, codes: Sequence[str]) -> Floats:
        return self.response.at(covariates(codes)["urban_share"].to_numpy(dtype=float))


def outcomes_of(table: pd.DataFrame) -> Floats:
    """Return the urban share of 2020 and the log growth of residents, shape (n, 2)."""
    share, start, end = (
        table[name].to_numpy(dtype=float) for name in ("share_2020", "residents_2010", "residents_2020")
    )
    return np.stack([share, np.log(end / start)], axis=1)


def fit_response(counties: pd.DataFrame, points: pd.DataFrame, start_share: pd.Series[float]) -> Response:
    """Fit the response of outcomes to constants over all runs of a design.

    Parameters
    ----------
    counties
        Rows of ``design.county_runs``.
    points
        Parameters of the runs, scaled to -1 to 1, indexed by run.
    start_share
        Urban share of 2010 by county code.
    """
    start = start_share.loc[counties["code"]].to_numpy()
    powers = np.stack([start**power for power in range(_RESPONSE_TERMS)], axis=1)
    constants = counties[["urban_constant", "outside_constant"]].to_numpy(dtype=float)
    theta = points.loc[counties["run"]].to_numpy(dtype=float)
    terms = [constants[:, [0]] * powers, constants[:, [1]] * powers, theta, theta * start[:, None], theta**2]
    regressors = np.concatenate(terms, axis=1)
    targets = counties[["share_2020", "growth"]].to_numpy(dtype=float)
    codes = pd.factorize(counties["code"])[0]
    slopes = np.linalg.lstsq(_within(regressors, codes), _within(targets, codes), rcond=None)[0]
    return Response(np.asarray(slopes[: 2 * _RESPONSE_TERMS].T.reshape(2, 2, _RESPONSE_TERMS), dtype=float))


def _within(values: Floats, group: NDArray[np.intp]) -> Floats:
    """Return values less the mean of their group (a constant of every county)."""
    counts = np.bincount(group)[:, None]
    means = np.stack([np.bincount(group, weights=column) for column in values.T], axis=1) / counts
    return np.asarray(values - means[group])


def implied_constants(missed: Floats, response: Floats) -> Floats:
    """Return the constants that would have met the outcomes missed by ``missed`` (n, 2), given J (n, 2, 2)."""
    solved = np.linalg.solve(response, missed[:, :, None])[:, :, 0]
    return np.asarray(np.clip(solved, -LARGEST_CONSTANT, LARGEST_CONSTANT))


def fit_equation(
    codes: Sequence[str],
    changed: Floats,
    provinces: NDArray[np.str_],
    response: Response,
    penalties: Sequence[float] | None = None,
) -> tuple[CountyEquation, Floats]:
    """Fit the equation to how counties changed (n, 2), with no run of constants of zero yet.

    ``provinces`` are the groups left out in turn; each outcome's penalty is the best of ``PENALTIES`` unless given.
    Also returns what is left of ``changed`` for the counties of provinces left out, which the hindcast's intervals are
    made of.
    """
    from sklearn.linear_model import Ridge
    from sklearn.model_selection import LeaveOneGroupOut, cross_val_predict

    standard, centre, spread = _standardised(codes)
    folds, chosen, left = LeaveOneGroupOut(), [], np.empty_like(changed)
    for number in range(len(OUTCOMES)):
        values = changed[:, number]
        misses = {
            penalty: values - cross_val_predict(Ridge(penalty), standard, values, groups=provinces, cv=folds)
            for penalty in (PENALTIES if penalties is None else [penalties[number]])
        }
        best = min(misses, key=lambda one: float(np.abs(misses[one]).mean()))
        left[:, number] = misses[best]
        chosen.append(best)
    weights = _ridge(standard, changed, chosen, list(centre.index))
    covariance = np.asarray(np.cov(left.T), dtype=float)
    nothing = pd.DataFrame(columns=OUTCOMES, dtype=float)
    return CountyEquation(weights, centre, spread, covariance, tuple(chosen), response, nothing), left


def fitted_to(equation: CountyEquation, codes: Sequence[str], changed: Floats) -> CountyEquation:
    """Return an equation with the regression of other counties' changes (n, 2), by the same penalties."""
    standard, centre, spread = _standardised(codes)
    weights = _ridge(standard, changed, equation.penalties, list(centre.index))
    return replace(equation, coefficients=weights, centre=centre, spread=spread)


def _standardised(codes: Sequence[str]) -> tuple[Floats, pd.Series[float], pd.Series[float]]:
    """Return the covariates of counties, standardised, and by what."""
    table = with_surroundings(codes)
    centre, spread = table.mean(), table.std()
    spread[table.columns.str.startswith(AROUND)] *= SPREAD_OF_NEIGHBOURS
    return ((table - centre) / spread).to_numpy(dtype=float), centre, spread


def _ridge(standard: Floats, changed: Floats, penalties: Sequence[float], names: list[str]) -> pd.DataFrame:
    from sklearn.linear_model import Ridge

    fits = [Ridge(penalty).fit(standard, changed[:, number]) for number, penalty in enumerate(penalties)]
    columns = {name: [*fit.coef_, fit.intercept_] for name, fit in zip(OUTCOMES, fits, strict=True)}
    return pd.DataFrame(columns, index=[*names, "constant"])
