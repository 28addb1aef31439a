"""How results depend on amounts: a plan at many points, each on the same draws and random numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import qmc

from urbsim.arrays import ends_of, spread_of
from urbsim.decision.amounts import Amount, amounts_of, with_amounts
from urbsim.decision.evaluation import Evaluator, Luck, RunSettings, lucks_of, month_of
from urbsim.decision.goals import Goal, Watched, goals_of, goals_of_targets, meets
from urbsim.decision.outcomes import COST, known_indicator
from urbsim.experiment.comparison import interval
from urbsim.experiment.errors import ExperimentError
from urbsim.experiment.plan import make_plan
from urbsim.labels import bilingual
from urbsim.months import format_month
from urbsim.scenario.model import Scenario

MOST_POINTS = 10_000
#: Groups of points that a curve is drawn through where amounts have many values.
_BINS = 8


@dataclass(frozen=True)
class SweepDesign:
    """Where a plan is looked at: a grid of so many levels by amount, or so many points of a Sobol sequence."""

    levels: int = 5
    sobol: int | None = None

    def points(self, amounts: Sequence[Amount], seed: int) -> tuple[tuple[float, ...], ...]:
        """Return the values of the amounts at every point.

        Raises
        ------
        ExperimentError
            If there are too many points, or none.
        """
        if self.sobol is not None:
            return self._sequence(amounts, self.sobol, seed)
        if self.levels < 2:
            raise ExperimentError(
                bilingual(
                    f"levels is {self.levels}; a grid takes 2 or more",
                    f"levels 是 {self.levels}；网格每个量至少取 2 个值",
                )
            )
        sides = [amount.levels(self.levels) for amount in amounts]
        count = int(np.prod([len(side) for side in sides]))
        if count > MOST_POINTS:
            raise ExperimentError(
                bilingual(
                    f"the grid has {count:,} points; at most {MOST_POINTS:,}: take fewer levels, or sobol",
                    f"网格有 {count:,} 个点，最多 {MOST_POINTS:,} 个：请减少 levels，或改用 sobol",
                )
            )
        return tuple(product(*sides))

    @staticmethod
    def _sequence(amounts: Sequence[Amount], count: int, seed: int) -> tuple[tuple[float, ...], ...]:
        if not 1 <= count <= MOST_POINTS:
            raise ExperimentError(
                bilingual(
                    f"sobol is {count}; allowed: 1 to {MOST_POINTS:,}", f"sobol 是 {count}；允许：1 至 {MOST_POINTS:,}"
                )
            )
        sequence = qmc.Sobol(len(amounts), scramble=True, rng=np.random.default_rng(seed))
        unit = sequence.random_base2(int(np.ceil(np.log2(max(count, 2)))))[:count]
        return tuple(tuple(amount.at(float(share)) for amount, share in zip(amounts, row, strict=True)) for row in unit)


@dataclass(frozen=True)
class AskedSweep:
    """What is asked about amounts, as a user writes it; ``urbsim.sweep`` says what it means."""

    vary: Sequence[str]
    indicators: Sequence[str] = ("urbanization_rate",)
    at: str | None = None
    reach: Sequence[str] = ()
    design: SweepDesign = SweepDesign()


@dataclass(frozen=True)
class Swept:
    """A plan at many points.

    Attributes
    ----------
    seen
        What was seen at every point in every draw and replicate: indicators and goals by name, ``cost`` in yuan.
    """

    plan: Scenario
    amounts: tuple[Amount, ...]
    points: tuple[tuple[float, ...], ...]
    indicators: tuple[str, ...]
    goals: tuple[Goal, ...]
    lucks: tuple[Luck, ...]
    seen: tuple[tuple[Mapping[str, float], ...], ...]
    seed: int
    is_grid: bool

    @property
    def month(self) -> str:
        """The month of the results, YYYY-MM."""
        return format_month(self.plan.until)

    def rows(self) -> pd.DataFrame:
        """Return the tidy table: a row per point and indicator, and for ``cost``.

        Returns
        -------
        DataFrame
            A column per amount, by its path; ``indicator``, ``month``, ``median``, ``p10``, ``p90``, ``runs``,
            ``interval`` (what lies between p10 and p90: of fewer than nine runs their range, of one nothing), and
            ``chance``, the share of runs at the point that meet all goals (missing without goals).
        """
        return pd.DataFrame(self._rows())

    def _rows(self) -> Iterator[dict[str, Any]]:
        for point, seen in zip(self.points, self.seen, strict=True):
            where = {amount.path: value for amount, value in zip(self.amounts, point, strict=True)}
            chance = float(meets(Watched(self.goals).margins(seen)).mean()) if self.goals else float("nan")
            for name in (*self.indicators, COST):
                values = np.array([each[name] for each in seen])
                known = values[np.isfinite(values)]
                low, high = ends_of(known)
                middle = float(np.median(known)) if len(known) else np.nan
                told = {"indicator": name, "month": self.month, "median": middle, "p10": low, "p90": high}
                spread = spread_of(len(known)).en
                yield {**where, **told, "runs": len(seen), "interval": spread, "chance": chance}

    def runs(self) -> pd.DataFrame:
        """Return a row per run: the amounts by path, ``draw``, ``replicate``, indicators, ``cost``, and ``met``."""
        rows = []
        for point, seen in zip(self.points, self.seen, strict=True):
            where = {amount.path: value for amount, value in zip(self.amounts, point, strict=True)}
            met = meets(Watched(self.goals).margins(seen)) if self.goals else [None] * len(seen)
            for luck, each, has_met in zip(self.lucks, seen, met, strict=True):
                found = {name: each[name] for name in (*self.indicators, COST)}
                rows.append({**where, "draw": luck.draw, "replicate": luck.replicate, **found, "met": has_met})
        return pd.DataFrame(rows)

    def curves(self) -> pd.DataFrame:
        """Return the response of every indicator to every amount, over all runs whatever the other amounts are.

        Returns
        -------
        DataFrame
            ``amount`` (path), ``value``, ``indicator``, ``median``, ``p10``, ``p90``, ``runs``. Points of a sequence
            are put into bins of equal size, ``value`` being the mean of the bin.
        """
        runs, parts = self.runs(), []
        for amount in self.amounts:
            values = runs[amount.path]
            place = values if self.is_grid else pd.qcut(values.rank(method="dense"), _BINS, duplicates="drop")
            for name in (*self.indicators, COST):
                grouped = runs.groupby(place, observed=True, sort=True)
                ends = interval(grouped[name])
                table = {
                    "value": grouped[amount.path].mean(),
                    "median": grouped[name].median(),
                    "p10": ends["low"],
                    "p90": ends["high"],
                }
                found = pd.DataFrame({**table, "runs": grouped.size()}).reset_index(drop=True)
                parts.append(found.reset_index(drop=True).assign(amount=amount.path, indicator=name))
        order = ["amount", "value", "indicator", "median", "p10", "p90", "runs"]
        return pd.concat(parts, ignore_index=True)[order]


def ask_sweep(plan: Scenario, asked: AskedSweep, settings: RunSettings, evaluator: Evaluator) -> Swept:
    """Simulate a plan at many points and return what was seen.

    Raises
    ------
    ExperimentError
        If what is asked cannot be: amounts, indicators, goals, months or the design.
    RunError
        If a run fails; those before it are kept in the store.
    """
    amounts = amounts_of(asked.vary, plan)
    indicators = tuple(dict.fromkeys(map(known_indicator, asked.indicators)))
    last = month_of(asked.at, plan)
    goals = goals_of(asked.reach, plan, costs=True, last=last) or goals_of_targets(plan, last)
    until = max([last, *(goal.month for goal in goals)]) if asked.at is None else last
    if late := [goal for goal in goals if goal.month > until]:
        raise ExperimentError(
            bilingual(
                f"the goal {late[0]} is after {asked.at}, the month asked about",
                f"目标 {late[0]} 晚于所问月份 {asked.at}",
            )
        )
    numbers = (settings.scale, until, settings.seed, settings.draws, settings.replicates)
    names = ("scale", "until", "seed", "draws", "replicates")
    (plan,) = make_plan([plan], **dict(zip(names, numbers, strict=True))).scenarios  # type: ignore[arg-type]
    points = asked.design.points(amounts, settings.seed)
    scenarios = [with_amounts(plan, dict(zip(amounts, point, strict=True))) for point in points]
    lucks = lucks_of(settings.draws, settings.replicates)
    watched = Watched(goals, indicators)
    wanted = [(scenario, luck) for scenario in scenarios for luck in lucks]
    flat = evaluator.take(wanted, watched.take, bilingual("simulating", "模拟"))
    seen = tuple(tuple(flat[start : start + len(lucks)]) for start in range(0, len(flat), len(lucks)))
    is_grid = asked.design.sobol is None
    return Swept(replace(plan), amounts, points, indicators, goals, lucks, seen, settings.seed, is_grid)
