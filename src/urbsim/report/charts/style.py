"""One look for all charts, and how a chart is drawn and written so that equal data give equal files."""

from __future__ import annotations

import io
import math
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter, MaxNLocator

from urbsim.experiment.tables import replacing, write_csv, write_text
from urbsim.labels import Language, bracketed, columns_of, shortened
from urbsim.months import parse_month
from urbsim.report.fonts import font_families, warn_of_missing

#: Okabe & Ito (2008): distinguishable with every common colour vision. The baseline is black.
PALETTE = ("#000000", "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7F7F7F")
#: Lengths of strokes and gaps, in line widths: lines are told apart without colour too. The baseline is unbroken.
STROKES: tuple[tuple[float, ...], ...] = (
    *((), (6, 2), (2, 1.5), (7, 2, 2, 2), (4, 1, 1, 1, 1, 1), (10, 3), (1, 1), (5, 1.5, 5, 1.5, 1, 1.5)),
)
#: Shapes of dots, by scenario as the colours are.
MARKERS = ("o", "s", "D", "^", "v", "P", "X", "*")
#: Hatches of bars, by part.
HATCHES = ("", "///", "...", "xxx", "\\\\\\", "---", "++", "ooo")
GREY = "#595959"
_BAND_OPACITY = 0.15
_PART_OPACITY = 0.45  # of the bar of a year that is not whole
# Strips around the panels, in inches, and what a name in the legend takes.
_TITLE_INCHES, _LEGEND_ROW_INCHES, _NOTE_INCHES = 0.34, 0.2, 0.24
_FRAME_INCHES = 1.3  # left beside the panels for title, legend and note
_LETTER_INCHES, _HANDLE_INCHES, _TITLE_LETTER_INCHES = 0.085, 0.6, 0.09
_NOTE_LETTER_INCHES, _NOTE_ROW_INCHES = 0.052, 0.13
_STOPS = re.compile(r"(?<=[;；。])\s*|(?<=\.)\s+")  # where a note may go on in the next line
_PANEL_GAP_INCHES = 0.09
_LONGEST_NAME = 48  # columns of a scenario's name in a chart; the tables have it whole


@dataclass(frozen=True)
class Chart:
    """A figure, the file name it goes by, and the table it shows."""

    name: str
    figure: Figure
    data: pd.DataFrame

    def __post_init__(self) -> None:
        """Say which characters cannot be drawn."""
        warn_of_missing("".join(text.get_text() for text in self.figure.findobj(Text)))

    def write(self, folder: Path) -> None:
        """Write ``name.png``, ``name.svg`` and ``name.csv``."""
        folder.mkdir(parents=True, exist_ok=True)
        write_text(self.svg, folder / f"{self.name}.svg")
        with styled(), replacing(folder / f"{self.name}.png") as temporary:
            self.figure.savefig(temporary, format="png", metadata={"Software": "urbsim"})
        write_csv(self.data, folder / f"{self.name}.csv")

    @cached_property
    def svg(self) -> str:
        """The drawing as SVG, drawn once; its text is made of outlines, so that it needs no font."""
        with styled():
            self.figure.draw_without_rendering()  # lay out once, not once per file
            self.figure.set_layout_engine("none")
            text = io.StringIO()
            self.figure.savefig(text, format="svg", metadata={"Date": None, "Creator": "urbsim"})
        return text.getvalue()


@contextmanager
def styled() -> Iterator[None]:
    """Draw with the style of the charts; matplotlib's own settings are left as they were."""
    settings: Any = {
        "font.family": list(font_families()),
        "font.size": 9,
        "figure.dpi": 100,
        "savefig.dpi": 160,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "axes.grid.axis": "y",
        "axes.titlesize": 10,
        "axes.titlelocation": "left",
        "axes.axisbelow": True,
        "axes.unicode_minus": True,
        "grid.color": "#E3E3E3",
        "grid.linewidth": 0.8,
        "legend.frameon": False,
        "svg.hashsalt": "urbsim",
        "text.parse_math": False,  # a dollar sign in a name is a dollar sign
    }
    with mpl.rc_context(settings), warnings.catch_warnings():
        # Said once and in one line by ``warn_of_missing``.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        yield


def panels(count: int, columns: int, width: float = 4.6, height: float = 3.1) -> tuple[Figure, list[Axes]]:
    """Return a figure of ``count`` panels in at most ``columns`` columns; it belongs to no window."""
    columns = min(columns, count)
    rows = math.ceil(count / columns)
    figure = Figure(figsize=(max(width * columns, 7.2), height * rows + _FRAME_INCHES), layout="constrained")
    axes = figure.subplots(rows, columns, squeeze=False).ravel().tolist()
    for spare in axes[count:]:
        spare.set_axis_off()
    return figure, axes[:count]


def frame(figure: Figure, title: str, note: str, handles: Sequence[Any], names: Sequence[str]) -> None:
    """Put title, legend and source note around the panels, in strips of their own that nothing else enters."""
    names = [shortened(name, _LONGEST_NAME) for name in names]
    width, height = figure.get_size_inches()
    widest = max(map(columns_of, names)) * _LETTER_INCHES + _HANDLE_INCHES
    columns = max(1, min(len(names), int(width / widest)))
    rows = math.ceil(len(names) / columns)
    top = _TITLE_INCHES + rows * _LEGEND_ROW_INCHES
    note = in_lines(note, int((width - 0.2) / _NOTE_LETTER_INCHES))
    below = _NOTE_INCHES + note.count("\n") * _NOTE_ROW_INCHES
    # A plan with many policies has a legend of many rows: the figure grows by what its panels did not leave for it.
    height += max(top + below - _FRAME_INCHES, 0.0)
    figure.set_figheight(height)
    figure.set_layout_engine(
        "constrained", h_pad=_PANEL_GAP_INCHES, rect=(0, below / height, 1, 1 - (top + below) / height)
    )
    left = 0.1 / width
    figure.text(left, 1 - 0.07 / height, shortened(title, int(width / _TITLE_LETTER_INCHES)), fontsize=12, va="top")
    figure.text(left, 0.06 / height, note, fontsize=7, color=GREY, va="bottom")
    anchor = (left, 1 - _TITLE_INCHES / height)
    legend = figure.legend(
        handles,
        ["name"] * len(names),
        loc="upper left",
        bbox_to_anchor=anchor,
        ncols=columns,
        fontsize=9,
        borderaxespad=0,
        borderpad=0,
    )
    # Set afterwards: matplotlib leaves out entries whose label begins with an underscore.
    for entry, name in zip(legend.get_texts(), names, strict=True):
        entry.set_text(name)


def in_lines(note: str, columns: int) -> str:
    """Return a note with a line break after a stop wherever a line would be longer than so many columns."""
    lines = [""]
    for part in _STOPS.split(note):
        space = " " if lines[-1][-1:].isascii() else ""
        joined = f"{lines[-1]}{space}{part}".strip()
        if lines[-1] and columns_of(joined) > columns:
            lines.append(part)
        else:
            lines[-1] = joined
    return "\n".join(line for line in lines if line)


def years(months: pd.Series[str]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return months written YYYY-MM as years with decimals."""
    numbers = {month: parse_month(month) / 12 for month in months.astype(str).unique()}
    return months.astype(str).map(numbers).to_numpy(dtype=float)


def colour(position: int) -> str:
    """Return the colour of the scenario at a position; the baseline has position 0."""
    return PALETTE[position % len(PALETTE)]


def line_style(position: int) -> Any:
    """Return the line style of the scenario at a position, as matplotlib takes it."""
    strokes = STROKES[position % len(STROKES)]
    return (0, strokes) if strokes else "-"


def marker(position: int) -> str:
    """Return the shape of the dots of the scenario at a position."""
    return MARKERS[position % len(MARKERS)]


def line_with_band(axis: Axes, summary: pd.DataFrame, position: int, factor: float) -> Line2D:
    """Draw the median over time and, where there is one, the interval; a value between gaps is a dot."""
    ordered = summary.assign(_year=years(summary["month"])).sort_values("_year")
    time = ordered["_year"].to_numpy()
    low, high = (ordered[column].to_numpy(dtype=float) * factor for column in ("low", "high"))
    if not np.isnan(low).all():
        axis.fill_between(time, low, high, color=colour(position), alpha=_BAND_OPACITY, linewidth=0)
    median = ordered["median"].to_numpy(dtype=float) * factor
    known = np.concatenate([[False], ~np.isnan(median), [False]])
    alone = np.flatnonzero(known[1:-1] & ~known[:-2] & ~known[2:])
    (line,) = axis.plot(
        time,
        median,
        color=colour(position),
        linestyle=line_style(position),
        linewidth=1.6,
        marker="o" if len(alone) else None,
        markersize=3.5,
        markevery=alone.tolist(),
    )
    return line


def label_axes(axis: Axes, title: str, unit: str, language: Language) -> None:
    """Name a panel and its unit, and separate thousands in its numbers."""
    name = shortened(title, _LONGEST_NAME)
    axis.set_title(bracketed(name, unit, language) if name else unit)
    axis.yaxis.set_major_formatter(FuncFormatter(lambda number, _: axis_number(number)))
    axis.yaxis.set_major_locator(MaxNLocator(6))
    axis.xaxis.set_major_locator(MaxNLocator(6, integer=True, min_n_ticks=1))
    axis.margins(x=0.02)


def same_height(axes: Sequence[Axes]) -> None:
    """Give panels that are compared one scale."""
    limits = [axis.get_ylim() for axis in axes]
    for axis in axes:
        axis.set_ylim(min(low for low, _ in limits), max(high for _, high in limits))


def axis_number(number: float) -> str:
    """Return an axis number with thousands separated and no needless zeros."""
    text = f"{number:,.0f}" if abs(number) >= 1000 else f"{number:,.6g}"
    return text.replace("-", "−")


def stacked_bars(axis: Axes, table: pd.DataFrame, colours: Sequence[str], parts: Mapping[int, str]) -> list[Any]:
    """Draw one bar a year, one segment a column, positive upwards from zero and negative downwards.

    ``parts`` says in words how much of a year is there where it is not whole: its bar is pale, with the words above.

    Raises
    ------
    ValueError
        If there are more columns than colours.
    """
    if len(table.columns) > len(colours):
        raise ValueError(f"{len(table.columns)} columns cannot be told apart by {len(colours)} colours")
    up, down = np.zeros(len(table)), np.zeros(len(table))
    years_shown = table.index.to_numpy(dtype=float)
    drawn = []
    for column, shade, hatch in zip(table.columns, colours, HATCHES, strict=False):
        values = table[column].to_numpy(dtype=float)
        bottom = np.where(values >= 0, up, down)
        bars = axis.bar(
            years_shown, values, 0.8, bottom=bottom, color=shade, hatch=hatch, edgecolor="white", linewidth=0
        )
        for year, bar in zip(table.index, bars, strict=True):
            bar.set_alpha(_PART_OPACITY if year in parts else None)
        drawn.append(Patch(facecolor=shade, hatch=hatch, edgecolor="white"))
        up += np.maximum(values, 0)
        down += np.minimum(values, 0)
    axis.axhline(0, color=GREY, linewidth=0.8)
    for year, height in zip(table.index, up, strict=True):
        if year in parts:
            axis.annotate(  # upright, as a bar is narrower than the words
                parts[year], (year, height), (0, 3), textcoords="offset points", ha="center", fontsize=7, rotation=90
            )
    return drawn
