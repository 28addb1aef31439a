"""Every doubt about a row, written down by name, code and reason."""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

REPORT_COLUMNS = ("year", "code", "name", "check", "problem", "treatment")


@dataclass
class Report:
    """The list of findings of one derivation."""

    rows: list[tuple[str, str, str, str, str, str]] = field(default_factory=list)

    def add(self, year: int | str, code: str, name: str, check: str, problem: str, treatment: str) -> None:
        """Record one finding and what was done with the row."""
        self.rows.append((str(year), code, name, check, problem, treatment))

    def write(self, path: Path) -> None:
        """Write the findings in a stable order."""
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(REPORT_COLUMNS)
            writer.writerows(sorted(self.rows, key=lambda row: (row[3], row[0], row[1], row[2], row[4])))

    def summary(self) -> str:
        """Return one line per kind of finding with its number of rows."""
        found = Counter(
            (row[3], "mended" if " -> " in row[5] else re.sub(r" to \d+$", "", row[5])) for row in self.rows
        )
        return "\n".join(f"{number:6d}  {check}: {treatment}" for (check, treatment), number in sorted(found.items()))
