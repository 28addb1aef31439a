"""An analyst's questions about a plan, answered as tables in both languages: which policy did it, and for whom."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from urbsim.experiment.plan import Plan
from urbsim.experiment.progress import Progress
from urbsim.experiment.runner import Runner, available_store
from urbsim.labels import Label, Language
from urbsim.page.data import in_both, records
from urbsim.page.errors import both
from urbsim.page.scenarios import as_document, read_month
from urbsim.page.views import policy_title

if TYPE_CHECKING:
    from rich.table import Table

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
    runner = Runner(1, progress, available_store(progress))
    against = plan.baseline if len(plan.scenarios) > 1 else None
    question = Asked(asked["by"], asked["indicator"], asked["at"])
    found = ask_contributions(plan.scenarios[-1], against, question, _settings(plan), Evaluator(runner, plan.seed))
    return {
        "text": in_both(lambda language: words.heading(found, language)),
        "note": in_both(lambda language: words.note(found, language)),
        "tables": _grids(
            lambda language: (
                words.contributions_table(found, language),
                words.sources_table(found, language),
                words.pairs_table(found, language),
            ),
            called,
        ),
        "rows": records(found.table()),
    }


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

    design = SweepDesign(asked["levels"], asked["sobol"])
    question = AskedSweep(asked["vary"], asked["indicators"], asked["at"], asked["reach"], design)
    runner = Runner(1, progress, available_store(progress))
    swept = ask_sweep(plan.scenarios[-1], question, _settings(plan), Evaluator(runner, plan.seed))
    fails = conditions_of_failure(swept)
    return {
        "text": in_both(lambda language: "\n".join(words.conditions_lines(fails, language, swept.amounts))),
        "note": both(Label("", "")),
        "tables": _grids(lambda language: (words.sweep_table(swept, language),)),
        "rows": records(swept.rows()),
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

    names = ("reach", "vary", "within", "chance", "minimise", "trials", "verify")
    question = AskedSeek(**{name: asked[name] for name in names if asked[name] is not None})
    runner = Runner(1, progress, available_store(progress))
    found = ask_seek(plan.scenarios[-1], question, _settings(plan), Evaluator(runner, plan.seed))
    return {
        "text": in_both(lambda language: "\n".join(words.sought_lines(found, language))),
        "note": both(Label("", "")),
        "tables": _grids(lambda language: (words.relaxed_table(found, language),)),
        "reached": found.reached,
        "scenario": as_document(found.scenario),
        "tried": records(found.tried()),
    }


def _settings(plan: Plan) -> RunSettings:
    from urbsim.decision.evaluation import RunSettings

    return RunSettings(None, plan.seed, plan.draws, plan.replicates)


def _called(scenario: Scenario) -> dict[str, Label]:
    """Return what policies and levers are called, by their keys: the page shows no keys."""
    policies = {name: policy_title(name, policy) for name, policy in scenario.policies.items()}
    return {policy.lever: policy.title for policy in scenario.policies.values()} | policies


def _grids(
    made: Callable[[Language], Iterable[Table | None]], called: Mapping[str, Label] = MappingProxyType({})
) -> list[dict[str, Any]]:
    """Return printed tables in both languages, with what keys are called in place of keys."""
    here, there = (
        [_grid(table, language, called) for table in made(language) if table is not None] for language in ("en", "zh")
    )
    return [
        {
            "title": {"en": one["title"], "zh": other["title"]},
            "headings": [{"en": a, "zh": b} for a, b in zip(one["headings"], other["headings"], strict=True)],
            "rows": {"en": one["rows"], "zh": other["rows"]},
        }
        for one, other in zip(here, there, strict=True)
    ]


def _grid(table: Table, language: Language, called: Mapping[str, Label]) -> dict[str, Any]:
    """Return a printed table as text."""

    def shown(cell: object) -> str:
        label = called.get(str(cell))
        return label.in_language(language) if label else str(cell)

    columns = [[shown(cell) for cell in column.cells] for column in table.columns]
    return {
        "title": str(table.title or ""),
        "headings": [shown(column.header) for column in table.columns],
        "rows": [list(row) for row in zip(*columns, strict=True)],
    }


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
    runner = Runner(1, progress, available_store(progress))
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


def questions() -> dict[str, Any]:
    """Return what can be asked: by what people and policies are grouped, and indicators that can be told apart."""
    from urbsim.observation.dimensions import DIMENSIONS
    from urbsim.observation.measures import MEASURES

    return {
        "groups": {name: both(each.label) for name, each in DIMENSIONS.items()},
        "measures": {name: both(each.label) for name, each in MEASURES.items()},
    }
