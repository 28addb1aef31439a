"""Write docs/api.md, the page of the Python functions: python docs/generate_api.py."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import urbsim

PAGE = Path(__file__).with_name("api.md")
_LONGEST = 90  # of a signature on one line
_OPENING = """\
# From Python

<!-- Written by docs/generate_api.py from the docstrings; edit those. -->

`import urbsim` offers the functions and classes below and nothing else. Results and scenarios show themselves as tables
and charts in a notebook. For a policy that no built-in lever carries, see [a lever of your own](own-lever.md).

```python
import urbsim

base = urbsim.load_scenario("scenarios/jieshou/baseline.yaml")
parks = base.with_policy("parks", "industrial_parks", start="2023-01", posts_per_year=2000, zones=["seat"])
result = urbsim.compare([base, parks], scale=0.02, draws=4, until="2025-12", progress=True)
result.time_series("seat_residents")  # a row per month
result.table(("urbanization_rate", "seat_residents"))
result.plot("seat_residents")
```

A name that does not exist raises an error that says which there are and which was probably meant. Mistakes of a
scenario are a `ScenarioError`, settings that cannot be are an `ExperimentError`, runs that failed a `RunError`.
"""
#: Chapters, and the methods and properties shown of a class.
_CHAPTERS = {
    "Scenarios": ("load_scenario", "scenario_from_mapping", "Scenario"),
    "Simulating": ("simulate", "compare", "trace", "Cluster"),
    "Questions about a plan": ("groups", "contributions", "sweep", "seek"),
    "Results": ("Result", "Ensemble"),
    "What there is": ("list_levers", "list_regions", "list_indicators", "list_parameters", "list_groups"),
    "Errors": ("ExperimentError", "RunError", "ScenarioError", "UnknownNameError"),
}
_MEMBERS = {
    "Scenario": ("with_policy", "without_policy", "with_parameter", "with_until", "with_name"),
    "Result": ("plot", "save"),
    "Ensemble": (
        *("table", "time_series", "over_time", "differences", "summary", "comparison", "counties", "targets"),
        *("cuts", "limits_by_year", "debts_beyond_limit", "spending", "urban_growth"),
    ),
}


def page() -> str:
    """Return the whole page."""
    lines = [_OPENING]
    for chapter, names in _CHAPTERS.items():
        lines.append(f"## {chapter}\n")
        for name in names:
            thing = getattr(urbsim, name)
            lines += _entry("###", name, thing)
            for member in _MEMBERS.get(name, ()):
                lines += _entry("####", f"{name}.{member}", getattr(thing, member))
    return "\n".join(lines).rstrip("\n") + "\n"


def names() -> set[str]:
    """Return the names of all chapters."""
    return {name for chapter in _CHAPTERS.values() for name in chapter}


def _entry(level: str, name: str, thing: Any) -> list[str]:
    lines = [f"{level} `{name}`\n"]
    if not inspect.isclass(thing):
        lines.append(f"```python\n{name.rpartition('.')[2]}{_signature(thing)}\n```\n")
    return [*lines, _as_markdown(inspect.getdoc(thing) or ""), ""]


def _signature(thing: Any) -> str:
    """Return a signature, a parameter a line where it is long."""
    signature = inspect.signature(thing)
    words: list[str] = []
    for each in signature.parameters.values():
        if each.name == "self":
            continue
        if each.kind is each.KEYWORD_ONLY and "*" not in words:
            words.append("*")
        stars = {each.VAR_POSITIONAL: "*", each.VAR_KEYWORD: "**"}.get(each.kind, "")
        default = "" if each.default is each.empty else f" = {each.default!r}"
        words.append(f"{stars}{each.name}: {each.annotation}{default}")
    short = f"({', '.join(words)}) -> {signature.return_annotation}"
    if len(short) < _LONGEST:
        return short
    lines = "".join(f"    {word},\n" for word in words)
    return f"(\n{lines}) -> {signature.return_annotation}"


def _as_markdown(doc: str) -> str:
    """Return a numpy docstring as Markdown: headings bold, entries of sections as a list."""
    lines: list[str] = []
    section = ""
    found = doc.splitlines()
    for line, below in zip(found, [*found[1:], ""], strict=True):
        if below and set(below) == {"-"}:
            section = line
            lines.append(f"**{line}**\n")
        elif line and set(line) == {"-"}:
            continue
        elif section and line and not line.startswith(" "):
            lines.append(f"- `{line}`" if section != "Returns" or " " not in line else line)
        else:
            lines.append(line.strip() and f"  {line.strip()}" if section else line)
    text = "\n".join(lines).replace("``", "`")
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
