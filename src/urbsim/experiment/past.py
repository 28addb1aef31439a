"""The past that tasks share: what is equal until the first month in which they differ is simulated once.

Random numbers go by person, decision and month, so a model that is copied in that month and goes on with another
scenario gives the same bytes as one that began with it (``UrbanizationModel.branch``).
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from urbsim.experiment.profile import POPULATION, START, TABLES, Profile
from urbsim.experiment.simulate import (
    Broken,
    Finished,
    Outcome,
    Task,
    base_key,
    base_of,
    note_month,
    resumed,
    set_up,
    simulate,
)
from urbsim.months import format_month
from urbsim.parameters import ALWAYS, DatedValue
from urbsim.policies.base import Policy
from urbsim.policies.registry import all_levers
from urbsim.scenario.model import Scenario

if TYPE_CHECKING:
    from urbsim.model import UrbanizationModel
    from urbsim.schedule import Stopwatch

#: No more tasks than this go together.
_MOST_TOGETHER = 8
#: More people than this are not copied.
_MOST_PEOPLE = 3_000_000


def groups_of(tasks: Sequence[Task], processes: int = 1) -> list[list[int]]:
    """Return positions of tasks in groups that share their first months, in order.

    No group is so large that one of the processes would have nothing to do, or that much is lost when work ends early.
    """
    kin: dict[Hashable, list[int]] = {}
    for position, task in enumerate(tasks):
        kin.setdefault(_kin(task) or position, []).append(position)
    size = min(_MOST_TOGETHER, max(len(tasks) // processes, 1))
    return [list(part) for group in kin.values() for part in batched(group, size)]


def batched(positions: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    """Yield the positions in parts of at most ``size``."""
    for first in range(0, len(positions), size):
        yield positions[first : first + size]


def next_parting(scenarios: Sequence[Scenario], after: int) -> int | None:
    """Return the first month above ``after`` from which not all scenarios are the same; None where they stay it."""
    months = sorted({month for scenario in scenarios for month in _changes(scenario) if month > after})
    last = min(scenario.until for scenario in scenarios)
    return next((month for month in months if month <= last and len(same_at(scenarios, month)) > 1), None)


def same_at(scenarios: Sequence[Scenario], month: int) -> list[list[int]]:
    """Return positions of scenarios in groups that are the same up to and including a month."""
    groups: dict[Hashable, list[int]] = {}
    for position, scenario in enumerate(scenarios):
        groups.setdefault(_until(scenario, month), []).append(position)
    return list(groups.values())


def _kin(task: Task) -> Hashable | None:
    """Return what must be equal from the first month on for tasks to share any; None for one that shares nothing.

    A built-in lever does nothing before its start, whatever else is in the scenario. Nobody can say that of a lever of
    the user's own. A probe that looks at single months has to see them all.
    """
    past = past_of(task, task.scenario.census)
    return (past, task.probe, task.scenario.until) if task.probe.at_end and past is not None else None


def past_of(task: Task, month: int) -> Hashable | None:
    """Return all that shapes a task's model up to the end of a month; None where nobody can say it."""
    if has_own_levers(task):
        return None
    scenario = task.scenario
    frozen = tuple(sorted(name for name, on in scenario.feedbacks.items() if not on))
    own_figures = repr(sorted(scenario.county_data.items()))
    fixed = (scenario.region, scenario.start, frozen, own_figures, task.constants, task.seed, task.stream)
    return (base_key(task), fixed, _until(scenario, month))


def has_own_levers(task: Task) -> bool:
    """Return whether a task's scenario has levers that do not come with the package."""
    return not all(_is_built_in(type(policy)) for policy in task.scenario.policies.values())


@cache
def _is_built_in(lever: type[Policy]) -> bool:
    return all_levers().get(lever.lever) is lever


def _changes(scenario: Scenario) -> set[int]:
    """Return the months in which anything of a scenario may begin."""
    dated = (value for value in scenario.parameters.values() if isinstance(value, Mapping))
    return {policy.start for policy in scenario.policies.values()} | {month for value in dated for month in value}


def _until(scenario: Scenario, month: int) -> Hashable:
    """Return what a scenario is made of up to a month: policies begun, in their order, and values in force."""
    begun = [
        (name, policy.lever, policy.model_dump_json(exclude={"source", "part"}))
        for name, policy in scenario.policies.items()
        if policy.start <= month
    ]
    values = [(name, value_until(value, month)) for name, value in sorted(scenario.parameters.items())]
    return (tuple(begun), tuple(part for part in values if part[1] is not None))


def value_until(value: DatedValue, month: int) -> Hashable:
    """Return what is written of a parameter up to a month: one value, several by month, or None where nothing is."""
    if not isinstance(value, Mapping):
        return value
    begun = tuple(sorted((first, each) for first, each in value.items() if first <= month))
    return begun[0][1] if len(begun) == 1 and begun[0][0] == ALWAYS else begun or None


def simulate_together(
    tasks: Sequence[Task], advance: Callable[[int], None] = lambda _: None
) -> Iterator[tuple[int, Outcome]]:
    """Carry out the tasks of a group of ``groups_of``, the past that they share once; yield position and outcome.

    ``advance`` is told each month simulated, and at the end those that did not have to be.
    """
    together = _Together(tasks, advance)
    yield from together.outcomes()
    advance(sum(task.scenario.months for task in tasks) - together.months)


class _Together:
    """Tasks that share their first months: one model goes on until they part, then one for each that is different."""

    def __init__(self, tasks: Sequence[Task], advance: Callable[[int], None]) -> None:
        self.months = 0
        self._tasks, self._advance = tasks, advance

    def outcomes(self) -> Iterator[tuple[int, Outcome]]:
        """Simulate all of them; yield the outcome of each when it is there."""
        from urbsim.schedule import Stopwatch

        population, start, first = Stopwatch(), Stopwatch(), self._tasks[0]
        everybody, stage = list(range(len(self._tasks))), "loading the checkpoint"
        try:
            with start:
                model = resumed(first)
            if model is None:
                stage = "synthesis of the base population"
                with population:
                    base = base_of(first)
                stage = "setting up the model"
                if base.population.people.size <= _MOST_PEOPLE:
                    with start:
                        model = set_up(first, base)
        except Exception as error:
            yield from _broken(everybody, stage, error)
            return
        if model is not None:
            yield from self._go_on(model, everybody, {POPULATION: population, START: start})
            return
        for position, task in enumerate(self._tasks):  # copies of so many people would not fit beside each other
            self.months += task.scenario.months
            yield position, simulate(task, self._advance, base)

    def _go_on(
        self, model: UrbanizationModel, members: list[int], watches: dict[str, Stopwatch]
    ) -> Iterator[tuple[int, Outcome]]:
        """Simulate the tasks that this model is the past of, and let it go."""
        begun, stage = model.month, f"month {format_month(model.month + 1)}"
        try:
            while True:
                scenarios = [self._tasks[member].scenario for member in members]
                parting = next_parting(scenarios, model.month)
                while model.month < (scenarios[0].until if parting is None else parting - 1):
                    model.step()
                    note_month(model, self._tasks[members[0]])
                    stage = f"the month after {format_month(model.month)}"
                    self.months += 1
                    self._advance(1)
                if parting is None:
                    stage = "gathering the results"
                    found = self._finished(model, members[0], watches, model.month - begun)
                    break
                mine, *others = same_at(scenarios, parting)
                for branch in others:
                    yield from self._branch(model, [members[each] for each in branch])
                members = [members[each] for each in mine]
                model.follow(self._tasks[members[0]].scenario)
        except Exception as error:
            yield from _broken(members, stage, error)
        else:
            yield from ((member, found) for member in members)  # those that never part are the same
        finally:
            model.close()

    def _branch(self, model: UrbanizationModel, members: list[int]) -> Iterator[tuple[int, Outcome]]:
        """Simulate tasks that go another way from here, on a copy."""
        from urbsim.schedule import Stopwatch

        with Stopwatch() as copying:
            twin = model.branch(self._tasks[members[0]].scenario)
        return self._go_on(twin, members, {START: copying})

    def _finished(self, model: UrbanizationModel, member: int, watches: dict[str, Stopwatch], months: int) -> Finished:
        """Take out of a model what the probe wants."""
        from urbsim.schedule import Stopwatch

        with Stopwatch() as tables:
            found = self._tasks[member].probe.observe(model, iter(()))
        parts = {**watches, **{step.name: step for step in model.schedule}, TABLES: tables}
        seconds = {name: watch.seconds for name, watch in parts.items()}
        compiling = sum(watch.compiling for watch in parts.values())
        return Finished(found, Profile(seconds, compiling, months, runs=1))


def _broken(members: Iterable[int], stage: str, error: Exception) -> Iterator[tuple[int, Outcome]]:
    broken = Broken(stage, f"{type(error).__name__}: {error}", traceback.format_exc())
    yield from ((member, broken) for member in members)
