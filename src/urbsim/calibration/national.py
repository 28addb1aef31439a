"""The national stage from start to end: parameters common to all counties, and the county equation.

Two waves of runs (the second drawn from what the first leaves plausible), an emulator, the posterior; then the county
equation, and every county simulated under some draws. Simulations are kept and not repeated; everything after them
takes minutes.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from urbsim.calibration.design import (
    SEED,
    Design,
    parameters_at,
    priors,
    run_design,
    sample_counties,
    sobol_points,
)
from urbsim.calibration.emulator import Emulator, fit_emulator, plausible, scale_points
from urbsim.calibration.equation import fit_equation_of_counties
from urbsim.calibration.posterior import Posterior, sample
from urbsim.calibration.summaries import observed_summaries, targets
from urbsim.experiment.runner import Runner
from urbsim.parameters import registry
from urbsim.posterior import draws as stored
from urbsim.posterior.county_equation import Response, fit_response
from urbsim.posterior.outcomes import observed

#: Number of draws stored, here and for every region.
DRAWS = 60
#: Runs taken as the truth in turn for the test of recovery, and the length of their chains.
TRUTHS, TRUTH_STEPS = 20, 1500


@dataclass(frozen=True)
class FitSettings:
    """How much the national stage simulates: runs of each wave, counties, people per county relative to the full."""

    first: int = 96
    second: int = 64
    counties: int = 144
    scale: float = 1.0


def design_waves(stage: FitSettings, runner: Runner) -> tuple[Design, Design]:
    """Return both waves of runs."""
    codes = sample_counties(stage.counties)
    first = run_design(sobol_points(stage.first, priors()), codes, runner, scale=stage.scale)
    emulator = fit_emulator(plausible(first.runs), priors(), tuple(targets()))
    points = fit_parameters(emulator, codes, stage.second).draws
    return first, run_design(points, codes, runner, first=stage.first, scale=stage.scale)


def fit_parameters(emulator: Emulator, codes: tuple[str, ...], count: int) -> Posterior:
    """Return draws of the parameters, net constants, given the targets that are fitted."""
    wanted = observed_summaries(observed().loc[list(codes)])
    fitted = {name: float(wanted[name]) for name, target in targets().items() if target.use == "fit"}
    return sample(emulator, fitted, {name: target.discrepancy for name, target in targets().items()}, count, SEED)


def fit_national(stage: FitSettings, folder: Path, runner: Runner) -> None:
    """Carry out the national stage and write its results to ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    waves = design_waves(stage, runner)
    runs = pd.concat([wave.runs for wave in waves])
    emulator = fit_emulator(plausible(runs), priors(), tuple(targets()))
    posterior = fit_parameters(emulator, sample_counties(stage.counties), DRAWS)
    _store(posterior.draws, folder)
    write_csv(held_values(), folder / "held.csv", "parameter")
    write_csv(target_table(emulator, posterior, sample_counties(stage.counties)), folder / "targets.csv", "target")
    write_csv(posterior.compared_with_prior(priors()), folder / "parameters.csv", "parameter")
    write_csv(recovery(runs), folder / "recovery.csv", None)
    sampler = {"autocorrelation_steps": posterior.autocorrelation, "acceptance": posterior.acceptance}
    sampler |= {"runs": len(runs), "runs_emulated": len(plausible(runs))}
    write_csv(pd.Series(sampler, name="value").to_frame(), folder / "sampler.csv", "quantity")
    runs.astype(np.float32).to_parquet(folder / "design.parquet")
    fit_equation_of_counties(response_of(waves[1]), None, folder, stage.scale, runner)


def response_of(wave: Design) -> Response:
    """Return how outcomes of counties answer to constants in the plausible runs of ``wave``, the second."""
    points = plausible(wave.runs)[list(priors())]
    counties = wave.counties[wave.counties["run"].isin(points.index)]
    scaled = pd.DataFrame(scale_points(points.to_numpy(dtype=float), priors()), index=points.index)
    return fit_response(counties, scaled, observed()["share_2010"])


def held_values() -> pd.DataFrame:
    """Return the registry's values at which parameters stand that this stage does not fit: column ``value``."""
    numbers = {name: entry.value for name, entry in registry().items() if isinstance(entry.value, float | int)}
    return pd.DataFrame({"value": {name: float(value) for name, value in numbers.items() if name not in priors()}})


def recovery(runs: pd.DataFrame) -> pd.DataFrame:
    """Return how parameters are recovered when simulated summaries are taken as observed.

    One row per run taken as the truth and parameter: ``truth``, posterior ``median``, and ``rank``, the share of the
    posterior below the truth: even between 0 and 1 if intervals mean what they say. The emulator never saw the runs.
    """
    near = plausible(runs)
    chosen = near.index[-TRUTHS:]
    emulator = fit_emulator(near.drop(index=chosen), priors(), tuple(targets()))
    rows = []
    for number in chosen:
        run = near.loc[number]
        seen = {name: float(run[name]) for name, target in targets().items() if target.use == "fit"}
        found = sample(emulator, seen, dict.fromkeys(seen, 0.0), 400, SEED + int(number), TRUTH_STEPS).draws
        for name in priors():
            truth = float(run[name])
            rows.append((int(number), name, truth, found[name].median(), float((found[name] < truth).mean())))
    return pd.DataFrame(rows, columns=["run", "parameter", "truth", "median", "rank"])


def target_table(emulator: Emulator, posterior: Posterior, codes: tuple[str, ...]) -> pd.DataFrame:
    """Return each target's observed value and the posterior's, with what the emulator and the model may be off by."""
    wanted = observed_summaries(observed().loc[list(codes)])
    predicted = emulator.predict(posterior.draws.to_numpy())
    rows = {}
    for number, (name, target) in enumerate(targets().items()):
        low, high = np.quantile(predicted[:, number], [0.1, 0.9])
        rows[name] = {
            "use": target.use,
            "unit": target.unit,
            "observed": float(wanted[name]),
            "model": float(predicted[:, number].mean()),
            "p10": float(low),
            "p90": float(high),
            "discrepancy": target.discrepancy,
            "emulator_error": float(emulator.error[number]),
            "explained": float(emulator.explained[number]),
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def write_csv(table: pd.DataFrame, path: Path, index: str | None) -> None:
    """Write a result as CSV, six significant digits."""
    named = table if index is None else table.rename_axis(index)
    named.to_csv(path, index=index is not None, float_format="%.6g", lineterminator="\n")


def _store(points: pd.DataFrame, folder: Path) -> None:
    numbered = points.set_axis(pd.RangeIndex(1, len(points) + 1), axis=0)
    write_csv(numbered, folder / "points.csv", "draw")
    parameters = pd.DataFrame([parameters_at(point) for point in _points(numbered)], index=numbered.index)
    write_csv(parameters, folder / "draws.csv", "draw")
    stored.forget()


def _points(table: pd.DataFrame) -> list[dict[str, float]]:
    return [{str(name): float(value) for name, value in row.items()} for row in table.to_dict("records")]
