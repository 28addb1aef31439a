"""Results as the page draws them: numbers by year, targets, costs, counties and moves, as plain data."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import Any

import pandas as pd

from urbsim.experiment.comparison import ends_of_years, paired_differences, summarise
from urbsim.experiment.ensemble import Ensemble
from urbsim.experiment.footing import footing_notes
from urbsim.labels import Label
from urbsim.months import format_month
from urbsim.page.data import in_both, number, records
from urbsim.page.errors import both
from urbsim.page.names import policy_titles
from urbsim.report import text
from urbsim.report.cuts import cut_rows, debt_lines
from urbsim.report.headline import headline, month_heading

#: Indicators that maps show by county.
MAPPED = (
    "urbanization_rate",
    "registered_urbanization_rate",
    "residents",
    "seat_residents",
    "absent_registered",
    "children_left_behind",
    "employment_rate",
    "seat_price",
    "county_debt",
)


def view(ensemble: Ensemble) -> dict[str, Any]:
    """Return what the page shows of the runs that are done; texts in both languages, missing numbers null."""
    plan = ensemble.plan
    yearly = _yearly(ensemble)
    return {
        "baseline": ensemble.baseline,
        "scenarios": list(ensemble.names),
        "place": ensemble.place,
        "counties": list(plan.baseline.counties),
        "runs": ensemble.replicates,
        "scale": plan.baseline.scale,
        "seed": plan.seed,
        "draws": plan.draws,
        "start": format_month(plan.baseline.start),
        "until": format_month(plan.baseline.until),
        "note": in_both(lambda language: text.source_note(ensemble, language)),
        "interval": in_both(lambda language: text.interval_note(ensemble.replicates, language, plan.draws)),
        "footing": in_both(lambda language: " ".join(footing_notes(plan.baseline, language))),
        **_series(ensemble, yearly),
        "headings": {month: in_both(partial(month_heading, ensemble, month)) for month in _named_months(ensemble)},
        "headline": _headline(ensemble),
        "targets": records(ensemble.targets()),
        "spending": records(ensemble.spending(["year", "lever"])),
        "policies": _by_policy(ensemble),
        "cuts": _cuts(ensemble),
        "debts": _debts(ensemble),
        "growth": records(ensemble.urban_growth()),
        "by_county": _by_county(ensemble, yearly),
        "moves": _moves(ensemble),
    }


def _yearly(ensemble: Ensemble) -> pd.DataFrame:
    """Return the series at the first month and the ends of years."""
    months = ensemble.series["month"].astype(str)
    shown = (months == ensemble.first_month) | ends_of_years(months, ensemble.last_month)
    found = ensemble.series[shown].copy()
    found["month"] = months[shown]
    return found


def _series(ensemble: Ensemble, yearly: pd.DataFrame) -> dict[str, Any]:
    """Return by indicator and scenario median, low and high, and the same of the difference from the baseline."""
    world = yearly[yearly["place"] == ensemble.place]
    months = sorted(world["month"].unique())
    gaps = paired_differences(world, ensemble.baseline)
    gaps = gaps[gaps["scenario"] != ensemble.baseline]
    return {
        "months": months,
        "series": _columns(summarise(world), months),
        "differences": _columns(summarise(gaps, "difference"), months) if len(gaps) else {},
    }


def _columns(table: pd.DataFrame, months: list[str]) -> dict[str, dict[str, dict[str, list[float | None]]]]:
    found: dict[str, dict[str, dict[str, list[float | None]]]] = {}
    keys = [table["indicator"].astype(str), table["scenario"].astype(str)]
    for (indicator, scenario), rows in table.groupby(keys, sort=False):
        ordered = rows.set_index(rows["month"].astype(str)).reindex(months)
        found.setdefault(str(indicator), {})[str(scenario)] = {
            name: [number(value) for value in ordered[name]] for name in ("median", "low", "high")
        }
    return found


def _named_months(ensemble: Ensemble) -> list[str]:
    """Return the months that are called something: the first, the latest that is over and the last."""
    return [month for month in (ensemble.first_month, ensemble.latest_month, ensemble.last_month) if month]


def _headline(ensemble: Ensemble) -> list[dict[str, Any]]:
    """Return the headline numbers as they are printed: a block an indicator, a cell a scenario and month.

    Numbers are told in the units of a language: 654,000 people are 65.4 万人.
    """
    blocks = []
    for here, there in zip(headline(ensemble, "en"), headline(ensemble, "zh"), strict=True):
        cells = [
            {"scenario": key[0], "month": key[1], "en": asdict(cell), "zh": asdict(there.cells[key])}
            for key, cell in here.cells.items()
        ]
        blocks.append(
            {
                "label": {"en": here.label, "zh": there.label},
                "unit": {"en": here.unit, "zh": there.unit},
                "cells": cells,
            }
        )
    return blocks


def _by_policy(ensemble: Ensemble) -> list[dict[str, Any]]:
    """Return what each policy cost each payer over the run."""
    titles = _policy_titles(ensemble)
    found = records(ensemble.spending(["policy", "payer"]))
    return [{**row, "title": both(titles[row["scenario"], row["policy"]])} for row in found]


def _policy_titles(ensemble: Ensemble) -> dict[tuple[str, str], Label]:
    """Return what policies are called, by scenario and name."""
    return {
        (scenario.name, name): title
        for scenario in ensemble.plan.scenarios
        for name, title in policy_titles(scenario.policies).items()
    }


def _cuts(ensemble: Ensemble) -> list[dict[str, Any]]:
    """Return what money and land did not allow over the run."""
    rows = zip(cut_rows(ensemble, "en"), cut_rows(ensemble, "zh"), strict=True)
    titles = _policy_titles(ensemble)
    return [
        {
            "scenario": here.scenario,
            "title": both(titles.get((here.scenario, here.name), Label(here.title, there.title))),
            "limit": both(here.limit_words),
            "wanted": number(here.wanted * here.form.factor),
            "possible": number(here.possible * here.form.factor),
            "share": number(here.share),
            "first": int(here.first),
        }
        for here, there in rows
    ]


def _debts(ensemble: Ensemble) -> list[dict[str, str]]:
    """Return a line for every scenario in which debt exceeded its limit."""
    lines = zip(debt_lines(ensemble, "en"), debt_lines(ensemble, "zh"), strict=True)
    return [both(Label(here, there)) for here, there in lines]


def _by_county(ensemble: Ensemble, yearly: pd.DataFrame) -> dict[str, Any]:
    """Return medians by indicator, scenario, county and year; the only county of a world is the world."""
    chosen = yearly[
        yearly["indicator"].isin(list(MAPPED)) & yearly["place"].isin(list(ensemble.plan.baseline.counties))
    ]
    keys = ["indicator", "scenario", "place", "month"]
    medians = chosen.groupby([chosen[key].astype(str) for key in keys], sort=False)["value"].median()
    found: dict[str, Any] = {}
    for key, rows in medians.groupby(level=[0, 1, 2], sort=False):
        indicator, scenario, place = map(str, tuple(key))  # type: ignore[arg-type]
        values = rows.droplevel([0, 1, 2]).sort_index()
        found.setdefault(indicator, {}).setdefault(scenario, {})[place] = [number(value) for value in values]
    return found


def _moves(ensemble: Ensemble) -> list[dict[str, Any]]:
    """Return people who moved between zones by scenario and year, mean over runs."""
    flows = ensemble.flows
    if not len(flows):
        return []
    columns = [flows["scenario"].astype(str), flows["month"].astype(str).str[:4], flows["cause"].astype(str)]
    columns += [flows["origin"].astype(str), flows["destination"].astype(str)]
    total = flows.groupby([column.rename(name) for column, name in zip(columns, _MOVE, strict=True)])["persons"].sum()
    runs = total.index.get_level_values("scenario").map(ensemble.runs)
    mean = (total / pd.Series(runs, index=total.index).astype(float)).round(1)
    return records(mean.rename("persons").reset_index())


_MOVE = ("scenario", "year", "cause", "origin", "destination")
