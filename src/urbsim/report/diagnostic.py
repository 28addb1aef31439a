"""The one-page diagnostic of a region's posterior, and the files it comes with."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from urbsim.calibration.regional import OBSERVATION_SD, CountyEnsemble, fit_table, recovery
from urbsim.experiment.tables import write_parquet, write_text
from urbsim.region.places import all_places
from urbsim.report.charts.style import GREY, PALETTE, Chart, styled

_INSIDE_80 = 1.2816
_CONSTANTS = ("urban", "outside")


def write_posterior(ensemble: CountyEnsemble, folder: Path, code: str) -> None:
    """Write the posterior, the table of its fit, the test of recovery, the diagnostic page and what made them."""
    folder.mkdir(parents=True, exist_ok=True)
    write_parquet(ensemble.table(), folder / "constants.parquet")
    found = recovery(ensemble)
    found.to_csv(folder / "recovery.csv", index=False, float_format="%.4f", lineterminator="\n")
    Chart("fit", diagnostic(ensemble, found), fit_table(ensemble).round(4)).write(folder)
    (folder / "fit.svg").unlink()  # the picture alone is enough here, and ten times smaller
    write_text(_readme(ensemble, found, code), folder / "README.md")


def diagnostic(ensemble: CountyEnsemble, found: pd.DataFrame) -> Figure:
    """Return the page: fit per target, constants before and after, their pairs, recovery of known constants."""
    with styled():
        figure = Figure(figsize=(10, 9), layout="constrained")
        axes = figure.subplots(3, 2)
        table = fit_table(ensemble)
        for axis, target in zip(axes[0], table["target"].unique(), strict=True):
            _fit(axis, table[table["target"] == target], target)
        for number, axis in enumerate(axes[1]):
            _before_and_after(axis, ensemble, number)
        _pairs(axes[2, 0], ensemble)
        _recovered(axes[2, 1], found)
    return figure


def _fit(axis: Axes, table: pd.DataFrame, title: str) -> None:
    known = table.dropna(subset=["observed"])
    for stage, colour in (("prior", PALETTE[7]), ("posterior", PALETTE[1])):
        low, middle, high = (known[f"{stage}{part}"].to_numpy() for part in ("_p10", "", "_p90"))
        bars = np.abs(np.stack([middle - low, high - middle]))
        label = "before fitting" if stage == "prior" else "after"
        axis.errorbar(known["observed"], middle, bars, fmt="o", ms=3, lw=0.8, color=colour, label=label)
    if len(known):
        ends = [known["observed"].min(), known["observed"].max()]
        margin = max(5.0, 0.1 * (ends[1] - ends[0]))
        axis.plot([ends[0] - margin, ends[1] + margin], [ends[0] - margin, ends[1] + margin], color=GREY, lw=0.8)
    axis.set(title=f"{title}: simulated (10-90 %) against observed", xlabel="observed", ylabel="simulated")
    axis.legend(loc="upper left")


def _before_and_after(axis: Axes, ensemble: CountyEnsemble, constant: int) -> None:
    prior, posterior = (values[:, :, constant].ravel() for values in (ensemble.prior, ensemble.posterior))
    edges = list(np.linspace(min(prior.min(), posterior.min()), max(prior.max(), posterior.max()), 40))
    axis.hist(prior, edges, color=PALETTE[7], alpha=0.5, density=True, label="prior")
    axis.hist(posterior, edges, color=PALETTE[1], alpha=0.5, density=True, label="posterior")
    axis.set(title=f"constant '{_CONSTANTS[constant]}', all counties and draws", xlabel="utility", yticks=[])
    axis.legend()


def _pairs(axis: Axes, ensemble: CountyEnsemble) -> None:
    for values, colour, label in (
        (ensemble.prior, PALETTE[7], "prior"),
        (ensemble.posterior, PALETTE[1], "posterior"),
    ):
        axis.plot(values[:, :, 0].ravel(), values[:, :, 1].ravel(), ".", ms=2, alpha=0.5, color=colour, label=label)
    axis.set(title="pairs of constants", xlabel="urban", ylabel="outside")
    axis.legend(markerscale=4)


def _recovered(axis: Axes, found: pd.DataFrame) -> None:
    for number, name in enumerate(_CONSTANTS):
        part = found[found["constant"] == name]
        inside = (part["truth"] - part["estimate"]).abs() < _INSIDE_80 * part["sd"]
        label = f"{name}: 80 % interval holds {100 * inside.mean():.0f} %"
        axis.plot(part["truth"], part["estimate"], ".", ms=4, color=PALETTE[1 + number], label=label)
    ends = [found["truth"].min(), found["truth"].max()]
    axis.plot(ends, ends, color=GREY, lw=0.8)
    axis.set(title="recovery: each of some members taken as the truth", xlabel="truth", ylabel="estimate")
    axis.legend()


def _readme(ensemble: CountyEnsemble, found: pd.DataFrame, code: str) -> str:
    name = next(place.name for place in all_places() if place.code == code)
    table = fit_table(ensemble)
    known = table.dropna(subset=["observed"])
    errors = (known["posterior"] - known["observed"]).abs().groupby(known["target"], sort=False).mean()
    inside = (found["truth"] - found["estimate"]).abs() < _INSIDE_80 * found["sd"]
    fitted = sum(unit.observed is not None for unit in ensemble.units)
    kept = f"; {len(ensemble.units) - fitted} without a comparable census of 2020 keep their prior"
    kept = kept if fitted < len(ensemble.units) else ""
    lines = [
        f"# Posterior of {code} {name}",
        "",
        f"Constants of {fitted} {'county' if fitted == 1 else 'counties'} fitted to the censuses of 2010 and 2020, "
        f"{len(ensemble.prior)} draws{kept}.",
        "",
        "Mean distance of the mean simulated outcome from the observed one, counties as they were fitted:",
        "",
        *(f"- {target}: {error:.2f}" for target, error in errors.items()),
        "",
        f"Observation error assumed: {OBSERVATION_SD[0]:g} in the share, {OBSERVATION_SD[1]:g} in log "
        "residents. Where simulated members are taken as the truth, 80 % intervals hold "
        f"{100 * inside.mean():.0f} % of their constants.",
        "",
        "This is a fit, not a validation: these counties' censuses of 2020 were used.",
        "",
        "Made by",
        "",
        f"    urbsim calibrate {code} --members {len(ensemble.prior)}",
        "",
        "- `constants.parquet`: constants by county code (present and former) and draw, utility points",
        "- `fit.csv`, `fit.png`: every target before and after, and the diagnostic page",
        "- `recovery.csv`: the test of recovery",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"
