"""Predictions of 2020 from the census of 2010 for every county, with intervals, and how good they are.

Each county is simulated under several draws of the national parameters, with the constants its own columns of 2010
suggest. Its 2020 census is never used for its own prediction: in the provinces that fitted the county equation, a
county's constants come from the equation fitted without its province. The national parameters did see those provinces;
only the held-out provinces are new in every respect.

An interval adds, in shares and logarithms of residents, two spreads: between draws (parameters and
chance), and of what the county equation missed in provinces left out, taken from the misses themselves, by size of
county.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from urbsim.arrays import Floats
from urbsim.calibration.decade import SEED, Prediction, simulate_counties
from urbsim.calibration.equation import blind_constants, left_out
from urbsim.experiment.runner import Runner
from urbsim.labels import bilingual
from urbsim.posterior import draws as stored
from urbsim.posterior.covariates import covariates
from urbsim.posterior.outcomes import observed, test_set, training

QUANTILES = (0.05, 0.10, 0.90, 0.95)
#: Residents of 2010 that divide counties into sizes with intervals of their own.
SIZES = (0.0, 100_000.0, 300_000.0, np.inf)


@dataclass(frozen=True)
class Misses:
    """Quantiles of what left-out predictions missed, by size of county: shape (sizes, quantiles, 2)."""

    quantiles: Floats

    @classmethod
    def of(cls, codes: Sequence[str], left: Floats) -> Misses:
        """Return the quantiles of misses ``left`` (n, 2) of counties."""
        size = _size(codes)
        rows = [np.quantile(left[size == number], QUANTILES, axis=0) for number in range(len(SIZES) - 1)]
        return cls(np.array(rows))

    def interval(self, prediction: Prediction) -> Floats:
        """Return the quantiles of the outcomes of counties, shape (quantiles, counties, 2)."""
        middle = prediction.outcomes.mean(axis=0)
        offsets = self.quantiles[_size(prediction.codes)].transpose(1, 0, 2)
        if len(prediction.outcomes) < 2:
            return np.asarray(middle + offsets)
        # The spread between draws of the national level is added in quadrature to that of the misses.
        level = prediction.outcomes.mean(axis=1).std(axis=0, ddof=1)
        spread = (offsets[-2] - offsets[1]) / 2.5631  # standard deviation of a normal with this 80 % interval
        return np.asarray(middle + offsets * np.sqrt(1.0 + (level / spread) ** 2))


def _size(codes: Sequence[str]) -> NDArray[np.intp]:
    residents = np.exp(covariates(codes)["log_residents"].to_numpy(dtype=float))
    return np.asarray(np.digitize(residents, SIZES[1:-1]))


def table(prediction: Prediction, misses: Misses) -> pd.DataFrame:
    """Return one row per county, indexed by code: the hindcast file.

    Columns ``name``, ``province``, ``set`` (see ``outcomes.test_set``), ``share_2010``,
    ``share_2020`` (predicted mean), ``share_p05`` ... ``share_p95``, ``share_observed``, the same for ``residents``.
    Shares in percent.
    """
    truth = observed().loc[list(prediction.codes)]
    middle, bounds = prediction.outcomes.mean(axis=0), misses.interval(prediction)
    start = truth["residents_2010"].to_numpy()
    found = truth[["name", "province"]].assign(set=test_set(truth))
    found["share_2010"] = 100 * truth["share_2010"]
    found["share_2020"] = 100 * _share(middle[:, 0])
    for quantile, bound in zip(QUANTILES, bounds, strict=True):
        found[f"share_p{100 * quantile:02.0f}"] = 100 * _share(bound[:, 0])
    found["share_observed"] = 100 * truth["share_2020"]
    found["residents_2010"] = start
    found["residents_2020"] = start * np.exp(middle[:, 1])
    for quantile, bound in zip(QUANTILES, bounds, strict=True):
        found[f"residents_p{100 * quantile:02.0f}"] = start * np.exp(bound[:, 1])
    found["residents_observed"] = truth["residents_2020"]
    return found.rename_axis("code")


def _share(share: Floats) -> Floats:
    return np.asarray(np.clip(share, 0.0, 1.0))


def simple_rules(codes: Sequence[str]) -> Mapping[str, pd.DataFrame]:
    """Return the predictions of simple rules, each a table with ``share`` (percent) and ``residents``.

    Rules are fitted on the training counties; a training province is predicted without it.
    """
    truth = observed()
    train = truth[training(truth)]
    change = 100 * (train["share_2020"] - train["share_2010"]).to_numpy(dtype=float)
    growth = np.log((train["residents_2020"] / train["residents_2010"]).to_numpy(dtype=float))
    targets = np.stack([change, growth], axis=1)
    columns = covariates(list(truth.index))
    start = pd.DataFrame({"share": truth["share_2010"], "squared": truth["share_2010"] ** 2})
    inputs = {
        "mean shift": start.iloc[:, :0],
        "quadratic in the starting level": start,
        "regression on 2010 columns": (columns - columns.mean()) / columns.std(),
    }
    rows = truth.loc[list(codes)]
    found = {"no change": _as_table(rows, np.zeros((len(rows), 2)))}
    for name, features in inputs.items():
        penalty = 100.0 if features.shape[1] > 2 else 1e-6
        found[name] = _as_table(rows, _left_out(features, targets, list(train.index), list(codes), penalty))
    return found


def _left_out(features: pd.DataFrame, targets: Floats, train: list[str], codes: list[str], penalty: float) -> Floats:
    from sklearn.linear_model import Ridge

    home = np.array([code[:2] for code in train])
    wanted = np.array([code[:2] for code in codes])
    guess = np.zeros((len(codes), 2))
    for province in np.unique(wanted):
        kept, asked = home != province, wanted == province
        fit_to = [code for code, chosen in zip(train, kept, strict=True) if chosen]
        asked_for = [code for code, chosen in zip(codes, asked, strict=True) if chosen]
        if features.shape[1] == 0:
            guess[asked] = targets[kept].mean(axis=0)
        else:
            ridge = Ridge(penalty).fit(features.loc[fit_to].to_numpy(), targets[kept])
            guess[asked] = ridge.predict(features.loc[asked_for].to_numpy())
    return guess


def _as_table(rows: pd.DataFrame, guess: Floats) -> pd.DataFrame:
    share = np.clip(100 * rows["share_2010"] + guess[:, 0], 0.0, 100.0)
    return pd.DataFrame({"share": share, "residents": rows["residents_2010"] * np.exp(guess[:, 1])}, index=rows.index)


def run_hindcast(
    provinces: Sequence[str], sample: int | None, draws: int, runner: Runner, *, scale: float
) -> dict[str, pd.DataFrame]:
    """Simulate the counties of some provinces, all or a sample, and return the hindcast and its tables by name.

    Raises
    ------
    ValueError
        If there is no national posterior, or it holds fewer draws.
    """
    from urbsim.calibration import skill

    equation = stored.county_equation()
    if equation is None or draws > stored.available_draws():
        raise ValueError(
            bilingual(
                f"the posterior holds {stored.available_draws()} draws of the parameters, not {draws}",
                f"后验有 {stored.available_draws()} 组参数抽样，不是 {draws} 组",
            )
        )
    truth = observed()
    truth = truth[truth["province"].isin(list(provinces))]
    codes = list(truth.index) if sample is None else _drawn_evenly(truth, sample)
    prediction = simulate_counties(codes, blind_constants(codes, equation), draws, runner, scale=scale)
    found = table(prediction, Misses.of(*left_out(equation)))
    known = skill.errors(found)
    by = skill.groups(found)
    return {
        "hindcast": found,
        "rules": skill.beside_simple_rules(found, simple_rules(codes)),
        **{f"skill_by_{name}": skill.skill(known, groups) for name, groups in by.items()},
        "change_by_band": skill.change_by_band(found),
    }


def _drawn_evenly(truth: pd.DataFrame, count: int) -> list[str]:
    """Return counties drawn evenly over their starting urban share, those with a known outcome if there are any."""
    known = (truth[truth["known"]] if truth["known"].any() else truth).sort_values("share_2010")
    strata = np.array_split(known.index.to_numpy(dtype=object), min(count, len(known)))
    rng = np.random.default_rng(SEED)
    return sorted(str(rng.choice(stratum)) for stratum in strata if len(stratum))
