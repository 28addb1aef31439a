"""Tracing: one run up to one person's choice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from urbsim.experiment import compilation
from urbsim.experiment.errors import ExperimentError, RunError, stage_in_words
from urbsim.experiment.plan import given, make_plan, stream_of
from urbsim.experiment.progress import Progress
from urbsim.experiment.simulate import Broken, Outcome, Task, simulate
from urbsim.labels import bilingual
from urbsim.months import format_month
from urbsim.scenario.model import Scenario
from urbsim.tracing.follow import Follow
from urbsim.tracing.person import read_description, read_key


@dataclass(frozen=True)
class Trace:
    """One person's choice in one month.

    Attributes
    ----------
    month : int
        Month number.
    person : dict
        Who the person is, before anybody chose that month; ``decider`` is the key of whoever decides, the person or the
        spouse; ``reconsiders`` says whether it came to a choice at all.
    chance : dict
        How likely that was: the chance by age (floor and curve), the factor of the network, chances of the month's
        events, the ``chance`` that comes of them and the ``random number`` it was held against.
    options : DataFrame
        Every alternative, without and with policies: utility, probability, shock, and the one with the highest sum.
    terms : DataFrame
        Every term of every alternative's utility: coefficient, quantity and value, their product.
    """

    month: int
    person: dict[str, Any]
    chance: dict[str, float]
    options: pd.DataFrame
    terms: pd.DataFrame


def trace_person(
    scenario: Scenario,
    month: int,
    *,
    person: str | None = None,
    pick: str | None = None,
    scale: float | None = None,
    seed: int = 0,
    draw: int = 0,
    progress: Progress | None = None,
) -> Trace:
    """Simulate a scenario up to one person's choice of where to live in a month, and return it term by term.

    Parameters
    ----------
    scenario, month
        What to simulate, and the month looked at.
    person, pick
        Key of the person, or a description such as ``female 25-30 village``; one of the two.
    scale, seed, draw
        As for a run: its first replicate of this draw, 0 for the median of the posterior, is what is followed.
    progress
        Who is told how the simulation gets on; nobody without it.

    Raises
    ------
    ExperimentError
        If a setting is out of bounds or there is nobody to follow.
    RunError
        If the simulation fails.
    """
    if (person is None) == (pick is None):
        raise ExperimentError(
            bilingual(
                "say who is followed: the key of a person, or a description of one",
                "请说明跟踪谁：人的键，或对人的描述",
            )
        )
    if not scenario.census <= month <= scenario.until:
        period = bilingual(
            f"{format_month(scenario.census)} to {format_month(scenario.until)}",
            f"{format_month(scenario.census)} 至 {format_month(scenario.until)}",
        )
        raise ExperimentError(
            bilingual(
                f"{format_month(month)} is not simulated; '{scenario.name}' runs from {period}",
                f"没有模拟 {format_month(month)}；“{scenario.title.zh}”的期间为 {period}",
            )
        )
    key = read_key(person) if person is not None else None
    if pick is not None:
        read_description(pick)
    scenario = replace(scenario, start=min(scenario.start, month))  # months before the output can be followed too
    plan = make_plan([scenario], scale=scale, until=month, seed=seed, draws=draw)
    its = given(plan.baseline, draw)
    final = replace(plan.baseline, parameters=its.parameters)
    probe = Follow(month=month, key=key, description=pick or "")
    outcome = _simulated(Task(final, its.constants, seed, stream_of(draw, 0), probe=probe), progress or Progress())
    if isinstance(outcome, Broken):
        error = RunError(
            bilingual(
                f"the simulation failed at {stage_in_words(outcome.stage)}: {outcome.error}",
                f"模拟失败，出错于{stage_in_words(outcome.stage)}：{outcome.error}",
            )
        )
        error.add_note(outcome.details)
        raise error
    tables = outcome.tables
    if "problem" in tables:
        raise ExperimentError(f"{format_month(month)}: {tables['problem']['problem'].iloc[0]}")
    return Trace(
        month,
        dict(zip(tables["person"]["fact"], tables["person"]["value"], strict=True)),
        dict(zip(tables["chance"]["part"], tables["chance"]["value"], strict=True)),
        tables["options"],
        tables["terms"],
    )


def _simulated(task: Task, progress: Progress) -> Outcome:
    if not compilation.is_ready():
        progress.message(str(compilation.MESSAGE))
    progress.begin(
        bilingual(f"simulating to {format_month(task.scenario.until)}", f"模拟至 {format_month(task.scenario.until)}"),
        1,
        months=task.scenario.months,
    )
    try:
        return simulate(task, progress.advance)
    finally:
        progress.end()
