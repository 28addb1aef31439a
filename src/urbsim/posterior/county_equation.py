"""How a county's constants follow from its own columns of 2010: the prior of every county.

A run with constants of zero misses a county's urban share and growth of residents (in logarithms) by r.
What is missed in the training provinces is regressed on the county's covariates by ridge regression; the penalty and
the spread of what is left come from predictions for provinces left out, one by one. The runs of the design, in which
every county had constants of its own, tell by how much the two outcomes answer to the two constants (the response
matrix J, which varies with the starting share); J^-1 turns what is expected to be missed into constants, and the spread
that is left into their prior covariance. That spread is the largest part of the uncertainty of a single county.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from urbsim.arrays import Floats
from urbsim.posterior.covariates import covariates

PENALTIES = (10.0, 30.0, 100.0, 300.0, 1000.0, 3000.0)
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

    ``coefficients`` has one row per covariate and ``constant``, columns ``share`` (urban share of 2020)
    and ``growth`` (log growth of residents); covariates are standardised by ``centre`` and ``spread``. ``covariance``
    (2, 2) is of the two outcomes missed in provinces left out.
    """

    coefficients: pd.DataFrame
    centre: pd.Series[float]
    spread: pd.Series[float]
    covariance: Floats
    penalty: float
    response: Response

    def missed(self, codes: Sequence[str]) -> Floats:
        """Return what a run with constants of zero is expected to miss, shape (n, 2)."""
        columns = list(self.centre.index)
        standard = (covariates(codes)[columns].to_numpy() - self.centre.to_numpy()) / self.spread.to_numpy()
        weights = self.coefficients.drop(index="constant").to_numpy()
        return np.asarray(standard @ weights + self.coefficients.loc[["constant"]].to_numpy(), dtype=float)

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
    missed: Floats,
    provinces: NDArray[np.str_],
    response: Response,
    penalty: float | None = None,
) -> tuple[CountyEquation, Floats]:
    """Fit the equation on what counties' outcomes were missed by, shape (n, 2).

    ``provinces`` are the groups left out in turn; the penalty is the best of ``PENALTIES`` unless given. Also returns
    what is left of ``missed`` for the counties of provinces left out, which the hindcast's intervals are made of.
    """
    from sklearn.linear_model import Ridge
    from sklearn.model_selection import LeaveOneGroupOut, cross_val_predict

    table = covariates(codes)
    centre, spread = table.mean(), table.std()
    standard = ((table - centre) / spread).to_numpy()
    folds, scale = LeaveOneGroupOut(), missed.std(axis=0)
    left = {
        penalty: missed - cross_val_predict(Ridge(penalty), standard, missed, groups=provinces, cv=folds)
        for penalty in (PENALTIES if penalty is None else (penalty,))
    }
    penalty = min(left, key=lambda one: float((np.abs(left[one]) / scale).mean()))
    ridge = Ridge(penalty).fit(standard, missed)
    coefficients = pd.DataFrame(
        np.vstack([ridge.coef_.T, ridge.intercept_]), index=[*table.columns, "constant"], columns=["share", "growth"]
    )
    covariance = np.asarray(np.cov(left[penalty].T), dtype=float)
    return CountyEquation(coefficients, centre, spread, covariance, penalty, response), left[penalty]
