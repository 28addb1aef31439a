"""What would it take: the cheapest amounts with which a plan reaches its goals with a chance.

The search runs every trial on the same draws and random numbers, and lets Optuna's tree-structured Parzen estimator
(Bergstra et al. 2011), told of the constraints, propose where to look next; then amounts are lowered one by one and
together as far as the goals allow. What is found is verified on draws that the search did not see. Where these meet the
goals more rarely, the search goes on with a reserve of what they lacked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from urbsim.decision.amounts import Amount, with_amounts
from urbsim.decision.evaluation import Evaluator, Luck
from urbsim.decision.goals import Goal, Watched, margin_at, meets
from urbsim.decision.outcomes import COST
from urbsim.labels import bilingual
from urbsim.scenario.model import Scenario

if TYPE_CHECKING:
    from optuna.study import Study
    from optuna.trial import Trial as OptunaTrial

Point = tuple[float, ...]
#: Trials proposed at once, to be simulated side by side, whatever the number of processes.
_BATCH = 4
#: Trials before the optimiser leans on what it saw.
_STARTUP = 8
#: Share of the trials that lower what was found.
_LOWERING = 0.4


@dataclass(frozen=True)
class SearchProblem:
    """What is sought, completely.

    Attributes
    ----------
    plan
        The scenario, ending in the latest month of the goals and limits.
    limits
        Goals that have to hold for the mean over runs, such as a bound on the cost.
    minimise
        ``cost`` or an indicator, as the mean over runs at the end.
    """

    plan: Scenario
    amounts: tuple[Amount, ...]
    goals: tuple[Goal, ...]
    limits: tuple[Goal, ...]
    chance: float
    minimise: str
    lucks: tuple[Luck, ...]

    @property
    def watched(self) -> Watched:
        """What is taken out of every run."""
        return Watched((*self.goals, *self.limits), () if self.minimise == COST else (self.minimise,))

    @property
    def highest(self) -> Point:
        """The upper ends of all amounts."""
        return tuple(amount.high for amount in self.amounts)

    def at(self, point: Point) -> Scenario:
        """Return the plan with the amounts of a point."""
        return with_amounts(self.plan, dict(zip(self.amounts, point, strict=True)))


@dataclass(frozen=True)
class Trial:
    """What was seen at one point, on the draws of the search.

    Attributes
    ----------
    objective, cost
        Means over runs.
    margin
        What at least the wanted share of the runs reach, as a share of the goals' levels: 0 or more is enough.
    share
        Share of the runs that meet all goals.
    slack
        The smallest margin of the limits; 0 or more keeps them.
    """

    point: Point
    objective: float
    cost: float
    margin: float
    share: float
    slack: float

    def is_enough(self, reserve: float = 0.0, room: float = 0.0) -> bool:
        """Return whether goals are met with the chance and a reserve, and the limits are kept with room to spare."""
        return self.margin >= reserve and self.slack >= room


@dataclass
class Search:
    """Trials of a problem, in the order in which they were made.

    Attributes
    ----------
    reserve, room
        What margin of the goals and slack of the limits must at least be, so that both hold on other draws too.
    """

    problem: SearchProblem
    evaluator: Evaluator
    reserve: float = 0.0
    room: float = 0.0
    trials: dict[Point, Trial] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._study = _study(self.evaluator.seed)
        self._asked: list[OptunaTrial] = []  # trials that the optimiser waits for

    def best(self) -> Trial | None:
        """Return the trial of the lowest objective that is enough; None where none is."""
        enough = [trial for trial in self.trials.values() if trial.is_enough(self.reserve, self.room)]
        return min(enough, key=lambda trial: (trial.objective, trial.point), default=None)

    def nearest(self) -> Trial:
        """Return the trial that comes nearest to what is wanted: limits first, then the margin of the goals."""
        return max(self.trials.values(), key=lambda trial: (min(trial.slack, 0.0), trial.margin, -trial.objective))

    def run(self, count: int) -> None:
        """Make trials until there are so many: corners, then by proposal, then by lowering what was found.

        Where the lowest amounts are enough, nothing can cost less and the search ends.
        """
        if not self.trials:
            self._try(self._corners())
        lowest = self.trials[self._corners()[0]]
        if self.problem.minimise == COST and lowest.is_enough(self.reserve, self.room):
            return
        while len(self.trials) < count * (1.0 - _LOWERING * (self.best() is not None)):
            before = len(self.trials)
            self._try(self._proposed(), told=True)
            if len(self.trials) == before:  # everything proposed is known
                break
        self.lower(count)

    def lower(self, last: int) -> None:
        """Lower the amounts of the best trial, one by one and together, until nothing is gained or ``last`` trials."""
        amounts = self.problem.amounts
        parts = np.full(len(amounts) + 1, 0.5)
        while (best := self.best()) is not None and len(self.trials) < last and (parts > 0.02).any():
            steps = [self._lowered(best.point, number, part) for number, part in enumerate(parts)]
            self._try(steps)
            found = self.best()
            assert found is not None
            for number, step in enumerate(steps):
                if step in (best.point, found.point) and found is not best:
                    continue
                parts[number] /= 2.0

    def _lowered(self, point: Point, number: int, part: float) -> Point:
        """Return a point with one amount, or with the number after the last all of them, nearer to the lower end."""
        return tuple(
            amount.rounded(value - part * (value - amount.low)) if number in (place, len(point)) else value
            for place, (amount, value) in enumerate(zip(self.problem.amounts, point, strict=True))
        )

    def _corners(self) -> list[Point]:
        amounts = self.problem.amounts
        ends = [tuple(amount.low for amount in amounts), self.problem.highest]
        middle = tuple(amount.rounded((amount.low + amount.high) / 2) for amount in amounts)
        return [*ends, middle]

    def _proposed(self) -> list[Point]:
        """Return the points that the optimiser would see next."""
        from optuna.distributions import FloatDistribution

        ranges = {amount.path: FloatDistribution(amount.low, amount.high) for amount in self.problem.amounts}
        self._asked = [self._study.ask(ranges) for _ in range(_BATCH)]
        return [
            tuple(amount.rounded(trial.params[amount.path]) for amount in self.problem.amounts) for trial in self._asked
        ]

    def _try(self, points: Sequence[Point], *, told: bool = False) -> None:
        """Simulate points that are not known yet, and tell the optimiser; ``told`` says that it asked for them."""
        self._simulate(dict.fromkeys(points))
        for number, point in enumerate(points):
            objective, constraints = self.trials[point].objective, self._constraints(self.trials[point])
            if told:
                for name, value in constraints.items():
                    self._asked[number].set_constraint(name, value)
                self._study.tell(self._asked[number], objective)
            else:
                self._add(point, objective, constraints)

    def _add(self, point: Point, objective: float, constraints: dict[str, float]) -> None:
        from optuna.distributions import FloatDistribution
        from optuna.trial import create_trial

        amounts = self.problem.amounts
        trial = create_trial(
            params={amount.path: each for amount, each in zip(amounts, point, strict=True)},
            distributions={amount.path: FloatDistribution(amount.low, amount.high) for amount in amounts},
            value=objective,
            constraints=constraints,
        )
        self._study.add_trial(trial)

    def _constraints(self, trial: Trial) -> dict[str, float]:
        """Return what the optimiser wants at 0 or below."""
        return {"goals": self.reserve - trial.margin, "limits": self.room - trial.slack}

    def _simulate(self, points: Iterable[Point]) -> None:
        problem, new = self.problem, [point for point in points if point not in self.trials]
        wanted = [(problem.at(point), luck) for point in new for luck in problem.lucks]
        if not wanted:
            return
        flat = self.evaluator.take(
            wanted,
            problem.watched.take,
            bilingual(f"searching, {len(self.trials)} amounts tried", f"搜索中，已试 {len(self.trials)} 组数量"),
        )
        size = len(problem.lucks)
        for number, point in enumerate(new):
            self.trials[point] = trial_of(problem, point, flat[number * size : (number + 1) * size])


def trial_of(problem: SearchProblem, point: Point, seen: Sequence[Mapping[str, float]]) -> Trial:
    """Return what runs at a point come to."""
    margins = Watched(problem.goals).margins(seen)
    return Trial(
        point,
        objective=float(np.mean([run[problem.minimise] for run in seen])),
        cost=float(np.mean([run[COST] for run in seen])),
        margin=margin_at(margins, problem.chance),
        share=float(meets(margins).mean()),
        slack=slack_of(problem, seen),
    )


def slack_of(problem: SearchProblem, seen: Sequence[Mapping[str, float]]) -> float:
    """Return the smallest margin of the limits for the mean over runs, 0 without limits; missing values exceed."""
    means = [(goal, np.array([np.mean([run[str(goal)] for run in seen])])) for goal in problem.limits]
    return float(min((np.nan_to_num(goal.margins(mean)[0], nan=-1.0) for goal, mean in means), default=0.0))


def _study(seed: int) -> Study:
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    sampler = optuna.samplers.TPESampler(seed=seed % 2**32, n_startup_trials=_STARTUP, multivariate=True)
    return optuna.create_study(sampler=sampler, direction="minimize")
