"""From what a user wants to reach to the amounts that it takes, verified, or to what keeps it out of reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from urbsim.decision.amounts import amounts_of, with_amounts
from urbsim.decision.binding import MATTERS, Relaxed, what_binds
from urbsim.decision.evaluation import Evaluator, RunSettings, lucks_of
from urbsim.decision.goals import goals_and_limits
from urbsim.decision.outcomes import COST, known_indicator
from urbsim.decision.seek import Search, SearchProblem, Trial
from urbsim.decision.verification import FEWEST, Verified, unseen, verify
from urbsim.experiment.errors import ExperimentError
from urbsim.experiment.plan import make_plan
from urbsim.labels import Label, bilingual, shortened
from urbsim.scenario.model import Scenario

DEFAULT_TRIALS, DEFAULT_CHANCE = 40, 0.8
_FEWEST_TRIALS, _VERIFICATIONS = 4, 3
_LEAST_RESERVE = 1e-6


@dataclass(frozen=True)
class AskedSeek:
    """What is to be reached, as a user writes it; ``urbsim.seek`` says what it means."""

    reach: Sequence[str]
    vary: Sequence[str]
    within: Sequence[str] = ()
    chance: float = DEFAULT_CHANCE
    minimise: str = COST
    trials: int = DEFAULT_TRIALS
    verify: int = FEWEST


@dataclass(frozen=True)
class Sought:
    """What a search found.

    Attributes
    ----------
    plan
        The plan as it was given.
    chosen
        The cheapest amounts that are enough, else those that come nearest.
    verified
        How these do on draws that the search did not see.
    reached
        Whether they meet the goals there with the wanted chance, within the limits.
    relaxed
        What making each thing plentiful would bring, where the goals are out of reach.
    over_limits
        Whether limits stand in the way: no amounts keep them, or amounts that exceed them come nearer to the goals by
        at least a tenth of what is lacking.
    """

    problem: SearchProblem
    plan: Scenario
    trials: tuple[Trial, ...]
    chosen: Trial
    verified: Verified
    reached: bool
    relaxed: tuple[Relaxed, ...]
    over_limits: bool
    seed: int

    @property
    def amounts(self) -> dict[str, float]:
        """The amounts found, by path."""
        return {amount.path: value for amount, value in zip(self.problem.amounts, self.chosen.point, strict=True)}

    @property
    def at_their_limit(self) -> tuple[str, ...]:
        """Paths of the amounts that stand at the upper end of what was allowed."""
        pairs = zip(self.problem.amounts, self.chosen.point, strict=True)
        return tuple(amount.path for amount, value in pairs if value >= amount.high)

    @property
    def moves(self) -> bool:
        """Whether the amounts move what is to be reached at all."""
        return len({trial.margin for trial in self.trials}) > 1

    @property
    def binds(self) -> tuple[str, ...]:
        """What keeps the goals out of reach, the most first: money, land, posts, workers, housing."""
        found = ["money"] if self.over_limits and any(goal.name == COST for goal in self.problem.limits) else []
        return tuple(dict.fromkeys([*found, *(each.name for each in self.relaxed if each.binds)]))

    @property
    def scenario(self) -> Scenario:
        """The plan with the amounts found, under a name of its own."""
        chosen = dict(zip(self.problem.amounts, self.chosen.point, strict=True))
        title = self.plan.title
        return with_amounts(self.plan, chosen).renamed(
            Label(f"{shortened(title.en, 80)}, amounts found", f"{shortened(title.zh, 80)}（求得的力度）")
        )

    def tried(self) -> pd.DataFrame:
        """Return every trial: a column per amount, ``objective``, ``cost``, ``chance``, ``margin``, ``frontier``.

        ``chance`` is the share of the runs of the search that meet the goals; ``frontier`` says that no cheaper trial
        within the limits has as much.
        """
        rows = []
        for trial in sorted(self.trials, key=lambda each: (each.cost, -each.share)):
            where = {amount.path: value for amount, value in zip(self.problem.amounts, trial.point, strict=True)}
            told = {"objective": trial.objective, "cost": trial.cost, "chance": trial.share, "margin": trial.margin}
            rows.append({**where, **told, "within": trial.slack >= 0.0})
        table, highest, frontier = pd.DataFrame(rows), -1.0, []
        for chance, within in zip(table["chance"], table["within"], strict=True):
            frontier.append(bool(within and chance > highest))
            highest = max(highest, chance) if within else highest
        return table.assign(frontier=frontier)

    def as_data(self, scenario_file: str | None = None) -> dict[str, Any]:
        """Return everything as plain data for JSON."""
        checked, tried = self.verified, self.tried()
        return {
            "reached": self.reached,
            "chance": checked.chance,
            "amounts": self.amounts,
            "cost": checked.cost,
            "scenario_file": scenario_file,
            "binds": list(self.binds),
            "wanted_chance": self.problem.chance,
            "goals": [str(goal) for goal in self.problem.goals],
            "within": [str(goal) for goal in self.problem.limits],
            "minimise": self.problem.minimise,
            "verification": {
                "runs": checked.runs,
                "draws": checked.draws,
                "met": checked.met,
                "low": checked.low,
                "high": checked.high,
                "effective_runs": checked.effective,
                "goals": [
                    {"goal": str(each.goal), "chance": each.chance, "median": each.median} for each in checked.goals
                ],
            },
            "at_their_limit": list(self.at_their_limit),
            "relaxed": [
                {"name": each.name, "chance": each.share, "gained": each.gained, "binds": each.binds}
                for each in self.relaxed
            ],
            "trials": len(self.trials),
            "frontier": tried[tried["frontier"]].drop(columns=["frontier", "within"]).to_dict("records"),
            "scale": self.problem.plan.scale,
            "seed": self.seed,
        }


def ask_seek(plan: Scenario, asked: AskedSeek, settings: RunSettings, evaluator: Evaluator) -> Sought:
    """Return the cheapest amounts that reach the goals, or how near one can come and what binds.

    Raises
    ------
    ExperimentError
        If what is asked cannot be: goals, amounts, limits, chance, draws.
    RunError
        If a run fails; those before it are kept in the store.
    """
    problem = _problem(plan, asked, settings)
    others = unseen(problem, asked.verify)
    search = Search(problem, evaluator)
    search.run(asked.trials)
    chosen, verified, reached = search.best(), None, False
    for _ in range(_VERIFICATIONS):
        if chosen is None:
            break
        verified = verify(problem, chosen.point, others, evaluator)
        reached = _holds(verified, asked.chance)
        if reached:
            break
        _be_stricter(search, chosen, verified, asked.chance)
        search.run(len(search.trials) + max(asked.trials // 3, _FEWEST_TRIALS))
        chosen = search.best()
    if chosen is None or verified is None or not reached:
        search.reserve, search.room = 0.0, 0.0
        chosen = search.nearest()
        verified = verify(problem, chosen.point, others, evaluator)
        reached = _holds(verified, asked.chance) and chosen.slack >= 0.0
    trials = tuple(search.trials.values())
    lacking = max(-chosen.margin, -verified.margin)
    points = tuple(dict.fromkeys((chosen.point, problem.highest)))
    relaxed = () if reached else what_binds(problem, points, evaluator, lacking)
    over = not reached and _forbidden(trials, chosen, lacking)
    return Sought(problem, plan, trials, chosen, verified, reached, relaxed, over, settings.seed)


def _holds(verified: Verified, chance: float) -> bool:
    return verified.chance >= chance and verified.slack >= 0.0


def _be_stricter(search: Search, chosen: Trial, verified: Verified, chance: float) -> None:
    """Ask of the search what lacked on other draws in addition."""
    if verified.chance < chance:
        search.reserve = max(chosen.margin, search.reserve) + max(-verified.margin, _LEAST_RESERVE)
    if verified.slack < 0.0:
        search.room = max(chosen.slack - verified.slack, search.room)


def _forbidden(trials: Sequence[Trial], chosen: Trial, lacking: float) -> bool:
    """Return whether limits stand in the way: nothing keeps them, or what exceeds them comes nearer to the goals."""
    gains = [trial.margin - chosen.margin for trial in trials if trial.slack < 0.0]
    return chosen.slack < 0.0 or any(gain > 0.0 and gain >= MATTERS * lacking for gain in gains)


def _problem(plan: Scenario, asked: AskedSeek, settings: RunSettings) -> SearchProblem:
    goals, limits = goals_and_limits(asked.reach, asked.within, plan)
    if not goals:
        raise ExperimentError(
            bilingual(
                'there is no goal; give --reach, such as "urbanization_rate >= 0.55 @ 2030-12"',
                '没有目标；请给出 --reach，例如 "urbanization_rate >= 0.55 @ 2030-12"',
            )
        )
    if not 0.0 < asked.chance <= 1.0:
        raise ExperimentError(
            bilingual(
                f"chance is {asked.chance:g}; it must be above 0 and at most 1, such as 0.8",
                f"chance 是 {asked.chance:g}；必须大于 0 且不超过 1，例如 0.8",
            )
        )
    if asked.trials < _FEWEST_TRIALS:
        raise ExperimentError(
            bilingual(
                f"trials is {asked.trials}; a search takes at least {_FEWEST_TRIALS}",
                f"trials 是 {asked.trials}；一次搜索至少需要 {_FEWEST_TRIALS} 次",
            )
        )
    minimise = known_indicator(asked.minimise, costs=True)
    amounts = amounts_of(asked.vary, plan)
    (shown,) = make_plan(
        [plan],
        scale=settings.scale,
        until=max(goal.month for goal in (*goals, *limits)),
        seed=settings.seed,
        draws=settings.draws,
        replicates=settings.replicates,
    ).scenarios
    lucks = lucks_of(settings.draws, settings.replicates)
    return SearchProblem(shown, amounts, goals, limits, asked.chance, minimise, lucks)
