"""Running many scenarios on the same luck: every one with the same draws of the parameters and random numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from urbsim.experiment.errors import ExperimentError
from urbsim.experiment.plan import given, stream_of
from urbsim.experiment.runner import Runner
from urbsim.experiment.simulate import Task
from urbsim.experiment.tables import Tables
from urbsim.labels import bilingual
from urbsim.months import format_month
from urbsim.scenario.hints import month_asked
from urbsim.scenario.model import Scenario

_Taken = TypeVar("_Taken")


@dataclass(frozen=True)
class RunSettings:
    """How the runs of a question are made; ``urbsim.compare`` says what each means."""

    scale: float | None
    seed: int
    draws: int
    replicates: int


def month_of(text: str | None, scenario: Scenario) -> int:
    """Return the month asked about as a number, the scenario's last where nothing is asked.

    Raises
    ------
    ExperimentError
        If it is not written YYYY-MM or lies before the scenario's first month.
    """
    if text is None:
        return scenario.until
    try:
        month = month_asked(text)
    except ValueError as error:
        raise ExperimentError(str(error)) from None
    if month < scenario.start:
        raise ExperimentError(
            bilingual(
                f"{text} is before '{scenario.name}' starts, {format_month(scenario.start)}",
                f"{text} 早于“{scenario.title.zh}”的起始月 {format_month(scenario.start)}",
            )
        )
    return month


@dataclass(frozen=True, slots=True)
class Luck:
    """One draw of the parameters and one of its replicates: what runs of different scenarios share."""

    draw: int
    replicate: int = 0


def lucks_of(draws: int, replicates: int) -> tuple[Luck, ...]:
    """Return the pairs that ``urbsim compare`` takes for so many draws (0: the middle alone) and replicates."""
    numbers = range(1, draws + 1) if draws else (0,)
    return tuple(Luck(number, replicate) for number in numbers for replicate in range(replicates))


@dataclass(frozen=True)
class Evaluator:
    """Simulates scenarios through a runner; what was simulated before, by whatever command, is taken from its store."""

    runner: Runner
    seed: int

    def take(
        self, wanted: Sequence[tuple[Scenario, Luck]], of: Callable[[Scenario, Tables], _Taken], label: str
    ) -> list[_Taken]:
        """Return what ``of`` makes of the tables of every run, in the order wanted.

        Raises
        ------
        RunError
            If a run fails; those before it are kept in the store.
        """
        # Runs of the same luck follow each other, to share a base population.
        order = sorted(range(len(wanted)), key=lambda number: (wanted[number][1].replicate, wanted[number][1].draw))
        tasks = [self._task(*wanted[number]) for number in order]
        found: dict[int, _Taken] = {}
        for position, tables in self.runner.tables(tasks, label):
            number = order[position]
            found[number] = of(wanted[number][0], tables)
        return [found[number] for number in range(len(wanted))]

    def _task(self, scenario: Scenario, luck: Luck) -> Task:
        its = given(scenario, luck.draw)
        final = replace(scenario, parameters=its.parameters)
        return Task(final, its.constants, self.seed, stream_of(luck.draw, luck.replicate))
