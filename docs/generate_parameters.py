"""Write docs/parameters.md, the table of registered parameters: python docs/generate_parameters.py."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from urbsim.labels import plain_number
from urbsim.months import format_month
from urbsim.parameters import DatedValue, Parameter, registry

PAGE = Path(__file__).with_name("parameters.md")
_OPENING = """\
# Parameters

<!-- Written by docs/generate_parameters.py from src/urbsim/parameters.yaml; edit that file. -->

Every number with a meaning that the model reads, {count} in all. A scenario may change any of them within its range,
with one value or with values dated by month ([scenario file](scenario-file.md)). Where each is used is said in the
[model description](odd.md).

- **fixed**: from the literature or data, named in the source ({fixed}).
- **calibrated**: fitted to the change between the censuses of 2010 and 2020 ({calibrated}). What stands here is the
  median of the posterior; runs draw from it unless `--draws 0` asks for the median alone or a scenario says otherwise
  ([how far it can be believed](credibility.md)).
- **assumption**: nobody measured it; the source says what it rests on ({assumption}).

Wages, prices and budgets are in yuan of the base year, growth rates are real. "log points" are differences of natural
logarithms; "utility" is in units of the choice's extreme-value error. Unit 1 means a pure number or share.
"""

_TITLES = {
    "demography": "Demography",
    "schooling": "Schooling",
    "employment": "Employment",
    "start": "State at the start",
    "outside": "Outside the county",
    "housing": "Housing",
    "income": "Income beside wages",
    "land": "Land",
    "health": "Health",
    "insurance": "Medical insurance",
    "provision": "Building up to standards",
    "childcare": "Childcare",
    "eldercare": "Care for the old",
    "pension": "Pensions",
    "services": "Everyday public services",
    "returning": "Return from outside",
    "reconsider": "Residence: who reconsiders",
    "residence": "Residence: where to",
    "distance": "Distances",
    "travel": "Travel time saved by policies",
    "amenity": "Amenity added by policies",
    "renewal": "Renewal of dwellings by policies",
    "arrivals": "Arrivals from outside the world",
    "registration": "Registration",
    "reclassification": "Reclassification",
    "budget": "County budget",
    "targets": "Reading of targets",
    "synthesis": "Synthesis of the base population",
}


def page() -> str:
    """Return the whole page."""
    parameters = list(registry().values())
    counts = {
        status: sum(each.status == status for each in parameters) for status in ("fixed", "calibrated", "assumption")
    }
    sections = [line for name, group in groupby(parameters, key=_section) for line in _section_lines(name, list(group))]
    return "\n".join([_OPENING.format(count=len(parameters), **counts), *sections]).rstrip() + "\n"


def _section(parameter: Parameter) -> str:
    return parameter.name.split(".", 1)[0]


def _section_lines(name: str, parameters: list[Parameter]) -> Iterator[str]:
    yield f"## {_TITLES[name]}"
    yield ""
    yield "| name | value | unit | range | status | meaning | source |"
    yield "|---|---|---|---|---|---|---|"
    for each in parameters:
        cells = (
            f"`{each.name}`",
            _value(each.value),
            each.unit,
            f"{plain_number(each.low, grouped=False)} to {plain_number(each.high, grouped=False)}",
            each.status,
            f"{each.label.en} ({each.label.zh})",
            each.source,
        )
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
    yield ""


def _value(value: DatedValue) -> str:
    if isinstance(value, (int, float)):
        return plain_number(value, grouped=False)
    return "; ".join(f"{format_month(month)}: {plain_number(number, grouped=False)}" for month, number in value.items())


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
