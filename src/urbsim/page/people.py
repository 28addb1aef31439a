"""People one by one: a choice term by term, a household through the years, in words of both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from urbsim.experiment.plan import Plan
from urbsim.experiment.progress import Progress
from urbsim.experiment.runner import runner_in_this_process
from urbsim.labels import Label
from urbsim.months import format_month
from urbsim.page.data import records
from urbsim.page.errors import RequestError, both
from urbsim.page.scenarios import read_month
from urbsim.tracing.life import Life
from urbsim.tracing.person import read_description
from urbsim.tracing.tables import described, tables
from urbsim.tracing.trace import trace_person
from urbsim.tracing.words import STAGES, TENURES, WORK, ZONES

#: Words for the facts of a household, by column.
WORDS = {
    "zone": {name: both(label) for name, label in ZONES.items()},
    "work": {name: both(label) for name, label in WORK.items()},
    "stage": {name: both(label) for name, label in STAGES.items()},
    "tenure": {name: both(label) for name, label in TENURES.items()},
}


def household(plan: Plan, person: str, progress: Progress) -> dict[str, Any]:
    """Return the years of one household under every scenario of a plan, in the median draw.

    Raises
    ------
    ExperimentError
        If the description means nothing.
    RequestError
        If nobody fits it.
    RunError
        If a simulation fails.
    """
    read_description(person)
    alone = replace(plan, draws=0, replicates=1)
    tasks = [replace(task, probe=Life(person)) for task in alone.tasks().values()]
    runner = runner_in_this_process(progress)
    lives: list[dict[str, Any]] = [{} for _ in tasks]
    for position, found in runner.tables(tasks, "household"):
        if "problem" in found:
            said = found["problem"].iloc[0]
            raise RequestError(Label(str(said["en"]), str(said["zh"])), 422)
        lives[position] = {
            "scenario": plan.names[position],
            "members": [_dated(row) for row in records(found["members"])],
            "homes": [_dated(row) for row in records(found["homes"])],
        }
    return {"lives": lives, "words": WORDS}


def _dated(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "month": format_month(int(row["month"]))}


def traced(plan: Plan, asked: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """Return one person's choice of where to live in a month: tables in both languages, and the rows of every term.

    Raises
    ------
    RequestError
        If the month is none.
    ExperimentError
        If it is not simulated or nobody fits.
    RunError
        If the simulation fails.
    """
    scenario = plan.scenarios[-1]
    whom = {name: asked[name] for name in ("person", "pick", "draw")}
    trace = trace_person(scenario, read_month(asked["month"]), seed=plan.seed, progress=progress, **whom)
    shown = zip(tables(trace, "en"), tables(trace, "zh"), strict=True)
    return {
        "scenario": scenario.name,
        "tables": [
            {
                "title": {"en": here.title, "zh": there.title},
                "headings": [both(heading) for heading in here.headings],
                "rows": {"en": [list(row) for row in here.rows], "zh": [list(row) for row in there.rows]},
                "right": list(here.right),
            }
            for here, there in shown
        ],
        "rows": records(described(trace, "en").drop(columns="of")),
        "options": records(trace.options),
    }
