"""An evaluator whose runs are written down by hand, so that every answer can be computed on paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from urbsim.decision.evaluation import Evaluator, Luck
from urbsim.experiment.runner import Runner
from urbsim.months import format_month, parse_month
from urbsim.policies.base import Policy
from urbsim.policies.registry import all_levers
from urbsim.scenario.model import Scenario

PARKS = all_levers()["industrial_parks"]
SCHOOLS = all_levers()["school_capacity"]
HUKOU = all_levers()["hukou_relaxation"]
#: (origin, destination, persons): moves recorded in the last month.
Moves = tuple[tuple[str, str, float], ...]


def parks(posts: float, part: object = None) -> Policy:
    return PARKS.model_validate({"start": "2021-01", "posts_per_year": posts, "part": part})


def schools(places: float, part: object = None) -> Policy:
    return SCHOOLS.model_validate({"start": "2021-01", "stage": "primary", "places_per_year": places, "part": part})


def plan_of(**policies: Policy) -> Scenario:
    return Scenario(
        "plan", "341282", ("341282",), parse_month("2020-11"), parse_month("2021-12"), scale=0.01, policies=policies
    )


@dataclass(frozen=True)
class Run:
    """What one run shows in its last month."""

    values: Mapping[str, float]
    costs: Mapping[str, float] = field(default_factory=dict)
    moves: Moves = ()


@dataclass(frozen=True)
class Analytic(Evaluator):
    """Runs are what ``rule`` makes of a scenario and its luck; ``asked`` counts them."""

    rule: Callable[[Scenario, Luck], Run]
    asked: list[tuple[Scenario, Luck]] = field(default_factory=list)

    def take(self, wanted, of, label):  # noqa: ARG002
        self.asked.extend(wanted)
        return [of(scenario, tables_of(scenario, self.rule(scenario, luck))) for scenario, luck in wanted]


def analytic(rule: Callable[[Scenario, Luck], Run]) -> Analytic:
    return Analytic(Runner(), 0, rule)


def tables_of(scenario: Scenario, run: Run) -> dict[str, pd.DataFrame]:
    month, place = format_month(scenario.until), scenario.counties[0]
    values = {"urban_residents": 0.0, **run.values}
    series = pd.DataFrame([(month, place, name, value) for name, value in values.items()])
    series.columns = ["month", "place", "indicator", "value"]
    flows = pd.DataFrame(
        [(month, place, "move", *move) for move in run.moves],
        columns=["month", "place", "cause", "origin", "destination", "persons"],
    )
    ledger = pd.DataFrame(
        [(month, place, "lever", name, "county", yuan) for name, yuan in run.costs.items()],
        columns=["month", "place", "lever", "policy", "payer", "yuan"],
    )
    limits = pd.DataFrame(columns=["year", "place", "limit", "policy", "lever", "unit", "wanted", "possible"])
    return {"series": series, "flows": flows, "ledger": ledger, "limits": limits}
