from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from urbsim.api import Result
from urbsim.experiment import tables as tables_module
from urbsim.experiment.errors import ExperimentError
from urbsim.experiment.folder import RunFolder
from urbsim.experiment.merging import merge
from urbsim.experiment.plan import Plan, RunKey
from urbsim.experiment.tables import TABLES, content_hash, file_hash, write_csv
from urbsim.scenario.loading import load_scenario


@pytest.fixture
def folder(tmp_path: Path, tiny_plan: Plan) -> RunFolder:
    folder = RunFolder(tmp_path / "run", tiny_plan)
    with folder.at_work():
        folder.begin()
    return folder


def one_run(ensemble: Result) -> tuple[RunKey, dict[str, pd.DataFrame]]:
    key = ensemble.plan.run_keys()[0]
    parts = {}
    for name in TABLES:
        table = ensemble.tables[name]
        rows = table[(table["scenario"] == key.scenario) & (table["replicate"] == key.replicate)]
        parts[name] = rows.drop(columns=["scenario", "draw", "replicate"])
    return key, parts


def test_a_stored_replicate_is_read_back_as_it_was(folder, tiny):
    key, parts = one_run(tiny)
    folder.store(key, parts)
    assert list(folder.load_parts()) == [key]
    again = merge(folder.load_parts(), [key])
    assert content_hash(again["series"]) == content_hash(merge({key: parts}, [key])["series"])


def test_a_replicate_that_cannot_be_written_whole_leaves_nothing(folder, tiny, monkeypatch):
    key, parts = one_run(tiny)
    written = []

    def full_disk(frame, path, **options):
        if len(written) == 2:
            raise OSError(28, "No space left on device")
        written.append(path)
        path.write(b"")

    monkeypatch.setattr(pd.DataFrame, "to_parquet", full_disk)
    with pytest.raises(OSError, match="No space left"):
        folder.store(key, parts)
    assert len(written) == 2
    assert not [path for path in (folder.path / "replicates").rglob("*") if path.is_file()]


def test_a_damaged_replicate_is_discarded_to_be_run_again(folder, tiny):
    key, parts = one_run(tiny)
    folder.store(key, parts)
    damaged = next((folder.path / "replicates").rglob("flows.parquet"))
    damaged.write_bytes(damaged.read_bytes()[:100])
    assert folder.load_parts() == {}
    assert not damaged.exists()


def test_another_experiment_in_the_folder_is_refused_with_what_differs(folder, tiny_plan):
    other = RunFolder(folder.path, replace(tiny_plan, seed=5, replicates=3))
    with pytest.raises(ExperimentError) as caught, other.at_work():
        pass
    assert "replicates is 2 there and 3 now" in str(caught.value)
    assert "seed is 0 there and 5 now" in str(caught.value)


def test_a_changed_scenario_is_refused_by_name(folder, tiny_plan):
    changed = replace(tiny_plan.scenarios[1], parameters={"outside.far.wage_growth": 0.05})
    other = RunFolder(folder.path, replace(tiny_plan, scenarios=(tiny_plan.scenarios[0], changed)))
    words = f"these inputs changed: draws of parameters and constants, scenario {changed.name}"
    with pytest.raises(ExperimentError, match=words), other.at_work():
        pass


def test_a_folder_of_other_things_is_refused(tmp_path, tiny_plan):
    (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")
    with (
        pytest.raises(ExperimentError, match="is not empty and holds no run"),
        RunFolder(tmp_path, tiny_plan).at_work(),
    ):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_folder_that_cannot_be_written_is_refused_before_anything_runs(tmp_path, tiny_plan):
    (tmp_path / "file").write_text("", encoding="utf-8")
    folder = RunFolder(tmp_path / "file" / "run", tiny_plan)
    with pytest.raises(ExperimentError, match="cannot write to the output folder"), folder.at_work():
        pass


def test_a_manifest_that_cannot_be_read_is_refused(tmp_path, tiny_plan):
    (tmp_path / "manifest.json").write_text("{", encoding="utf-8")
    folder = RunFolder(tmp_path, tiny_plan)
    with pytest.raises(ExperimentError, match="cannot be read as the manifest of a run"), folder.at_work():
        pass


def test_the_default_folder_has_another_name_for_other_inputs(tmp_path, tiny_plan):
    names = {
        RunFolder.default(plan, tmp_path).path.name
        for plan in (tiny_plan, replace(tiny_plan, seed=1), replace(tiny_plan, replicates=9))
    }
    assert len(names) == 3
    assert RunFolder.default(tiny_plan, tmp_path).path == RunFolder.default(tiny_plan, tmp_path).path


def test_the_manifest_binds_every_file_by_its_hash(saved):
    manifest = json.loads((saved / "manifest.json").read_text(encoding="utf-8"))
    files = {path.relative_to(saved).as_posix() for path in saved.rglob("*") if path.is_file()}
    assert set(manifest["outputs"]) == files - {"manifest.json"}
    assert all(file_hash(saved / name) == value for name, value in manifest["outputs"].items())
    assert manifest["status"] == "complete"


def test_the_fingerprint_ignores_time_and_machine_but_not_the_results(tmp_path, tiny, tiny_plan):
    def fingerprint(ensemble: Result, name: str, jobs: int) -> str:
        folder = RunFolder(tmp_path / name, tiny_plan, jobs)
        with folder.at_work():
            folder.begin()
            folder.finish(ensemble.tables, ())
        return json.loads((folder.path / "manifest.json").read_text(encoding="utf-8"))["fingerprint"]

    changed = {**tiny.tables, "series": tiny.series.assign(value=tiny.series["value"] + 1e-9)}
    assert fingerprint(tiny, "a", 1) == fingerprint(tiny, "b", 8)
    assert fingerprint(tiny, "a", 1) != fingerprint(Result(tiny_plan, changed), "c", 1)


def test_the_resolved_scenarios_of_a_folder_simulate_the_same(folder, tiny_plan):
    names = tiny_plan.file_names()
    for scenario in tiny_plan.scenarios:
        assert load_scenario(folder.path / "scenarios" / f"{names[scenario.name]}.yaml") == scenario


def test_numbers_in_csv_read_back_as_they_were(tmp_path):
    table = pd.DataFrame({"value": [0.1 + 0.2, 1 / 3, 1e-12, 123456789.123456789]})
    write_csv(table, tmp_path / "numbers.csv")
    again = pd.read_csv(tmp_path / "numbers.csv", engine="pyarrow")
    assert again["value"].tolist() == table["value"].tolist()


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path):
    path = tmp_path / "file.txt"
    tables_module.write_text("old", path)
    with suppress(KeyboardInterrupt), tables_module.replacing(path) as temporary:
        temporary.write_text("half of the n", encoding="utf-8")
        raise KeyboardInterrupt
    assert path.read_text(encoding="utf-8") == "old"
    assert [found.name for found in tmp_path.iterdir()] == ["file.txt"]
