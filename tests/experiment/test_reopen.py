from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import urbsim
from urbsim import compare, scenario_from_mapping
from urbsim.experiment.errors import ExperimentError
from urbsim.experiment.reopen import bind, open_run, read_manifest
from urbsim.experiment.tables import TABLES, content_hash, file_hash
from urbsim.report.write import write_page

LESSON = Path(__file__).parents[2] / "scenarios" / "teaching" / "own_lever"


def test_a_run_folder_opens_to_the_ensemble_it_was_saved_from(saved, tiny):
    again = open_run(saved)
    assert again.plan.scenarios == tiny.plan.scenarios
    assert (again.plan.seed, again.plan.replicates) == (tiny.plan.seed, tiny.plan.replicates)
    assert {name: content_hash(again.tables[name]) for name in TABLES} == {
        name: content_hash(tiny.tables[name]) for name in TABLES
    }


def test_a_folder_that_is_not_finished_is_refused_with_the_command_that_continues_it(saved, tmp_path):
    folder = shutil.copytree(saved, tmp_path / "run")
    record = read_manifest(folder) | {"status": "running", "command": "urbsim compare a.yaml b.yaml"}
    (folder / "manifest.json").write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(ExperimentError, match=r"is not finished; .*: urbsim compare a\.yaml b\.yaml"):
        open_run(folder)


def test_a_folder_without_one_of_its_scenarios_is_refused(saved, tmp_path):
    folder = shutil.copytree(saved, tmp_path / "run")
    (folder / "scenarios" / "plan-to-2025.yaml").unlink()
    with pytest.raises(
        ExperimentError, match=r"was changed since it was written: scenarios/plan-to-2025\.yaml is missing"
    ):
        open_run(folder)


def test_a_file_written_again_is_bound_by_its_new_hash(saved, tmp_path):
    folder: Path = shutil.copytree(saved, tmp_path / "run")
    (folder / "report.html").write_text("other", encoding="utf-8")
    bind(folder, "report.html")
    assert read_manifest(folder)["outputs"]["report.html"] == file_hash(folder / "report.html")


def test_a_folder_with_levers_of_ones_own_is_reported_on_without_running_them(tmp_path):
    head = {"name": "bonus", "region": 341282, "start": "2020-11", "until": "2020-12"}
    policy = {"lever": "my_levers.py:TeacherBonus", "start": "2020-01", "yuan_per_teacher_year": 12000}
    shutil.copy(LESSON / "my_levers.py", tmp_path)
    bonus = scenario_from_mapping({**head, "policies": {"bonus": policy}}, tmp_path, allow_code=True)
    plain = scenario_from_mapping({**head, "name": "plain"})
    compare([plain, bonus], scale=0.002, draws=0).save(tmp_path / "run", charts=False)
    for file in (tmp_path / "run").rglob("*.py"):
        file.write_text("raise AssertionError('the code was run')", encoding="utf-8")
    page = tmp_path / "page.html"
    write_page(open_run(tmp_path / "run"), tmp_path / "run", page)
    text = page.read_text(encoding="utf-8")
    assert "Teacher bonus" in text
    assert "bonus of one teacher, one twelfth each month: 12,000 yuan per teacher and year" in text


@pytest.mark.parametrize("options", [{"scale": 0.0005}, {"until": "2020-11", "scale": 0.001}, {"replicates": 2}])
def test_every_folder_that_is_written_can_be_opened(baseline, tmp_path, options):
    settings = {"scale": 0.001, "until": "2020-12", "draws": 0, **options}
    result = urbsim.simulate(baseline, **settings)
    again = open_run(result.save(tmp_path / "run", charts=False))
    assert again.plan.scenarios == result.plan.scenarios
    assert content_hash(again.series) == content_hash(result.series)
