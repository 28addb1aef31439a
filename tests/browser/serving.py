"""`urbsim serve` as a person starts it, and the browser of this machine, for tests."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx

#: Seconds after which what does not come is missing; ``URBSIM_PATIENCE`` gives a busy machine more.
PATIENCE = float(os.environ.get("URBSIM_PATIENCE", "300"))
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
#: Headless, without a sandbox for tests that run as root, and without the browser's own talk with its makers.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def browser_path() -> str | None:
    """Return the Chromium of this machine; ``URBSIM_BROWSER`` names another one."""
    return os.environ.get("URBSIM_BROWSER") or next(filter(None, map(shutil.which, NAMES)), None)


@dataclass
class Server:
    """`urbsim serve` as a person starts it."""

    folder: Path
    arguments: tuple[str, ...] = ()
    port: int = 0
    lines: list[str] = field(default_factory=list)
    process: subprocess.Popen[str] | None = None

    def start(self) -> Server:
        command = [sys.executable, "-m", "urbsim", "serve", "--no-open", "--port", str(self.port)]
        command += ["--folder", str(self.folder), *self.arguments]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=self.folder.parent)
        assert self.process.stderr is not None
        self.lines = []
        while not any("Ctrl-C" in line for line in self.lines):
            line = self.process.stderr.readline()
            assert line, f"urbsim serve ended: {self.lines}"
            self.lines.append(line)
        if "--class" in self.arguments:
            self.lines.append(self.process.stderr.readline())
        self.port = int(re.search(r":(\d+)/", self.lines[0])[1])
        self._wait()
        return self

    def _wait(self) -> None:
        for _ in range(600):
            try:
                httpx.get(f"{self.base}/static/icon.svg", trust_env=False)
            except httpx.HTTPError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError("the server does not answer")

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def link(self) -> str:
        return re.search(r"http://\S+", self.lines[0])[0]

    def kill(self) -> None:
        """End it as a crash does: at once, with its workers left to notice."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()

    def cancel_all(self) -> None:
        """Cancel every job that has not ended."""
        with httpx.Client(base_url=self.base, timeout=60.0, trust_env=False) as asking:
            for job in asking.get("/api/jobs").json():
                if job["status"] in {"queued", "running"}:
                    asking.delete(f"/api/jobs/{job['id']}")

    def memory(self) -> float:
        """Return the megabytes that the server itself holds."""
        assert self.process is not None
        text = Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        return int(re.search(r"VmRSS:\s+(\d+)", text)[1]) / 1024
