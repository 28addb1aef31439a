"""The base population of a scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbsim.parameters import Parameters
from urbsim.randomness import Randomness
from urbsim.region.synthesis import BasePopulation, synthesise
from urbsim.region.tables import county_rows

if TYPE_CHECKING:
    from urbsim.scenario.model import Scenario


def base_population(scenario: Scenario, seed: int, replicate: int) -> BasePopulation:
    """Synthesise the population of a scenario's counties at its start and scale.

    It depends on region, start, scale, seed, replicate and the ``synthesis`` parameters only, so that scenarios that
    share these can start from copies of one base.
    """
    rows = county_rows(scenario.counties, scenario.base_year)
    values = Parameters(scenario.parameters).at(scenario.start)
    return synthesise(rows, scenario.start, scenario.scale, Randomness(seed, replicate), values)
