"""Two hundred tasks on a cluster whose workers are killed and added at random and whose scheduler is started again."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest
from dask_processes import DaskProcesses

from urbsim.experiment.cluster.cluster import Cluster
from urbsim.experiment.executor import run_all
from urbsim.experiment.runner import Runner
from urbsim.experiment.simulate import Finished, Task
from urbsim.experiment.store import Store
from urbsim.experiment.tables import content_hash
from urbsim.months import parse_month
from urbsim.scenario.model import Scenario

SCENARIO = Scenario("base", "341282", ("341282",), parse_month("2020-11"), parse_month("2021-02"), scale=0.001)
#: Streams of random numbers that share one of four base populations: what the workers hand each other.
TASKS = [Task(SCENARIO, ((0.0, 0.0, 0.0, 0.0),), 0, number, number % 4) for number in range(200)]


class Trouble:
    """Kills a worker at random and adds another each time some more runs came back, and once the scheduler with all.

    It goes by runs and not by the clock, so that it is the same trouble on a slow machine.
    """

    def __init__(self, processes: DaskProcesses, seed: int) -> None:
        self._processes, self._random = processes, random.Random(seed)
        self.killed = self.restarted = self.came = 0
        self._next = 5

    def one_more(self) -> None:
        """Note that a run came back."""
        self.came += 1
        if self.came == 100:
            self._processes.kill_scheduler()
            for worker in list(self._processes.workers):
                self._processes.kill_worker(worker)
            self._processes.start_scheduler()
            self.restarted += 1
        elif self.came >= self._next:
            self._processes.kill_worker(self._random.choice(self._processes.workers))
            self.killed += 1
            self._next = self.came + self._random.randint(15, 40)
        while len(self._processes.workers) < 2:
            self._processes.start_worker()


class TroubledStore(Store):
    """A store beside which things happen, and which may end the command as if it had been killed."""

    def __init__(self, folder: Path, trouble: Trouble, ends_after: int | None = None) -> None:
        super().__init__(folder)
        self._trouble, self._left = trouble, ends_after

    def put(self, identity, tables, reads) -> None:
        super().put(identity, tables, reads)
        self._trouble.one_more()
        if self._left is not None:
            self._left -= 1
            if self._left == 0:
                raise KeyboardInterrupt


@pytest.mark.slow
def test_nothing_is_lost_nothing_comes_twice_and_all_is_the_same(tmp_path):
    here = {position: hashes(outcome) for position, outcome in run_all(TASKS)}
    processes = DaskProcesses(tmp_path)
    trouble, found, times = Trouble(processes, seed=1), {}, Counter()
    processes.start_scheduler()
    for _ in range(2):
        processes.start_worker()
    try:
        first = TroubledStore(tmp_path / "store", trouble, ends_after=60)
        with Cluster(processes.address) as cluster, pytest.raises(KeyboardInterrupt):
            list(Runner(cluster, store=first).outcomes(TASKS))
        assert first.contents().entries == 60  # a command may end at any time

        again = TroubledStore(tmp_path / "store", trouble)
        with Cluster(processes.address) as cluster:
            runner = Runner(cluster, store=again)
            for position, outcome in runner.outcomes(TASKS):
                times[position] += 1
                found[position] = hashes(outcome)
            simulated = sum(each["runs"] for group in runner.workers for each in group["workers"])
    finally:
        processes.end()
    assert (trouble.restarted, trouble.killed >= 5) == (1, True)
    assert found == here
    assert times == Counter(range(200))
    assert simulated == 140  # what had come back before was not sent again
    assert again.contents().entries == 200


def hashes(outcome) -> dict[str, str]:
    assert isinstance(outcome, Finished), outcome
    return {name: content_hash(table) for name, table in outcome.tables.items()}
