"""What amounts do and what it takes to reach a goal, as tables in both languages and the numbers of their charts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import TYPE_CHECKING, Any

from urbsim.experiment.plan import Plan
from urbsim.experiment.progress import Progress
from urbsim.experiment.runner import runner_in_this_process
from urbsim.labels import Label, Language, plain_number
from urbsim.page.answers import settings_of
from urbsim.page.catalogue import cost
from urbsim.page.data import grids, in_both, number, records
from urbsim.page.errors import both
from urbsim.page.names import policy_titles
from urbsim.page.scenarios import as_document

if TYPE_CHECKING:
    from urbsim.decision.amounts import Amount
    from urbsim.decision.quest import Sought
    from urbsim.scenario.model import Scenario

#: Amounts tried and runs to verify where nothing is said, as in ``urbsim.seek``.
_TRIALS, _VERIFY = 40, 100
_FOUND = Label("Amounts found", "求得的数额")
_HEADINGS = (Label("Amount", "数额"), Label("Found", "求得"), Label("Allowed", "允许范围"))


@dataclass(frozen=True)
class RunsNeeded:
    """How much a question takes: at how many amounts a plan is simulated, months of one run, and of all, about."""

    points: int
    each: int
    months: int


def runs_needed(asked: dict[str, Any], plan: Plan) -> RunsNeeded:
    """Return how much a question takes, once its amounts, goals and limits are read.

    Raises
    ------
    ExperimentError
        If one of them cannot be.
    """
    from urbsim.decision.amounts import amounts_of
    from urbsim.decision.evaluation import month_of
    from urbsim.decision.goals import goals_and_limits, goals_of

    scenario, runs, is_search = plan.scenarios[-1], len(plan.run_keys()), "within" in asked
    amounts = amounts_of(asked["vary"], scenario)
    if is_search:
        goals, limits = goals_and_limits(asked["reach"], asked["within"], scenario)
        points, more = asked["trials"] or _TRIALS, asked["verify"] or _VERIFY
        last = max(goal.month for goal in (*goals, *limits))
    else:
        last = month_of(asked["at"], scenario)
        goals = goals_of(asked["reach"], scenario, costs=True, last=last)
        points, more = asked["sobol"] or prod(len(each.values) or asked["levels"] for each in amounts), 0
        last = max([last, *(goal.month for goal in goals)])
    each = last - scenario.census + 1
    return RunsNeeded(points, each, each * (points * runs + more))


def sweep(plan: Plan, asked: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Return how a plan's results depend on amounts: the tidy rows, a table of them, and when the plan fails.

    Raises
    ------
    ExperimentError
        If an amount, indicator or goal cannot be.
    RunError
        If a run fails.
    """
    from urbsim.decision.discovery import conditions_of_failure
    from urbsim.decision.evaluation import Evaluator
    from urbsim.decision.sweep import AskedSweep, SweepDesign, ask_sweep
    from urbsim.report import amounts as words

    scenario = plan.scenarios[-1]
    design = SweepDesign(asked["levels"], asked["sobol"])
    question = AskedSweep(asked["vary"], asked["indicators"], asked["at"], asked["reach"], design)
    runner = runner_in_this_process(progress)
    swept = ask_sweep(scenario, question, settings_of(plan), Evaluator(runner, plan.seed))
    swept = replace(swept, amounts=_named(swept.amounts, scenario))
    fails = conditions_of_failure(swept)

    def said(language: Language) -> str:
        """Return how often goals are met and under which conditions they are not; nothing where there are none."""
        lines = (*words.goals_lines(swept, language), *words.conditions_lines(fails, language, swept.amounts))
        return "\n".join(lines) if swept.goals else ""

    return {
        "text": in_both(said),
        "note": in_both(lambda language: str(words.sweep_table(swept, language).caption)),
        "tables": grids(lambda language: (words.sweep_table(swept, language),)),
        "rows": records(swept.rows()),
        "amounts": _amounts(swept.amounts),
        "cost": cost(),
        "curves": records(swept.curves()),
        "is_grid": swept.is_grid,
    }


def seek(plan: Plan, asked: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Return the cheapest amounts that reach goals, verified on other draws, as a scenario; or what binds.

    Raises
    ------
    ExperimentError
        If a goal, amount or limit cannot be.
    RunError
        If a run fails.
    """
    from urbsim.decision.evaluation import Evaluator
    from urbsim.decision.quest import AskedSeek, ask_seek
    from urbsim.report import amounts as words

    scenario = plan.scenarios[-1]
    names = ("reach", "vary", "within", "chance", "minimise", "trials", "verify")
    question = AskedSeek(**{name: asked[name] for name in names if asked[name] is not None})
    runner = runner_in_this_process(progress)
    found = ask_seek(scenario, question, settings_of(plan), Evaluator(runner, plan.seed))
    found = replace(found, problem=replace(found.problem, amounts=_named(found.problem.amounts, scenario)))
    checked = found.verified
    return {
        "text": in_both(lambda language: "\n".join((words.verdict(found, language), *words.grounds(found, language)))),
        "note": both(Label("", "")),
        "tables": [_table(found), *grids(lambda language: (words.relaxed_table(found, language),))],
        "reached": found.reached,
        "scenario": as_document(found.scenario),
        "tried": records(found.tried()),
        "amounts": _amounts(found.problem.amounts),
        "cost": cost(),
        "wanted": found.problem.chance,
        "verified": {name: number(getattr(checked, name)) for name in ("cost", "chance", "low", "high")},
    }


def _named(amounts: Sequence[Amount], scenario: Scenario) -> tuple[Amount, ...]:
    """Return amounts under what their policies are called on the page."""
    titles = policy_titles(scenario.policies)
    return tuple(
        replace(amount, title=_title(amount, titles[amount.owner])) if amount.owner else amount for amount in amounts
    )


def _title(amount: Amount, policy: Label) -> Label:
    english, chinese = amount.title.en.rpartition(": ")[2], amount.title.zh.rpartition("：")[2]
    return Label(f"{policy.en}: {english}", f"{policy.zh}：{chinese}")


def _amounts(amounts: Sequence[Amount]) -> list[dict[str, Any]]:
    return [{"path": each.path, "label": both(each.title), "unit": both(each.unit)} for each in amounts]


def _table(found: Sought) -> dict[str, Any]:
    """Return the amounts found, with between what they were sought."""
    from urbsim.report.amounts import amount_label

    def rows(language: Language) -> list[list[str]]:
        pairs = zip(found.problem.amounts, found.chosen.point, strict=True)
        return [
            [amount_label(each, language), plain_number(value), f"{plain_number(each.low)} – {plain_number(each.high)}"]
            for each, value in pairs
        ]

    return {
        "title": both(_FOUND),
        "headings": [both(heading) for heading in _HEADINGS],
        "rows": {"en": rows("en"), "zh": rows("zh")},
    }
