"""The resolved scenario: what a simulation needs to know, after inheritance and checking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from urbsim.labels import Label, shortened
from urbsim.months import CENSUS_YEARS, census_month, census_of, census_year, month_number
from urbsim.parameters import DatedValue
from urbsim.policies.base import Policy, Source
from urbsim.scenario.changing import Changeable

if TYPE_CHECKING:
    from urbsim.observation.observe import Observation

#: Shares of households that can be simulated: below the first, places are a handful of people.
SCALE_BOUNDS = (0.0001, 1.0)
#: First month of all: the earlier census.
FIRST_MONTH = census_month(CENSUS_YEARS[0])
#: Characters of a name, at most.
LONGEST_NAME = 100
#: Last month that the tables of rates of birth cover.
LAST_MONTH = month_number(2050, 12)

#: Feedbacks that a scenario can freeze, for the partial-equilibrium answer beside the general one.
FEEDBACKS: Mapping[str, Label] = {
    "wages": Label("wages respond to labour supply", "工资随劳动力供给变化"),
    "prices": Label("house prices and rents respond to demand", "房价和房租随需求变化"),
    "schools": Label("school places fill up", "学位随入学人数变化"),
    "network": Label("earlier migrants draw later ones", "先迁者带动后迁者"),
    "services_jobs": Label("services jobs follow residents' income", "服务业岗位随居民收入变化"),
    "arrivals": Label("arrivals follow what the county offers newcomers", "外来迁入随当地条件变化"),
    "budget": Label("the county budget limits policies", "县级财政约束政策"),
}


class Comparator(StrEnum):
    """How a simulated value is held against a target."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    ABOUT = "about"


#: What a target can be relative to beside a month of the run; its value is then stated in the scenario.
REFERENCES: Mapping[str, Label] = {
    "province": Label("provincial average", "全省平均"),
    "country": Label("national average", "全国平均"),
}


@dataclass(frozen=True)
class Target:
    """A programme's target for one indicator at one month.

    Attributes
    ----------
    value
        In the indicator's unit; of a relative target the distance from what it is relative to.
    comparator, tolerance
        ``tolerance`` is the distance from an ``about`` target that still counts; without it the parameter
        ``targets.about_tolerance`` times the target.
    relative_to, reference
        ``province`` or ``country``, whose value at that month is ``reference``; or a month of the run (YYYY-MM), the
        target then being a change since that month; None where ``value`` is the level itself.
    """

    indicator: str
    month: int
    value: float
    source: Source | None = None
    comparator: Comparator = Comparator.AT_LEAST
    tolerance: float | None = None
    relative_to: str | None = None
    reference: float | None = None

    @property
    def since(self) -> str | None:
        """The month (YYYY-MM) of the run that a change is counted from; None where the target is a level."""
        return None if self.relative_to in (None, *REFERENCES) else self.relative_to

    @property
    def level(self) -> float:
        """The value to compare with: a level, or the change since the month ``since``."""
        return self.value + (self.reference or 0.0)


#: The place of an observation of all counties together.
WHOLE = ""


@dataclass(frozen=True)
class ObservedValue:
    """What was observed of an indicator at the end of a month, in its unit, with its standard error.

    ``place`` is the code of a county, or ``WHOLE``. A ``target`` was not observed: it is taken to hold.
    """

    place: str
    month: int
    indicator: str
    value: float
    tolerance: float = 0.0
    source: str = ""
    target: bool = False


@dataclass(frozen=True)
class OwnPosterior:
    """A posterior that a scenario names: the folder, and the SHA-256 of its constants, empty where they are missing.

    Two are equal when they hold the same, wherever they lie.
    """

    folder: Path = field(compare=False)
    digest: str

    @property
    def name(self) -> str:
        """The name of the folder in which a run folder keeps it."""
        return f"posterior-{self.digest[:8] or 'missing'}"


@dataclass(frozen=True)
class Scenario(Changeable):
    """A region, a period, parameters that differ from the registry, dated policies, and targets.

    ``name`` is what tables and files know it by; ``title`` and ``about`` are name and description as people read them,
    in both languages where the file gives both.
    ``counties`` are six-digit codes in ascending order; ``start`` and ``until`` are the month numbers of the first and
    last month of the output. The run begins in the month ``census``, at ``start`` or before.
    ``observe`` names what ``urbsim groups`` shows of the scenario beside what is asked for.
    ``county_types`` are groups of counties that policies name; a policy's own ``counties`` hold those of its types.
    ``county_data`` are figures of counties at the start, by code and key of ``region.figures.FIGURES``, in place of
    the model's estimates.
    ``observed`` shapes no run: it is shown beside it, and fitted to by ``urbsim calibrate``, which writes the
    ``posterior``; with one, draws come from there and not from the posterior of all scenarios.
    A scenario that is not ``calibrated`` runs with the registry's values and without constants of counties, whatever
    draw is asked for.
    ``doubts`` say by cell what was taken to hold in reading tables.
    ``origins`` maps a dotted key to the ``file:line`` it was written at. Two scenarios are equal when they simulate the
    same, wherever they were written.
    """

    name: str
    region: str
    counties: tuple[str, ...]
    start: int
    until: int
    scale: float = 1.0
    description: str = ""
    parameters: Mapping[str, DatedValue] = field(default_factory=dict)
    county_types: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    policies: Mapping[str, Policy] = field(default_factory=dict)
    targets: tuple[Target, ...] = ()
    observe: Mapping[str, Observation] = field(default_factory=dict)
    feedbacks: Mapping[str, bool] = field(default_factory=dict)
    county_data: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    observed: tuple[ObservedValue, ...] = ()
    posterior: OwnPosterior | None = None
    calibrated: bool = True
    origins: Mapping[str, str] = field(default_factory=dict, compare=False)
    path: Path | None = field(default=None, compare=False)
    doubts: tuple[str, ...] = field(default=(), compare=False)
    name_zh: str = field(default="", compare=False)
    description_zh: str = field(default="", compare=False)

    @property
    def title(self) -> Label:
        """The name in both languages; the same in both where the file gives one."""
        return Label(self.name, self.name_zh or self.name)

    def renamed(self, title: Label) -> Scenario:
        """Return the scenario under another name, cut where it is too long for one."""
        english, chinese = (shortened(text, LONGEST_NAME) for text in (title.en, title.zh))
        return replace(self, name=english, name_zh="" if chinese == english else chinese)

    @property
    def about(self) -> Label:
        """The description in both languages; the same in both where the file gives one."""
        return Label(self.description, self.description_zh or self.description)

    @property
    def base_year(self) -> int:
        """The census year the base population is synthesised from."""
        return census_year(self.start)

    @property
    def census(self) -> int:
        """The first month simulated: that of the last census at or before ``start``.

        Raises
        ------
        ValueError
            If ``start`` is no month that an output can start in.
        """
        return census_of(self.start)

    @property
    def months(self) -> int:
        """Number of months simulated, those before ``start`` among them."""
        return self.until - self.census + 1
