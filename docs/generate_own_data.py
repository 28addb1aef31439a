"""Write the table of figures in ``docs/own-data.md``: everything that a county can give itself; --check compares it."""

from __future__ import annotations

import sys
from pathlib import Path

from urbsim.region.figures import FIGURES

PAGE = Path(__file__).with_name("own-data.md")
BEGIN, END = "<!-- figures -->\n", "<!-- end of figures -->\n"


def table() -> str:
    """Return the table of figures."""
    rows = ["| figure | what 含义 | unit | without it | moves |", "|---|---|---|---|---|"]
    rows += [
        f"| `{name}` | {figure.label.en} {figure.label.zh} | {figure.unit} | {figure.estimate.en} | {figure.moves.en} |"
        for name, figure in FIGURES.items()
    ]
    return "\n".join(rows) + "\n"


def page() -> str:
    """Return the page with the table as the program has it."""
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    return before + BEGIN + table() + END + rest.split(END)[1]


def main() -> None:
    """Write the page, or compare it."""
    if "--check" in sys.argv:
        sys.exit(page() != PAGE.read_text(encoding="utf-8"))
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
