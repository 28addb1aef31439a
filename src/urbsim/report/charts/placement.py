"""Names on a map, moved apart until none overlaps another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.text import Annotation
from matplotlib.transforms import Bbox

from urbsim.arrays import Floats

_DIRECTIONS, _RINGS = 16, 9
_HALO = 1.8  # points of white around a name, so that it reads on any colour
_GAP = 1.5  # pixels left free around a name
_LED = 1.2  # text heights from the place beyond which a line leads to it


def place_labels(
    axis: Axes, points: Floats, names: Sequence[str], fontsize: float, apart: float = 0.0
) -> tuple[list[Annotation], int]:
    """Write names beside points so that none overlaps; earlier names get the better spots.

    Parameters
    ----------
    axis
        Axes whose size and limits are final, in a figure whose layout is settled.
    points
        Positions in data coordinates, shape (names, 2).
    names, fontsize
        What to write, and its size in points.
    apart
        Least distance of a name's middle from its own point, in text heights; 0 writes names on their points.

    Returns
    -------
    tuple
        The names that found room, and how many did not.
    """
    figure = axis.figure
    assert isinstance(figure, Figure), "maps are drawn on figures of their own"
    renderer = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]
    frame = axis.get_window_extent(renderer)
    taken: list[Bbox] = []
    placed: list[Annotation] = []
    for point, name in zip(points, names, strict=True):
        if np.isnan(point).any():
            continue
        label = axis.annotate(
            name,
            tuple(point),
            xytext=(0, 0),
            textcoords="offset pixels",
            ha="center",
            va="center",
            fontsize=fontsize,
            color="#202020",
            zorder=6,
            path_effects=[withStroke(linewidth=_HALO, foreground="white", alpha=0.85)],
        )
        size = label.get_window_extent(renderer)
        middle = axis.transData.transform(point)
        for offset in _offsets(size, apart):
            box = _box(middle + offset, size)
            if _inside(box, frame) and not any(box.overlaps(other) for other in taken):
                taken.append(box)
                placed.append(_moved(axis, label, point, offset, size.height))
                break
        else:
            label.remove()
    return placed, int((~np.isnan(points).any(axis=1)).sum()) - len(placed)


def _offsets(size: Bbox, apart: float) -> Iterator[Floats]:
    """Yield shifts in pixels, nearest first: the point itself, then rings around it that are wider than high."""
    if apart <= 0.0:
        yield np.zeros(2)
    angles = np.arange(_DIRECTIONS) * 2.0 * np.pi / _DIRECTIONS
    for ring in range(1, _RINGS + 1):
        reach = apart + 0.6 * ring
        for angle in angles:
            wide = 0.5 * size.width * min(1.0, apart) + reach * size.height
            yield np.array([np.cos(angle) * wide, np.sin(angle) * reach * size.height])


def _box(middle: Floats, size: Bbox) -> Bbox:
    wide, high = 0.5 * size.width + _GAP, 0.5 * size.height + _GAP
    return Bbox.from_extents(middle[0] - wide, middle[1] - high, middle[0] + wide, middle[1] + high)


def _inside(box: Bbox, frame: Bbox) -> bool:
    return bool(box.x0 >= frame.x0 and box.x1 <= frame.x1 and box.y0 >= frame.y0 and box.y1 <= frame.y1)


def _moved(axis: Axes, label: Annotation, point: Floats, offset: Floats, height: float) -> Annotation:
    """Put a name at its place; a fine line leads from the point to a name far from it."""
    # Offsets in points, so that the name stays where it is at any resolution of the file.
    dpi = label.figure.dpi if label.figure else 100.0
    shift = offset * 72.0 / dpi
    label.set_anncoords("offset points")
    label.set_position((float(shift[0]), float(shift[1])))
    if float(np.hypot(*offset)) > _LED * height:
        line = {"arrowstyle": "-", "linewidth": 0.4, "color": "#707070", "shrinkB": 0.0}
        line["shrinkA"] = 0.6 * height * 72.0 / dpi
        axis.annotate("", tuple(point), xytext=tuple(shift), textcoords="offset points", arrowprops=line, zorder=4)
    return label
