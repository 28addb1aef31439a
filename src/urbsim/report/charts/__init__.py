"""The charts of a run folder, each drawn from a table that is written beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from urbsim.experiment.ensemble import Ensemble
from urbsim.experiment.observed import observed_in_counties, observed_indicators
from urbsim.labels import Label, Language
from urbsim.report.charts.counties import county_ranking
from urbsim.report.charts.differences import difference_chart
from urbsim.report.charts.growth import growth_chart
from urbsim.report.charts.maps import county_maps
from urbsim.report.charts.spending import spending_chart
from urbsim.report.charts.style import Chart
from urbsim.report.charts.targets import targets_chart
from urbsim.report.charts.trajectory import county_trajectory, trajectories, trajectory

_URBANIZATION = ("urbanization_rate", "registered_urbanization_rate")
_WHERE = ("village_residents", "town_residents", "seat_residents", "absent_registered")
_CHANGES = (*_URBANIZATION, "seat_residents", "employment_rate", "school_places_per_pupil", "public_spending")


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
    title = Label("Urbanization: by residence and by registration (hukou)", "常住人口与户籍人口城镇化率")
    yield trajectories(ensemble, _URBANIZATION, "urbanization", title.in_language(language), language=language)
    title = Label("Where people live", "人口的居住分布")
    yield trajectories(ensemble, _WHERE, "residents_by_zone", title.in_language(language), language=language)
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
