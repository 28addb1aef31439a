"""The small reference run whose results are pinned: Jieshou, a fiftieth of its people, 2020-2021, seed 1."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from urbsim.model import UrbanizationModel
from urbsim.months import parse_month
from urbsim.scenario.loading import load_scenario

ROOT = Path(__file__).resolve().parents[2]
PINNED = Path(__file__).with_name("reference_run.json")
MONTHS = ("2020-01", "2020-12", "2021-12")


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
