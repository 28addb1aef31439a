"""Carrying out simulations: what is done already is read, the rest is simulated, everything is kept."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

from urbsim.caches import FolderError
from urbsim.experiment.cluster.cluster import Cluster
from urbsim.experiment.ensemble import Ensemble
from urbsim.experiment.errors import RunError, stage_in_words
from urbsim.experiment.executor import run_all
from urbsim.experiment.folder import RunFolder
from urbsim.experiment.identity import identity_of, key_of
from urbsim.experiment.merging import merge
from urbsim.experiment.plan import Failure, Plan, RunKey
from urbsim.experiment.profile import Profile
from urbsim.experiment.progress import Progress
from urbsim.experiment.simulate import Broken, Finished, Outcome, Task
from urbsim.experiment.store import Store, open_store
from urbsim.experiment.tables import Tables
from urbsim.labels import bilingual, spoken


class Runner:
    """Where simulations are carried out and kept, and who is told.

    Parameters
    ----------
    executor
        Number of processes, 1 being this one, None one per core; a cluster; or any other
        ``concurrent.futures.Executor``. An executor is left running.
    progress
        Who is told how the work gets on; nobody without it.
    store
        Where finished runs are looked for and kept; nowhere without it.
    overwrite
        Whether runs that the store holds are simulated again.

    Attributes
    ----------
    profile : Profile
        Where the time of all runs simulated so far went.
    """

    def __init__(
        self,
        executor: int | Executor | None = 1,
        progress: Progress | None = None,
        store: Store | None = None,
        *,
        overwrite: bool = False,
    ) -> None:
        self.executor = executor
        self.progress = progress or Progress()
        self.store, self.overwrite = store, overwrite
        self.profile = Profile()
        self._cluster = executor if isinstance(executor, Cluster) else None
        self._before = Counter(self._cluster.runs) if self._cluster else Counter()

    @property
    def workers_seen(self) -> int:
        """How many workers of a cluster have carried out a run so far."""
        return len(self._cluster.runs) if self._cluster else 0

    @property
    def workers(self) -> list[dict[str, Any]]:
        """Who carried out the runs on a cluster so far, and with what, as a manifest records it; empty without one."""
        return self._cluster.record(self._before) if self._cluster else []

    def outcomes(self, tasks: Sequence[Task]) -> Iterator[tuple[int, Outcome]]:
        """Yield position and outcome of every task as it is done; ``run_all`` says what may be raised.

        Tasks that are the same in all that matters are simulated once.
        """
        libraries = self._cluster.libraries(self.progress) if self._cluster and tasks else None
        same: dict[str, list[int]] = {}
        identities: dict[str, dict[str, Any] | None] = {}
        for position, task in enumerate(tasks):
            identity = identity_of(task, libraries)
            key = key_of(identity) if identity is not None else f"unknown {position}"
            same.setdefault(key, []).append(position)
            identities[key] = identity
        with self.store.needing(identities) if self.store is not None else nullcontext():
            missing = []
            for key, positions in same.items():
                known = self._kept(identities[key])
                if known is None:
                    missing.append(key)
                    continue
                for position in positions:
                    self.progress.advance(tasks[position].scenario.months)
                    yield position, known
            if found := len(tasks) - sum(len(same[key]) for key in missing):
                self.progress.message(
                    bilingual(
                        f"{found} of {len(tasks)} runs were simulated before",
                        f"{len(tasks)} 次模拟中有 {found} 次以前做过",
                    )
                )
            for number, outcome in run_all([tasks[same[key][0]] for key in missing], self.executor, self.progress):
                self._keep(identities[missing[number]], outcome)
                if isinstance(outcome, Finished):
                    self.profile += outcome.profile
                for position in same[missing[number]]:
                    yield position, outcome

    def tables(self, tasks: Sequence[Task], label: str) -> Iterator[tuple[int, Tables]]:
        """Yield position and tables of every task as it is done, of which none may fail.

        Raises
        ------
        RunError
            If a task raised an error, or a worker was killed. What was yielded before stays valid.
        """
        self.progress.begin(label, len(tasks))
        try:
            for position, outcome in self.outcomes(tasks):
                if isinstance(outcome, Broken):
                    error = RunError(
                        bilingual(
                            f"a simulation failed at {stage_in_words(outcome.stage)}: {outcome.error}",
                            f"一次模拟失败，出错于{stage_in_words(outcome.stage)}：{outcome.error}",
                        )
                    )
                    error.add_note(outcome.details)
                    raise error
                self.progress.finished("")
                yield position, outcome.tables
        finally:
            self.progress.end()

    def _kept(self, identity: dict[str, Any] | None) -> Finished | None:
        if self.store is None or identity is None or self.overwrite:
            return None
        tables = self.store.get(identity)
        return None if tables is None else Finished(tables)

    def _keep(self, identity: dict[str, Any] | None, outcome: Outcome) -> None:
        """Keep a finished run; where that cannot be done the work goes on, and nothing more is kept."""
        if self.store is None or identity is None or isinstance(outcome, Broken) or outcome.reads is None:
            return
        if outcome.libraries is not None:
            identity = {**identity, "software": dict(outcome.libraries)}
        try:
            self.store.put(identity, outcome.tables, outcome.reads)
        except OSError as error:
            self.progress.message(_not_kept(f"{self.store.folder}: {error.strerror or error}"))
            self.store = None


def available_store(progress: Progress | None = None, folder: Path | None = None) -> Store | None:
    """Return the store of finished runs, None where its folder cannot be used, after saying so.

    Raises
    ------
    ExperimentError
        If the size it may have is no size.
    """
    try:
        return open_store(folder)
    except FolderError as error:
        if progress is not None:
            progress.message(_not_kept(error))
        else:
            warnings.warn(_not_kept(error), stacklevel=3)
        return None


def runner_in_this_process(progress: Progress) -> Runner:
    """Return a runner that simulates here, one run after another, what the store does not hold."""
    return Runner(1, progress, available_store(progress))


def _not_kept(error: object) -> str:
    return bilingual(
        f"finished runs are not kept for other commands: {error}", f"完成的模拟不会保留给其他命令：{error}"
    )


def carry_out(plan: Plan, runner: Runner | None = None, folder: RunFolder | None = None) -> Ensemble:
    """Run a plan and return its ensemble; with a folder, resume what it holds and store every run in it.

    Raises
    ------
    ExperimentError
        If the folder cannot be used for this plan.
    RunError
        If a worker was killed, the disk is full, or no run at all succeeded.
    """
    runner = runner or Runner()
    if folder is None:
        tables, failures = _all_runs(plan, runner, {}, None)
        return Ensemble(plan, tables, failures, runner.workers)
    with folder.at_work():
        if folder.is_complete() and not runner.overwrite:
            runner.progress.message(
                bilingual(
                    f"{folder.path} already holds every run of this experiment", f"{folder.path} 已有这次实验的全部模拟"
                )
            )
            folder.write_inputs()
            return Ensemble(plan, folder.load_merged())
        if runner.overwrite:
            folder.forget()
        folder.begin()
        try:
            tables, failures = _all_runs(plan, runner, folder.load_parts(), folder)
        except NoRunError as error:
            folder.finish({}, error.failures)
            raise
        folder.note_workers(runner.workers)
        folder.store_merged(tables)
        return Ensemble(plan, tables, failures)


class NoRunError(RunError):
    """None of the runs of a plan succeeded."""

    def __init__(self, failures: Sequence[Failure]) -> None:
        super().__init__(
            bilingual(
                f"no run succeeded; the first failed at {stage_in_words(failures[0].stage)}: {failures[0].error}",
                f"没有一次模拟成功；第一次失败于{stage_in_words(failures[0].stage)}：{failures[0].error}",
            )
        )
        self.failures = failures
        self.add_note(failures[0].details)


def _all_runs(
    plan: Plan, runner: Runner, parts: dict[RunKey, Tables], folder: RunFolder | None
) -> tuple[Tables, tuple[Failure, ...]]:
    """Return the merged tables and the failures of a plan, of which ``parts`` are there."""
    if parts:
        runner.progress.message(
            bilingual(
                f"resuming: {len(parts)} of {len(plan.run_keys())} runs were found complete",
                f"继续：{len(plan.run_keys())} 次模拟中已有 {len(parts)} 次完成",
            )
        )
    try:
        failures = _run_missing(plan, runner, parts, folder)
    finally:
        runner.progress.end()
    if not parts:
        raise NoRunError(failures)
    return merge(parts, plan.run_keys()), tuple(failures)


def _run_missing(plan: Plan, runner: Runner, parts: dict[RunKey, Tables], folder: RunFolder | None) -> list[Failure]:
    """Run what ``parts`` lacks, adding to it; return the failures, in the plan's order."""
    failures, progress, noted = [], runner.progress, runner.workers_seen
    missing = {key: task for key, task in plan.tasks().items() if key not in parts}
    keys, titles = list(missing), plan.titles(spoken())
    progress.begin(bilingual("simulating", "模拟"), len(plan.run_keys()), len(parts), plan.baseline.months)
    for position, outcome in runner.outcomes(list(missing.values())):
        key = keys[position]
        said = str(replace(key, scenario=titles[key.scenario]))
        if isinstance(outcome, Finished):
            if folder is not None:
                _store(folder, key, outcome)
            parts[key] = outcome.tables
            progress.finished(said)
            if folder is not None and runner.workers_seen > noted:  # known even if the command ends before its time
                noted = runner.workers_seen
                folder.note_workers(runner.workers)
        else:
            failures.append(Failure(key, outcome.stage, outcome.error, outcome.details))
            progress.failed(
                said,
                bilingual(
                    f"at {stage_in_words(outcome.stage)}: {outcome.error}",
                    f"出错于{stage_in_words(outcome.stage)}：{outcome.error}",
                ),
            )
    order = plan.run_keys()
    return sorted(failures, key=lambda failure: order.index(failure.key))


def _store(folder: RunFolder, key: RunKey, outcome: Finished) -> None:
    try:
        folder.store(key, outcome.tables, outcome.reads)
    except OSError as error:
        raise RunError(
            bilingual(
                f"cannot write to the run folder: {error.strerror or error}",
                f"不能写入结果文件夹：{error.strerror or error}",
            )
        ) from error
