"""What is to be reached: an indicator, or the cost, at least or at most so much at a month.

Written ``urbanization_rate >= 0.55 @ 2030-12``; without a month it is the last one of the plan, of a limit the latest
of the goals.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from urbsim.arrays import Floats
from urbsim.decision.evaluation import month_of
from urbsim.decision.outcomes import COST, costs_by_policy, known_indicator, place_of, values_at
from urbsim.experiment.errors import ExperimentError
from urbsim.experiment.tables import Tables
from urbsim.experiment.targets import HAIR
from urbsim.labels import Label, bilingual
from urbsim.months import format_month
from urbsim.observation.indicators import INDICATORS
from urbsim.reading.amounts import AmountError, amount_of
from urbsim.reading.marks import plain
from urbsim.reading.wording import quoted
from urbsim.scenario.hints import number_hint
from urbsim.scenario.model import LAST_MONTH, Comparator, Scenario, Target

_FORM = Label(
    '"INDICATOR >= VALUE @ YYYY-MM", with >= or <=, such as "urbanization_rate >= 0.55 @ 2030-12"',
    '"指标 >= 数值 @ YYYY-MM"，可用 >= 或 <=，例如 "urbanization_rate >= 0.55 @ 2030-12"',
)
_GOAL = re.compile(
    r"\s*(?P<name>[^<>=≥≤]*[^<>=≥≤\s])\s*(?P<sign>>=|<=|=>|=<|≥|≤|>|<)\s*(?P<level>[^@]*[^@\s])\s*"
    r"(?:@\s*(?P<month>\S.*?)\s*)?"
)
_AT_LEAST = (">=", "=>", "≥", ">")


@dataclass(frozen=True)
class Goal:
    """A level of an indicator, or of ``cost``, to hold at a month, from above or from below."""

    name: str
    at_least: bool
    level: float
    month: int

    def __str__(self) -> str:
        return f"{self.name} {'>=' if self.at_least else '<='} {self.level:g} @ {format_month(self.month)}"

    def margins(self, values: Floats) -> Floats:
        """Return by how much of the level each value is on the right side; negative on the wrong one, 0 at the edge."""
        scale = abs(self.level) or 1.0
        margins = (values - self.level) / scale * (1.0 if self.at_least else -1.0)
        return np.where(np.abs(margins) <= HAIR, 0.0, margins)


def goals_of(
    texts: Sequence[str], scenario: Scenario, *, costs: bool = False, last: int | None = None
) -> tuple[Goal, ...]:
    """Return the goals that are written.

    Parameters
    ----------
    costs
        Whether ``cost`` may be one.
    last
        The month of goals that name none; the scenario's last without it.

    Raises
    ------
    ExperimentError
        If one is not written as ``_FORM`` says, its level or month is impossible, or two cannot both hold.
    """
    end = scenario.until if last is None else last
    found = tuple(_goal(text, scenario, end, costs=costs) for text in texts)
    for one, other in product(found, found):
        same = (one.name, one.month) == (other.name, other.month)
        if same and one.at_least and not other.at_least and one.level > other.level:
            raise ExperimentError(
                bilingual(f"'{one}' and '{other}' cannot both hold", f"“{one}”与“{other}”不可能同时成立")
            )
    return found


def goals_and_limits(
    reach: Sequence[str], within: Sequence[str], scenario: Scenario
) -> tuple[tuple[Goal, ...], tuple[Goal, ...]]:
    """Return the goals of a search and the limits it keeps to; a limit without a month is of the latest of the goals.

    Raises
    ------
    ExperimentError
        As ``goals_of``.
    """
    goals = goals_of(reach, scenario)
    last = max((goal.month for goal in goals), default=scenario.until)
    return goals, goals_of(within, scenario, costs=True, last=last)


def _goal(text: str, scenario: Scenario, last: int, *, costs: bool) -> Goal:
    found = _GOAL.fullmatch(plain(text))
    if found is None:
        raise ExperimentError(
            bilingual(
                f"a goal or limit is {quoted(text)}; allowed: {_FORM}", f"目标或限制写作{quoted(text)}；允许：{_FORM}"
            )
        )
    name = found["name"]
    if name == COST and not costs:
        raise ExperimentError(
            bilingual(
                f"{quoted(text)} is no goal but a limit on the cost: write --within {quoted(text)}",
                f"{quoted(text)}不是目标，而是费用限制：请写 --within {quoted(text)}",
            )
        )
    name = known_indicator(name, costs=costs)
    month = month_of(found["month"], scenario) if found["month"] else last
    if month > LAST_MONTH:
        raise ExperimentError(
            bilingual(
                f"{found['month']} is after {format_month(LAST_MONTH)}, as rates of birth end there",
                f"{found['month']} 晚于 {format_month(LAST_MONTH)}，生育率数据到此为止",
            )
        )
    return Goal(name, found["sign"] in _AT_LEAST, _level(text, name, found["level"]), month)


def _level(text: str, name: str, written: str) -> float:
    bounds = (0.0, 1.0) if name in INDICATORS and INDICATORS[name].percent else None
    unit = "yuan" if name == COST else INDICATORS[name].unit
    try:
        value = amount_of(number_hint(written, bounds) or written, unit).value
    except AmountError as error:
        raise ExperimentError(
            bilingual(f"a goal is {quoted(text)}, where {error}", f"目标{quoted(text)}中，{error}")
        ) from None
    if bounds and not bounds[0] <= value <= bounds[1]:
        raise ExperimentError(
            bilingual(
                f"{name} is a share, from 0 to 1, not {written}; write 0.55 for 55 %",
                f"{name} 是比重，取值 0 至 1，不能是 {written}；55% 请写 0.55",
            )
        )
    if value < 0.0:
        raise ExperimentError(
            bilingual(
                f"{quoted(text)}: {name} is never below 0, so it cannot be {written}",
                f"{quoted(text)}：{name} 不会低于0，不能是 {written}",
            )
        )
    return value


def goals_of_targets(scenario: Scenario, last: int) -> tuple[Goal, ...]:
    """Return a scenario's own targets up to a month as goals; those relative to another month are left out.

    A target of ``about`` counts from its lower edge on.
    """
    return tuple(_of_target(target) for target in scenario.targets if target.since is None and target.month <= last)


def _of_target(target: Target) -> Goal:
    slack = (target.tolerance or 0.0) if target.comparator is Comparator.ABOUT else 0.0
    return Goal(target.indicator, target.comparator is not Comparator.AT_MOST, target.level - slack, target.month)


@dataclass(frozen=True)
class Watched:
    """Takes out of a run what goals, indicators and cost are."""

    goals: tuple[Goal, ...]
    indicators: tuple[str, ...] = ()

    @property
    def last(self) -> int:
        """The latest month of the goals."""
        return max(goal.month for goal in self.goals)

    def take(self, scenario: Scenario, tables: Tables) -> Mapping[str, float]:
        """Return the cost by the end of the run, the indicators there, and the value of each goal by its text."""
        place, last = place_of(scenario), format_month(scenario.until)
        found = {COST: sum(costs_by_policy(tables, last).values())}
        at_end = values_at(tables, place, last)
        found.update({name: float(at_end[name]) for name in self.indicators})
        for goal in self.goals:
            month = format_month(goal.month)
            of_cost = goal.name == COST
            value = (
                sum(costs_by_policy(tables, month).values()) if of_cost else values_at(tables, place, month)[goal.name]
            )
            found[str(goal)] = float(value)
        return found

    def margins(self, seen: Sequence[Mapping[str, float]]) -> Floats:
        """Return for each run the margin of the goal that it misses most, or meets least; missing values miss.

        Returns
        -------
        array (runs,)
            Shares of the goals' levels; a run meets all goals where it is 0 or more.
        """
        rows = [goal.margins(np.array([each[str(goal)] for each in seen])) for goal in self.goals]
        return np.asarray(np.nan_to_num(np.array(rows), nan=-1.0).min(axis=0))


def meets(margins: Floats) -> NDArray[np.bool_]:
    """Return which runs meet their goals."""
    return np.asarray(margins >= 0.0)


def margin_at(margins: Floats, chance: float) -> float:
    """Return the largest margin that a share ``chance`` of the runs reach; at least that share meets where it is 0.

    Parameters
    ----------
    margins
        One a run.
    chance
        Share of runs, 0 to 1.
    """
    wanted = max(1, int(np.ceil(chance * len(margins) - 1e-9)))
    return float(np.sort(margins)[::-1][wanted - 1])
