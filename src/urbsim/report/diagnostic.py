"""The one-page diagnostic of a region's posterior."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from urbsim.arrays import Floats
from urbsim.report.charts.style import GREY, PALETTE, styled

_CONSTANTS = ("urban", "outside")


def diagnostic(fit: pd.DataFrame, prior: Floats, posterior: Floats, recovered: pd.DataFrame) -> Figure:
    """Return the page: fit per target, constants before and after, their pairs, recovery of known constants.

    Parameters
    ----------
    fit
        Columns target, observed, and prior and posterior with ``_p10`` and ``_p90``: a row per county and target.
    prior, posterior
        Constants before and after, shape (draws, counties, 2).
    recovered
        Columns constant, truth, estimate, and inside: simulated members taken as the truth, and whether the interval
        of 80 % holds them.
    """
    with styled():
        figure = Figure(figsize=(10, 9), layout="constrained")
        axes = figure.subplots(3, 2)
        for axis, target in zip(axes[0], fit["target"].unique(), strict=True):
            _fit(axis, fit[fit["target"] == target], target)
        for number, axis in enumerate(axes[1]):
            _before_and_after(axis, prior[:, :, number].ravel(), posterior[:, :, number].ravel(), _CONSTANTS[number])
        _pairs(axes[2, 0], prior, posterior)
        _recovered(axes[2, 1], recovered)
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


def _before_and_after(axis: Axes, prior: Floats, posterior: Floats, constant: str) -> None:
    edges = list(np.linspace(min(prior.min(), posterior.min()), max(prior.max(), posterior.max()), 40))
    axis.hist(prior, edges, color=PALETTE[7], alpha=0.5, density=True, label="prior")
    axis.hist(posterior, edges, color=PALETTE[1], alpha=0.5, density=True, label="posterior")
    axis.set(title=f"constant '{constant}', all counties and draws", xlabel="utility", yticks=[])
    axis.legend()


def _pairs(axis: Axes, prior: Floats, posterior: Floats) -> None:
    for values, colour, label in (
        (prior, PALETTE[7], "prior"),
        (posterior, PALETTE[1], "posterior"),
    ):
        axis.plot(values[:, :, 0].ravel(), values[:, :, 1].ravel(), ".", ms=2, alpha=0.5, color=colour, label=label)
    axis.set(title="pairs of constants", xlabel="urban", ylabel="outside")
    axis.legend(markerscale=4)


def _recovered(axis: Axes, found: pd.DataFrame) -> None:
    for number, name in enumerate(_CONSTANTS):
        part = found[found["constant"] == name]
        label = f"{name}: 80 % interval holds {100 * part['inside'].mean():.0f} %"
        axis.plot(part["truth"], part["estimate"], ".", ms=4, color=PALETTE[1 + number], label=label)
    ends = [found["truth"].min(), found["truth"].max()]
    axis.plot(ends, ends, color=GREY, lw=0.8)
    axis.set(title="recovery: each of some members taken as the truth", xlabel="truth", ylabel="estimate")
    axis.legend()
