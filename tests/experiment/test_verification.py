"""Run folders that were changed: found, and named in words."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import urbsim
from urbsim.experiment import manifest
from urbsim.experiment.errors import ExperimentError
from urbsim.experiment.manifest import age, read_manifest
from urbsim.experiment.reopen import open_run
from urbsim.experiment.reproduction import reproduced
from urbsim.experiment.runner import Runner
from urbsim.experiment.verification import additions, changes
from urbsim.scenario.model import Scenario

OLD = Path(__file__).parent / "data" / "format-1"


@pytest.fixture
def folder(saved: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(saved, tmp_path / "run"))


def series(change: Callable[[pd.DataFrame], pd.DataFrame]) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        path = folder / "series.parquet"
        change(pd.read_parquet(path)).to_parquet(path, index=False)

    return apply


def record(change: Callable[[dict], object]) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        found = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        change(found)
        (folder / "manifest.json").write_text(json.dumps(found), encoding="utf-8")

    return apply


def edit(name: str, old: str, new: str) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return apply


CHANGES = [
    (series(lambda frame: frame.assign(value=2 * frame["value"])), "series.parquet was changed: its values are not"),
    (series(lambda frame: frame.iloc[:-7]), "series.parquet was changed: it has"),
    (series(lambda frame: frame.assign(value=frame["value"].where(frame.index > 3))), "4 of its values are missing, 0"),
    (series(lambda frame: frame.iloc[::-1]), "series.parquet was changed: its values are not"),
    (series(lambda frame: frame.drop(columns="value")), "series.parquet was changed"),
    (lambda folder: (folder / "flows.parquet").unlink(), "flows.parquet is missing"),
    (lambda folder: (folder / "flows.parquet").write_bytes(b"PAR1"), "flows.parquet is damaged and cannot be read"),
    (lambda folder: (folder / "flows.parquet").write_bytes(b""), "flows.parquet is damaged and cannot be read"),
    (edit("synthesis.csv", "0.0", "1.0"), "synthesis.csv was changed: its values are not"),
    (edit("scenarios/baseline.yaml", "scale: 0.002", "scale: 0.003"), "scenarios/baseline.yaml was edited"),
    (lambda folder: (folder / "scenarios" / "plan-to-2025.yaml").unlink(), "scenarios/plan-to-2025.yaml is missing"),
    (lambda folder: shutil.rmtree(folder / "scenarios"), "scenarios/baseline.yaml is missing"),
    (edit("parameters.csv", "scenario", "scenery"), "parameters.csv was changed"),
    (edit("constants.csv", "341282", "341283"), "constants.csv was changed"),
    (lambda folder: (folder / "manifest.json").write_text("{"), "cannot be read as the manifest"),
    (lambda folder: (folder / "manifest.json").write_text("[" * 100_000), "cannot be read as the manifest"),
    (lambda folder: (folder / "manifest.json").write_bytes(b"\xff\xfe"), "cannot be read as the manifest"),
    (lambda folder: (folder / "manifest.json").write_text("null"), "cannot be read as the manifest"),
    (lambda folder: (folder / "manifest.json").unlink(), "holds no run (no manifest.json)"),
    (record(lambda found: found.update(format=99)), "its format is 99, this version reads 1, 2"),
    (record(lambda found: found.pop("settings")), "settings: Field required"),
    (record(lambda found: found["settings"].update(seed="0")), "settings.seed"),
    (record(lambda found: found["settings"].update(draws=None)), "settings.draws"),
    (record(lambda found: found["settings"].update(scenarios=[])), "settings.scenarios"),
    (record(lambda found: found["settings"].update(seed=5)), "manifest.json was edited"),
    (record(lambda found: found["settings"].update(replicates=7)), "manifest.json was edited"),
    (record(lambda found: found.update(outputs={})), "manifest.json was edited"),
    (record(lambda found: found.update(status="running")), "is not finished"),
    (record(lambda found: found.update(contents={})), "manifest.json was edited"),
    (record(lambda found: found.update(failures=[1])), "failures.0"),
    (record(lambda found: found.update(outputs={"series.parquet": 1})), "outputs.series.parquet"),
]


@pytest.mark.parametrize(("change", "words"), CHANGES)
def test_a_changed_folder_is_refused_with_what_was_changed(folder, change, words):
    change(folder)
    with pytest.raises(ExperimentError) as caught:
        open_run(folder)
    assert words in str(caught.value)


def test_an_untouched_folder_is_intact_and_other_files_are_noted(folder):
    assert changes(folder, read_manifest(folder)) == []
    assert additions(folder, read_manifest(folder)) == []
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    (folder / "charts" / "urbanization.png").write_bytes(b"")
    assert changes(folder, read_manifest(folder)) == ["charts/urbanization.png was changed"]
    assert additions(folder, read_manifest(folder)) == ["notes.txt"]
    open_run(folder)  # a chart is written from the results, which are whole


def test_a_folder_of_an_older_version_opens_and_is_named_as_such(tmp_path):
    found = read_manifest(OLD)
    assert age(found) == "written by an older version (urbsim 0.1.0, format 1)"
    assert changes(OLD, found) == []
    ensemble = open_run(OLD)
    assert ensemble.names == ("Baseline", "Plan")
    rows = ensemble.series.query("indicator == 'residents' and month == '2020-03'")
    assert rows["value"].tolist() == [663_000.0, 663_000.0]
    folder = Path(shutil.copytree(OLD, tmp_path / "old"))
    series(lambda frame: frame.assign(value=2 * frame["value"]))(folder)
    with pytest.raises(ExperimentError, match=r"series\.parquet was changed: its values are not"):
        open_run(folder)


def test_a_folder_comes_out_the_same_again_and_what_differs_is_said(saved, tmp_path, monkeypatch):
    before = {path: path.read_bytes() for path in saved.rglob("*") if path.is_file()}
    found = reproduced(saved, Runner())
    assert found["same"]
    assert {table["result"] for table in found["tables"]} == {"the same"}
    assert before == {path: path.read_bytes() for path in saved.rglob("*") if path.is_file()}


def test_a_folder_is_reproduced_with_the_draws_it_recorded(tmp_path, monkeypatch):
    """The posterior may have been fitted again since: what was used is in the folder."""
    from urbsim.experiment import plan as plans

    base = Scenario("base", "341282", ("341282",), 24250, 24252, scale=0.001)
    folder = urbsim.simulate(base, draws=2).save(tmp_path / "run", charts=False)
    monkeypatch.setattr(plans, "given", lambda *_: plans.Given({"residence.gamma": 5.0}, ((1.0, 1.0),)))
    assert reproduced(folder, Runner())["same"]
    for name in ("parameters.csv", "constants.csv"):
        rows = pd.read_csv(folder / name)
        assert set(rows["draw"]) == {1, 2}
        assert set(rows["scenario"]) == {"base"}
    constants = pd.read_csv(folder / "constants.csv", dtype={"place": str})
    assert constants["place"].tolist() == ["341282", "341282"]
    assert np.abs(constants[["urban", "outside"]].to_numpy()).min() > 0


def test_other_results_are_not_the_same(saved, monkeypatch):
    from urbsim.processes import demography

    monkeypatch.setattr(demography, "advance", lambda *_: None)
    found = reproduced(saved, Runner())
    assert not found["same"]
    results = {table["table"]: table["result"] for table in found["tables"]}
    assert "values differ, by up to" in results["series"] or "rows" in results["series"]
    assert results["synthesis"] == "the same"


def test_the_seal_holds_the_whole_manifest(saved):
    found = read_manifest(saved)
    assert found["seal"] == manifest.seal(found)
    assert manifest.seal({**found, "jobs": 99}) != found["seal"]
