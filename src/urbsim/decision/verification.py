"""Whether what a search found holds on draws that the search did not see."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.stats import beta

from urbsim.decision.evaluation import Evaluator, Luck
from urbsim.decision.goals import Goal, Watched, margin_at, meets
from urbsim.decision.seek import Point, SearchProblem, slack_of
from urbsim.experiment.errors import ExperimentError
from urbsim.experiment.plan import MOST_REPLICATES
from urbsim.labels import bilingual
from urbsim.posterior.draws import available_draws, draws_of

#: Coverage of the interval of a chance.
LEVEL = 0.95
FEWEST = 100


class GoalSeen(NamedTuple):
    """A goal by itself: the share of the runs that meet it, and the median of what they come to."""

    goal: Goal
    chance: float
    median: float


@dataclass(frozen=True)
class Verified:
    """How many of the unseen runs meet the goals.

    Attributes
    ----------
    low, high
        Exact binomial interval (Clopper and Pearson) of the chance. Where a draw of the parameters has several runs,
        these are less than independent, and the interval is that of the effective number of runs (Korn and Graubard
        1998).
    margin
        What the wanted share of the runs reach; negative by what was lacking.
    slack
        The smallest margin of the limits, on average over the runs; 0 or more keeps them.
    cost
        Yuan, mean over runs.
    goals
        Every goal by itself.
    """

    runs: int
    draws: int
    met: int
    effective: float
    low: float
    high: float
    margin: float
    slack: float
    cost: float
    goals: tuple[GoalSeen, ...]

    @property
    def chance(self) -> float:
        """Share of the runs that meet the goals."""
        return self.met / self.runs


def unseen(problem: SearchProblem, count: int) -> tuple[Luck, ...]:
    """Return at least ``count`` pairs of draw and replicate that the search did not use.

    Draws of the parameters are others than those of the search, each as often as it takes; a plan without calibration
    has other random numbers only.

    Raises
    ------
    ExperimentError
        If the search uses more than half of the draws that there are.
    """
    own = problem.plan.posterior
    available = available_draws() if own is None else draws_of(own.folder)
    used = {luck.draw for luck in problem.lucks}
    if count < FEWEST:
        raise ExperimentError(
            bilingual(
                f"verify is {count}; at least {FEWEST} runs tell a chance",
                f"verify 是 {count}；至少 {FEWEST} 次模拟才能判断概率",
            )
        )
    if not problem.plan.calibrated or not available:
        first = 1 + max(luck.replicate for luck in problem.lucks)
        if first + count > MOST_REPLICATES:
            raise ExperimentError(
                bilingual(
                    f"verify is {count}; at most {MOST_REPLICATES - first:,}",
                    f"verify 是 {count}；最多 {MOST_REPLICATES - first:,}",
                )
            )
        return tuple(Luck(min(used), first + number) for number in range(count))
    others = [number for number in range(1, available + 1) if number not in used]
    if len(others) < available / 2:
        raise ExperimentError(
            bilingual(
                f"draws is {len(used)}; the posterior holds {available}, of which a search may use half: what it "
                "finds is "
                "verified on draws that it did not see",
                f"draws 是 {len(used)}；后验有 {available} 组抽样，搜索最多用一半："
                "找到的结果要用搜索没有见过的抽样来检验",
            )
        )
    replicates = math.ceil(count / len(others))
    return tuple(Luck(number, replicate) for replicate in range(replicates) for number in others)


def verify(problem: SearchProblem, point: Point, lucks: Sequence[Luck], evaluator: Evaluator) -> Verified:
    """Run a point on unseen draws.

    Raises
    ------
    RunError
        If a run fails; those before it are kept in the store.
    """
    scenario = problem.at(point)
    seen = evaluator.take([(scenario, luck) for luck in lucks], problem.watched.take, bilingual("verifying", "验证"))
    margins = Watched(problem.goals).margins(seen)
    met = meets(margins)
    by_draw: dict[int, list[bool]] = {}
    for luck, has_met in zip(lucks, met.tolist(), strict=True):
        by_draw.setdefault(luck.draw if problem.plan.calibrated else luck.replicate, []).append(has_met)
    effective = effective_runs(list(by_draw.values()))
    low, high = binomial_interval(float(met.mean()), effective)
    cost = float(np.mean([run["cost"] for run in seen]))
    margin = margin_at(margins, problem.chance)
    slack, goals = slack_of(problem, seen), tuple(_seen(goal, seen) for goal in problem.goals)
    return Verified(len(met), len(by_draw), int(met.sum()), effective, low, high, margin, slack, cost, goals)


def _seen(goal: Goal, runs: Sequence[Mapping[str, float]]) -> GoalSeen:
    values = np.array([run[str(goal)] for run in runs])
    known = values[np.isfinite(values)]
    median = float(np.median(known)) if len(known) else math.nan
    return GoalSeen(goal, float(meets(Watched((goal,)).margins(runs)).mean()), median)


def effective_runs(groups: Sequence[Sequence[bool]]) -> float:
    """Return how many independent runs tell as much as runs in groups of equal size: between groups and runs."""
    shares = np.array([np.mean(group) for group in groups])
    runs, share = sum(map(len, groups)), float(shares.mean())
    if runs == len(groups):
        return float(runs)
    variance = float(shares.var(ddof=1)) / len(groups) if len(groups) > 1 else 0.0
    if variance == 0.0:
        return float(len(groups))
    return float(np.clip(share * (1.0 - share) / variance, len(groups), runs))


def binomial_interval(share: float, runs: float, level: float = LEVEL) -> tuple[float, float]:
    """Return the exact interval (Clopper and Pearson 1934) of a chance seen as a share of runs, whole or not."""
    met, tail = share * runs, (1.0 - level) / 2.0
    low = 0.0 if share <= 0.0 else float(beta.ppf(tail, met, runs - met + 1.0))
    high = 1.0 if share >= 1.0 else float(beta.ppf(1.0 - tail, met + 1.0, runs - met))
    return low, high
