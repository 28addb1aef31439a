"""All of China in one run: wall time and peak memory of the command, first and from the kept base population.

python benchmarks/run.py --only china             # the shipped scenario: one in a hundred, 2020-11 to 2035-12
python benchmarks/run.py --only china --quick     # one in two thousand, to 2021-12
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

SCENARIO = Path(__file__).resolve().parents[1] / "scenarios" / "china" / "baseline.yaml"
QUICK = ("--scale", "0.0005", "--until", "2021-12")
RUNS = ("first", "from the kept population")


def measure_china(quick: bool) -> list[dict[str, Any]]:
    """Return a row for each of two runs: times, memory, and what the run folder takes on disk."""
    with TemporaryDirectory() as folder:
        return [_measure(name, Path(folder), quick) for name in RUNS]


def _measure(name: str, folder: Path, quick: bool) -> dict[str, Any]:
    output = folder / name.replace(" ", "-")
    command = [sys.executable, "-m", "urbsim", "run", str(SCENARIO), "--draws", "0", "--jobs", "1", "--overwrite"]
    command += ["--quiet", "--profile", "--json", "--output", str(output), *(QUICK if quick else ())]
    print(*command, file=sys.stderr)
    began, load = time.perf_counter(), os.getloadavg()[0]
    # The kept populations of this measurement only; compiled code is found in the user's own cache.
    process = subprocess.Popen(
        command, env=os.environ | {"URBSIM_CACHE_DIR": str(folder / "cache")}, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    said = json.loads(process.stdout.read())
    _, status, used = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"urbsim run failed with status {status}")
    wall = time.perf_counter() - began
    seconds = {part["part"]: part["seconds"] for part in said["profile"]["parts"]}
    size = sum(path.stat().st_size for path in output.rglob("*") if path.is_file())
    return {
        "run": name,
        "scale": said["scale"],
        "months": said["profile"]["months"],
        "wall_seconds": wall,
        "cpu_seconds": used.ru_utime + used.ru_stime,
        "population_cpu": seconds["base population"],
        "months_cpu": sum(seconds.values()) - seconds["base population"],
        "peak_megabytes": used.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6,
        "folder_megabytes": size / 1e6,
        "load_before": load,
    }
