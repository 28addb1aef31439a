from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

import urbsim
from urbsim.experiment import executor
from urbsim.experiment.errors import RunError
from urbsim.experiment.folder import RunFolder
from urbsim.experiment.plan import make_plan
from urbsim.experiment.progress import Progress
from urbsim.experiment.runner import Runner, carry_out
from urbsim.experiment.tables import TABLES, content_hash
from urbsim.model import UrbanizationModel
from urbsim.months import parse_month
from urbsim.scenario.loading import scenario_from_mapping

DATA_FILES = ("series.parquet", "flows.parquet", "ledger.parquet", "synthesis.csv")


class Counting(Progress):
    def __init__(self) -> None:
        super().__init__()
        self.runs = self.months = 0

    def advance(self, months: int) -> None:
        self.months += months

    def finished(self, name) -> None:  # noqa: ARG002
        self.runs += 1


def hashes(ensemble):
    return {name: content_hash(ensemble.tables[name]) for name in TABLES}


def test_one_and_two_workers_give_the_same_bytes(tmp_path, saved, tiny_plan):
    monitor = Counting()
    folder = RunFolder(tmp_path, tiny_plan)
    carry_out(tiny_plan, Runner(2, monitor), folder)
    assert (monitor.runs, monitor.months) == (4, 4 * 14)
    for name in DATA_FILES:
        assert (saved / name).read_bytes() == (tmp_path / name).read_bytes()


def test_replicates_have_different_luck(tiny):
    births = tiny.series[(tiny.series["indicator"] == "residents") & (tiny.series["scenario"] == tiny.baseline)]
    assert births.groupby("replicate", observed=True)["value"].apply(tuple).nunique() == 2


def test_the_seed_decides_the_results(baseline, tiny):
    def first(seed: int) -> dict[str, str]:
        options = {"scale": 0.002, "until": "2021-01", "draws": 0, "overwrite": True}
        return hashes(urbsim.simulate(baseline, seed=seed, **options))

    assert first(0) == first(0)
    assert first(0)["series"] != first(1)["series"]


def test_a_scenario_that_differs_in_name_only_differs_in_nothing(baseline):
    twin = replace(baseline, name="twin")
    ensemble = urbsim.compare([baseline, twin], scale=0.002, until="2021-04", draws=0, replicates=2)
    differences = ensemble.comparison().query("scenario == 'twin'")
    assert len(differences)
    assert (differences[["difference", "difference_low", "difference_high"]] == 0).all(axis=None)


def test_a_failed_run_is_recorded_with_its_stage_and_the_others_go_on(baseline, monkeypatch, tmp_path):
    step = UrbanizationModel.step

    def break_in_march(self):
        if self.world.randomness.replicate == 1 and self.month == parse_month("2020-12"):
            raise ZeroDivisionError("a mistake in March")
        step(self)

    monkeypatch.setattr(UrbanizationModel, "step", break_in_march)
    with pytest.warns(urbsim.api.FailedRunsWarning, match="1 of 3 runs failed"):
        ensemble = urbsim.simulate(baseline, scale=0.002, until="2021-02", draws=0, replicates=3, overwrite=True)
    (failure,) = ensemble.failures
    assert (failure.key.replicate, failure.stage) == (1, "the month after 2020-12")
    assert failure.error == "ZeroDivisionError: a mistake in March"
    assert sorted(ensemble.series["replicate"].unique()) == [0, 2]
    assert ensemble.replicates == 2


@pytest.mark.usefixtures("empty_store")
def test_an_experiment_without_any_success_is_an_error(baseline, monkeypatch):
    def broken(self):
        raise ValueError("nothing works")

    monkeypatch.setattr(UrbanizationModel, "step", broken)
    with pytest.raises(
        RunError, match="no run succeeded; the first failed at month 2020-11: ValueError: nothing works"
    ):
        urbsim.simulate(baseline, scale=0.002, until="2020-12", draws=0, replicates=1)


def test_an_interrupted_experiment_continues_with_the_same_result(tmp_path, tiny_plan, tiny, monkeypatch):
    class Interrupted(Counting):
        def finished(self, name):
            super().finished(name)
            if self.runs == 3:
                raise KeyboardInterrupt

    folder = RunFolder(tmp_path / "run", tiny_plan)
    with pytest.raises(KeyboardInterrupt):
        carry_out(tiny_plan, Runner(1, Interrupted()), folder)
    assert len(folder.load_parts()) == 3
    rest = Counting()
    ensemble = carry_out(tiny_plan, Runner(1, rest), RunFolder(tmp_path / "run", tiny_plan))
    assert rest.runs == 1
    assert hashes(ensemble) == hashes(tiny)


def test_a_complete_folder_is_read_and_not_run_again(saved, tiny, tiny_plan, monkeypatch):
    monkeypatch.setattr(executor, "simulate", None)
    again = carry_out(tiny_plan, None, RunFolder(saved, tiny_plan))
    assert hashes(again) == hashes(tiny)


def test_a_complete_folder_whose_data_were_changed_is_run_again(saved, tiny_plan, tmp_path):
    copy = shutil.copytree(saved, tmp_path / "copy")
    (copy / "ledger.parquet").write_bytes((copy / "flows.parquet").read_bytes())
    assert not RunFolder(copy, tiny_plan).is_complete()
    assert RunFolder(saved, tiny_plan).is_complete()


KILLER = '''
import os
from pathlib import Path
import numpy as np
from urbsim.labels import Label
from urbsim.policies.base import Policy

class Killer(Policy):
    """Ends the process the first time it is used."""
    lever = "killer"
    title = explanation = Label("killer", "杀")
    evidence = "assumption"
    quantities = ("amenity",)

    def apply(self, environment, coverage):
        marker = Path(__file__).with_name("was-here")
        if not marker.exists():
            marker.touch()
            os._exit(9)
        environment.amenity.contribute(0.01, coverage)

    def spending(self, environment, activity, coverage):
        return np.zeros(environment.counties)
'''


def test_a_killed_worker_keeps_finished_runs_and_the_same_command_resumes(tmp_path: Path):
    (tmp_path / "killer.py").write_text(KILLER, encoding="utf-8")
    content = {"name": "calm", "region": "341282", "start": "2020-11", "until": "2020-12", "scale": 0.002}
    deadly = {**content, "name": "deadly", "policies": {"kill": {"lever": "killer.py:Killer", "start": "2020-12"}}}
    plan = make_plan(
        [scenario_from_mapping(one, tmp_path, allow_code=True) for one in (content, deadly)], draws=0, replicates=2
    )
    with pytest.raises(executor.WorkerLostError, match="a worker process was killed from outside"):
        carry_out(plan, Runner(2), RunFolder(tmp_path / "run", plan))
    kept = Counting()
    ensemble = carry_out(plan, Runner(1, kept), RunFolder(tmp_path / "run", plan))
    assert kept.runs + len(RunFolder(tmp_path / "run", plan).load_parts()) >= 4
    assert ensemble.runs == {"calm": 2, "deadly": 2}


def test_kernels_count_as_compiled_once_a_whole_year_was_run(monkeypatch, tmp_path, baseline):
    from urbsim import kernels
    from urbsim.experiment import compilation
    from urbsim.experiment.plan import given
    from urbsim.experiment.simulate import Task

    monkeypatch.setattr(kernels, "CACHE_FOLDER", tmp_path)
    months = []
    step = UrbanizationModel.step
    monkeypatch.setattr(UrbanizationModel, "step", lambda self: (months.append(self.month), step(self)))
    assert not compilation.is_ready()
    short = replace(baseline, until=baseline.start + 1, scale=0.001)
    compilation.warm_up(Task(short, given(short, 0).constants, 0, 0))
    assert compilation.is_ready()
    assert len(months) == 13
    monkeypatch.setattr(kernels, "CACHE_FOLDER", None)
    assert compilation.is_ready()  # where nothing is kept, nothing can be spoilt


def test_threads_of_the_caller_give_the_same_results_and_are_left_running(tiny_plan, tiny):
    with ThreadPoolExecutor(2) as pool:
        ensemble = carry_out(tiny_plan, Runner(pool))
        assert pool.submit(int, "7").result() == 7
    assert hashes(ensemble) == hashes(tiny)


def test_where_processes_cannot_be_started_the_runs_follow_each_other(tiny_plan, tiny, monkeypatch):
    said = []

    class Saying(Progress):
        def message(self, text):
            said.append(text)

    def no_semaphores(*_, **__):
        raise FileNotFoundError(2, "No such file or directory")

    monkeypatch.setattr(executor, "Workers", no_semaphores)
    assert hashes(carry_out(tiny_plan, Runner(2, Saying()))) == hashes(tiny)
    assert any("cannot start worker processes here" in text for text in said)


def test_more_draws_and_replicates_only_add_runs(baseline):
    def tasks(draws, replicates):
        return make_plan([baseline], draws=draws, replicates=replicates).tasks()

    for few, many in (((2, 1), (3, 1)), ((2, 1), (2, 3)), ((0, 1), (0, 4)), ((1, 2), (4, 3))):
        small, large = tasks(*few), tasks(*many)
        assert all(large[key] == task for key, task in small.items())
        assert len({task.stream for task in large.values()}) == len(large)


def test_a_lever_that_changed_after_it_was_read_fails_its_runs_and_not_the_pool(tmp_path):
    lever = tmp_path / "killer.py"
    (tmp_path / "was-here").touch()
    lever.write_text(KILLER, encoding="utf-8")
    content = {"region": "341282", "start": "2020-11", "until": "2020-12", "scale": 0.001}
    own = {"policies": {"kill": {"lever": "killer.py:Killer", "start": "2020-12"}}}
    calm = scenario_from_mapping({"name": "calm", **content})
    changed = scenario_from_mapping({"name": "changed", **content, **own}, tmp_path, allow_code=True)
    lever.write_text(KILLER.replace("0.01", "0.02"), encoding="utf-8")
    ensemble = carry_out(make_plan([calm, changed], draws=0), Runner(2))
    (failure,) = ensemble.failures
    assert failure.key.scenario == "changed"
    assert "killer.py" in failure.error
    assert "was changed after the scenario was read" in failure.error
    assert ensemble.runs == {"calm": 1, "changed": 0}
