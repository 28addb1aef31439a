"""What a cluster costs: the same small tasks here and through a Dask scheduler with one worker, all on this machine.

    python benchmarks/cluster.py [TASKS] [PROVINCE]

Prints one line of JSON: wall and CPU milliseconds a task takes more than here (CPU of client, scheduler and worker
together, which other processes do not disturb), and what one task of a province's calibration takes.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psutil

from urbsim.experiment.cluster.cluster import Cluster
from urbsim.experiment.executor import run_all
from urbsim.experiment.simulate import Task
from urbsim.months import parse_month
from urbsim.posterior.draws import draw
from urbsim.scenario.model import Scenario

SMALL = Scenario("small", "341282", ("341282",), parse_month("2020-11"), parse_month("2020-12"), scale=0.001)


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    row = overhead(count)
    if len(sys.argv) > 2:
        row |= calibration_task(sys.argv[2])
    print(json.dumps(row))


def overhead(count: int) -> dict[str, Any]:
    """Return what a task costs here and on the cluster; all share one base population, as draws of a fit do."""
    tasks = [Task(SMALL, ((0.0, 0.0, 0.0, 0.0),), 0, number, 0) for number in range(count)]
    list(run_all(tasks[:5]))
    me = psutil.Process()
    here = spent(lambda: list(run_all(tasks)), [me])
    with ExitStack() as stack:
        address, processes = one_worker(stack)
        cluster = stack.enter_context(Cluster(address))
        list(cluster.outcomes(tasks[:5], _silent()))
        there = spent(lambda: list(cluster.outcomes(tasks, _silent())), [me, *processes])
    milliseconds = {
        f"{kind}_ms_{place}": 1e3 * found[kind] / count
        for place, found in (("here", here), ("cluster", there))
        for kind in ("wall", "cpu")
    }
    more = {f"{kind}_ms_overhead": 1e3 * (there[kind] - here[kind]) / count for kind in ("wall", "cpu")}
    return {"tasks": count, **milliseconds, **more}


def calibration_task(province: str) -> dict[str, Any]:
    """Return what one member of a province's calibration takes: a decade of all its counties."""
    from urbsim.calibration.decade import decade
    from urbsim.calibration.regional import SEED, _group, prior_of, units_of

    units = units_of(province)
    group = _group(units, 1.0)
    owner = {code: position for position, unit in enumerate(units) for code in unit.former}
    constants = prior_of(units, 1)[[owner[code] for code in group.codes]]
    task = decade(group, draw(1, (), 2010).parameters, constants, SEED, 1)
    found = spent(lambda: list(run_all([task])), [psutil.Process()])
    return {"province": province, "counties": len(units), "task_wall": found["wall"], "task_cpu": found["cpu"]}


def _silent() -> Any:
    from urbsim.experiment.progress import Progress

    return Progress()


def spent(work: Any, processes: list[psutil.Process]) -> dict[str, float]:
    """Return wall and CPU seconds of some work in these processes."""

    def cpu() -> float:
        return sum(sum(process.cpu_times()[:2]) for process in processes)

    begin, before = time.perf_counter(), cpu()
    work()
    return {"wall": time.perf_counter() - begin, "cpu": cpu() - before}


def one_worker(stack: ExitStack) -> tuple[str, list[psutil.Process]]:
    """Start a scheduler and a worker that end with the block; return the address and both processes."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = str(found.getsockname()[1])
    address = f"tcp://127.0.0.1:{port}"
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    commands = (
        ("dask_scheduler", "--host", "127.0.0.1", "--port", port),
        ("dask_worker", address, "--nthreads", "1", "--no-nanny"),
    )
    processes = []
    for name, *arguments in commands:
        log = stack.enter_context((folder / f"{name}.log").open("wb"))
        command = [sys.executable, "-m", f"distributed.cli.{name}", *arguments, "--no-dashboard"]
        process = stack.enter_context(subprocess.Popen(command, stdout=log, stderr=log, cwd=folder))
        stack.callback(process.kill)
        processes.append(psutil.Process(process.pid))
        time.sleep(3.0)
    return address, processes


if __name__ == "__main__":
    main()
