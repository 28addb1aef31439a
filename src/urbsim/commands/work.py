"""How simulations are carried out by every command that runs some: processes, progress, and the store."""

from __future__ import annotations

import atexit
import json
import logging
import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from urbsim.labels import bilingual
from urbsim.threads import MOST_THREADS, ThreadsError, threads_in_environment

if TYPE_CHECKING:
    from urbsim.experiment.cluster.cluster import Cluster
    from urbsim.experiment.progress import Progress
    from urbsim.experiment.runner import Runner

#: Runs of a command that does not know yet how many they are.
_MANY = 1000
JobsOption = Annotated[
    int | None, typer.Option(min=1, help="Processes at work; results do not depend on it. Default: one per core.")
]
ThreadsOption = Annotated[
    int | None,
    typer.Option(
        min=1,
        max=MOST_THREADS,
        help="Threads of each process, for runs of many people; results do not depend on it. Default: "
        "$URBSIM_THREADS, else the cores that no other of the processes uses.",
    ),
]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="No progress on standard error.")]
OverwriteOption = Annotated[
    bool, typer.Option("--overwrite", help="Simulate again what was simulated before, instead of taking it from there.")
]
WorkOption = Annotated[
    Path | None,
    typer.Option(help="Folder of finished simulations, in place of the user's cache (see 'urbsim cache')."),
]


ClusterOption = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        help="Simulate on the workers of this Dask scheduler, such as tcp://10.0.0.1:8786, in place of processes here.",
    ),
]


def cores(jobs: int | None) -> int:
    """Return the number of processes: as asked for, else one per core."""
    return jobs or os.cpu_count() or 1


def load_ahead(jobs: int | None, runs: int) -> None:
    """Let what several processes need to simulate be loaded by one of them, while this one loads and reads its own."""
    if min(cores(jobs), runs) > 1:
        from urbsim.experiment.workers import start_server

        start_server()


def make_runner(
    jobs: int | None,
    progress: Progress,
    *,
    overwrite: bool,
    work: Path | None = None,
    cluster: str | None = None,
    runs: int = _MANY,
) -> Runner:
    """Return what carries out the ``runs`` of a command: processes here, or the workers of a cluster."""
    if cluster is None:
        load_ahead(jobs, runs)
    from urbsim.experiment.runner import Runner, available_store

    executor = cores(jobs) if cluster is None else _cluster(cluster, jobs, progress)
    return Runner(executor, progress, available_store(progress, work), overwrite=overwrite)


def check_threads_variable() -> None:
    """Raise ``typer.BadParameter`` where the environment variable is no number of threads."""
    try:
        threads_in_environment()
    except ThreadsError as error:
        raise typer.BadParameter(str(error)) from None


def check_threads(cluster: str | None) -> None:
    """Refuse threads of processes here where the work is done by a cluster."""
    if cluster is not None:
        raise typer.BadParameter(
            bilingual(
                "--threads counts threads of processes here, --cluster uses none; give one of the two, and "
                "URBSIM_THREADS where workers start",
                "--threads 是本机进程的线程数，--cluster 不用本机进程；两者只能给一个；worker 的线程数在其启动处用 "
                "URBSIM_THREADS 设置",
            )
        )


def _cluster(address: str, jobs: int | None, progress: Progress) -> Cluster:
    from urbsim.experiment.cluster.cluster import Cluster

    if jobs is not None:
        raise typer.BadParameter(
            bilingual(
                "--jobs counts processes here, --cluster uses none; give one of the two",
                "--jobs 是本机进程数，--cluster 不用本机进程；两者只能给一个",
            )
        )
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters of it is said in our words
    warnings.filterwarnings("ignore", module="distributed")
    progress.stage(bilingual(f"connecting to {address}", f"连接 {address}"))
    cluster = Cluster(address)
    atexit.register(cluster.shutdown)
    return cluster


def note_workers(runner: Runner, folder: Path) -> None:
    """Write who simulated on a cluster, and with what, to a folder of results that has no manifest."""
    from urbsim.experiment.tables import write_text

    if runner.workers:
        write_text(json.dumps(runner.workers, indent=1) + "\n", folder / "cluster.json")


def what_is_kept(runner: Runner) -> str:
    """Return in words what an interrupted command leaves."""
    kept = bilingual(
        "Finished simulations are kept; the same command continues from there.",
        "已完成的模拟会保留；再次运行同一命令即可继续。",
    )
    return kept if runner.store is not None else bilingual("Nothing is kept.", "没有保留任何结果。")
