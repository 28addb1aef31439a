"""Parameters that fit, with how well they are known: an affine-invariant sampler on the emulator.

The likelihood of a target is normal around the emulated summary; its variance is that of the emulator's error plus the
model discrepancy. Priors are uniform within bounds. Sampled with emcee (Foreman-Mackey et al. 2013) from a fixed seed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from urbsim.arrays import Floats
from urbsim.calibration.emulator import Emulator

WALKERS_PER_PARAMETER = 4
STEPS = 6000


@dataclass(frozen=True)
class Posterior:
    """Draws of the parameters, one column each, and how the sampler did."""

    draws: pd.DataFrame
    autocorrelation: float  # longest over parameters, steps
    acceptance: float

    def compared_with_prior(self, bounds: Mapping[str, tuple[float, float]]) -> pd.DataFrame:
        """Return median, 5 % and 95 % by parameter, and ``narrowed``: 1 - posterior sd / prior sd."""
        table = self.draws.quantile([0.05, 0.5, 0.95]).T
        table.columns = pd.Index(["p05", "median", "p95"])
        low, high = np.array([bounds[name] for name in table.index]).T
        table["prior_low"], table["prior_high"] = low, high
        table["narrowed"] = 1.0 - self.draws.std().to_numpy() / ((high - low) / np.sqrt(12.0))
        return table


def sample(
    emulator: Emulator,
    observed: Mapping[str, float],
    discrepancy: Mapping[str, float],
    count: int,
    seed: int,
    steps: int = STEPS,
) -> Posterior:
    """Return ``count`` draws of the parameters given the targets in ``observed``, which the emulator must hold."""
    columns = [emulator.names.index(name) for name in observed]
    wanted = np.array(list(observed.values()))
    variance = emulator.error[columns] ** 2 + np.array([discrepancy[name] for name in observed]) ** 2
    low, high = np.array(list(emulator.bounds.values())).T

    def log_probability(points: Floats) -> Floats:
        misses = (emulator.predict_some(points, columns) - wanted) ** 2 / variance
        inside = ((points >= low) & (points <= high)).all(axis=1)
        return np.where(inside, -0.5 * misses.sum(axis=1), -np.inf)

    rng = np.random.default_rng(seed)
    start = _start(log_probability, low, high, WALKERS_PER_PARAMETER * len(low), rng)
    walkers = pd.DataFrame(start, columns=list(emulator.bounds))
    return explore(log_probability, walkers, count, rng, seed, steps)


def explore(
    log_probability: Callable[[Floats], Floats],
    start: pd.DataFrame,
    count: int,
    rng: np.random.Generator,
    seed: int,
    steps: int,
) -> Posterior:
    """Return ``count`` draws from a log probability of many points at once.

    ``start`` has a row per walker and a column per parameter; the first third of the steps is left out. ``rng`` chooses
    among what ``seed`` lets the walkers visit.
    """
    import emcee

    # In twenty dimensions and more differences between walkers travel farther than the stretch move. The snooker move
    # is left out: as emcee has it, draws of a normal distribution in 22 dimensions are a quarter too narrow.
    moves = emcee.moves.DEMove()
    sampler = emcee.EnsembleSampler(*start.shape, log_probability, vectorize=True, moves=moves)
    sampler.random_state = np.random.RandomState(seed).get_state()
    sampler.run_mcmc(start.to_numpy(dtype=float), steps)
    chain = sampler.get_chain(discard=steps // 3, flat=True)
    drawn = chain[rng.choice(len(chain), count, replace=False)]
    correlation = float(np.max(sampler.get_autocorr_time(quiet=True, tol=0)))
    return Posterior(
        pd.DataFrame(drawn, columns=list(start.columns)), correlation, float(np.mean(sampler.acceptance_fraction))
    )


def _start(log_probability: object, low: Floats, high: Floats, walkers: int, rng: np.random.Generator) -> Floats:
    """Return the most likely of many points of the prior: a start from which walkers need not travel far."""
    points = low + (high - low) * rng.random((40 * walkers, len(low)))
    likely = np.argsort(-log_probability(points))[:walkers]  # type: ignore[operator]
    return np.asarray(points[likely])
