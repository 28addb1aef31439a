"""Opening a run folder again: the plan from its scenarios and manifest, the results from its merged tables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from urbsim.experiment import draws, manifest
from urbsim.experiment.ensemble import Ensemble
from urbsim.experiment.errors import ExperimentError
from urbsim.experiment.folder import load_merged
from urbsim.experiment.manifest import MANIFEST, read_manifest
from urbsim.experiment.plan import Failure, Plan, RunKey
from urbsim.experiment.tables import file_hash, write_text
from urbsim.experiment.verification import changes, is_read
from urbsim.labels import bilingual
from urbsim.scenario.loading import load_described
from urbsim.scenario.model import Scenario


def open_run(folder: Path) -> Ensemble:
    """Return the ensemble that a finished run folder holds; nothing is simulated.

    Raises
    ------
    ExperimentError
        If the folder holds no run, one that is not finished, or one that was changed since it was written.
    ScenarioError
        If a scenario of the folder cannot be read.
    """
    record = read_manifest(folder)
    if record["status"] == "running":
        command = record.get("command")
        again = f": {command}" if command else ""
        raise ExperimentError(
            bilingual(
                f"{folder} is not finished; the command that began it continues it{again}",
                f"{folder} 尚未完成；用开始时的命令可以继续{again}",
            )
        )
    found = changes(folder, record, is_read)
    if found:
        raise ExperimentError(
            bilingual(
                f"{folder} was changed since it was written: {'; '.join(found)}",
                f"{folder} 写出之后被改动：{'；'.join(found)}",
            )
        )
    plan = recorded_plan(folder, record)
    if not record.get("contents"):
        raise ExperimentError(
            bilingual(f"{folder} holds no results: no run of it succeeded", f"{folder} 没有结果：没有一次模拟成功")
        )
    return Ensemble(plan, load_merged(folder), tuple(_failure(failure) for failure in record.get("failures", ())))


def recorded_plan(folder: Path, record: dict[str, Any], load: Callable[[Path], Scenario] = load_described) -> Plan:
    """Return the plan of a run folder, with the draws as they were used.

    ``load`` reads a scenario file; without it no code of levers runs, and the plan cannot be simulated if it has any.

    Raises
    ------
    ExperimentError
        If a scenario is missing, or the draws cannot be read.
    ScenarioError
        If a scenario cannot be read.
    """
    settings = record["settings"]
    scenarios = _scenarios(folder, settings["scenarios"], load)
    used = {} if manifest.age(record) else draws.read(folder)
    return Plan(scenarios, settings["seed"], settings["draws"], settings["replicates"], used)


def _scenarios(folder: Path, names: list[str], load: Callable[[Path], Scenario]) -> tuple[Scenario, ...]:
    """Return the scenarios that a run folder keeps, in the order of the experiment."""
    single = len(names) == 1
    files = [folder / "scenario.yaml"] if single else sorted((folder / "scenarios").glob("*.yaml"))
    found = {scenario.name: scenario for scenario in map(load, files)}
    missing = [name for name in names if name not in found]
    if missing:
        raise ExperimentError(
            bilingual(
                f"{folder} lacks the scenario '{missing[0]}' that its manifest names",
                f"{folder} 缺少清单所列的情景“{missing[0]}”",
            )
        )
    return tuple(found[name] for name in names)


def _failure(record: dict[str, Any]) -> Failure:
    return Failure(**{**record, "key": RunKey(**record["key"])})


def bind(folder: Path, name: str) -> None:
    """Bind a file that was written again to the manifest of its run folder, by its new hash."""
    record = read_manifest(folder)
    record["outputs"] = dict(sorted({**record["outputs"], name: file_hash(folder / name)}.items()))
    write_text(manifest.as_text(record), folder / MANIFEST)
