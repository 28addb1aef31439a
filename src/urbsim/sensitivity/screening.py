"""Morris screening (Morris 1991, Campolongo et al. 2007): how far each parameter moves each outcome, one at a time.

Along a trajectory through the space of parameters, each is changed once by two thirds of its interval. The elementary
effect is the change of the outcome, scaled to the whole interval. ``mu_star`` is the mean of its absolute values over
trajectories, ``sigma`` their standard deviation: large beside ``mu_star`` where a parameter interacts or curves. Runs
share their random numbers, but small samples scramble it: ``mu_star`` of a parameter without influence is not zero if
changing it changes anybody's life at all. The smallest values are therefore noise.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from urbsim.experiment.runner import Runner
from urbsim.scenario.model import Scenario
from urbsim.sensitivity.factors import Factor
from urbsim.sensitivity.outcomes import OUTCOMES
from urbsim.sensitivity.runs import problem, run_points, varying

LEVELS = 4


def screen(
    scenario: Scenario,
    chosen: Sequence[Factor],
    trajectories: int,
    runner: Runner,
    seed: int = 0,
) -> pd.DataFrame:
    """Return the screening of some parameters.

    Returns
    -------
    DataFrame
        Columns ``outcome``, ``parameter``, ``low``, ``high``, ``mu_star``, ``mu_star_error`` (half width of a 90 %
        interval), ``mu``, ``sigma`` (units of the outcome over the whole interval); by falling ``mu_star`` within an
        outcome. Effects are 0 on an outcome that does not vary, and missing on one that some runs lack.
    """
    from SALib.analyze import morris as analysis
    from SALib.sample import morris as sampling

    names = [factor.name for factor in chosen]
    setup = problem(names, [(factor.low, factor.high) for factor in chosen])
    design = sampling.sample(setup, trajectories, num_levels=LEVELS, seed=seed)
    outcomes = run_points(scenario, pd.DataFrame(design, columns=names), runner, seed, "screening")
    some = varying(outcomes)
    parts = []
    for outcome in OUTCOMES:
        # An outcome that is the same in all runs answers to nothing; one that some runs lack cannot be analysed.
        same = 0.0 if outcomes[outcome.indicator].notna().all() else np.nan
        found = dict.fromkeys(("mu_star", "mu_star_conf", "mu", "sigma"), np.full(len(names), same))
        if outcome.indicator in some:
            values = outcomes[outcome.indicator].to_numpy()
            found = analysis.analyze(setup, design, values, conf_level=0.9, num_levels=LEVELS, seed=seed)
        table = pd.DataFrame(
            {
                "outcome": outcome.indicator,
                "parameter": names,
                "low": [factor.low for factor in chosen],
                "high": [factor.high for factor in chosen],
                "mu_star": np.asarray(found["mu_star"], dtype=float),
                "mu_star_error": np.asarray(found["mu_star_conf"], dtype=float),
                "mu": np.asarray(found["mu"], dtype=float),
                "sigma": np.asarray(found["sigma"], dtype=float),
            }
        )
        parts.append(table.sort_values(["mu_star", "parameter"], ascending=[False, True]))
    return pd.concat(parts, ignore_index=True)


def most_important(screening: pd.DataFrame, count: int) -> tuple[str, ...]:
    """Return the parameters with the largest effect, each outcome's effects relative to its own largest."""
    largest = screening.groupby("outcome")["mu_star"].transform("max")
    relative = screening["mu_star"] / largest.where(largest > 0, 1.0)
    ranked = relative.groupby(screening["parameter"]).max().sort_values(ascending=False, kind="stable")
    return tuple(str(name) for name in ranked.index[:count])
