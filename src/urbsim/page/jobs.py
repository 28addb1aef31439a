"""What was asked for: a folder on disk for each job, which outlives the page that asked and the server.

A job is found by its content: the same question in two tabs, or after a restart, is the same job.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

from urbsim.experiment.model_files import model_hash
from urbsim.experiment.tables import write_text

Kind = Literal["compare", "report", "spreadsheet", "trace", "household", "contributions", "groups", "sweep", "seek"]
Status = Literal["queued", "running", "done", "failed", "cancelled"]
Lane = Literal["quick", "full"]
#: Words in both languages, by language.
Text = dict[str, str]
ENDED = ("done", "failed", "cancelled")
RESULT = "result.json"
_RECORD = "job.json"
#: Another number whenever results hold something else: a job of before is then not the same job.
_FORM = 2


@dataclass
class Job:
    """One thing to do, and how far it is.

    Attributes
    ----------
    lane
        ``quick`` for sketches and what takes seconds, ``full`` for the rest; each has workers of its own.
    done, total
        Months simulated so far, and of the whole job.
    draws, of_draws
        Draws of which the result holds every scenario, and of the whole job.
    revision
        Grows with every change; who has seen a revision need not ask again.
    stage, error
        What is done now, and why it failed.
    """

    id: str
    kind: Kind
    lane: Lane
    request: dict[str, Any]
    status: Status = "queued"
    created: float = field(default_factory=time.time)
    done: int = 0
    total: int = 0
    draws: int = 0
    of_draws: int = 0
    revision: int = 0
    stage: Text | None = None
    error: Text | None = None

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will come."""
        return self.status in ENDED

    def shown(self) -> dict[str, Any]:
        """Return what the page is told."""
        return {each.name: getattr(self, each.name) for each in fields(self) if each.name != "request"}


def job_id(kind: Kind, request: Mapping[str, Any]) -> str:
    """Return the name of a job: a hash of what is asked, of the model that answers, and of the form of the answer."""
    text = json.dumps([kind, request, model_hash(), _FORM], sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:20]


class Jobs:
    """All jobs, in memory and below a folder; every method may be called from any thread.

    Parameters
    ----------
    folder
        Made if need be.
    kept
        Ended jobs beyond this number are removed, the oldest first.
    """

    def __init__(self, folder: Path, kept: int) -> None:
        self.folder, self._kept = folder, kept
        self._lock = threading.RLock()
        self._jobs: dict[str, Job] = {}
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for path in sorted(folder.glob(f"*/{_RECORD}")):
            if (job := _read(path)) is not None:
                self._jobs[job.id] = job

    def get(self, name: str) -> Job | None:
        """Return a job, None where there is none of this name."""
        return self._jobs.get(name)

    def all(self) -> list[Job]:
        """Return all jobs, the latest first."""
        with self._lock:
            return sorted(self._jobs.values(), key=lambda job: -job.created)

    def waiting(self) -> list[Job]:
        """Return the jobs that are queued, the oldest first."""
        return [job for job in reversed(self.all()) if job.status == "queued"]

    def add(self, job: Job) -> None:
        """Keep a new job, or one that is asked for again."""
        with self._lock:
            self._jobs[job.id] = job
            self.save(job)
            self._forget()

    def save(self, job: Job) -> None:
        """Write a job's record."""
        folder = self.path(job)
        folder.mkdir(exist_ok=True, mode=0o700)
        write_text(json.dumps(asdict(job), ensure_ascii=False), folder / _RECORD)

    def path(self, job: Job) -> Path:
        """Return the folder of a job, where its worker leaves what comes of it."""
        return self.folder / job.id

    def requeue(self) -> None:
        """Queue what was running when the last server ended; what it had simulated is in the store."""
        for job in self.all():
            if job.status == "running":
                job.status, job.done = "queued", 0
                self.save(job)

    def _forget(self) -> None:
        ended = [job for job in self.all() if job.has_ended]
        for job in ended[self._kept :]:
            del self._jobs[job.id]
            shutil.rmtree(self.path(job), ignore_errors=True)


def _read(path: Path) -> Job | None:
    """Return the job of a record; None where it cannot be read, as after a crash while it was written."""
    with suppress(OSError, ValueError, TypeError):
        record = json.loads(path.read_text(encoding="utf-8"))
        known = {each.name for each in fields(Job)}
        return Job(**{name: value for name, value in record.items() if name in known})
    return None
