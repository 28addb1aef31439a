"""The worlds that experiments compare: places in neighbouring pairs, of which one is treated, followed over years.

In every replicate chance decides who of a pair is treated. Each replicate takes a draw of parameters and county
constants from the posterior of the calibration, and has random numbers of its own, the same in all its worlds, so a
person can also be compared with her own twin in a world without the policy. Which counties and districts they are:
``places``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from urbsim.arrays import Floats, Mask
from urbsim.experiment.simulate import Probe, Task
from urbsim.experiment.tables import Tables
from urbsim.months import CENSUS_YEARS, census_month, format_month, month_number, year_of
from urbsim.parameters import DatedValue, overlay, registry
from urbsim.policies.base import Policy
from urbsim.posterior.draws import Draw, available_draws, draw
from urbsim.region.tables import all_county_rows
from urbsim.scenario.model import Scenario
from urbsim.state.constants import CountyConstants
from urbsim.validation.places import SEED, StudyPlaces, codes_of, pairs_of
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


@dataclass(frozen=True)
class ExperimentSize:
    """How large the experiments are: pairs of places, people simulated per place, and replicates."""

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
    """The places of one replicate, in order of code, and which are treated.

    ``partner`` holds the position of each place's neighbour. ``parameters`` and ``constants`` are those of the
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


class StudyWorld(NamedTuple):
    """A world to simulate: its places, what makes it differ from the plain one, and at which months to look at it."""

    ground: Field
    change: Change
    months: tuple[int, ...]


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


def make_field(
    setting: ExperimentSize,
    replicate: int,
    places: StudyPlaces = StudyPlaces.COUNTIES,
    drawn_for: Callable[[tuple[str, ...]], Draw] | None = None,
) -> Field:
    """Return the places of a replicate; chance decides who of each pair is treated.

    ``drawn_for`` returns parameters and the constants of the codes it is given; without it a draw of the posterior has
    them, a new one for each replicate.
    """
    pairs, codes = pairs_of(places, setting.pairs), codes_of(places, setting.pairs)
    rng = np.random.default_rng([SEED, replicate])
    treated = {pair[side] for pair, side in zip(pairs, rng.integers(0, 2, len(pairs)), strict=True)}
    neighbour = {one: other for pair in pairs for one, other in (pair, pair[::-1])}
    residents = all_county_rows(year_of(FIRST)).set_index("code")["residents"].loc[list(codes)].to_numpy(dtype=float)
    drawn = drawn_for(codes) if drawn_for else draw(min(replicate + 1, available_draws()), codes, year_of(FIRST))
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
