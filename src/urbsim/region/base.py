"""The base population of a scenario."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from urbsim.parameters import Parameters
from urbsim.randomness import Randomness
from urbsim.region.figures import with_registered
from urbsim.region.tables import county_rows

if TYPE_CHECKING:
    from urbsim.region.synthesis import BasePopulation
    from urbsim.scenario.model import Scenario


def base_population(scenario: Scenario, seed: int, replicate: int) -> BasePopulation:
    """Synthesise the population of a scenario's counties at its census and scale.

    It depends on region, census, scale, seed, replicate, ``synthesis_values`` and registered populations that are given
    only, so that scenarios that share these can start from copies of one base.
    """
    from urbsim.region.synthesis import synthesise

    rows = with_registered(county_rows(scenario.counties, scenario.base_year), scenario.county_data)
    return synthesise(rows, scenario.census, scenario.scale, Randomness(seed, replicate), synthesis_values(scenario))


def synthesis_values(scenario: Scenario) -> Mapping[str, float]:
    """Return the parameters that a base population is made with: those named ``synthesis.*``, at the census."""
    values = Parameters(scenario.parameters).at(scenario.census)
    return {name: value for name, value in values.items() if name.startswith("synthesis.")}
