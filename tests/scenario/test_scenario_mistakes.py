"""Every mistake has a file in ``broken/`` and the exact text of its message in ``broken/messages.txt``."""

from __future__ import annotations

import pickle
import time
from pathlib import Path

import pytest

from urbsim.observation.dimensions import DIMENSIONS
from urbsim.observation.indicators import INDICATORS
from urbsim.observation.measures import MEASURES
from urbsim.policies.registry import all_levers
from urbsim.region.places import all_places
from urbsim.scenario import ScenarioError, load_scenario, scenario_from_mapping
from urbsim.scenario.keys import KEYS
from urbsim.scenario.rules import PROGRAMMES

BROKEN = Path(__file__).parent / "broken"
SOUND = {"baseline"}
#: Lists that grow with the program and are therefore not spelt out in the expected messages.
LISTS = {
    "{levers}": all_levers(),
    "{indicators}": INDICATORS,
    "{measures}": MEASURES,
    "{groups}": DIMENSIONS,
    "{keys}": KEYS,
    "{programmes}": PROGRAMMES,
}


def _expected() -> dict[str, str]:
    text = (BROKEN / "messages.txt").read_text(encoding="utf-8")
    for mark, names in LISTS.items():
        text = text.replace(mark, ", ".join(names))
    blocks = [block.partition("\n") for block in text.removeprefix("# ").split("\n\n# ")]
    return {name: messages.strip() for name, _, messages in blocks}


EXPECTED = _expected()


def _messages(path: Path, *, allow_code: bool = False) -> str:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path, allow_code=allow_code)
    return str(caught.value)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_mistake_is_reported_with_exactly_this_text(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(BROKEN)
    assert _messages(Path(f"{name}.yaml")) == EXPECTED[name]


def test_every_broken_file_has_an_expected_message() -> None:
    assert {path.stem for path in BROKEN.glob("*.yaml")} - SOUND == EXPECTED.keys()


def test_the_sound_file_beside_the_broken_ones_loads() -> None:
    assert load_scenario(BROKEN / "baseline.yaml").name == "x"


def test_problems_come_in_the_order_of_the_file_and_parents_after_children(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(BROKEN)
    with pytest.raises(ScenarioError) as caught:
        load_scenario("several_mistakes.yaml")
    lines = [problem.line for problem in caught.value.problems]
    assert lines == sorted(lines)
    assert len(lines) == 10
    with pytest.raises(ScenarioError) as caught:
        load_scenario("inherited_mistake.yaml")
    assert [problem.file for problem in caught.value.problems] == ["inherited_mistake.yaml", "out_of_bounds.yaml"]


def test_an_unreadable_parent_does_not_make_its_keys_count_as_missing(tmp_path: Path) -> None:
    (tmp_path / "child.yaml").write_text("extends: parent.yaml\nscale: 2\npolicies: {hukou: {zones: [seet]}}\n")
    (tmp_path / "parent.yaml").write_text("name: [\n")
    messages = _messages(tmp_path / "child.yaml").splitlines()
    assert [message.split(": ")[1] for message in messages] == ["scale is 2; allowed", "not YAML"]


def test_a_file_of_50_mb_is_refused_by_its_size(tmp_path: Path) -> None:
    path = tmp_path / "huge.yaml"
    with path.open("wb") as stream:
        stream.truncate(50_000_000)
    assert _messages(path) == f"{path}:1:1: has 50.0 MB; allowed: at most 2 MB"


def test_a_missing_file_and_a_folder_are_said_to_be_so(tmp_path: Path) -> None:
    missing = tmp_path / "nothing.yaml"
    assert _messages(missing) == f"{missing}:1:1: no such file; allowed: the path of a scenario file"
    assert _messages(tmp_path) == f"{tmp_path}:1:1: is a folder; allowed: the path of a scenario file"


def test_two_million_keys_are_refused_before_they_are_held(tmp_path: Path) -> None:
    path = tmp_path / "long.yaml"
    path.write_text("".join(f"k{number}: 1\n" for number in range(150_000)))
    assert "more values than any scenario has" in _messages(path)


def _with_lever(folder: Path, code: str, name: str = "Bonus") -> str:
    (folder / "own.py").write_text(code)
    path = folder / "scenario.yaml"
    path.write_text(
        f"name: x\nregion: 341282\nstart: 2020-11\nuntil: 2035-12\n"
        f"policies:\n  bonus: {{lever: 'own.py:{name}', start: 2023-01}}\n"
    )
    return _messages(path, allow_code=True).removeprefix(f"{path}:")


def test_a_lever_file_that_is_no_python_is_reported_at_its_name(tmp_path: Path) -> None:
    assert _with_lever(tmp_path, "class Bonus(:\n").startswith("6:18: own.py:1: SyntaxError: invalid syntax")


def test_a_lever_file_without_the_class_is_reported_at_its_name(tmp_path: Path) -> None:
    assert _with_lever(tmp_path, "import math\n").startswith("6:18: 'own.py' has no class 'Bonus'; it has no lever")


def test_a_lever_whose_own_check_crashes_is_a_mistake_and_no_crash(tmp_path: Path) -> None:
    code = """
from typing import Any
import numpy as np
from pydantic import model_validator
from urbsim.labels import Label
from urbsim.policies.base import Policy

class Bonus(Policy):
    lever = "bonus"
    title = explanation = Label("bonus", "奖金")
    evidence = "assumption"
    quantities = ("training_places",)

    @model_validator(mode="after")
    def check(self) -> Any:
        raise TypeError("no good")

    def apply(self, environment, coverage): ...

    def spending(self, environment, activity, coverage):
        return np.zeros_like(coverage.strength)
"""
    assert _with_lever(tmp_path, code) == "6:3: the lever of policy 'bonus' failed: TypeError: no good"


def test_a_mistake_in_a_mapping_is_placed_by_its_dotted_key() -> None:
    policy = {"lever": "industrial_parks", "start": "2024-01", "posts_per_year": "many"}
    mapping = {"name": "x", "region": 341282, "start": "2020-11", "until": "2030-12", "policies": {"parks": policy}}
    with pytest.raises(ScenarioError) as caught:
        scenario_from_mapping(mapping)
    assert str(caught.value).startswith("policies.parks.posts_per_year: posts_per_year is the text 'many'; allowed: ")


def test_a_mapping_that_contains_itself_is_refused() -> None:
    mapping: dict[str, object] = {"name": "x"}
    mapping["description"] = mapping
    with pytest.raises(ScenarioError, match="nested too deeply"):
        scenario_from_mapping(mapping)


def test_an_object_in_a_mapping_is_refused() -> None:
    with pytest.raises(ScenarioError, match=r"^scale: a value of type [A-Za-z]*Path; allowed: mappings, lists, text"):
        scenario_from_mapping({"name": "x", "scale": Path()})


def test_errors_survive_the_way_back_from_a_worker_process() -> None:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(BROKEN / "several_mistakes.yaml")
    assert pickle.loads(pickle.dumps(caught.value)).problems == caught.value.problems


def test_prefecture_without_tables_of_the_base_year_suggests_the_other_census(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("name: x\nregion: [341282, 3414]\nstart: 2020-11\nuntil: 2030-12\n")
    message = "region '3414' (巢湖市) has no county tables for 2020; allowed: a place that has, or start: 2010-11"
    assert _messages(path) == f"{path}:2:18: {message}; did you mean '340181 (巢湖市)'?"


def test_thousands_of_unknown_places_are_all_reported_but_only_the_first_get_a_costly_suggestion(
    tmp_path: Path,
) -> None:
    path = tmp_path / "many.yaml"
    names = ", ".join(f"jieshou{number}x" for number in range(300))
    path.write_text(f"name: x\nregion: [{names}]\nstart: 2020-11\nuntil: 2030-12\n")
    messages = _messages(path).splitlines()
    assert len(messages) == 300
    assert "did you mean '341282 (界首市)'" in messages[0]
    assert "did you mean" not in messages[-1]


@pytest.mark.parametrize("counties", ["of another province", "of nowhere", "misspelt"])
def test_thousands_of_wrong_places_take_less_than_a_second(counties: str) -> None:
    others = [place.code for place in all_places() if place.level == "county" and not place.code.startswith("65")]
    named = {"of another province": others, "of nowhere": [str(999_000 - number) for number in range(3000)]}
    wrong = named.get(counties) or [f"jieshou{number}x" for number in range(3000)]
    mapping = {"name": "x", "region": 650000, "start": "2010-11", "until": "2020-12", "county_types": {"a": wrong}}
    began = time.process_time()
    with pytest.raises(ScenarioError) as caught:
        scenario_from_mapping(mapping)
    assert time.process_time() - began < 1.0
    assert len(caught.value.problems) == len(wrong)


def test_very_long_values_are_shown_shortened(tmp_path: Path) -> None:
    path = tmp_path / "long.yaml"
    path.write_text(
        f"name: x\nregion: {'x' * 100_000}\nstart: {'2' * 100_000}\nuntil: 2030-12\nscale: {'1_' * 100_000}\n"
    )
    assert [len(message) < 400 for message in _messages(path).splitlines()] == [True] * 3
