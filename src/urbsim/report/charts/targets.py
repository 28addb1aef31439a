"""Targets: one panel each, with every scenario's median and interval against the target line."""

from __future__ import annotations

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from urbsim.experiment.ensemble import Ensemble
from urbsim.labels import Label, Language
from urbsim.report import text
from urbsim.report.charts.style import GREY, Chart, axis_number, colour, frame, marker, styled
from urbsim.report.targets import TargetRow, is_change, name_text, target_rows, value_text

_ROW_INCHES, _PANEL_INCHES, _WIDTH, _COLUMNS = 0.2, 0.62, 4.6, 2
MET = "#E2F0D9"
TARGETS_TITLE = Label("Targets: median and interval of each scenario", "目标达成：各情景的中位数与区间")
MET_NOTE = Label("target is met", "达标区间")


def targets_chart(ensemble: Ensemble, language: Language) -> Chart | None:
    """Return a chart with a panel per target inside the run; None where there is none.

    The target is a dashed line, values that meet it are shaded, and each scenario's probability of meeting it stands
    at the right.
    """
    rows = [row for row in target_rows(ensemble, language) if row.record["runs"]]
    if not rows:
        return None
    size = len(ensemble.names)
    groups = [rows[start : start + size] for start in range(0, len(rows), size)]
    columns = min(_COLUMNS, len(groups))
    lines = math.ceil(len(groups) / columns)
    with styled():
        height = lines * (_PANEL_INCHES + size * _ROW_INCHES) + 1.1
        figure = Figure(figsize=(max(_WIDTH * columns, 7.6), height), layout="constrained")
        axes = figure.subplots(lines, columns, squeeze=False).ravel().tolist()
        for spare in axes[len(groups) :]:
            spare.set_axis_off()
        for axis, group in zip(axes, groups, strict=False):
            _panel(axis, group, language)
        shades = [_dot(axes[0], position) for position in range(size)]
        shades.append(axes[0].fill_between([], [], [], color=MET))
        names = [*ensemble.titles(language).values(), MET_NOTE.in_language(language)]
        frame(figure, TARGETS_TITLE.in_language(language), text.source_note(ensemble, language), shades, names)
    return Chart("targets", figure, ensemble.targets())


def _dot(axis: Axes, position: int) -> object:
    return axis.plot([], [], f"{marker(position)}-", color=colour(position), markersize=5, linewidth=1.6)[0]


def _panel(axis: Axes, group: list[TargetRow], language: Language) -> None:
    """Draw one target: a row per scenario, from top to bottom in their order."""
    factor = group[0].form.factor
    for position, row in enumerate(group):
        median, low, high = (row.record[name] * factor for name in ("median", "low", "high"))
        height = -position
        if not math.isnan(low):
            axis.plot([low, high], [height, height], color=colour(position), linewidth=2.2, alpha=0.55)
        axis.plot(median, height, marker(position), color=colour(position), markersize=5)
        axis.annotate(
            f"{row.probability:.0%}",
            (1.0, height),
            xycoords=axis.get_yaxis_transform(),
            xytext=(4, 0),
            textcoords="offset points",
            fontsize=7.5,
            va="center",
            color=colour(position),
        )
    _shade(axis, group)
    axis.set_ylim(-len(group) + 0.4, 0.6)
    axis.set_yticks([])
    axis.spines["left"].set_visible(False)
    axis.grid(axis="x")
    axis.xaxis.set_major_locator(MaxNLocator(5))
    axis.xaxis.set_major_formatter(FuncFormatter(lambda number, _: axis_number(number)))
    axis.tick_params(axis="x", labelsize=7.5)
    axis.set_title(heading(group[0], language), fontsize=8, linespacing=1.25)


def edges_of(group: list[TargetRow]) -> tuple[float, float, float, float, float]:
    """Return the left and right end of a target's panel, where values meet it from and to, and its level.

    All are in the unit shown; there is room around everything that is drawn.
    """
    record, factor = group[0].record, group[0].form.factor
    level, tolerance = record["target"] * factor, float(record["tolerance"]) * factor
    numbers = [row.record[name] * factor for row in group for name in ("median", "low", "high")]
    edges = [level, *(number for number in numbers if not math.isnan(number))]
    edges += [] if math.isnan(tolerance) else [level - tolerance, level + tolerance]
    room = 0.08 * (np.ptp(edges) or abs(level) or 1.0)
    left, right = float(min(edges) - room), float(max(edges) + room)
    met = {
        "at_least": (level, right),
        "at_most": (left, level),
        "about": (level - tolerance, level + tolerance),
    }[str(record["comparator"])]
    return left, right, *met, level


def _shade(axis: Axes, group: list[TargetRow]) -> None:
    """Shade where the target is met."""
    left, right, low, high, level = edges_of(group)
    axis.axvspan(low, high, color=MET, linewidth=0, zorder=0)
    axis.axvline(level, color=GREY, linestyle="--", linewidth=1.2)
    axis.set_xlim(left, right)


def heading(row: TargetRow, language: Language) -> str:
    """Return the target in two lines: what, then month, value and clause."""
    record, form = row.record, row.form
    name = name_text(record, form, language)
    if is_change(record):
        name = name.replace(", ", "\n", 1).replace("，", "\n", 1)
    clause = row.texts[1] if record["programme"] else ""
    return f"{name}\n{record['month']}  {value_text(record, form, language)}  {clause}".rstrip(" –")
