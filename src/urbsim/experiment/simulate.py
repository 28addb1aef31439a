"""One simulation: from a task, which holds everything that shapes the result, to tables.

Runs of a scenario, the fit, its test, sensitivity and repeated evaluations all pass through ``simulate``. They differ
in the task, and in the probe that says what is taken out of the run.
"""

from __future__ import annotations

import sys
import traceback
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, ClassVar

from urbsim.experiment.checkpoint import Checkpoint, load, save
from urbsim.experiment.populations import kept_or_made
from urbsim.experiment.profile import Profile, profile_of
from urbsim.experiment.reads import Reads, modules_of, watched
from urbsim.experiment.tables import TABLES, Tables
from urbsim.months import format_month
from urbsim.scenario.model import Scenario

if TYPE_CHECKING:
    from urbsim.model import UrbanizationModel
    from urbsim.region.synthesis import BasePopulation
    from urbsim.state.constants import OwnConstants

#: Base populations kept in a process: so many, and so many people in all.
_BASES_KEPT, _PEOPLE_KEPT = 8, 400_000
#: A base population of more people than this goes into the model that it is made for: both would fill the memory.
_MOST_PEOPLE_TWICE = 3_000_000


@dataclass(frozen=True)
class Probe(ABC):
    """What is taken out of a run: a frozen dataclass at the top level of a module, so that a worker can import it.

    Its class and its fields are part of a task's identity. It may look at the model, and may not change it.
    """

    #: Whether the model records indicators, flows and the ledger every month.
    records: ClassVar[bool] = False
    #: Whether it looks at the end of a run only.
    at_end: ClassVar[bool] = False
    #: Modules beside its own and the model whose code shapes what it returns.
    relies_on: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def observe(self, model: UrbanizationModel, months: Iterator[int]) -> Tables:
        """Return what was seen, as tables by a name fit for files.

        The model stands at the start of its first month, that of the census. Taking the next number from ``months``
        simulates that month; months that are left over are not simulated.
        """


@dataclass(frozen=True)
class Recorded(Probe):
    """Everything that a run folder keeps: the tables of ``urbsim.observation.results.Results``."""

    records: ClassVar[bool] = True
    at_end: ClassVar[bool] = True

    def observe(self, model: UrbanizationModel, months: Iterator[int]) -> Tables:
        """Simulate to the end and return the recorded tables."""
        for _ in months:
            pass
        results = model.recorder.results()
        return {name: getattr(results, name) for name in TABLES}


@dataclass(frozen=True)
class Task:
    """One run, complete: whoever carries it out looks nothing up.

    Attributes
    ----------
    scenario
        What to simulate; its ``parameters`` are the final ones, with what a draw of the posterior says.
    constants
        Constants of each county in utility points, in the order of the scenario's counties: urban and outside at the
        start, and the same in the long run.
    seed, stream
        Together they fix every random draw of the months.
    population
        Number of the base population under the seed; the number of the random stream without it.
    probe
        What is taken out of the run.
    checkpoint
        Where the run goes on from, or what it leaves for others when it comes by; it shapes no result.
    """

    scenario: Scenario
    constants: tuple[OwnConstants, ...]
    seed: int
    stream: int
    population: int | None = None
    probe: Probe = field(default_factory=Recorded)
    checkpoint: Checkpoint | None = None


@dataclass(frozen=True)
class Finished:
    """A run that went as far as its probe wanted, and where its time went.

    ``reads`` holds the hash of every file that levers of the user's own read on the way, by path; None where they used
    something that has no hash. ``libraries`` are the versions it was simulated with, where that was elsewhere.
    """

    tables: Tables
    profile: Profile = field(default_factory=Profile)
    reads: Mapping[str, str] | None = field(default_factory=dict)
    libraries: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Broken:
    """A run that raised an error: at which stage, what, and the traceback."""

    stage: str
    error: str
    details: str


Outcome = Finished | Broken


def simulate(
    task: Task, advance: Callable[[int], None] = lambda _: None, base: BasePopulation | None = None
) -> Outcome:
    """Carry out a task; an error becomes ``Broken`` with its stage.

    ``advance`` is told each month simulated; ``base`` is the task's base population, made here without it.
    """
    stage = "loading the model"
    model: UrbanizationModel | None = None

    def months() -> Iterator[int]:
        nonlocal stage
        assert model is not None
        while model.month < task.scenario.until:
            model.step()
            note_month(model, task)
            stage = f"the month after {format_month(model.month)}"
            advance(1)
            yield model.month
        stage = "gathering the results"

    try:
        from urbsim.schedule import Stopwatch

        population, start, run = Stopwatch(), Stopwatch(), Stopwatch()
        stage = "loading the checkpoint"
        with start:
            model = resumed(task)
        begun = model.month if model is not None else task.scenario.census - 1
        advance(begun - task.scenario.census + 1)
        if model is None:
            stage = "synthesis of the base population"
            shared = base is not None
            with population:
                base = base or base_of(task)
            stage = "setting up the model"
            with start:
                model = set_up(task, base, keeps_base=shared or base.population.people.size <= _MOST_PEOPLE_TWICE)
        stage = f"month {format_month(begun + 1)}"
        with run, _watched(task) as reads:
            tables = task.probe.observe(model, months())
        return Finished(
            tables, profile_of(model, population, start, run, begun), reads.hashes if reads.complete else None
        )
    except Exception as error:
        return Broken(stage, f"{type(error).__name__}: {error}", traceback.format_exc())
    finally:
        if model is not None:
            model.close()


@contextmanager
def _watched(task: Task) -> Iterator[Reads]:
    """Note what levers of the user's own read: modules when they were loaded, files while the run goes on."""
    own = [type(policy) for policy in task.scenario.policies.values() if policy.origin is not None]
    if not own:
        yield Reads()
        return
    with watched() as reads:
        yield reads
        for lever in own:
            reads.hashes |= modules_of(sys.modules.get(lever.__module__))


def set_up(task: Task, base: BasePopulation, *, keeps_base: bool = True) -> UrbanizationModel:
    """Return the model of a task, before its first month; the base population stays as it is if that is asked for."""
    from urbsim.model import UrbanizationModel
    from urbsim.state.constants import CountyConstants

    constants, observed = CountyConstants.of(task.constants), task.probe.records
    return UrbanizationModel(
        task.scenario,
        task.seed,
        task.stream,
        base=base,
        constants=constants,
        observed=observed,
        keeps_base=keeps_base,
    )


def resumed(task: Task) -> UrbanizationModel | None:
    """Return the model of a task at its checkpoint; None where it has none, or that is yet to be made."""
    model = load(task.checkpoint) if task.checkpoint is not None else None
    if model is not None:
        model.follow(task.scenario)
        model.schedule = model.month_steps()
    return model


def note_month(model: UrbanizationModel, task: Task) -> None:
    """Keep the model where it comes to the checkpoint of a task."""
    if task.checkpoint is not None and model.month == task.checkpoint.month:
        save(model, task.checkpoint)


def base_key(task: Task) -> tuple[Hashable, ...]:
    """Return what the base population of a task depends on; tasks in which it is equal can share one."""
    from urbsim.region.base import synthesis_values

    scenario, number = task.scenario, task.stream if task.population is None else task.population
    values = tuple(synthesis_values(scenario).items())
    registered = tuple((code, own.get("registered")) for code, own in sorted(scenario.county_data.items()))
    return (scenario.counties, registered, scenario.census, scenario.scale, values, task.seed, number)


class _Bases:
    """Base populations of the last tasks: tasks that share one come one after the other, or take turns."""

    def __init__(self) -> None:
        self._kept: OrderedDict[object, BasePopulation] = OrderedDict()
        self._lock = Lock()

    def of(self, task: Task) -> BasePopulation:
        """Return the base population of a task, which must not be changed if others may have it too."""
        from urbsim.region.base import base_population

        identity = base_key(task)
        with self._lock:
            if identity in self._kept:
                self._kept.move_to_end(identity)
                return self._kept[identity]
            self._make_room()
        number = task.stream if task.population is None else task.population
        base = kept_or_made(identity, lambda: base_population(task.scenario, task.seed, number))
        if base.population.people.size <= _MOST_PEOPLE_TWICE:
            with self._lock:
                self._kept[identity] = base
        return base

    def _make_room(self) -> None:
        """Let the oldest go before the next is made: one alone may fill the memory."""
        while self._kept and (len(self._kept) >= _BASES_KEPT or self._people() > _PEOPLE_KEPT):
            self._kept.popitem(last=False)

    def _people(self) -> int:
        return sum(base.population.people.size for base in self._kept.values())


_BASES = _Bases()


def base_of(task: Task) -> BasePopulation:
    """Return the base population of a task; the last ones made are kept and must not be changed, but for large ones."""
    return _BASES.of(task)
