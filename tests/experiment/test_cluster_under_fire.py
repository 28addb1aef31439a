"""Two hundred tasks on a cluster whose workers are killed and added at random and whose scheduler is started again."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter

import pytest
from dask_processes import DaskProcesses

from urbsim.experiment.cluster.cluster import Cluster
from urbsim.experiment.executor import run_all
from urbsim.experiment.identity import identity_of
from urbsim.experiment.runner import Runner
from urbsim.experiment.simulate import Finished, Task
from urbsim.experiment.store import Store
from urbsim.experiment.tables import content_hash
from urbsim.months import parse_month
from urbsim.scenario.model import Scenario

SCENARIO = Scenario("base", "341282", ("341282",), parse_month("2020-11"), parse_month("2021-02"), scale=0.001)
#: Streams of random numbers that share one of four base populations: what the workers hand each other.
TASKS = [Task(SCENARIO, ((0.0, 0.0, 0.0, 0.0),), 0, number, number % 4) for number in range(200)]


class Interrupted(Store):
    """A store that lets the command end after some runs, as if it had been killed."""

    def __init__(self, folder, after: int) -> None:
        super().__init__(folder)
        self.left = after

    def put(self, identity, tables, reads) -> None:
        super().put(identity, tables, reads)
        self.left -= 1
        if self.left == 0:
            raise KeyboardInterrupt


class Trouble(threading.Thread):
    """Kills and adds workers at random, and once the scheduler with all of them, until it is told to stop."""

    def __init__(self, processes: DaskProcesses, seed: int) -> None:
        super().__init__(daemon=True)
        self._processes, self._random, self._over = processes, random.Random(seed), threading.Event()
        self.killed, self.restarted = 0, threading.Event()

    def run(self) -> None:
        begin = time.monotonic()
        while not self._over.wait(self._random.uniform(2.0, 5.0)):
            if not self.restarted.is_set() and time.monotonic() - begin > 15.0:
                self._processes.kill_scheduler()
                for worker in list(self._processes.workers):
                    self._processes.kill_worker(worker)
                time.sleep(1.0)
                self._processes.start_scheduler()
                self.restarted.set()
            elif len(self._processes.workers) > 1:
                self._processes.kill_worker(self._random.choice(self._processes.workers))
                self.killed += 1
            while len(self._processes.workers) < 2:
                self._processes.start_worker()

    def stop(self) -> None:
        self._over.set()
        self.join(timeout=60)


@pytest.mark.slow
def test_nothing_is_lost_nothing_comes_twice_and_all_is_the_same(tmp_path):
    here = {position: hashes(outcome) for position, outcome in run_all(TASKS)}
    processes, puts = DaskProcesses(tmp_path), Counter()
    store = Interrupted(tmp_path / "store", after=60)
    trouble = Trouble(processes, seed=1)
    processes.start_scheduler()
    for _ in range(2):
        processes.start_worker()
    try:
        trouble.start()
        with Cluster(processes.address) as cluster, pytest.raises(KeyboardInterrupt):
            list(Runner(cluster, store=store).outcomes(TASKS))
        assert sum(store.get(identity_of(task)) is not None for task in TASKS) == 60  # the command may end at any time

        again = Store(tmp_path / "store")
        with Cluster(processes.address) as cluster:
            runner, found = Runner(cluster, store=again), {}
            for position, outcome in runner.outcomes(TASKS):
                puts[position] += 1
                found[position] = hashes(outcome)
                time.sleep(0.3 if not trouble.restarted.is_set() else 0.0)
            simulated = sum(each["runs"] for group in runner.workers for each in group["workers"])
    finally:
        trouble.stop()
        processes.end()
    assert trouble.restarted.is_set()
    assert trouble.killed >= 2
    assert found == here
    assert puts == Counter(range(200))
    assert simulated == 140  # what had come back before was not sent again
    assert again.contents().entries == 200


def hashes(outcome) -> dict[str, str]:
    assert isinstance(outcome, Finished), outcome
    return {name: content_hash(table) for name, table in outcome.tables.items()}
