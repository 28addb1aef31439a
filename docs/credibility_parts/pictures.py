"""The pictures of the credibility page."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from credibility_parts.words import IMAGES, SETS, stored_table
from urbsim.report.charts.style import GREY, PALETTE, styled


def draw() -> None:
    """Draw the pictures."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with styled():
        for name, figure in (
            ("hindcast", _hindcast_figure()),
            ("cohorts", _cohort_figure()),
            ("recovery", _ranks_figure()),
        ):
            figure.savefig(IMAGES / f"{name}.png", dpi=110, metadata={"Software": "urbsim"})


def _hindcast_figure() -> Figure:
    found = stored_table("hindcast", "hindcast.csv", index="code")
    figure = Figure(figsize=(9, 4.2), layout="constrained")
    sets = {name: label for name, label in SETS.items() if (found["set"] == name).any()}
    for axis, (name, label) in zip(figure.subplots(1, len(sets))[: len(sets)], sets.items(), strict=True):
        part = found[found["set"] == name].sort_values("share_2020")
        axis.fill_between(part["share_2020"], part["share_p10"].rolling(25, 1, center=True).mean(),
                          part["share_p90"].rolling(25, 1, center=True).mean(), color=PALETTE[1], alpha=0.15, lw=0,
                          label="80 % interval (running mean)")  # fmt: skip
        axis.plot(part["share_2020"], part["share_observed"], ".", ms=3, color=PALETTE[1], label="counties")
        axis.plot([0, 100], [0, 100], color=GREY, lw=0.8)
        axis.set(
            title=label.en, xlabel="predicted urban share 2020, %", ylabel="observed, %", xlim=(5, 100), ylim=(0, 100)
        )
        axis.legend(loc="upper left")
    return figure


def _cohort_figure() -> Figure:
    table = stored_table("hindcast", "cohorts.csv")
    places = list(dict.fromkeys(table["place"]))
    figure = Figure(figsize=(10, 3.4), layout="constrained")
    for axis, place in zip(figure.subplots(1, len(places), sharey=True), places, strict=True):
        part = table[table["place"] == place]
        axis.axhline(0, color=GREY, lw=0.8)
        axis.plot(part["age"], part["observed"], "o-", color=PALETTE[0], ms=3, label="observed")
        axis.fill_between(part["age"], part["p10"], part["p90"], color=PALETTE[1], alpha=0.15, lw=0)
        axis.plot(part["age"], part["model"], "o-", color=PALETTE[1], ms=3, label="model, 10–90 %")
        axis.set(title=place, xlabel="age in 2010", ylabel="change of the cohort, 100 × log ratio")
        axis.label_outer()
        axis.legend()
    return figure


def _ranks_figure() -> Figure:
    ranks = stored_table("posteriors", "national", "recovery.csv")["rank"].to_numpy()
    figure = Figure(figsize=(5, 2.6), layout="constrained")
    axis = figure.subplots()
    axis.hist(ranks, list(np.linspace(0, 1, 11)), color=PALETTE[1])
    axis.axhline(len(ranks) / 10, color=GREY, lw=0.8)
    axis.set(xlabel="rank of the true parameter in its posterior", ylabel="parameters × runs")
    return figure
