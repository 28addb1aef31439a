"""Nothing written is a mistake everywhere; ``null`` removes what a parent has, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from urbsim.scenario import ScenarioError, load_scenario, scenario_from_mapping

FULL = """\
name: everything
description: every key there is
region:
  - 341282
  - 340102
start: 2020-11
until: 2035-12
scale: 0.1
calibrated: on
parameters:
  outside.far.wage_growth:
    2020-01: 0.03
    2030-01: 0.02
  arrivals.same_province: 0.01
county_types:
  pilot:
    - 340102
policies:
  parks:
    lever: industrial_parks
    start: 2023-01
    end: 2030-12
    ramp_months: 11
    zones:
      - seat
      - town
    counties:
      - 341282
    county_types:
      - pilot
    payer: province
    source:
      programme: jieshou-2022
      clause: 二(一)
      given: true
    posts_per_year: 300
targets:
  urbanization_rate:
    2025-12: 0.55
    2030-12: 0.6
    comparator: about
    tolerance: 0.01
    source:
      programme: jieshou-2022
      clause: 二(一)
      given: false
  registered_urbanization_rate:
    2030-12: 0.1
    relative_to: province
    reference:
      2030-12: 0.5
feedbacks:
  wages: off
"""
LINES = FULL.splitlines()
WRITTEN = [number for number, line in enumerate(LINES) if re.match(r" *(- |[\w.-]+:)", line)]


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def _blanked(number: int, value: str = "") -> str:
    """Return the file with nothing (or a value) in place of what a line and those indented below it say."""
    end = next((n for n in range(number + 1, len(LINES)) if _depth(LINES[n]) <= _depth(LINES[number])), len(LINES))
    head = re.match(r" *(?:- |[\w.-]+:)", LINES[number])
    assert head is not None
    return "\n".join([*LINES[:number], f"{head[0]} {value}".rstrip(), *LINES[end:]]) + "\n"


def _problems(folder: Path, text: str) -> list[tuple[int, int, str]]:
    path = folder / "s.yaml"
    path.write_text(text)
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    return [(problem.line, problem.column, problem.found) for problem in caught.value.problems]


def test_the_file_itself_is_sound(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(FULL)
    assert load_scenario(tmp_path / "s.yaml").scale == 0.1


@pytest.mark.parametrize("number", WRITTEN, ids=lambda number: LINES[number].strip())
def test_a_blank_is_one_mistake_where_it_stands(tmp_path: Path, number: int) -> None:
    line = LINES[number]
    found = "an item of the list has no value" if "- " in line else f"'{line.split(':')[0].strip()}' has no value"
    assert [(place, text) for place, _, text in _problems(tmp_path, _blanked(number))] == [(number + 1, found)]


@pytest.mark.parametrize("number", [n for n in WRITTEN if "- " not in LINES[n]], ids=lambda n: LINES[n].strip())
@pytest.mark.parametrize("null", ["null", "~"])
def test_null_without_a_parent_removes_nothing_and_is_a_mistake(tmp_path: Path, number: int, null: str) -> None:
    key = LINES[number].split(":")[0].strip()
    problems = _problems(tmp_path, _blanked(number, null))
    assert any(
        place == number + 1 and text.startswith(f"nothing to remove: no parent file has '{key}'")
        for place, _, text in problems
    )


def _nested(number: int, value: str) -> str:
    """Return only the keys that lead to a line, and a value there."""
    found, depth = [f"{LINES[number].split(':')[0]}: {value}"], _depth(LINES[number])
    for line in reversed(LINES[:number]):
        if _depth(line) < depth and "- " not in line:
            found.insert(0, line)
            depth = _depth(line)
    return "\n".join(found) + "\n"


#: Keys that a scenario, a policy or another key needs, and the description, which no child has of its parent.
NEEDED = {"name", "region", "start", "until", "lever", "posts_per_year", "programme", "clause", "description"}
NEEDED |= {"comparator", "relative_to", "reference", "pilot", "county_types"}
LAST = len(LINES) - 7  # the entries of a target that need each other
OPTIONAL = [
    number
    for number in WRITTEN
    if "- " not in LINES[number] and LINES[number].split(":")[0].strip() not in NEEDED and not LAST < number < LAST + 5
]


@pytest.mark.parametrize("number", OPTIONAL, ids=lambda number: LINES[number].strip())
def test_null_removes_what_the_parent_has(tmp_path: Path, number: int) -> None:
    (tmp_path / "parent.yaml").write_text(FULL)
    child = tmp_path / "child.yaml"
    child.write_text("extends: parent.yaml\ndescription: every key there is\n" + _nested(number, "null"))
    is_default = LINES[number].strip() == "calibrated: on"
    assert (load_scenario(child) == load_scenario(tmp_path / "parent.yaml")) == is_default


def test_none_of_a_mapping_is_null() -> None:
    head = {"name": "x", "region": 341282, "start": "2020-11", "until": "2030-12"}
    with pytest.raises(ScenarioError, match=r"^policies: nothing to remove: no parent file has 'policies'"):
        scenario_from_mapping({**head, "policies": None})
