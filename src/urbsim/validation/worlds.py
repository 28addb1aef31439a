"""The worlds that experiments compare: counties in neighbouring pairs, of which one is treated, followed over years.

Counties are drawn evenly over the urban share of 2010 from the whole country, each with its nearest neighbour of the
same province and similar size. In every replicate chance decides who of a pair is treated. Each replicate takes a draw
of parameters and county constants from the posterior of the calibration, and has random numbers of its own, the same in
all its worlds, so a person can also be compared with her own twin in a world without the policy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from urbsim.arrays import Floats, Mask
from urbsim.experiment.simulate import Probe, Task
from urbsim.experiment.tables import Tables
from urbsim.months import CENSUS_YEARS, census_month, format_month, month_number, year_of
from urbsim.parameters import DatedValue, overlay, registry
from urbsim.policies.base import Policy
from urbsim.posterior.draws import Draw, available_draws, draw
from urbsim.posterior.outcomes import observed, testing, training
from urbsim.region.distances import great_circle, positions
from urbsim.scenario.model import Scenario
from urbsim.state.constants import CountyConstants
from urbsim.validation.survey import Survey, take_survey

if TYPE_CHECKING:
    from urbsim.model import UrbanizationModel


#: First month simulated, and of most studies the month of the first survey, the first month of the policies, and the
#: month of the last survey. Surveys are taken in January, when all earnings are renewed.
FIRST = census_month(CENSUS_YEARS[0])
BEFORE, POLICY, AFTER = (month_number(*month) for month in ((2012, 1), (2012, 2), (2015, 1)))
#: The same of studies of the first years after the census, and last surveys of studies that follow people longer.
EARLY_BEFORE, EARLY_POLICY, EARLY_AFTER = (month_number(*month) for month in ((2011, 1), (2011, 2), (2013, 1)))
YEAR_2, YEAR_4, AUTUMN, DECADE, GROWN = (
    month_number(*month) for month in ((2014, 1), (2016, 1), (2016, 9), (2020, 11), (2022, 1))
)
#: The first month of the policies as a scenario writes it.
WRITTEN, WRITTEN_EARLY = format_month(POLICY), format_month(EARLY_POLICY)
#: When most studies look.
USUAL = (BEFORE, POLICY, AFTER)
#: When the worlds without any change are looked at: one for studies of a few years, one for those that follow longer.
FEW_YEARS = (EARLY_BEFORE, EARLY_POLICY, BEFORE, POLICY, EARLY_AFTER, YEAR_2, AFTER, YEAR_4, AUTUMN)
LONGER = (BEFORE, POLICY, DECADE, GROWN)
#: Residents in 2010 of the counties drawn: one scale then serves all.
SIZES = (150_000, 700_000)
SEED = 2012


@dataclass(frozen=True)
class ExperimentSize:
    """How large the experiments are: pairs of counties, people simulated per county, and replicates."""

    pairs: int
    people: int
    replicates: int


FULL = ExperimentSize(pairs=10, people=1_000, replicates=12)
QUICK = ExperimentSize(pairs=8, people=500, replicates=2)


@dataclass(frozen=True)
class Change:
    """What makes a world differ from the plain one."""

    policies: Mapping[str, Policy] = field(default_factory=dict)
    parameters: Mapping[str, DatedValue] = field(default_factory=dict)
    frozen: tuple[str, ...] = ()


@dataclass(frozen=True)
class Field:
    """The counties of one replicate, in order of code, and which are treated.

    ``partner`` holds the position of each county's neighbour. ``parameters`` and ``constants`` are those of the
    replicate's draw.
    """

    codes: tuple[str, ...]
    residents: Floats
    treated: Mask
    partner: NDArray[np.int64]
    scale: float
    replicate: int
    parameters: Mapping[str, DatedValue]
    constants: CountyConstants

    @property
    def treated_codes(self) -> tuple[str, ...]:
        """Codes of the treated counties."""
        return tuple(code for code, chosen in zip(self.codes, self.treated, strict=True) if chosen)

    def value(self, name: str) -> float:
        """Return the value of an undated parameter in this replicate."""
        value = self.parameters.get(name, registry()[name].value)
        assert isinstance(value, (int, float)), f"{name} is dated"
        return float(value)

    def in_each(self, name: str, policy: Callable[[str, float], Policy]) -> dict[str, Policy]:
        """Return one policy per treated county, made from its code and residents, for amounts that go by size."""
        chosen = np.flatnonzero(self.treated)
        return {f"{name}-{self.codes[c]}": policy(self.codes[c], float(self.residents[c])) for c in chosen}


@dataclass(frozen=True)
class Observed:
    """The surveys of one world by month."""

    surveys: Mapping[int, Survey]

    def at(self, month: int) -> Survey:
        """Return the survey of a month."""
        return self.surveys[month]

    @property
    def before(self) -> Survey:
        """The survey before the policies of most studies."""
        return self.surveys[BEFORE]

    @property
    def first(self) -> Survey:
        """That at the end of their first month."""
        return self.surveys[POLICY]

    @property
    def after(self) -> Survey:
        """That three years later."""
        return self.surveys[AFTER]


def county_pairs(count: int) -> list[tuple[str, str]]:
    """Return pairs of neighbouring counties, drawn evenly over the urban share of 2010."""
    table = observed()
    known = training(table) | testing(table)  # the second test is not looked at to choose anything
    table = table[known & table["residents_2010"].between(*SIZES)].sort_values("share_2010")
    place = positions(tuple(table.index))
    rng = np.random.default_rng(SEED)
    pairs: list[tuple[str, str]] = []
    taken: set[str] = set()
    for stratum in np.array_split(np.arange(len(table)), count):
        for one in rng.permutation(stratum):
            code = str(table.index[one])
            free = (table["province"] == table["province"].iloc[one]) & ~table.index.isin([*taken, code])
            if code in taken or not free.any():
                continue
            apart = np.where(free, great_circle(place[[one]], place)[0], np.inf)
            pairs.append((code, str(table.index[int(np.argmin(apart))])))
            taken.update(pairs[-1])
            break
    return pairs


@cache
def _pairs(count: int) -> tuple[tuple[str, str], ...]:
    return tuple(county_pairs(count))


def counties_of_pairs(setting: ExperimentSize) -> tuple[str, ...]:
    """Return the codes of the counties of experiments, in order."""
    return tuple(sorted(code for pair in _pairs(setting.pairs) for code in pair))


def make_field(setting: ExperimentSize, replicate: int, drawn: Draw | None = None) -> Field:
    """Return the counties of a replicate; chance decides who of each pair is treated.

    ``drawn`` holds parameters and constants; without it a draw of the posterior does, a new one for each replicate.
    """
    pairs, codes = _pairs(setting.pairs), counties_of_pairs(setting)
    rng = np.random.default_rng([SEED, replicate])
    treated = {pair[side] for pair, side in zip(pairs, rng.integers(0, 2, len(pairs)), strict=True)}
    neighbour = {one: other for pair in pairs for one, other in (pair, pair[::-1])}
    residents = observed().loc[list(codes), "residents_2010"].to_numpy(dtype=float)
    drawn = drawn or draw(min(replicate + 1, available_draws()), codes, year_of(FIRST))
    return Field(
        codes,
        residents,
        np.array([code in treated for code in codes]),
        np.array([codes.index(neighbour[code]) for code in codes]),
        min(1.0, setting.people * len(codes) / float(residents.sum())),
        replicate,
        drawn.parameters,
        drawn.constants,
    )


def scenario_of(ground: Field, change: Change, until: int = AFTER) -> Scenario:
    """Return the scenario of a world."""
    return Scenario(
        "experiment",
        "world",
        ground.codes,
        FIRST,
        until,
        ground.scale,
        parameters=overlay(ground.parameters, change.parameters),
        policies=change.policies,
        feedbacks=dict.fromkeys(change.frozen, False),
    )


@dataclass(frozen=True)
class Surveys(Probe):
    """Surveys at the end of some months: tables ``people-N`` and ``counties-N`` for the N-th of them."""

    relies_on: ClassVar[tuple[str, ...]] = ("urbsim.validation.survey",)
    at: tuple[int, ...] = USUAL

    def observe(self, model: UrbanizationModel, months: Iterator[int]) -> Tables:
        """Simulate to the last of the months and return the surveys."""
        found: Tables = {}
        for month in months:
            if month in self.at:
                survey, number = take_survey(model), self.at.index(month)
                found[f"people-{number}"] = survey.people.rename_axis("key").reset_index()
                found[f"counties-{number}"] = survey.counties
        return found


def world_task(ground: Field, change: Change, months: Sequence[int] = USUAL) -> Task:
    """Return the simulation of one world, with surveys; worlds of a replicate share population and random stream."""
    scenario = scenario_of(ground, change, max(months))
    return Task(scenario, ground.constants.rows(), SEED, ground.replicate, probe=Surveys(tuple(months)))


def observed_in(tables: Tables, months: Sequence[int] = USUAL) -> Observed:
    """Return the surveys of a world that was looked at in some months."""
    found = {
        month: Survey(tables[f"people-{n}"].set_index("key"), tables[f"counties-{n}"]) for n, month in enumerate(months)
    }
    return Observed(found)
