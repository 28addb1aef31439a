"""An analyst's questions about a plan, answered as tables in both languages: which policy did it, and for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from urbsim.experiment.plan import Plan
from urbsim.experiment.progress import Progress
from urbsim.experiment.runner import runner_in_this_process
from urbsim.labels import Label
from urbsim.page.data import grids, in_both, records
from urbsim.page.errors import both
from urbsim.page.names import policy_titles
from urbsim.page.scenarios import read_month

if TYPE_CHECKING:
    from urbsim.decision.evaluation import RunSettings
    from urbsim.scenario.model import Scenario


def contributions(plan: Plan, asked: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Return what each group of the last scenario's policies adds, against the first where there are two.

    Raises
    ------
    ExperimentError
        If nothing differs or there are no parts to group by.
    RunError
        If a run fails.
    """
    from urbsim.decision.ask import Asked, ask_contributions
    from urbsim.decision.evaluation import Evaluator
    from urbsim.report import contributions as words

    called = _called(plan.scenarios[-1])
    runner = runner_in_this_process(progress)
    against = plan.baseline if len(plan.scenarios) > 1 else None
    question = Asked(asked["by"], asked["indicator"], asked["at"])
    found = ask_contributions(plan.scenarios[-1], against, question, settings_of(plan), Evaluator(runner, plan.seed))
    return {
        "text": in_both(lambda language: words.heading(found, language)),
        "note": in_both(lambda language: words.note(found, language)),
        "tables": grids(
            lambda language: (
                words.contributions_table(found, language),
                words.sources_table(found, language),
                words.pairs_table(found, language),
            ),
            called,
        ),
        "rows": records(found.table()),
    }


def settings_of(plan: Plan) -> RunSettings:
    """Return how the runs of a question about a plan are made."""
    from urbsim.decision.evaluation import RunSettings

    return RunSettings(None, plan.seed, plan.draws, plan.replicates)


def _called(scenario: Scenario) -> dict[str, Label]:
    """Return what policies and levers are called, by their keys: the page shows no keys."""
    levers = {policy.lever: policy.title for policy in scenario.policies.values()}
    return levers | policy_titles(scenario.policies)


def groups(plan: Plan, asked: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Return indicators by group, and what other scenarios did to the same people; at the end without a month.

    Raises
    ------
    ExperimentError
        If there is no such group or indicator.
    RequestError
        If a month is none.
    RunError
        If a run fails.
    """
    from urbsim.distribution.asked import asked as observations_asked
    from urbsim.distribution.groups import observations_of, observe_groups
    from urbsim.report.groups import groups_tables

    by, indicators, months = (_several(asked[name]) for name in ("by", "indicator", "at"))
    own = {} if by or indicators or asked["of"] else observations_of(plan.scenarios)
    observations = own or observations_asked(indicators, by, asked["of"])
    runner = runner_in_this_process(progress)
    wanted = [read_month(month) for month in months] or [plan.baseline.until]
    found = observe_groups(plan, observations, wanted, runner, asked["people"])
    paired = zip(groups_tables(found, "en"), groups_tables(found, "zh"), strict=True)
    return {
        "text": {"en": "", "zh": ""},
        "note": {"en": "", "zh": ""},
        "tables": [
            {
                "title": {"en": here.title, "zh": there.title},
                "headings": [both(heading) for heading in here.headings],
                "rows": {"en": here.rows, "zh": there.rows},
                "note": {"en": here.note, "zh": there.note},
            }
            for here, there in paired
        ],
        "rows": {name: records(table) for name, table in found.rows.items()},
        "people": records(found.people),
    }


def _several(names: str | list[str]) -> list[str]:
    return [names] if isinstance(names, str) else names
