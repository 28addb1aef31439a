"""Opening a run folder again: the plan from its scenarios and manifest, the results from its merged tables."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from urbsim.experiment.ensemble import Ensemble
from urbsim.experiment.errors import ExperimentError
from urbsim.experiment.folder import MANIFEST, RunFolder
from urbsim.experiment.manifest import FORMAT
from urbsim.experiment.plan import Failure, Plan, RunKey
from urbsim.experiment.tables import file_hash, write_text
from urbsim.scenario.loading import load_described
from urbsim.scenario.model import Scenario


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a run folder as plain data.

    Raises
    ------
    ExperimentError
        If there is no such folder, or it holds no run that this version can read.
    """
    path = folder / MANIFEST
    if not path.is_file():
        what = "holds no run (no manifest.json)" if folder.is_dir() else "is no folder"
        raise ExperimentError(f"{folder} {what}; give the folder that 'urbsim run' or 'urbsim compare' wrote")
    try:
        record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if record["format"] != FORMAT:
            raise KeyError(f"format {record['format']}")
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise ExperimentError(f"{path} cannot be read as the manifest of a run ({error})") from error
    return record


def open_run(folder: Path) -> Ensemble:
    """Return the ensemble that a finished run folder holds; nothing is simulated.

    Raises
    ------
    ExperimentError
        If the folder holds no run, or one that is not finished.
    ScenarioError
        If a scenario of the folder was changed so that it cannot be read.
    """
    record = read_manifest(folder)
    if record["status"] == "running":
        command = record.get("command")
        again = f": {command}" if command else ""
        raise ExperimentError(f"{folder} is not finished; the command that began it continues it{again}")
    settings = record["settings"]
    scenarios = _scenarios(folder, settings["scenarios"])
    plan = Plan(scenarios, settings["seed"], settings["draws"], settings["replicates"])
    try:
        tables = RunFolder(folder, plan).load_merged()
    except (OSError, ValueError) as error:
        raise ExperimentError(f"the tables of {folder} cannot be read: {error}") from error
    return Ensemble(plan, tables, tuple(_failure(failure) for failure in record.get("failures", ())))


def _scenarios(folder: Path, names: list[str]) -> tuple[Scenario, ...]:
    """Return the scenarios that a run folder keeps, in the order of the experiment."""
    single = len(names) == 1
    files = [folder / "scenario.yaml"] if single else sorted((folder / "scenarios").glob("*.yaml"))
    found = {scenario.name: scenario for scenario in map(load_described, files)}
    missing = [name for name in names if name not in found]
    if missing:
        raise ExperimentError(f"{folder} lacks the scenario '{missing[0]}' that its manifest names")
    return tuple(found[name] for name in names)


def _failure(record: dict[str, Any]) -> Failure:
    return Failure(**{**record, "key": RunKey(**record["key"])})


def bind(folder: Path, name: str) -> None:
    """Bind a file that was written again to the manifest of its run folder, by its new hash."""
    record = read_manifest(folder)
    record["outputs"] = dict(sorted({**record["outputs"], name: file_hash(folder / name)}.items()))
    write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", folder / MANIFEST)
