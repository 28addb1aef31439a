"""The charts of the report as specifications of Vega-Lite, drawn from the tables that files of charts show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import pandas as pd

from urbsim.experiment.ensemble import Ensemble
from urbsim.labels import Language
from urbsim.report.hover.bars import growth_figure, spending_figure
from urbsim.report.hover.counties import ranking_figure
from urbsim.report.hover.figure import Hover
from urbsim.report.hover.lines import difference_figure, trajectory_figure
from urbsim.report.hover.maps import map_figures
from urbsim.report.hover.targets import targets_figure

_BARS = {"urban_growth_by_component": growth_figure, "policy_spending_by_lever": spending_figure}
_MAPS = ("county_map", "county_change_map", "county_difference_map")


def hover_figures(ensemble: Ensemble, tables: Mapping[str, pd.DataFrame], language: Language) -> Iterator[Hover]:
    """Yield the figure of every chart by whose name there is a table, in the order of the tables."""
    maps: dict[str, Hover] = {}
    if any(name in _MAPS for name in tables):
        maps = {figure.name: figure for figure in map_figures(ensemble, tables["county_map"], language)}
    for name, table in tables.items():
        if name in _BARS:
            yield _BARS[name](ensemble, table, language)
        elif name == "targets":
            yield targets_figure(ensemble, language)
        elif name == "difference_from_baseline":
            yield difference_figure(ensemble, table, language)
        elif name == "urbanization_by_county":
            yield ranking_figure(ensemble, table, language)
        elif name in maps:
            yield maps[name]
        elif name not in _MAPS:
            yield trajectory_figure(ensemble, name, table, language)


def shown_columns(figures: Iterable[Hover], tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the tables that figures look values up in, by name."""
    named = {figure.name for figure in figures if figure.looks_up}
    return {name: table for name, table in tables.items() if name in named}
