"""Tables of what other commands found out about the scenarios: results by group, and which policies did it."""

from __future__ import annotations

from urbsim.labels import Label, Language
from urbsim.report import text
from urbsim.report.answers import Answers, Contributed
from urbsim.report.contributions import contribution_cells, note_of
from urbsim.report.groups import GroupTable, groups_tables
from urbsim.report.numbers import Format, format_of

_TITLE = Label(
    "{indicator} in {month}: what each part of '{plan}' adds against '{against}'",
    "{month}{indicator}：“{plan}”各部分与“{against}”相比的贡献",
)


def asked_tables(answers: Answers, language: Language) -> list[GroupTable]:
    """Return the tables of results by group; none where none were computed."""
    return [] if answers.groups is None else list(groups_tables(answers.groups, language))


def contribution_tables(answers: Answers, language: Language) -> list[GroupTable]:
    """Return a table for each answer on which policies did it."""
    return [contribution_table(found, language) for found in answers.contributions]


def form_of(found: Contributed, language: Language) -> Format:
    """Return the format of the indicator of an answer at its size."""
    return format_of(found.indicator, max(abs(float(found.whole["base"])), abs(float(found.whole["plan"]))), language)


def contribution_table(found: Contributed, language: Language) -> GroupTable:
    """Return a row for each part and the whole."""
    plan, against = found.titles(language)
    title = _TITLE.in_language(language).format(
        indicator=text.indicator_label(found.indicator, language),
        month=found.month,
        plan=plan,
        against=against,
    )
    headings, rows = contribution_cells(found.data, form_of(found, language), language)
    return GroupTable(title, headings, rows, tuple(range(1, len(headings))), note_of(found.data, language))
