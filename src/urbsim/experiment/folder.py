"""The run folder: finished replicates, merged tables, scenarios and the manifest that binds them.

While an experiment runs, each finished replicate is one folder below ``replicates/``, put in place by one rename: it
is complete or absent. When all are there they are merged into one file per table and removed. Running the same
experiment in the same folder continues where it stopped.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd

from urbsim.experiment import manifest
from urbsim.experiment.errors import ExperimentError
from urbsim.experiment.plan import Failure, Plan, RunKey
from urbsim.experiment.tables import (
    TABLES,
    Tables,
    content_hash,
    file_hash,
    read_csv,
    write_csv,
    write_parquet,
    write_text,
)
from urbsim.scenario.output import write_scenario

MANIFEST = "manifest.json"
_MERGED = {name: f"{name}.csv" if name == "synthesis" else f"{name}.parquet" for name in TABLES}
_TEXT_OF_SYNTHESIS = ("scenario", "county", "margin", "category")


class RunFolder:
    """The folder of one plan."""

    def __init__(self, path: Path, plan: Plan, jobs: int = 1) -> None:
        self.path, self.plan = path, plan
        self._identity = {"settings": manifest.settings(plan), "inputs": manifest.inputs(plan)}
        self._names = plan.file_names()
        self._record: dict[str, Any] = {
            "format": manifest.FORMAT,
            "status": "running",
            "command": manifest.command_line(),
            **self._identity,
            **manifest.surroundings(jobs),
        }

    @classmethod
    def default(cls, plan: Plan, parent: Path, jobs: int = 1) -> RunFolder:
        """Return the folder below ``parent`` named after the scenarios and everything that goes into the results."""
        folder = cls(parent, plan, jobs)
        others = f"+{len(plan.names) - 1}" if len(plan.names) > 1 else ""
        short = manifest.fingerprint(folder._identity, {})[:8]
        folder.path = parent / f"{folder._names[plan.baseline.name]}{others}-{short}"
        return folder

    @staticmethod
    def scenario_files(plan: Plan) -> list[str]:
        """Return where the folder of a plan keeps its scenarios, relative to the folder, in their order."""
        if len(plan.scenarios) == 1:
            return ["scenario.yaml"]
        names = plan.file_names()
        return [f"scenarios/{names[scenario.name]}.yaml" for scenario in plan.scenarios]

    def prepare(self) -> None:
        """Make sure the folder can be written and belongs to this plan.

        Raises
        ------
        ExperimentError
            If the folder cannot be written, holds something else, or holds an experiment with other inputs.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            write_text("", self.path / ".writable")
            (self.path / ".writable").unlink()
        except OSError as error:
            raise ExperimentError(f"cannot write to the output folder {self.path}: {error.strerror}") from error
        previous = self._previous()
        if previous is None and any(self.path.iterdir()):
            raise ExperimentError(f"{self.path} is not empty and holds no run; choose another folder with --output")
        if previous is not None:
            unlike = manifest.differences(previous, self._identity)
            if unlike:
                raise ExperimentError(
                    f"{self.path} holds another experiment: {'; '.join(unlike)}. Choose another folder with --output, "
                    "or delete this one"
                )

    def is_complete(self) -> bool:
        """Return whether every run of the plan is merged and the files are as the manifest says."""
        previous = self._previous()
        if previous is None or previous["status"] != "complete":
            return False
        hashes: dict[str, str] = previous["outputs"]
        paths = {name: self.path / name for name in _MERGED.values()}
        return all(path.exists() and hashes.get(name) == file_hash(path) for name, path in paths.items())

    def load_merged(self) -> Tables:
        """Return the merged tables of a complete folder."""
        return {name: _read(self.path / file) for name, file in _MERGED.items()}

    def load_parts(self) -> dict[RunKey, Tables]:
        """Return the tables of every finished replicate; one that cannot be read is removed, to be run again."""
        found = {}
        for key in self.plan.run_keys():
            part = self._part(key)
            if part.is_dir():
                try:
                    found[key] = {name: pd.read_parquet(part / f"{name}.parquet") for name in TABLES}
                except (OSError, ValueError):
                    shutil.rmtree(part)
        return found

    def begin(self) -> None:
        """Write the scenarios, with the lever files they name, and a manifest that says the experiment is running.

        Raises
        ------
        ScenarioError
            If a file of a lever changed after the scenario was read.
        """
        for scenario, file in zip(self.plan.scenarios, self.scenario_files(self.plan), strict=True):
            (self.path / file).parent.mkdir(exist_ok=True)
            write_scenario(scenario, self.path / file)
        self._write_manifest()

    def store(self, key: RunKey, tables: Tables) -> None:
        """Put a finished replicate in place, whole or not at all."""
        final = self._part(key)
        temporary = final.with_name(f".{final.name}.partial-{os.getpid()}")
        try:
            temporary.mkdir(parents=True)
            for name in TABLES:
                write_parquet(tables[name], temporary / f"{name}.parquet")
            temporary.rename(final)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)

    def store_merged(self, tables: Tables) -> None:
        """Write the merged tables."""
        for name, file in _MERGED.items():
            (write_csv if file.endswith(".csv") else write_parquet)(tables[name], self.path / file)

    def finish(self, tables: Mapping[str, pd.DataFrame], failures: Sequence[Failure]) -> None:
        """Write the final manifest over all files present; parts are removed once every run is merged."""
        self._record["status"] = "incomplete" if failures else "complete"
        self._record["failures"] = [asdict(failure) for failure in failures]
        if not failures:
            shutil.rmtree(self.path / "replicates", ignore_errors=True)
        contents = {name: content_hash(frame) for name, frame in tables.items()}
        self._record["contents"] = contents
        self._record["fingerprint"] = manifest.fingerprint(self._identity, contents)
        self._record["outputs"] = {
            path.relative_to(self.path).as_posix(): file_hash(path)
            for path in sorted(self.path.rglob("*"))
            if path.is_file() and path.name != MANIFEST and not path.is_relative_to(self.path / "replicates")
        }
        self._record["finished"] = manifest.now()
        self._write_manifest()

    def _part(self, key: RunKey) -> Path:
        return self.path / "replicates" / self._names[key.scenario] / f"{key.draw:04d}-{key.replicate:04d}"

    def _previous(self) -> dict[str, Any] | None:
        path = self.path / MANIFEST
        if not path.exists():
            return None
        try:
            found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            if found["format"] != manifest.FORMAT or not {"settings", "inputs", "status"} <= found.keys():
                raise KeyError("format")
        except (ValueError, KeyError, OSError) as error:
            raise ExperimentError(
                f"{path} cannot be read as the manifest of a run ({error}); choose another folder with --output"
            ) from error
        return found

    def _write_manifest(self) -> None:
        write_text(json.dumps(self._record, indent=1, ensure_ascii=False) + "\n", self.path / MANIFEST)


def _read(path: Path) -> pd.DataFrame:
    if path.suffix == ".parquet":
        return pd.read_parquet(path)
    table = read_csv(path, _TEXT_OF_SYNTHESIS)
    return table.astype({"scenario": "category"})
