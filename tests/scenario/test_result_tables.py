"""The tables of results in the READMEs of scenario folders, by hand."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from scripts import load_script

SCENARIOS = Path(__file__).parents[2] / "scenarios"
tables = load_script(SCENARIOS / "tables.py")


def row(scenario: str, month: str, indicator: str, what: str, *values: float) -> dict[str, object]:
    return {"scenario": scenario, "month": month, "indicator": indicator, "what": what} | dict(
        zip(("median", "low", "high"), values, strict=True)
    )


def test_levels_and_changes_stand_beside_each_other_in_per_cent_points_and_thousands() -> None:
    found = pd.DataFrame(
        [
            row("base", "2025-12", "urbanization_rate", "level", 0.5, 0.481, 0.52),
            row("plan", "2025-12", "urbanization_rate", "level", 0.512, 0.49, 0.53),
            row("plan", "2025-12", "urbanization_rate", "gap", 0.0123, -0.004, 0.02),
            row("plan", "2025-12", "seat_residents", "gap", 12_340.0, -500.0, 20_000.0),
        ]
    )
    asked = tables.ResultTable(("base", "plan"), ("2025-12",), 0.05, 8)
    lines = tables.table_of(found, ["base", "plan"], asked).splitlines()
    assert lines[2] == "| base | 50.0 [48.1, 52.0] |  |  |"
    assert lines[3] == "| plan | 51.2 [49.0, 53.0] | +1.23 [-0.40, +2.00] | +12.3 [-0.5, +20.0] |"
    assert lines[-1].startswith("8 draws, 5 % of the people; median [lowest, highest]")


@pytest.mark.parametrize("name", list(tables.TABLES))
def test_the_scenarios_of_a_table_exist_and_its_readme_has_the_marks(name: str) -> None:
    folder = SCENARIOS / name
    assert all((folder / f"{each}.yaml").exists() for each in tables.TABLES[name].scenarios)
    assert tables._BETWEEN.search((folder / "README.md").read_text(encoding="utf-8"))
