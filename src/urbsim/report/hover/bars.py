"""Bars by year: where urban growth comes from, and what policies cost; a panel for each scenario, one scale for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from urbsim.experiment.ensemble import Ensemble
from urbsim.labels import Label, Language
from urbsim.report import text
from urbsim.report.charts.growth import COLOURS, COMPONENTS, GROWTH_TITLE, growth_format
from urbsim.report.charts.spending import LEVERS_SHOWN, OTHERS, SPENDING_TITLE, lever_title, yuan_of
from urbsim.report.charts.style import GREY, PALETTE
from urbsim.report.hover.figure import (
    HEIGHT,
    TABLE,
    Coordinates,
    Hover,
    LegendKey,
    Spec,
    bounds_of,
    chosen,
    hovered,
    number_format,
    value_axis,
)

_YEAR, _MONTHS = Label("year", "年份"), Label("months of the year", "当年月数")
_OTHER = "other levers"
_PALE = 0.45  # of the bar of a year that is not whole


class _Bars(NamedTuple):
    """What bars show: a table with ``part`` and ``amount``, how a browser gets there, and how parts look."""

    table: pd.DataFrame
    transform: list[Spec]
    names: Mapping[str, str]
    shades: Mapping[str, str]
    unit: str
    decimals: int


def growth_figure(ensemble: Ensemble, table: pd.DataFrame, language: Language) -> Hover:
    """Return the figure of the components of urban growth by year."""
    names = {name: label.in_language(language) for name, label in COMPONENTS.items()}
    shades = dict(zip(COMPONENTS, COLOURS, strict=True))
    people = growth_format(table, language)
    kept = table[table["component"].isin(list(COMPONENTS))].rename(columns={"component": "part"})
    kept = kept.assign(amount=kept["persons"] * people.factor)
    transform = [_calculated("datum.component", "part"), _calculated(f"datum.persons * {people.factor!r}", "sum")]
    bars = _Bars(kept, transform, names, shades, people.unit.in_language(language), people.decimals)
    panels = _panels(ensemble, ensemble.names, bars, language)
    title = GROWTH_TITLE.in_language(language)
    return Hover("urban_growth_by_component", title, _keys(names, shades), panels, text.source_note(ensemble, language))


def spending_figure(ensemble: Ensemble, table: pd.DataFrame, language: Language) -> Hover:
    """Return the figure of spending on policies by lever and year; small levers are drawn together."""
    levers = [str(name) for name in table.groupby("lever")["yuan"].sum().sort_values(ascending=False).index]
    shown = levers if len(levers) <= LEVERS_SHOWN + 1 else levers[:LEVERS_SHOWN]
    names = {lever: lever_title(ensemble, lever, language) for lever in shown}
    if len(shown) < len(levers):
        names[_OTHER] = OTHERS.in_language(language)
    shades = dict(zip(names, PALETTE[1:], strict=False))
    listed = ", ".join(f"'{lever}'" for lever in shown)
    of_lever = f"indexof([{listed}], datum.lever) >= 0 ? datum.lever : '{_OTHER}'"
    yuan = yuan_of(table, language)
    transform = [_calculated(of_lever, "part"), _calculated(f"datum.yuan * {yuan.factor!r}", "sum")]
    parts = table["lever"].where(table["lever"].isin(shown), _OTHER)
    kept = table.assign(part=parts, amount=table["yuan"] * yuan.factor)
    spenders = [name for name in ensemble.names if (table["scenario"] == name).any()]
    bars = _Bars(kept, transform, names, shades, yuan.unit.in_language(language), yuan.decimals)
    panels = _panels(ensemble, spenders, bars, language)
    title = SPENDING_TITLE.in_language(language)
    return Hover("policy_spending_by_lever", title, _keys(names, shades), panels, text.source_note(ensemble, language))


def _keys(names: Mapping[str, str], shades: Mapping[str, str]) -> tuple[LegendKey, ...]:
    return tuple(LegendKey(title, "bar", shades[name], place) for place, (name, title) in enumerate(names.items()))


def _calculated(expression: str, name: str) -> Spec:
    return {"calculate": expression, "as": name}


def _panels(ensemble: Ensemble, scenarios: Sequence[str], bars: _Bars, language: Language) -> tuple[Coordinates, ...]:
    """Return a panel for each scenario."""
    known = ", ".join(f"'{name}': '{_plain(title)}'" for name, title in bars.names.items())
    fills = [f"url(#bar-{place}-{shade.removeprefix('#')})" for place, shade in enumerate(bars.shades.values())]
    years = list(ensemble.months_of_years)
    lines = [
        hovered(" ", "named"),
        hovered(_YEAR.in_language(language), "year"),
        hovered(bars.unit, "sum", number_format(bars.decimals)),
        hovered(_MONTHS.in_language(language), "months"),
    ]
    bar: Spec = {
        "mark": {"type": "bar", "stroke": "white", "strokeWidth": 0.5, "width": {"band": 0.82}},
        "encoding": {
            "x": {"field": "year", "type": "ordinal", "scale": {"domain": years}, "axis": _years_axis(years)},
            "y": {**value_axis("sum", bars.unit, _heights(bars.table), zero=True), "stack": "zero"},
            "fill": {
                "field": "part",
                "type": "nominal",
                "scale": {"domain": list(bars.names), "range": fills},
                "legend": None,
            },
            "order": {"field": "rank", "type": "quantitative"},
            "fillOpacity": {"condition": {"test": "datum.months < 12", "value": _PALE}, "value": 1},
            "tooltip": lines,
        },
    }
    ranked: list[Spec] = [
        {"calculate": f"{{{known}}}[datum.part]", "as": "named"},
        {"calculate": f"indexof({list(bars.names)!r}, datum.part)", "as": "rank"},
        {
            "aggregate": [{"op": "sum", "field": "sum", "as": "sum"}],
            "groupby": ["year", "months", "part", "named", "rank"],
        },
    ]
    zero = {"mark": {"type": "rule", "color": GREY}, "encoding": {"y": {"datum": 0}}}
    titles = ensemble.titles(language)
    return tuple(
        Coordinates(
            titles[name],
            {
                "data": {"name": TABLE},
                "transform": [*chosen(scenario=name), *bars.transform, *ranked],
                "height": HEIGHT,
                "layer": [bar, zero],
            },
        )
        for name in scenarios
    )


def _plain(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")


def _years_axis(years: Sequence[int]) -> Spec:
    step = max(1, round(len(years) / 6))
    return {"title": None, "labelAngle": 0, "values": years[::step], "ticks": False}


def _heights(table: pd.DataFrame) -> tuple[float, float] | None:
    """Return the lowest and highest end of any bar of any scenario."""
    ends = [0.0]
    for _, rows in table.groupby(["scenario", "year"], observed=True)["amount"]:
        ends += [float(rows[rows > 0].sum()), float(rows[rows < 0].sum())]
    found = bounds_of(ends)
    return None if found is None else (min(found[0], 0.0) if min(ends) < 0 else 0.0, found[1])
