"""The start of the simplified county, taken from urbsim: its base population, parameters and vital rates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rules import Start
from urbsim.months import year_of
from urbsim.parameters import Parameters
from urbsim.processes.schooling import college_chance
from urbsim.region.distances import distances
from urbsim.region.tables import county_rows
from urbsim.state.vital_rates import VitalRates

if TYPE_CHECKING:
    from urbsim.population import Population
    from urbsim.scenario.model import Scenario

YEARS = 30  # for which vital rates are handed over


def start_of(scenario: Scenario, population: Population) -> Start:
    """Return the start of a scenario of one county; policies are ignored."""
    values = Parameters(scenario.parameters).at(scenario.start)
    every = distances(county_rows(scenario.counties, scenario.base_year), values).km[0]
    years = range(year_of(scenario.start), year_of(scenario.start) + YEARS)
    people = {
        name: population.people[name].astype(np.int64)
        for name in ("birth", "female", "zone", "schooling", "stage", "work", "spouse", "mother")
    }
    return Start(
        month=scenario.start - 1,
        values={**{name: float(value) for name, value in values.items()}, "college_chance": college_chance(values)},
        km=np.array([every[position] for position in (0, 1, 2, 4, 5)]),  # less the seats of other counties
        mortality=np.array([VitalRates.mortality(year) for year in years]),
        fertility=np.array([VitalRates.fertility(year) for year in years]),
        people={**people, "registered_here": (population.people.registration >= 0).astype(np.int64)},
    )
