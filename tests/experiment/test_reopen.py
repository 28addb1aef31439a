from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from urbsim.experiment.errors import ExperimentError
from urbsim.experiment.reopen import bind, open_run, read_manifest
from urbsim.experiment.tables import TABLES, content_hash, file_hash


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
