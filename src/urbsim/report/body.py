"""What the report says in one language: everything that its template shows, as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from urbsim.experiment.ensemble import Ensemble
from urbsim.experiment.folder import RunFolder
from urbsim.labels import MISSING, Language, bracketed
from urbsim.report import text
from urbsim.report.answers import Answers
from urbsim.report.asked import asked_tables, contribution_tables
from urbsim.report.charts import chart_tables
from urbsim.report.charts.style import colour
from urbsim.report.counties import county_cells, county_headings, county_rows, place_heading
from urbsim.report.cuts import Cut, cut_rows, debt_lines
from urbsim.report.differing import HEADINGS as DIFFERENT
from urbsim.report.differing import changes_by_kind
from urbsim.report.headline import headline, month_heading
from urbsim.report.hover import hover_figures
from urbsim.report.hover.answers import contribution_figures, group_figures
from urbsim.report.hover.figure import Hover
from urbsim.report.hover.lines import trajectory_figure
from urbsim.report.measures import PolicyInWords, clause_words, measures
from urbsim.report.numbers import money_format
from urbsim.report.observed import HEADINGS as OBSERVED_HEADINGS
from urbsim.report.observed import observed_rows
from urbsim.report.opening.sentences import leading_indicators, sentences
from urbsim.report.opening.table import opening_table
from urbsim.report.payers import cost_table
from urbsim.report.sureness import sureness
from urbsim.report.targets import HEADINGS, target_rows
from urbsim.report.words import CHART_TITLES, WORDS

OPENING = "opening"
_MAPS = ("county_map", "county_change_map", "county_difference_map")


@dataclass(frozen=True)
class Shown:
    """What a report is asked to show first, and whether nothing else, and what is known beside the runs."""

    indicators: tuple[str, ...] = ()
    only: bool = False
    answers: Answers = field(default_factory=Answers)


@dataclass(frozen=True)
class Body:
    """One language of the report: what its template shows, and the charts that a browser draws."""

    language: Language
    context: Mapping[str, Any]
    figures: tuple[Hover, ...]


def tables_of(ensemble: Ensemble, shown: Shown) -> dict[str, pd.DataFrame]:
    """Return the tables of the charts by name, that of the opening page first."""
    leading = leading_indicators(shown.indicators, only=shown.only)[:1]
    return {OPENING: ensemble.over_time(leading), **chart_tables(ensemble, shown.indicators, only=shown.only)}


def body_of(
    ensemble: Ensemble,
    tables: Mapping[str, pd.DataFrame],
    record: Mapping[str, Any],
    shown: Shown,
    language: Language,
) -> Body:
    """Return the report in a language; ``tables`` are what ``tables_of`` returns."""
    others = {name: table for name, table in tables.items() if name != OPENING}
    figures = [trajectory_figure(ensemble, OPENING, tables[OPENING], language)]
    figures += hover_figures(ensemble, others, language)
    figures += group_figures(shown.answers, language)
    figures += contribution_figures(shown.answers, language)
    drawn = {figure.name: _drawn(figure, language) for figure in figures}
    return Body(language, _context(ensemble, record, shown, drawn, language), tuple(figures))


def view_id(language: Language, figure: str, panel: int) -> str:
    """Return the identity of the element that a panel is drawn into."""
    return f"view-{language}-{figure}-{panel}"


def _drawn(figure: Hover, language: Language) -> dict[str, Any]:
    """Return a figure as the template shows it: all but what is drawn."""
    label = CHART_TITLES.get(figure.name)
    return {
        "name": figure.name,
        "title": figure.title,
        "keys": figure.keys,
        "note": figure.note,
        "alt": label.in_language(language) if label else figure.title,
        "small": len(figure.panels) <= 6,
        "views": [
            {"id": view_id(language, figure.name, number), "heading": panel.heading, "wide": panel.wide}
            for number, panel in enumerate(figure.panels)
        ],
    }


def _context(
    ensemble: Ensemble,
    record: Mapping[str, Any],
    shown: Shown,
    drawn: dict[str, dict[str, Any]],
    language: Language,
) -> dict[str, Any]:
    regional = len(ensemble.plan.baseline.counties) > 1
    asked, only = shown.indicators, shown.only
    taken = {name: drawn.pop(name, None) for name in (OPENING, "targets", "policy_spending_by_lever")}
    maps = [drawn.pop(name) for name in _MAPS if name in drawn]
    ranking = drawn.pop("urbanization_by_county", None)
    of_groups = [drawn.pop(name) for name in list(drawn) if name.startswith("groups:")]
    of_parts = [drawn.pop(name) for name in list(drawn) if name.startswith("contributions:")]
    return {
        "language": language,
        "w": {name: label.in_language(language) for name, label in WORDS.items()},
        "title": title_of(ensemble, language),
        "region": bracketed(
            text.place_label(ensemble.place).in_language(language), ensemble.plan.baseline.region, language
        ),
        "plan": ensemble.plan.baseline,
        "period": text.period(ensemble, language),
        "scenarios": _scenarios(ensemble, language),
        "interval": text.interval_note(ensemble.replicates, language, ensemble.plan.draws),
        "sentences": sentences(ensemble, shown.answers, language, asked, only=only),
        "opening": opening_table(ensemble, language, asked, only=only),
        "opening_chart": taken[OPENING],
        "different_headings": [heading.in_language(language) for heading in DIFFERENT],
        "different": changes_by_kind(ensemble, language),
        "headline": headline(ensemble, language, asked, only=only),
        "months": ensemble.horizons,
        "month_headings": {month: month_heading(ensemble, month, language) for month in ensemble.horizons},
        "target_headings": [heading.in_language(language) for heading in HEADINGS],
        "targets": list(target_rows(ensemble, language)),
        "observed_headings": [heading.in_language(language) for heading in OBSERVED_HEADINGS],
        "observed": list(observed_rows(ensemble, language)),
        "target_chart": taken["targets"],
        "maps": maps,
        "ranking": ranking,
        "charts": list(drawn.values()),
        "group_tables": asked_tables(shown.answers, language),
        "group_charts": of_groups,
        "contribution_tables": contribution_tables(shown.answers, language),
        "contribution_charts": of_parts,
        "county_head": place_heading(ensemble).in_language(language),
        "county_groups": county_headings(ensemble, language) if regional else [],
        "counties": [(row.name, county_cells(row, ensemble)) for row in county_rows(ensemble, language)]
        if regional
        else [],
        **_measures(ensemble, language),
        "costs": cost_table(ensemble, language),
        "spending_chart": taken["policy_spending_by_lever"],
        "seed": ensemble.plan.seed,
        "cuts": list(_cuts(ensemble, language)),
        "debts": debt_lines(ensemble, language),
        "sureness": sureness(ensemble, language),
        "reproduce": _reproduce(ensemble, record),
        "versions": record.get("versions", {}),
        "missing": MISSING,
    }


def title_of(ensemble: Ensemble, language: Language) -> str:
    """Return the title of the report: the place and the scenarios."""
    place = text.place_label(ensemble.place).in_language(language)
    names = text.enumerated(ensemble.titles(language).values(), language)
    return text.headed(place, names, language)


def _scenarios(ensemble: Ensemble, language: Language) -> list[dict[str, str]]:
    return [
        {
            "key": scenario.name,
            "name": scenario.title.in_language(language),
            "description": scenario.about.in_language(language),
            "colour": colour(position),
        }
        for position, scenario in enumerate(ensemble.plan.scenarios)
    ]


def _measures(ensemble: Ensemble, language: Language) -> dict[str, Any]:
    """Return the policies of every scenario that has any, each with the basis of its amounts; and how money is told."""
    everything = measures(ensemble, language)
    by_scenario = [
        (title, [measure for measure in everything if measure.scenario == name])
        for name, title in ensemble.titles(language).items()
    ]
    rows = [(title, list(_told_once(found, language))) for title, found in by_scenario if found]
    yuan = money_format(max((each.yuan for each in everything), default=0.0), language)
    return {"measures": rows, "spent": yuan, "spent_unit": yuan.unit.in_language(language)}


def _told_once(found: Sequence[PolicyInWords], language: Language) -> Iterator[tuple[PolicyInWords, str, bool]]:
    """Yield the policies of a scenario, the basis of their amounts, and whether each is the first of its lever."""
    seen: set[str] = set()
    for each in found:
        yield each, clause_words(each, language), each.title not in seen
        seen.add(each.title)


def _cuts(ensemble: Ensemble, language: Language) -> Iterator[tuple[str, list[Cut]]]:
    """Yield what was cut by scenario."""
    found = cut_rows(ensemble, language)
    for name, title in ensemble.titles(language).items():
        if group := [cut for cut in found if cut.scenario == name]:
            yield title, group


def _reproduce(ensemble: Ensemble, record: Mapping[str, Any]) -> dict[str, str]:
    """Return how to get the same numbers: the command as given, and one that needs the run folder only."""
    plan = ensemble.plan
    files = RunFolder.scenario_files(plan)
    verb = "run" if len(files) == 1 else "compare"
    numbers = f"--seed {plan.seed} --draws {plan.draws} --replicates {plan.replicates}"
    again = f"urbsim {verb} {' '.join(files)} {numbers} --output again"
    return {
        "command": record.get("command") or "",
        "again": again,
        "commit": record.get("git_commit") or "",
        "model": record.get("inputs", {}).get("model", "")[:16],
        "tables": record.get("inputs", {}).get("region tables", "")[:16],
    }
