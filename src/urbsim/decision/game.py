"""The game that groups of policies play: what a plan changes when only some of its groups are at work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from urbsim.arrays import Floats
from urbsim.decision.evaluation import Evaluator, Luck
from urbsim.decision.groups import PolicyGroup, coalition
from urbsim.decision.outcomes import costs_by_policy, urban_sources, value_at
from urbsim.decision.shapley import Coalition
from urbsim.experiment.tables import Tables
from urbsim.scenario.model import Scenario

VALUE, URBAN, FROM = 0, 1, 2  # positions in what is taken from a run; sources from the third on


@dataclass(frozen=True)
class Question:
    """A plan held against a base, at a month, by groups."""

    plan: Scenario
    base: Scenario
    groups: tuple[PolicyGroup, ...]
    indicator: str
    month: str
    lucks: tuple[Luck, ...]


@dataclass
class Game:
    """Values of coalitions of groups, simulated when they are needed."""

    question: Question
    evaluator: Evaluator
    known: dict[tuple[Coalition, Luck], Floats] = field(default_factory=dict)
    costs: dict[tuple[Coalition, Luck], Mapping[str, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        numbers = range(len(self.question.groups))
        self.first = frozenset(number for number in numbers if self.question.groups[number].first)
        self.players = tuple(number for number in numbers if number not in self.first)
        self.everything = frozenset(numbers)

    def of_players(self, chosen: Iterable[int]) -> Coalition:
        """Return the groups at work when some players are: those by their place among the players, and the first."""
        return self.first | {self.players[place] for place in chosen}

    def simulate(self, wanted: Iterable[tuple[Coalition, Luck]], label: str) -> None:
        """Simulate the coalitions that are not known yet."""
        missing = [pair for pair in dict.fromkeys(wanted) if pair not in self.known]
        question = self.question
        runs = [(coalition(question.plan, question.base, question.groups, chosen), luck) for chosen, luck in missing]
        found = self.evaluator.take(runs, self._taken, label)
        for pair, (values, costs) in zip(missing, found, strict=True):
            self.known[pair], self.costs[pair] = values, costs

    def _taken(self, scenario: Scenario, tables: Tables) -> tuple[Floats, dict[str, float]]:
        month = self.question.month
        pair = [value_at(scenario, tables, name, month) for name in (self.question.indicator, "urban_residents")]
        return np.concatenate([pair, urban_sources(tables, month)]), costs_by_policy(tables, month)

    def added(self, chosen: Coalition) -> Floats:
        """Return what a coalition adds to the base in every draw and replicate, shape (lucks, outcomes)."""
        rows = [self.known[chosen, luck] - self.known[frozenset(), luck] for luck in self.question.lucks]
        return np.array(rows)

    def costs_of_groups(self) -> Floats:
        """Return the yuan booked to every group's policies in the plan beyond the base's, shape (groups, lucks)."""
        found = np.zeros((len(self.question.groups), len(self.question.lucks)))
        for place, luck in enumerate(self.question.lucks):
            plan, base = self.costs[self.everything, luck], self.costs[frozenset(), luck]
            for number, group in enumerate(self.question.groups):
                found[number, place] = sum(plan.get(name, 0.0) - base.get(name, 0.0) for name in group.policies)
        return found
