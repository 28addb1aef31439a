"""The charts of a run folder, each drawn from a table that is written beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from urbsim.experiment.ensemble import Ensemble
from urbsim.experiment.observed import observed_in_counties, observed_indicators
from urbsim.labels import Language
from urbsim.report.charts.counties import county_ranking, urbanization_of_counties
from urbsim.report.charts.differences import DIFFERENCE, difference_chart
from urbsim.report.charts.growth import growth_chart
from urbsim.report.charts.maps import county_maps, map_names
from urbsim.report.charts.spending import spending_chart, spending_table
from urbsim.report.charts.style import Chart
from urbsim.report.charts.targets import targets_chart
from urbsim.report.charts.trajectory import CHART_OF_SEVERAL, county_trajectory, trajectories, trajectory

_URBANIZATION = ("urbanization_rate", "registered_urbanization_rate")
_WHERE = ("village_residents", "town_residents", "seat_residents", "absent_registered")
_SEVERAL = {"urbanization": _URBANIZATION, "residents_by_zone": _WHERE}
_CHANGES = (*_URBANIZATION, "seat_residents", "employment_rate", "school_places_per_pupil", "public_spending")


def chart_tables(ensemble: Ensemble, indicators: Sequence[str] = (), *, only: bool = False) -> dict[str, pd.DataFrame]:
    """Return the tables of ``all_charts`` by name, in their order, without drawing anything."""
    asked = tuple(dict.fromkeys(indicators))
    found = {indicator: ensemble.over_time((indicator,)) for indicator in asked}
    compared = len(ensemble.names) > 1
    if only and asked:
        return {**found, **({DIFFERENCE: ensemble.differences(asked)} if compared else {})}
    found |= {name: ensemble.over_time(several) for name, several in _SEVERAL.items()}
    for indicator in ("seat_residents", *observed_indicators(ensemble.plan)):
        found.setdefault(indicator, ensemble.over_time((indicator,)))
    for place, indicator in observed_in_counties(ensemble.plan):
        found[f"{indicator}-{place}"] = ensemble.over_time((indicator,), place)
    targets, spent = ensemble.targets(), spending_table(ensemble)
    found |= {"targets": targets} if (targets["runs"] > 0).any() else {}
    found["urban_growth_by_component"] = ensemble.urban_growth()
    found |= {DIFFERENCE: ensemble.differences(tuple(dict.fromkeys((*asked, *_CHANGES))))} if compared else {}
    found |= {"policy_spending_by_lever": spent} if len(spent) else {}
    if len(ensemble.plan.baseline.counties) > 1:
        found |= dict.fromkeys(("urbanization_by_county", *map_names(ensemble)), urbanization_of_counties(ensemble))
    return found


def all_charts(
    ensemble: Ensemble, language: Language, indicators: Sequence[str] = (), *, only: bool = False
) -> Iterator[Chart]:
    """Yield one chart for each of the indicators, and then every other that the ensemble has data for.

    With ``only``, and indicators, the others are those of the differences in these.
    """
    for indicator in dict.fromkeys(indicators):
        yield trajectory(ensemble, indicator, language=language)
    if only and indicators:
        if len(ensemble.names) > 1:
            yield difference_chart(ensemble, tuple(dict.fromkeys(indicators)), language)
        return
    for name, several in _SEVERAL.items():
        title = CHART_OF_SEVERAL[name].in_language(language)
        yield trajectories(ensemble, several, name, title, language=language)
    for indicator in dict.fromkeys(("seat_residents", *observed_indicators(ensemble.plan))):
        if indicator not in indicators:
            yield trajectory(ensemble, indicator, language=language)
    for place, indicator in observed_in_counties(ensemble.plan):
        yield county_trajectory(ensemble, indicator, place, language)
    targets = targets_chart(ensemble, language)
    if targets is not None:
        yield targets
    yield growth_chart(ensemble, language)
    if len(ensemble.names) > 1:
        yield difference_chart(ensemble, tuple(dict.fromkeys((*indicators, *_CHANGES))), language)
    spending = spending_chart(ensemble, language)
    if spending is not None:
        yield spending
    if len(ensemble.plan.baseline.counties) > 1:
        yield county_ranking(ensemble, language)
        yield from county_maps(ensemble, language)
