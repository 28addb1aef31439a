"""Write docs/indicators.md, the table of observed indicators: python docs/generate_indicators.py."""

from __future__ import annotations

from pathlib import Path

from urbsim.observation.indicators import INDICATORS

PAGE = Path(__file__).with_name("indicators.md")
_OPENING = """\
# Indicators

<!-- Written by docs/generate_indicators.py from src/urbsim/observation/indicators.py; edit that file. -->

What a run observes at the end of every month, for each county and, in a world of several, for all together. The name
stands in the column `indicator` of `series.parquet` and `summary.csv`, and in the targets of a scenario. Every
indicator is a sum over counties or a ratio of two sums, so the value of a prefecture is computed like a county's.
Counts are of the real population at any `scale`. Shares are numbers from 0 to 1; tables and charts show them in per
cent. "12 months" are the last twelve, those before the output too; in the first year of a run, which begins at a
census, the months so far, scaled to a year. Money is in yuan of the census year. Registered means with hukou
registration in the county.
"""


def page() -> str:
    """Return the whole page."""
    lines = ["| name | meaning | unit | definition |", "|---|---|---|---|"]
    for each in INDICATORS.values():
        meaning = f"{each.label.en} ({each.label.zh})"
        lines.append(f"| `{each.name}` | {meaning} | {each.unit} | {each.definition.en} ({each.definition.zh}) |")
    return "\n".join([_OPENING, *lines]) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
