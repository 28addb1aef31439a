"""The report of a run folder: one HTML file in English and Chinese that needs no network."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import jinja2
import pandas as pd
from markupsafe import Markup

from urbsim.experiment.ensemble import Ensemble
from urbsim.labels import Language, printable
from urbsim.report.body import Body, Shown, body_of, tables_of, title_of, view_id
from urbsim.report.fonts import font_face
from urbsim.report.hover.maps import GEOGRAPHY, geography

_FONT_MARK, _PROGRAM_MARK = "/* font */", "/* program */"
_LIBRARIES = ("vega.min.js", "vega-lite.min.js", "vega-embed.min.js")
_LANGUAGES: tuple[Language, ...] = ("en", "zh")
_BYTE = re.compile(r"(?<!\\)\\x([0-9a-f]{2})")  # how ``printable`` writes some characters, which is no JSON
_FIGURES = 7  # significant figures of the numbers behind a chart


def report_page(
    ensemble: Ensemble,
    record: Mapping[str, Any],
    language: Language = "en",
    shown: Shown | None = None,
) -> str:
    """Return the report as HTML, in both languages.

    Parameters
    ----------
    ensemble
        What was simulated.
    record
        The manifest of the run folder: command, versions and commit are shown from it.
    language
        Language shown first.
    shown
        Indicators shown before the usual ones or in their place, and what other commands found out.
    """
    shown = shown or Shown()
    order = (language, *(each for each in _LANGUAGES if each != language))
    tables = tables_of(ensemble, shown)
    bodies = [body_of(ensemble, tables, record, shown, each) for each in order]
    written = _templates().get_template("body.html.j2")
    page: str = (
        _templates()
        .get_template("report.html.j2")
        .render(
            language=language,
            title=title_of(ensemble, language),
            bodies=[{"language": body.language, "html": Markup(written.render(**body.context))} for body in bodies],
            bars=sorted(
                {(key.position, key.colour) for body in bodies for figure in body.figures for key in figure.keys}
            ),
            style=_resource("report.css"),
            data=_data(ensemble, bodies, tables),
            font_face=_FONT_MARK,
            program=_PROGRAM_MARK,
        )
    )
    return page.replace(_FONT_MARK, font_face(page), 1).replace(_PROGRAM_MARK, _program(), 1)


@cache
def _templates() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("urbsim.report"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_visible,
    )


def _visible(value: Any) -> Any:
    """Return what a template is about to show, its control characters written as escapes."""
    return printable(value) if type(value) is str else value


def _resource(name: str) -> str:
    return files("urbsim.report").joinpath("templates", name).read_text(encoding="utf-8")


@cache
def _program() -> str:
    """Return what draws the charts: the libraries that the local page uses too, and the report's own few lines."""
    vendor = files("urbsim").joinpath("page", "static", "vendor")
    libraries = [vendor.joinpath(name).read_text(encoding="utf-8") for name in _LIBRARIES]
    return "\n".join([*libraries, _resource("report.js")])


def _data(ensemble: Ensemble, bodies: Sequence[Body], tables: Mapping[str, pd.DataFrame]) -> str:
    """Return the numbers behind the charts, once for both languages, and what is drawn of them, as JSON."""
    needed = {figure.name for body in bodies for figure in body.figures if figure.looks_up}
    panels = {
        body.language: [
            [view_id(body.language, figure.name, number), figure.name if figure.looks_up else None, panel.spec]
            for figure in body.figures
            for number, panel in enumerate(figure.panels)
        ]
        for body in bodies
    }
    has_maps = any("map" in figure.name for body in bodies for figure in body.figures)
    found = {
        "tables": {name: _columns(tables[name]) for name in tables if name in needed},
        GEOGRAPHY: geography(ensemble.plan.baseline.counties) if has_maps else [],
        "panels": panels,
    }
    plain = json.dumps(found, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    # Inside an element of a page no text may end it, and none may change the direction of writing.
    return _BYTE.sub(r"\\u00\1", printable(plain)).replace("<", "\\u003c")


def _columns(table: pd.DataFrame) -> dict[str, Any]:
    """Return a table as the names of its columns and its rows, with what is missing as null."""
    plain = table.astype(object).where(table.notna(), None)
    rows = [[_short(value) for value in row] for row in plain.itertuples(index=False, name=None)]
    return {"columns": [str(name) for name in table.columns], "rows": rows}


def _short(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.{_FIGURES}g}")
    return value.item() if hasattr(value, "item") else value
