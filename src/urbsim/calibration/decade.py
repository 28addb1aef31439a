"""Many counties simulated from the census of November 2010 to that of November 2020.

Counties are simulated in worlds of some hundred. A world has one scale, so counties are put together by size: each is
then sampled with about as many people, and small ones do not drown in noise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from urbsim.arrays import Floats, ratio
from urbsim.codes import Cause, Work, Zone
from urbsim.experiment.runner import Runner
from urbsim.experiment.simulate import Probe, Task
from urbsim.experiment.tables import Tables
from urbsim.labels import bilingual
from urbsim.months import CENSUS_YEARS, census_month
from urbsim.parameters import DatedValue
from urbsim.population import months_old
from urbsim.posterior import draws as stored
from urbsim.posterior.county_equation import outcomes_of
from urbsim.posterior.outcomes import AGE_GROUPS
from urbsim.region.tables import all_county_rows
from urbsim.scenario.model import Scenario
from urbsim.state.accounts import OTHER_COUNTY
from urbsim.state.constants import CountyConstants

if TYPE_CHECKING:
    from urbsim.model import UrbanizationModel


FIRST_MONTH, LAST_MONTH = census_month(CENSUS_YEARS[0]), census_month(CENSUS_YEARS[1]) - 1
SEED = 2020
#: People simulated per county at scale 1 of ``world_groups``, and the largest world.
PEOPLE = 1500
LARGEST_WORLD = 260
#: Name of the table that a simulated decade leaves.
COUNTIES = "counties"
#: Counties of a world differ in size by no more than this factor.
SIZE_RATIO = 2.5


@dataclass(frozen=True)
class CountyGroup:
    """Counties of similar size, simulated as one world at one scale."""

    codes: tuple[str, ...]
    scale: float


def world_groups(codes: Sequence[str], scale: float = 1.0, year: int = 2010) -> list[CountyGroup]:
    """Return counties of a census grouped by size; ``scale`` multiplies the people simulated per county.

    No county is sampled above one to one. The grouping depends on the counties only, so results do not depend on the
    number of workers.
    """
    rows = all_county_rows(year).set_index("code")["residents"]
    residents = {code: float(rows[code]) for code in sorted(codes)}
    classes: dict[int, list[str]] = {}
    for code, count in residents.items():
        classes.setdefault(int(np.floor(np.log(count) / np.log(SIZE_RATIO))), []).append(code)
    groups = []
    for _, members in sorted(classes.items()):
        parts = int(np.ceil(len(members) / LARGEST_WORLD))
        for part in np.array_split(np.array(members, dtype=object), parts):
            middle = float(np.median([residents[code] for code in part]))
            groups.append(CountyGroup(tuple(part), min(1.0, scale * PEOPLE / middle)))
    return groups


@dataclass(frozen=True)
class CensusToCensus(Probe):
    """The state of every county at both censuses, and what moved between them.

    One table ``counties`` with a row per ``code``. Columns as in ``outcomes.observed`` (the ages of 2020 only);
    ``local_2020`` and ``outgoing_2020``, people registered in villages who work outside farming, there and elsewhere;
    and
    over the decade, in persons: ``reclassified``; ``moved`` (net moves from villages to towns and seat of the same
    county); ``came`` (net moves to towns and seat from other counties and from outside, arrivals less departures).
    """

    relies_on: ClassVar[tuple[str, ...]] = ("urbsim.posterior.outcomes",)

    def observe(self, model: UrbanizationModel, months: Iterator[int]) -> Tables:
        """Simulate the decade and return the table."""
        codes = model.world.codes
        state = _state(model, "2010")
        reclassified, moved, came = (np.zeros(len(codes)) for _ in range(3))
        urban, outside = slice(Zone.TOWN, Zone.SEAT + 1), slice(Zone.NEAR, OTHER_COUNTY + 1)
        for _ in months:
            flows = model.world.accounts.flows
            reclassified += flows[:, Cause.RECLASSIFICATION, Zone.VILLAGE, urban].sum(axis=1)
            moves = flows[:, Cause.MOVE]
            moved += moves[:, Zone.VILLAGE, urban].sum(axis=1) - moves[:, urban, Zone.VILLAGE].sum(axis=1)
            between = flows[:, [Cause.MOVE, Cause.ARRIVAL, Cause.DEPARTURE]].sum(axis=1)
            came += between[:, outside, urban].sum(axis=(1, 2)) - between[:, urban, outside].sum(axis=(1, 2))
        weight = model.world.weight
        flows_table = {"reclassified": weight * reclassified, "moved": weight * moved, "came": weight * came}
        columns = {**state, **_state(model, "2020"), **_ages(model), **_migrant_workers(model), **flows_table}
        return {COUNTIES: pd.DataFrame({"code": list(codes), **columns})}


def province_groups(year: int, people: int) -> list[CountyGroup]:
    """Return the counties of every province as one world, about ``people`` simulated per county."""
    rows = all_county_rows(year)
    groups = []
    for _, part in rows.groupby(rows["code"].str[:2]):
        scale = min(1.0, people * len(part) / float(part["residents"].sum()))
        groups.append(CountyGroup(tuple(part["code"]), round(scale, 6)))
    # The largest first: the last to end should be a small one.
    return sorted(groups, key=lambda group: -len(group.codes))


def closed_group(year: int, people: int) -> CountyGroup:
    """Return all counties of all provinces as one world, about ``people`` simulated per county."""
    rows = all_county_rows(year).sort_values("code")
    return CountyGroup(tuple(rows["code"]), round(people * len(rows) / float(rows["residents"].sum()), 6))


def decade(
    group: CountyGroup,
    parameters: Mapping[str, DatedValue],
    constants: Floats,
    seed: int,
    stream: int,
    population: int = 0,
) -> Task:
    """Return the simulation of one group of counties from census to census.

    ``constants`` has one row per county: utility added to towns and seat, and to all places outside the county.
    ``population`` numbers the base population.
    """
    scenario = Scenario("decade", "world", group.codes, FIRST_MONTH, LAST_MONTH, group.scale, parameters=parameters)
    return Task(scenario, CountyConstants.of(constants).rows(), seed, stream, population, CensusToCensus())


def counties_of(tables: Tables) -> pd.DataFrame:
    """Return the counties of a simulated decade, indexed by code."""
    return tables[COUNTIES].set_index("code").rename_axis(None)


@dataclass(frozen=True)
class Prediction:
    """Simulated outcomes (urban share, log growth) of counties, shape (draws, counties, 2), in order of ``codes``."""

    codes: tuple[str, ...]
    outcomes: Floats


def simulate_counties(
    codes: Sequence[str],
    constants: Floats,
    draws: int,
    runner: Runner,
    *,
    scale: float = 1.0,
) -> Prediction:
    """Simulate counties from census to census under the first draws of the national parameters.

    ``constants`` (counties, 2) belong to ``codes`` in their order.
    """
    groups = world_groups(codes, scale)
    own = dict(zip(codes, constants, strict=True))
    numbers = [draw for draw in range(1, draws + 1) for _ in groups]
    tasks = [
        decade(
            group,
            stored.draw(draw, (), 2010).parameters,
            np.array([own[code] for code in group.codes]),
            SEED,
            draw,
            draw,
        )
        for draw, group in zip(numbers, groups * draws, strict=True)
    ]
    ordered = [code for group in groups for code in group.codes]
    found = np.zeros((draws, len(ordered), 2))
    first_of = np.cumsum([0, *(len(group.codes) for group in groups)])
    for position, tables in runner.tables(tasks, bilingual("simulated worlds", "模拟的世界")):
        number, group_number = divmod(position, len(groups))
        found[number, first_of[group_number] : first_of[group_number + 1]] = outcomes_of(counties_of(tables))
    rank = [ordered.index(code) for code in codes]
    return Prediction(tuple(codes), found[:, rank])


def _state(model: UrbanizationModel, year: str) -> dict[str, Floats]:
    tally, weight = model.world.tally, model.world.weight
    residents, urban = tally.residents, tally.urban
    employed = tally.work[:, :, 1:4].sum(axis=(1, 2))
    households = tally.households.sum(axis=(1, 2))
    rented = tally.households[:, :, [1, 3]].sum(axis=(1, 2))
    state: dict[str, Any] = {
        "residents": residents * weight,
        "urban": urban * weight,
        "share": ratio(urban, residents),
        "seat": tally.stocks[:, 2] * weight,
        "from_county": tally.registered_from[:, 0] * weight,
        "from_province": tally.registered_from[:, 1] * weight,
        "from_far": tally.registered_from[:, 2] * weight,
        "farm": ratio(tally.work[:, :, 1].sum(axis=1), employed),
        "rented": ratio(rented, households),
        "households": households * weight,
        "registered": tally.registered * weight,
        "registered_urban": tally.registered_urban * weight,
    }
    return {f"{name}_{year}": np.asarray(values, dtype=float) for name, values in state.items()}


def _migrant_workers(model: UrbanizationModel) -> dict[str, Floats]:
    """Return people registered in villages who work outside farming in 2020: in the villages, and elsewhere."""
    people, counties = model.world.population.people, len(model.world.codes)
    rural = (people.alive == 1) & (people.registration >= 0) & (people.registered_zone == Zone.VILLAGE)
    at_work = rural & np.isin(people.work, (Work.INDUSTRY, Work.SERVICES))
    at_home = (people.zone == Zone.VILLAGE) & (people.county == people.registration)
    groups = {"local_2020": at_work & at_home, "outgoing_2020": at_work & ~at_home}
    return {
        name: np.asarray(np.bincount(people.registration[who], minlength=counties) * model.world.weight, dtype=float)
        for name, who in groups.items()
    }


def _ages(model: UrbanizationModel) -> dict[str, Floats]:
    """Return residents by five-year age group in 2020."""
    people, counties = model.world.population.people, len(model.world.codes)
    here = (people.alive == 1) & (people.zone < Zone.NEAR)
    group = np.minimum(months_old(people.birth[here], model.month) // 60, len(AGE_GROUPS) - 1)
    county = people.county[here].astype(np.int64)
    counts = np.bincount(county * len(AGE_GROUPS) + group, minlength=counties * len(AGE_GROUPS))
    by_age = counts.reshape(counties, len(AGE_GROUPS)) * model.world.weight
    return {f"age_{age}_2020": np.asarray(by_age[:, number]) for number, age in enumerate(AGE_GROUPS)}
