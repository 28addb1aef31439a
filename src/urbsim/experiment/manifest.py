"""The record of an experiment: what went in, with what software, what came out, bound together by hashes."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import urbsim
from urbsim.experiment.plan import Plan
from urbsim.experiment.tables import file_hash
from urbsim.months import format_month
from urbsim.scenario.output import resolved_yaml

FORMAT = 1
_PACKAGES = ("urbsim", "mesa", "numpy", "scipy", "pandas", "pyarrow", "numba", "pydantic", "matplotlib")
_SOURCES = (".py", ".yaml", ".json")
_TABLES = (".csv", ".gz", ".parquet")


def settings(plan: Plan) -> dict[str, Any]:
    """Return what defines the experiment beside its input files, as plain data."""
    baseline = plan.baseline
    return {
        "baseline": baseline.name,
        "scenarios": list(plan.names),
        "region": baseline.region,
        "counties": list(baseline.counties),
        "start": format_month(baseline.start),
        "until": format_month(baseline.until),
        "scale": baseline.scale,
        "seed": plan.seed,
        "draws": plan.draws,
        "replicates": plan.replicates,
    }


def inputs(plan: Plan) -> dict[str, str]:
    """Return the SHA-256 of every input by name: resolved scenarios, the model's code and its tables.

    A resolved scenario holds the hash of all files that its own levers read.
    """
    from urbsim.posterior.draws import posteriors_folder
    from urbsim.region.places import tables_folder

    package = Path(urbsim.__file__).parent
    found = {f"scenario {s.name}": hashlib.sha256(resolved_yaml(s).encode()).hexdigest() for s in plan.scenarios}
    found["model"] = _folder_hash(package, _SOURCES, leave_out=("report", "commands", "cli.py", "tables"))
    found["region tables"] = _folder_hash(tables_folder(), _TABLES)
    found["posteriors"] = _folder_hash(posteriors_folder(), (*_TABLES, ".yaml"))
    return found


def _folder_hash(folder: Path, suffixes: tuple[str, ...], leave_out: tuple[str, ...] = ()) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        place = path.relative_to(folder)
        if path.suffix in suffixes and path.is_file() and place.parts[0] not in leave_out:
            digest.update(f"{place.as_posix()}\0{file_hash(path)}\n".encode())
    return digest.hexdigest()


def fingerprint(identity: dict[str, Any], contents: dict[str, str]) -> str:
    """Return one SHA-256 over inputs, settings and result values; no time stamp, machine or file format is in it."""
    return hashlib.sha256(json.dumps([identity, contents], sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def surroundings(jobs: int) -> dict[str, Any]:
    """Return versions, git commit, machine and time: what a run was made with but should not depend on."""
    return {
        "versions": {"python": platform.python_version(), **{name: version(name) for name in _PACKAGES}},
        "git_commit": _git_commit(),
        "machine": {"system": platform.system(), "processor": platform.machine(), "cores": os.cpu_count()},
        "jobs": jobs,
        "started": now(),
    }


def now() -> str:
    """Return the present time, UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _git_commit() -> str | None:
    """Return the commit the package's code is at, with '+changes' where files differ; None outside a checkout."""
    package = Path(urbsim.__file__).parent

    def git(*arguments: str) -> str:
        command = ["git", "-C", str(package), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=10).stdout.strip()

    try:
        git("ls-files", "--error-unmatch", "__init__.py")  # else the package merely lies inside somebody's repository
        changes = "+changes" if git("status", "--porcelain", "--", str(package)) else ""
        return git("rev-parse", "HEAD") + changes
    except (OSError, subprocess.SubprocessError):
        return None


def differences(there: dict[str, Any], here: dict[str, Any]) -> list[str]:
    """Return what differs between two identities (settings and inputs), one phrase each."""
    found = []
    for name in sorted({*there["settings"], *here["settings"]}):
        old, new = there["settings"].get(name), here["settings"].get(name)
        if old != new:
            found.append(f"{name} is {_brief(old)} there and {_brief(new)} now")
    names = sorted({*there["inputs"], *here["inputs"]})
    changed = [name for name in names if there["inputs"].get(name) != here["inputs"].get(name)]
    if changed:
        found.append(f"these inputs changed: {', '.join(changed)}")
    return found


def _brief(value: object) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def command_line() -> str | None:
    """Return the command that is being run, without the folder of the program; None outside the command line."""
    path = Path(sys.argv[0])
    program = path.parent.name if path.name == "__main__.py" else path.name
    return " ".join([program, *sys.argv[1:]]) if program.startswith("urbsim") else None
