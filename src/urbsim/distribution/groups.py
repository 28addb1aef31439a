"""Results by group of one or more scenarios: everybody is taken out of each run, and looked at run by run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from urbsim.distribution.probe import PEOPLE, Everybody
from urbsim.distribution.pyramid import pyramid, pyramid_cells
from urbsim.distribution.summary import DIFFERENCES, summarised
from urbsim.distribution.twins import Pair, twin_cells
from urbsim.experiment.errors import ExperimentError
from urbsim.experiment.plan import Plan, RunKey
from urbsim.experiment.runner import Runner
from urbsim.labels import bilingual
from urbsim.months import format_month
from urbsim.observation.observe import ALL, Observation
from urbsim.randomness import uniforms
from urbsim.scenario.model import Scenario

#: What is told where nothing is asked for.
DEFAULT_INDICATOR, DEFAULT_BY = "urbanization_rate", ("age",)
_INEQUALITY, _LEFT_BEHIND = "inequality", "left behind"


@dataclass(frozen=True)
class Groups:
    """Results by group.

    Attributes
    ----------
    plan : Plan
        What was simulated.
    observations : mapping of str to Observation
        What was asked, by name.
    rows : mapping of str to DataFrame
        The answer to each: scenario, month, the dimensions (names of members), median, low, high, difference from the
        baseline with its own low and high, agents, suppressed (why a cell is not shown, or empty).
    totals : mapping of str to DataFrame
        The same of all groups together.
    twins : mapping of str to DataFrame
        What other scenarios than the first did to the same people, by the dimensions of each observation: ``outcome``
        and median, low, high of its share (of income the mean change). Empty where there is one scenario.
    inequality : DataFrame
        Gini coefficient of income by head among residents, as ``rows``.
    left_behind : DataFrame
        Share of children left behind, by the dimensions of the first observation, as ``rows``.
    pyramid : DataFrame
        Residents by five-year age group and sex: scenario, month, age, sex, persons.
    people : DataFrame
        The sample of persons that was asked for: scenario, draw, replicate and ``observation.people.snapshot``.
    """

    plan: Plan
    observations: Mapping[str, Observation]
    rows: Mapping[str, pd.DataFrame]
    totals: Mapping[str, pd.DataFrame]
    twins: Mapping[str, pd.DataFrame]
    inequality: pd.DataFrame
    left_behind: pd.DataFrame
    pyramid: pd.DataFrame
    people: pd.DataFrame

    def _repr_html_(self) -> str:
        """Show the answers as tables in a notebook."""
        return "".join(f"<h4>{name}</h4>{table.to_html(index=False)}" for name, table in self.rows.items())


def observations_of(scenarios: Sequence[Scenario]) -> dict[str, Observation]:
    """Return what the scenarios themselves ask for, by name.

    Raises
    ------
    ExperimentError
        If two of them ask for something else by the same name.
    """
    found: dict[str, Observation] = {}
    for scenario in scenarios:
        for name, observation in scenario.observe.items():
            if found.setdefault(name, observation) != observation:
                raise ExperimentError(
                    bilingual(
                        f"two scenarios observe something else under the name '{name}'; rename one",
                        f"两个情景用同一名称“{name}”看不同的内容；请改其中一个",
                    )
                )
    return found


def observe_own(plan: Plan, runner: Runner) -> Groups | None:
    """Carry out what the scenarios themselves observe, in the last month; None where none observes anything.

    Errors are those of ``observations_of`` and ``observe_groups``.
    """
    observations = observations_of(plan.scenarios)
    return observe_groups(plan, observations, [plan.baseline.until], runner) if observations else None


def observe_groups(
    plan: Plan, observations: Mapping[str, Observation], months: Sequence[int], runner: Runner, people: int = 0
) -> Groups:
    """Carry out the runs of a plan up to the last of the months and return what was asked, by group.

    ``people`` persons of every run are kept as they are: the same ones in every scenario.

    Raises
    ------
    ExperimentError
        If a month is not in the output of the plan.
    RunError
        If a run fails.
    """
    _check_months(plan, months)
    wanted = tuple(sorted(set(months)))
    first = next(iter(observations.values()))
    asked = {
        **observations,
        _INEQUALITY: Observation("income_gini", ()),
        _LEFT_BEHIND: Observation("left_behind_share", first.by),
    }
    gathered = _Gathered(plan, asked, observations, people)
    for key, table in _everybody(plan, wanted, runner):
        gathered.add(key, table)
    return gathered.result()


def _check_months(plan: Plan, months: Sequence[int]) -> None:
    for month in months:
        first, last = plan.baseline.start, plan.baseline.until
        if not first <= month <= last:
            raise ExperimentError(
                bilingual(
                    f"the month {format_month(month)} is not in the run; allowed: {format_month(first)} to "
                    f"{format_month(last)}",
                    f"{format_month(month)} 不在模拟期内；允许：{format_month(first)} 至 {format_month(last)}",
                )
            )


def _everybody(plan: Plan, months: tuple[int, ...], runner: Runner) -> Iterator[tuple[RunKey, pd.DataFrame]]:
    """Yield everybody of each run as it is done; a run ends with the last month, whatever comes after."""
    probe = Everybody(months)
    tasks = {
        key: replace(task, scenario=replace(task.scenario, until=months[-1]), probe=probe)
        for key, task in plan.tasks().items()
    }
    keys = list(tasks)
    for position, tables in runner.tables(list(tasks.values()), bilingual("simulating", "模拟")):
        yield keys[position], tables[PEOPLE]


class _Gathered:
    """Cells of the runs so far; people of a run are let go once its draw is complete."""

    def __init__(
        self, plan: Plan, asked: Mapping[str, Observation], own: Mapping[str, Observation], people: int
    ) -> None:
        self.plan, self.asked, self.own, self.people = plan, asked, own, people
        self._waiting: dict[tuple[int, int], dict[str, pd.DataFrame]] = {}
        self._cells: dict[str, list[pd.DataFrame]] = {name: [] for name in asked}
        self._twins: dict[str, list[pd.DataFrame]] = {name: [] for name in own}
        self._pyramid: list[pd.DataFrame] = []
        self._sample: list[pd.DataFrame] = []

    def add(self, key: RunKey, everybody: pd.DataFrame) -> None:
        """Take in everybody of one run."""
        weight = 1.0 / self.plan.baseline.scale
        for month, people in _by_month(everybody).items():
            for name, observation in self.asked.items():
                self._cells[name].append(_labelled(observation.cells(people, weight), key, month))
            self._pyramid.append(_labelled(pyramid_cells(people, weight), key, month))
            if self.people:
                self._sample.append(_labelled(_sampled(people, self.people), key, month))
        draw = self._waiting.setdefault((key.draw, key.replicate), {})
        draw[key.scenario] = everybody
        if len(draw) == len(self.plan.names):
            self._compare(self._waiting.pop((key.draw, key.replicate)), key)

    def _compare(self, everybody: Mapping[str, pd.DataFrame], key: RunKey) -> None:
        for scenario in self.plan.names[1:]:
            without, plan = (_by_month(everybody[name]) for name in (self.plan.baseline.name, scenario))
            for month in without:
                twins = Pair.of(without[month], plan[month])
                for name, observation in self.own.items():
                    cells = twin_cells(twins, observation.by, observation.chosen(twins.without))
                    self._twins[name].append(_labelled(cells, replace(key, scenario=scenario), month))

    def result(self) -> Groups:
        """Return the answers over all runs."""
        names, baseline = self.plan.names, self.plan.baseline.name
        rows = {
            name: summarised(self._joined(self._cells[name]), each.by, baseline, names)
            for name, each in self.asked.items()
        }
        gains = {
            name: summarised(self._joined(self._twins[name]), (*each.by, "outcome"), baseline, names)
            for name, each in self.own.items()
            if len(names) > 1
        }
        whole = {name: is_whole(rows[name], each.by) for name, each in self.own.items()}
        return Groups(
            self.plan,
            self.own,
            {name: rows[name][~whole[name]].reset_index(drop=True) for name in self.own},
            {name: rows[name][whole[name]].reset_index(drop=True) for name in self.own},
            {name: table.drop(columns=list(DIFFERENCES)) for name, table in gains.items()},
            rows[_INEQUALITY],
            rows[_LEFT_BEHIND],
            pyramid(self._joined(self._pyramid)),
            self._joined(self._sample) if self._sample else pd.DataFrame(),
        )

    def _joined(self, tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
        """Return tables of runs as one, in an order that does not depend on which run was done first."""
        whole = pd.concat(tables, ignore_index=True)
        ranked = whole.assign(_rank=whole["scenario"].map({name: rank for rank, name in enumerate(self.plan.names)}))
        ranked = ranked.sort_values(["_rank", "draw", "replicate", "month"], kind="stable", ignore_index=True)
        return ranked.drop(columns="_rank")


def _by_month(everybody: pd.DataFrame) -> dict[int, pd.DataFrame]:
    """Return the people of each month."""
    months = everybody["month"].to_numpy()
    return {int(month): everybody[months == month] for month in np.unique(months)}


def _labelled(table: pd.DataFrame, key: RunKey, month: int) -> pd.DataFrame:
    identity: dict[str, Any] = {
        "scenario": key.scenario,
        "draw": key.draw,
        "replicate": key.replicate,
        "month": format_month(month),
    }
    return table.assign(**identity)[[*identity, *(name for name in table.columns if name not in identity)]]


def _sampled(people: pd.DataFrame, count: int) -> pd.DataFrame:
    """Return the persons whose lot is lowest: mostly the same in every scenario."""
    lots = uniforms(np.uint64(0), people["key"].to_numpy())
    return people.iloc[np.sort(np.argsort(lots, kind="stable")[:count])]


def is_whole(rows: pd.DataFrame, by: Sequence[str]) -> pd.Series[bool]:
    """Return which rows are of all groups together; without dimensions none is, as there is one group."""
    whole = pd.Series(bool(by), index=rows.index)
    for name in by:
        whole &= rows[name] == ALL
    return whole
