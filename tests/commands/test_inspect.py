"""``urbsim validate``, ``show``, ``diff``, ``regions`` and ``schema`` as a person at the terminal meets them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from rich.cells import cell_len
from typer.testing import CliRunner, Result

from urbsim.commands import inspect
from urbsim.labels import speaking
from urbsim.scenario import ScenarioError

BROKEN = Path(__file__).parents[1] / "scenario" / "broken"
SOUND = BROKEN / "baseline.yaml"
HEAVY = ("pandas", "numba", "matplotlib", "mesa", "scipy", "pyarrow")

app = typer.Typer()
inspect.register(app)


def _run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_a_sound_file_gives_one_line_and_code_0() -> None:
    result = _run("validate", SOUND)
    assert result.exit_code == 0
    assert result.stdout == f"{SOUND}: OK: x; region 341282; 2020-11 to 2035-12; 1 policy, 0 targets\n"
    assert result.stderr == ""


def test_a_scenario_is_called_by_its_name_in_the_language(tmp_path: Path) -> None:
    file = tmp_path / "both.yaml"
    file.write_text(f"extends: {SOUND.as_posix()}\nname: {{en: Own, zh: 本县}}\n", encoding="utf-8")
    with speaking("zh"):
        assert "没有错误：本县；" in _run("validate", file).stdout
    with speaking("en"):
        assert "OK: Own;" in _run("validate", file).stdout


def test_a_later_start_is_said_with_the_census_and_what_it_leaves_out(tmp_path: Path) -> None:
    file = tmp_path / "later.yaml"
    file.write_text(
        "name: x\nregion: 341282\nstart: 2023-06\nuntil: 2030-12\npolicies:\n"
        "  early: {lever: hukou_relaxation, start: 2018-01, end: 2020-10, years_required: 0}\n"
        "  before: {lever: hukou_relaxation, start: 2021-01, end: 2022-12, years_required: 0}\n"
        "targets:\n  residents: {2025-12: 1000, relative_to: 2022-12}\n  seat_residents: {2025-12: 1000}\n"
    )
    said = _run("validate", file).stdout
    assert "; 2023-06 to 2030-12 (simulated from 2020-11); 2 policies, 2 targets" in said
    assert "; never in force: early;" in said
    assert said.endswith("; targets outside the output: residents 2025-12 since 2022-12\n")


def test_problems_go_to_standard_error_one_a_line_with_code_2() -> None:
    result = _run("validate", SOUND, BROKEN / "several_mistakes.yaml", BROKEN / "empty.yaml")
    assert result.exit_code == 2
    assert result.stdout.count("\n") == 1
    assert result.stderr.count("\n") == 11
    assert f"{BROKEN / 'empty.yaml'}:1:1: the file is empty" in result.stderr


def test_a_problem_of_a_shared_parent_is_said_once(tmp_path: Path) -> None:
    (tmp_path / "parent.yaml").write_text("name: x\nregion: 341282\nstart: 2020-11\nuntil: 2030-12\nscale: 7\n")
    children = [tmp_path / "a.yaml", tmp_path / "b.yaml"]
    for child in children:
        child.write_text("extends: parent.yaml\n")
    assert _run("validate", *children).stderr.count("scale is 7") == 1


def test_problems_as_json_have_every_part_of_the_message() -> None:
    result = _run("validate", "--json", BROKEN / "unknown_key.yaml")
    assert result.exit_code == 2
    (problem,) = json.loads(result.stdout)
    assert (problem["line"], problem["column"], problem["suggestion"]) == (5, 1, "policies")
    assert problem.keys() == {"file", "line", "column", "found", "allowed", "suggestion"}
    assert json.loads(_run("validate", "--json", SOUND).stdout) == []


def test_policies_that_the_period_never_reaches_are_named(tmp_path: Path) -> None:
    path = tmp_path / "late.yaml"
    path.write_text(f"extends: {SOUND}\npolicies: {{hukou: {{start: 2040-01}}}}\n")
    assert _run("validate", path).stdout.endswith("1 policy, 0 targets; never in force: hukou\n")


def test_show_names_value_unit_and_line() -> None:
    rows = {row["key"]: row for row in json.loads(_run("show", "--json", SOUND).stdout)}
    assert rows["policies.hukou.start"] == {
        "key": "policies.hukou.start",
        "value": "2023-01",
        "unit": "",
        "origin": f"{SOUND}:9",
    }
    assert rows["policies.hukou.ramp_months"]["unit"] == "months"
    assert rows["policies.hukou.ramp_months"]["origin"] == "default"
    table = _run("show", SOUND).stdout.splitlines()
    assert table[0].split() == ["key", "value", "unit", "written", "at"]
    assert len(table) == len(rows) + 1
    assert "单位" in _run("show", SOUND, "--lang", "zh").stdout.splitlines()[0]


def test_show_of_a_broken_file_raises_what_the_program_prints() -> None:
    assert isinstance(_run("show", BROKEN / "empty.yaml").exception, ScenarioError)


def test_diff_lists_what_differs_and_nothing_else(tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(f"extends: {SOUND}\nscale: 0.1\npolicies: {{hukou: null}}\n")
    rows = {row["key"]: (row["left"], row["right"]) for row in json.loads(_run("diff", "--json", SOUND, other).stdout)}
    assert rows.pop("scale") == (1.0, 0.1)
    assert rows
    assert all(key.startswith("policies.hukou.") and right is None for key, (_, right) in rows.items())
    same = _run("diff", SOUND, SOUND)
    assert (same.exit_code, same.stdout, same.stderr) == (0, "", "no difference\n")


@pytest.mark.parametrize("text", ["界首", "jieshou", "341282"])
def test_a_county_is_found_by_name_pinyin_and_code(text: str) -> None:
    (place,) = json.loads(_run("regions", "--json", text).stdout)
    assert (place["code"], place["name"], place["years"]) == ("341282", "界首市", [2010, 2020])


def test_a_prefecture_lists_its_counties_and_without_text_come_the_provinces() -> None:
    assert {"1404", "140403"} <= {place["code"] for place in json.loads(_run("regions", "--json", "1404").stdout)}
    provinces = json.loads(_run("regions", "--json").stdout)
    assert [place["level"] for place in provinces] == ["country", *31 * ["province"]]


def test_a_county_that_a_census_lacks_shows_its_code_there() -> None:
    assert "2010 (2020: 610118)" in _run("regions", "户县").stdout
    assert "2020 (2010: 610125)" in _run("regions", "鄠邑").stdout
    assert "2010, 2020 " in _run("regions", "341282").stdout


@pytest.mark.parametrize("language", ["en", "zh"])
def test_columns_with_chinese_text_align(language: str) -> None:
    lines = _run("regions", "1404", "--lang", language).stdout.splitlines()
    assert len({cell_len(line.rstrip()) for line in lines}) == 1
    pinyin = [
        cell_len(line[: line.index(word)]) for line in lines for word in ("changzhi", "xiangyuan") if word in line
    ]
    assert len(pinyin) >= 2
    assert len(set(pinyin)) == 1


def test_an_unknown_place_gives_suggestions_and_code_2() -> None:
    result = _run("regions", "jieshuo")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "no county, prefecture or province is called 'jieshuo'; did you mean 341282 界首市" in result.stderr


def test_the_schema_is_json_with_every_top_level_key() -> None:
    schema = json.loads(_run("schema").stdout)
    assert {"region", "policies", "extends"} <= schema["properties"].keys()


def _program(*arguments: str) -> subprocess.CompletedProcess[str]:
    code = (
        f"import sys; sys.argv = ['urbsim', *{arguments!r}]\nfrom urbsim.cli import main\ntry:\n    main()\nfinally:\n"
    )
    code += f"    print('heavy:', [name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "arguments", [("validate", str(SOUND)), ("regions", "界首"), ("show", str(SOUND)), ("--help",)]
)
def test_nothing_heavy_is_imported_to_inspect_a_scenario(arguments: tuple[str, ...]) -> None:
    result = _program(*arguments)
    assert result.returncode == 0
    assert "heavy: []" in result.stderr


def test_the_program_explains_a_broken_scenario_without_a_traceback() -> None:
    result = _program("show", str(BROKEN / "unknown_key.yaml"))
    assert result.returncode == 2
    assert "unknown_key.yaml:5:1: unknown key 'polices'" in result.stderr
    assert "Traceback" not in result.stderr


LESSON = Path(__file__).parents[2] / "scenarios" / "teaching" / "own_lever" / "teacher-bonus.yaml"


@pytest.mark.parametrize("command", [["validate"], ["show"], ["diff", SOUND]])
def test_the_code_of_a_scenario_runs_with_permission_only(command: list[str | Path]) -> None:
    refused = _run(*command, LESSON)
    said = refused.stderr or str(refused.exception)
    assert refused.exit_code != 0
    assert f"{LESSON}:9:12: lever 'my_levers.py:TeacherBonus' would run the Python code of 'my_levers.py'" in said
    assert "--allow-code" in said
    assert _run(*command, LESSON, "--allow-code").exit_code == 0
