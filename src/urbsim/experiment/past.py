"""The past that tasks share: what is equal until the first month in which they differ is simulated once.

Random numbers go by person, decision and month, so a model that is copied in that month and goes on with another
scenario gives the same bytes as one that began with it (``UrbanizationModel.branch``).
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from urbsim.experiment.profile import POPULATION, START, TABLES, Profile
from urbsim.experiment.simulate import Broken, Finished, Outcome, Task, base_key, base_of, set_up, simulate
from urbsim.months import format_month
from urbsim.parameters import ALWAYS, DatedValue
from urbsim.policies.base import Policy
from urbsim.policies.registry import all_levers
from urbsim.scenario.model import Scenario

if TYPE_CHECKING:
    from urbsim.model import UrbanizationModel
    from urbsim.schedule import Stopwatch

#: More people than this are not copied.
_MOST_PEOPLE = 3_000_000


def groups_of(tasks: Sequence[Task], at_least: int = 1) -> list[list[int]]:
    """Return positions of tasks in groups that share their first months, in order.

    Parameters
    ----------
    tasks
        What to simulate.
    at_least
        Groups that it takes to keep all processes at work; were there fewer, every task is a group of its own.
    """
    groups: dict[Hashable, list[int]] = {}
    for position, task in enumerate(tasks):
        groups.setdefault(_kin(task) or position, []).append(position)
    if len(groups) >= min(at_least, len(tasks)):
        return list(groups.values())
    return [[position] for position in range(len(tasks))]


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
    scenario = task.scenario
    built_in = all(_is_built_in(type(policy)) for policy in scenario.policies.values())
    if not task.probe.at_end or not built_in:
        return None
    frozen = tuple(sorted(name for name, on in scenario.feedbacks.items() if not on))
    dates = (scenario.region, scenario.start, scenario.until, frozen)
    first = _until(scenario, scenario.census)
    return (base_key(task), task.constants, task.seed, task.stream, task.probe, dates, first)


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
        (name, policy.lever, policy.model_dump_json(exclude={"source"}))
        for name, policy in scenario.policies.items()
        if policy.start <= month
    ]
    values = [(name, _part(value, month)) for name, value in sorted(scenario.parameters.items())]
    return (tuple(begun), tuple(part for part in values if part[1] is not None))


def _part(value: DatedValue, month: int) -> Hashable:
    """Return what is written of a parameter up to a month: one value, several by month, or None where nothing is."""
    if not isinstance(value, Mapping):
        return value
    begun = tuple(sorted((first, each) for first, each in value.items() if first <= month))
    return begun[0][1] if len(begun) == 1 and begun[0][0] == ALWAYS else begun or None


def simulate_together(tasks: Sequence[Task], advance: Callable[[int], None] = lambda _: None) -> list[Outcome]:
    """Carry out the tasks of a group of ``groups_of``, the past that they share once; return their outcomes in order.

    ``advance`` is told each month simulated, and at the end those that did not have to be.
    """
    if len(tasks) == 1:
        return [simulate(tasks[0], advance)]
    together = _Together(tasks, advance)
    together.begin()
    advance(sum(task.scenario.months for task in tasks) - together.months)
    return [together.outcomes[position] for position in range(len(tasks))]


class _Together:
    """Tasks that share their first months: one model goes on until they part, then one for each that is different."""

    def __init__(self, tasks: Sequence[Task], advance: Callable[[int], None]) -> None:
        self.outcomes: dict[int, Outcome] = {}
        self.months = 0
        self._tasks, self._advance = tasks, advance

    def begin(self) -> None:
        """Simulate all of them."""
        from urbsim.schedule import Stopwatch

        population, start, first = Stopwatch(), Stopwatch(), self._tasks[0]
        stage, model = "synthesis of the base population", None
        try:
            with population:
                base = base_of(first)
            stage = "setting up the model"
            if base.population.people.size <= _MOST_PEOPLE:
                with start:
                    model = set_up(first, base)
        except Exception as error:
            self._break(range(len(self._tasks)), stage, error)
            return
        if model is None:  # copies of so many people would not fit beside each other
            self.outcomes = {each: simulate(task, self._advance, base) for each, task in enumerate(self._tasks)}
            self.months = sum(task.scenario.months for task in self._tasks)
        else:
            self._go_on(model, list(range(len(self._tasks))), {POPULATION: population, START: start})

    def _go_on(self, model: UrbanizationModel, members: list[int], watches: dict[str, Stopwatch]) -> None:
        """Simulate the tasks that this model is the past of, and let it go."""
        begun, stage = model.month, f"month {format_month(model.month + 1)}"
        try:
            while True:
                scenarios = [self._tasks[member].scenario for member in members]
                parting = next_parting(scenarios, model.month)
                while model.month < (scenarios[0].until if parting is None else parting - 1):
                    model.step()
                    stage = f"the month after {format_month(model.month)}"
                    self.months += 1
                    self._advance(1)
                if parting is None:
                    stage = "gathering the results"
                    self._finish(model, members, watches, model.month - begun)
                    return
                mine, *others = same_at(scenarios, parting)
                for branch in others:
                    self._branch(model, [members[each] for each in branch])
                members = [members[each] for each in mine]
                model.follow(self._tasks[members[0]].scenario)
        except Exception as error:
            self._break(members, stage, error)
        finally:
            model.close()

    def _branch(self, model: UrbanizationModel, members: list[int]) -> None:
        """Simulate tasks that go another way from here, on a copy."""
        from urbsim.schedule import Stopwatch

        with Stopwatch() as copying:
            twin = model.branch(self._tasks[members[0]].scenario)
        self._go_on(twin, members, {START: copying})

    def _finish(self, model: UrbanizationModel, members: list[int], watches: dict[str, Stopwatch], months: int) -> None:
        """Take out of a model what the probe wants; tasks that never parted get the same."""
        from urbsim.schedule import Stopwatch

        with Stopwatch() as tables:
            found = self._tasks[members[0]].probe.observe(model, iter(()))
        parts = {**watches, **{step.name: step for step in model.schedule}, TABLES: tables}
        profile = Profile(
            {name: watch.seconds for name, watch in parts.items()},
            sum(watch.compiling for watch in parts.values()),
            months,
            runs=1,
        )
        self.outcomes.update({member: Finished(found, profile) for member in members})

    def _break(self, members: Iterable[int], stage: str, error: Exception) -> None:
        broken = Broken(stage, f"{type(error).__name__}: {error}", traceback.format_exc())
        self.outcomes.update({member: broken for member in members if member not in self.outcomes})
