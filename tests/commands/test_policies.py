"""`urbsim policies` as a user sees it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from urbsim.commands.policies import register
from urbsim.policies.registry import all_levers
from urbsim.policies.usage import Usage

TEACHING = Path(__file__).parents[2] / "scenarios" / "teaching" / "own_lever"


def run(*arguments: str) -> Result:
    app = typer.Typer()
    app.callback()(lambda: None)
    register(app)
    return CliRunner().invoke(app, ["policies", *arguments])


def test_the_list_names_every_lever_and_what_it_acts_on():
    result = run()
    assert result.exit_code == 0
    for name, lever in all_levers().items():
        (line,) = [line for line in result.stdout.splitlines() if line.startswith(f"{name} ")]
        assert lever.title.en in line
        assert ", ".join(lever.quantities) in line


def test_the_list_goes_to_stdout_and_the_hint_to_stderr():
    result = run()
    assert "urbsim policies LEVER" in result.stderr
    assert "urbsim policies LEVER" not in result.stdout


@pytest.mark.parametrize("name", list(all_levers()))
def test_one_lever_is_shown_in_full_in_both_languages(name):
    lever = all_levers()[name]
    for language, title in (("en", lever.title.en), ("zh", lever.title.zh)):
        result = run(name, "--lang", language)
        assert result.exit_code == 0
        for text in (title, *lever.quantities, *lever.model_fields):
            if text != "zones" or lever.zonal():
                assert text in result.stdout
        assert f"lever: {name}" in result.stdout


def test_json_holds_the_same_as_the_table():
    everything = json.loads(run("--json").stdout)
    assert [lever["lever"] for lever in everything] == list(all_levers())
    one = json.loads(run("housing_subsidy", "--json", "--lang", "zh").stdout)
    assert one["title"] == "住房补贴"
    assert {field["name"] for field in one["fields"]} == set(all_levers()["housing_subsidy"].model_fields)


def test_an_own_lever_is_shown_by_file_and_class(monkeypatch):
    monkeypatch.chdir(TEACHING)
    refused = run("my_levers.py:TeacherBonus")
    assert refused.exit_code == 2
    assert refused.stderr.startswith("lever 'my_levers.py:TeacherBonus' would run the Python code of 'my_levers.py'; ")
    assert "--allow-code" in refused.stderr
    result = run("my_levers.py:TeacherBonus", "--allow-code")
    assert result.exit_code == 0
    assert "Teacher bonus" in result.stdout
    assert "lever: my_levers.py:TeacherBonus" in result.stdout
    assert "yuan per teacher and year" in result.stdout


def test_an_unknown_lever_ends_with_code_2_and_the_likely_name():
    result = run("hukou_relaxtion")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith(f"unknown lever 'hukou_relaxtion'; allowed: {', '.join(all_levers())}")
    assert "did you mean 'hukou_relaxation'?" in result.stderr


def test_a_missing_lever_file_ends_with_code_2_without_a_traceback():
    result = run("nowhere.py:Mine")
    assert result.exit_code == 2
    assert result.stderr.startswith("lever file 'nowhere.py': no such file; allowed: FILE.py:CLASS")


def test_an_unknown_language_ends_with_code_2():
    result = run("--lang", "fr")
    assert result.exit_code == 2
    assert "'fr' is not one of 'en', 'zh'" in result.stderr


def test_one_lever_says_whom_it_reaches_and_what_it_costs():
    shown = run("housing_subsidy").stdout
    assert "The zones named in 'zones' (village, town, seat); without it town, seat." in shown
    assert "chosen by 'eligible' (local_urban, local_rural, elsewhere)" in shown
    assert "rent_yuan_per_household_year: paid to a renting household" in shown
    assert "cut in order 1" in shown
    assert "整个县，不区分区域。" in run("skills_training", "--lang", "zh").stdout


def test_one_lever_names_the_clauses_that_use_it(monkeypatch):
    used = [Usage("jieshou-2022", "三(三)15", "三(三)15.1", "new schools")]
    monkeypatch.setattr("urbsim.policies.usage.clauses_using", lambda *_: used)
    shown = run("school_capacity").stdout
    assert "三(三)15" in shown
    assert "new schools" in shown
    assert json.loads(run("school_capacity", "--json").stdout)["clauses"][0]["programme"] == "jieshou-2022"


def test_without_a_catalogue_no_clauses_are_claimed(monkeypatch):
    monkeypatch.setattr("urbsim.policies.usage.find_spec", lambda _: None)
    assert json.loads(run("school_capacity", "--json").stdout)["clauses"] is None
    assert "No clause" not in run("school_capacity").stdout
