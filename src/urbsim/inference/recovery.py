"""Whether responses are recovered from synthetic evaluations: what simulated worlds would have published.

Some points of the design are left out of everything that is fitted and stand for the truth. Their evaluations and their
censuses are what the model itself found there, with its luck, and errors as large as each study's and as the national
stage allows. The posterior given these is to hold each response as often as it says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from urbsim.arrays import Floats
from urbsim.inference.census import Census, regress_shifts
from urbsim.inference.comparisons import Finding
from urbsim.inference.joint import Likelihood, Pairs, fit_studies, sample_joint

LEVELS = (0.5, 0.8, 0.9)
#: Draws of each posterior, and most points that emulators do without at once.
_DRAWS, _LEFT_OUT = 400, 12


@dataclass(frozen=True)
class SimulatedDesign:
    """The points of the design and what was simulated there.

    ``points`` are parameters and scores, ``found`` what studies find, one row per point; ``missed`` is by what decades
    differ from the emulator of the national stage, shape (points, targets).
    """

    points: pd.DataFrame
    found: pd.DataFrame
    missed: Floats


def recover(
    design: SimulatedDesign,
    wanted: Sequence[Finding],
    census: Census,
    pairs: Pairs,
    settings: tuple[int, int, int],
) -> pd.DataFrame:
    """Return how well responses are recovered.

    Parameters
    ----------
    design
        What was simulated at which points.
    wanted
        The numbers of the studies.
    census
        What the censuses ask for.
    pairs
        Where samplers begin.
    settings
        Points taken as the truth (the last ones; some at a time, so that emulators lose little), seed, and steps of
        each sampler.

    Returns
    -------
    DataFrame
        One row per truth and response: ``point``, ``response``, ``truth``, ``median`` and ``sd`` of the posterior
        (scores), and ``rank``, the share of the posterior below the truth: even between 0 and 1 if intervals mean what
        they say.
    """
    truths, seed, steps = settings
    last = design.points.index[-truths:]
    parts = np.array_split(last.to_numpy(), -(-truths // _LEFT_OUT))
    rows = [row for chosen in parts for row in _recovered(design, wanted, census, pairs, (chosen, seed, steps))]
    return pd.DataFrame(rows, columns=["point", "response", "truth", "median", "sd", "rank"])


def _recovered(
    design: SimulatedDesign,
    wanted: Sequence[Finding],
    census: Census,
    pairs: Pairs,
    settings: tuple[NDArray[np.int64], int, int],
) -> list[tuple[int, str, float, float, float, float]]:
    """Return the rows of ``recover`` for the points chosen, of which nothing that is fitted knows."""
    chosen, seed, steps = settings
    points, found = design.points, design.found
    known = ~points.index.isin(chosen)
    studies = fit_studies(points[known], found[known], wanted)
    responses = [str(name) for name in points.columns if name not in census.emulator.bounds]
    shifts, constants = regress_shifts(points.loc[known, responses].to_numpy(dtype=float), design.missed[known])
    of_sample = constants + shifts @ census.held  # what is missed at the responses of the emulator's own runs
    rows = []
    for number in chosen.tolist():
        rng = np.random.default_rng([seed, number])
        simulated = found.loc[number, [finding.name for finding in wanted]].to_numpy(dtype=float)
        middle = np.where(np.isfinite(simulated), simulated, studies.estimates)
        seen = middle + studies.errors * rng.standard_normal(len(simulated))
        off = design.missed[points.index.get_loc(number)] - of_sample
        counted = _counted(replace(census, shifts=shifts), points.loc[number], off, rng)
        drawn = sample_joint(pairs, Likelihood(counted, studies, seen), _DRAWS, seed + number, steps).draws
        for name in responses:
            truth = float(points.loc[number, name])
            below = float((drawn[name] < truth).mean())
            rows.append((number, name, truth, float(drawn[name].median()), float(drawn[name].std()), below))
    return rows


def _counted(census: Census, point: pd.Series, missed: Floats, rng: np.random.Generator) -> Census:
    """Return what the censuses would ask for if the world of a point had been counted, and the model were as far off.

    ``missed`` is by what that world differs from the emulator, sample of counties apart.
    """
    parameters = point[list(census.emulator.bounds)].to_numpy(dtype=float)[None, :]
    discrepancy = np.sqrt(np.maximum(census.variance - census.emulator.error**2, 0.0))
    wanted = census.emulator.predict(parameters)[0] + missed + discrepancy * rng.standard_normal(len(missed))
    return replace(census, wanted=wanted)


def coverage(recovered: pd.DataFrame) -> pd.DataFrame:
    """Return how often intervals hold the truth, in per cent: rows ``responses`` by what they learn, columns by level.

    ``all`` are all responses, ``informed`` those whose posterior is narrower than the prior by a tenth or more.
    """
    learned = 1.0 - recovered.groupby("response")["sd"].mean()
    informed = recovered["response"].map(learned) >= 0.1
    rows = {}
    for name, chosen in (("all", informed | True), ("informed", informed)):
        off = (recovered.loc[chosen, "rank"] - 0.5).abs()
        rows[name] = {f"{100 * level:.0f}": 100.0 * float((off <= level / 2.0).mean()) for level in LEVELS}
        rows[name]["pairs"] = float(chosen.sum())
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("responses")
