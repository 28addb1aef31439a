"""Finished runs by content, shared by all run folders and commands of a user.

A run is found by its identity (``identity.py``), whatever its scenario is called and whoever asks. Entries are put in
place whole, checked when read, and made again where they are broken. When the store outgrows its limit, entries go that
were not used for longest, except those that a command at work has announced that it needs.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import BaseFileLock, FileLock, Timeout

from urbsim.caches import cache_folder, writable_folder
from urbsim.experiment.entry import PARTIAL, BrokenEntryError, read_entry, write_entry
from urbsim.experiment.errors import ExperimentError
from urbsim.experiment.identity import key_of
from urbsim.experiment.tables import Tables
from urbsim.labels import bilingual

SIZE_VARIABLE = "URBSIM_CACHE_SIZE"
DEFAULT_BYTES = 5 * 10**9
_UNITS = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
_RUNS, _NEEDS = "runs", "needs"
#: Unfinished entries this old were left by a process that was killed.
_STALE_SECONDS = 24 * 3600.0


@dataclass(frozen=True)
class Contents:
    """What a store holds."""

    folder: Path
    entries: int
    bytes: int
    limit: int


class Store:
    """Finished runs below a folder.

    Parameters
    ----------
    folder
        Made if need be.
    limit
        Bytes above which entries are given up.

    Raises
    ------
    FolderError
        If the folder cannot be written.
    """

    def __init__(self, folder: Path, limit: int = DEFAULT_BYTES) -> None:
        self.folder, self.limit = folder, limit
        self._runs = writable_folder(writable_folder(folder) / _RUNS)
        self._needs = writable_folder(folder / _NEEDS)

    def get(self, identity: Mapping[str, Any]) -> Tables | None:
        """Return the tables of a run, None where it is not there; an entry that is broken or outdated is removed."""
        path = self._path(key_of(identity))
        try:
            tables = read_entry(path, key_of(identity))
        except BrokenEntryError:
            shutil.rmtree(path, ignore_errors=True)
            return None
        if tables is not None:
            with suppress(OSError):
                os.utime(path)
        return tables

    def put(self, identity: Mapping[str, Any], tables: Tables, reads: Mapping[str, str]) -> None:
        """Keep a finished run, in place of one kept before.

        Raises
        ------
        OSError
            If it cannot be written.
        """
        path = self._path(key_of(identity))
        path.parent.mkdir(mode=0o700, exist_ok=True)
        write_entry(path, identity, tables, reads)

    @contextmanager
    def needing(self, keys: Iterable[str]) -> Iterator[None]:
        """Announce entries that must not be given up in the block; afterwards the store is cut to its limit."""
        name = self._needs / f"{os.getpid()}-{uuid.uuid4().hex[:12]}"
        lock = FileLock(f"{name}.lock")
        with lock:
            name.with_suffix(".json").write_text(json.dumps(sorted(keys)), encoding="utf-8")
            try:
                yield
            finally:
                name.with_suffix(".json").unlink(missing_ok=True)
        Path(lock.lock_file).unlink(missing_ok=True)
        self.cut()

    def contents(self) -> Contents:
        """Return how much there is."""
        sizes = [size for _, size, _ in self._entries()]
        return Contents(self.folder, len(sizes), sum(sizes), self.limit)

    def cut(self, limit: int | None = None) -> int:
        """Give up entries, the longest unused first, until the rest is within the limit; return how many went."""
        limit, gone = self.limit if limit is None else limit, 0
        with self._alone() as alone:
            if not alone:  # another process is at it
                return 0
            entries = sorted(self._entries())
            excess, needed = sum(size for _, size, _ in entries) - limit, self._needed()
            for _, size, path in entries:
                if excess <= 0:
                    break
                if path.name not in needed:
                    shutil.rmtree(path, ignore_errors=True)
                    excess, gone = excess - size, gone + 1
            self._sweep()
        return gone

    def _path(self, key: str) -> Path:
        return self._runs / key[:2] / key

    def _entries(self) -> Iterator[tuple[float, int, Path]]:
        """Yield the time of last use, bytes and folder of every entry; one that goes meanwhile is left out."""
        for path in self._runs.glob("??/*"):
            if not path.name.startswith(PARTIAL):
                with suppress(OSError):
                    yield path.stat().st_mtime, sum(file.stat().st_size for file in path.iterdir()), path

    def _needed(self) -> set[str]:
        """Return the keys that commands at work have announced; what dead ones announced is forgotten."""
        found: set[str] = set()
        for file in self._needs.glob("*.json"):
            lock = FileLock(file.with_suffix(".lock"), timeout=0)
            try:
                with lock:
                    file.unlink(missing_ok=True)
                Path(lock.lock_file).unlink(missing_ok=True)
            except Timeout:
                with suppress(OSError, ValueError):
                    found.update(json.loads(file.read_text(encoding="utf-8")))
        return found

    def _sweep(self) -> None:
        """Remove what killed processes left half written."""
        for path in self._runs.glob(f"??/{PARTIAL}*"):
            with suppress(OSError):
                if time.time() - path.stat().st_mtime > _STALE_SECONDS:
                    shutil.rmtree(path, ignore_errors=True)

    @contextmanager
    def _alone(self) -> Iterator[bool]:
        lock: BaseFileLock = FileLock(self.folder / "cut.lock", timeout=0)
        try:
            lock.acquire()
        except Timeout:
            yield False
            return
        try:
            yield True
        finally:
            lock.release()


def open_store(folder: Path | None = None) -> Store:
    """Return the user's store, or the one in a folder.

    Raises
    ------
    ExperimentError
        If ``$URBSIM_CACHE_SIZE`` is no size.
    FolderError
        If the folder cannot be used.
    """
    return Store(folder or cache_folder(), _limit(os.environ.get(SIZE_VARIABLE, "")))


def _limit(text: str) -> int:
    if not text.strip():
        return DEFAULT_BYTES
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([A-Za-z]*)\s*", text)
    if found is None or found[2].upper() not in _UNITS:
        allowed = bilingual(
            "a number of bytes, or one with KB, MB, GB or TB, such as 2GB", "字节数，或带 KB、MB、GB、TB 的数，例如 2GB"
        )
        raise ExperimentError(
            bilingual(
                f"{SIZE_VARIABLE} is {text!r}; allowed: {allowed}", f"{SIZE_VARIABLE} 是“{text}”；允许：{allowed}"
            )
        )
    return int(float(found[1]) * _UNITS[found[2].upper()])
