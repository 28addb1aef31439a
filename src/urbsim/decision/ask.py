"""From what a user asks to a checked question about contributions, and its answer."""

from __future__ import annotations

from dataclasses import dataclass

from urbsim.decision.contributions import MOST_ROUNDS, PRECISION, effects
from urbsim.decision.evaluation import Evaluator, RunSettings, lucks_of, month_of
from urbsim.decision.findings import Findings
from urbsim.decision.game import Question
from urbsim.decision.groups import By, default_by, groups_of, without_policies
from urbsim.decision.outcomes import known_indicator
from urbsim.experiment.errors import ExperimentError
from urbsim.experiment.plan import make_plan
from urbsim.labels import bilingual
from urbsim.months import format_month
from urbsim.reading.wording import listed
from urbsim.scenario.model import Scenario


@dataclass(frozen=True)
class Asked:
    """What is asked about a plan, as a user writes it; ``urbsim.contributions`` says what it means."""

    by: str | None = None
    indicator: str = "urbanization_rate"
    at: str | None = None
    precision: float = PRECISION
    rounds: int = MOST_ROUNDS


def ask_contributions(
    plan: Scenario, against: Scenario | None, asked: Asked, settings: RunSettings, evaluator: Evaluator
) -> Findings:
    """Return what every group of a plan's policies adds; without ``against``, to the plan without policies.

    Raises
    ------
    ExperimentError
        If a setting is out of bounds, the scenarios cannot be compared, nothing differs, or there are no parts.
    RunError
        If a run fails; those before it are kept.
    """
    if asked.by is not None and asked.by not in list(By):
        raise ExperimentError(
            bilingual(f"by is '{asked.by}'; allowed: {listed(By)}", f"by 是“{asked.by}”；允许：{listed(By)}")
        )
    by = By(asked.by) if asked.by is not None else default_by(plan)
    indicator = known_indicator(asked.indicator)
    base = against or without_policies(plan)
    checked = make_plan(
        [base, plan],
        scale=settings.scale,
        until=month_of(asked.at, plan),
        seed=settings.seed,
        draws=settings.draws,
        replicates=settings.replicates,
    )
    base, plan = checked.scenarios
    groups = groups_of(plan, base, by)
    lucks = lucks_of(settings.draws, settings.replicates)
    question = Question(plan, base, groups, indicator, format_month(plan.until), lucks)
    return Findings(question, by, effects(question, evaluator, asked.precision, asked.rounds), settings.seed)
