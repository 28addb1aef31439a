"""The reference page of the scenario file says what the program does."""

from __future__ import annotations

import re
from pathlib import Path

from urbsim.policies.base import Payer, Policy, ZoneName
from urbsim.scenario import FEEDBACKS, load_scenario
from urbsim.scenario.keys import KEYS
from urbsim.scenario.rules import PROGRAMMES

PAGE = (Path(__file__).parents[2] / "docs" / "scenario-file.md").read_text(encoding="utf-8")


def test_the_example_of_the_reference_is_a_sound_scenario(tmp_path: Path) -> None:
    path = tmp_path / "example.yaml"
    path.write_text(PAGE.split("```yaml\n")[1].split("```")[0], encoding="utf-8")
    assert load_scenario(path).feedbacks["prices"] is False


def test_every_key_has_its_row_and_no_row_is_of_an_unknown_key() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)
    assert set(rows) == KEYS.keys() | {"lever"} | Policy.model_fields.keys()


def test_every_choice_is_named() -> None:
    for choice in [*FEEDBACKS, *PROGRAMMES, *Payer, *ZoneName]:
        assert f"`{choice}`" in PAGE
