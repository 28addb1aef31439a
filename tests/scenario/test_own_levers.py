"""Levers of the user's own: whose code runs only when allowed, and what of it belongs to a scenario."""

from __future__ import annotations

import os
import pickle
import shutil
import socket
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from urbsim.policies.own import LeverFileError
from urbsim.policies.registry import lever_class
from urbsim.scenario import (
    Scenario,
    ScenarioError,
    differences,
    lever_files,
    load_scenario,
    provenance,
    resolved_yaml,
    scenario_from_mapping,
    write_scenario,
)
from urbsim.scenario.loading import load_described

LESSON = Path(__file__).parents[2] / "scenarios" / "teaching" / "own_lever"
HEAD = {"name": "x", "region": 341282, "start": "2020-11", "until": "2035-12"}
BONUS = {"start": "2023-09", "zones": ["village"], "yuan_per_teacher_year": 12000}
WHOLE = """
from urbsim.levers import Label, Policy

class Mine(Policy):
    lever = "mine"
    title = explanation = Label("Mine", "我的")
    evidence = "assumption"
    quantities = ("amenity",)
    gain: float = 1.0

    def apply(self, environment, coverage):
        environment.amenity.contribute(self.gain, coverage)

    def spending(self, environment, activity, coverage):
        return coverage.strength
"""


READER = """
from pathlib import Path
GAIN = float(Path(__file__).with_name("gains.csv").read_text())
"""


def _lesson(folder: Path) -> Path:
    """Put the lever file of the lesson into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy(LESSON / "my_levers.py", folder / "my_levers.py"))


def _scenario(folder: Path, **specs: str) -> Scenario:
    policies = {
        name: {"lever": spec, **(BONUS if "Teacher" in spec else {"start": "2023-01"})} for name, spec in specs.items()
    }
    return scenario_from_mapping({**HEAD, "policies": policies}, folder, allow_code=True)


def _refusal(folder: Path, spec: str) -> str:
    with pytest.raises(LeverFileError) as caught:
        lever_class(spec, folder, allow_code=True)
    return str(caught.value)


def test_code_runs_only_when_allowed(tmp_path: Path) -> None:
    _lesson(tmp_path)
    (tmp_path / "my_levers.py").write_text(
        (LESSON / "my_levers.py").read_text() + f"\nopen({str(tmp_path / 'ran')!r}, 'w')\n"
    )
    (tmp_path / "s.yaml").write_text(
        yaml.safe_dump({**HEAD, "policies": {"a": {"lever": "my_levers.py:TeacherBonus", **BONUS}}})
    )
    with pytest.raises(
        ScenarioError, match=r"s\.yaml:\d+:\d+: lever 'my_levers.py:TeacherBonus' would run .*--allow-code"
    ):
        load_scenario(tmp_path / "s.yaml")
    with pytest.raises(ScenarioError, match=r"^policies\.a\.lever: .* would run the Python code of 'my_levers.py'"):
        scenario_from_mapping({**HEAD, "policies": {"a": {"lever": "my_levers.py:TeacherBonus", **BONUS}}}, tmp_path)
    assert not (tmp_path / "ran").exists()
    assert load_scenario(tmp_path / "s.yaml", allow_code=True).policies["a"].lever == "teacher_bonus"
    assert (tmp_path / "ran").exists()


def test_a_lever_of_ones_own_is_found_beside_the_file_that_names_it(tmp_path: Path) -> None:
    _lesson(tmp_path / "base" / "levers")
    policies = {"bonus": {"lever": "levers/my_levers.py:TeacherBonus", **BONUS}}
    (tmp_path / "base" / "a.yaml").write_text(yaml.safe_dump({**HEAD, "policies": policies}))
    (tmp_path / "b.yaml").write_text("extends: base/a.yaml\n")
    scenario = load_scenario(tmp_path / "b.yaml", allow_code=True)
    assert type(scenario.policies["bonus"]).__name__ == "TeacherBonus"


def test_a_link_out_of_the_folder_is_refused_and_one_inside_is_followed(tmp_path: Path) -> None:
    outside = _lesson(tmp_path / "elsewhere")
    home = tmp_path / "home"
    _lesson(home / "sub")
    (home / "out.py").symlink_to(outside)
    (home / "folder").symlink_to(outside.parent)
    (home / "in.py").symlink_to(home / "sub" / "my_levers.py")
    for spec in ("out.py:TeacherBonus", "folder/my_levers.py:TeacherBonus"):
        assert "is a link out of the scenario's folder" in _refusal(home, spec)
    assert lever_class("in.py:TeacherBonus", home, allow_code=True).lever == "teacher_bonus"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes in the file system")
def test_a_pipe_a_device_and_a_huge_file_are_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    os.mkfifo(tmp_path / "pipe.yaml")
    with (tmp_path / "huge.py").open("wb") as stream:
        stream.truncate(5_000_000_000)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.path.relpath(tmp_path / "socket.py"))
        for name in ("pipe", "socket"):
            assert _refusal(tmp_path, f"{name}.py:Mine") == f"lever file '{name}.py': is no regular file"
    assert _refusal(tmp_path, "huge.py:Mine") == "lever file 'huge.py': has 5000.0 MB"
    for path in ("/dev/zero", str(tmp_path / "pipe.yaml")):
        (tmp_path / "child.yaml").write_text(f"extends: {path}\n")
        for file in (tmp_path / "child.yaml", Path(path)):
            with pytest.raises(ScenarioError, match="is no regular file"):
                load_scenario(file)


@pytest.mark.parametrize(
    "content",
    [
        "root:x:0:0:hunter2",
        "hunter2",
        "- hunter2",
        "a: *hunter2",
        "!hunter2 a: b",
        "hunter2: [",
        "x: {hunter2: region}",
    ],
)
def test_a_message_shows_nothing_of_a_file_that_is_no_scenario(tmp_path: Path, content: str) -> None:
    (tmp_path / "secret").write_text(content)
    (tmp_path / "child.yaml").write_text(yaml.safe_dump({**HEAD, "extends": "secret"}))
    with pytest.raises(ScenarioError) as caught:
        load_scenario(tmp_path / "child.yaml")
    assert "the file is no scenario" in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_what_a_lever_file_imports_and_reads_in_its_folder_belongs_to_it(tmp_path: Path) -> None:
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "__init__.py").write_text("")
    (tmp_path / "package" / "deep.py").write_text("FACTOR = 2.0\n")
    (tmp_path / "gains.csv").write_text("3.0\n")
    (tmp_path / "unread.csv").write_text("9\n")
    (tmp_path / "levers.py").write_text("")
    helper = "from package.deep import FACTOR\n" + READER.replace("float(", "FACTOR * float(")
    (tmp_path / "helper.py").write_text(helper)
    log = f"open({str(tmp_path / 'log.txt')!r}, 'a').write('x')\n"
    (tmp_path / "levers.py").write_text("from helper import GAIN\n" + log + WHOLE.replace("1.0", "GAIN"))
    path = list(sys.path)
    scenario = _scenario(tmp_path, a="levers.py:Mine")
    origin = scenario.policies["a"].origin
    assert origin is not None
    assert [name for name, _ in origin.files] == [
        "gains.csv",
        "helper.py",
        "levers.py",
        "package/__init__.py",
        "package/deep.py",
    ]
    assert set(lever_files(scenario).values()) == {tmp_path / name for name, _ in origin.files}
    assert scenario.policies["a"].model_dump()["gain"] == 6.0
    assert sys.path == path
    assert not {"helper", "package", "package.deep"} & set(sys.modules)
    assert not list(tmp_path.rglob("__pycache__"))


@pytest.mark.parametrize("name", ["levers.py", "helper.py", "gains.csv"])
def test_a_change_of_any_file_that_a_lever_reads_is_another_lever(tmp_path: Path, name: str) -> None:
    (tmp_path / "gains.csv").write_text("3.0\n")
    (tmp_path / "helper.py").write_text(READER)
    (tmp_path / "levers.py").write_text("from helper import GAIN\n" + WHOLE.replace("1.0", "GAIN"))
    first = _scenario(tmp_path, a="levers.py:Mine")
    assert type(_scenario(tmp_path, a="levers.py:Mine").policies["a"]) is type(first.policies["a"])
    sent = pickle.dumps(first.policies["a"])
    assert pickle.loads(sent) == first.policies["a"]
    edited = (
        (tmp_path / name)
        .read_text()
        .replace("3.0", "4.0")
        .replace("float(", "1.0 + float(")
        .replace("= GAIN", "= 1.0 + GAIN")
    )
    (tmp_path / name).write_text(edited)
    second = _scenario(tmp_path, a="levers.py:Mine")
    assert (first.policies["a"].model_dump()["gain"], second.policies["a"].model_dump()["gain"]) == (3.0, 4.0)
    assert resolved_yaml(first) != resolved_yaml(second)
    assert [each.key for each in differences(first, second)] == ["policies.a.lever", "policies.a.gain"]
    added = {each.key: each.right for each in differences(scenario_from_mapping(HEAD), second)}
    assert added["policies.a.lever"] == "levers.py:Mine"
    with pytest.raises(LeverFileError, match="or a file it reads was changed after the scenario was read"):
        pickle.loads(sent)
    with pytest.raises(ScenarioError, match="changed after the scenario was read"):
        write_scenario(first, tmp_path / "out.yaml")


def test_levers_of_one_name_in_two_files_are_kept_apart(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text(WHOLE)
    (tmp_path / "two.py").write_text(WHOLE.replace("1.0", "2.0"))
    one, two = (_scenario(tmp_path, a=f"{name}.py:Mine") for name in ("one", "two"))
    assert [each.policies["a"].model_dump()["gain"] for each in (one, two)] == [1.0, 2.0]
    assert resolved_yaml(one) != resolved_yaml(two)
    with pytest.raises(ScenarioError) as caught:
        _scenario(tmp_path, a="one.py:Mine", b="two.py:Mine")
    found = "policies.b.lever: 'two.py:Mine' and 'one.py:Mine' both name themselves 'mine'"
    assert str(caught.value) == f"{found}; allowed: another 'lever' in one of the classes"


def test_helpers_of_one_name_in_two_folders_are_kept_apart(tmp_path: Path) -> None:
    for number, place in enumerate(("a", "b"), start=1):
        (tmp_path / place).mkdir()
        (tmp_path / place / "helper.py").write_text(f"GAIN = {number}.0\n")
        (tmp_path / place / "levers.py").write_text(
            "from helper import GAIN\n" + WHOLE.replace("1.0", "GAIN").replace('"mine"', f'"mine_{place}"')
        )
    policies = _scenario(tmp_path, a="a/levers.py:Mine", b="b/levers.py:Mine").policies
    assert [policy.model_dump()["gain"] for policy in policies.values()] == [1.0, 2.0]


def _written(tmp_path: Path) -> tuple[Scenario, Path]:
    _lesson(tmp_path / "levers")
    (tmp_path / "own.py").write_text("from numbers_of import GAIN\n" + WHOLE)
    (tmp_path / "numbers_of.py").write_text("GAIN = 1\n")
    scenario = _scenario(tmp_path, bonus="levers/my_levers.py:TeacherBonus", mine="own.py:Mine")
    folder = tmp_path / "run" / "scenarios"
    folder.mkdir(parents=True)
    write_scenario(scenario, folder / "x.yaml")
    shutil.rmtree(tmp_path / "levers")
    (tmp_path / "own.py").unlink()
    return scenario, folder / "x.yaml"


def test_a_scenario_is_written_with_all_that_its_levers_need(tmp_path: Path) -> None:
    scenario, path = _written(tmp_path)
    assert str(tmp_path) not in path.read_text()
    with pytest.raises(ScenarioError, match="would run the Python code"):
        load_scenario(path)
    again = load_scenario(path, allow_code=True)
    assert resolved_yaml(again) == resolved_yaml(scenario) == path.read_text()
    assert [policy.model_dump() for policy in again.policies.values()] == [
        policy.model_dump() for policy in scenario.policies.values()
    ]


def test_a_written_scenario_is_described_without_its_code(tmp_path: Path) -> None:
    scenario, path = _written(tmp_path)
    for file in path.parent.rglob("*.py"):
        file.write_text("raise AssertionError('the code was run')")
    described = load_described(path)
    assert resolved_yaml(described) == resolved_yaml(scenario)

    def shown(one: Scenario) -> list[Any]:
        return [(setting.key, setting.value, setting.unit) for setting in provenance(one, "zh")]

    assert shown(described) == shown(scenario)
    for name, policy in scenario.policies.items():
        twin = described.policies[name]
        for attribute in (
            "lever",
            "title",
            "explanation",
            "evidence",
            "quantities",
            "cut_order",
            "start",
            "zones",
            "payer",
        ):
            assert getattr(twin, attribute) == getattr(policy, attribute)
        with pytest.raises(NotImplementedError, match="is only described"):
            twin.apply(None, None)  # type: ignore[arg-type]


def test_a_folder_that_does_not_describe_its_levers_is_read_with_their_names_only(tmp_path: Path) -> None:
    _, path = _written(tmp_path)
    (path.parent / "levers.json").unlink()
    policy = load_described(path).policies["bonus"]
    assert policy.title.en == policy.lever == "TeacherBonus"
    assert [str(zone) for zone in policy.zones] == ["village"]
    (path.parent / "levers.json").write_text("[]")
    with pytest.raises(ScenarioError, match=r"levers\.json: the file does not describe levers"):
        load_described(path)


def test_a_title_that_commands_the_terminal_is_refused(tmp_path: Path) -> None:
    (tmp_path / "levers.py").write_text(WHOLE.replace('Label("Mine"', r'Label("\x1b[31mMine"'))
    assert "'title' must be a Label with English and Chinese text" in _refusal(tmp_path, "levers.py:Mine")
