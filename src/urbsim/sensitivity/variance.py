"""Sobol indices (Saltelli et al. 2010): which share of an outcome's variance each parameter accounts for.

First-order: alone. Total: with all its interactions. They need thousands of runs, so they are computed on a Gaussian
process fitted to some hundred. Its error is stated: the root mean square miss of runs left out of the fit, and the
share of the variance between runs that it explains. What it does not explain, chance above all, is not in the indices.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import qmc

from urbsim.calibration.emulator import fit_emulator
from urbsim.experiment.runner import Runner
from urbsim.scenario.model import Scenario
from urbsim.sensitivity.factors import Factor
from urbsim.sensitivity.outcomes import OUTCOMES
from urbsim.sensitivity.runs import problem, run_points, varying

SAMPLES = 2048  # points of the emulator per parameter and index
_COLUMNS = [
    "outcome", "parameter", "first", "first_error", "total", "total_error",
    "emulator_error", "emulator_explained", "spread",
]  # fmt: skip


def decompose(
    scenario: Scenario,
    chosen: Sequence[Factor],
    runs: int,
    runner: Runner,
    seed: int = 0,
) -> pd.DataFrame:
    """Return the Sobol indices of some parameters, from ``runs`` runs of the model.

    Returns
    -------
    DataFrame
        Columns ``outcome``, ``parameter``, ``first``, ``first_error``, ``total``, ``total_error`` (half widths of 90 %
        intervals of the sampling of the emulator), ``emulator_error`` (unit of the outcome), ``emulator_explained``
        (share), ``spread`` (standard deviation of the outcome between runs); by falling ``total`` within an outcome.
        Of an outcome that does not vary, ``spread`` is 0 and the rest is missing; of one that some runs lack, all is.
    """
    from SALib.analyze import sobol as analysis
    from SALib.sample import sobol as sampling

    names = [factor.name for factor in chosen]
    bounds = {factor.name: (factor.low, factor.high) for factor in chosen}
    low, high = np.array(list(bounds.values())).T
    sequence = qmc.Sobol(len(names), scramble=True, rng=np.random.default_rng(seed))
    unit = sequence.random_base2(int(np.ceil(np.log2(max(runs, 2)))))[:runs]
    points = pd.DataFrame(qmc.scale(unit, low, high), columns=names)
    outcomes = run_points(scenario, points, runner, seed, "runs for the emulator")
    some = varying(outcomes)
    emulator = fit_emulator(pd.concat([points, outcomes], axis=1), bounds, some)
    setup = problem(names, list(bounds.values()))
    design = sampling.sample(setup, SAMPLES, calc_second_order=False, seed=seed)
    predicted = emulator.predict(design)
    parts = []
    for outcome in OUTCOMES:
        table = pd.DataFrame({"outcome": outcome.indicator, "parameter": names}).reindex(columns=_COLUMNS)
        table["spread"] = float(outcomes[outcome.indicator].std(skipna=False))
        if outcome.indicator in some:
            number = some.index(outcome.indicator)
            found = analysis.analyze(
                setup, predicted[:, number], calc_second_order=False, conf_level=0.9, seed=seed, num_resamples=200
            )
            for column, source in (("first", "S1"), ("total", "ST")):
                table[column], table[f"{column}_error"] = found[source], found[f"{source}_conf"]
            table["emulator_error"] = emulator.error[number]
            table["emulator_explained"] = emulator.explained[number]
        parts.append(table.sort_values(["total", "parameter"], ascending=[False, True]))
    return pd.concat(parts, ignore_index=True).astype(dict.fromkeys(_COLUMNS[2:], float))
