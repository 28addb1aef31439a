"""Counties simulated from a census, and their residents counted at some later months."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from urbsim.arrays import Floats
from urbsim.experiment.simulate import Probe, Task
from urbsim.experiment.tables import Tables
from urbsim.months import census_month
from urbsim.scenario.model import Scenario

if TYPE_CHECKING:
    from urbsim.calibration.decade import CountyGroup
    from urbsim.model import UrbanizationModel
    from urbsim.posterior.draws import Draw

_TABLE = "snapshots"


@dataclass(frozen=True)
class Snapshots(Probe):
    """Residents and urban residents of every county before the first month and at the end of some months.

    One table with ``code``, ``month`` (0 for the start), ``residents``, ``urban`` (persons).
    """

    relies_on: ClassVar[tuple[str, ...]] = ("urbsim.calibration.decade",)
    months: tuple[int, ...] = ()

    def observe(self, model: UrbanizationModel, months: Iterator[int]) -> Tables:
        """Simulate to the last of the months and return the table."""
        parts = [_count(model, 0)]
        parts += [_count(model, month) for month in months if month in self.months]
        return {_TABLE: pd.concat(parts, ignore_index=True)}


def _count(model: UrbanizationModel, month: int) -> pd.DataFrame:
    tally, weight = model.world.tally, model.world.weight
    counts = {"residents": tally.residents * weight, "urban": tally.urban * weight}
    return pd.DataFrame({"code": list(model.world.codes), "month": month, **counts})


def from_census(group: CountyGroup, year: int, months: Sequence[int], drawn: Draw, chance: tuple[int, int]) -> Task:
    """Return the simulation of a group of counties from the census of ``year``, counted at the end of ``months``.

    ``drawn`` holds parameters and the constants of the group's counties in their order, ``chance`` the seed and the
    number of the random stream.
    """
    last = max(months)
    scenario = Scenario(
        "census", "world", group.codes, census_month(year), last, group.scale, parameters=drawn.parameters
    )
    return Task(scenario, drawn.constants.rows(), *chance, probe=Snapshots(tuple(months)))


def snapshots_of(tables: Tables) -> pd.DataFrame:
    """Return the counts of a simulation, indexed by code and month."""
    return tables[_TABLE].set_index(["code", "month"])


def change_of(snapshots: pd.DataFrame, start_share: Floats, month: int) -> Floats:
    """Return the urban share and the log growth of residents at the end of ``month``, shape (n, 2), in order of code.

    The change since the sampled start is added to the share of the census, so that the noise of drawing a small
    sample's start does not count.
    """
    first, last = (snapshots.xs(number, level="month").sort_index() for number in (0, month))
    share = (last["urban"] / last["residents"] - first["urban"] / first["residents"]).to_numpy(dtype=float)
    growth = np.log((last["residents"] / first["residents"]).to_numpy(dtype=float))
    return np.stack([start_share + share, growth], axis=1)
