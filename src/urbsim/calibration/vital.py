"""Births and deaths after 2020: by how much the model's rates are to be multiplied to give the published national ones.

Fertility and mortality by age come from World Population Prospects; the national statistics counted fewer deaths and,
for the people of the census, other births. All provinces are simulated from the census of 2020 with factors of one.
A year's published rate over the model's is the factor of that year, the first from the census on; the mean of the last
two years holds on, because births of single years follow the zodiac.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from urbsim.codes import Cause
from urbsim.experiment.runner import Runner
from urbsim.experiment.simulate import Probe, Task
from urbsim.experiment.tables import Tables
from urbsim.labels import bilingual
from urbsim.months import census_month, month_number, year_of
from urbsim.region.tables import series_table
from urbsim.scenario.model import Scenario
from urbsim.state.accounts import NOWHERE

if TYPE_CHECKING:
    from urbsim.calibration.decade import CountyGroup
    from urbsim.model import UrbanizationModel

_SEED = 2021
_TABLE = "events"
#: Years whose rates are met, and the parameters that meet them.
YEARS = (2021, 2022, 2023, 2024)
FACTORS = {"births": "demography.fertility_factor", "deaths": "demography.mortality_factor"}
#: Rates as the tables have them, whatever factors the registry holds from an earlier fit.
_AS_TABLED = dict.fromkeys(FACTORS.values(), 1.0)


@dataclass(frozen=True)
class Events(Probe):
    """Births and deaths of residents, and residents on average, by year; one table with these columns (persons)."""

    def observe(self, model: UrbanizationModel, months: Iterator[int]) -> Tables:
        """Simulate to the end and return the table."""
        rows = []
        for month in months:
            flows, tally = model.world.accounts.flows, model.world.tally
            births = flows[:, Cause.BIRTH, NOWHERE, :3].sum()
            deaths = flows[:, Cause.DEATH, :3, NOWHERE].sum()
            counts = np.array([births, deaths, tally.residents.sum() / 12.0]) * model.world.weight
            rows.append([year_of(month), *counts])
        table = pd.DataFrame(rows, columns=["year", *FACTORS, "residents"])
        return {_TABLE: table.groupby("year", as_index=False).sum()}


def vital_factors(groups: Sequence[CountyGroup], runner: Runner) -> dict[str, dict[int, float]]:
    """Return the factors of births and deaths by parameter and first month, from the census of 2020 on.

    ``groups`` are the worlds that together stand for the country.
    """
    first, last = census_month(2020), month_number(YEARS[-1], 12)
    tasks = [
        Task(
            Scenario("vital", "world", group.codes, first, last, group.scale, parameters=_AS_TABLED),
            ((0.0, 0.0, 0.0, 0.0),) * len(group.codes),
            _SEED,
            0,
            probe=Events(),
        )
        for group in groups
    ]
    tables = [
        tables[_TABLE]
        for _, tables in runner.tables(tasks, bilingual("births and deaths after 2020", "2020 年以后的出生和死亡"))
    ]
    seen = pd.concat(tables).groupby("year").sum().loc[list(YEARS)]
    found = {}
    for event, parameter in FACTORS.items():
        rates = (seen[event] / seen["residents"]).to_numpy(dtype=float)
        published = _published(event)
        wanted = [published[year] for year in YEARS]
        found[parameter] = _dated(dict(zip(YEARS, (np.array(wanted) / rates).tolist(), strict=True)))
    return found


def _published(event: str) -> dict[int, float]:
    """Return the published national rate of an event per person-year, by year."""
    rows = series_table().query("place == 'CN'")
    rows = rows[rows["indicator"] == f"{event[:-1]}_rate"]
    return {int(year): float(value) for year, value in zip(rows["year"], rows["value"], strict=True)}


def _dated(factors: dict[int, float]) -> dict[int, float]:
    """Return factors by first month: the first from the census on, the mean of the last two years after the last."""
    starts = {month_number(year, 1): factor for year, factor in factors.items() if year > YEARS[0]}
    later = float(np.mean([factors[year] for year in YEARS[-2:]]))
    return {census_month(2020): factors[YEARS[0]], **starts, month_number(YEARS[-1] + 1, 1): later}
