"""An analyst's questions about a plan, answered as tables in both languages: which policy did it, and for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from urbsim.experiment.plan import Plan
from urbsim.experiment.progress import Progress
from urbsim.experiment.runner import Runner, available_store
from urbsim.labels import Language
from urbsim.page.errors import both

if TYPE_CHECKING:
    from rich.table import Table


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
    from urbsim.decision.evaluation import Evaluator, RunSettings
    from urbsim.report import contributions as words

    runner = Runner(1, progress, available_store(progress))
    settings = RunSettings(None, plan.seed, plan.draws, plan.replicates)
    against = plan.baseline if len(plan.scenarios) > 1 else None
    question = Asked(asked["by"], asked["indicator"])
    found = ask_contributions(plan.scenarios[-1], against, question, settings, Evaluator(runner, plan.seed))

    def grids(language: Language) -> list[dict[str, Any]]:
        made = (
            words.contributions_table(found, language),
            words.sources_table(found, language),
            words.pairs_table(found, language),
        )
        return [_grid(table) for table in made if table is not None]

    paired = zip(grids("en"), grids("zh"), strict=True)
    return {
        "text": {"en": words.heading(found, "en"), "zh": words.heading(found, "zh")},
        "note": {"en": words.note(found, "en"), "zh": words.note(found, "zh")},
        "tables": [
            {
                "title": {"en": here["title"], "zh": there["title"]},
                "headings": [{"en": a, "zh": b} for a, b in zip(here["headings"], there["headings"], strict=True)],
                "rows": {"en": here["rows"], "zh": there["rows"]},
            }
            for here, there in paired
        ],
    }


def _grid(table: Table) -> dict[str, Any]:
    """Return a printed table as text."""
    columns = [[str(cell) for cell in column.cells] for column in table.columns]
    return {
        "title": str(table.title or ""),
        "headings": [str(column.header) for column in table.columns],
        "rows": [list(row) for row in zip(*columns, strict=True)],
    }


def groups(plan: Plan, asked: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Return an indicator by group of people at the end of the run, and what other scenarios did to the same people.

    Raises
    ------
    ExperimentError
        If there is no such group or indicator.
    RunError
        If a run fails.
    """
    from urbsim.distribution.asked import asked as observations_asked
    from urbsim.distribution.groups import observe_groups
    from urbsim.report.groups import groups_tables

    observations = observations_asked([asked["indicator"]], [asked["by"]])
    runner = Runner(1, progress, available_store(progress))
    found = observe_groups(plan, observations, [plan.baseline.until], runner)
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
    }


def questions() -> dict[str, Any]:
    """Return what can be asked: by what people and policies are grouped, and indicators that can be told apart."""
    from urbsim.observation.dimensions import DIMENSIONS
    from urbsim.observation.measures import MEASURES

    return {
        "groups": {name: both(each.label) for name, each in DIMENSIONS.items()},
        "measures": {name: both(each.label) for name, each in MEASURES.items()},
    }
