"""The store of finished runs: found by content, checked when read, cut to size."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
import pytest

import urbsim
from urbsim.experiment import executor, model_files, store
from urbsim.experiment.errors import ExperimentError
from urbsim.experiment.identity import identity_of, key_of
from urbsim.experiment.plan import make_plan
from urbsim.experiment.progress import Progress
from urbsim.experiment.runner import Runner, available_store, carry_out
from urbsim.experiment.simulate import Finished, Probe, Task
from urbsim.experiment.store import Store
from urbsim.months import parse_month
from urbsim.policies.registry import all_levers
from urbsim.scenario.model import Scenario, Target

BASE = Scenario("base", "341282", ("341282",), parse_month("2020-11"), parse_month("2021-01"), scale=0.001)
HUKOU = all_levers()["hukou_relaxation"]
POLICY = HUKOU(start="2020-01", zones=("seat", "town"), tenants_eligible=True)


@pytest.fixture
def kept(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


@pytest.fixture
def simulated(monkeypatch) -> list[Task]:
    """The tasks that were simulated in this process, as they come."""
    done: list[Task] = []
    simulate = executor.simulate

    def counting(task, advance):
        done.append(task)
        return simulate(task, advance)

    monkeypatch.setattr(executor, "simulate", counting)
    return done


def task_of(scenario: Scenario, **changes) -> Task:
    return replace(Task(scenario, ((0.1, 0.2),), 0, 0), **changes)


def entry_of(kept: Store, task: Task) -> Path:
    key = key_of(identity_of(task))
    return kept.folder / "runs" / key[:2] / key


def test_one_more_scenario_is_all_that_is_simulated(kept, simulated):
    plan = replace(BASE, name="plan", policies={"hukou": POLICY})
    other = replace(BASE, name="other", parameters={"residence.gamma": 0.5})
    runner = Runner(store=kept)
    first = carry_out(make_plan([BASE, plan], draws=2), runner)
    assert len(simulated) == 4
    second = carry_out(make_plan([replace(BASE, name="Renamed"), other, plan], draws=2), runner)
    assert len(simulated) == 6
    assert {task.scenario.name for task in simulated[4:]} == {"other"}
    old, new = (each.series[each.series["scenario"] == "plan"]["value"].to_numpy() for each in (first, second))
    assert (old == new).all()
    more = carry_out(make_plan([BASE, plan], draws=3), runner)
    assert len(simulated) == 8
    assert more.replicates == 3


def test_overwrite_simulates_again_and_replaces(kept, simulated):
    plan = make_plan([BASE], draws=0)
    before = carry_out(plan, Runner(store=kept))
    again = carry_out(plan, Runner(store=kept, overwrite=True))
    assert len(simulated) == 2
    assert again.series.equals(before.series)
    assert kept.contents().entries == 1


def test_two_scenarios_that_are_the_same_are_simulated_once(simulated):
    ensemble = carry_out(make_plan([BASE, replace(BASE, name="twin")], draws=0))
    assert len(simulated) == 1
    assert ensemble.runs == {"base": 1, "twin": 1}


def test_names_targets_and_descriptions_are_no_part_of_a_run():
    target = Target("residents", BASE.until, 1.0)
    alike = replace(BASE, name="x", description="y", targets=(target,), path=Path("z"), calibrated=False)
    assert identity_of(task_of(alike)) == identity_of(task_of(BASE))


@dataclass(frozen=True)
class Nothing(Probe):
    number: int = 0

    def observe(self, model, months):  # noqa: ARG002
        return {"nothing": pd.DataFrame({"number": [self.number]})}


def test_everything_that_shapes_a_run_is_part_of_it():
    two = {"a": POLICY, "b": POLICY.model_copy(update={"tenants_eligible": False})}
    tasks = [
        task_of(BASE),
        task_of(replace(BASE, scale=0.002)),
        task_of(replace(BASE, until=BASE.until + 1)),
        task_of(replace(BASE, start=BASE.start + 1)),
        task_of(replace(BASE, counties=("340102",))),
        task_of(replace(BASE, parameters={"residence.gamma": 0.5})),
        task_of(replace(BASE, parameters={"residence.gamma": {parse_month("2020-12"): 0.5}})),
        task_of(replace(BASE, feedbacks={"wages": False})),
        task_of(replace(BASE, policies=two)),
        task_of(replace(BASE, policies=dict(reversed(two.items())))),
        task_of(replace(BASE, policies={"a": POLICY})),
        task_of(BASE, constants=((0.1, 0.3),)),
        task_of(BASE, seed=1),
        task_of(BASE, stream=1),
        task_of(BASE, population=1),
        task_of(BASE, probe=Nothing()),
        task_of(BASE, probe=Nothing(1)),
    ]
    assert len({key_of(identity_of(task)) for task in tasks}) == len(tasks)


def test_the_model_is_the_same_in_a_wheel_and_in_a_checkout(tmp_path, monkeypatch):
    package = Path(urbsim.__file__).parent
    here = model_files.model_hash()
    wheel = shutil.copytree(package, tmp_path / "urbsim", ignore=shutil.ignore_patterns("__pycache__"))
    for folder in ("tables", "national", "posteriors/341282", "report", "commands"):
        (wheel / folder).mkdir(parents=True, exist_ok=True)
        (wheel / folder / "more.yaml").write_text("a: 1\n", encoding="utf-8")
    model = wheel / "model.py"
    model.write_bytes(model.read_bytes().replace(b"\n", b"\r\n"))
    monkeypatch.setattr(urbsim, "__file__", str(wheel / "__init__.py"))
    assert model_files.model_hash.__wrapped__() == here
    model.write_bytes(model.read_bytes() + b"# another model\n")
    assert model_files.model_hash.__wrapped__() != here


def test_no_module_that_the_model_uses_is_left_out_of_its_hash():
    code = "import sys, urbsim.model; print(*(m.__file__ for n, m in sys.modules.items() if n.startswith('urbsim.')))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    package = Path(urbsim.__file__).parent
    used = {Path(file).relative_to(package).as_posix() for file in found if not file.endswith("__init__.py")}
    left_out = used - set(model_files.model_sources())
    assert len(used) > 50
    assert not [name for name in left_out if not name.startswith(("reading/", "scenario/"))]


@pytest.mark.parametrize("damage", ["truncated", "flipped", "no record", "odd record", "another run"])
def test_an_entry_that_is_broken_is_found_and_made_again(kept, simulated, damage):
    tasks = [task_of(BASE), task_of(BASE, seed=1)]
    results = dict(Runner(store=kept).tables(tasks, ""))
    entry = entry_of(kept, tasks[0])
    table, record = entry / "series.parquet", entry / "entry.json"
    if damage == "truncated":
        table.write_bytes(table.read_bytes()[:-50])
    elif damage == "flipped":
        content = bytearray(table.read_bytes())
        content[len(content) // 2] ^= 1
        table.write_bytes(bytes(content))
    elif damage == "no record":
        record.unlink()
    elif damage == "odd record":
        record.write_text("[]", encoding="utf-8")
    else:
        shutil.rmtree(entry)
        shutil.copytree(entry_of(kept, tasks[1]), entry)
    again = dict(Runner(store=kept).tables(tasks, ""))
    assert len(simulated) == 3
    assert again[0]["series"].equals(results[0]["series"])
    assert dict(Runner(store=kept).tables(tasks, ""))[0]["series"].equals(results[0]["series"])
    assert len(simulated) == 3


def put(kept: Store, number: int) -> dict[str, int]:
    name = {"number": number}
    kept.put(name, {"table": pd.DataFrame({"value": [number] * 1000})}, {})
    return name


def test_the_longest_unused_go_first_and_what_a_command_needs_stays(kept):
    import os

    names = [put(kept, number) for number in range(4)]
    size = kept.contents().bytes // 4
    for age, name in zip((1, 4, 3, 2), names, strict=True):  # the second is the oldest
        key = key_of(name)
        os.utime(kept.folder / "runs" / key[:2] / key, (1e9 - age, 1e9 - age))
    assert kept.get(names[2]) is not None  # and so the third is the last used
    other = Store(kept.folder)
    with other.needing([key_of(names[1])]):
        assert kept.cut(2 * size) == 2
        assert [number for number in range(4) if kept.get(names[number]) is not None] == [1, 2]
    assert kept.cut(0) == 2
    assert kept.contents().entries == 0


def test_what_a_killed_command_needed_is_forgotten(kept):
    name = put(kept, 1)
    (kept.folder / "needs" / "1-abc.json").write_text(json.dumps([key_of(name)]), encoding="utf-8")
    assert kept.cut(0) == 1
    assert not list((kept.folder / "needs").iterdir())


def test_the_store_is_cut_when_a_command_is_done(tmp_path):
    small = Store(tmp_path / "small", limit=1)
    dict(Runner(store=small).tables([task_of(BASE)], ""))
    assert small.contents().entries == 0


@pytest.mark.parametrize(
    ("text", "count"), [("", 5 * 10**9), ("2GB", 2 * 10**9), ("1.5 mb", 1_500_000), ("0", 0), ("123", 123)]
)
def test_sizes(text, count):
    assert store._limit(text) == count


@pytest.mark.parametrize("text", ["much", "-1", "2 PB", "1,5GB", "GB"])
def test_what_is_no_size_is_refused_with_what_is_allowed(text):
    with pytest.raises(ExperimentError, match=r"URBSIM_CACHE_SIZE is .*; allowed: a number of bytes, or one with KB"):
        store._limit(text)


def test_a_folder_that_cannot_be_used_is_said_once_and_the_work_goes_on(tmp_path, monkeypatch):
    said = []

    class Saying(Progress):
        def message(self, text):
            said.append(text)

    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("URBSIM_CACHE_DIR", str(tmp_path / "file" / "cache"))
    progress = Saying()
    runner = Runner(progress=progress, store=available_store(progress))
    assert len(dict(runner.tables([task_of(BASE), task_of(BASE, seed=1)], ""))) == 2
    assert len([text for text in said if "not kept" in text]) == 1
    with pytest.warns(UserWarning, match="finished runs are not kept"):
        urbsim.simulate(BASE, draws=0)


def test_a_full_disk_ends_the_keeping_and_not_the_work(kept, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store, "write_entry", full)
    assert len(dict(Runner(store=kept).tables([task_of(BASE), task_of(BASE, seed=1)], ""))) == 2
    assert kept.contents().entries == 0


LEVER = '''
from pathlib import Path
import numpy as np
import helper_of_test
from urbsim.labels import Label
from urbsim.policies.base import Policy

class Own(Policy):
    """Reads a file every month."""
    lever = "own_of_test"
    title = explanation = Label("own", "own")
    evidence = "assumption"
    quantities = ("amenity",)

    def apply(self, environment, reach):
        number = float(Path(__file__).with_name("number.txt").read_text())
        environment.amenity.contribute(number * helper_of_test.FACTOR, reach)

    def spending(self, environment, activity, reach):
        return np.zeros(environment.counties)
'''


def test_files_that_a_lever_reads_and_imports_are_part_of_the_run(tmp_path, kept):
    """Each in a process of its own, as a user would: edit, run the same again."""
    (tmp_path / "own.py").write_text(LEVER, encoding="utf-8")
    (tmp_path / "helper_of_test.py").write_text("FACTOR = 1.0\n", encoding="utf-8")
    (tmp_path / "number.txt").write_text("0.0", encoding="utf-8")
    (tmp_path / "go.py").write_text(
        "import sys; sys.path.insert(0, '.')\n"
        "import urbsim\n"
        "from urbsim.experiment import executor\n"
        "done, simulate = [], executor.simulate\n"
        "executor.simulate = lambda task, advance: (done.append(1), simulate(task, advance))[1]\n"
        "content = {'name': 'a', 'region': '341282', 'start': '2020-11', 'until': '2021-01', 'scale': 0.001,\n"
        "    'policies': {'own': {'lever': 'own.py:Own', 'start': '2020-01'}}}\n"
        "scenario = urbsim.scenario_from_mapping(content, '.', allow_code=True)\n"
        "found = urbsim.simulate(scenario, draws=0)\n"
        "print(len(done), found.series['value'].sum())\n",
        encoding="utf-8",
    )

    def run() -> tuple[int, float]:
        command = [sys.executable, "go.py"]
        result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stderr
        done, total = result.stdout.split()
        return int(done), float(total)

    first = run()
    assert first[0] == 1
    (tmp_path / "unrelated.txt").write_text("1", encoding="utf-8")
    (tmp_path / "go.py").write_text((tmp_path / "go.py").read_text() + "# edited\n", encoding="utf-8")
    assert run() == (0, first[1])
    (tmp_path / "number.txt").write_text("2.0", encoding="utf-8")
    second = run()
    assert second[0] == 1
    assert second[1] != first[1]
    (tmp_path / "helper_of_test.py").write_text("FACTOR = 3.0\n", encoding="utf-8")
    third = run()
    assert third[0] == 1
    assert third[1] not in (first[1], second[1])


def test_a_lever_in_no_file_is_not_kept(kept):
    class Odd(HUKOU):
        lever = "odd"

    odd = replace(BASE, policies={"odd": Odd(start="2020-01", zones=("seat",), tenants_eligible=True)})
    assert identity_of(task_of(odd)) is None
    runner = Runner(store=kept)
    (outcome,) = [outcome for _, outcome in runner.outcomes([task_of(odd)])]
    assert isinstance(outcome, Finished)
    assert kept.contents().entries == 0
