"""Files of one kind that are kept in the user's cache folder; when they outgrow a limit, the longest unused go."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypeVar

from urbsim.caches import FolderError, cache_folder, own_folder

T = TypeVar("T")


@dataclass(frozen=True)
class KeptFiles:
    """Files in ``folder`` of the cache, with an ``ending``, of ``most_bytes`` in all.

    Reading one can run code or be a run's beginning, so they lie where only the user can have written.
    """

    folder: str
    ending: str
    most_bytes: int = 5 * 10**9

    def keep(self, name: str, write: Callable[[IO[bytes]], object]) -> None:
        """Keep what ``write`` writes, whole or not at all; where that cannot be done nothing is kept."""
        with suppress(OSError, FolderError):
            path = self._path(name)
            partial = path.with_name(f".{uuid.uuid4().hex}")
            try:
                with partial.open("xb") as file:
                    write(file)
                partial.replace(path)
            finally:
                partial.unlink(missing_ok=True)
            self.cut(self.most_bytes, kept=path)

    def find(self, name: str, read: Callable[[IO[bytes]], T]) -> T | None:
        """Return what ``read`` reads, None where there is no such file; one that cannot be read is removed."""
        with suppress(OSError, FolderError):
            path = self._path(name)
            try:
                with path.open("rb") as file:
                    found = read(file)
            except FileNotFoundError:
                return None
            except Exception:  # written by other versions, or spoilt
                path.unlink(missing_ok=True)
                return None
            os.utime(path)
            return found
        return None

    def contents(self) -> tuple[int, int]:
        """Return how many files are kept, and their bytes."""
        sizes = [size for _, size, _ in self._files()]
        return len(sizes), sum(sizes)

    def cut(self, limit: int, kept: Path | None = None) -> int:
        """Remove files, the longest unused first, until the rest is within the limit; return how many went."""
        files, gone = sorted(self._files()), 0
        excess = sum(size for _, size, _ in files) - limit
        for _, size, path in files:
            if excess <= 0:
                break
            if path != kept:
                path.unlink(missing_ok=True)
                excess, gone = excess - size, gone + 1
        return gone

    def _path(self, name: str) -> Path:
        return own_folder(cache_folder() / self.folder) / f"{name}{self.ending}"

    def _files(self) -> Iterator[tuple[float, int, Path]]:
        """Yield the time of last use, bytes and path of every file."""
        for path in (cache_folder() / self.folder).glob(f"*{self.ending}"):
            with suppress(OSError):
                found = path.stat()
                yield found.st_mtime, found.st_size, path
