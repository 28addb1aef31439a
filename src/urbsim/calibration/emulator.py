"""What a summary would be at parameters that were not run: a Gaussian process per summary, with its own error.

Parameters are scaled to -1 to 1 over their prior. Each summary is a Gaussian process (scikit-learn) with a length scale
per parameter and a noise term for the chance of a run. Its error is that of predictions for runs left out of the fit,
with the length scales found on all of them; the posterior adds it to the discrepancy. Runs far from everything
observed are left out: an emulator that has to follow worlds that emptied is worse where it matters.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.linalg import cho_factor, cho_solve
from scipy.spatial.distance import cdist

from urbsim.arrays import Floats

#: Runs kept: those whose summaries lie within so many points of log growth of residents and of urban share.
PLAUSIBLE = {"residents_10_35": (-40.0, 25.0), "residents_35_80": (-40.0, 25.0), "change_25_35": (0.0, 32.0)}
_LENGTHS = (0.5, 100.0)  # bounds of length scales, in half widths of the prior


@dataclass(frozen=True)
class GaussianProcess:
    """One fitted Gaussian process: value = mean + scale x amplitude k(x, X) weights."""

    lengths: Floats
    amplitude: float
    noise: float
    mean: float
    scale: float
    weights: Floats
    error: float  # of runs left out, in the unit of the summary
    explained: float  # share of the variance between runs


@dataclass(frozen=True)
class Emulator:
    """Predictions of several summaries with their standard errors, from the runs at ``inputs`` (scaled)."""

    bounds: Mapping[str, tuple[float, float]]
    names: tuple[str, ...]
    inputs: Floats
    processes: tuple[GaussianProcess, ...]

    @property
    def error(self) -> Floats:
        """Standard error of each summary for runs left out of the fit."""
        return np.array([process.error for process in self.processes])

    @property
    def explained(self) -> Floats:
        """Share of each summary's variance explained, for runs left out of the fit."""
        return np.array([process.explained for process in self.processes])

    def predict(self, points: Floats) -> Floats:
        """Return the summaries, shape (n, summaries), at points of shape (n, parameters)."""
        return self.predict_some(points, range(len(self.names)))

    def predict_some(self, points: Floats, which: range | list[int]) -> Floats:
        """Return some of the summaries by position, shape (n, len(which))."""
        scaled = scale_points(points, self.bounds)
        found = np.empty((len(points), len(which)))
        for column, number in enumerate(which):
            process = self.processes[number]
            kernel = _kernel(scaled, self.inputs, process.lengths)
            found[:, column] = process.mean + process.scale * process.amplitude * (kernel @ process.weights)
        return found

    def slopes(self, point: Floats) -> pd.DataFrame:
        """Return how much each summary changes over the prior range of each parameter, at a point; rows: parameters."""
        low, high = np.array(list(self.bounds.values())).T
        step = 0.05 * (high - low)
        rows = []
        for number in range(len(step)):
            ends = np.tile(point, (2, 1))
            ends[:, number] += (-step[number], step[number])
            rows.append(np.diff(self.predict(ends), axis=0)[0] * 10.0)
        return pd.DataFrame(rows, index=list(self.bounds), columns=list(self.names))


def scale_points(points: Floats, bounds: Mapping[str, tuple[float, float]]) -> Floats:
    """Return points scaled to -1 to 1 over the bounds of each parameter."""
    low, high = np.array(list(bounds.values())).T
    return np.asarray(2.0 * (points - low) / (high - low) - 1.0)


def plausible(runs: pd.DataFrame) -> pd.DataFrame:
    """Return the runs an emulator is fitted to."""
    kept = np.ones(len(runs), dtype=bool)
    for name, (low, high) in PLAUSIBLE.items():
        kept &= runs[name].between(low, high).to_numpy()
    return runs[kept]


def fit_emulator(runs: pd.DataFrame, bounds: Mapping[str, tuple[float, float]], names: tuple[str, ...]) -> Emulator:
    """Fit the summaries ``names`` of a design, one row per run with parameters and summaries as columns."""
    inputs = scale_points(runs[list(bounds)].to_numpy(dtype=float), bounds)
    processes = tuple(_fit(inputs, runs[name].to_numpy(dtype=float)) for name in names)
    return Emulator(dict(bounds), names, inputs, processes)


def _fit(inputs: Floats, values: Floats) -> GaussianProcess:
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel

    mean, scale = float(values.mean()), float(values.std()) or 1.0  # a summary that never differs is its mean
    lengths = RBF(np.full(inputs.shape[1], 4.0), _LENGTHS)
    kernel = ConstantKernel(4.0, (0.05, 1e3)) * lengths + WhiteKernel(0.05, (1e-5, 2.0))
    with warnings.catch_warnings():
        # A length scale at its upper bound means a parameter that does not matter.
        warnings.simplefilter("ignore", ConvergenceWarning)
        fitted = GaussianProcessRegressor(kernel).fit(inputs, (values - mean) / scale).kernel_
    length, amplitude, noise = fitted.k1.k2.length_scale, fitted.k1.k1.constant_value, fitted.k2.noise_level
    covariance = amplitude * _kernel(inputs, inputs, length) + noise * np.eye(len(inputs))
    factor = cho_factor(covariance, lower=True)
    weights = cho_solve(factor, (values - mean) / scale)
    # Predictions for each run from all others, in closed form (Rasmussen & Williams 2006, section 5.4.2).
    left_out = weights / np.diag(cho_solve(factor, np.eye(len(inputs))))
    error = float(np.sqrt(np.mean(left_out**2)))
    return GaussianProcess(length, amplitude, noise, mean, scale, weights, error * scale, 1.0 - error**2)


def _kernel(one: Floats, other: Floats, lengths: Floats) -> Floats:
    return np.asarray(np.exp(-0.5 * cdist(one / lengths, other / lengths, "sqeuclidean")))
