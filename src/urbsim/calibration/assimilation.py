"""Draws of the posterior given observations: constants of counties moved, and draws weighted by how well they agree.

Method. Every member is one draw of the posterior, simulated to the last observation. Observations are standardised by
their errors (tolerance and model error) and reduced to the few combinations in which members differ (subspace
inversion, Evensen 2004, Ocean Dynamics 54). In that space:

- Constants are moved by an ensemble smoother with multiple data assimilation (Emerick & Reynolds 2013), as in
  ``regional``: by the regression of constants on outcomes across members, twice, each time with twice the error.
- The moved members are then weighted (importance sampling): a member's weight is how likely its outcome was before,
  times how well it agrees with the observations, over how often moved members have such an outcome. Outcomes before
  and after are taken as normal. Weights correct what the linear step got wrong; they are alike where it was right.
- Draws are resampled by their weights. The effective sample, 1 / sum of squared weights, says how many draws are left.
  Where it would be too few, weights are tempered to the power at which it is enough, which is said.

What is assumed: the common parameters go on as the draws have them, and only weights choose among them; the two
constants of a county are moved alike at the start and in the long run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import chi2

from urbsim.arrays import Floats, Ints
from urbsim.posterior.county_equation import LARGEST_CONSTANT

ASSIMILATIONS = 2
#: Share of the variance of standardised outcomes that the combinations kept hold, and members per combination.
_KEPT, _MEMBERS_EACH = 0.99, 8
#: The fewest effective draws that a resampled posterior may rest on, as a share of the members.
FEWEST = 0.2
_SEED = 73


@dataclass(frozen=True)
class Space:
    """The combinations of standardised outcomes in which members differ, and where members are before, in them.

    ``observed`` (m,) and ``error`` (m,) are in the outcomes' units, ``axes`` (m, r) turn standardised misses into
    coordinates, ``mean`` (r,) and ``covariance`` (r, r) are of the outcomes before. What was observed is the origin.
    """

    observed: Floats
    error: Floats
    axes: Floats
    mean: Floats
    covariance: Floats

    @classmethod
    def of(cls, outcomes: Floats, observed: Floats, error: Floats) -> Space:
        """Return the space of the outcomes (members, m) before anything was moved."""
        misses = (outcomes - observed) / error
        anomalies = misses - misses.mean(axis=0)
        _, values, right = np.linalg.svd(anomalies, full_matrices=False)
        share = np.cumsum(values**2) / max(float((values**2).sum()), 1e-300)
        most = max(1, len(outcomes) // _MEMBERS_EACH)
        kept = min(int(np.searchsorted(share, _KEPT)) + 1, most, len(values))
        axes = np.asarray(right[:kept].T, dtype=float)
        # What no member varies in has no axis; the mean miss there stays as it is.
        found = misses @ axes
        return cls(observed, error, axes, found.mean(axis=0), np.atleast_2d(np.cov(found.T)))

    def coordinates(self, outcomes: Floats) -> Floats:
        """Return outcomes (members, m) as coordinates (members, r)."""
        return np.asarray(((outcomes - self.observed) / self.error) @ self.axes)

    @property
    def distance(self) -> float:
        """How far what was observed lies from what was expected, in standard deviations (Mahalanobis)."""
        both = self.covariance + np.eye(len(self.mean))
        return float(np.sqrt(self.mean @ np.linalg.solve(both, self.mean)))

    @property
    def plausibility(self) -> float:
        """Probability that a world of the posterior before lies as far from what it expects, or farther."""
        return float(chi2.sf(self.distance**2, len(self.mean)))


def moved(constants: Floats, coordinates: Floats, inflation: float, number: int) -> Floats:
    """Return constants (members, 2) moved towards the observations, the origin of the coordinates (members, r).

    ``inflation`` multiplies the variance of the observation error, ``number`` of the pass fixes the error drawn.
    """
    rank = coordinates.shape[1]
    noise = np.random.default_rng([_SEED, number]).standard_normal(coordinates.shape) * np.sqrt(inflation)
    both = np.cov(np.concatenate([constants, coordinates], axis=1).T)
    gain = both[:2, 2:] @ np.linalg.inv(both[2:, 2:] + inflation * np.eye(rank))
    return np.asarray(np.clip(constants + (noise - coordinates) @ gain.T, -LARGEST_CONSTANT, LARGEST_CONSTANT))


@dataclass(frozen=True)
class Weights:
    """Weights of the members (n,), adding up to 1, and the power that they were tempered to (1: not)."""

    values: Floats
    power: float

    @property
    def effective(self) -> float:
        """Effective number of draws."""
        return effective(self.values)


def effective(weights: Floats) -> float:
    """Return the effective number of draws of weights that add up to 1."""
    return float(1.0 / np.sum(weights**2))


def weights_of(space: Space, coordinates: Floats) -> Weights:
    """Return the weights of moved members by their coordinates (members, r)."""
    after = np.atleast_2d(np.cov(coordinates.T))
    log = _log_normal(coordinates, space.mean, space.covariance)
    log = log - 0.5 * (coordinates**2).sum(axis=1)
    log = log - _log_normal(coordinates, coordinates.mean(axis=0), after)
    return tempered(log)


def agreement(coordinates: Floats) -> Floats:
    """Return weights of members that were not moved: how well each agrees, adding up to 1."""
    return _normalised(-0.5 * (coordinates**2).sum(axis=1))


def tempered(log: Floats) -> Weights:
    """Return weights from their logarithms, to the highest power up to 1 that leaves enough effective draws."""
    enough, low, high = FEWEST * len(log), 0.0, 1.0
    if effective(_normalised(log)) >= enough:
        return Weights(_normalised(log), 1.0)
    for _ in range(40):
        middle = (low + high) / 2.0
        low, high = (middle, high) if effective(_normalised(middle * log)) >= enough else (low, middle)
    return Weights(_normalised(low * log), low)


def _normalised(log: Floats) -> Floats:
    weights = np.exp(log - log.max())
    return np.asarray(weights / weights.sum())


def _log_normal(points: Floats, mean: Floats, covariance: Floats) -> Floats:
    """Return the logarithm of the normal density at points (n, r), less a constant."""
    wide = covariance + 1e-9 * np.trace(covariance) * np.eye(len(mean))
    apart = points - mean
    return np.asarray(-0.5 * (apart * np.linalg.solve(wide, apart.T).T).sum(axis=1))


def resampled(weights: Floats, count: int) -> Ints:
    """Return the members of ``count`` draws, in order: systematic resampling, each about count times its weight."""
    start = float(np.random.default_rng([_SEED, 99]).random())
    places = (np.arange(count) + start) / count
    return np.minimum(np.searchsorted(np.cumsum(weights), places), len(weights) - 1)


def weighted_spread(values: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Return the weighted mean and standard deviation of values (n, ...) over members."""
    mean = np.tensordot(weights, values, axes=1)
    return mean, np.sqrt(np.maximum(np.tensordot(weights, (values - mean) ** 2, axes=1), 0.0))


def disagreeing(outcomes: Floats, space: Space, weights: Floats, beyond: float = 2.0) -> Sequence[int]:
    """Return the observations that draws miss by more than both errors allow, by position.

    Both errors are that of the observation (with the model's) and the spread of the draws.
    """
    mean, spread = weighted_spread(outcomes, weights)
    apart = np.abs(mean - space.observed) / np.sqrt(space.error**2 + spread**2)
    return [int(position) for position in np.flatnonzero(apart > beyond)]
