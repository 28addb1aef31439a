"""Counties of one world side by side: urbanization at the start and at the end, ranked."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from urbsim.experiment.ensemble import Ensemble
from urbsim.labels import Label, Language, bracketed
from urbsim.region.places import VERY_MANY
from urbsim.report import text
from urbsim.report.charts.style import GREY, Chart, colour, frame, marker, styled
from urbsim.report.numbers import format_of

START = Label("start", "起始")
_ROW_INCHES = 0.2
BY_PROVINCE = Label(
    "a row is a province: the median of its counties, and 10 to 90 % of them in {baseline}",
    "每行为一个省：各县的中位数，以及“{baseline}”中10%至90%的县所在范围",
)


def urbanization_of_counties(ensemble: Ensemble, indicator: str = "urbanization_rate") -> pd.DataFrame:
    """Return the table of counties for one indicator."""
    table = ensemble.counties()
    return table[table["indicator"] == indicator].astype({"place": str, "scenario": str})


def county_ranking(ensemble: Ensemble, language: Language, indicator: str = "urbanization_rate") -> Chart:
    """Return a chart with one row per county: the start in grey, the end in each scenario's colour.

    Of very many counties the rows are provinces: their medians, and the range of most of their counties.
    """
    first, last = ensemble.first_month, ensemble.last_month
    table = urbanization_of_counties(ensemble, indicator)
    form = format_of(indicator, float(table["value"].abs().max()), language)
    start, end = (
        table.pivot(index="place", columns="scenario", values=name) * form.factor for name in ("start", "value")
    )
    end = end.reindex(columns=list(ensemble.names))
    low, high, note = start[ensemble.baseline], end[ensemble.baseline], text.source_note(ensemble, language)
    if len(end) >= VERY_MANY:
        provinces = end.index.str[:2]
        low, high = (end[ensemble.baseline].groupby(provinces).quantile(share) for share in (0.1, 0.9))
        start, end = start.groupby(provinces).median(), end.groupby(provinces).median()
        note = (
            f"{BY_PROVINCE.in_language(language).format(baseline=ensemble.titles(language)[ensemble.baseline])}\n{note}"
        )
    ranked = end[ensemble.baseline].sort_values(kind="stable", na_position="first")
    rows = pd.Series(range(len(ranked)), index=ranked.index.astype(str))
    with styled():
        figure = Figure(figsize=(7.6, _ROW_INCHES * len(rows) + 1.9), layout="constrained")
        axis = figure.subplots()
        began = start[ensemble.baseline].reindex(rows.index)
        axis.hlines(rows.to_numpy(), low.reindex(rows.index), high.reindex(rows.index), color="#CFCFCF", linewidth=1.2)
        axis.plot(began, rows.to_numpy(), "o", color=GREY, markerfacecolor="white", markersize=4)
        handles = [Line2D([], [], marker="o", linestyle="", color=GREY, markerfacecolor="white")]
        for position, scenario in reversed(list(enumerate(ensemble.names))):
            handles += axis.plot(
                end[scenario].reindex(rows.index),
                rows.to_numpy(),
                marker(position),
                color=colour(position),
                markersize=4,
            )
        counties = [text.place_label(code).in_language(language) for code in rows.index]
        axis.set_yticks(rows.to_numpy(), counties, fontsize=7)
        axis.set_ylim(-0.8, len(rows) - 0.2)
        axis.grid(axis="x")
        axis.set_xlabel(form.unit.in_language(language))
        title = text.behind_commas((text.indicator_label(indicator, language), f"{first} – {last}"), language)
        names = [bracketed(START.in_language(language), first, language), *reversed(ensemble.titles(language).values())]
        frame(figure, title, note, handles, names)
    return Chart("urbanization_by_county", figure, table)
