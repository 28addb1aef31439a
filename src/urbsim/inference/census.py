"""The national stage carried along: what the censuses say of its parameters once the responses move.

The emulator of the national stage knows its targets only at the responses that the registry held in its runs. How they
answer to the responses is measured on decades simulated at points where both vary: what the emulator misses there,
regressed on the scores of the responses (linear, shrunk by the evidence: MacKay 1992, Neural Computation 4), with a
constant for the sample of counties. What draws people to a place without any policy is taken up in the constants of
places and counties, and a response that matters to a policy need not matter here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from urbsim.arrays import Floats
from urbsim.calibration.design import SEED, priors, run_design, sample_counties
from urbsim.calibration.emulator import Emulator, fit_emulator, plausible
from urbsim.calibration.posterior import sample
from urbsim.calibration.summaries import targets
from urbsim.experiment.runner import Runner
from urbsim.inference.scores import fitted_responses, score_of, values_of
from urbsim.posterior.draws import national_folder

#: Numbers of the decades' runs begin here: those of the national design are below.
FIRST_RUN = 10_000


@dataclass(frozen=True)
class Census:
    """What the censuses ask for, and how it answers.

    Attributes
    ----------
    emulator
        Of the national targets that are fitted, at the registry's responses.
    wanted, variance
        Observed value of each, and what the model and the emulator may miss, squared; shape (targets,).
    shifts
        Change of each target per score of each response, shape (targets, responses).
    held
        Scores of the responses in the runs of the emulator, shape (responses,).
    """

    emulator: Emulator
    wanted: Floats
    variance: Floats
    shifts: Floats
    held: Floats

    def misfit(self, parameters: Floats, scores: Floats) -> Floats:
        """Return the sum of squared standardised misses at points, shape (n,)."""
        predicted = self.emulator.predict(parameters) + (scores - self.held) @ self.shifts.T
        return np.asarray(((predicted - self.wanted) ** 2 / self.variance).sum(axis=1))

    def followed(self, bank: Floats) -> Floats:
        """Return how far the parameters move per score for the targets to stay met: (parameters, responses).

        By the slopes of the emulator in the middle of a ``bank`` of draws at the registry's responses, to first order.
        """
        low, high = np.array(list(self.emulator.bounds.values())).T
        slopes = self.emulator.slopes(bank.mean(axis=0)).to_numpy(dtype=float).T / (high - low)
        return np.asarray(-np.cov(bank.T) @ slopes.T @ (self.shifts / self.variance[:, None]))


def fitted_targets() -> tuple[str, ...]:
    """Return the national targets that are fitted."""
    return tuple(name for name, target in targets().items() if target.use == "fit")


def national_emulator() -> Emulator:
    """Return the emulator of the national stage, from the runs that it stored."""
    runs = pd.read_parquet(national_folder() / "design.parquet").astype(float)
    return fit_emulator(plausible(runs), priors(), fitted_targets())


def national_targets() -> pd.DataFrame:
    """Return the table of targets of the national stage by name: ``observed``, ``discrepancy`` and more."""
    return pd.read_csv(national_folder() / "targets.csv", index_col=0).loc[list(fitted_targets())]


def bank_of_draws(emulator: Emulator, count: int, steps: int) -> pd.DataFrame:
    """Return many draws of the national posterior at the registry's responses, net constants."""
    table = national_targets()
    observed = {str(name): float(value) for name, value in table["observed"].items()}
    discrepancy = {str(name): float(value) for name, value in table["discrepancy"].items()}
    return sample(emulator, observed, discrepancy, count, SEED, steps).draws


def census_of(emulator: Emulator, shifts: Floats) -> Census:
    """Return what the censuses ask for."""
    table = national_targets()
    variance = emulator.error**2 + table["discrepancy"].to_numpy(dtype=float) ** 2
    return Census(emulator, table["observed"].to_numpy(dtype=float), variance, shifts, held_scores())


def held_scores() -> Floats:
    """Return the scores of the responses at which the runs of the national stage hold them, shape (responses,)."""
    values = pd.read_csv(national_folder() / "held.csv", index_col="parameter")["value"]
    return np.array([float(score_of(each, np.array([values[each.id]]))[0]) for each in fitted_responses()])


def simulate_missed(
    parameters: pd.DataFrame, scores: pd.DataFrame, emulator: Emulator, counties: tuple[int, float], runner: Runner
) -> Floats:
    """Return by what decades simulated at some points differ from the emulator, shape (points, targets).

    ``counties`` are how many are simulated, and with how many people each relative to the national design.
    """
    points = pd.concat([parameters, values_of(scores)], axis=1)
    count, scale = counties
    runs = run_design(points, sample_counties(count), runner, first=FIRST_RUN, scale=scale).runs
    return np.asarray(runs[list(emulator.names)].to_numpy(dtype=float) - emulator.predict(parameters.to_numpy()))


def regress_shifts(scores: Floats, missed: Floats) -> tuple[Floats, Floats]:
    """Return slopes of what is missed (n, targets) on scores (n, responses): (targets, responses), and constants."""
    from sklearn.linear_model import BayesianRidge

    fits = [BayesianRidge().fit(scores, column) for column in missed.T]
    return np.array([fit.coef_ for fit in fits]), np.array([fit.intercept_ for fit in fits])
