"""Write the tables of figures in ``docs/own-data.md`` and ``own-data.zh.md``: everything that a county can give itself.

python docs/generate_own_data.py; with --check it only compares.
"""

from __future__ import annotations

import sys
from pathlib import Path

from urbsim.labels import Label, Language
from urbsim.region.figures import FIGURES
from urbsim.units import unit_label

DOCS = Path(__file__).parent
PAGES: dict[Language, Path] = {"en": DOCS / "own-data.md", "zh": DOCS / "own-data.zh.md"}
BEGIN, END = "<!-- figures -->\n", "<!-- end of figures -->\n"
_HEADINGS = Label("figure | what 含义 | unit | without it | moves", "键 | 数据项 | 单位 | 不填时的估计 | 影响")


def table(language: Language) -> str:
    """Return the table of figures."""
    rows = [f"| {_HEADINGS.in_language(language)} |", "|---|---|---|---|---|"]
    for name, figure in FIGURES.items():
        called = figure.label.zh if language == "zh" else f"{figure.label.en} {figure.label.zh}"
        words = (unit_label(figure.unit), figure.estimate, figure.moves)
        rows.append(f"| `{name}` | {called} | {' | '.join(word.in_language(language) for word in words)} |")
    return "\n".join(rows) + "\n"


def page(language: Language) -> str:
    """Return the page with the table as the program has it."""
    before, rest = PAGES[language].read_text(encoding="utf-8").split(BEGIN)
    return before + BEGIN + table(language) + END + rest.split(END)[1]


def main() -> None:
    """Write the pages, or compare them."""
    if "--check" in sys.argv:
        sys.exit(any(page(language) != path.read_text(encoding="utf-8") for language, path in PAGES.items()))
    for language, path in PAGES.items():
        path.write_text(page(language), encoding="utf-8")


if __name__ == "__main__":
    main()
