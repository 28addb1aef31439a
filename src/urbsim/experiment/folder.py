"""The run folder: finished replicates, merged tables, scenarios and the manifest that binds them.

While an experiment runs, each finished replicate is one folder below ``replicates/``, put in place by one rename: it
is complete or absent. When all are there they are merged into one file per table and removed. Running the same
experiment in the same folder continues where it stopped. One process at a time is at work in a folder.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
from filelock import FileLock, Timeout

from urbsim.experiment import draws, manifest
from urbsim.experiment.entry import BrokenEntryError, read_entry, write_entry
from urbsim.experiment.errors import ExperimentError
from urbsim.experiment.identity import identity_of, key_of
from urbsim.experiment.manifest import MANIFEST
from urbsim.experiment.outputs import make_output_folder
from urbsim.experiment.plan import Failure, Plan, RunKey
from urbsim.experiment.simulate import Task
from urbsim.experiment.tables import (
    TABLES,
    Tables,
    content_hash,
    file_hash,
    is_partial,
    read_table,
    write_csv,
    write_parquet,
    write_text,
)
from urbsim.labels import bilingual
from urbsim.scenario.writing import resolved_yaml, write_scenario

#: The file of each merged table.
MERGED = {name: f"{name}.csv" if name == "synthesis" else f"{name}.parquet" for name in TABLES}
_LOCK, _AT_WORK = ".lock", ".at-work.json"
_REPLICATES = "replicates"


class RunFolder:
    """The folder of one plan.

    Raises
    ------
    ExperimentError
        If a scenario cannot be written.
    """

    def __init__(self, path: Path, plan: Plan, jobs: int | None = 1) -> None:
        self.path, self.plan = path, plan
        self._names = plan.file_names()
        self._check_texts()
        self._identity = {"settings": manifest.settings(plan), "inputs": manifest.inputs(plan)}
        self._lock = FileLock(path / _LOCK, timeout=0)
        self._workers_before: list[Mapping[str, Any]] = []
        self._record: dict[str, Any] = {
            "format": manifest.FORMAT,
            "status": "running",
            "command": manifest.command_line(),
            **self._identity,
            **manifest.surroundings(jobs),
        }

    @classmethod
    def default(cls, plan: Plan, parent: Path, jobs: int | None = 1) -> RunFolder:
        """Return the folder below ``parent`` named after the scenarios and everything that goes into the results."""
        folder = cls(parent, plan, jobs)
        others = f"+{len(plan.names) - 1}" if len(plan.names) > 1 else ""
        short = manifest.fingerprint(folder._identity, {})[:8]
        folder.path = parent / f"{folder._names[plan.baseline.name]}{others}-{short}"
        folder._lock = FileLock(folder.path / _LOCK, timeout=0)
        return folder

    @staticmethod
    def scenario_files(plan: Plan) -> list[str]:
        """Return where the folder of a plan keeps its scenarios, relative to the folder, in their order."""
        if len(plan.scenarios) == 1:
            return ["scenario.yaml"]
        names = plan.file_names()
        return [f"scenarios/{names[scenario.name]}.yaml" for scenario in plan.scenarios]

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Have the folder to oneself in the block; a folder in which nothing was written is gone afterwards.

        Raises
        ------
        ExperimentError
            If it cannot be written, holds something else or another experiment, or another process is at work in it.
        """
        if self._lock.is_locked:
            yield
            return
        self._check_contents()
        made = make_output_folder(self.path)
        try:
            with self._locked():
                self._check_contents()  # again: what is there may just have come
                yield
        finally:
            for path in made:
                with suppress(OSError):
                    path.rmdir()

    def forget(self) -> None:
        """Remove finished replicates, to have them run again."""
        self._workers_before = []
        shutil.rmtree(self.path / _REPLICATES, ignore_errors=True)

    def is_complete(self) -> bool:
        """Return whether every run of the plan is merged and the files are as the manifest says."""
        previous = self._previous()
        if previous is None or previous["status"] != "complete":
            return False
        hashes: dict[str, str] = previous["outputs"]
        paths = {name: self.path / name for name in MERGED.values()}
        return all(path.exists() and hashes.get(name) == file_hash(path) for name, path in paths.items())

    def load_merged(self) -> Tables:
        """Return the merged tables of a complete folder."""
        return load_merged(self.path)

    def load_parts(self) -> dict[RunKey, Tables]:
        """Return the tables of every finished replicate; one that is damaged or another run is to be run again."""
        found: dict[RunKey, Tables] = {}
        for key in self.plan.run_keys():
            part = self._part(key)
            if part.exists():
                try:
                    tables = read_entry(part, key_of(self._run_identity(key)))
                except BrokenEntryError:
                    shutil.rmtree(part, ignore_errors=True)
                else:
                    if tables is not None:
                        found[key] = tables
        return found

    def begin(self) -> None:
        """Write a manifest that says the experiment is running, and what goes into it.

        Raises
        ------
        ScenarioError
            If a file of a lever changed after the scenario was read.
        """
        self._write_manifest()
        self.write_inputs()

    def write_inputs(self) -> None:
        """Write the scenarios with their levers, and the draws."""
        for scenario, file in zip(self.plan.scenarios, self.scenario_files(self.plan), strict=True):
            (self.path / file).parent.mkdir(exist_ok=True)
            write_scenario(scenario, self.path / file)
        draws.write(self.plan, self.path)

    def store(self, key: RunKey, tables: Tables, reads: Mapping[str, str] | None = None) -> None:
        """Put a finished replicate in place, whole or not at all; ``reads`` are the hashes of files it read."""
        write_entry(self._part(key), self._run_identity(key), tables, reads or {})

    def note_workers(self, workers: Sequence[Mapping[str, Any]]) -> None:
        """Note who carried out runs on a cluster, beside those of earlier commands in this folder."""
        if found := [*self._workers_before, *workers]:
            self._record["cluster"] = found
            self._write_manifest()

    def store_merged(self, tables: Tables) -> None:
        """Write the merged tables."""
        for name, file in MERGED.items():
            (write_csv if file.endswith(".csv") else write_parquet)(tables[name], self.path / file)

    def finish(self, tables: Mapping[str, pd.DataFrame], failures: Sequence[Failure]) -> None:
        """Write the final manifest over all files present; parts are removed once every run is merged."""
        self._record["status"] = "incomplete" if failures else "complete"
        self._record["failures"] = [asdict(failure) for failure in failures]
        if not failures:
            shutil.rmtree(self.path / _REPLICATES, ignore_errors=True)
        contents = {name: content_hash(frame) for name, frame in tables.items()}
        self._record["contents"] = contents
        self._record["rows"] = {name: len(frame) for name, frame in tables.items()}
        self._record["missing"] = {name: missing_values(frame) for name, frame in tables.items()}
        self._record["fingerprint"] = manifest.fingerprint(self._identity, contents)
        self._record["outputs"] = {name: file_hash(self.path / name) for name in files_of(self.path)}
        self._record["finished"] = manifest.now()
        self._write_manifest()

    def _check_texts(self) -> None:
        for scenario in self.plan.scenarios:
            try:
                resolved_yaml(scenario).encode("utf-8")
            except UnicodeEncodeError as error:
                raise ExperimentError(
                    bilingual(
                        f"scenario {scenario.name!r} holds what is no text: {error.reason}",
                        f"情景“{scenario.name}”含有非文本内容：{error.reason}",
                    )
                ) from None

    @contextmanager
    def _locked(self) -> Iterator[None]:
        who = self.path / _AT_WORK
        try:
            self._lock.acquire()
        except Timeout:
            raise ExperimentError(
                bilingual(
                    f"{self.path} is in use{_worker(who)}; wait for it, or choose another folder with --output",
                    f"{self.path} 正在使用{_worker(who)}；请等待，或用 --output 另选文件夹",
                )
            ) from None
        try:
            record = {"pid": os.getpid(), "host": platform.node(), "since": manifest.now()}
            write_text(json.dumps(record) + "\n", who)
            yield
        finally:
            who.unlink(missing_ok=True)
            self._lock.release(force=True)
            (self.path / _LOCK).unlink(missing_ok=True)

    def _check_contents(self) -> None:
        """Raise ``ExperimentError`` if the folder holds something else, or an experiment with other inputs."""
        try:
            names = {path.name for path in self.path.iterdir()} if self.path.is_dir() else set()
        except OSError as error:
            raise ExperimentError(
                bilingual(
                    f"cannot read the output folder {self.path}: {error.strerror or error}",
                    f"不能读取结果文件夹 {self.path}：{error.strerror or error}",
                )
            ) from error
        if MANIFEST not in names:
            if names - {_LOCK, _AT_WORK}:
                raise ExperimentError(
                    bilingual(
                        f"{self.path} is not empty and holds no run; choose another folder with --output",
                        f"{self.path} 不是空的，也没有模拟结果；请用 --output 另选文件夹",
                    )
                )
            return
        previous = self._previous()
        assert previous is not None
        self._workers_before = previous.get("cluster", [])
        unlike = manifest.differences(previous, self._identity)
        if unlike:
            raise ExperimentError(
                bilingual(
                    f"{self.path} holds another experiment: {'; '.join(unlike)}. Choose another folder with --output, "
                    "or delete this one",
                    f"{self.path} 中是另一次实验：{'；'.join(unlike)}。请用 --output 另选文件夹，或删除它",
                )
            )

    def _part(self, key: RunKey) -> Path:
        return self.path / _REPLICATES / self._names[key.scenario] / f"{key.draw:04d}-{key.replicate:04d}"

    @cached_property
    def _tasks(self) -> dict[RunKey, Task]:
        return self.plan.tasks()

    def _run_identity(self, key: RunKey) -> dict[str, Any]:
        """Return the identity of a run; one whose levers are in no file is known within this folder only."""
        own = {"experiment": manifest.fingerprint(self._identity, {}), "run": str(key)}
        return identity_of(self._tasks[key]) or own

    def _previous(self) -> dict[str, Any] | None:
        if not (self.path / MANIFEST).exists():
            return None
        try:
            found = manifest.read_manifest(self.path)
        except ExperimentError as error:
            raise ExperimentError(
                bilingual(f"{error}; choose another folder with --output", f"{error}；请用 --output 另选文件夹")
            ) from None
        if old := manifest.age(found):
            raise ExperimentError(
                bilingual(
                    f"{self.path} was {old}: its report can be opened, but it cannot be continued; choose another "
                    "folder "
                    "with --output",
                    f"{self.path} {old}：报告可以打开，但不能继续；请用 --output 另选文件夹",
                )
            )
        return found

    def _write_manifest(self) -> None:
        write_text(manifest.as_text(self._record), self.path / MANIFEST)


def files_of(folder: Path) -> list[str]:
    """Return the files that the manifest of a run folder binds, relative to it, in order."""
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(
        name.as_posix()
        for name in found
        if name.parts[0] != _REPLICATES and name.as_posix() not in (MANIFEST, _LOCK, _AT_WORK) and not is_partial(name)
    )


def load_merged(folder: Path) -> Tables:
    """Return the merged tables of a finished run folder."""
    return {name: read_table(folder / file) for name, file in MERGED.items()}


def missing_values(frame: pd.DataFrame) -> int:
    """Return how many values of a table are missing."""
    return int(frame.isna().sum().sum())


def _worker(path: Path) -> str:
    """Return in words who is at work, as far as is known."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        return bilingual(
            f" by process {record['pid']} on {record['host']} since {record['since']}",
            f"（主机 {record['host']} 上的进程 {record['pid']}，始于 {record['since']}）",
        )
    except (OSError, ValueError, KeyError, TypeError):
        return ""
