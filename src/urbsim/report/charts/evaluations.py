"""What studies found and what the model says of it, each on the scale of the study's own error."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from urbsim.evidence.reading import studies
from urbsim.evidence.rows import Role
from urbsim.labels import Label, Language, shortened
from urbsim.report.charts.style import GREY, PALETTE, Chart, frame, panels, styled
from urbsim.validation.study import StudyResult

_TITLE = Label("Published evaluations and the model", "已发表评估与模型结果")
_PANELS = {
    Role.TEST: Label("studies that test", "用于检验的研究"),
    Role.FIT: Label("studies that fit", "用于拟合的研究"),
}
_WORDS = (
    Label("band fixed beforehand", "事先确定的区间"),
    Label("study: estimate ± error", "研究：估计值±误差"),
    Label("model: mean and 90 % of draws", "模型：均值与抽样的90%区间"),
    Label("model, outside the band", "模型，未落入区间"),
)
_AXIS = Label("distance from the study's estimate, in its standard errors", "与研究估计值之差（以其标准误为单位）")
_NOTE = Label(
    "urbsim: every study's own comparison on simulated people; {n} draws of the posterior.",
    "urbsim：在模拟人口上重复各研究自身的比较；后验抽样{n}组。",
)
_FARTHEST, _ROW_INCHES, _LONGEST = 6.0, 0.4, 52


def evaluation_chart(results: Sequence[StudyResult], language: Language) -> Chart | None:
    """Return the chart of the results that have a published number; None where there are none."""
    table = _table(results, language)
    shown = [role for role in _PANELS if (table["role"] == str(role)).any()] if len(table) else []
    if not shown:
        return None
    with styled():
        rows = max(int((table["role"] == str(role)).sum()) for role in shown)
        figure, axes = panels(len(shown), 1, width=9.4, height=0.9 + _ROW_INCHES * rows)
        for axis, role in zip(axes, shown, strict=True):
            _panel(axis, table[table["role"] == str(role)], _PANELS[role].in_language(language))
        axes[-1].set_xlabel(_AXIS.in_language(language))
        handles = [
            Patch(color=PALETTE[6], alpha=0.35),
            Line2D([], [], color=GREY, marker="D", markersize=4),
            Line2D([], [], color=PALETTE[1], marker="o", markersize=5),
            Line2D([], [], color=PALETTE[2], marker="X", markersize=6, linestyle=(0, (4, 2))),
        ]
        note = _NOTE.in_language(language).format(n=max(result.replicates for result in results))
        frame(figure, _TITLE.in_language(language), note, handles, [word.in_language(language) for word in _WORDS])
    return Chart("evaluations", figure, table)


def _table(results: Sequence[StudyResult], language: Language) -> pd.DataFrame:
    published = {(row.id, one.key): one for row in studies() for one in row.outcomes}
    rows = []
    for result in results:
        its = published[result.outcome.evidence, result.outcome.key]
        if its.estimate is None or its.error is None or not np.isfinite(result.estimate):
            continue
        parts = result.outcome.source, result.outcome.label.in_language(language)
        name = "\n".join(shortened(part, _LONGEST) for part in parts)
        row: dict[str, object] = {
            "study": result.outcome.evidence,
            "outcome": result.outcome.key,
            "role": str(result.outcome.role),
        }
        row |= {"name": name, "verdict": result.verdict}
        for column, value in (
            ("band_low", result.outcome.low),
            ("band_high", result.outcome.high),
            ("model", result.estimate),
            ("model_low", result.draws_low),
            ("model_high", result.draws_high),
        ):
            row[column] = (value - its.estimate) / its.error
        rows.append(row)
    return pd.DataFrame(rows)


def _panel(axis: Axes, table: pd.DataFrame, title: str) -> None:
    for height, row in enumerate(table.to_dict("records")):
        low, high = (np.clip(row[name], -_FARTHEST, _FARTHEST) for name in ("band_low", "band_high"))
        axis.barh(-height, high - low, 0.72, left=low, color=PALETTE[6], alpha=0.35)
        axis.plot([-1.0, 1.0], [-height + 0.2] * 2, color=GREY, linewidth=1.0)
        axis.plot([0.0], [-height + 0.2], color=GREY, marker="D", markersize=4)
        inside = row["verdict"] == "pass"
        shade, mark, line = (PALETTE[1], "o", "-") if inside else (PALETTE[2], "X", (0, (4, 2)))
        ends = [np.clip(row[name], -_FARTHEST, _FARTHEST) for name in ("model_low", "model_high")]
        axis.plot(ends, [-height - 0.12] * 2, color=shade, linewidth=1.6, linestyle=line)
        axis.plot([np.clip(row["model"], -_FARTHEST, _FARTHEST)], [-height - 0.12], color=shade, marker=mark)
    axis.set_yticks([-height for height in range(len(table))], list(table["name"]), fontsize=8)
    axis.set_xlim(-_FARTHEST, _FARTHEST)
    axis.axvline(0.0, color=GREY, linewidth=0.8)
    axis.grid(axis="x")
    axis.grid(axis="y", visible=False)
    axis.set_title(title)
