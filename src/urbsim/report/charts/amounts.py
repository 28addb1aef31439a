"""How results depend on amounts: response curves, a heat map of two, and the frontier of cost against chance."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator, PercentFormatter

from urbsim.arrays import spread_of
from urbsim.decision.amounts import Amount
from urbsim.decision.quest import Sought
from urbsim.decision.sweep import Swept
from urbsim.labels import Label, Language, bracketed, columns_of, counted, shortened
from urbsim.report.amounts import COST_LABEL, form_for, label_of, searched, short_unit
from urbsim.report.charts.style import GREY, PALETTE, Chart, axis_number, frame, panels, styled
from urbsim.report.numbers import money_format

_BLUE, _ORANGE = PALETTE[1], PALETTE[2]
_BAND, _LONGEST, _LONGEST_LINE = 0.2, 44, 38
_COLOURS, _FEW_STEPS = "cividis", 10.0
_CURVES = Label("How results depend on amounts: {plan}, {month}", "结果如何随数额变化：{plan}，{month}")
_MEDIAN = Label("median", "中位数")
_INTERVAL = Label("{spread.en} over runs and the other amounts", "各次模拟和其他数额的{spread.zh}")
_HEAT = Label("Results by two amounts: {plan}, {month}", "两项数额下的结果：{plan}，{month}")
_CELL = Label("median over runs, by colour and number", "各次模拟中位数，以颜色和数字表示")
_FRONTIER = Label("What chance costs: {plan}", "达标概率与支出：{plan}")
_CHANCE = Label("chance of meeting the goals", "达标概率")
_TRIAL = Label("amounts tried", "试过的数额")
_EDGE = Label("frontier: none is as likely for less", "前沿：没有更省而同样可能的")
_CHOSEN = Label("chosen, on unseen draws, 95 % interval", "所选数额，未见过的参数组，95%区间")
_WANTED = Label("wanted chance", "要求的概率")
_NOTE = Label(
    "urbsim; {counted} a point with the same luck at all points; scale {scale:g}.",
    "urbsim；每点{runs}次模拟，各点随机数相同；抽样比例{scale:g}。",
)


def response_chart(swept: Swept, language: Language) -> Chart:
    """Return a panel per amount and indicator: median and band over all runs, whatever the other amounts are."""
    curves = swept.curves()
    pairs = [(amount, name) for name in dict.fromkeys(curves["indicator"]) for amount in swept.amounts]
    with styled():
        figure, axes = panels(len(pairs), min(2, len(swept.amounts)))
        for axis, (amount, name) in zip(axes, pairs, strict=True):
            part = curves[(curves["amount"] == amount.path) & (curves["indicator"] == name)]
            form = form_for(name, float(part["median"].abs().max()), language)
            x, middle, low, high = (part[column].to_numpy(dtype=float) for column in ("value", "median", "p10", "p90"))
            axis.fill_between(x, low * form.factor, high * form.factor, color=_BLUE, alpha=_BAND, linewidth=0)
            axis.plot(x, middle * form.factor, color=_BLUE, marker="o", markersize=3.5, linewidth=1.6)
            axis.set_title(
                shortened(bracketed(label_of(name, language), form.unit.in_language(language), language), _LONGEST)
            )
            _number_axes(axis, _in_lines(amount, language))
        handles = [Line2D([], [], color=_BLUE, marker="o", markersize=3.5), Patch(color=_BLUE, alpha=_BAND)]
        spread = spread_of(int(curves["runs"].min()))
        names = [label.in_language(language).format(spread=spread) for label in (_MEDIAN, _INTERVAL)]
        if curves["p10"].isna().all():  # a single run at each point
            handles, names = handles[:1], names[:1]
        frame(figure, _title(_CURVES, swept, language), _note(swept, language), handles, names)
    return Chart("response", figure, curves)


def heat_map(swept: Swept, language: Language) -> Chart | None:
    """Return a panel per indicator with the medians over two amounts; None where not two are varied on a grid."""
    if len(swept.amounts) != 2 or not swept.is_grid:
        return None
    rows = swept.rows()
    names = list(dict.fromkeys(rows["indicator"]))
    with styled():
        figure, axes = panels(len(names), 2)
        for axis, name in zip(axes, names, strict=True):
            _heat(axis, rows[rows["indicator"] == name], swept, language)
        handles = [Patch(color=colormaps[_COLOURS](0.75))]
        frame(figure, _title(_HEAT, swept, language), _note(swept, language), handles, [_CELL.in_language(language)])
    return Chart("heatmap", figure, rows)


def _heat(axis: Axes, rows: pd.DataFrame, swept: Swept, language: Language) -> None:
    across, up = swept.amounts
    wide = rows.pivot(index=up.path, columns=across.path, values="median")
    name = str(rows["indicator"].iloc[0])
    form = form_for(name, float(rows["median"].abs().max()), language)
    values = wide.to_numpy(dtype=float) * form.factor
    if np.ptp(values) < _FEW_STEPS * 10.0**-form.decimals:  # else neighbours read the same
        form = replace(form, decimals=form.decimals + 1)
    axis.imshow(values, origin="lower", aspect="auto", cmap=_COLOURS)
    middle = (np.nanmin(values) + np.nanmax(values)) / 2
    for (row, column), value in np.ndenumerate(wide.to_numpy(dtype=float)):
        colour = "white" if value * form.factor < middle else "black"
        axis.text(column, row, form.value(value), ha="center", va="center", fontsize=7.5, color=colour)
    for side, amount, numbers in ((axis.xaxis, across, wide.columns), (axis.yaxis, up, wide.index)):
        side.set_ticks(range(len(numbers)), [axis_number(float(number)) for number in numbers])
        side.set_label_text(_in_lines(amount, language), fontsize=8)
    axis.grid(visible=False)
    axis.set_title(shortened(bracketed(label_of(name, language), form.unit.in_language(language), language), _LONGEST))


def frontier_chart(found: Sought, language: Language) -> Chart:
    """Return cost against the chance of meeting the goals: all trials, the frontier, and what was chosen, verified."""
    tried, checked = found.tried(), found.verified
    edge, yuan = tried[tried["frontier"]], money_format(max(float(tried["cost"].max()), checked.cost), language)
    with styled():
        figure, (axis,) = panels(1, 1, width=8.6, height=4.2)
        axis.plot(tried["cost"] * yuan.factor, tried["chance"], "o", color=GREY, markersize=3.5, alpha=0.6)
        axis.step(edge["cost"] * yuan.factor, edge["chance"], where="post", color=_BLUE, marker="o", markersize=4.5)
        axis.axhline(found.problem.chance, color=GREY, linestyle="--", linewidth=1)
        whiskers = np.array([[checked.chance - checked.low], [checked.high - checked.chance]])
        at = (checked.cost * yuan.factor, checked.chance)
        axis.errorbar(*at, yerr=whiskers, fmt="D", color=_ORANGE, markersize=6, capsize=4)
        axis.set_ylim(-0.04, 1.04)
        _number_axes(axis, bracketed(COST_LABEL.in_language(language), yuan.unit.in_language(language), language))
        axis.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
        axis.set_title(_CHANCE.in_language(language))
        handles = [
            Line2D([], [], color=GREY, marker="o", linestyle=""),
            Line2D([], [], color=_BLUE, marker="o"),
            Line2D([], [], color=_ORANGE, marker="D", linestyle=""),
            Line2D([], [], color=GREY, linestyle="--"),
        ]
        names = [label.in_language(language) for label in (_TRIAL, _EDGE, _CHOSEN, _WANTED)]
        title = _FRONTIER.in_language(language).format(plan=found.plan.title.in_language(language))
        frame(figure, title, searched(found, language), handles, names)
    return Chart("frontier", figure, tried)


def _number_axes(axis: Axes, name: str) -> None:
    axis.set_xlabel(name)
    axis.xaxis.set_major_locator(MaxNLocator(5))
    axis.yaxis.set_major_locator(MaxNLocator(6))
    for side in (axis.xaxis, axis.yaxis):
        side.set_major_formatter(FuncFormatter(lambda number, _: axis_number(number)))


def _in_lines(amount: Amount, language: Language) -> str:
    """Return the name of an axis and its unit; lever and field are lines of their own where one would be cut."""
    name, unit = amount.title.in_language(language), short_unit(amount, language)
    lever, colon, field = name.replace("：", ": ").rpartition(": ")
    if columns_of(name) > _LONGEST_LINE and colon:
        lines = [lever, bracketed(field, unit, language)]
    else:
        lines = [name, bracketed("", unit, language).strip()]
    return "\n".join(shortened(line, _LONGEST_LINE) for line in filter(None, lines))


def _title(label: Label, swept: Swept, language: Language) -> str:
    return label.in_language(language).format(plan=swept.plan.title.in_language(language), month=swept.month)


def _note(swept: Swept, language: Language) -> str:
    return _NOTE.in_language(language).format(
        runs=len(swept.lucks), counted=counted(len(swept.lucks), "run"), scale=swept.plan.scale
    )
