"""The report of a run folder: one HTML file that needs no network, in English or Chinese."""

from __future__ import annotations

import base64
import html
from collections.abc import Mapping, Sequence
from typing import Any

import jinja2

from urbsim.experiment.ensemble import Ensemble
from urbsim.experiment.folder import RunFolder
from urbsim.labels import MISSING, Language, printable
from urbsim.report import text
from urbsim.report.charts.style import Chart, colour
from urbsim.report.counties import COUNTY, county_cells, county_headings, county_rows
from urbsim.report.cuts import Cut, cut_rows, debt_lines
from urbsim.report.fonts import font_face
from urbsim.report.headline import headline, month_heading
from urbsim.report.measures import PolicyInWords, clause_words, measures
from urbsim.report.observed import HEADINGS as OBSERVED_HEADINGS
from urbsim.report.observed import observed_rows
from urbsim.report.sureness import sureness
from urbsim.report.targets import HEADINGS, target_rows
from urbsim.report.words import CHART_TITLES, WORDS

_FONT_MARK = "/* font */"
_MAPS = ("county_map", "county_change_map", "county_difference_map", "urbanization_by_county")


def report_page(
    ensemble: Ensemble,
    charts: Sequence[Chart],
    record: Mapping[str, Any],
    language: Language = "en",
    indicators: Sequence[str] = (),
    *,
    only: bool = False,
) -> str:
    """Return the report as HTML.

    Parameters
    ----------
    ensemble
        What was simulated.
    charts
        Its charts, in the language of the report and in the order shown.
    record
        The manifest of the run folder: command, versions and commit are shown from it.
    language
        Language of the report.
    indicators
        Indicators shown at a glance before the usual ones.
    only
        Whether the usual ones are left out.
    """
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("urbsim.report"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_visible,
    )
    drawn = {chart.name: _picture(chart, language) for chart in charts}
    regional = len(ensemble.plan.baseline.counties) > 1
    page: str = environment.get_template("report.html.j2").render(
        language=language,
        w={name: label.in_language(language) for name, label in WORDS.items()},
        title=_title(ensemble, language),
        place=text.place_label(ensemble.place).in_language(language),
        plan=ensemble.plan.baseline,
        period=text.period(ensemble, language),
        scenarios=_scenarios(ensemble),
        interval=text.interval_note(ensemble.replicates, language, ensemble.plan.draws),
        headline=headline(ensemble, language, indicators, only=only),
        months=ensemble.horizons,
        month_headings={month: month_heading(ensemble, month, language) for month in ensemble.horizons},
        target_headings=[heading.in_language(language) for heading in HEADINGS],
        targets=list(target_rows(ensemble, language)),
        observed_headings=[heading.in_language(language) for heading in OBSERVED_HEADINGS],
        observed=list(observed_rows(ensemble, language)),
        target_chart=drawn.pop("targets", None),
        maps=[drawn.pop(name) for name in _MAPS if name in drawn],
        charts=list(drawn.values()),
        county_head=COUNTY.in_language(language),
        county_groups=county_headings(ensemble, language) if regional else [],
        counties=[(row.name, county_cells(row, ensemble)) for row in county_rows(ensemble, language)]
        if regional
        else [],
        measures=_measures(ensemble, language),
        seed=ensemble.plan.seed,
        cuts=_cuts(ensemble, language),
        debts=debt_lines(ensemble, language),
        sureness=sureness(ensemble, language),
        reproduce=_reproduce(ensemble, record),
        versions=record.get("versions", {}),
        missing=MISSING,
        font_face=_FONT_MARK,
    )
    return page.replace(_FONT_MARK, font_face(page))


def _title(ensemble: Ensemble, language: Language) -> str:
    place = text.place_label(ensemble.place).in_language(language)
    names = ("、" if language == "zh" else ", ").join(ensemble.names)
    return f"{place}{'：' if language == 'zh' else ': '}{names}"


def _scenarios(ensemble: Ensemble) -> list[dict[str, str]]:
    return [
        {"name": scenario.name, "description": scenario.description, "colour": colour(position)}
        for position, scenario in enumerate(ensemble.plan.scenarios)
    ]


def _picture(chart: Chart, language: Language) -> dict[str, str]:
    """Return a chart for the page; inside an image element its names cannot clash with those of other charts."""
    code = base64.b64encode(chart.svg.encode("utf-8")).decode("ascii")
    title = CHART_TITLES.get(chart.name)
    alt = title.in_language(language) if title else text.known_indicator_label(chart.name, language)
    return {"name": chart.name, "alt": html.escape(alt), "source": f"data:image/svg+xml;base64,{code}"}


def _measures(ensemble: Ensemble, language: Language) -> list[tuple[str, list[tuple[PolicyInWords, str]]]]:
    """Return the policies of every scenario that has any, each with the basis of its amounts."""
    everything = measures(ensemble, language)
    by_scenario = [(name, [measure for measure in everything if measure.scenario == name]) for name in ensemble.names]
    return [(name, [(each, clause_words(each, language)) for each in found]) for name, found in by_scenario if found]


def _cuts(ensemble: Ensemble, language: Language) -> list[tuple[str, list[Cut]]]:
    """Return what was cut by scenario."""
    found = cut_rows(ensemble, language)
    by_scenario = [(name, [cut for cut in found if cut.scenario == name]) for name in ensemble.names]
    return [(name, group) for name, group in by_scenario if group]


def _visible(value: Any) -> Any:
    """Return what a template is about to show, its control characters written as escapes."""
    return printable(value) if type(value) is str else value


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
