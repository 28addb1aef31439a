"""The posterior of census parameters and responses together, given the censuses and the studies.

Every study has an emulator of what its own comparison finds (Gaussian processes of ``calibration.emulator``), over the
responses that the list says it informs and the parameters that every move passes through. The likelihood of a study is
normal around what the emulator says; its variance is that of the study's error and of the emulator, chance of a
simulated comparison included. Census parameters have the uniform priors of the national stage, responses theirs in
scores. Responses and census parameters correlate, because how many look and what moving costs enters every effect.

Draws are those of the sampler of the national stage, begun where importance weights put them: pairs of a draw of the
national posterior, moved so that the censuses stay met to first order, and scores of the prior, weighted by both
likelihoods.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from urbsim.arrays import Floats, Mask
from urbsim.calibration.design import priors
from urbsim.calibration.emulator import Emulator, fit_emulator
from urbsim.calibration.posterior import explore
from urbsim.inference.census import Census
from urbsim.inference.comparisons import Finding
from urbsim.inference.scores import FARTHEST

#: What every move passes through, whatever the study.
PASSED_THROUGH = ("residence.alpha", "reconsider.peak", "reconsider.floor", "residence.move", "residence.move_inside")
WALKERS_PER_DIMENSION = 4


@dataclass(frozen=True)
class StudyEmulators:
    """What studies find, over points of which ``names`` are the columns: one emulator per number.

    ``estimates`` and ``errors`` are the studies' own, shape (numbers,).
    """

    names: tuple[str, ...]
    emulators: tuple[Emulator, ...]
    columns: tuple[tuple[int, ...], ...]
    estimates: Floats
    errors: Floats

    @property
    def variance(self) -> Floats:
        """What a study and its emulator may be off by, squared, shape (numbers,)."""
        return np.asarray(self.errors**2 + np.array([float(each.error[0]) for each in self.emulators]) ** 2)

    def predict(self, points: Floats) -> Floats:
        """Return what each study finds at points, shape (n, numbers)."""
        parts = zip(self.emulators, self.columns, strict=True)
        return np.column_stack([each.predict(points[:, list(chosen)])[:, 0] for each, chosen in parts])

    def misfit(self, points: Floats, seen: Floats | None = None) -> Floats:
        """Return the sum of squared standardised misses of the studies, or of what was ``seen`` instead, (n,)."""
        wanted = self.estimates if seen is None else seen
        return np.asarray(((self.predict(points) - wanted) ** 2 / self.variance).sum(axis=1))


def fit_studies(points: pd.DataFrame, found: pd.DataFrame, wanted: Sequence[Finding]) -> StudyEmulators:
    """Return the emulators of some numbers from what was found at points of parameters and scores."""
    names = tuple(str(name) for name in points.columns)
    emulators, columns = [], []
    for finding in wanted:
        informed = {*finding.study.informs, *PASSED_THROUGH}
        chosen = tuple(number for number, name in enumerate(names) if name in informed)
        bounds = {names[number]: bounds_of(names[number]) for number in chosen}
        known = found[finding.name].notna().to_numpy()
        runs = pd.concat([points.iloc[:, list(chosen)], found[[finding.name]]], axis=1)[known]
        emulators.append(fit_emulator(runs, bounds, (finding.name,)))
        columns.append(chosen)
    estimates, errors = (np.array([getattr(each, name) for each in wanted]) for name in ("estimate", "error"))
    return StudyEmulators(names, tuple(emulators), tuple(columns), estimates, errors)


def bounds_of(name: str) -> tuple[float, float]:
    """Return between which values a column of the points lies: the prior of a census parameter, else scores."""
    return priors().get(name, (-FARTHEST, FARTHEST))


@dataclass(frozen=True)
class Pairs:
    """Pairs of a draw of the national posterior and scores of the prior, moved so that the censuses stay met.

    ``before`` is the misfit of the censuses before the draw was moved, at the responses that the registry held;
    ``inside`` tells where the move was not cut at a bound; shape (n,).
    """

    points: pd.DataFrame
    before: Floats
    inside: Mask


def pairs_of(bank: pd.DataFrame, scores: pd.DataFrame, census: Census) -> Pairs:
    """Return pairs of the rows of a bank of draws and of scores, of which there are as many."""
    draws, far = bank.to_numpy(dtype=float), scores.to_numpy(dtype=float)
    low, high = np.array([bounds_of(str(name)) for name in bank.columns]).T
    moved = draws + (far - census.held) @ census.followed(draws).T
    inside = ((moved > low) & (moved < high)).all(axis=1)
    moved = np.clip(moved, low, high)
    points = pd.concat([pd.DataFrame(moved, columns=bank.columns), scores.reset_index(drop=True)], axis=1)
    return Pairs(points, census.misfit(draws, np.broadcast_to(census.held, far.shape)), inside)


@dataclass(frozen=True)
class JointPosterior:
    """Draws of parameters and scores, and how the sampler did.

    ``effective`` is the effective number of the pairs that were weighted for its start.
    """

    draws: pd.DataFrame
    autocorrelation: float
    acceptance: float
    effective: float


class Likelihood:
    """The log probability of points of parameters and scores; of what was ``seen``, in place of what studies found."""

    def __init__(self, census: Census, studies: StudyEmulators, seen: Floats | None = None) -> None:
        self.census, self.studies, self.seen = census, studies, seen
        self.known = len(census.emulator.bounds)
        self.low, self.high = np.array([bounds_of(name) for name in studies.names]).T

    def inside(self, points: Floats) -> Mask:
        """Tell which points lie where the priors allow them, shape (n,)."""
        return np.asarray(((points >= self.low) & (points <= self.high)).all(axis=1))

    def misfit(self, points: Floats) -> Floats:
        """Return the misfit of censuses and studies together, shape (n,)."""
        census = self.census.misfit(points[:, : self.known], points[:, self.known :])
        return np.asarray(census + self.studies.misfit(points, self.seen))

    def __call__(self, points: Floats) -> Floats:
        """Return the log probability, shape (n,)."""
        prior = (points[:, self.known :] ** 2).sum(axis=1)
        return np.where(self.inside(points), -0.5 * (self.misfit(points) + prior), -np.inf)


def sample_joint(pairs: Pairs, likelihood: Likelihood, count: int, seed: int, steps: int) -> JointPosterior:
    """Return draws of parameters and scores, from a sampler that begins at pairs that are likely.

    Pairs on a bound are left out: from a corner of many bounds hardly any proposal lies inside, and a walker stays.
    """
    points = pairs.points.to_numpy(dtype=float)
    usable = pairs.inside & likelihood.inside(points)
    weights = np.where(usable, -0.5 * (likelihood.misfit(points) - pairs.before), -np.inf)
    walkers = WALKERS_PER_DIMENSION * points.shape[1]
    rng = np.random.default_rng(seed)
    start = pairs.points.iloc[rng.choice(len(points), walkers, replace=False, p=_tempered(weights, 2 * walkers))]
    found = explore(likelihood, start, count, rng, seed, steps)
    return JointPosterior(found.draws, found.autocorrelation, found.acceptance, _effective(_shares(weights)))


def _shares(weights: Floats) -> Floats:
    """Return log weights as shares of one."""
    found = np.exp(weights - weights.max())
    return np.asarray(found / found.sum())


def _effective(shares: Floats) -> float:
    return float(1.0 / (shares**2).sum())


def _tempered(weights: Floats, least: int) -> Floats:
    """Return shares by weights, flattened until they are worth so many points: walkers must not start at one place."""
    power = 1.0
    while _effective(_shares(power * weights)) < min(least, np.isfinite(weights).sum() / 2):
        power *= 0.8
    shares = np.where(np.isfinite(weights), np.maximum(_shares(power * weights), 1e-300), 0.0)
    return np.asarray(shares / shares.sum())
