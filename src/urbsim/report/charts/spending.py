"""What the policies cost: spending by lever and year, from the ledger."""

from __future__ import annotations

import pandas as pd

from urbsim.experiment.ensemble import Ensemble
from urbsim.labels import Label, Language
from urbsim.report import text
from urbsim.report.charts.style import PALETTE, Chart, frame, label_axes, panels, same_height, stacked_bars, styled
from urbsim.report.numbers import Format, money_format

SPENDING_TITLE = Label("Spending on policies, by lever and year", "各类政策支出（分年）")
#: Levers with a colour of their own; what others cost is drawn together, and listed one by one in the CSV.
LEVERS_SHOWN = len(PALETTE) - 2
OTHERS = Label("Other levers", "其他政策工具")


def spending_table(ensemble: Ensemble) -> pd.DataFrame:
    """Return what was spent, by scenario, year and lever: the table of the chart."""
    table = ensemble.spending(("year", "lever"))
    return table[table["yuan"] != 0]


def spending_chart(ensemble: Ensemble, language: Language) -> Chart | None:
    """Return a chart with one panel per scenario that spends; None where none does."""
    data = spending_table(ensemble)
    spenders = [name for name in ensemble.names if (data["scenario"] == name).any()]
    if not spenders:
        return None
    levers = list(data.groupby("lever")["yuan"].sum().sort_values(ascending=False, kind="stable").index)
    shown = levers if len(levers) <= LEVERS_SHOWN + 1 else levers[:LEVERS_SHOWN]
    parts, yuan = text.parts_of_years(ensemble, language), yuan_of(data, language)
    with styled():
        figure, axes = panels(len(spenders), 2)
        titles = ensemble.titles(language)
        for axis, scenario in zip(axes, spenders, strict=True):
            table = data[data["scenario"] == scenario].pivot(index="year", columns="lever", values="yuan")
            table = table.reindex(index=list(ensemble.months_of_years), columns=levers).fillna(0.0) * yuan.factor
            if len(shown) < len(levers):
                table = table[shown].assign(others=table[levers[LEVERS_SHOWN:]].sum(axis=1))
            bars = stacked_bars(axis, table, PALETTE[1:], parts)
            label_axes(axis, titles[scenario], yuan.unit.in_language(language), language)
        same_height(axes)
        title = SPENDING_TITLE.in_language(language)
        names = [lever_title(ensemble, lever, language) for lever in shown]
        names += [OTHERS.in_language(language)] if len(shown) < len(levers) else []
        frame(figure, title, text.source_note(ensemble, language), bars, names)
    return Chart("policy_spending_by_lever", figure, data)


def yuan_of(data: pd.DataFrame, language: Language) -> Format:
    """Return the format of the chart: that of what any scenario spends in the dearest year."""
    return money_format(float(data.groupby(["scenario", "year"])["yuan"].sum().max()), language)


def lever_title(ensemble: Ensemble, lever: str, language: Language) -> str:
    """Return the title of a lever that some scenario uses, else its name."""
    for scenario in ensemble.plan.scenarios:
        for policy in scenario.policies.values():
            if policy.lever == lever:
                return policy.title.in_language(language)
    return lever
