"""Where urban growth comes from: a bar per year, a colour per component."""

from __future__ import annotations

import pandas as pd

from urbsim.experiment.ensemble import Ensemble
from urbsim.labels import Label, Language
from urbsim.report import text
from urbsim.report.charts.style import Chart, frame, label_axes, panels, same_height, stacked_bars, styled
from urbsim.report.numbers import Format, people_format

GROWTH_TITLE = Label("Where urban growth comes from, by year", "城镇人口增长的来源（分年）")
COMPONENTS = {
    "births": Label("births", "出生"),
    "deaths": Label("deaths", "死亡"),
    "villages": Label("net moves from the county's villages", "本县乡村净迁入"),
    "elsewhere": Label("net moves from elsewhere", "县外净迁入"),
    "reclassification": Label("reclassification", "区划转化"),
}
COLOURS = ("#009E73", "#7F7F7F", "#0072B2", "#56B4E9", "#E69F00")


def growth_chart(ensemble: Ensemble, language: Language) -> Chart:
    """Return a chart with one panel per scenario, one stacked bar per year."""
    data, parts = ensemble.urban_growth(), text.parts_of_years(ensemble, language)
    people = growth_format(data, language)
    with styled():
        figure, axes = panels(len(ensemble.names), 2)
        titles = ensemble.titles(language)
        for axis, scenario in zip(axes, ensemble.names, strict=True):
            table = data[data["scenario"] == scenario].pivot(index="year", columns="component", values="persons")
            bars = stacked_bars(
                axis, table.reindex(columns=list(COMPONENTS)).fillna(0.0) * people.factor, COLOURS, parts
            )
            label_axes(axis, titles[scenario], people.unit.in_language(language), language)
        same_height(axes)
        title = GROWTH_TITLE.in_language(language)
        names = [label.in_language(language) for label in COMPONENTS.values()]
        frame(figure, title, text.source_note(ensemble, language), bars, names)
    return Chart("urban_growth_by_component", figure, data)


def growth_format(data: pd.DataFrame, language: Language) -> Format:
    """Return the format of the chart: that of its highest bar."""
    highest = data["persons"].clip(lower=0.0).groupby([data["scenario"], data["year"]]).sum().max()
    return people_format(float(highest), language)
