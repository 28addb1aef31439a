"""One chart of the report: panels that a browser draws, below a title and a legend that are text."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from urbsim.labels import Language
from urbsim.report.charts.style import STROKES, colour
from urbsim.report.numbers import Format

Spec = dict[str, Any]
#: Shapes of Vega by position of the scenario, as ``charts.style.MARKERS`` are of matplotlib.
SHAPES = ("circle", "square", "diamond", "triangle-up", "triangle-down", "cross", "stroke", "wedge")
#: The name by which a panel finds the table of its chart.
TABLE = "table"
#: Pixels of a panel's height.
HEIGHT = 210
_STROKE = 1.5  # pixels of a line's width, which strokes are multiples of
_MONTH_AS_TIME = "datetime(toNumber(slice(datum.month, 0, 4)), toNumber(slice(datum.month, 5)) - 1, 1)"


@dataclass(frozen=True)
class LegendKey:
    """An entry of a legend: its text, and how it looks.

    ``kind`` is ``line``, ``dot``, ``bar``, ``diamond``, ``square`` or ``hollow``; ``position`` that of the scenario or
    of the part.
    """

    text: str
    kind: str
    colour: str
    position: int = 0

    @property
    def strokes(self) -> str:
        """The strokes of a line, as SVG takes them."""
        return " ".join(f"{length * _STROKE:g}" for length in STROKES[self.position % len(STROKES)])


@dataclass(frozen=True)
class Coordinates:
    """One coordinate system: its heading, what is drawn, and whether it is as wide as the page."""

    heading: str
    spec: Spec
    wide: bool = False


@dataclass(frozen=True)
class Hover:
    """A chart by the name of its table: title, legend, panels, and the line below.

    Panels that ``looks_up`` values find them in the table of the chart; others hold their own.
    """

    name: str
    title: str
    keys: tuple[LegendKey, ...]
    panels: tuple[Coordinates, ...]
    note: str
    looks_up: bool = True


def strokes(position: int) -> list[float]:
    """Return the strokes and gaps of a scenario's line in pixels."""
    return [length * _STROKE for length in STROKES[position % len(STROKES)]] or [1, 0]


def scenario_scales(names: Sequence[str]) -> tuple[Spec, Spec]:
    """Return the channels of colour and strokes by scenario, without legends."""
    numbers = range(len(names))
    shades = {"domain": list(names), "range": [colour(number) for number in numbers]}
    dashes = {"domain": list(names), "range": [strokes(number) for number in numbers]}
    common = {"field": "scenario", "type": "nominal", "legend": None}
    return {**common, "scale": shades}, {**common, "scale": dashes}


def scenario_keys(titles: Mapping[str, str], kind: str, first: int = 0) -> list[LegendKey]:
    """Return the legend of scenarios from the position ``first`` on."""
    return [
        LegendKey(title, kind, colour(place), place) for place, title in enumerate(titles.values()) if place >= first
    ]


def chosen(**fields: str) -> list[Spec]:
    """Return the filters that keep rows with these values."""
    return [{"filter": {"field": name, "equal": value}} for name, value in fields.items()]


def scaled(form: Format, columns: Iterable[tuple[str, str]]) -> list[Spec]:
    """Return the transforms that put columns into the unit shown: (column, new name); what is missing stays missing."""
    return [
        {"calculate": f"isValid(datum['{column}']) ? datum['{column}'] * {form.factor!r} : null", "as": name}
        for column, name in columns
    ]


def as_time() -> Spec:
    """Return the transform that turns a month, YYYY-MM, into a time."""
    return {"calculate": _MONTH_AS_TIME, "as": "time"}


def shown_names(titles: Mapping[str, str]) -> Spec:
    """Return the transform that gives a scenario's name as people read it."""
    known = ", ".join(f"{_quoted(name)}: {_quoted(title)}" for name, title in titles.items())
    return {"calculate": f"{{{known}}}[datum.scenario]", "as": "shown"}


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", " ")
    return f"'{escaped}'"


def number_format(decimals: int, *, signed: bool = False) -> str:
    """Return the format of a number for the reader of a chart, as d3 takes it."""
    return f"{'+' if signed else ''},.{decimals}f"


def hovered(title: str, field: str, form: str | None = None) -> Spec:
    """Return a line of what is shown when one points at something."""
    line: Spec = {"field": field, "title": title}
    return line if form is None else {**line, "type": "quantitative", "format": form}


def time_axis(first: str, last: str) -> Spec:
    """Return the channel of time, the same for all panels of a report."""
    ends = [{"year": int(month[:4]), "month": int(month[5:])} for month in (first, last)]
    axis = {"title": None, "format": "%Y", "tickCount": {"interval": "year", "step": _years_apart(first, last)}}
    return {"field": "time", "type": "temporal", "scale": {"domain": ends, "nice": False}, "axis": axis}


def _years_apart(first: str, last: str) -> int:
    spanned = int(last[:4]) - int(first[:4])
    return next(step for step in (1, 2, 5, 10, 20) if spanned / step <= 6 or step == 20)


def value_axis(field: str, unit: str, bounds: tuple[float, float] | None, *, zero: bool = False) -> Spec:
    """Return the channel of a value; ``bounds`` are common to panels that are compared."""
    scale: Spec = {"zero": zero, "nice": True} if bounds is None else {"domain": list(bounds), "nice": True}
    axis = {"title": unit or None, "tickCount": 5, "titleAlign": "left", "titleAngle": 0, "titleY": -8, "titleX": 0}
    axis |= {"titleAnchor": "start", "labelExpr": "replace(format(datum.value, ',~g'), '-', '−')"}
    return {"field": field, "type": "quantitative", "scale": scale, "axis": axis}


def bounds_of(numbers: Iterable[float], *, room: float = 0.04) -> tuple[float, float] | None:
    """Return the least and the largest of some numbers with a little room; None where there are none."""
    known = [number for number in numbers if math.isfinite(number)]
    if not known:
        return None
    low, high = min(known), max(known)
    gap = room * (high - low) or abs(high) * room or 1.0
    return low - gap, high + gap


def joined(language: Language) -> str:
    """Return what stands between a name and what is said of it."""
    return "：" if language == "zh" else ": "
