"""What code of the user's own reads while a run goes on: files that the result depends on beside the lever files.

The interpreter tells of every file that is opened (``sys.addaudithook``). Files of the installation are left out: they
are known by the version of the model.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import os
import site
import sys
import sysconfig
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

#: Hash of what was looked for and was not there.
ABSENT = "absent"
#: What makes a run depend on more than files; such a run is not kept.
_BEYOND_FILES = ("socket.connect", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "ctypes.dlopen")
_LISTINGS = ("os.listdir", "os.scandir")


class Reads:
    """Files and folders read, by absolute path with the SHA-256 of what they held when first read.

    ``complete`` is false if something was used that has no hash, such as the network.
    """

    def __init__(self) -> None:
        self.hashes: dict[str, str] = {}
        self.complete = True

    def note(self, path: str, *, listing: bool = False) -> None:
        """Note a file, or the names in a folder, unless it is noted already or belongs to the installation."""
        if not _is_installed(path) and path not in self.hashes:
            self.hashes[path] = hash_of(path, listing=listing)


def unchanged(hashes: Mapping[str, str]) -> bool:
    """Return whether files and folders hold what they held when they were noted."""
    return all(hash_of(path, listing=known.startswith("names ")) == known for path, known in hashes.items())


def hash_of(path: str, *, listing: bool = False) -> str:
    """Return the SHA-256 of a file, or of the names in a folder; ``absent`` where there is neither."""
    try:
        if listing:
            names = "\0".join(sorted(each.name for each in Path(path).iterdir()))
            return f"names {hashlib.sha256(names.encode(errors='backslashreplace')).hexdigest()}"
        if not Path(path).is_file():
            return ABSENT
        with Path(path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ABSENT


_watches: list[Reads] = []
_listening = False
_busy = threading.local()


@contextmanager
def watched() -> Iterator[Reads]:
    """Note what is read in the block, by any thread."""
    global _listening  # noqa: PLW0603 - a hook cannot be taken away again, so there is one for good
    if not _listening:
        _listening = True
        sys.addaudithook(_hear)
    reads = Reads()
    _watches.append(reads)
    try:
        yield reads
    finally:
        _watches.remove(reads)


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if not _watches or getattr(_busy, "hashing", False):
        return
    if event in _BEYOND_FILES:
        for reads in _watches:
            reads.complete = False
    elif event == "open" or event in _LISTINGS:
        path = _path_of(event, arguments)
        if path is None:
            return
        _busy.hashing = True
        try:
            for reads in _watches:
                reads.note(path, listing=event in _LISTINGS)
        finally:
            _busy.hashing = False


def _path_of(event: str, arguments: tuple[Any, ...]) -> str | None:
    """Return the absolute path that is read; None for writing, descriptors, and listings of the import system."""
    path, *how = arguments
    if isinstance(path, int) or (path is None and event == "open"):
        return None
    if event == "open":
        mode, flags = how
        if (isinstance(mode, str) and mode[:1] in "wax") or (mode is None and flags & (os.O_WRONLY | os.O_CREAT)):
            return None
    elif sys._getframe(2).f_globals.get("__name__") == "importlib._bootstrap_external":
        return None
    try:
        found = str(Path(os.fsdecode(path if path is not None else ".")).absolute())
        return importlib.util.source_from_cache(found) if found.endswith(".pyc") else found
    except (TypeError, ValueError, NotImplementedError):
        return None


@cache
def _installed() -> tuple[str, ...]:
    import urbsim
    from urbsim.region.tables import tables_folder

    paths = sysconfig.get_paths()
    found = [paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    found += [*site.getsitepackages(), site.getusersitepackages()]
    found += [str(Path(urbsim.__file__).resolve().parent), str(tables_folder().parent)]
    found += ["/proc", "/sys", "/dev"]
    return tuple(f"{Path(each).absolute()}{os.sep}" for each in found)


def _is_installed(path: str) -> bool:
    return path.startswith(_installed())


def modules_of(module: ModuleType | None) -> dict[str, str]:
    """Return the hash of every source outside the installation that a module imports, and that these import."""
    found: dict[str, str] = {}
    waiting = [module]
    while waiting:
        file = getattr(waiting.pop(), "__file__", None)
        path = str(Path(file or "").absolute())
        if not path.endswith(".py") or path in found or _is_installed(path):
            continue
        found[path] = _first_seen(path)
        waiting += [sys.modules[name] for name in _imports(path) if name in sys.modules]
    return found


def _imports(file: str) -> set[str]:
    try:
        tree = ast.parse(Path(file).read_bytes())
    except (OSError, SyntaxError, ValueError):
        return set()
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names | {name.partition(".")[0] for name in names}


@cache
def _first_seen(file: str) -> str:
    """Return the hash of a module's source when this process first looked: code in memory does not change later."""
    return hash_of(file)
