"""Renew the tables of results in the READMEs of scenario folders: what the scenarios end with, and what they change.

    python scenarios/tables.py [FOLDER ...] [--jobs 2]

Every table stands between two marks in its README and is of draws of the posterior: the median and an interval, from 10
to 90 % where there are enough draws for it, else from the lowest to the highest. What a scenario changes is paired: the
same draw, the same people, the same luck.
"""

from __future__ import annotations

import argparse
import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

import urbsim
from urbsim.experiment.comparison import ENOUGH_REPLICATES

FOLDER = Path(__file__).parent
SHARE, SEAT = "urbanization_rate", "seat_residents"


@dataclass(frozen=True)
class ResultTable:
    """Scenarios of a folder, the first of them the baseline, and with how much they are run."""

    scenarios: tuple[str, ...]
    months: tuple[str, ...]
    scale: float
    draws: int


_ACTIONS = tuple(f"without-action-{number}" for number in (1, 2, 3, 4))
_PARTS = tuple(f"plan-2025-without-{part}" for part in ("industry", "works", "services", "environment"))
TABLES = {
    "jieshou": ResultTable(
        ("baseline", "plan-2025", *_PARTS, "plan-2025-with-hukou-and-housing"), ("2025-12", "2035-12"), 0.05, 12
    ),
    "changzhi": ResultTable(("baseline", "programme-2024"), ("2027-12", "2035-12"), 0.02, 8),
    "shanxi-2024": ResultTable(("baseline", "programme", *_ACTIONS), ("2029-12",), 0.01, 4),
}
_BETWEEN = re.compile(r"(<!-- results -->\n).*?(<!-- end of results -->)", re.DOTALL)


def main() -> None:
    """Run the scenarios and rewrite the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="*", metavar="FOLDER", help=f"of {', '.join(TABLES)}; default: all")
    parser.add_argument("--jobs", type=int, default=None)
    arguments = parser.parse_args()
    if unknown := set(arguments.folders) - set(TABLES):
        parser.error(f"no tables of {', '.join(sorted(unknown))}; there are those of {', '.join(TABLES)}")
    for name in arguments.folders or TABLES:
        asked, readme = TABLES[name], FOLDER / name / "README.md"
        scenarios = [urbsim.load_scenario(FOLDER / name / f"{each}.yaml") for each in asked.scenarios]
        result = urbsim.compare(
            scenarios, scale=asked.scale, draws=asked.draws, until=max(asked.months), jobs=arguments.jobs, progress=True
        )
        levels, gaps = result.over_time((SHARE, SEAT)), result.differences((SHARE, SEAT))
        text = table_of(pd.concat([levels.assign(what="level"), gaps.assign(what="gap")]), list(result.names), asked)
        old = readme.read_text(encoding="utf-8")
        readme.write_text(with_table(old, text), encoding="utf-8")
        print(f"{readme}\n{text}")


def with_table(page: str, table: str) -> str:
    """Return a page with another table between its marks."""
    return _BETWEEN.sub(lambda found: found[1] + table + found[2], page)


def table_of(found: pd.DataFrame, names: list[str], asked: ResultTable) -> str:
    """Return the table in Markdown.

    ``found`` has the columns scenario, month, indicator, what (``level`` or ``gap``), median, low and high.
    """
    cells = found.set_index(["scenario", "month", "indicator", "what"])[["median", "low", "high"]]
    head = ["scenario"]
    for month in asked.months:
        head += [f"urban share, {month}, %", "change, points"]
    head.append("change of the county seats, thousand")
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for name in names:
        row = [name]
        for month in asked.months:
            row += [
                _cell(cells, (name, month, SHARE, "level"), 100, 1),
                _cell(cells, (name, month, SHARE, "gap"), 100, 2),
            ]
        row.append(_cell(cells, (name, asked.months[-1], SEAT, "gap"), 0.001, 1))
        lines.append("| " + " | ".join(row) + " |")
    ends = "10 %, 90 %" if asked.draws >= ENOUGH_REPLICATES else "lowest, highest"
    note = (
        f"{asked.draws} draws, {100 * asked.scale:g} % of the people; median [{ends}]; changes against the first row."
    )
    return "\n".join([*lines, "", note, ""])


def _cell(cells: pd.DataFrame, key: tuple[str, ...], factor: float, digits: int) -> str:
    if key not in cells.index:
        return ""
    middle, low, high = (factor * value for value in cells.loc[[key]].to_numpy(dtype=float)[0])
    sign = "+" if key[-1] == "gap" else ""
    return f"{middle:{sign}.{digits}f} [{low:{sign}.{digits}f}, {high:{sign}.{digits}f}]"


if __name__ == "__main__":
    main()
