"""The record of an experiment: what went in, with what software, what came out, bound together by hashes."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

import urbsim
from urbsim.experiment.errors import ExperimentError
from urbsim.experiment.model_files import model_hash, tables_hash
from urbsim.experiment.plan import Plan
from urbsim.labels import bilingual
from urbsim.months import format_month
from urbsim.scenario.writing import resolved_yaml

MANIFEST = "manifest.json"
FORMAT = 2
#: Formats that this version can open; older ones are never written.
READABLE = (1, 2)
_PACKAGES = ("urbsim", "mesa", "numpy", "scipy", "pandas", "pyarrow", "numba", "pydantic", "matplotlib")


class Settings(BaseModel):
    """What defines an experiment beside its input files."""

    model_config = ConfigDict(strict=True)

    baseline: str
    scenarios: list[str] = Field(min_length=1)
    region: str
    counties: list[str] = Field(min_length=1)
    census: str | None = None  # older folders have none: they were simulated from the start
    start: str
    until: str
    scale: float = Field(gt=0, le=1)
    seed: int = Field(ge=0)
    draws: int = Field(ge=0)
    replicates: int = Field(ge=1)


class Key(BaseModel):
    """The run that failed."""

    model_config = ConfigDict(strict=True)

    scenario: str
    draw: int
    replicate: int


class FailureRecord(BaseModel):
    """A run that failed, and how."""

    model_config = ConfigDict(strict=True)

    key: Key
    stage: str
    error: str
    details: str


class Manifest(BaseModel):
    """The parts of a manifest that are read again."""

    model_config = ConfigDict(strict=True)

    format: int
    status: Literal["running", "incomplete", "complete"]
    settings: Settings
    inputs: dict[str, str]
    command: str | None = None
    failures: list[FailureRecord] = []
    contents: dict[str, str] = {}
    rows: dict[str, int] = {}
    missing: dict[str, int] = {}
    fingerprint: str = ""
    outputs: dict[str, str] = {}
    versions: dict[str, str] = {}
    seal: str = ""


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a run folder as plain data, after checking its form.

    Raises
    ------
    ExperimentError
        If there is no such folder, or it holds no run that this version can read.
    """
    path = folder / MANIFEST
    if not path.is_file():
        what = (
            bilingual("holds no run (no manifest.json)", "没有模拟结果（没有 manifest.json）")
            if folder.is_dir()
            else bilingual("is no folder", "不是文件夹")
        )
        raise ExperimentError(
            bilingual(
                f"{folder} {what}; give the folder that 'urbsim run' or 'urbsim compare' wrote",
                f"{folder} {what}；请给出“urbsim run”或“urbsim compare”写出的文件夹",
            )
        )
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        Manifest.model_validate(record)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or bilingual("the whole", "整体")
        raise _unreadable(path, f"{where}: {first['msg']}") from None
    except (ValueError, OSError, RecursionError) as error:
        raise _unreadable(path, error) from None
    if record["format"] not in READABLE:
        raise _unreadable(
            path,
            bilingual(
                f"its format is {record['format']}, this version reads {', '.join(map(str, READABLE))}",
                f"它的格式是 {record['format']}，本版本可读 {'、'.join(map(str, READABLE))}",
            ),
        )
    found: dict[str, Any] = record
    return found


def _unreadable(path: Path, why: object) -> ExperimentError:
    return ExperimentError(
        bilingual(f"{path} cannot be read as the manifest of a run ({why})", f"{path} 不能作为模拟的清单读取（{why}）")
    )


def age(record: Mapping[str, Any]) -> str | None:
    """Return in words that a manifest is of an older version, None where it is not."""
    if record["format"] == FORMAT:
        return None
    version_then = record.get("versions", {}).get("urbsim", "?")
    return bilingual(
        f"written by an older version (urbsim {version_then}, format {record['format']})",
        f"由较早的版本写出（urbsim {version_then}，格式 {record['format']}）",
    )


def settings(plan: Plan) -> dict[str, Any]:
    """Return what defines the experiment beside its input files, as plain data."""
    baseline = plan.baseline
    return {
        "baseline": baseline.name,
        "scenarios": list(plan.names),
        "region": baseline.region,
        "counties": list(baseline.counties),
        "census": format_month(baseline.census),
        "start": format_month(baseline.start),
        "until": format_month(baseline.until),
        "scale": baseline.scale,
        "seed": plan.seed,
        "draws": plan.draws,
        "replicates": plan.replicates,
    }


def inputs(plan: Plan) -> dict[str, str]:
    """Return the SHA-256 of every input by name: resolved scenarios, draws used, the model's code and its tables.

    A resolved scenario holds the hash of all files that its own levers read.
    """
    found = {f"scenario {s.name}": hashlib.sha256(resolved_yaml(s).encode()).hexdigest() for s in plan.scenarios}
    draws = [[name, number, _plain(its)] for (name, number), its in plan.given().items()]
    found["draws of parameters and constants"] = hashlib.sha256(json.dumps(draws).encode()).hexdigest()
    found["model"] = model_hash()
    found["region tables"] = tables_hash()
    return found


def _plain(its: Any) -> list[Any]:
    parameters = [
        [name, sorted(value.items()) if isinstance(value, Mapping) else value]
        for name, value in sorted(its.parameters.items())
    ]
    return [parameters, its.constants]


def fingerprint(identity: Mapping[str, Any], contents: Mapping[str, str]) -> str:
    """Return one SHA-256 over inputs, settings and result values; no time stamp, machine or file format is in it."""
    text = json.dumps([dict(identity), dict(contents)], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()


def seal(record: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a manifest without its seal: an edited one no longer fits it."""
    rest = {name: value for name, value in record.items() if name != "seal"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()


def as_text(record: Mapping[str, Any]) -> str:
    """Return a manifest as it is written, sealed."""
    return json.dumps({**record, "seal": seal(record)}, indent=1, ensure_ascii=False) + "\n"


def surroundings(jobs: int | None) -> dict[str, Any]:
    """Return versions, git commit, machine and time: what a run was made with but should not depend on.

    ``jobs`` are the processes here, None where a cluster does the work.
    """
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


def differences(there: Mapping[str, Any], here: Mapping[str, Any]) -> list[str]:
    """Return what differs between two identities (settings and inputs), one phrase each."""
    found = []
    for name in sorted({*there["settings"], *here["settings"]}):
        old, new = there["settings"].get(name), here["settings"].get(name)
        if old != new:
            found.append(
                bilingual(
                    f"{name} is {_brief(old)} there and {_brief(new)} now",
                    f"{name} 原为 {_brief(old)}，现为 {_brief(new)}",
                )
            )
    names = sorted({*there["inputs"], *here["inputs"]})
    changed = [name for name in names if there["inputs"].get(name) != here["inputs"].get(name)]
    if changed:
        found.append(bilingual(f"these inputs changed: {', '.join(changed)}", f"这些输入已改变：{'、'.join(changed)}"))
    return found


def _brief(value: object) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def command_line() -> str | None:
    """Return the command that is being run, without the folder of the program; None outside the command line.

    Bytes of arguments that are no text are shown as such.
    """
    path = Path(sys.argv[0])
    program = path.parent.name if path.name == "__main__.py" else path.name
    if not program.startswith("urbsim"):
        return None
    return " ".join([program, *sys.argv[1:]]).encode("utf-8", "backslashreplace").decode("utf-8")
