"""What moves the results: a panel of bars per outcome, for the screening and for the shares of variance."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from urbsim.labels import Label, Language
from urbsim.parameters import registry
from urbsim.report.charts.style import PALETTE, Chart, frame, panels, styled
from urbsim.sensitivity.outcomes import OUTCOMES

MOST = 12
_BLUE, _ORANGE = PALETTE[1], PALETTE[5]
_SCREENING = Label("Which parameters move the results: screening", "哪些参数影响结果：Morris筛选")
_EFFECT = Label("mean effect over the parameter's interval", "参数在其区间内变动的平均效应")
_SPREAD = Label("standard deviation of effects", "效应的标准差")
_VARIANCE = Label("Which parameters move the results: share of variance", "哪些参数影响结果：方差份额（Sobol）")
_SAME = Label(
    "does not vary between the runs, or is not defined in all of them", "各次运行之间没有变化，或并非每次都有定义"
)
_FIRST, _TOTAL = Label("alone", "单独"), Label("with interactions", "含交互作用")


def screening_chart(screening: pd.DataFrame, note: Label, language: Language) -> Chart:
    """Return the bars of ``mu_star`` with ``sigma``, of the most important parameters of each outcome."""
    columns = (("mu_star", _BLUE, _EFFECT), ("sigma", _ORANGE, _SPREAD))
    return _chart("screening", screening, "mu_star", columns, _SCREENING, note, language, in_units=True)


def variance_chart(indices: pd.DataFrame, note: Label, language: Language) -> Chart:
    """Return the bars of first-order and total indices."""
    columns = (("total", _BLUE, _TOTAL), ("first", _ORANGE, _FIRST))
    return _chart("sobol", indices, "total", columns, _VARIANCE, note, language, in_units=False)


def _chart(
    name: str,
    data: pd.DataFrame,
    by: str,
    columns: tuple[tuple[str, str, Label], ...],
    title: Label,
    note: Label,
    language: Language,
    *,
    in_units: bool,
) -> Chart:
    with styled():
        figure, axes = panels(len(OUTCOMES), 1, width=8.6, height=3.4)
        for axis, outcome in zip(axes, OUTCOMES, strict=True):
            part = data[data["outcome"] == outcome.indicator].nlargest(MOST, by, keep="first").dropna(subset=by)
            if (part[by] == 0.0).all():  # of no rows too
                axis.text(0.5, 0.5, _SAME.in_language(language), ha="center", va="center", transform=axis.transAxes)
                axis.set_axis_off()
            else:
                _bars(axis, part, columns, language)
            unit = f" ({outcome.unit.in_language(language)})" if in_units else ""
            axis.set_title(f"{outcome.label.in_language(language)}{unit}")
        handles = [Patch(color=colour) for _, colour, _ in columns]
        names = [label.in_language(language) for *_, label in columns]
        frame(figure, title.in_language(language), note.in_language(language), handles, names)
    return Chart(name, figure, data)


def _bars(axis: Axes, part: pd.DataFrame, columns: tuple[tuple[str, str, Label], ...], language: Language) -> None:
    place = np.arange(len(part))[::-1]
    for number, (column, colour, _) in enumerate(columns):
        values = part[column].to_numpy(dtype=float)
        error = part[f"{column}_error"].to_numpy(dtype=float) if f"{column}_error" in part else None
        axis.barh(place - 0.2 + 0.4 * (1 - number), values, 0.38, color=colour, xerr=error, error_kw={"lw": 0.8})
    known = registry()
    axis.set_yticks(place, [known[name].label.in_language(language) for name in part["parameter"]])
    axis.grid(axis="x")
    axis.grid(axis="y", visible=False)
    axis.set_xlim(left=0)
