"""Simulations on a cluster: what is sent, what becomes of it, and that it is the same as here."""

from __future__ import annotations

import atexit
import json
import pickle
import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from pathlib import Path
from queue import SimpleQueue

import pytest
from dask_processes import DaskProcesses
from typer.testing import CliRunner

import urbsim
from urbsim.cli import app
from urbsim.experiment.cluster import connection, worker
from urbsim.experiment.cluster.cluster import Cluster
from urbsim.experiment.cluster.connection import Months, Returned
from urbsim.experiment.cluster.dispatch import Dispatch
from urbsim.experiment.cluster.parcel import opened
from urbsim.experiment.cluster.stamp import Stamp, as_record, deviations, misfits, own_stamp
from urbsim.experiment.errors import ExperimentError, RunError
from urbsim.experiment.folder import RunFolder
from urbsim.experiment.identity import identity_of
from urbsim.experiment.plan import make_plan
from urbsim.experiment.progress import Progress
from urbsim.experiment.runner import Runner, carry_out
from urbsim.experiment.simulate import Broken, Finished, Task
from urbsim.experiment.store import Store
from urbsim.experiment.tables import content_hash
from urbsim.months import parse_month
from urbsim.scenario.loading import scenario_from_mapping
from urbsim.scenario.model import Scenario

BASE = Scenario("base", "341282", ("341282",), parse_month("2020-11"), parse_month("2021-01"), scale=0.001)
HERE = Stamp("1.0", "a" * 64, "b" * 64, (("numpy", "2.4"), ("python", "3.12")), "skylake", ("avx2", "fma"), "home")


def task(stream: int, population: int | None = None) -> Task:
    return Task(BASE, ((0.0, 0.0, 0.0, 0.0),), 0, stream, population)


class Saying(Progress):
    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.months = 0

    def message(self, text: str) -> None:
        self.said.append(text)

    def advance(self, months: int) -> None:
        self.months += months


# What a worker must share with the sender


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"urbsim": "1.1"}, "it has urbsim 1.1, this is 1.0"),
        ({"model": "c" * 64}, "its code of the model is another (cccccccc, here aaaaaaaa)"),
        ({"tables": "d" * 64}, "its county tables are others (dddddddd, here bbbbbbbb)"),
    ],
)
def test_another_version_code_or_tables_do_not_fit(change, words):
    assert misfits(HERE._replace(**change), HERE) == [words]


def test_other_libraries_and_processors_fit_and_are_named():
    there = HERE._replace(
        libraries=(("numpy", "2.3"), ("python", "3.12")), processor="znver4", features=("avx2", "avx512f"), host="x"
    )
    assert misfits(there, HERE) == []
    assert deviations(there, HERE) == [
        "numpy 2.3, here 2.4",
        "processor znver4 with avx512f and without fma, here skylake",
    ]
    assert deviations(HERE._replace(host="other"), HERE) == []


def test_the_record_names_every_worker_and_puts_those_that_are_alike_together():
    other = HERE._replace(libraries=(("numpy", "2.3"), ("python", "3.12")), host="c")
    seen = [("tcp://b:1", HERE._replace(host="b"), 2), ("tcp://c:1", other, 1), ("tcp://a:1", HERE, 3)]
    record = as_record(seen, HERE)
    assert [group["versions"]["numpy"] for group in record] == ["2.4", "2.3"]
    assert [group["differs"] for group in record] == [[], ["numpy 2.3, here 2.4"]]
    assert record[0]["workers"] == [
        {"address": "tcp://a:1", "host": "home", "runs": 3},
        {"address": "tcp://b:1", "host": "b", "runs": 2},
    ]


# What is sent and what becomes of it, with nobody at the other end


class NoRoster:
    def __init__(self) -> None:
        self.usable, self.refused, self.present, self.looks = {"w1": 1}, {}, {"w1"}, 0

    def refuse(self, address: str, stamp: Stamp) -> None:  # noqa: ARG002
        self.usable.pop(address, None)
        self.refused[address] = "unfit"


class NoConnection:
    """Notes what is sent; a test says what comes back."""

    topic, is_lost = "topic", False

    def __init__(self) -> None:
        self.roster, self.events, self.sent, self.cancelled = NoRoster(), SimpleQueue(), [], []
        self.client = self

    def send(self, work, *arguments, workers=None):
        self.sent.append((work.__name__, arguments, workers))
        return len(self.sent) - 1

    def follow(self, future, ticket) -> None:  # noqa: ARG002
        self.last = ticket
        self.tickets = {**getattr(self, "tickets", {}), ticket.position: ticket}

    def cancel(self, futures, **_) -> None:
        self.cancelled += futures

    def runs(self) -> list[int]:
        """Numbers of the tasks sent, in order."""
        return [opened(arguments[0]).number for name, arguments, _ in self.sent if name == "carry_out"]

    def come_back(self, position: int, answer: object = None) -> None:
        found = pickle.dumps(("w1", HERE, 3, Finished({}))) if answer is None else answer
        self.events.put(Returned(self.tickets[position], found))


def dispatched(tasks, progress=None):
    far = NoConnection()
    work = Dispatch(tasks, progress or Progress())
    work.begin(far)
    work.send()
    return work, far


def positions(work) -> list[int]:
    return [position for position, *_ in work.returned(0.01)]


def test_a_shared_base_population_is_made_once_and_not_part_of_the_tasks():
    far = dispatched([task(1, 5), task(2, 5), task(3, 6), task(4, 5)])[1]
    made = [number for number, (name, *_) in enumerate(far.sent) if name == "make_base"]
    given = {opened(arguments[0]).number: arguments[1:] for name, arguments, _ in far.sent if name == "carry_out"}
    assert len(made) == 1
    assert given == {0: (made[0],), 1: (made[0],), 2: (), 3: (made[0],)}
    assert all(len(arguments[0]) < 20_000 for _, arguments, _ in far.sent)


def test_no_more_is_sent_than_the_workers_will_soon_need():
    work, far = dispatched([task(number) for number in range(30)])
    assert far.runs() == [0, 1, 2, 3]
    far.roster.usable = {"w1": 2, "w2": 2}
    far.come_back(1)
    assert positions(work) == [1]
    work.send()
    assert far.runs() == list(range(13))


def test_what_a_scheduler_lost_is_sent_again_first_and_comes_back_once():
    work, far = dispatched([task(number) for number in range(6)])
    before = dict(far.tickets)
    far.come_back(2)
    assert positions(work) == [2]
    new = NoConnection()
    work.begin(new)
    work.send()
    assert new.runs() == [0, 1, 3, 4]
    new.events.put(Returned(before[0], pickle.dumps(("w1", HERE, 3, Finished({})))))  # it had come back after all
    assert positions(work) == []
    new.come_back(0)
    new.come_back(0)
    assert positions(work) == [0]


def test_a_lost_connection_counts_against_no_task():
    work, far = dispatched([task(0)])
    for look in range(1, 30):
        far.come_back(0, CancelledError())
        assert positions(work) == []
        far.roster.looks = look
        work.send()
    assert far.runs() == [0] * 30


def test_a_worker_that_does_not_fit_gets_nothing_more():
    work, far = dispatched([task(0), task(1)])
    far.roster.usable["w2"], far.roster.present = 1, {"w1", "w2"}
    assert [workers for *_, workers in far.sent] == [None, None]
    far.come_back(0, worker.UnfitError("w1", HERE))
    assert positions(work) == []
    far.roster.looks += 1
    work.send()
    assert far.sent[-1][2] == {"w2"}
    far.roster.usable, far.roster.present, far.roster.looks = {"w3": 1}, {"w1", "w3"}, 2  # and then w2 goes
    work.send()
    assert far.cancelled == [2]
    assert far.sent[-1][2] == {"w3"}


def test_a_task_that_kills_its_workers_is_a_failed_run():
    KilledWorker = type("KilledWorker", (Exception,), {})  # noqa: N806
    work, far = dispatched([task(0)])
    far.come_back(0, KilledWorker("four died"))
    assert positions(work) == []
    far.roster.looks += 1
    work.send()
    far.come_back(0, KilledWorker("four more died"))
    ((_, outcome, _, stamp),) = work.returned(0.01)
    assert isinstance(outcome, Broken)
    assert (outcome.stage, stamp, work.is_open) == ("on the cluster", None, False)
    assert "lack of memory" in outcome.error


def test_an_error_that_comes_again_and_again_ends_the_work():
    work, far = dispatched([task(0)])

    def again():
        far.come_back(0, ValueError("odd"))
        assert positions(work) == []
        far.roster.looks += 1
        work.send()

    for _ in range(4):
        again()
    with pytest.raises(RunError, match="cannot carry out a run: ValueError: odd"):
        again()


def test_months_of_a_run_that_began_again_are_not_counted_twice():
    progress = Saying()
    work, far = dispatched([task(0)], progress)
    for done in (1, 2, 1, 2):
        far.events.put(Months(0, done))
    assert positions(work) == []
    assert progress.months == 2
    far.come_back(0)
    assert positions(work) == [0]
    assert progress.months == 3


# With a scheduler and workers


@pytest.fixture(scope="module")
def cluster(tmp_path_factory) -> Iterator[DaskProcesses]:
    """A scheduler with a worker that fits and one whose code of the model is another."""
    folder = tmp_path_factory.mktemp("dask")
    processes = DaskProcesses(folder)
    odd = folder / "odd"
    package = Path(urbsim.__file__).parent
    shutil.copytree(package, odd / "urbsim", ignore=shutil.ignore_patterns("__pycache__"))
    with (odd / "urbsim" / "model.py").open("a", encoding="utf-8") as file:
        file.write("# another model\n")
    if not (package / "tables").is_dir():  # in a checkout the tables lie beside the package
        shutil.copytree(package.parents[1] / "calibration" / "tables", odd / "urbsim" / "tables")
    try:
        processes.start_scheduler()
        processes.start_worker(odd)
        processes.start_worker()
        yield processes
    finally:
        processes.end()


OWN = '''
from pathlib import Path
import numpy as np
from urbsim.labels import Label
from urbsim.policies.base import Policy

NUMBER = float(Path(__file__).with_name("number.txt").read_text())

class Own(Policy):
    """Knows a number from a file beside it."""
    lever = "own_of_cluster"
    title = explanation = Label("own", "own")
    evidence = "assumption"
    quantities = ("amenity",)

    def apply(self, environment, reach):
        environment.amenity.contribute(NUMBER, reach)

    def spending(self, environment, activity, reach):
        return np.zeros(environment.counties)
'''


def test_runs_on_a_cluster_are_the_same_and_the_manifest_says_who_did_them(cluster, tmp_path):
    """With a lever of one's own, whose files the workers do not have."""
    (tmp_path / "own.py").write_text(OWN, encoding="utf-8")
    (tmp_path / "number.txt").write_text("0.5", encoding="utf-8")
    content = {"name": "a", "region": "341282", "start": "2020-11", "until": "2021-01", "scale": 0.001}
    own = {**content, "name": "b", "policies": {"own": {"lever": "own.py:Own", "start": "2020-12"}}}
    scenarios = [scenario_from_mapping(one, tmp_path, allow_code=True) for one in (content, own)]
    plan = make_plan(scenarios, draws=2)
    here = carry_out(plan)
    progress, store = Saying(), Store(tmp_path / "store")
    with Cluster(cluster.address) as workers:
        wait_for(lambda: len(workers._connection.roster.usable) == 1 and workers._connection.roster.refused)
        folder = RunFolder(tmp_path / "run", plan, None)
        there = carry_out(plan, Runner(workers, progress, store), folder)
        folder.finish(there.tables, there.failures)
        assert not there.failures
    for name in here.tables:
        assert content_hash(here.tables[name]) == content_hash(there.tables[name]), name
    assert progress.months == 4 * 3
    (refused,) = [text for text in progress.said if "is not used" in text]
    assert "its code of the model is another" in refused
    (group,) = json.loads((tmp_path / "run" / "manifest.json").read_text(encoding="utf-8"))["cluster"]
    assert group["versions"]["urbsim"] == own_stamp().urbsim
    assert group["versions"]["numpy"] == dict(own_stamp().libraries)["numpy"]
    assert (group["processor features"], group["differs"]) == (list(own_stamp().features), [])
    assert sum(each["runs"] for each in group["workers"]) == 4
    assert all(store.get(identity_of(each)) is not None for each in plan.tasks().values())  # kept here, own files too


def wait_for(true, seconds: float = 600.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.05)


@pytest.mark.usefixtures("empty_store")
def test_a_command_simulates_on_a_cluster(cluster, tmp_path, monkeypatch):
    at_the_end: list[Callable[[], None]] = []
    monkeypatch.setattr(atexit, "register", at_the_end.append)
    scenario = tmp_path / "a.yaml"
    scenario.write_text("name: a\nregion: 341282\nstart: 2020-11\nuntil: 2020-11\nscale: 0.001\n", encoding="utf-8")
    command = ["run", str(scenario), "--draws", "0", "-o", str(tmp_path / "out"), "--cluster", cluster.address]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 0, result.output
    record = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert record["jobs"] is None
    assert record["cluster"][0]["workers"][0]["runs"] == 1
    at_the_end[-1]()  # as when the program ends


@pytest.mark.parametrize("address", ["nonsense", "tcp://127.0.0.1:1"])
def test_an_address_without_a_scheduler_is_bad_input(address, monkeypatch):
    monkeypatch.setattr(connection, "_SECONDS_TO_CONNECT", 0.2)
    with pytest.raises(ExperimentError, match=r"no Dask scheduler answers at '.*' \(.*\); allowed: the address"):
        Cluster(address)


def test_processes_here_and_a_cluster_exclude_each_other(tmp_path):
    scenario = tmp_path / "a.yaml"
    scenario.write_text("name: a\nregion: 341282\nstart: 2020-11\nuntil: 2020-11\n", encoding="utf-8")
    result = CliRunner().invoke(app, ["run", str(scenario), "--jobs", "2", "--cluster", "tcp://127.0.0.1:1"])
    assert result.exit_code == 2
    assert "give one" in " ".join(result.output.split())


@pytest.mark.parametrize("name", ["run", "compare", "calibrate", "hindcast", "experiments", "sensitivity"])
def test_every_command_that_runs_ensembles_takes_a_cluster(name):
    assert "--cluster" in CliRunner().invoke(app, [name, "--help"], env={"COLUMNS": "200"}).output
