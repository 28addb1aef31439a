"""What each group of policies adds to the whole: a waterfall, from the table written beside it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from urbsim.arrays import spread_of
from urbsim.decision.findings import WHOLE, Findings
from urbsim.evidence.grades import Strength
from urbsim.labels import Label, Language, counted, shortened
from urbsim.report import text
from urbsim.report.charts.style import GREY, PALETTE, Chart, axis_number, frame, panels, styled
from urbsim.report.contributions import form_of, names_of
from urbsim.report.strength import HATCHES, WORDS, strength_of

_MORE, _LESS, _ALL = PALETTE[1], PALETTE[2], PALETTE[7]
_TITLE = Label("Which policy did it: {indicator} in {month}, {plan}", "哪项政策起了作用：{plan}，{month}{indicator}")
_WORDS = (Label("adds", "增加"), Label("takes away", "减少"), Label("whole plan", "整个方案"))
_INTERVAL = Label("{spread.en} over runs", "各次模拟的{spread.zh}")
_NOTE = Label(
    "urbsim: Shapley values over {pairs} of runs with the same luck; scale {scale:g}.",
    "urbsim：基于{runs}对相同随机数模拟的沙普利值；抽样比例{scale:g}。",
)
_LONGEST, _BAR, _ROW_INCHES = 30, 0.6, 0.42


def waterfall_chart(found: Findings, bars: pd.DataFrame, language: Language) -> Chart:
    """Return the chart of ``bars``, the table of ``report.contributions.waterfall_data``."""
    form = form_of(found, language)
    with styled():
        figure, (axis,) = panels(1, 1, width=8.6, height=1.0 + _ROW_INCHES * len(bars))
        for row, bar in enumerate(bars.to_dict("records")):
            begins, ends, value = (bar[name] * form.factor for name in ("begins", "ends", "value"))
            shade = _ALL if bar["name"] == WHOLE else (_MORE if value >= 0 else _LESS)
            hatch = _hatch(found, bar["name"], shade)
            axis.barh(-row, ends - begins, _BAR, left=begins, color=shade, alpha=0.75, hatch=hatch, edgecolor="white")
            low, high = (begins + bar[tail] * form.factor for tail in ("p10", "p90"))
            axis.plot([low, high], [-row, -row], color=GREY, linewidth=1.2, marker="|", markersize=6)
            if row + 1 < len(bars):
                axis.plot([ends, ends], [-row - 1 + _BAR / 2, -row - _BAR / 2], color=GREY, linewidth=0.8)
            _number(axis, float(np.nanmax([low, high, begins, ends])), -row, form.difference(bar["value"]))
        names = names_of(found, language)
        axis.set_yticks([-row for row in range(len(bars))], [shortened(names[name], _LONGEST) for name in bars["name"]])
        axis.axvline(0, color=GREY, linewidth=0.8)
        axis.grid(axis="x")
        axis.grid(axis="y", visible=False)
        axis.xaxis.set_major_locator(MaxNLocator(6))
        axis.xaxis.set_major_formatter(FuncFormatter(lambda number, _: axis_number(number)))
        axis.margins(x=0.12)
        axis.set_xlabel(form.difference_unit.in_language(language))
        _framed(figure, found, language)
    return Chart("waterfall", figure, bars)


def _hatch(found: Findings, name: str, shade: str) -> str:
    """Return how a bar is hatched: strokes where it takes away, and by how well founded its effect is."""
    return ("//" if shade == _LESS else "") + HATCHES[_strength(found, name)]


def _strength(found: Findings, name: str) -> Strength:
    """Return how well founded the effect of a group of policies is, or of the whole plan."""
    plan, base = found.question.plan.policies, found.question.base.policies
    groups = [group for group in found.groups if name in (group.name, WHOLE)]
    return strength_of(plan.get(policy) or base[policy] for group in groups for policy in group.policies)


def _number(axis: Axes, right: float, height: float, written: str) -> None:
    axis.annotate(written, (right, height), (5, 0), textcoords="offset points", va="center", fontsize=8)


def _framed(figure: object, found: Findings, language: Language) -> None:
    question = found.question
    title = _TITLE.in_language(language).format(
        indicator=text.indicator_label(question.indicator, language),
        month=question.month,
        plan=question.plan.title.in_language(language),
    )
    handles = [Patch(color=_MORE), Patch(facecolor=_LESS, hatch="//", edgecolor="white"), Patch(color=_ALL)]
    names = [label.in_language(language) for label in _WORDS]
    if len(question.lucks) > 1:
        handles.append(Line2D([], [], color=GREY, marker="|"))  # type: ignore[arg-type]
        names.append(_INTERVAL.in_language(language).format(spread=spread_of(len(question.lucks))))
    used = {_strength(found, group.name) for group in found.groups}
    for strength in (each for each in Strength if each in used and HATCHES[each]):
        handles.append(Patch(facecolor="white", hatch=HATCHES[strength], edgecolor=GREY))
        names.append(WORDS[strength].in_language(language))
    runs = {"runs": len(question.lucks), "pairs": counted(len(question.lucks), "pair"), "scale": question.plan.scale}
    frame(figure, title, _NOTE.in_language(language).format(**runs), handles, names)  # type: ignore[arg-type]
