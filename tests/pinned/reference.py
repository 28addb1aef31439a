"""Two small runs whose results are pinned.

``reference_values``: Jieshou without policies, a fiftieth of its people, 2020-2021, the registry's parameters, seed 1.
``plan_values``: Jieshou's plan in Jieshou and two neighbours as one world, draws 1 and 2 of the posterior, 2020-2023.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import urbsim
from urbsim.model import UrbanizationModel
from urbsim.months import parse_month
from urbsim.scenario.loading import load_scenario

ROOT = Path(__file__).resolve().parents[2]
PINNED = Path(__file__).with_name("reference_run.json")
MONTHS = ("2020-11", "2020-12", "2021-12")
PINNED_PLAN = Path(__file__).with_name("plan_run.json")
PLAN_COUNTIES = ("341221", "341222", "341282")
PLAN_MONTHS = ("2020-12", "2023-12")


def reference_values() -> dict[str, dict[str, float]]:
    """Return every indicator by month, for the baseline scenario of Jieshou."""
    scenario = load_scenario(ROOT / "scenarios" / "jieshou" / "baseline.yaml")
    scenario = replace(scenario, scale=0.02, until=parse_month(MONTHS[-1]))
    model = UrbanizationModel(scenario, seed=1)
    series = model.run().series
    model.close()
    return {
        month: dict(zip(rows["indicator"], (float(value) for value in rows["value"]), strict=True))
        for month, rows in series[series["month"].isin(MONTHS)].groupby("month")
    }


def plan_values() -> dict[str, dict[str, float]]:
    """Return indicators by draw, place and month, persons by draw and cause, and yuan by draw and policy."""
    scenario = load_scenario(ROOT / "scenarios" / "jieshou" / "plan-2025.yaml")
    scenario = replace(scenario, region="three counties", counties=PLAN_COUNTIES)
    result = urbsim.simulate(scenario, scale=0.005, draws=2, until=PLAN_MONTHS[-1])
    series = result.series[result.series["month"].isin(PLAN_MONTHS)]
    found: dict[str, dict[str, float]] = {}
    for (draw, place, month), rows in series.groupby(["draw", "place", "month"], observed=True):
        found[f"draw {draw}, {place}, {month}"] = dict(zip(rows["indicator"], map(float, rows["value"]), strict=True))
    for table, kind, amount in ((result.flows, "cause", "persons"), (result.ledger, "policy", "yuan")):
        for draw, rows in table.groupby("draw"):
            sums = rows.groupby(kind, observed=True)[amount].sum()
            found[f"draw {draw}, {amount}"] = {str(name): float(total) for name, total in sums.items()}
    return found
