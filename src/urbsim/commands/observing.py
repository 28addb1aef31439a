"""What a scenario observes by group (``observe:``), carried out and printed beside its run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from urbsim.commands.terminal import print_table, print_text
from urbsim.labels import bilingual

if TYPE_CHECKING:
    from urbsim.distribution.groups import Groups
    from urbsim.experiment.plan import Plan
    from urbsim.experiment.runner import Runner
    from urbsim.labels import Language


def observed_groups(plan: Plan, runner: Runner, folder: Path, language: Language) -> Groups | None:
    """Carry out what the scenarios observe in the last month, and write it; None where none observes anything.

    Runs that cannot be carried out are said and leave the rest of the command as it is.
    """
    from urbsim.distribution.groups import observe_own
    from urbsim.experiment.errors import RunError

    try:
        found = observe_own(plan, runner)
    except RunError as error:
        runner.progress.message(bilingual(f"results by group are missing: {error}", f"缺少分组结果：{error}"))
        return None
    if found is not None:
        from urbsim.report.groups import FOLDER, write_groups  # with all that draws

        write_groups(found, folder / FOLDER, language)
    return found


def print_groups(groups: Groups, language: Language) -> None:
    """Print the tables of results by group."""
    from urbsim.report.groups import groups_tables

    for table in groups_tables(groups, language):
        print_text(f"\n{table.title}")
        print_table(table.headings, table.rows, language, table.right)
        if table.note:
            print_text(table.note)


def groups_as_data(groups: Groups) -> list[dict[str, Any]]:
    """Return results by group as plain data for JSON, an answer each."""
    from urbsim.report.groups import as_data

    return [as_data(groups, name) for name in groups.observations]
