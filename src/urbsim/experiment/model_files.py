"""What is simulated with: sources of the model, county tables and libraries, each as a hash or a version."""

from __future__ import annotations

import hashlib
import platform
from functools import cache
from importlib.metadata import version
from pathlib import Path

import urbsim
from urbsim.region.tables import tables_folder

#: Rooms and modules that no result of a run depends on, or only through the task; all others are the model.
NOT_MODEL = (
    *("report", "page", "commands", "scenario", "scenarios", "reading", "programmes", "posterior", "experiment"),
    *("evidence", "inference", "calibration", "sensitivity", "validation", "tracing", "decision", "distribution"),
    *("tables", "national", "posteriors"),
    *("api.py", "questions.py", "listing.py", "cli.py", "levers.py", "__main__.py"),
)
#: What the model needs of those rooms all the same.
STILL_MODEL = ("scenario/model.py", "experiment/simulate.py")
_SOURCES = (".py", ".yaml", ".json")
_TABLES = (".csv", ".gz", ".parquet")
_LIBRARIES = ("numpy", "scipy", "pandas", "numba", "mesa")


@cache
def model_hash() -> str:
    """Return one SHA-256 over the sources of the model; it does not depend on how urbsim is installed."""
    digest = hashlib.sha256()
    for name in model_sources():
        digest.update(f"{name}\0{text_hash(Path(urbsim.__file__).parent / name)}\n".encode())
    return digest.hexdigest()


def model_sources() -> list[str]:
    """Return the files of the package that shape results, relative to it, in order."""
    package = Path(urbsim.__file__).parent
    found = (path.relative_to(package) for path in package.rglob("*") if path.suffix in _SOURCES and path.is_file())
    return sorted(name.as_posix() for name in found if name.parts[0] not in NOT_MODEL or name.as_posix() in STILL_MODEL)


@cache
def tables_hash() -> str:
    """Return one SHA-256 over the county tables."""
    digest = hashlib.sha256()
    for path in sorted(tables_folder().iterdir()):
        if path.suffix in _TABLES and path.is_file():
            digest.update(f"{path.name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def text_hash(path: Path) -> str:
    """Return the SHA-256 of a text file, whatever its line ends."""
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


@cache
def software() -> dict[str, str]:
    """Return what the last bits of a result may depend on beside the model."""
    libraries = {name: version(name) for name in _LIBRARIES}
    return {"python": platform.python_version(), "machine": platform.machine(), **libraries}
