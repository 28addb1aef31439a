"""A real Dask scheduler and workers, each a process of its own on this machine, to be killed and started at will."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class DaskProcesses:
    """The processes of one cluster; what they say goes to files in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.address = f"tcp://127.0.0.1:{self.port}"
        self.workers: list[subprocess.Popen[bytes]] = []
        self.scheduler: subprocess.Popen[bytes] | None = None
        self._started = 0

    def start_scheduler(self) -> None:
        self.scheduler = self._start("dask_scheduler", "--host", "127.0.0.1", "--port", str(self.port))
        end = time.monotonic() + 300.0
        while True:  # on a busy machine it takes its time
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1.0).close()
                return
            except OSError:
                assert time.monotonic() < end, "the scheduler did not start"
                time.sleep(0.1)

    def start_worker(self, package: Path | None = None, **environment: str) -> subprocess.Popen[bytes]:
        """Start a worker with one thread; ``package`` is the folder of another urbsim than the one tested."""
        if package is not None:
            environment["PYTHONPATH"] = str(package)
        arguments = (self.address, "--nthreads", "1", "--no-nanny", "--death-timeout", "300")
        worker = self._start("dask_worker", *arguments, **environment)
        self.workers.append(worker)
        return worker

    def kill_worker(self, worker: subprocess.Popen[bytes]) -> None:
        self.workers.remove(worker)
        _kill(worker)

    def kill_scheduler(self) -> None:
        assert self.scheduler is not None
        _kill(self.scheduler)

    def end(self) -> None:
        for process in (*self.workers, self.scheduler):
            if process is not None:
                _kill(process)

    def _start(self, module: str, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        self._started += 1
        command = [sys.executable, "-m", f"distributed.cli.{module}", *arguments, "--no-dashboard"]
        settings = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "10", **os.environ, **environment}
        with (self.folder / f"{module}-{self._started}.log").open("wb") as log:
            return subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=settings, cwd=self.folder)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and wait until it is gone."""
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=30)
