"""The evidence stage of the calibration from start to end: responses fitted to studies, jointly with the censuses.

After the national stage and before the counties: a design over draws of the national posterior and scores of the
responses; at each of its points every study that fits is repeated, and a decade between two censuses simulated; then
emulators, the joint posterior, and the test of recovery. Simulations are kept and not repeated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from urbsim.arrays import Floats
from urbsim.calibration.design import SEED, parameters_at, priors
from urbsim.calibration.equation import fit_equation_of_counties
from urbsim.calibration.national import DRAWS, write_csv
from urbsim.experiment.runner import Runner
from urbsim.experiment.tables import write_text
from urbsim.inference.census import (
    bank_of_draws,
    census_of,
    national_emulator,
    regress_shifts,
    simulate_missed,
)
from urbsim.inference.comparisons import Finding, findings, simulate_findings
from urbsim.inference.joint import JointPosterior, Likelihood, StudyEmulators, fit_studies, pairs_of, sample_joint
from urbsim.inference.recovery import SimulatedDesign, coverage, recover
from urbsim.inference.scores import fitted_responses, spread_scores, value_at, values_of
from urbsim.posterior import draws as stored
from urbsim.validation.worlds import ExperimentSize


@dataclass(frozen=True)
class EvidenceSettings:
    """How much the stage simulates and samples.

    ``points`` of the design; ``pairs`` of counties and ``people`` per county of an experiment; ``counties`` of a decade
    and the people of each relative to the national design, and of each in the county equation; draws of the national
    posterior in the ``bank``, pairs ``weighted`` for the start of the sampler, its ``steps``; points taken as the
    truth, and steps of their samplers.
    """

    points: int = 96
    pairs: int = 10
    people: int = 400
    counties: int = 48
    people_of_decade: float = 0.25
    people_of_equation: float = 1.0
    bank: int = 4000
    bank_steps: int = 6000
    weighted: int = 20_000
    steps: int = 6000
    truths: int = 36
    truth_steps: int = 3000

    def at_scale(self, scale: float) -> EvidenceSettings:
        """Return the same with people, points and samples relative to the usual number, down to what can be fitted."""
        return replace(
            self,
            points=max(int(self.points * min(scale, 1.0)), 16),
            people=int(self.people * scale),
            people_of_decade=self.people_of_decade * scale,
            people_of_equation=self.people_of_equation * scale,
            truths=max(int(self.truths * min(scale, 1.0)), 2),
        )


@dataclass(frozen=True)
class DesignPoints:
    """The points of the design: parameters of the censuses (net constants), and scores of the responses."""

    parameters: pd.DataFrame
    scores: pd.DataFrame

    @property
    def both(self) -> pd.DataFrame:
        """Parameters and scores beside each other."""
        return pd.concat([self.parameters, self.scores], axis=1)


def design_points(count: int) -> DesignPoints:
    """Return ``count`` points: draws of the national posterior in turn, with scores that fill the prior."""
    drawn = pd.read_csv(stored.national_folder() / "points.csv", index_col="draw")[list(priors())]
    order = np.random.default_rng(SEED).permutation(len(drawn))
    chosen = drawn.iloc[order[np.arange(count) % len(drawn)]].reset_index(drop=True)
    return DesignPoints(chosen, spread_scores(count, SEED))


def fit_evidence(stage: EvidenceSettings, folder: Path, runner: Runner) -> None:
    """Run the stage and write draws, studies, responses, recovery and the design's runs into ``folder``."""
    wanted, design = findings(), design_points(stage.points)
    size = ExperimentSize(stage.pairs, stage.people, 1)
    found = simulate_findings(values_of(design.both), wanted, size, runner)
    write_csv(pd.concat([design.both, found], axis=1), folder / "design.csv", "point")
    emulator = national_emulator()
    decades = (stage.counties, stage.people_of_decade)
    missed = simulate_missed(design.parameters, design.scores, emulator, decades, runner)
    census = census_of(emulator, regress_shifts(design.scores.to_numpy(dtype=float), missed)[0])
    studies = fit_studies(design.both, found, wanted)
    bank = bank_of_draws(emulator, stage.bank, stage.bank_steps)
    rng = np.random.default_rng(SEED)
    rows = bank.iloc[rng.integers(0, len(bank), stage.weighted)].reset_index(drop=True)
    scores = pd.DataFrame(
        rng.standard_normal((stage.weighted, design.scores.shape[1])), columns=design.scores.columns
    ).clip(-3.5, 3.5)
    pairs = pairs_of(rows, scores, census)
    posterior = sample_joint(pairs, Likelihood(census, studies), max(stage.bank, DRAWS), SEED, stage.steps)
    store_draws(posterior, folder)
    write_csv(study_table(wanted, studies, pairs.points, posterior.draws), folder / "studies.csv", None)
    write_csv(response_table(posterior.draws), folder / "responses.csv", "response")
    _write_shifts(census.shifts, emulator.names, design.scores, folder)
    simulated = SimulatedDesign(design.both, found, missed)
    recovered = recover(simulated, wanted, census, pairs, (stage.truths, SEED, stage.truth_steps))
    write_csv(recovered, folder / "recovery.csv", None)
    write_csv(coverage(recovered), folder / "coverage.csv", "responses")
    quality = {
        "autocorrelation_steps": posterior.autocorrelation,
        "acceptance": posterior.acceptance,
        "effective_pairs": posterior.effective,
        "steps": stage.steps,
        "points": stage.points,
        "misfit_of_middle": float(census.misfit(*_split(posterior.draws.mean().to_frame().T))[0]),
        "misfit_of_draws": float(np.median(census.misfit(*_split(posterior.draws)))),
    }
    write_csv(pd.Series(quality, name="value").to_frame(), folder / "sampler.csv", "quantity")
    _fit_equation_again(folder, stage.people_of_equation, runner)


def _fit_equation_again(folder: Path, scale: float, runner: Runner) -> None:
    """Fit the county equation under the draws just stored, which runs take: their level is not that of the national."""
    known = stored.equation_in(stored.national_folder())
    if known is not None and stored.common_draws().parent == folder:
        fit_equation_of_counties(known.response, known, folder, scale, runner)
        stored.forget()


def _split(draws: pd.DataFrame) -> tuple[Floats, Floats]:
    known = list(priors())
    return draws[known].to_numpy(dtype=float), draws.drop(columns=known).to_numpy(dtype=float)


def store_draws(posterior: JointPosterior, folder: Path) -> None:
    """Write the draws of the joint posterior as ``posterior.draws`` reads them.

    Draw 0 is the mean over all draws, of net constants and of scores; the others are spread over the draws.
    """
    every = posterior.draws
    chosen = every.iloc[np.linspace(0, len(every) - 1, DRAWS).round().astype(int)]
    points = values_of(pd.concat([every.mean().to_frame().T, chosen], ignore_index=True))
    parameters = pd.DataFrame(
        [parameters_at({str(name): float(value) for name, value in row.items()}) for row in points.to_dict("records")]
    )
    write_csv(points, folder / "points.csv", "draw")
    write_csv(parameters, folder / "draws.csv", "draw")
    write_text(stored.hash_of_national() + "\n", folder / stored.BELONGS_TO)
    stored.forget()


def study_table(
    wanted: Sequence[Finding], studies: StudyEmulators, before: pd.DataFrame, after: pd.DataFrame
) -> pd.DataFrame:
    """Return what each study found, and what the model says before and after the fit; 5, 50 and 95 %."""
    rows = []
    columns = list(studies.names)
    ends = [studies.predict(each[columns].to_numpy(dtype=float)) for each in (before, after)]
    for number, finding in enumerate(wanted):
        low, high = finding.outcome.limits
        row: dict[str, object] = {"study": finding.study.id, "outcome": finding.outcome.key}
        row |= {"estimate": finding.estimate, "error": finding.error, "band_low": low, "band_high": high}
        for name, predicted in zip(("prior", "posterior"), ends, strict=True):
            quantiles = np.quantile(predicted[:, number], [0.05, 0.5, 0.95])
            row |= {f"{name}_{part}": value for part, value in zip(("p05", "median", "p95"), quantiles, strict=True)}
        row["inside"] = bool(low <= row["posterior_median"] <= high)  # type: ignore[operator]
        row["emulator_error"] = float(studies.emulators[number].error[0])
        row["explained"] = float(studies.emulators[number].explained[0])
        row["inputs"] = " ".join(studies.emulators[number].bounds)
        rows.append(row)
    return pd.DataFrame(rows)


def response_table(draws: pd.DataFrame) -> pd.DataFrame:
    """Return prior and posterior of every response (5, 50, 95 %), how much it narrowed, and what informs it."""
    rows = {}
    fits = findings()
    for response in fitted_responses():
        prior = value_at(response, np.array([-1.6449, 0.0, 1.6449]))
        posterior = value_at(response, np.quantile(draws[response.id], [0.05, 0.5, 0.95]))
        informed = dict.fromkeys(each.study.id for each in fits if response.id in each.study.informs)
        rows[response.id] = {
            **{f"prior_{part}": float(v) for part, v in zip(("p05", "median", "p95"), prior, strict=True)},
            **{f"posterior_{part}": float(v) for part, v in zip(("p05", "median", "p95"), posterior, strict=True)},
            "narrowed": 1.0 - float(draws[response.id].std()),
            "studies": " ".join(informed),
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def _write_shifts(shifts: Floats, names: tuple[str, ...], scores: pd.DataFrame, folder: Path) -> None:
    table = pd.DataFrame(shifts, index=list(names), columns=scores.columns)
    write_csv(table, folder / "census_shifts.csv", "target")
